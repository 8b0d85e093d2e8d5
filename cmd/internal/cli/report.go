package cli

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/report/html"
)

func (a *app) reportCommand() *cobra.Command {
	var sel selection
	var file, dot string
	c := &cobra.Command{
		Use:     "report [PATH…] --html FILE",
		Short:   "Write one self-contained page for a design review",
		GroupID: "draw",
		Long: `report writes the plan as a page that loads nothing and runs nothing: verdict, picture with links to its findings,
the lines to write, facts worth stating, waivers, patterns, provenance. It prints well.`,
		Example: "  archcheck report --html report.html system.hcl\n  archcheck report --html - . > report.html",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if file == "" {
				return withHint(errors.New("--html is missing"), "Name the file: archcheck report --html report.html.")
			}
			ev, err := a.evaluate(cmd.Context(), args, sel, nil)
			if err != nil {
				return err
			}
			r := ev.report()
			pic, err := diagram.Draw(diagram.Input{Model: ev.model, Facts: ev.facts, Report: r}, diagram.Options{View: "findings"})
			if err != nil {
				return graphError(err)
			}
			drawn, err := a.svgOf(cmd.Context(), pic, diagram.Anchor, dot)
			if err != nil {
				return err
			}
			anchors := map[string][]string{}
			for _, element := range sortedKeys(pic.Findings) {
				if ids := pic.Findings[element]; len(ids) > 0 {
					anchors[ids[0]] = append(anchors[ids[0]], diagram.Anchor(element))
				}
			}
			var b bytes.Buffer
			if err := html.Render(&b, r, html.Picture{SVG: drawn, Anchors: anchors}); err != nil {
				return err
			}
			if file == "-" {
				return a.print(b.Bytes())
			}
			if err := a.writeFile(file, b.Bytes()); err != nil {
				return err
			}
			return a.print(fmt.Appendf(nil, "%s: %d findings, %d KB.\n", file, r.Summary.Findings(), (b.Len()+1023)/1024))
		},
	}
	sel.register(c.Flags())
	c.Flags().StringVar(&file, "html", "", "the page's `FILE`, or - for standard output")
	c.Flags().StringVar(&dot, "dot", "", "lay out with the Graphviz program at `PATH`, not the built-in one")
	return c
}
