package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// newGraph builds the graph of a model in time linear in its edges. Where nobody knows whether something answers when a
// call fails, answered decides.
func newGraph(m *model.Model, answered bool) *graph {
	g := &graph{m: m, answered: answered, byAd: map[model.Addr]int32{}}
	g.addEntities()
	g.addEdges()
	g.addPairs()
	g.addArcs()
	g.index()
	g.syncOrder, g.syncComp = g.condense(func(a *arc) bool { return !a.async })
	g.allOrder, g.allComp = g.condense(func(*arc) bool { return true })
	return g
}

func (g *graph) addEntities() {
	add := func(e model.Entity) {
		b := e.Self()
		g.byAd[b.Addr] = int32(len(g.ents))
		g.ents = append(g.ents, ent{addr: b.Addr, kind: b.Kind, of: e})
	}
	m := g.m
	for _, n := range m.Nodes() {
		add(n)
	}
	for _, x := range m.Externals {
		add(x)
	}
	for _, d := range m.Datastores {
		add(d)
	}
	for _, b := range m.Brokers {
		add(b)
	}
	for _, t := range m.Topics {
		add(t)
	}
	for _, q := range m.Queues {
		add(q)
	}
	for _, r := range m.Registries {
		add(r)
	}
	for _, gw := range m.Gateways {
		g.ents[g.byAd[gw.Addr]].routing = gw.Routes()
	}
}

// edgesOf returns what leaves an entity.
func edgesOf(e model.Entity) (calls []*model.Call, pubs []*model.Publish, cons []*model.Consume) {
	switch x := e.(type) {
	case model.Node:
		o := x.Out()
		return o.Calls, o.Publishes, o.Consumes
	case *model.External:
		return x.Calls, nil, nil
	case *model.Datastore:
		return nil, x.Publishes, nil
	}
	return nil, nil, nil
}

func (g *graph) addEdges() {
	for i := range g.ents {
		calls, pubs, _ := edgesOf(g.ents[i].of)
		groups := map[string]int32{}
		for _, c := range calls {
			to := g.ent(c.To.V)
			if to < 0 {
				continue
			}
			e := edge{addr: c.Addr, from: int32(i), to: to, call: c, n: c.PerRequest.Or(1), missLo: 1, miss: 1, missHi: 1}
			switch {
			case c.CacheHit.Has():
				e.missLo = 1 - c.CacheHit.V
				e.miss, e.missHi = e.missLo, e.missLo
			case c.CacheHit.IsUnknown() && c.CacheHit.Written:
				e.missLo = 0
			}
			e.unseen = c.Fallback.IsUnknown()
			e.hard = c.Fallback.Or("fail") == "fail" && !(e.unseen && g.answered)
			e.parallel, e.anyOf = group(groups, "p:", c.Parallel), group(groups, "a:", c.AnyOf)
			g.retries(&e)
			g.ents[to].called = true
			if fb := g.ent(model.Addr(c.Fallback.Or(""))); fb >= 0 {
				g.ents[fb].fallback = true
			}
			g.addEdge(e)
		}
		for _, p := range pubs {
			if to := g.ent(p.To.V); to >= 0 {
				e := edge{addr: p.Addr, from: int32(i), to: to, pub: p, n: p.PerRequest.Or(1), missLo: 1, miss: 1, missHi: 1, m: [3]float64{1, 1, 1}}
				needed := p.Loss.Or("intolerable") != "tolerable"
				e.unseen = needed && p.Outbox.IsUnknown()
				e.hard = needed && !p.Outbox.Has() && !(e.unseen && g.answered)
				g.addEdge(e)
			}
		}
	}
}

func (g *graph) addEdge(e edge) {
	id := int32(len(g.edges))
	g.edges = append(g.edges, e)
	g.ents[e.from].out = append(g.ents[e.from].out, id)
	g.ents[e.to].ins = append(g.ents[e.to].ins, id)
}

