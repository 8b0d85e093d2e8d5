package facts

import (
	"math"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) callLimits(id int32) CallLimits {
	e := &f.g.edges[id]
	l := CallLimits{
		CallsPerWindow: Absent(), FillTime: Absent(), FailuresToOpen: Absent(), FailureFloor: Absent(), ProbeShare: Absent(),
		TwiceLimit:      f.t.limit[id].scale(2).millis(),
		BulkheadBlocked: Absent(), BulkheadRate: Absent(), BulkheadShare: Absent(), BulkheadsTotal: Absent(), QueueWait: Absent(),
		WaitAndTimeout: Absent(), PoolBlocked: Absent(), SlotsPerConn: Absent(), LimitPerReplica: f.limitPerReplica(e),
	}
	f.breakerLimits(id, &l)
	f.bulkheadLimits(id, &l)
	if e.call.Pool.Has() {
		pool := e.call.Pool.V
		l.PoolBlocked = f.inFlight(id).apply(func(r float64) float64 { return ErlangB(r, pool) }).num()
		l.SlotsPerConn = f.slots(e.from).scale(1 / float64(pool)).num()
	}
	return l
}

func (f *Facts) breakerLimits(id int32, l *CallLimits) {
	e := &f.g.edges[id]
	if a := f.g.ownAvailability(f.as, e.to, f.rate[e.to]); !a.absent() {
		l.FailureFloor = Num{State: model.Derived, Lo: 3 * (1 - a.hi), V: 3 * (1 - a.v), Hi: 3 * (1 - a.lo), Assumes: a.as, notes: needing(a.needs...)}
	}
	v := e.call.CircuitBreaker
	if !v.Has() || v.V == nil {
		return
	}
	cb, per := v.V, f.perReplica(id)
	if w := cb.Window; w.Has() && w.V.Time > 0 {
		l.CallsPerWindow = per.scale(w.V.Time.Seconds()).num()
	} else if w.Has() && cb.FailureRate.Has() {
		l.FailuresToOpen = Exact(math.Ceil(float64(w.V.Count)*cb.FailureRate.V - 1e-9)) // 30 times 10 % is 3, not 4
	}
	if cb.MinCalls.Has() {
		l.FillTime = point(float64(cb.MinCalls.V)).div(per).scale(second).millis()
	}
	if cb.HalfOpen.Has() {
		n := replicasOf(f.g.ents[e.from].of).interval(string(f.g.ents[e.from].addr) + ".scale.replicas")
		l.ProbeShare = n.scale(float64(cb.HalfOpen.V)).div(f.capacity[e.to]).num()
	}
}

func (f *Facts) bulkheadLimits(id int32, l *CallLimits) {
	e := &f.g.edges[id]
	slots := f.slots(e.from)
	total, most, largest := 0.0, 0, model.Addr("")
	for _, k := range f.g.ents[e.from].out {
		if o := f.g.edges[k].call; o != nil && o.Bulkhead.Has() && o.Bulkhead.V != nil {
			n := o.Bulkhead.V.MaxConcurrent.Or(0)
			total += float64(n)
			if n > most || n == most && o.Addr < largest {
				most, largest = n, o.Addr
			}
		}
	}
	l.BulkheadLargest = Yes(largest == e.addr)
	if total > 0 {
		l.BulkheadsTotal = point(total).div(slots).num()
	}
	v := e.call.Bulkhead
	if !v.Has() || v.V == nil || !v.V.MaxConcurrent.Has() {
		return
	}
	k, queue := v.V.MaxConcurrent.V, v.V.Queue.Or(0)
	mean := f.t.times[e.to].mean
	l.BulkheadBlocked = f.inFlight(id).apply(func(r float64) float64 { return ErlangB(r, k+queue) }).num()
	l.BulkheadRate = point(float64(k) * second).div(mean).num()
	l.BulkheadShare = point(float64(k)).div(slots).num()
	l.QueueWait = mean.scale(float64(queue) / math.Max(1, float64(k))).millis()
	if wait := MillisOf(v.V.MaxWait); wait.HasValue() {
		l.WaitAndTimeout = point(wait.V).add(f.t.limit[id]).millis()
	}
}

// limitPerReplica is what the rate limit of a call leaves to one replica of the caller.
func (f *Facts) limitPerReplica(e *edge) Num {
	v := e.call.RateLimit
	if !v.Has() || v.V == nil || !v.V.RPS.Has() {
		return Absent()
	}
	if v.V.Scope.Or("global") == "replica" {
		return Exact(v.V.RPS.V)
	}
	u := &f.g.ents[e.from]
	return point(v.V.RPS.V).div(replicasOf(u.of).interval(string(u.addr) + ".scale.replicas")).num()
}
