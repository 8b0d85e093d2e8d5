package facts

import (
	"math"

	"github.com/archcheck/archcheck/dsl/model"
)

// ownAvailability is A_own(x) of Q3: stated, or from replicas and the default assumptions. load is what reaches it, as a
// count of replicas that have to work.
func (g *graph) ownAvailability(as *assume, i int32, load interval) interval {
	x := g.ents[i].of
	var stated model.Value[float64]
	switch e := x.(type) {
	case model.Worker:
		stated = e.Work().Availability
	case *model.Datastore:
		stated = e.Availability
	case *model.Broker:
		stated = e.Availability
	case *model.Registry:
		stated = e.Availability
	case *model.External:
		if stated = e.Availability; !stated.Has() {
			a := as.external
			a.needs = []string{string(e.Addr) + ".availability"}
			return a
		}
	case *model.Topic, *model.Queue:
		if b := g.brokerOf(i); b != i {
			return g.ownAvailability(as, b, load)
		}
	default:
		return missing
	}
	if stated.Has() {
		return point(stated.V)
	}
	if _, ok := x.(model.Worker); ok {
		return as.replicated(replicasOf(x), capacityPerReplica(x), load)
	}
	if zones := zonesOf(x); zones.HasValue() && zones.V >= 2 && engineOf(x) {
		return as.storeMulti
	}
	return as.storeSingle
}

// replicated is the availability of n replicas of which ⌈load/capacity⌉ have to work.
func (a *assume) replicated(n Num, capacity float64, load interval) interval {
	r := n.interval()
	if !n.HasValue() {
		r = a.replicas
	}
	need := func(rate, n float64) int {
		if !(capacity > 0) || !(rate > 0) {
			return 1
		}
		return int(math.Min(math.Max(1, math.Ceil(rate/capacity-1e-9)), n))
	}
	at := func(u, beta, n, rate float64) float64 {
		n = math.Min(math.Max(1, n), 64) // beyond that only the common cause counts
		return Redundant(int(n), need(rate, n), u, beta)
	}
	out := a.instance.with(a.commonCause, 0, 0, 0).with(r, 0, 0, 0)
	out.needs = nil
	rate, most := load.v, load.hi
	if math.IsNaN(rate) {
		rate = load.lo
	}
	if math.IsInf(most, 1) || math.IsNaN(most) {
		most = rate
	}
	if out.v = at(a.instance.v, a.commonCause.v, r.v, rate); r.v == 1 && r.lo == r.hi {
		out.as &^= AssumeCommonCause
	}
	out.lo = math.Min(out.v, at(a.instance.lo, a.commonCause.hi, r.lo, most))
	out.hi = math.Max(out.v, at(a.instance.hi, a.commonCause.lo, r.hi, load.lo))
	return out
}

func capacityPerReplica(x model.Entity) float64 {
	if s := scaleOf(x); s != nil && s.Capacity.Has() {
		return s.Capacity.V
	}
	return 0
}

func engineOf(x model.Entity) bool {
	switch e := x.(type) {
	case *model.Datastore:
		return e.Engine.Has()
	case *model.Broker:
		return e.Engine.Has()
	case *model.Registry:
		return e.Engine.Has()
	case *model.Queue:
		return e.Engine.Has()
	}
	return false
}
