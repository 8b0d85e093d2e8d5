package facts

import (
	"math"

	"github.com/archcheck/archcheck/dsl/model"
)

// callRec computes the fixes of rules.md §4 for one call. What rests on a number that nobody knows is unknown; a policy
// then offers the rest of the fix.
func (f *Facts) callRec(id int32) CallRec {
	e := &f.g.edges[id]
	budget := f.t.budget[id]
	timeout := f.t.nine[e.to]
	switch f.g.ents[e.to].kind {
	case model.KindRegistry:
		timeout = missing
	}
	r := CallRec{
		Timeout: timeout.millis(), TimeoutFits: Yes(true), Deadline: Absent(), Pool: Absent(), PoolFits: Yes(true),
	}
	if budget.known() && timeout.known() {
		r.TimeoutFits = Yes(timeout.v <= budget.v)
	}
	// One attempt takes what it may take now, else what it should.
	try := f.t.limit[id]
	if !try.known() {
		try = timeout
	}
	r.Retry = f.recRetry(id)
	attempts := f.recAttempts(id, try, budget, r.Retry.backoff())
	r.Attempts, r.Retry.MaxAttempts = Exact(float64(attempts)), Exact(math.Max(2, float64(attempts)))
	if try.known() {
		all := point(WorstCase(try.v, inf, float64(attempts), r.Retry.backoff()))
		r.Deadline = least(budget, all).millis()
	}
	r.Breaker, r.BreakerFits = f.recBreaker(id, timeout)
	f.recBulkhead(id, &r)
	f.recPool(id, &r)
	if x, ok := f.g.ents[e.to].of.(*model.External); ok {
		r.RateLimit = RecLimit{RPS: NumOf(x.RPSLimit).interval(string(x.Addr) + ".rps_limit").scale(0.8).num(), Scope: Is("global"), OnLimit: Is("queue")}
	} else {
		r.RateLimit = RecLimit{RPS: f.capacity[e.to].scale(0.8).num(), Scope: Is("global"), OnLimit: Is("queue")}
	}
	return r
}

// recRetry is rec.backoff: exponential from the callee's median within 25 ms and 1 s, ten times that at most, full jitter,
// budget 10 %.
func (f *Facts) recRetry(id int32) RecRetry {
	initial := 100.0
	if p50 := f.t.times[f.g.edges[id].to].p50; p50.known() {
		initial = Nice(math.Min(math.Max(p50.v, 25), 1000))
	}
	ratio := Exact(0.1)
	ratio.setText(FormatRatio(0.1))
	return RecRetry{
		Backoff: Is("exponential"), InitialBackoff: point(initial).millis(), MaxBackoff: point(10 * initial).millis(),
		Jitter: Is("full"), Budget: ratio,
	}
}

func (r RecRetry) backoff() Backoff {
	return Backoff{Initial: r.InitialBackoff.V, Multiplier: 2, Max: r.MaxBackoff.V}
}

// recAttempts is rec.attempts: as many of at most three tries as the budget holds; one if the call is not idempotent or
// another layer on the path tries again already. The waits are those of the policy in force, else the recommended ones.
func (f *Facts) recAttempts(id int32, try, budget interval, rec Backoff) int {
	e := &f.g.edges[id]
	if !e.call.Idempotent.Or(false) {
		return 1
	}
	for _, l := range e.layers {
		if l.at == "mesh" {
			return 1
		}
	}
	for _, p := range e.tails {
		if f.k.retryAbove[p] {
			return 1
		}
	}
	if site := f.g.callSite(e); site >= 0 && f.k.retryBelow[site] {
		return 1
	}
	b := e.backoff()
	if b.Initial == 0 {
		b = rec
	}
	switch {
	case !try.known():
		return 1
	case !budget.known():
		return 3
	}
	return FittingAttempts(try.v, budget.v, b, 3)
}

