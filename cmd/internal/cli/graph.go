package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer/diagram"
	svg "github.com/archcheck/archcheck/analyzer/diagram/render"
)

// graphFormats are the formats of a picture; the first is the default.
var graphFormats = []format{{name: "dot"}, {name: "svg"}}

func (a *app) graphCommand() *cobra.Command {
	var out outputs
	var view, direction, dot string
	c := &cobra.Command{
		Use:     "graph [PATH…]",
		Short:   "Draw the system as DOT or SVG",
		GroupID: "draw",
		Long:    graphLong(),
		Example: `  archcheck graph -o svg=shop.svg system.hcl
  archcheck graph system.hcl | dot -Tpng -o shop.png`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			dests, err := out.destinations(graphFormats)
			if err != nil {
				return err
			}
			opt, err := graphOptions(view, direction)
			if err != nil {
				return err
			}
			m, err := a.load(args, "Nothing was drawn.")
			if err != nil {
				return err
			}
			pic, err := diagram.Draw(diagram.Input{Model: m}, opt)
			if err != nil {
				return graphError(err)
			}
			return a.emit(dests, func(d destination) ([]byte, error) {
				if d.format.name == "svg" {
					return a.svgOf(cmd.Context(), pic, dot)
				}
				return pic.DOT(), nil
			})
		},
	}
	f := c.Flags()
	f.StringVar(&view, "view", diagram.DefaultView, "what to show: `VIEW`, or VIEW=NAME where it takes one")
	f.StringArrayVarP(&out.specs, "output", "o", nil, "write as `FORMAT[=FILE]`, repeatable: "+formatNames(graphFormats))
	f.StringVar(&direction, "direction", "", "LR (left to right) or TB (top to bottom)")
	f.StringVar(&dot, "dot", "", "svg: lay out with the Graphviz program at `PATH`, not the built-in one")
	return c
}

func graphLong() string {
	var b strings.Builder
	b.WriteString("graph draws one view of a system:\n\n")
	for _, v := range diagram.Views() {
		name := v.Name
		if v.Arg != "" {
			name += "=" + v.Arg
		}
		fmt.Fprintf(&b, "  %-14s %s\n", name, v.Doc)
	}
	b.WriteString("\nNothing needs to be installed: Graphviz is built in. Equal input gives equal bytes.")
	return b.String()
}

// graphOptions reads --view and --direction.
func graphOptions(view, direction string) (diagram.Options, error) {
	name, arg, named := strings.Cut(view, "=")
	opt := diagram.Options{View: name, Name: arg, Direction: strings.ToUpper(direction)}
	var names []string
	for _, v := range diagram.Views() {
		names = append(names, v.Name)
		if v.Name != name {
			continue
		}
		if named && v.Arg == "" {
			return opt, withHint(fmt.Errorf("--view %s: the view %s takes no name", view, name), "Write --view %s.", name)
		}
		return opt, nil
	}
	err := fmt.Errorf("--view %s: there is no such view", view)
	if near := nearest(name, names); near != "" {
		return opt, withHint(err, "Did you mean --view %s? The views are %s.", near, strings.Join(names, ", "))
	}
	return opt, withHint(err, "The views are %s.", strings.Join(names, ", "))
}

// graphError gives a refusal its next step.
func graphError(err error) error {
	var refused *diagram.Error
	if errors.As(err, &refused) {
		return withHint(err, "%s", refused.Hint)
	}
	return err
}

// svg lays a picture out and makes it stand alone.
func (a *app) svgOf(ctx context.Context, pic *diagram.Picture, dot string) ([]byte, error) {
	r, err := svg.New(ctx, svg.Options{Dot: dot, Notice: func(s string) {
		if !a.global.quiet {
			fmt.Fprintln(a.Err, s)
		}
	}})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	raw, err := r.SVG(ctx, pic.DOT(), "dot")
	if err != nil {
		return nil, err
	}
	return svg.Dress(raw, pic.Caption())
}
