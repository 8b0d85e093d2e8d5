package facts

import (
	"github.com/archcheck/archcheck/dsl/model"
)

// Outage is what a single copy costs: the outage to be expected of the heaviest journey that fails with it, what the
// journey's objective allows, and what is left with a second copy in a second zone (Q3 of rules.md, once with each).
// All are absent where redundancy is not known to lack, or where nobody states an objective.
type Outage struct {
	Window    Num `fact:"window" unit:"ms" doc:"window of the objective"`
	Expected  Num `fact:"expected" unit:"minutes" doc:"predicted loss of that journey in one window"`
	Allowed   Num `fact:"allowed" unit:"minutes" doc:"loss that the objective allows in one window"`
	Redundant Num `fact:"redundant" unit:"minutes" doc:"predicted loss with two copies in two zones instead"`
}

func noOutage() Outage { return Outage{Absent(), Absent(), Absent(), Absent()} }

// unknown leaves open what there is of it.
func (o *Outage) unknown(needs []string) {
	for _, n := range []*Num{&o.Window, &o.Expected, &o.Allowed, &o.Redundant} {
		if n.HasRange() {
			*n = Num{State: model.Unknown, V: nan, Hi: inf, notes: needing(needs...)}
		}
	}
}

func (f *Facts) outage(ent int32, single Flag) Outage {
	out := noOutage()
	p := f.paths
	if !single.State.HasValue() || !single.V || len(p.worst[ent]) == 0 {
		return out
	}
	j := &p.js[p.worst[ent][0]]
	slo := f.objective(j)
	if !slo.Availability.HasValue() {
		return out
	}
	window := slo.Window.V / minute
	loss := func(own interval) Num {
		before := p.avail[ent]
		p.avail[ent] = own
		defer func() { p.avail[ent] = before }()
		n := complement(p.c.product(f.g.closureOf(p.c, j), nil)).scale(window).num()
		n.setText(minutes(n.V))
		return n
	}
	out.Window, out.Expected, out.Redundant = slo.Window, loss(p.avail[ent]), loss(f.redundant(ent))
	out.Allowed = point((1 - slo.Availability.V) * window).num()
	out.Allowed.setText(minutes(out.Allowed.V))
	return out
}

// redundant is the availability of an entity with two copies in two zones.
func (f *Facts) redundant(ent int32) interval {
	x := f.g.ents[ent].of
	if _, ok := x.(model.Worker); ok {
		return f.as.replicated(Exact(2), capacityPerReplica(x), f.rate[ent])
	}
	return f.as.storeMulti
}
