package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/diagram"
	svg "github.com/archcheck/archcheck/analyzer/diagram/render"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/cmd/internal/review"
)

// graphFormats are the formats of a picture; the first is the default.
var graphFormats = []format{{name: "dot"}, {name: "svg"}, {name: "mermaid"}, {name: "html"}}

func (a *app) graphCommand() *cobra.Command {
	var out outputs
	var view, dot string
	var opt diagram.Options
	c := &cobra.Command{
		Use:     "graph [PATH…]",
		Short:   "Draw the system as DOT, SVG, Mermaid or HTML",
		GroupID: "draw",
		Long:    graphLong(),
		Example: `  archcheck graph -o svg=shop.svg system.hcl
  archcheck graph --view findings -o html=findings.html system.hcl
  archcheck graph --view journey=web.api/checkout -o mermaid system.hcl
  archcheck graph --focus service.orders --depth 2 -o svg system.hcl > orders.svg
  archcheck graph system.hcl | dot -Tpng -o shop.png`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			dests, err := out.destinations(graphFormats)
			if err != nil {
				return err
			}
			want, err := graphOptions(view, &opt)
			if err != nil {
				return err
			}
			in, err := a.graphInput(cmd.Context(), args, opt.View, want)
			if err != nil {
				return err
			}
			pic, err := diagram.Draw(in, opt)
			if err != nil {
				return graphError(err)
			}
			return a.emit(dests, nil, func(d destination) ([]byte, error) {
				switch d.format.name {
				case "svg":
					return a.svgOf(cmd.Context(), pic, nil, dot)
				case "html":
					drawn, err := a.svgOf(cmd.Context(), pic, diagram.Anchor, dot)
					if err != nil {
						return nil, err
					}
					return pic.Page(drawn, in.Report)
				case "mermaid":
					out, err := pic.Mermaid()
					return out, graphError(err)
				}
				return pic.DOT(), nil
			})
		},
	}
	f := c.Flags()
	f.StringVar(&view, "view", diagram.DefaultView, "show `VIEW`, or VIEW=NAME where it takes one")
	f.StringArrayVarP(&out.specs, "output", "o", nil, "write as `FORMAT[=FILE]`, repeatable: "+formatNames(graphFormats))
	f.StringVar(&opt.Focus, "focus", "", "the neighbourhood of this `ADDRESS`, or of team.NAME, only")
	f.IntVar(&opt.Depth, "depth", 1, "`STEPS` from the focus")
	f.StringVar(&opt.Collapse, "collapse", "", "group `BY` team, kind or none (default: what is too large)")
	f.StringVar(&opt.Highlight, "highlight", "", "mark `WHAT`: the findings of a rule, spof, or an address")
	f.StringVar(&opt.Direction, "direction", "", "`DIRECTION`: LR (left to right) or TB (top to bottom; default: what fits)")
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

// graphOptions reads --view and says what the view is drawn from.
func graphOptions(view string, opt *diagram.Options) (diagram.Want, error) {
	name, arg, named := strings.Cut(view, "=")
	opt.View, opt.Name, opt.Direction = name, arg, strings.ToUpper(opt.Direction)
	var names []string
	for _, v := range diagram.Views() {
		names = append(names, v.Name)
		if v.Name != name {
			continue
		}
		if named && v.Arg == "" {
			return 0, withHint(fmt.Errorf("--view %s: the view %s takes no name", view, name), "Write --view %s.", name)
		}
		if opt.Highlight != "" {
			return diagram.WantReport, nil
		}
		return v.Want, nil
	}
	err := fmt.Errorf("--view %s: there is no such view", view)
	if near := nearest(name, names); near != "" {
		return 0, withHint(err, "Did you mean --view %s? The views are %s.", near, strings.Join(names, ", "))
	}
	return 0, withHint(err, "The views are %s.", strings.Join(names, ", "))
}

// graphInput loads the model and makes of it what a view wants.
func (a *app) graphInput(ctx context.Context, args []string, view string, want diagram.Want) (in diagram.Input, err error) {
	cfg, err := a.configure(args)
	if err != nil {
		return in, err
	}
	if in.Model, err = a.load(args, "Nothing was drawn."); err != nil || want == diagram.WantModel {
		return in, err
	}
	if want == diagram.WantFacts {
		in.Facts = facts.Compute(in.Model, cfg.Params)
		return in, nil
	}
	ev, err := a.evaluateModel(ctx, in.Model, cfg, selection{}, analyzer.Info, nil)
	if err != nil {
		return in, err
	}
	in.Facts, in.Report = ev.facts, ev.report(0)
	if view == "plan" {
		in.After = review.Predict(in.Model, in.Report, a.params(cfg))
	}
	return in, nil
}

// graphError gives a refusal its next step; nil stays nil.
func graphError(err error) error {
	var refused *diagram.Error
	if errors.As(err, &refused) {
		return withHint(err, "%s", refused.Hint)
	}
	return err
}

// svgOf lays a picture out and makes it stand alone.
func (a *app) svgOf(ctx context.Context, pic *diagram.Picture, anchor func(string) string, dot string) ([]byte, error) {
	r, err := a.layout(ctx, dot)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	raw, err := r.SVG(ctx, pic.DOT(), "dot")
	if err != nil {
		return nil, err
	}
	return svg.Dress(raw, pic.Caption(anchor))
}

// layout is the built-in Graphviz, or the program at dot.
func (a *app) layout(ctx context.Context, dot string) (*svg.Renderer, error) {
	return svg.New(ctx, svg.Options{Dot: dot, Notice: func(s string) {
		if !a.global.quiet {
			fmt.Fprintln(a.Err, s)
		}
	}})
}
