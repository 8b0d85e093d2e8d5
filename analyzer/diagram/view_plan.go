package diagram

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/model"
)

// change is one operation of the plan at one element.
type change struct {
	at    model.Addr
	badge Badge
}

// plan shows the parts that the plan touches and their neighbours, before or after it. Both halves have every part at
// the same place: each label reserves the room of the larger one.
func (d *drawing) plan() error {
	if err := d.needReport(); err != nil {
		return err
	}
	after := d.opt.Name != "before"
	if d.opt.Name != "" && d.opt.Name != "before" && d.opt.Name != "after" {
		return refuse("Write --view plan=before or --view plan=after.", "the plan has no half %q", d.opt.Name)
	}
	changes, open := d.changes()
	d.selectTouched(changes)
	if err := d.quiet(); err != nil {
		return err
	}
	d.partial = true
	now, left := d.marks(nil), d.marks(func(f *report.Finding) bool { return open[f.ID] })
	then := map[string][]Badge{}
	for _, c := range changes {
		id := d.elementOf(c.at)
		if id != "" && !slices.Contains(then[id], c.badge) {
			then[id] = append(then[id], c.badge)
		}
	}
	var today, tomorrow *half
	only := map[string]model.Addr{} // lines that stand for themselves
	if d.in.After != nil {
		today, tomorrow = newHalf(d.in.Model, d.in.Facts), newHalf(d.in.After.Model, d.in.After.Facts)
		for _, l := range d.wire {
			if l.members == nil {
				only[ElementID(l.addr)] = l.addr
			}
		}
	}
	for _, n := range d.pic.Nodes {
		was, will := spell(now[n.ID], 2), append(slices.Clone(then[n.ID]), spell(left[n.ID], 1)...)
		wasFacts, willFacts := n.Facts, n.Facts
		if n.Shape == ShapeGroup {
			was, will = countBadges(now[n.ID]), nil
		} else if d.in.After != nil {
			wasFacts, willFacts = partFacts(n.Addr, today, tomorrow), partFacts(n.Addr, tomorrow, today)
		}
		n.Reserve = larger(measure(n.Name, wasFacts, was, true), measure(n.Name, willFacts, will, true))
		n.Badges, n.Facts = was, wasFacts
		if after {
			n.Badges, n.Facts = will, willFacts
		} else {
			n.Tone = worst(now[n.ID])
		}
		n.Title += counted(now[n.ID])
	}
	for _, e := range d.pic.Edges {
		if e.Hidden {
			continue
		}
		was, will := spell(now[e.ID], 1), append(slices.Clone(then[e.ID]), spell(left[e.ID], 1)...)
		wasFacts, willFacts := e.Facts, e.Facts
		if a, one := only[e.ID]; one && d.in.After != nil {
			wasFacts, willFacts = lineFacts(a, today, tomorrow), lineFacts(a, tomorrow, today)
		}
		e.Reserve = larger(measure(e.Name.Text, wasFacts, was, false), measure(e.Name.Text, willFacts, will, false))
		e.Badges, e.Facts = was, wasFacts
		if after {
			e.Badges, e.Facts = will, willFacts
		} else {
			e.Tone = worst(now[e.ID])
		}
		e.Title += counted(now[e.ID])
	}
	d.planWords(after, changes, len(open))
	if d.in.After != nil && len(changes) > 0 {
		was, will := worstJourney(today, tomorrow)
		say := was
		if after {
			say = will
		}
		if say != "" {
			d.pic.Subtitle = append(d.pic.Subtitle, say)
			d.pic.Desc += " " + say
		}
	}
	return nil
}

// partFacts are what a part says in this half of the comparison with the other.
func partFacts(a model.Addr, this, other *half) []Text {
	p := this.parts[a]
	if p == nil {
		return nil
	}
	var out []Text
	if f := this.s.facts(p); len(f) > 0 {
		out = append(out, Text{Text: f[0]})
	}
	return append(out, told(this.partNumbers(a), other.partNumbers(a), "peak", "zone")...)
}

