package facts

import (
	"cmp"
	"slices"
)

// inner lists the calls of the operation that a call invokes that are hard, or may be, the one with the longest limit
// first.
func (f *Facts) inner(id int32) []InnerCall {
	site := f.g.callSite(&f.g.edges[id])
	if site < 0 {
		return []InnerCall{}
	}
	arcs := f.g.outArcs(site)
	out := make([]InnerCall, 0, len(arcs))
	for i := range arcs {
		a := &arcs[i]
		if a.async || a.edge < 0 || f.g.edges[a.edge].call == nil || !f.g.edges[a.edge].hard && !f.g.edges[a.edge].unseen {
			continue
		}
		o := &f.g.edges[a.edge]
		out = append(out, InnerCall{
			Addr: string(o.addr), To: string(f.g.ents[o.to].addr), Hard: o.hardFlag(), P99: f.t.times[o.to].p99.millis(), Writes: writesOf(o.call),
			Limit:  limitNum(o.call, f.t.limit[a.edge]),
			Budget: f.t.budget[a.edge].millis(), WorstCase: f.t.worst[a.edge].millis(), Attempts: Exact(o.attempts()),
			Repeats: Exact(o.appAttempts()), Fitting: Exact(f.t.fittingAttempts(id, a.edge, site)), RecLimit: f.innerLimit(id, a.edge), CacheHit: NumOf(o.call.CacheHit),
		})
	}
	longest := func(n Num) float64 {
		if n.HasValue() {
			return n.V
		}
		return -1
	}
	slices.SortFunc(out, func(a, b InnerCall) int {
		return cmp.Or(cmp.Compare(longest(b.Limit), longest(a.Limit)), cmp.Compare(a.Addr, b.Addr))
	})
	return out
}

// innerLimit is a limit for call in behind call out that ends within what the outer one allows and that the callee's
// healthy answers meet: the callee's recommended timeout if that fits, else none.
func (f *Facts) innerLimit(out, in int32) Num {
	most := least(f.t.limit[out], f.t.budget[in])
	rec := f.t.nine[f.g.edges[in].to]
	if most.known() && rec.known() && rec.v <= most.v {
		return point(rec.v).millis()
	}
	return Absent()
}