// recBreaker is rec.cb. Its times follow the smaller one of the recommended timeout and the limit in force, so that the
// breaker fits the call as it is.
func (f *Facts) recBreaker(id int32, timeout interval) (RecBreaker, Flag) {
	per := f.perReplica(id)
	limit := f.t.limit[id]
	if limit.known() && !(timeout.v <= limit.v) { // a call counts as slow before it is cut off
		timeout = limit
	}
	ratio := func(x float64) Num {
		n := Exact(x)
		n.setText(FormatRatio(x))
		return n
	}
	b := RecBreaker{
		FailureRate: ratio(0.5), Window: Absent(), MinCalls: Absent(), SlowCall: Absent(), SlowRate: Absent(),
		OpenFor: point(60 * second).millis(), HalfOpen: Absent(),
	}
	fits := Yes(true)
	if per.known() && per.v > 0 {
		calls := math.Min(math.Max(math.Ceil(10*per.v-1e-9), 20), 100)
		b.MinCalls = Exact(calls)
		b.Window = point(Nice(math.Max(10*second, 2*calls/per.v*second))).millis()
		fits = Yes(per.v >= 0.33)
	}
	if timeout.known() && !math.IsInf(timeout.v, 1) {
		b.SlowCall, b.SlowRate = point(Nice(0.8*timeout.v)).millis(), ratio(0.8)
		open := math.Max(5*timeout.v, 5*second)
		if limit.known() && !math.IsInf(limit.v, 1) { // probes must not meet the same hang
			open = math.Max(open, 2*limit.v)
		}
		b.OpenFor = point(math.Min(open, 60*second)).millis()
		if per.known() {
			b.HalfOpen = Exact(f.recProbes(id, math.Ceil(per.v*timeout.v/second/4-1e-9)))
		}
	}
	return b, fits
}

// recProbes is half_open: 3 to 10, but no more than make a quarter of what the callee serves in a second, all replicas of
// the caller taken together.
func (f *Facts) recProbes(id int32, want float64) float64 {
	e := &f.g.edges[id]
	probes := math.Min(math.Max(want, 3), 10)
	n, most := replicasOf(f.g.ents[e.from].of), f.capacity[e.to]
	if n.HasValue() && most.known() {
		probes = math.Min(probes, math.Max(1, math.Floor(most.v/4/n.V)))
	}
	return probes
}

// recBulkhead is rec.bulkhead; it fits if it takes at most half of the caller's slots.
func (f *Facts) recBulkhead(id int32, r *CallRec) {
	slots := f.slots(f.g.edges[id].from)
	k := f.inFlight(id).apply(BulkheadSlots)
	r.Bulkhead.MaxConcurrent = k.num()
	r.BulkheadFits = Yes(!(k.known() && slots.known() && k.v > slots.v/2))
	if r.Bulkhead.MaxConcurrent.State == model.Unknown && slots.known() { // half of the slots is the most that isolates
		r.Bulkhead.MaxConcurrent = Exact(math.Max(1, math.Floor(slots.v/2)))
		r.Bulkhead.MaxConcurrent.setNeeds(k.needs...)
	}
}

// recPool is rec.pool: the caller's share, by rate, of 90 % of the database's connections, over its replicas at surge.
func (f *Facts) recPool(id int32, r *CallRec) {
	e := &f.g.edges[id]
	d, ok := f.g.ents[e.to].of.(*model.Datastore)
	n := replicasOf(f.g.ents[e.from].of)
	if !ok || !d.MaxConnections.Has() || !n.HasValue() {
		return
	}
	share, total, users := 1.0, 0.0, 0
	for _, k := range f.g.ents[e.to].ins {
		if f.g.edges[k].call != nil {
			users++
			if f.load[k].known() {
				total += f.load[k].v
			}
		}
	}
	switch {
	case total > 0 && f.load[id].known():
		share = f.load[id].v / total
	case users > 0:
		share = 1 / float64(users)
	}
	all := n.V + f.surge(e.from, n.V)
	pool := math.Floor((1 - f.params.ConnectionReserve) * float64(d.MaxConnections.V) * share / all)
	r.Pool = Exact(math.Max(1, pool))
	if need := f.inFlight(id).apply(BulkheadSlots); need.known() {
		r.PoolFits = Yes(pool >= need.v)
	} else {
		r.PoolFits = Yes(pool >= 1)
	}
}

// surge is how many extra replicas of a worker a deploy starts: a share for rolling and canary, as many again for
// blue_green; unstated on kubernetes 25 %, elsewhere none.
func (f *Facts) surge(i int32, n float64) float64 {
	w, ok := f.g.ents[i].of.(model.Worker)
	if !ok {
		return 0
	}
	v := w.Work().Deploy
	if v.V == nil || !v.V.Strategy.Has() {
		if f.system.Platform.V == "kubernetes" {
			return Surge(n, 0.25)
		}
		return 0
	}
	switch v.V.Strategy.V {
	case "blue_green":
		return n
	case "rolling", "canary":
		return Surge(n, v.V.MaxSurge.Or(0.25))
	}
	return 0
}
