package diagram

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/model"
)

// mark is one finding at one element.
type mark struct {
	f    *report.Finding
	tone Tone
}

// marks places the findings that count on the elements of the picture; filter nil keeps all. In the order of the report,
// worst first.
func (d *drawing) marks(filter func(*report.Finding) bool) map[string][]mark {
	out := map[string][]mark{}
	if d.in.Report == nil {
		return out
	}
	for i := range d.in.Report.Findings {
		f := &d.in.Report.Findings[i]
		if f.Known || filter != nil && !filter(f) {
			continue
		}
		m := mark{f, toneOfWord(f.Severity)}
		var at []string
		for _, a := range append([]string{f.Subject}, f.Subjects...) {
			if len(f.Subjects) > 0 && a == f.Subject && !slices.Contains(f.Subjects, a) {
				continue // the members stand for the group
			}
			if id := d.elementOf(model.Addr(a)); id != "" && !slices.Contains(at, id) {
				at = append(at, id)
			}
		}
		for _, id := range at {
			out[id] = append(out[id], m)
			d.pic.Findings[id] = append(d.pic.Findings[id], f.ID)
		}
	}
	return out
}

func toneOfWord(severity string) Tone {
	s, err := analyzer.ParseSeverity(severity)
	if err != nil {
		return Plain
	}
	return toneOf(s)
}

// elementOf is the element at which a subject is found: itself, what it lies in, or what it is about; the border of the
// system for what has no place.
func (d *drawing) elementOf(a model.Addr) string {
	if id, ok := d.pic.Drawn[a]; ok {
		return id
	}
	for _, about := range d.about(a) {
		if id, ok := d.pic.Drawn[about]; ok {
			return id
		}
	}
	for s := string(a); ; {
		i := strings.LastIndexByte(s, '.')
		if i < 0 {
			break
		}
		s = s[:i]
		if id, ok := d.pic.Drawn[model.Addr(s)]; ok {
			return id
		}
	}
	if d.far || d.partial {
		return "" // it may be about something that this picture does not show
	}
	if sys := ElementID(d.s.systemAddr()); d.group(string(d.s.systemAddr())) || d.pic.node(sys) != nil {
		return sys
	}
	if len(d.pic.Nodes) > 0 {
		return d.pic.Nodes[0].ID
	}
	return ""
}

// about are the parts and lines that a subject without a place of its own concerns, the best first.
func (d *drawing) about(a model.Addr) []model.Addr {
	switch x := d.s.m.Lookup(a).(type) {
	case *model.Step:
		return []model.Addr{x.In.V, x.Writes.V}
	case *model.Transaction:
		out := []model.Addr{x.Orchestrator.V}
		for _, st := range x.Steps {
			out = append(out, st.In.V)
		}
		return out
	case *model.Migration:
		return []model.Addr{x.Legacy.V, x.Facade.V}
	case *model.Route:
		return []model.Addr{x.To.V}
	case *model.Flag:
		return x.Used.V
	case *model.Registry, *model.Mesh, *model.Policy, *model.System, *model.Broker:
		return nil
	}
	if d.in.Facts == nil {
		return nil
	}
	if strings.HasPrefix(string(a), "journey.") {
		// The entry: the one call of its client that the journey's name starts with.
		for _, l := range d.s.lines {
			if c := d.s.at[l.from]; c != nil && c.outside() && strings.HasPrefix(string(a)+"/", "journey."+c.label+"."+l.label()+"/") {
				return []model.Addr{l.addr}
			}
		}
	}
	return d.in.Facts.Parts(a)
}

// decorate adds the worst finding of each element, by name, and counts the others; filter nil keeps all.
func (d *drawing) decorate(filter func(*report.Finding) bool) {
	d.apply(d.marks(filter), 1, 1)
}

// apply draws marks: on a node and on a line so many spelled by name. Where a picture shows heat the outlines stay.
func (d *drawing) apply(marks map[string][]mark, onNode, onLine int) {
	for _, n := range d.pic.Nodes {
		list := marks[n.ID]
		if n.Shape == ShapeGroup || n.Shape == ShapeSystem {
			n.Badges = append(countBadges(list), n.Badges...)
		} else {
			n.Badges = append(spell(list, onNode), n.Badges...)
		}
		if t := worst(list); t > n.Tone && !d.pic.heat {
			n.Tone = t
		}
		n.Title += counted(list)
	}
	for _, e := range d.pic.Edges {
		list := marks[e.ID]
		if e.Count > 1 {
			e.Badges = append(countBadges(list), e.Badges...)
		} else {
			e.Badges = append(spell(list, onLine), e.Badges...)
		}
		e.Tone = max(e.Tone, worst(list))
		e.Title += counted(list)
	}
	for _, g := range d.pic.Groups {
		g.Badges = countBadges(marks[g.ID])
	}
}

