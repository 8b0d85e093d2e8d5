package facts

import (
	"math"

	"github.com/archcheck/archcheck/dsl/model"
)

// End is what edges show of the entity at an address; nil for what is no entity. It is shared: do not change it.
func (f *Facts) End(addr model.Addr) *End {
	if i := f.g.ent(addr); i >= 0 {
		return f.end(i)
	}
	return nil
}

// Loss is the share of all traffic that fails when the entity at an address is lost, 0..1 (Q6), a range where unknown
// fallbacks decide; absent for what is no entity.
func (f *Facts) Loss(addr model.Addr) Num {
	i := f.g.ent(addr)
	if i < 0 {
		return Absent()
	}
	out := Exact(f.paths.blast[i])
	if f.fails != nil {
		most := Exact(f.fails.paths.blast[i])
		out.widen(&most, func() []string { return f.unseenAround(f.g.pairsOf(i)) })
	}
	return out
}

// TrafficKnown reports whether somebody states how many requests come in; else shares of traffic are shares of journeys.
func (f *Facts) TrafficKnown() bool { return f.paths.cov.Rated }

// ZoneLossLoad is the load on the replicas that are left when the fullest zone is lost, as a share of what they can
// serve: rate / (capacity per replica · (replicas − ⌈replicas/zones⌉)). It is unknown while rate, capacity, replicas or
// zones are, and infinite where nothing is left.
func (f *Facts) ZoneLossLoad(addr model.Addr) Num {
	i := f.g.ent(addr)
	if i < 0 {
		return Absent()
	}
	n, z := replicasOf(f.g.ents[i].of), zonesOf(f.g.ents[i].of)
	c, r := f.capacity[i], f.rate[i]
	if !n.HasValue() || !z.HasValue() || !c.known() || !r.known() || n.V < 1 || z.V < 1 || c.v <= 0 {
		return Unknown(0)
	}
	left := n.V - math.Ceil(n.V/z.V)
	if left <= 0 {
		return Exact(inf)
	}
	return Exact(r.v / (c.v / n.V * left))
}

// Rate is how many requests per second reach the entity at an address, or the callee of the call there; false where
// nobody knows exactly.
func (f *Facts) Rate(addr model.Addr) (float64, bool) {
	r := missing
	if i := f.g.ent(addr); i >= 0 {
		r = f.rate[i]
	} else if id := f.edgeAt(addr); id >= 0 {
		r = f.load[id]
	}
	return r.v, r.known() && r.lo == r.hi
}
