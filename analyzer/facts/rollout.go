package facts

import (
	"math"
	"strconv"

	"github.com/archcheck/archcheck/dsl/model"
)

// Rollout is how a new version of a workload reaches users, and what its release would notice (Q16, Q17).
type Rollout struct {
	Strategy       Word      `fact:"release_strategy" doc:"how it is released: stated, or what the platform does"`
	Coexist        Flag      `fact:"versions_coexist" doc:"old and new version run side by side during a release"`
	Removed        Num       `fact:"removed" unit:"count" doc:"copies that a rolling release takes away: ⌊replicas · max_unavailable⌋"`
	RollingLoad    Num       `fact:"utilisation_rolling" unit:"ratio" doc:"ρu: load of the copies left during a rolling release; absent for other strategies"`
	FirstStep      Num       `fact:"first_step" unit:"ratio" doc:"w: share of traffic of the canary's first step"`
	Samples        Num       `fact:"canary_samples" unit:"count" doc:"requests that the first step sees: rate · w · bake"`
	SamplesNeeded  Num       `fact:"canary_samples_needed" unit:"count" doc:"n: requests that tell p0 = 1−SLO from p1 = 5·p0 in an exact binomial test"`
	BakeNeeded     Num       `fact:"canary_bake_needed" unit:"ms" doc:"n / (rate · w)"`
	BudgetBurnt    Num       `fact:"canary_budget_burnt" unit:"ratio" doc:"share of the window's error budget that a wholly broken first step spends: w · bake / (window · (1−SLO))"`
	StepWeight     Num       `fact:"replica_weight" unit:"ratio" doc:"smallest share without traffic routing: 1 / replicas"`
	TenthTakes     Num       `fact:"canary_at_tenth" unit:"ms" doc:"time that a canary of 10 % takes to see enough: n / (rate · 10 %)"`
	Canary         RecCanary `fact:"rec_canary" doc:"a canary that sees enough within 30 minutes a step; absent where none does"`
	RequestsInRace Num       `fact:"requests_in_race" unit:"count" doc:"requests per release that race the removal of endpoints: rate · 5 s"`
	DeploysWeekly  Num       `fact:"deploys_per_week" unit:"count" doc:"releases per week"`
	LongestWork    Num       `fact:"longest_work" unit:"ms" doc:"longest work under way: max(S of its requests, p99.9, batch · mean up to batch · p99)"`
	StopTime       Num       `fact:"stop_time" unit:"ms" doc:"drain plus longest_work: what grace has to leave"`
	RecDrain       Num       `fact:"rec_drain" unit:"ms" doc:"max(10 s, p99.9, endpoint propagation of 5 s plus the registry's fetch)"`
	RecGrace       Num       `fact:"rec_grace" unit:"ms" doc:"drain, stated or recommended, plus the larger one of 10 s and longest_work"`
	OnlyIdempotent Flag      `fact:"only_idempotent_consumes" doc:"nothing but idempotent consumes make it act"`
	RollbackTime   Num       `fact:"rollback_time" unit:"ms" doc:"time of a full roll back: ⌈replicas / (⌈replicas · max_surge⌉ + ⌊replicas · max_unavailable⌋)⌉ · start; absent while start or replicas are unknown"`
}

// RecCanary is rec.canary of rules.md §4.
type RecCanary struct {
	FirstStep Num `fact:"first_step" unit:"ratio" doc:"smallest of 1, 5 and 10 % that sees enough within 30 minutes"`
	Bake      Num `fact:"bake" unit:"ms" doc:"time of that step, rounded up to a minute"`
}

// raceWindow is how long endpoints of a stopping copy still receive requests while the removal propagates.
const raceWindow = 5.0

func (f *Facts) rollout(i int32) Rollout {
	x := &f.g.ents[i]
	w, ok := x.of.(model.Worker)
	if !ok {
		return Rollout{}
	}
	strategy, _ := f.release(i)
	if strategy.State == model.Unknown {
		strategy.setNeeds(string(x.addr) + ".deploy.strategy")
	}
	gone := Absent()
	out := Rollout{
		Strategy: strategy, Coexist: Flag{State: model.Unknown}, Removed: gone, RollingLoad: gone, FirstStep: gone,
		Samples: gone, SamplesNeeded: gone, BakeNeeded: gone, BudgetBurnt: gone, StepWeight: gone, TenthTakes: gone,
		Canary: RecCanary{gone, gone}, RequestsInRace: f.rate[i].scale(raceWindow).num(), DeploysWeekly: f.as.deploys.num(), RollbackTime: gone,
	}
	if strategy.State.HasValue() {
		out.Coexist = Yes(strategy.V == "rolling" || strategy.V == "canary" || strategy.V == "blue_green")
	}
	n := replicasOf(w).interval(string(x.addr) + ".scale.replicas")
	out.StepWeight = point(1).div(n).num()
	d := valueOf(w.Work().Deploy)
	if strategy.V == "rolling" {
		unavailable := 0.25
		if d != nil {
			unavailable = d.MaxUnavailable.Or(0.25)
		}
		removed := n.apply(func(n float64) float64 { return Removed(n, unavailable) })
		left := n.apply(func(n float64) float64 { return n - Removed(n, unavailable) })
		out.Removed, out.RollingLoad = removed.num(), f.rate[i].div(left.mul(f.perReplicaCapacity(i))).num()
	}
	f.canary(i, f.objectiveOf(w), d, &out)
	f.stopping(i, d, &out)
	if d != nil && d.Start.Has() && strategy.V == "rolling" && n.known() {
		if step := Surge(n.v, d.MaxSurge.Or(0.25)) + Removed(n.v, d.MaxUnavailable.Or(0.25)); step > 0 {
			out.RollbackTime = point(math.Ceil(n.v/step-1e-9) * MillisOf(d.Start).V).millis()
		}
	}
	return out
}