func group(groups map[string]int32, kind string, v model.Value[string]) int32 {
	if !v.Has() || v.V == "" {
		return 0
	}
	id, ok := groups[kind+v.V]
	if !ok {
		id = int32(len(groups) + 1)
		groups[kind+v.V] = id
	}
	return id
}

// addPairs gives every entity its triggers: the plain request where some caller names no operation (or nothing at all
// makes it act), the operations that callers name, its consume blocks.
func (g *graph) addPairs() {
	for i := range g.ents {
		x := &g.ents[i]
		x.first = int32(len(g.pairs))
		add := func(k pairKind, name string, c *model.Consume) {
			g.pairs = append(g.pairs, pair{ent: int32(i), kind: k, name: name, consume: c})
		}
		calls, pubs, cons := edgesOf(x.of)
		switch x.kind {
		case model.KindClient:
			add(pairSource, "", nil)
		case model.KindExternal:
			add(pairSink, "", nil)
			if len(calls) > 0 {
				add(pairSource, "", nil)
			}
		case model.KindGateway, model.KindService:
			plain, ops := g.callersOf(x)
			if plain || len(ops) == 0 && len(cons) == 0 {
				add(pairPlain, "", nil)
			}
			for _, op := range ops {
				add(pairOp, op, nil)
			}
			for _, c := range cons {
				add(pairConsume, c.Label, c)
			}
		default:
			add(pairSink, "", nil)
			if len(pubs) > 0 {
				add(pairWrites, "", nil)
			}
		}
		x.last = int32(len(g.pairs))
	}
}

func (g *graph) callersOf(x *ent) (plain bool, ops []string) {
	seen := map[string]bool{}
	for _, id := range x.ins {
		switch c := g.edges[id].call; {
		case c == nil:
		case !c.Op.Has():
			plain = true
		case !seen[c.Op.V]:
			seen[c.Op.V] = true
			ops = append(ops, c.Op.V)
		}
	}
	slices.Sort(ops)
	return plain, ops
}

// uses reports whether trigger p of an entity uses an edge (rules.md §1.1.6), and whether only some of its requests may.
func (g *graph) uses(x *ent, p *pair, e *edge) (uses, maybe bool) {
	on := model.Value[[]string]{}
	if e.call != nil {
		on = e.call.On
	} else {
		on = e.pub.On
	}
	switch p.kind {
	case pairSource:
		return true, false
	case pairWrites:
		return e.pub != nil, false
	case pairSink:
		return false, false
	case pairConsume:
		if on.Has() {
			return slices.Contains(on.V, p.name), false
		}
		return !x.called && (e.pub == nil || e.pub.To.V != p.consume.From.V), false
	case pairOp:
		return !on.Has() || slices.Contains(on.V, p.name), false
	}
	if !on.Has() {
		return true, false
	}
	for o := x.first; o < x.last; o++ { // a plain request may be any operation
		if q := &g.pairs[o]; q.kind == pairOp && slices.Contains(on.V, q.name) {
			return true, true
		}
	}
	return false, false
}

func (g *graph) addArcs() {
	consumers := map[model.Addr][]int32{} // consume pairs of services and gateways by what they take from
	for i := range g.pairs {
		if p := &g.pairs[i]; p.kind == pairConsume {
			consumers[p.consume.From.V] = append(consumers[p.consume.From.V], int32(i))
		}
	}
	for i := range g.pairs {
		p := &g.pairs[i]
		x := &g.ents[p.ent]
		for _, id := range x.out {
			e := &g.edges[id]
			uses, maybe := g.uses(x, p, e)
			if !uses {
				continue
			}
			e.tails = append(e.tails, int32(i))
			if e.call != nil {
				g.callArcs(int32(i), id, maybe)
			} else {
				g.publishArcs(int32(i), id, maybe)
			}
		}
		if p.kind == pairSink && (x.kind == model.KindTopic || x.kind == model.KindQueue) {
			g.messageArcs(int32(i), consumers[x.addr])
		}
	}
}

