package drift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// edge is who calls whom, in addresses of the description.
type edge struct{ from, to model.Addr }

// calls compares the calls between components that both sides have.
func (c *comparison) calls() {
	shown := map[edge][]*model.Call{}
	var order []edge
	each(c.Source, func(n model.Entity, e *model.Call) {
		from, okFrom := c.bySrc[n.Self().Addr]
		to, okTo := c.bySrc[e.To.V]
		if n.Self().Kind == model.KindClient && !okFrom && okTo {
			c.entry(e, to)
			return
		}
		if !okFrom || !okTo {
			return // an item about the component itself speaks of it
		}
		k := edge{from, to}
		if shown[k] == nil {
			order = append(order, k)
		}
		shown[k] = append(shown[k], e)
	})
	described := map[edge][]*model.Call{}
	var diffs []*difference
	each(c.Model, func(n model.Entity, e *model.Call) {
		k := edge{n.Self().Addr, e.To.V}
		described[k] = append(described[k], e)
		if !outsider(n) {
			c.res.Calls++
		}
	})
	each(c.Model, func(n model.Entity, e *model.Call) {
		k := edge{n.Self().Addr, e.To.V}
		if len(shown[k]) == 0 {
			c.vanishedCall(k, e)
			return
		}
		if !outsider(n) {
			c.res.CallsShown++
		}
		s := counterpart(e, described[k], shown[k])
		diffs = append(diffs, c.limitsOf(e, s)...)
		c.measuredCall(e, s)
	})
	c.group(diffs)
	for _, k := range order {
		for i, e := range shown[k] {
			// Two edges of one drawing between the same nodes are two calls; elsewhere one edge stands for all of them.
			if i >= len(described[k]) && (i == 0 || c.Shown.Drawn[e.Addr]) {
				c.undeclaredCall(k, e, described)
			}
		}
	}
}

// outsider reports whether a node is outside the system: nothing of the system shows whom it calls.
func outsider(n model.Entity) bool {
	x, client := n.(*model.Client)
	return client && x.ClientKind.V != "scheduler" || n.Self().Kind == model.KindExternal
}

// counterpart is the imported call that a described one is compared with: the one of its name, else the one of its
// place, else the last.
func counterpart(e *model.Call, all, shown []*model.Call) *model.Call {
	for _, s := range shown {
		if s.Label == e.Label {
			return s
		}
	}
	i := slices.Index(all, e)
	return shown[min(i, len(shown)-1)]
}

// certaintySeverity is how grave an undeclared edge is, by what shows it. A network policy or a link allows a call; start
// order says next to nothing.
func certaintySeverity(ev model.Evidence) analyzer.Severity {
	switch {
	case ev.Certainty == model.Strong:
		return analyzer.High
	case ev.Certainty == model.Weak:
		return analyzer.Info
	case strings.HasPrefix(ev.How, "NetworkPolicy") || ev.How == "link":
		return analyzer.Low
	}
	return analyzer.Medium
}

func (c *comparison) undeclaredCall(k edge, e *model.Call, described map[edge][]*model.Call) {
	ev := strongest(c.Shown.Edges[e.Addr])
	item := &Item{Kind: UndeclaredCall, Address: c.freeEdge(k.from, model.KindCall, labelOf(k.to)), Severity: certaintySeverity(ev), Confidence: ev.Certainty,
		Counterpart: e.Addr, Range: c.declared(k.from), Says: Side{Text: "no such call"}, Shows: Side{Text: "calls " + labelOf(k.to), Place: ev.Place, How: ev.How, Kind: ev.Kind}}
	from, to := labelOf(k.from), labelOf(k.to)
	switch {
	case ev.Certainty == model.Weak:
		item.Detail = fmt.Sprintf("%s may call %s: %s. That alone is no call.", from, to, ev.How)
		item.Accept = Manual
	case item.Severity == analyzer.Low:
		item.Detail = fmt.Sprintf("%s is allowed to call %s (%s), and the description has no such call. If it does call it, describe it; if not, the permission can go.", from, to, ev.How)
		item.Accept = Manual
	default:
		item.Detail = fmt.Sprintf("%s calls %s (%s), and the description has no such call.", from, to, ev.How)
		if r, ok := c.rate(k.from); ok {
			item.Detail += fmt.Sprintf(" %s answers %s: nothing says how long they wait for %s, how often they try, or what they do without it.", from, perSecond(r), to)
		} else {
			item.Detail += fmt.Sprintf(" Nothing says how long it waits for %s, how often it tries, or what it does without it.", to)
		}
	}
	if d, ok := c.Model.Lookup(k.to).(*model.Datastore); ok && item.Severity >= analyzer.Medium {
		c.sharedStore(item, d, k.from, described)
	}
	item.Fix = fix("Describe the call", Op{At: k.from, Add: "call", Label: labelOf(item.Address), Value: c.callBlock(e, k.to, true)})
	c.add(item)
}

// sharedStore makes an undeclared call to a store that somebody else uses an item about the store.
func (c *comparison) sharedStore(item *Item, d *model.Datastore, from model.Addr, described map[edge][]*model.Call) {
	switch d.StoreKind.V {
	case "cache", "search", "warehouse": // read by many by design
		return
	}
	var others []string
	for _, u := range c.Model.StoreUsers()[d.Addr] {
		if u != from {
			others = append(others, labelOf(u))
		}
	}
	if len(others) == 0 {
		return
	}
	item.Kind, item.Subjects = SecondWriter, []model.Addr{item.Address}
	item.Detail = fmt.Sprintf("%s uses %s as well (%s), which the description gives to %s. Whether it writes, the sources do not show; if it does, neither can change the tables alone.",
		labelOf(from), d.Label, item.Shows.How, list(others))
	item.Says.Text = "used by " + list(others)
}

