package diagram

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/model"
)

// data shows who owns, writes and reads each store, and where an event or a write can be lost.
func (d *drawing) data() error {
	d.pic.tint = true
	keep := map[model.Addr]bool{}
	for _, l := range d.s.lines {
		if l.kind == Call {
			continue
		}
		d.wire = append(d.wire, l)
		keep[l.from], keep[l.to] = true, true
	}
	unused := 0
	for _, p := range d.s.parts {
		switch p.kind {
		case model.KindDatastore, model.KindTopic, model.KindQueue:
			keep[p.addr] = true
		}
		if keep[p.addr] {
			d.show = append(d.show, p)
		} else if p.kind == model.KindService {
			unused++
		}
	}
	if len(d.wire) == 0 {
		d.notes = append(d.notes, "No store and no message is described: a call to a datastore, a publish or a consume would be drawn here.")
	}
	if unused > 0 && len(d.wire) > 0 {
		d.notes = append(d.notes, analyzer.Plural(unused, "service")+" without store or message not drawn.")
	}
	dual := d.s.dualWrites()
	d.pic.Title = d.s.systemName() + ": data and events"
	err := d.build(d.s.systemName(), func(n *Node, p *part) {
		for _, f := range d.s.dataFacts(p) {
			n.Facts = append(n.Facts, Text{Text: f})
		}
		if s, ok := p.of.(*model.Datastore); ok {
			for _, c := range s.Data.Or(nil) {
				n.Badges = append(n.Badges, Badge{Look: LookData, Text: cut(c, maxBadge)})
			}
		}
	}, func(e *Edge, l *line) {
		name, _ := d.s.lineWords(l)
		if l.kind != Message {
			name = l.call.Access.Or("uses")
			e.Bold = l.kind == Write
		}
		if w := dual[l.addr]; w != "" {
			name = w
		}
		e.Name = Text{Text: name}
		if l.publish != nil && l.publish.Outbox.Has() {
			e.Badges = append(e.Badges, Badge{Look: LookPattern, Text: "outbox"})
		}
	})
	if err != nil {
		return err
	}
	sub := "Who writes and reads each store, and what is published."
	if len(dual) > 0 {
		sub = "Who writes and reads each store, what is published, and where one unit of work has several writes."
	}
	d.pic.Subtitle = []string{sub}
	d.pic.Desc = fmt.Sprintf("%s of the system %s with what they write, read and publish.", upper(d.countKinds()), d.s.systemName())
	d.partial = true
	d.decorate(func(f *report.Finding) bool {
		return strings.HasPrefix(f.Pattern, "data/") || strings.HasPrefix(f.Pattern, "messaging/") || concerns(f, ofStore)
	})
	return nil
}

// dataFacts are ownership of a store, and the part of a service in transactions.
func (s *scene) dataFacts(p *part) []string {
	switch x := p.of.(type) {
	case *model.Service:
		var out []string
		for _, t := range s.m.Transactions {
			if t.Orchestrator.Or("") == p.addr {
				out = append(out, "runs "+spelled(t.Pattern.Or("transaction"))+" "+t.Label)
			}
			for i, st := range t.Steps {
				if st.In.Or("") == p.addr {
					out = append(out, fmt.Sprintf("%s %s, step %d", spelled(t.Pattern.Or("transaction")), t.Label, i+1))
				}
			}
		}
		for i := range out {
			out[i] = cut(out[i], maxFact+2)
		}
		return out[:min(2, len(out))]
	case *model.Datastore:
		var writers, readers []model.Addr
		for _, c := range s.callsTo[p.addr] {
			if c.Access.Or("") == "write" {
				writers = append(writers, c.Parent)
			} else {
				readers = append(readers, c.Parent)
			}
		}
		w, r := distinct(writers), distinct(readers)
		owner := "no owner stated"
		if x.Owner.Has() {
			owner = "owner " + s.labelOf(x.Owner.V)
		}
		use := ""
		if w > 0 {
			use = analyzer.Plural(w, "writer")
		}
		if r > 0 {
			use = fits(maxFact, use, analyzer.Plural(r, "reader"))
		}
		return []string{cut(owner, maxFact), use}
	}
	return s.facts(p)
}

func distinct(list []model.Addr) int {
	list = slices.Clone(list)
	slices.Sort(list)
	return len(slices.Compact(list))
}

// labelOf is the name of what is at an address.
func (s *scene) labelOf(a model.Addr) string {
	if p := s.at[a]; p != nil {
		return middle(p.label, maxName)
	}
	return middle(string(a), maxName)
}

// dualWrites words the writes of one unit of work that also publishes without an outbox: "write 1 of 2", "publish 2 of
// 2". Two edges belong to one unit if the same trigger sets them off.
func (s *scene) dualWrites() map[model.Addr]string {
	out := map[model.Addr]string{}
	for _, n := range s.m.Nodes() {
		for _, p := range n.Out().Publishes {
			if p.Outbox.Has() || p.Loss.Or("") == "tolerable" {
				continue
			}
			var writes []*model.Call
			for _, c := range n.Out().Calls {
				if t := s.at[c.To.V]; t != nil && t.kind == model.KindDatastore && c.Access.Or("") == "write" && sameTrigger(c.On, p.On) && !s.feeds(c.To.V, p.To.V) {
					writes = append(writes, c)
				}
			}
			for i, c := range writes {
				out[c.Addr] = fmt.Sprintf("write %d of %d", i+1, len(writes)+1)
			}
			if len(writes) > 0 {
				out[p.Addr] = fmt.Sprintf("publish %d of %d", len(writes)+1, len(writes)+1)
			}
		}
	}
	return out
}

// feeds reports whether a store's own change stream publishes to a channel.
func (s *scene) feeds(store, channel model.Addr) bool {
	d, ok := s.m.Lookup(store).(*model.Datastore)
	return ok && slices.ContainsFunc(d.Publishes, func(p *model.Publish) bool { return p.To.V == channel })
}

func sameTrigger(a, b model.Value[[]string]) bool {
	if !a.Has() || !b.Has() {
		return a.Has() == b.Has()
	}
	return slices.ContainsFunc(a.V, func(t string) bool { return slices.Contains(b.V, t) })
}

// ofStore reports whether an address is a store's or lies in one.
func ofStore(a model.Addr) bool {
	return strings.HasPrefix(string(a), string(model.KindDatastore)+".")
}