func (g *graph) addArc(a arc) {
	if a.maybe {
		a.lo = 0
	}
	if a.edge >= 0 && !a.async { // here too: walks over arcs then touch no edges
		a.hard, a.retries = g.edges[a.edge].hard, g.edges[a.edge].attempts() > 1
	}
	g.arcs = append(g.arcs, a)
}

func (g *graph) callArcs(tail, id int32, maybe bool) {
	e := &g.edges[id]
	head := g.callSite(e)
	if head < 0 {
		return
	}
	g.addArc(arc{tail: tail, head: head, edge: id, w: e.n * e.miss, lo: e.n * e.missLo, hi: e.n * e.missHi, maybe: maybe})
	for p := g.ents[e.to].first; p < g.ents[e.to].last; p++ {
		if g.pairs[p].kind == pairWrites && e.call.Access.Or("write") == "write" {
			w := e.n * e.call.WriteRatio.Or(1)
			a := arc{tail: tail, head: p, edge: id, w: w, lo: w, hi: w, async: true, maybe: maybe}
			if !e.call.Access.Has() {
				a.lo = 0
			}
			g.addArc(a)
		}
	}
}

// publishArcs: the message goes to the topic; the caller waits for the broker's ack unless an outbox stands between.
func (g *graph) publishArcs(tail, id int32, maybe bool) {
	e := &g.edges[id]
	waits := !e.pub.Outbox.Has() && g.pairs[tail].kind != pairWrites
	a := arc{tail: tail, head: g.ents[e.to].first, edge: id, w: e.n, lo: e.n, hi: e.n, async: true, maybe: maybe}
	if b := g.brokerOf(e.to); b != e.to {
		g.addArc(a)
		a.head = g.ents[b].first
	}
	a.async = !waits
	g.addArc(a)
}

// brokerOf is the broker of a topic or queue, or the topic or queue itself where none is named.
func (g *graph) brokerOf(t int32) int32 {
	var b model.Value[model.Addr]
	switch x := g.ents[t].of.(type) {
	case *model.Topic:
		b = x.Broker
	case *model.Queue:
		b = x.Broker
	}
	if i := g.ent(b.Or("")); i >= 0 {
		return i
	}
	return t
}

// messageArcs: every consuming service gets every message of a topic (a broadcast: every replica), and an equal share of
// a queue's.
func (g *graph) messageArcs(tail int32, consumers []int32) {
	perEnt := map[int32]float64{}
	for _, c := range consumers {
		perEnt[g.pairs[c].ent]++
	}
	for _, c := range consumers {
		w := 1.0
		if g.ents[g.pairs[tail].ent].kind == model.KindQueue {
			w = 1 / float64(len(perEnt)) / perEnt[g.pairs[c].ent]
		}
		a := arc{tail: tail, head: c, edge: -1, w: w, lo: w, hi: w, async: true}
		if g.pairs[c].consume.Broadcast.Or(false) {
			n := replicasOf(g.ents[g.pairs[c].ent].of)
			if a.hi = inf; n.HasValue() {
				a.lo, a.w, a.hi = n.Lo, n.V, n.Hi
			}
		}
		g.addArc(a)
	}
}

// index sorts the arcs by tail (they are built in that order) and lists them by head.
func (g *graph) index() {
	n := len(g.pairs)
	g.outAt, g.inAt = make([]int32, n+1), make([]int32, n+1)
	for i := range g.arcs {
		g.outAt[g.arcs[i].tail+1]++
		g.inAt[g.arcs[i].head+1]++
	}
	for p := range n {
		g.outAt[p+1] += g.outAt[p]
		g.inAt[p+1] += g.inAt[p]
	}
	g.in = make([]int32, len(g.arcs))
	fill := slices.Clone(g.inAt)
	g.waited, g.selfCall = make([]bool, n), make([]bool, n)
	for i := range g.arcs {
		h := g.arcs[i].head
		g.waited[h] = g.waited[h] || !g.arcs[i].async
		g.selfCall[h] = g.selfCall[h] || g.arcs[i].tail == h
		g.in[fill[h]] = int32(i)
		fill[h]++
	}
}