// lineFacts are the same of a line.
func lineFacts(a model.Addr, this, other *half) []Text {
	l := this.lines[a]
	if l == nil {
		return nil
	}
	var out []Text
	_, words := this.s.lineWords(l)
	for _, f := range words {
		out = append(out, Text{Text: f})
	}
	return append(out, told(this.lineNumbers(a), other.lineNumbers(a), "loss", "wait")...)
}

// changes are the operations of the first fix of every finding that counts, and the findings that no operation mends.
func (d *drawing) changes() (out []change, open map[string]bool) {
	open = map[string]bool{}
	for _, f := range d.in.Report.Visible() {
		done := false
		if len(f.Fixes) > 0 {
			for _, op := range f.Fixes[0].Ops {
				b, ok := opBadge(f, op)
				if !ok {
					continue
				}
				done = true
				at := op.At
				if at == "" {
					at = f.Subject
				}
				out = append(out, change{model.Addr(at), b})
			}
		}
		if !done {
			open[f.ID] = true
		}
	}
	return out, open
}

// opBadge is an operation in a word or two; advice is none.
func opBadge(f report.Finding, op report.Op) (Badge, bool) {
	word := strings.NewReplacer(".", " ", "_", " ").Replace
	switch {
	case op.Add != "":
		return Badge{Look: LookAdd, Text: cut("+ "+strings.TrimSpace(word(op.Add)+" "+op.Label), maxOp)}, true
	case op.Unset != "":
		return Badge{Look: LookChange, Text: cut("- "+word(op.Unset), maxOp)}, true
	case op.Set != "":
		sign, look := "~ ", LookChange
		if f.Action == "add" {
			sign, look = "+ ", LookAdd
		}
		text := word(op.Set)
		switch v := op.Value.(type) {
		case string:
			text += " " + analyzer.Spaced(v)
		case float64:
			text += " " + number(v)
		case int:
			text += " " + number(float64(v))
		}
		return Badge{Look: look, Text: cut(sign+text, maxOp)}, true
	}
	return Badge{}, false
}

// selectTouched shows the parts that changes touch and those one line away; where nothing changes, everything.
func (d *drawing) selectTouched(changes []change) {
	d.selectAll()
	touched := map[model.Addr]bool{}
	byAddr := map[model.Addr]*line{}
	for _, l := range d.wire {
		byAddr[l.addr] = l
	}
	for _, c := range changes {
		for a := c.at; a != ""; {
			if l := byAddr[a]; l != nil {
				touched[l.from], touched[l.to] = true, true
				break
			}
			if d.s.at[a] != nil {
				touched[a] = true
				break
			}
			a = a[:max(0, strings.LastIndexByte(string(a), '.'))]
		}
	}
	if len(touched) == 0 {
		return
	}
	near := map[model.Addr]bool{}
	for a := range touched {
		near[a] = true
	}
	for _, l := range d.wire {
		if touched[l.from] || touched[l.to] {
			near[l.from], near[l.to] = true, true
		}
	}
	all := len(d.show)
	d.show = slices.DeleteFunc(d.show, func(p *part) bool { return !near[p.addr] })
	d.wire = slices.DeleteFunc(slices.Clone(d.wire), func(l *line) bool { return !near[l.from] || !near[l.to] })
	if n := all - len(d.show); n > 0 {
		d.notes = append(d.notes, analyzer.Plural(n, "part")+" that the plan leaves alone not drawn.")
	}
}

func (d *drawing) planWords(after bool, changes []change, open int) {
	half := "before"
	if after {
		half = "after"
	}
	d.pic.Title = d.s.systemName() + ": " + half + " the plan"
	s := d.in.Report.Summary
	if len(changes) == 0 {
		d.pic.Subtitle = []string{"No changes. " + d.verdict()}
	} else {
		mended := s.Findings() - open
		sub := fmt.Sprintf("The plan makes %s and mends %s", analyzer.Plural(len(changes), "change"), analyzer.Plural(mended, "finding"))
		if open > 0 {
			sub += fmt.Sprintf("; %d more need a decision of people", open)
		}
		d.pic.Subtitle = []string{sub + "."}
	}
	d.pic.Desc = d.pic.Title + ". " + d.pic.Subtitle[0]
}
