package text

import (
	"fmt"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
)

// tail prints what is not a finding: questions, scenarios, waivers, assumptions, coverage, and the summary line last.
func (p *printer) tail() {
	if !p.Summary {
		p.scenarios()
		p.questions()
	}
	p.line("")
	p.waivers()
	p.assumptions()
	c := p.r.Coverage
	cov := fmt.Sprintf("%d of %d checks that apply (%d %%)", c.Evaluated, c.Applicable, percent(c.Evaluated, c.Applicable))
	if c.ByAssumption > 0 {
		cov += fmt.Sprintf(", %d by default assumption", c.ByAssumption)
	}
	if c.ClearedByAssumption > 0 {
		cov += fmt.Sprintf(", %d cleared by it", c.ClearedByAssumption)
	}
	p.label("Coverage", cov)
	p.line("")
	p.line("%s", p.bold(p.summary()))
	if fs := p.r.Visible(); len(fs) > 0 && !p.Summary {
		next := "Next: archcheck explain " + fs[0].ID
		if at := path(p.Path); width(next)+width(at) > p.Width {
			p.line("%s \\", next)
			p.line("       %s", at)
		} else {
			p.line("%s%s", next, at)
		}
	}
}

func path(p string) string {
	if p == "" || p == "." {
		return ""
	}
	return " " + p
}

func percent(n, of int) int {
	if of == 0 {
		return 0
	}
	return 100 * n / of
}

func (p *printer) questions() {
	qs := p.r.Questions
	if len(qs) == 0 {
		return
	}
	p.line("")
	p.line("%s", p.bold("Facts worth stating"))
	rest := 0
	if !p.All && len(qs) > topQuestions {
		rest = len(qs) - topQuestions
		qs = qs[:topQuestions]
	}
	what, widest := make([]string, len(qs)), 0
	for i, q := range qs {
		what[i] = fmt.Sprintf("decides %s: %s", analyzer.Plural(len(q.Checks), "check"), strings.Join(q.Rules[:min(2, len(q.Rules))], ", "))
		if len(q.Rules) > 2 {
			what[i] += ", ..."
		}
		widest = max(widest, width(what[i]))
	}
	column := p.Width - 2 - widest - 2
	for i, q := range qs {
		where := q.Path
		if n := len(q.Subjects); n > 1 {
			where += fmt.Sprintf(" (+%d)", n-1)
		}
		if width(where) > column {
			p.line("  %s", where)
			where = ""
		}
		p.line("  %-*s  %s", column, where, p.dim(what[i]))
	}
	if rest > 0 {
		p.line("  %s", p.dim(fmt.Sprintf("… %d more: --all shows them", rest)))
	}
}

// scenarios are headings: what a situation of the catalog asks for, and how the system stands to it.
func (p *printer) scenarios() {
	for i, s := range p.r.Scenarios {
		if i == 0 {
			p.line("")
			p.line("%s", p.bold("Scenarios"))
		}
		p.hanging("  "+s.ID+"  ", s.Name+": "+s.Because)
		var parts []string
		for _, d := range s.Patterns {
			parts = append(parts, d.Name+" "+d.Words())
			if p.All {
				p.hanging("          ", demand(d))
			}
		}
		if !p.All {
			p.hanging("          ", strings.Join(parts, ", "))
		}
	}
}

// demand is one pattern of a scenario with where it stands, or what asks for it.
func demand(d report.Demand) string {
	out := d.Name + " " + d.Words()
	if len(d.At) > 0 {
		out += ": " + d.At[0]
	}
	if len(d.At) > 1 {
		out += fmt.Sprintf(" (+%d)", len(d.At)-1)
	}
	if d.Status == "in_place" && d.Reason != "" {
		out += "; see " + d.Reason
	}
	return out
}

func (p *printer) waivers() {
	for _, f := range p.r.Findings {
		if w := f.Waiver; w != nil {
			p.label("Waived", fmt.Sprintf("%s until %s (%s), %s%s", f.ID, w.Expires, analyzer.Plural(w.Days, "day"), w.Owner, ticket(w.Ticket)))
		}
	}
	for _, w := range p.r.Waivers {
		if w.State == "unmatched" {
			p.unmatched(w)
		}
		p.exceeded(w)
	}
}

func (p *printer) assumptions() {
	as := p.r.Assumptions
	if len(as) == 0 {
		return
	}
	on := map[string]bool{}
	for _, a := range as {
		for _, id := range a.Findings {
			on[id] = true
		}
	}
	verb := "rest"
	if len(on) == 1 {
		verb = "rests"
	}
	line := fmt.Sprintf("%d of %d findings %s on %s", len(on), len(p.r.Visible()), verb, analyzer.Plural(len(as), "assumption"))
	if !p.Assumptions {
		p.label("Assumed", line+": --assumptions lists "+map[bool]string{true: "it", false: "them"}[len(as) == 1])
		return
	}
	p.label("Assumed", line)
	for _, a := range as {
		p.line("  %-24s %s, range %s to %s", a.Text, amount(a.Value, a.Unit), amount(a.Lo, a.Unit), amount(a.Hi, a.Unit))
		p.line("  %s", p.dim("  override: assume = { "+a.Key+" = … } in system"))
		for _, id := range a.Findings {
			p.line("    %s", id)
		}
	}
}

func amount(v float64, unit string) string {
	switch unit {
	case "ratio":
		return fmt.Sprintf("%.4g %%", v*100)
	case "ms":
		return fmt.Sprintf("%.4g ms", v)
	case "factor":
		return fmt.Sprintf("%.4g times", v)
	}
	return fmt.Sprintf("%.4g", v)
}

// label prints one of the lines at the foot, the label in a column of its own.
func (p *printer) label(name, s string) { p.hanging(fmt.Sprintf("%-9s ", name), s) }

// summary is the one line that says it all.
func (p *printer) summary() string {
	s := p.r.Summary
	if s.Findings() == 0 {
		return "Plan: nothing to change." + counts(s)
	}
	var does []string
	for _, a := range []struct {
		n    int
		verb string
	}{{s.Add, "to add"}, {s.Change, "to change"}, {s.Remove, "to remove"}} {
		if a.n > 0 {
			does = append(does, fmt.Sprintf("%d %s", a.n, a.verb))
		}
	}
	return fmt.Sprintf("Plan: %s. %s.%s", strings.Join(does, ", "), s.Words(), counts(s))
}

func counts(s report.Summary) string {
	out := ""
	if s.Waived > 0 {
		out += fmt.Sprintf(" %d waived.", s.Waived)
	}
	if s.Known > 0 {
		out += fmt.Sprintf(" %d known.", s.Known)
	}
	return out
}
