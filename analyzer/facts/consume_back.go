package facts

import "github.com/archcheck/archcheck/dsl/model"

// callsBack reports whether an edge is a call to a node that publishes into a channel.
func (g *graph) callsBack(e *edge, ch int32) bool {
	if e.call == nil {
		return false
	}
	for _, id := range g.ents[ch].ins {
		if g.edges[id].from == e.to {
			return true
		}
	}
	return false
}

// callback is a call of a consumer to the publisher of what it consumes, made r times a second for messages of one channel.
func (f *Facts) callback(e *edge, ch int32, r interval) Callback {
	out := Callback{
		Call: string(e.addr), To: string(f.g.ents[e.to].addr), PerMessage: Exact(e.n), Rate: r.num(), Cached: Exact(1 - e.miss),
		Writes: Yes(e.call.Access.State == model.Stated && e.call.Access.V == "write"), Utilisation: f.rate[e.to].div(f.capacity[e.to]).num(),
	}
	all, n := f.callbacksTo(ch, e.to)
	out.OfAll, out.Consumers = all.num(), Exact(n)
	return out
}

// callbacksTo is what all consumers of a channel together ask a node for its messages, and how many of them do.
func (f *Facts) callbacksTo(ch, node int32) (total interval, consumers float64) {
	g := f.g
	total = zero
	for p := g.ents[ch].first; p < g.ents[ch].last; p++ {
		for k := range g.outArcs(p) {
			c := g.outArcs(p)[k].head // a consume of it
			asks, last := false, int32(-1)
			for i := range g.outArcs(c) {
				a := &g.outArcs(c)[i]
				if a.edge < 0 || a.edge == last || g.pairs[a.head].kind == pairWrites {
					continue
				}
				last = a.edge
				if e := &g.edges[a.edge]; e.call != nil && e.to == node {
					asks, total = true, total.add(f.r.rate(g, c).scale(e.n*e.miss))
				}
			}
			if asks {
				consumers++
			}
		}
	}
	return total, consumers
}
