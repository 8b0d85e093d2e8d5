package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/source"
)

// gate prints the decision of `check`: what blocks and how to pass, what was accepted, and one line last.
func (p *printer) gate() {
	g := p.r.Gate
	shown := blocking(p.r)
	for _, l := range source.Wrap(p.verdict(len(g.Blocking)), p.Width) {
		p.line("%s", p.bold(l))
	}
	if n := len(shown); n != len(g.Blocking) {
		p.line("Shown as %d, since one change mends several.", n)
	}
	rest := 0
	if !p.All && len(shown) > TopFindings {
		rest = len(shown) - TopFindings
		shown = shown[:TopFindings]
	}
	if !p.Summary {
		p.bySubject(shown)
		if rest > 0 {
			p.line("")
			p.line("%s", p.dim(fmt.Sprintf("… %d more: --all shows them", rest)))
		}
		p.howToPass(shown)
	}
	p.line("")
	if p.accepted() {
		p.line("")
	}
	p.line("%s", p.bold(p.gateLine()))
}

// blocking are the findings that fail the gate, one cause as one: a group of which every member blocks stands for them.
func blocking(r *report.Report) []report.Finding {
	blocks := map[string]bool{}
	for _, id := range r.Gate.Blocking {
		blocks[id] = true
	}
	var out []report.Finding
	for _, f := range r.Findings {
		if len(f.Members) == 0 {
			if blocks[f.ID] {
				out = append(out, f)
			}
			continue
		}
		var members []report.Finding
		for _, m := range f.Members {
			if blocks[m.ID] {
				members = append(members, m)
			}
		}
		if len(members) == len(f.Members) {
			members = []report.Finding{f}
		}
		out = append(out, members...)
	}
	return out
}

func (p *printer) verdict(n int) string {
	g := p.r.Gate
	since := ""
	if g.Base != "" {
		since = " since " + g.Base
	}
	switch {
	case n == 1:
		return fmt.Sprintf("Failed: 1 finding at or above %s that is neither waived nor known%s.", g.FailOn, since)
	case n > 1:
		return fmt.Sprintf("Failed: %d findings at or above %s that are neither waived nor known%s.", n, g.FailOn, since)
	case len(g.Hygiene) > 0:
		return fmt.Sprintf("Failed: %s of waivers and baseline to tidy up.", analyzer.Plural(len(g.Hygiene), "entry"))
	}
	return fmt.Sprintf("Passed: no finding at or above %s that is neither waived nor known%s.", g.FailOn, since)
}

// howToPass names the ways out: the change, or a waiver with the command to write it.
func (p *printer) howToPass(shown []report.Finding) {
	if len(shown) == 0 {
		return
	}
	f := shown[0]
	p.line("")
	if f.Unwaivable {
		p.paragraph("To pass, make the change: "+f.Rule+" cannot be waived.", 4)
		return
	}
	owner, ref := "TEAM", ""
	verb := "accept it with a waiver"
	if f.Expired != nil {
		owner, verb = f.Expired.Owner, "renew the waiver"
		if f.Expired.Ticket != "" {
			ref = " --ticket " + f.Expired.Ticket
		}
	}
	p.paragraph(fmt.Sprintf("To pass, make the change, or %s:", verb), 4)
	lead := "      archcheck waive "
	for _, id := range ids(f) {
		p.line("%s%s \\", lead, id)
		lead = "        "
	}
	in := ""
	if at := path(p.Path); at != "" {
		in = " --in" + at
	}
	p.line("        --owner %s%s --expires DATE --reason \"...\"%s", owner, ref, in)
	if p.r.Baseline == nil && len(p.r.Gate.Blocking) > TopFindings {
		p.paragraph("On a system that is older than its gate, accept what is there today and let only what is new fail:", 4)
		p.line("      archcheck baseline create%s", path(p.Path))
	}
}

