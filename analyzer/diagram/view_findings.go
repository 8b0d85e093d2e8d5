package diagram

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/suggest"
)

// overlay lays the containers out as [drawing.containers] does, without the words of kinds and patterns: every overlay
// of a model has its parts at the same places.
func (d *drawing) overlay() error {
	d.selectAll()
	d.nearOnly()
	return d.quiet()
}

// quiet builds what is selected with names and one fact each.
func (d *drawing) quiet() error {
	return d.build(d.s.systemName(), func(n *Node, p *part) {
		if f := d.s.facts(p); len(f) > 0 {
			n.Facts = []Text{{Text: f[0]}}
		}
	}, func(e *Edge, l *line) {
		name, facts := d.s.lineWords(l)
		e.Name = Text{Text: name}
		for _, f := range facts {
			e.Facts = append(e.Facts, Text{Text: f})
		}
	})
}

// needReport refuses a view of findings without any evaluation.
func (d *drawing) needReport() error {
	if d.in.Report == nil || d.in.Facts == nil {
		return refuse("Evaluate the model first.", "the view %s needs a report", d.opt.View)
	}
	return nil
}

// findings shows what is wrong, where, how bad, and what is missing.
func (d *drawing) findings() error {
	if err := d.needReport(); err != nil {
		return err
	}
	if err := d.overlay(); err != nil {
		return err
	}
	marks := d.marks(nil)
	for _, n := range d.pic.Nodes {
		if list := marks[n.ID]; len(list) > 0 && n.Shape != ShapeGroup && list[0].f.Waiver == nil {
			n.Facts = nil
			for _, c := range comparison(list[0].f) {
				n.Facts = append(n.Facts, Text{Text: c})
			}
			n.Badges = toAdd(list, 2)
		}
	}
	for _, e := range d.pic.Edges {
		if list := marks[e.ID]; len(list) > 0 && e.Count <= 1 && list[0].f.Waiver == nil {
			e.Facts = nil
			for _, c := range comparison(list[0].f) {
				e.Facts = append(e.Facts, Text{Text: c, Tone: list[0].tone, Bold: true})
			}
			e.Badges = toAdd(list, 1)
		}
	}
	d.apply(marks, 2, 1)
	d.pic.Title = d.s.systemName() + ": findings"
	d.pic.Subtitle = append([]string{d.verdict()}, d.leftOut()...)
	d.pic.Desc = d.verdict() + " " + d.worstWords()
	return nil
}

// toAdd are the patterns that findings miss, each once.
func toAdd(list []mark, most int) []Badge {
	var out []Badge
	for _, m := range list {
		if m.f.Kind != "missing" || m.f.Pattern == "" || m.f.Waiver != nil {
			continue
		}
		b := Badge{Look: LookAdd, Text: cut("+ "+patternWord(m.f.Pattern), maxBadge)}
		if len(out) < most && !slices.Contains(out, b) {
			out = append(out, b)
		}
	}
	return out
}

// verdict is the answer of the picture in one sentence.
func (d *drawing) verdict() string {
	r := d.in.Report
	covered := fmt.Sprintf("%d of %d applicable checks evaluated", r.Coverage.Evaluated, r.Coverage.Applicable)
	found := r.Summary.Words()
	if found == "" && r.Coverage.Open() {
		return "No recommendations so far: " + covered + "."
	}
	if found == "" {
		return "No recommendations: " + covered + "."
	}
	s := found + ". The worst of each element is drawn; +3 means three more in the list."
	if slices.ContainsFunc(r.Visible(), func(f report.Finding) bool { return len(f.Subjects) > 1 }) {
		s += " A finding of several parts is drawn at each."
	}
	if r.Summary.Known > 0 {
		s += fmt.Sprintf(" %d known from the baseline not drawn.", r.Summary.Known)
	}
	return s
}

// worstWords name the first three findings.
func (d *drawing) worstWords() string {
	var out []string
	for _, f := range d.in.Report.Visible() {
		if len(out) == 3 {
			break
		}
		out = append(out, fmt.Sprintf("%s %s at %s", f.Severity, f.Rule, f.Subject))
	}
	if len(out) == 0 {
		return ""
	}
	return upper(strings.Join(out, "; ")) + "."
}

// patterns shows where one pattern is, where it is owed, and where nobody knows.
func (d *drawing) patterns() error {
	if err := d.needReport(); err != nil {
		return err
	}
	p, err := d.findPattern()
	if err != nil {
		return err
	}
	if err := d.overlay(); err != nil {
		return err
	}
	word := patternWord(p.ID)
	d.pic.keepPatterns = true
	for _, set := range []struct {
		at   []string
		look Look
		text string
	}{{p.Missing, LookAdd, "+ " + word}, {p.Present, LookPattern, word}, {p.Questions, LookQuestion, "? " + word}} {
		count := map[string]int{}
		for _, a := range set.at {
			count[d.elementOf(model.Addr(a))]++
		}
		add := func(id string, list []Badge) []Badge {
			n := count[id]
			if n == 0 {
				return list
			}
			text := cut(set.text, maxBadge)
			if n > 1 {
				tail := fmt.Sprintf(" x%d", n)
				text = cut(set.text, maxBadge-len(tail)) + tail
			}
			return append(list, Badge{Look: set.look, Text: text})
		}
		for _, n := range d.pic.Nodes {
			n.Badges = add(n.ID, n.Badges)
		}
		for _, e := range d.pic.Edges {
			e.Badges = add(e.ID, e.Badges)
		}
		for _, g := range d.pic.Groups {
			g.Badges = add(g.ID, g.Badges)
		}
	}
	d.pic.Title = d.s.systemName() + ": " + word
	sub := fmt.Sprintf("In place at %d, owed at %d, unknown at %d.", len(p.Present), len(p.Missing), len(p.Questions))
	if len(p.Present)+len(p.Missing)+len(p.Questions) == 0 {
		sub = "Neither in place nor owed anywhere in this system."
	}
	d.pic.Subtitle = append([]string{sub}, d.leftOut()...)
	d.pic.Desc = d.pic.Title + ". " + sub
	return nil
}

// findPattern is the pattern with the given id, or with the id's last part.
func (d *drawing) findPattern() (*report.Pattern, error) {
	var names []string
	for i := range d.in.Report.Patterns {
		p := &d.in.Report.Patterns[i]
		short := p.ID[strings.LastIndexByte(p.ID, '/')+1:]
		if p.ID == d.opt.Name || short == d.opt.Name {
			return p, nil
		}
		names = append(names, short)
	}
	if d.opt.Name == "" {
		return nil, refuse("Name one: --view patterns="+strings.Join(names[:min(1, len(names))], "")+". There are "+list(names, 40)+".", "the view patterns needs a name")
	}
	hint := "There are " + list(names, 40) + "."
	if near := suggest.Address(d.opt.Name, names); near != "" {
		hint = "Did you mean --view patterns=" + near + "?"
	}
	return nil, refuse(hint, "there is no pattern %q", d.opt.Name)
}
