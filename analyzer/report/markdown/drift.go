package markdown

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// Drift writes a comparison with sources as one pull-request comment, cut before GitHub's limit like any other.
func Drift(w io.Writer, d *report.Drift) error {
	b := &writer{}
	system := strings.TrimPrefix(d.System, "system.")
	b.printf("<!-- archcheck:drift:%s -->\n", strings.ReplaceAll(system, "--", ""))
	b.printf("### archcheck drift: %s\n\n%s\n", escape(system), driftVerdict(d))
	if len(d.Items) > 0 {
		b.write("\n| Severity | Where | Difference | Description | Source |\n|---|---|---|---|---|\n")
	}
	for n, i := range d.Items {
		if n == rows {
			b.printf("| | | %d more below | | |\n", len(d.Items)-rows)
			break
		}
		b.printf("| %s | `%s` %s | %s | %s | %s |\n", i.Severity, code(i.Address), spot(i.Range), cell(i.Title), cell(i.Description.Text),
			strings.TrimSpace(cell(i.Source.Text)+" "+spot(i.Source.Range)))
	}
	left := 0
	for n, i := range d.Items {
		fold := driftDetails(i)
		if b.n+count(fold)+300 > limit {
			left = len(d.Items) - n
			break
		}
		b.write(fold)
	}
	if left > 0 {
		b.printf("\n_%d more items do not fit into a comment; `archcheck drift --all` prints them._\n", left)
	}
	c := d.Compared
	b.printf("\n%d of %d components and %d of %d calls are shown by the sources.\n", c.ComponentsShown, c.Components, c.CallsShown, c.Calls)
	_, err := io.WriteString(w, b.String())
	return err
}

func spot(r report.Range) string {
	switch {
	case r.File == "":
		return ""
	case r.Start.Line == 0:
		return cell(r.File)
	}
	return fmt.Sprintf("%s:%d", cell(r.File), r.Start.Line)
}

func driftVerdict(d *report.Drift) string {
	found := cmp.Or(d.Summary.Words(), "No drift")
	switch g := d.Gate; {
	case g == nil:
		return found + "."
	case g.Passed:
		return fmt.Sprintf("**Passed** at `%s`. %s.", g.FailOn, found)
	default:
		return fmt.Sprintf("**Failed** at `%s`: %d block. %s.", g.FailOn, len(g.Blocking), found)
	}
}

func driftDetails(i report.DriftItem) string {
	f := report.Finding{Rule: i.Kind, Subject: i.Address, Title: i.Title, Detail: i.Detail}
	for _, x := range i.Fixes {
		f.Fixes = append(f.Fixes, report.Fix{Lines: x.Lines})
	}
	return details(f)
}