func worst(list []mark) (t Tone) {
	for _, m := range list {
		if m.f.Waiver == nil {
			t = max(t, m.tone)
		}
	}
	return t
}

// counted is ", 3 findings, worst critical RES-015".
func counted(list []mark) string {
	n, first := 0, ""
	for _, m := range list {
		if m.f.Waiver != nil {
			continue
		}
		if n++; n == 1 {
			first = m.f.Severity + " " + m.f.Rule
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %s, worst %s", analyzer.Plural(n, "finding"), first)
}

// spell names the first findings and counts the rest: "H SYS-008", "H SYS-015 +7".
func spell(list []mark, most int) []Badge {
	var out []Badge
	shown := min(most, len(list))
	for i, m := range list[:shown] {
		b := Badge{Look: LookFinding, Tone: m.tone, Text: letter(m.tone) + " " + m.f.Rule}
		switch {
		case m.f.Waiver != nil:
			b = Badge{Look: LookWaived, Text: "waived " + m.f.Rule}
		case m.f.Verdict == analyzer.Risk.String():
			b.Look, b.Text = LookRisk, letter(m.tone)+"? "+m.f.Rule
		}
		if i == shown-1 && len(list) > shown {
			b.Text += fmt.Sprintf(" +%d", len(list)-shown)
		}
		out = append(out, b)
	}
	return out
}

func letter(t Tone) string {
	switch t {
	case CriticalTone:
		return "C"
	case HighTone:
		return "H"
	case MediumTone:
		return "M"
	case LowTone:
		return "L"
	}
	return "I"
}

// countBadges are the numbers of findings per severity: "C 2", "H 9".
func countBadges(list []mark) []Badge {
	n := map[Tone]int{}
	for _, m := range list {
		if m.f.Waiver == nil {
			n[m.tone]++
		}
	}
	var out []Badge
	for _, t := range []Tone{CriticalTone, HighTone, MediumTone, LowTone} {
		if n[t] > 0 {
			out = append(out, Badge{Look: LookFinding, Tone: t, Text: fmt.Sprintf("%s %d", letter(t), n[t])})
		}
	}
	return out
}

// concerns reports whether one of a finding's subjects is such.
func concerns(f *report.Finding, such func(model.Addr) bool) bool {
	if len(f.Subjects) == 0 {
		return such(model.Addr(f.Subject))
	}
	return slices.ContainsFunc(f.Subjects, func(a string) bool { return such(model.Addr(a)) })
}

// isPart reports whether an address is a part of the picture's scene.
func (d *drawing) isPart(a model.Addr) bool { return d.s.at[a] != nil }

// toneAt is the tone of the worst finding on the time limits of a line, or what to use where there is none.
func (d *drawing) toneAt(a model.Addr, none Tone) Tone {
	if d.in.Report == nil {
		return none
	}
	out := Plain
	for i := range d.in.Report.Findings {
		f := &d.in.Report.Findings[i]
		if concerns(f, func(x model.Addr) bool { return x == a }) && f.Waiver == nil && !f.Known {
			out = max(out, toneOfWord(f.Severity))
		}
	}
	if out == Plain {
		return none
	}
	return out
}

// rateOf is what a call sends to its callee, in requests per second.
func (d *drawing) rateOf(a model.Addr) (float64, bool) {
	c := d.calls()[a]
	if c == nil || !c.Rate.HasValue() {
		return 0, false
	}
	return c.Rate.V, true
}

// calls are the facts of every call.
func (d *drawing) calls() map[model.Addr]*facts.CallFacts {
	if d.callFacts == nil && d.in.Facts != nil {
		d.callFacts = map[model.Addr]*facts.CallFacts{}
		for _, doc := range d.in.Facts.Documents("call") {
			if c, ok := doc.Subject.(*facts.CallFacts); ok {
				d.callFacts[doc.Addr] = c
			}
		}
	}
	return d.callFacts
}
