package text

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/drift"
	"github.com/archcheck/archcheck/analyzer/report"
)

// topDrift is how many items are shown without --all, and topOpen how many of those that contradict nothing.
const (
	topDrift = 15
	topOpen  = 5
)

// Drift prints a comparison of a description with sources.
func Drift(w io.Writer, d *report.Drift, o Options) error {
	if o.Width == 0 {
		o.Width = 80
	}
	p := &printer{Writer: bufio.NewWriter(w), Options: o}
	var kinds []string
	for _, s := range d.Sources {
		paths := s.Paths
		if n := len(paths); n > 4 {
			paths = append(slices.Clone(paths[:3]), fmt.Sprintf("and %d more", n-3))
		}
		kinds = append(kinds, s.Kind+" "+strings.Join(paths, " "))
	}
	p.paragraph(fmt.Sprintf("%s, compared with %s", strings.TrimPrefix(d.System, "system."), strings.Join(kinds, ", ")), 0)
	var apart, open []report.DriftItem
	for _, i := range d.Items {
		if i.Severity == "info" {
			open = append(open, i)
		} else {
			apart = append(apart, i)
		}
	}
	for _, id := range d.Accepted {
		p.label("Accepted", id)
	}
	if !o.Summary {
		p.driftItems(apart)
		p.openItems(open)
		p.noMatch(d)
	}
	p.driftTail(d)
	return p.Flush()
}

func (p *printer) driftItems(items []report.DriftItem) {
	rest := 0
	if n := topDrift; len(items) > n && !p.All {
		items, rest = items[:n], len(items)-n
	}
	for k, i := range byAddress(items) {
		p.line("")
		if k == 0 || items[k-1].Address != i.Address {
			p.line("%s", p.sides(p.bold(i.Address), place(i.Range), ""))
			p.line("")
		}
		left := p.severity(i.Severity) + strings.Repeat(" ", max(1, 10-len(i.Severity))) + p.bold(i.Title)
		p.line("%s", p.sides(left, i.Kind, "  "))
		p.paragraph(i.Detail, 4)
		if len(i.Subjects) > 1 {
			p.paragraph("Here: "+list(i.Subjects, 6), 4)
		}
		p.line("")
		p.side("description", i.Description)
		p.side("source", i.Source)
		var fixes []report.Fix
		for _, f := range i.Fixes {
			fixes = append(fixes, report.Fix{Lines: f.Lines})
		}
		p.fixes(report.Finding{Fixes: fixes, Range: i.Range})
	}
	if rest > 0 {
		p.line("")
		p.line("%s", p.dim(fmt.Sprintf("… %d more of lower rank: --all shows them", rest)))
	}
}

// byAddress puts items of one address together, in the order of each address's best, in place.
func byAddress(items []report.DriftItem) []report.DriftItem {
	first := map[string]int{}
	for k, i := range items {
		if _, ok := first[i.Address]; !ok {
			first[i.Address] = k
		}
	}
	slices.SortStableFunc(items, func(a, b report.DriftItem) int { return first[a.Address] - first[b.Address] })
	return items
}

// side prints what one side says, where, and how.
func (p *printer) side(name string, s report.DriftSide) {
	parts := []string{}
	if at := place(s.Range); at != "" {
		parts = append(parts, at)
	}
	if s.How != "" {
		parts = append(parts, s.How)
	}
	lead := fmt.Sprintf("      %-12s ", name)
	line := strings.TrimRight(fmt.Sprintf("%s%-20s  %s", lead, s.Text, strings.Join(parts, " ")), " ")
	if width(line) <= p.Width {
		p.line("%s", line)
		return
	}
	p.hanging(lead, s.Text+", "+strings.Join(parts, " "))
}

// openItems lists what the description leaves open or what is shown only weakly: nothing there contradicts it.
func (p *printer) openItems(items []report.DriftItem) {
	if len(items) == 0 {
		return
	}
	p.line("")
	p.line("%s", p.bold("Worth knowing"))
	rest := 0
	if n := topOpen; len(items) > n && !p.All {
		items, rest = items[:n], len(items)-n
	}
	for _, i := range items {
		p.hanging("  - ", fmt.Sprintf("%s (%s)", strings.TrimSuffix(i.Detail, "."), i.ID))
	}
	if rest > 0 {
		p.line("  %s", p.dim(fmt.Sprintf("… %d more: --all shows them", rest)))
	}
}

// noMatch names the components of one side that may be one of the other.
func (p *printer) noMatch(d *report.Drift) {
	var lines []string
	told := map[string]bool{}
	for _, i := range d.Items {
		told[i.Counterpart] = told[i.Counterpart] || i.Kind == drift.OtherName
	}
	for _, n := range d.NoMatch {
		if told[n.Address] {
			continue
		}
		if n.Reason != "" {
			lines = append(lines, fmt.Sprintf("%s: %s", n.Address, n.Reason))
		} else if len(n.Nearest) > 0 && n.Side == "sources" {
			lines = append(lines, fmt.Sprintf("%s (%s) is nearest to %s", n.Address, place(n.Range), strings.Join(n.Nearest, ", ")))
		}
	}
	if len(lines) == 0 {
		return
	}
	p.line("")
	p.line("%s", p.bold("Names that decide nothing"))
	for _, l := range lines {
		p.hanging("  - ", l)
	}
	p.paragraph(`The same component? State aliases = ["name in the sources"] in its block.`, 2)
}

func (p *printer) driftTail(d *report.Drift) {
	c := d.Compared
	p.line("")
	rest := ""
	if c.ComponentsShown < c.Components || c.CallsShown < c.Calls {
		rest = "; the sources do not show the others"
	}
	p.label("Compared", fmt.Sprintf("%d of %s, %d of %s between them%s", c.ComponentsShown, analyzer.Plural(c.Components, "component"), c.CallsShown, analyzer.Plural(c.Calls, "call"), rest))
	if d.Summary.Ignored > 0 {
		p.label("Ignored", analyzer.Plural(d.Summary.Ignored, "item")+" by --only, --ignore or --min-severity")
	}
	p.line("")
	s := d.Summary
	if s.Total() == 0 {
		p.line("%s", p.bold("No drift. What the sources show is what the description says."))
	} else {
		p.line("%s", p.bold("Drift: "+strings.Replace(s.Words(), "info", "worth knowing", 1)+"."))
	}
	if g := d.Gate; g != nil {
		verdict := "Passed: nothing at or above " + g.FailOn + "."
		if !g.Passed {
			verdict = fmt.Sprintf("Failed: %s at or above %s. Exit %d.", analyzer.Plural(len(g.Blocking), "item"), g.FailOn, g.Exit)
		}
		p.line("%s", p.bold(verdict))
	}
}