// ids are what a waiver of a finding names: a group has no id that a waiver could know, its members have.
func ids(f report.Finding) []string {
	if len(f.Members) == 0 {
		return []string{f.ID}
	}
	var out []string
	for _, m := range f.Members {
		out = append(out, m.ID)
	}
	return out
}

// accepted lists what does not count: waived and known findings, waivers that match nothing, entries that are fixed. It
// says whether there was any.
func (p *printer) accepted() bool {
	before := p.lines
	for _, f := range p.r.Flat() {
		if w := f.Waiver; w != nil {
			p.label("Waived", fmt.Sprintf("%s  %s  until %s (%s), %s%s", f.ID, f.Severity, w.Expires, analyzer.Plural(w.Days, "day"), w.Owner, ticket(w.Ticket)))
		}
	}
	for _, w := range p.r.Waivers {
		switch w.State {
		case "expiring":
			p.label("Warning", fmt.Sprintf("waiver %s@%s ends on %s, in %s (%s)", w.Rule, w.Subject, w.Expires, analyzer.Plural(w.Days, "day"), place(w.Range)))
		case "unmatched":
			p.unmatched(w)
		case "refused":
			p.label("Warning", fmt.Sprintf("waiver %s@%s has no effect: %s cannot be waived (%s)", w.Rule, w.Subject, w.Rule, place(w.Range)))
		}
		p.exceeded(w)
	}
	if b := p.r.Baseline; b != nil {
		p.label("Known", fmt.Sprintf("%d in %s, %d new, %d fixed since", b.Known, b.File, b.New, len(b.Stale)))
	}
	for _, h := range p.r.Gate.Hygiene {
		if !strings.HasPrefix(h, "waiver ") { // those have their warning
			p.label("Stale", h)
		}
	}
	return p.lines > before
}

// exceeded says that a waiver speaks of more findings than it accepts.
func (p *printer) exceeded(w report.Waiver) {
	if w.Max > 0 && len(w.Matches) > w.Max && w.State != "expired" {
		p.label("Warning", fmt.Sprintf("waiver %s@%s matches %d findings and accepts %d: from %s on they count (%s)", w.Rule, w.Subject,
			len(w.Matches), w.Max, w.Matches[w.Max], place(w.Range)))
	}
}

// unmatched says that a waiver accepts nothing any more, and what it may have meant.
func (p *printer) unmatched(w report.Waiver) {
	s := fmt.Sprintf("waiver %s@%s matches nothing", w.Rule, w.Subject)
	if w.Nearest != "" {
		s += fmt.Sprintf("; did you mean %s?", w.Nearest)
	} else {
		s += " any more: the rule does not fire there"
	}
	p.label("Warning", s+fmt.Sprintf(" (%s)", place(w.Range)))
}

func (p *printer) gateLine() string {
	g := p.r.Gate
	s := p.r.Summary
	parts := []string{fmt.Sprintf("%d block", len(g.Blocking))}
	if len(g.Blocking) == 1 {
		parts[0] = "1 blocks"
	}
	parts = append(parts, fmt.Sprintf("%d waived", s.Waived), fmt.Sprintf("%d known", s.Known), fmt.Sprintf("%d below %s", g.Below, g.FailOn))
	if g.Base != "" {
		parts = append(parts, fmt.Sprintf("%d in %s too", g.Old, g.Base))
	}
	return fmt.Sprintf("Gate: %s. Exit %d.", strings.Join(parts, ", "), g.Exit)
}

// bySubject prints findings grouped by subject, in the order of each subject's best.
func (p *printer) bySubject(fs []report.Finding) {
	var order []string
	groups := map[string][]report.Finding{}
	for _, f := range fs {
		if !slices.Contains(order, f.Subject) {
			order = append(order, f.Subject)
		}
		groups[f.Subject] = append(groups[f.Subject], f)
	}
	for _, subject := range order {
		p.line("")
		p.line("%s", p.sides(p.bold(subject), place(header(groups[subject])), ""))
		for _, f := range groups[subject] {
			p.finding(f)
		}
	}
}
