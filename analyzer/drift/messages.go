package drift

import (
	"fmt"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// use is one component's sending to or receiving from a channel, in names of the description.
type use struct {
	node    model.Addr
	channel string // spelling of the channel's name
	publish bool
}

func verb(publish bool) string {
	if publish {
		return "publishes to"
	}
	return "consumes from"
}

// messages compares who publishes and consumes what. Channels are matched by name.
func (c *comparison) messages() {
	described := map[use]bool{}
	talks := map[model.Addr]bool{} // nodes that publish or consume anything
	channels := map[string]model.Addr{}
	for _, t := range c.Model.Topics {
		channels[spelling(t.Label)] = t.Addr
		for _, a := range t.Aliases.V {
			channels[spelling(a)] = t.Addr
		}
	}
	for _, q := range c.Model.Queues {
		channels[spelling(q.Label)] = q.Addr
		for _, a := range q.Aliases.V {
			channels[spelling(a)] = q.Addr
		}
	}
	name := func(a model.Addr) string { return string(a) }
	c.uses(c.Model, func(n model.Entity, at, channel model.Addr, publish bool) {
		described[use{n.Self().Addr, name(channel), publish}] = true
		talks[n.Self().Addr] = true
	})
	shown := map[use]bool{}
	c.uses(c.Source, func(n model.Entity, at, channel model.Addr, publish bool) {
		node, ok := c.bySrc[n.Self().Addr]
		if !ok {
			return
		}
		ev := strongest(c.Shown.Edges[at])
		if c.Shown.StandIns[channel] {
			c.standIn(node, channel, ev, talks, publish)
			return
		}
		to, known := channels[spelling(labelOf(channel))]
		u := use{node, name(to), publish}
		shown[u] = true
		if known && described[u] {
			return
		}
		c.undeclaredMessage(node, at, channel, to, publish, ev)
	})
	if c.Shown.Has("otel") {
		c.silent(shown)
	}
}

func (c *comparison) uses(m *model.Model, visit func(n model.Entity, at, channel model.Addr, publish bool)) {
	for _, n := range m.Nodes() {
		for _, p := range n.Out().Publishes {
			visit(n, p.Addr, p.To.V, true)
		}
		for _, x := range n.Out().Consumes {
			visit(n, x.Addr, x.From.V, false)
		}
	}
}

// standIn: the sources show that a component uses a broker, and not for what.
func (c *comparison) standIn(node, channel model.Addr, ev model.Evidence, talks map[model.Addr]bool, publish bool) {
	if talks[node] || publish && !c.onlyPublishes(node) {
		return // one item for both directions
	}
	talks[node] = true
	ev.How, _, _ = strings.Cut(ev.How, ", which way")
	c.add(&Item{Kind: UndeclaredMessage, Address: node, Severity: analyzer.Medium, Confidence: model.Medium, Counterpart: channel, Range: c.declared(node),
		Says: Side{Text: "no messages"}, Shows: Side{Text: "uses a broker", Place: ev.Place, How: ev.How, Kind: ev.Kind},
		Detail: fmt.Sprintf("%s is configured with the address of a broker; the description has nothing that it publishes or consumes.", labelOf(node)),
		Fix:    fix("Describe its messages", Op{Advise: "A publish or consume block in " + string(node) + " for each topic or queue that it uses"}), Accept: Manual})
}

// onlyPublishes reports whether an imported component has no consume of its own to speak for it.
func (c *comparison) onlyPublishes(node model.Addr) bool {
	n, ok := c.Source.Lookup(c.byDesc[node]).(model.Node)
	return ok && len(n.Out().Consumes) == 0
}

func (c *comparison) undeclaredMessage(node, at, channel, to model.Addr, publish bool, ev model.Evidence) {
	kind, arg := model.KindConsume, "from"
	if publish {
		kind, arg = model.KindPublish, "to"
	}
	item := &Item{Kind: UndeclaredMessage, Address: c.freeEdge(node, kind, labelOf(channel)), Severity: analyzer.High, Confidence: ev.Certainty, Counterpart: at,
		Range: c.declared(node), Says: Side{Text: "no such " + string(kind)}, Shows: Side{Text: verb(publish) + " " + labelOf(channel), Place: ev.Place, How: ev.How, Kind: ev.Kind},
		Detail: fmt.Sprintf("%s %s %s (%s), and the description does not say so.", labelOf(node), verb(publish), labelOf(channel), ev.How)}
	add := Op{At: node, Add: string(kind), Label: labelOf(item.Address), Value: map[string]any{arg: string(to)}}
	if to == "" {
		item.Detail += fmt.Sprintf(" It has no topic or queue %s either.", labelOf(channel))
		item.Fix = fix("Describe the channel and the message", Op{Advise: fmt.Sprintf("A %s %q, and in %s: %s %q { %s = … }",
			c.Source.Lookup(channel).Self().Kind, labelOf(channel), node, kind, labelOf(channel), arg)})
		item.Accept = Manual
	} else {
		item.Fix = fix("Describe the message", add)
	}
	c.add(item)
}

// silent reports described messages that a recording does not show, where it shows both ends at work.
func (c *comparison) silent(shown map[use]bool) {
	c.uses(c.Model, func(n model.Entity, at, channel model.Addr, publish bool) {
		s := c.Shown.Blocks[c.byDesc[n.Self().Addr]]
		if s == nil || s.Requests < enough || shown[use{n.Self().Addr, string(channel), publish}] || !c.recorded() {
			return
		}
		e := c.Model.Lookup(at).Self()
		c.add(&Item{Kind: VanishedMessage, Address: at, Severity: analyzer.Info, Confidence: model.Weak, Range: e.Decl,
			Says: Side{Text: verb(publish) + " " + labelOf(channel), Range: e.Decl}, Shows: Side{Text: "no message", Kind: "otel"},
			Detail: fmt.Sprintf("%s was busy while the recording ran and %s %s not once.", n.Self().Label, verb(publish), labelOf(channel)), Accept: Manual})
	})
}

// recorded reports whether the recording has messages at all: without, nothing about them can be read from it.
func (c *comparison) recorded() bool {
	found := false
	c.uses(c.Source, func(_ model.Entity, at, _ model.Addr, _ bool) {
		for _, e := range c.Shown.Edges[at] {
			found = found || e.Kind == "otel"
		}
	})
	return found
}