// stopping says how long a copy needs to stop without breaking off work.
func (f *Facts) stopping(i int32, d *model.Deploy, out *Rollout) {
	g, x := f.g, &f.g.ents[i]
	work, only := zero, x.first < x.last
	for p := x.first; p < x.last; p++ {
		c := g.pairs[p].consume
		if c == nil {
			only = false
			work = work.max(f.t.service[p])
			continue
		}
		only = only && c.Idempotent.Has() && c.Idempotent.V
		if ch := g.ent(c.From.V); ch >= 0 {
			t := f.consumeDelivery(c, x.of.(model.Node), ch, f.as.timesFrom(valueOf(c.Latency), string(c.Addr)+".latency")).NeededTime
			if t.HasValue() {
				work = work.max(t.interval())
			}
		}
	}
	tail := f.t.times[i].nine
	drain := point(10 * second)
	if tail.known() {
		tail.lo, tail.hi = tail.v, tail.v
		work, drain = work.max(tail), drain.max(tail)
	}
	if w, ok := x.of.(model.Worker); ok {
		if r, ok := f.m.Lookup(model.Addr(w.Work().Discovery.Or(""))).(*model.Registry); ok {
			drain = drain.max(point(raceWindow * second).add(MillisOf(r.Fetch).interval()))
		}
	}
	drain = drain.apply(Nice)
	out.OnlyIdempotent, out.LongestWork, out.RecDrain, out.StopTime = Yes(only), work.millis(), drain.millis(), Absent()
	have := drain
	if d != nil && d.Drain.Has() {
		have = MillisOf(d.Drain).interval()
		out.StopTime = have.add(work).millis()
	}
	out.RecGrace = have.add(work.max(point(10 * second))).apply(Nice).millis()
}

// perReplicaCapacity is what one copy can serve.
func (f *Facts) perReplicaCapacity(i int32) interval {
	if per := capacityPerReplica(f.g.ents[i].of); per > 0 {
		return point(per)
	}
	return open(string(f.g.ents[i].addr) + ".scale.capacity")
}

// canary is Q17 against the objective.
func (f *Facts) canary(i int32, slo Num, d *model.Deploy, out *Rollout) {
	if !slo.HasValue() || !(slo.V < 1) {
		return
	}
	p0 := 1 - slo.V
	n, _ := f.sampleSize(p0)
	if n == 0 {
		return
	}
	rate := f.rate[i]
	out.SamplesNeeded = Exact(float64(n))
	out.TenthTakes = wholeHours(point(float64(n) * second).div(rate.scale(0.1)).millis())
	if rate.known() && rate.v > 0 {
		for _, w := range []float64{0.01, 0.05, 0.10} {
			if t := float64(n) / (rate.v * w) * second; t <= 30*minute {
				out.Canary = RecCanary{Exact(w), point(math.Ceil(t/minute-1e-9) * minute).millis()}
				out.Canary.FirstStep.setText(FormatRatio(w))
				break
			}
		}
	}
	if d == nil || out.Strategy.V != "canary" || !d.Steps.Has() || len(d.Steps.V) == 0 {
		return
	}
	w := d.Steps.V[0]
	out.FirstStep = Exact(w)
	out.FirstStep.setText(FormatRatio(w))
	out.BakeNeeded = point(float64(n) * second).div(rate.scale(w)).millis()
	if !d.Bake.Has() {
		return
	}
	bake, window := MillisOf(d.Bake).V, 30*day
	if f.system.SLO.Window.HasValue() {
		window = f.system.SLO.Window.V
	}
	out.Samples = rate.scale(w * bake / second).num()
	out.BudgetBurnt = Exact(w * bake / (window * p0))
}

// sampleSize is Q17's n, searched once per failure rate.
func (f *Facts) sampleSize(p0 float64) (n, count int) {
	if f.samples == nil {
		f.samples = map[float64][2]int{}
	}
	x, ok := f.samples[p0]
	if !ok {
		x[0], x[1] = SampleSize(p0, math.Min(1-1e-9, p0*f.params.CanaryRatio), f.params.CanaryAlpha, f.params.CanaryPower)
		f.samples[p0] = x
	}
	return x[0], x[1]
}

// wholeHours spells a time of some hours in hours, rounded up: nobody plans a release by the second.
func wholeHours(n Num) Num {
	if n.HasValue() && n.V >= 2*60*minute && !math.IsInf(n.V, 1) {
		n.setText(strconv.FormatFloat(math.Ceil(n.V/(60*minute)-1e-9), 'f', -1, 64) + "h")
	}
	return n
}
