package cli

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/html"
	"github.com/archcheck/archcheck/cmd/internal/review"
)

func (a *app) reportCommand() *cobra.Command {
	var sel selection
	var file, dot string
	c := &cobra.Command{
		Use:     "report [PATH…] --html FILE",
		Short:   "Write one self-contained page for a design review",
		GroupID: "draw",
		Long: `report writes the plan as one page that loads nothing: verdict, a diagram to walk through with its views, the
findings with the lines to write, journeys against their objectives and what each fix buys, facts worth stating,
waivers, the catalog's cards, provenance. It works from the keyboard and without a script, and prints well.`,
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
			r := ev.report(0)
			var b bytes.Buffer
			if err := a.reviewPage(cmd.Context(), ev, dot)(&b, r); err != nil {
				return err
			}
			if file == "-" {
				return a.print(b.Bytes())
			}
			if err := a.writeFile(file, b.Bytes()); err != nil {
				return err
			}
			return a.say("%s: %s, %s.", file, analyzer.Plural(r.Summary.Findings(), "finding"), analyzer.FormatQuantity(float64(b.Len()), "bytes"))
		},
	}
	sel.register(c.Flags())
	c.Flags().StringVar(&file, "html", "", "the page's `FILE`, or - for standard output")
	c.Flags().StringVar(&dot, "dot", "", "lay out with the Graphviz program at `PATH`, not the built-in one")
	return c
}

// reviewPage writes an evaluation as one page; dot names the Graphviz program to lay out with, empty for the built-in one.
func (a *app) reviewPage(ctx context.Context, ev *evaluation, dot string) render {
	return func(w io.Writer, r *report.Report) error {
		layout, err := a.layout(ctx, dot)
		if err != nil {
			return err
		}
		defer layout.Close()
		page, err := review.Page(ctx, diagram.Input{
			Model: ev.model, Facts: ev.facts, Report: r, After: review.Predict(ev.model, r, a.params(ev.config)),
		}, layout)
		if err != nil {
			return err
		}
		return html.Render(w, page)
	}
}
