package diagram

import (
	"fmt"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// containers shows what runs, who calls whom and which patterns are there.
func (d *drawing) containers() error {
	d.pic.tint = true
	d.selectAll()
	d.pic.Title = d.s.systemName() + ": containers"
	limits := false
	err := d.build(d.s.systemLabel(), func(n *Node, p *part) {
		for _, f := range d.s.facts(p) {
			n.Facts = append(n.Facts, Text{Text: f})
		}
		n.Badges = d.s.inPlace(p)
	}, func(e *Edge, l *line) {
		name, facts := d.s.lineWords(l)
		e.Name = Text{Text: name}
		for _, f := range facts {
			e.Facts = append(e.Facts, Text{Text: f})
			limits = true
		}
		e.Badges = guards(l)
	})
	if err != nil {
		return err
	}
	sub := "What runs, what it talks to, and the patterns it has."
	if t, ok := d.s.inheritedLimit(); ok {
		sub += " Time limits and tries where stated; unstated calls inherit " + duration(t) + "."
	} else if limits {
		sub += " Time limits and tries where stated."
	}
	d.pic.Subtitle = append([]string{sub}, d.leftOut()...)
	d.pic.Desc = fmt.Sprintf("%s of the system %s and what they say to each other.", upper(d.countKinds()), d.s.systemName())
	return nil
}

// selectAll shows every part but brokers that are borders and registries that nobody calls.
func (d *drawing) selectAll() {
	d.wire = d.s.lines
	called := map[model.Addr]bool{}
	for _, l := range d.wire {
		called[l.to] = true
	}
	border := map[model.Addr]bool{}
	for _, p := range d.s.parts {
		border[p.broker()] = true
	}
	d.show = nil
	for _, p := range d.s.parts {
		if p.kind == model.KindBroker && border[p.addr] || p.kind == model.KindRegistry && !called[p.addr] {
			continue
		}
		d.show = append(d.show, p)
	}
}

// leftOut says what the picture does not show, empty if it shows everything.
func (d *drawing) leftOut() []string {
	var names []string
	for _, p := range d.s.parts {
		if _, ok := d.pic.Drawn[p.addr]; !ok && d.moved[p.addr] == nil && !d.far {
			names = append(names, string(p.kind)+" "+middle(p.label, maxName))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []string{"Not drawn: " + list(names, 6) + "."}
}

// countKinds is "2 clients, 1 gateway and 5 services".
func (d *drawing) countKinds() string {
	var out []string
	for i := 0; i < len(d.show); {
		j := i
		for j < len(d.show) && d.show[j].kind == d.show[i].kind {
			j++
		}
		word := string(d.show[i].kind)
		if d.show[i].kind == kindGroup {
			word = "group"
		}
		out = append(out, analyzer.Plural(j-i, word))
		i = j
	}
	if len(out) == 0 {
		return "nothing"
	}
	return list(out, 20)
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// systemLabel names the border of the system: platform and mesh hold for all inside.
func (s *scene) systemLabel() string {
	words := []string{s.systemName()}
	if s.m.System != nil && s.m.System.Platform.Has() {
		words = append(words, spelled(s.m.System.Platform.V))
	}
	for i, x := range s.m.Meshes {
		if i == 2 {
			break
		}
		words = append(words, "mesh "+x.Label)
		if x.MTLS.Has() {
			words = append(words, "mTLS "+x.MTLS.V)
		}
	}
	return strings.Join(words, ", ")
}