func strongest(list []model.Evidence) model.Evidence {
	if len(list) == 0 {
		return model.Evidence{Certainty: model.Medium}
	}
	return list[0]
}

// entry is a way in from outside that the description does not have.
func (c *comparison) entry(e *model.Call, to model.Addr) {
	for _, x := range c.Model.Clients {
		for _, call := range x.Calls {
			if call.To.V == to {
				return
			}
		}
	}
	for _, x := range c.Model.Externals {
		for _, call := range x.Calls {
			if call.To.V == to {
				return
			}
		}
	}
	for _, g := range c.Model.Gateways { // described as reached by another way in
		for _, call := range g.Calls {
			if call.To.V == to && c.Model.Lookup(to).Self().Kind == model.KindGateway {
				return
			}
		}
	}
	ev := strongest(c.Shown.Edges[e.Addr])
	sev := analyzer.Medium
	if strings.HasPrefix(ev.How, "publishes port") || strings.HasPrefix(ev.How, "NodePort") {
		sev = analyzer.Low // often for developers alone
	}
	c.add(&Item{Kind: UndeclaredCall, Address: model.Addr("client.users.call." + labelOf(to)), Severity: sev, Confidence: ev.Certainty, Counterpart: e.Addr,
		Range: c.declared(to), Says: Side{Text: "no client calls " + labelOf(to)}, Shows: Side{Text: "open to the outside", Place: ev.Place, How: ev.How, Kind: ev.Kind},
		Detail: fmt.Sprintf("%s is open to the outside (%s), and no client of the description calls it. Say who comes in there and how often, or close it.", labelOf(to), ev.How),
		Fix:    fix("Say who comes in", Op{Advise: fmt.Sprintf("A client block with kind, rps and a call to %s", to)}), Accept: Manual})
}

// enough is how many calls of a kind a recording must have made likely before their absence says something.
const enough = 20

// vanishedCall reports a call that the sources would show and do not.
func (c *comparison) vanishedCall(k edge, e *model.Call) {
	from, okFrom := c.byDesc[k.from]
	to, okTo := c.byDesc[k.to]
	if !okFrom || !okTo {
		return
	}
	s, t := c.Shown.Blocks[from], c.Shown.Blocks[to]
	if s == nil || t == nil {
		return
	}
	item := &Item{Kind: VanishedCall, Address: e.Addr, Severity: analyzer.Info, Range: e.Decl, Says: Side{Text: "calls " + labelOf(k.to), Range: e.Decl},
		Shows: Side{Text: "no such call"}, Accept: Prune}
	names := func(text string, args ...any) { item.Detail = fmt.Sprintf(text, args...) }
	a, b := labelOf(k.from), labelOf(k.to)
	expected := float64(s.Requests) * e.PerRequest.Or(1)
	switch {
	case slices.Contains(s.Kinds, "microtosca") && slices.Contains(t.Kinds, "microtosca"):
		item.Severity, item.Confidence, item.Shows.Kind, item.Shows.Place = analyzer.Medium, model.Strong, "microtosca", s.Place
		names("The drawing has %s and %s and no interaction between them.", a, b)
	case t.Fence != "":
		item.Severity, item.Confidence, item.Shows.Kind, item.Shows.Place = analyzer.Medium, model.Strong, "kubernetes", t.Fence
		item.Shows.Text = "not allowed"
		names("The network policies list who may call %s, and %s is not among them: where they are enforced, this call fails.", b, a)
	case slices.Contains(s.Kinds, "otel") && slices.Contains(t.Kinds, "otel") && s.Requests > 0:
		item.Shows.Kind, item.Confidence = "otel", model.Weak
		names("%s answered %s in the recording and never called %s.", a, quoted(s.Requests, "request"), b)
		if expected >= enough && !e.On.Has() {
			item.Severity, item.Confidence = analyzer.Medium, model.Medium
			item.Detail += fmt.Sprintf(" At the described %g a request about %.0f calls were to be expected.", e.PerRequest.Or(1), expected)
		}
	case c.addresses(from) > 0:
		item.Confidence, item.Shows.Kind, item.Shows.Place = model.Weak, cmp.Or(s.Kinds...), s.Place
		names("%s is configured with the addresses of %s, not with that of %s. It may have it compiled in.", a, quoted(c.addresses(from), "other"), b)
	default:
		return // the sources do not say whom this component calls
	}
	if item.Severity > analyzer.Info {
		item.Fix = fix("Remove the call", Op{At: e.Addr, Drop: true})
	}
	c.add(item)
}

// addresses counts the components whose addresses are in the configuration of an imported one.
func (c *comparison) addresses(from model.Addr) int {
	n := 0
	each(c.Source, func(x model.Entity, e *model.Call) {
		if x.Self().Addr != from {
			return
		}
		for _, ev := range c.Shown.Edges[e.Addr] {
			if strings.HasPrefix(ev.How, "address in") || strings.HasPrefix(ev.How, "name in") {
				n++
				return
			}
		}
	})
	return n
}

// each visits every call with the node that it starts at.
func each(m *model.Model, visit func(model.Entity, *model.Call)) {
	for _, n := range m.Nodes() {
		for _, e := range n.Out().Calls {
			visit(n, e)
		}
	}
	for _, x := range m.Externals {
		for _, e := range x.Calls {
			visit(x, e)
		}
	}
}

// weak reports whether nothing better than start order shows an edge.
func weak(evidence []model.Evidence) bool {
	return len(evidence) > 0 && evidence[0].Certainty == model.Weak
}
