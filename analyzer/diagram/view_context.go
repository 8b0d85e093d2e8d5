package diagram

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// context shows who uses the system and which outside parties can hurt it: the system is one box.
func (d *drawing) context() error {
	d.pic.tint = true
	sys := &part{addr: d.s.systemAddr(), label: d.s.systemName(), kind: kindGroup, word: "system"}
	for _, p := range d.s.parts {
		if p.outside() {
			d.show = append(d.show, p)
		} else {
			sys.members = append(sys.members, p)
			d.moved[p.addr] = sys
		}
	}
	d.s.at[sys.addr] = sys
	if len(sys.members) > 0 {
		d.show = append(d.show, sys)
	}
	d.wire = d.s.lines
	d.rewire()
	slices.SortFunc(d.show, comparePart)
	if err := d.focus(); err != nil {
		return err
	}
	if len(d.show) > Hard && d.opt.Collapse != "none" {
		d.mergeExternals()
	}
	for _, p := range d.show {
		n := d.node(p)
		switch {
		case p == sys:
			n.Shape, n.Facts = ShapeSystem, d.systemFacts(sys)
		case p.kind == model.KindClient:
			n.Facts = d.clientFacts(p)
		default:
			n.Facts = d.externalFacts(p)
		}
	}
	for _, l := range d.wire {
		e := d.edge(l)
		d.contextWords(e, l)
	}
	d.trace()
	d.pic.Title = d.s.systemName() + ": context"
	sub := "Who uses the system and what it relies on outside its control."
	total := 0.0
	for _, c := range d.s.m.Clients {
		total += c.RPS.Or(0)
	}
	if total > 0 {
		sub += fmt.Sprintf(" Peak load %s.", rate(total))
	}
	d.pic.Subtitle = []string{sub}
	d.pic.Desc = fmt.Sprintf("The system %s as one box with %s and %s.", d.s.systemName(), analyzer.Plural(len(d.s.m.Clients), "client"), analyzer.Plural(len(d.s.m.Externals), "external"))
	return nil
}

func (d *drawing) systemFacts(sys *part) []Text {
	out := []Text{{Text: countMembers(sys.members)}}
	if s := d.s.m.System; s != nil && s.SLO.Has() && s.SLO.V != nil {
		avail, p99 := "", ""
		if s.SLO.V.Availability.Has() {
			avail = "objective " + percent(s.SLO.V.Availability.V)
		}
		if s.SLO.V.LatencyP99.Has() {
			p99 = "p99 " + duration(s.SLO.V.LatencyP99.V)
		}
		out = append(out, Text{Text: fits(maxFact, avail, p99)})
	}
	return out
}

// clientFacts are its rate and its patience.
func (d *drawing) clientFacts(p *part) []Text {
	var out []Text
	for _, f := range d.s.facts(p) {
		out = append(out, Text{Text: f})
	}
	if c, ok := p.of.(*model.Client); ok && c.Deadline.Has() && len(out) < 2 {
		out = append(out, Text{Text: "gives up after " + duration(c.Deadline.V)})
	}
	return out
}

func (d *drawing) externalFacts(p *part) []Text {
	x, ok := p.of.(*model.External)
	if !ok {
		return nil
	}
	var out []Text
	if f := externalFact(x); f != "" {
		out = append(out, Text{Text: cut("contract "+f, maxFact)})
	}
	if x.Latency.Has() && x.Latency.V != nil {
		p50, p99 := "", ""
		if l := x.Latency.V; l.P50.Has() {
			p50 = "p50 " + duration(l.P50.V)
		}
		if l := x.Latency.V; l.P99.Has() {
			p99 = "p99 " + duration(l.P99.V)
		}
		out = append(out, Text{Text: fits(maxFact, p50, p99)})
	}
	return out
}

// contextWords say the purpose of a relation, then how it comes in or who it comes from.
func (d *drawing) contextWords(e *Edge, l *line) {
	var names, how []string
	add := func(list []string, words ...string) []string {
		for _, w := range words {
			if w = oneLine(w); w != "" && !slices.Contains(list, w) {
				list = append(list, w)
			}
		}
		return list
	}
	e.Count = 1
	rps, known := 0.0, false
	var from []string
	for _, m := range l.each() {
		if m.call == nil {
			names = add(names, m.label())
			continue
		}
		entry := d.s.at[m.to]
		if g, ok := entry.of.(*model.Gateway); ok && g.Routes() && len(g.Calls) > 0 {
			for _, c := range g.Calls {
				names = add(names, c.Label)
			}
		} else {
			names = add(names, m.call.Label)
		}
		switch x := entry.of.(type) {
		case *model.Gateway:
			how = add(how, entryWords(&x.Workload)...)
			how = add(how, "via "+x.Label)
		case *model.Service:
			how = add(how, entryWords(&x.Workload)...)
		case *model.External:
			from = add(from, d.s.at[m.from].label)
			if d.in.Facts != nil {
				if r, ok := d.rateOf(m.addr); ok {
					rps, known = rps+r, true
				}
			}
		}
	}
	e.Name = Text{Text: listWithin(maxEdge, names)}
	if len(from) > 0 {
		load := ""
		if known {
			load = rate(rps)
		}
		how = []string{load, "from " + listWithin(maxEdge-5, from)}
	}
	if t := fits(maxFact+4, how...); t != "" {
		e.Facts = []Text{{Text: t}}
	}
	e.Title = fmt.Sprintf("%s to %s: %s", d.s.at[l.from].label, d.s.at[l.to].label, strings.Join(names, ", "))
}

// entryWords are the styles and the authentication at a door.
func entryWords(w *model.Workload) []string {
	var out []string
	for _, a := range w.APIs {
		word := spelled(a.Label)
		if a.Version.Has() {
			word += " " + a.Version.V
		}
		out = append(out, word)
	}
	if stated(w.Auth) && w.Auth.V != "none" {
		out = append(out, spelled(w.Auth.V))
	}
	return out
}

// listWithin joins as many words as fit and counts the rest.
func listWithin(limit int, words []string) string {
	for n := len(words); n > 0; n-- {
		s := strings.Join(words[:n], ", ")
		if n < len(words) {
			s += fmt.Sprintf(" +%d", len(words)-n)
		}
		if len([]rune(s)) <= limit || n == 1 {
			return cut(s, limit)
		}
	}
	return ""
}
