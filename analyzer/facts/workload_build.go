package facts

import (
	"cmp"
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) workloadSubjects() oneByOne {
	entries, tenants := f.publicEntries(), f.tenantLimits()
	var ids []int32
	for i := range f.g.ents {
		if _, ok := f.g.ents[i].of.(model.Worker); ok {
			ids = append(ids, int32(i))
		}
	}
	return oneByOne{byAddr(ids, func(id int32) model.Addr { return f.g.ents[id].addr }), func(id int32) Document {
		w := f.g.ents[id].of.(model.Worker)
		return Document{Addr: f.g.ents[id].addr, Subject: f.workloadFacts(id, w, entries[id], tenants[id])}
	}}
}

func (f *Facts) workloadFacts(i int32, w model.Worker, in *publicEntry, tenants tenantLimit) *WorkloadFacts {
	x := &f.g.ents[i]
	out := &WorkloadFacts{
		Workload: w.Work(), WorkloadLoad: f.workloadLoad(i), Rollout: f.rollout(i), ReleaseEffects: f.releaseEffects(i, w), Calls: f.childCalls(i),
		WorkloadEntry: WorkloadEntry{
			Type: string(x.kind), Kind: Word{State: model.Absent}, UserFacing: Yes(f.g.anyPair(i, f.k.waits, false)),
			PublicEntry: Yes(false), OnlyPartners: Yes(false), PublicCallers: []string{},
			RetryingCallers: f.retryingCallers(i), TenantLimited: tenants.flag(), Opaque: Yes(false),
		},
	}
	switch e := w.(type) {
	case *model.Gateway:
		out.Kind = WordOf(e.GatewayKind)
	case *model.Service:
		out.Opaque = FlagOf(e.Opaque)
	}
	if in != nil {
		out.PublicEntry, out.OnlyPartners, out.PublicCallers = in.flag(), Yes(in.partners), in.callers
	}
	out.Worst = ChildCall{
		Limit: Absent(), WorstCase: Absent(), PerReplica: Absent(), HangInFlight: Absent(), Exhaustion: Absent(),
		Others: []string{}, RecBulkhead: RecBulkhead{Absent()},
	}
	if k := slices.IndexFunc(out.Calls, func(c ChildCall) bool { return !(c.Bounded.State.HasValue() && c.Bounded.V) }); k >= 0 {
		out.Worst = out.Calls[k]
	}
	f.workloadLimit(i, w, out)
	out.WorkloadOutside, out.WorkloadFanOut = f.workloadOutside(i, w), f.workloadFanOut(i, w)
	return out
}

// bounded says whether something bounds how much of its caller a call may hold.
func bounded(c *model.Call) Flag {
	switch {
	case c.Bulkhead.Has() || c.Pool.Has():
		return Yes(true)
	case c.Bulkhead.IsUnknown():
		return Flag{State: model.Unknown, notes: needing(whereTo(c, c.Bulkhead.From(), "bulkhead"))}
	}
	return Yes(false)
}

func (f *Facts) workloadLoad(i int32) WorkloadLoad {
	x := &f.g.ents[i]
	need := string(x.addr) + ".scale."
	slots, n := f.slots(i), replicasOf(x.of)
	busy := f.rate[i].mul(f.t.times[i].mean).scale(1 / second)
	var all []int32
	for _, id := range x.out {
		if f.g.edges[id].call != nil {
			all = append(all, f.g.edges[id].to)
		}
	}
	return WorkloadLoad{
		Rate: f.rate[i].num(), Capacity: f.capacity[i].num(), Mean: f.t.times[i].mean.millis(), Slots: slots.num(), Replicas: n,
		SpareSlots: slots.mul(n.interval(need + "replicas")).sub(busy).apply(atLeastZero).num(), MostCopies: mostReplicas(x.of),
		Downstreams: Exact(distinct(all)), Triggers: Exact(float64(x.last - x.first)),
	}
}

// mostReplicas are the copies that may run at the same time.
func mostReplicas(e model.Entity) Num {
	n, top := replicasOf(e), maxReplicasOf(e)
	if top.HasValue() && (!n.HasValue() || top.V > n.V) {
		return top
	}
	return n
}

// childCalls lists what a workload calls, the calls first of which a hang holds most slots.
func (f *Facts) childCalls(i int32) []ChildCall {
	g := f.g
	out := make([]ChildCall, 0, len(g.ents[i].out))
	slots := f.slots(i)
	for _, id := range g.ents[i].out {
		e := &g.edges[id]
		if e.call == nil {
			continue
		}
		per := f.perReplica(id)
		var rec CallRec
		f.recBulkhead(id, &rec)
		c := ChildCall{
			Addr: string(e.addr), To: string(g.ents[e.to].addr), Limit: limitNum(e.call, f.t.limit[id]), WorstCase: f.t.worst[id].millis(),
			PerReplica: per.num(), HangInFlight: per.mul(f.t.worst[id]).scale(1 / second).num(),
			Exhaustion: slots.div(per).scale(second).millis(), Bounded: bounded(e.call), Others: []string{}, RecBulkhead: rec.Bulkhead, BulkheadFits: rec.BulkheadFits,
		}
		for _, o := range g.ents[i].out {
			if x := &g.edges[o]; x.call != nil && x.to != e.to {
				c.Others = append(c.Others, string(g.ents[x.to].addr))
			}
		}
		slices.Sort(c.Others)
		c.Others = slices.Compact(c.Others)
		out = append(out, c)
	}
	weight := func(n Num) float64 {
		if n.HasValue() {
			return n.V
		}
		return -1
	}
	slices.SortFunc(out, func(a, b ChildCall) int {
		return cmp.Or(cmp.Compare(weight(b.HangInFlight), weight(a.HangInFlight)), cmp.Compare(a.Addr, b.Addr))
	})
	return out
}

// retryingCallers lists the calls to a workload that a refusal (429) sends off again: those whose caller retries whatever
// fails, or names refusals among what it retries. A mesh retries where a connection fails, not where a callee refuses.
func (f *Facts) retryingCallers(i int32) []RetryingCall {
	out := []RetryingCall{}
	for _, id := range f.g.ents[i].ins {
		e := &f.g.edges[id]
		if e.call == nil || !e.call.Retry.Has() || e.call.Retry.V == nil || e.appAttempts() < 2 || !retriesRefusals(e.call.Retry.V) {
			continue
		}
		n := Exact(e.appAttempts())
		out = append(out, RetryingCall{
			Addr: string(e.addr), From: string(f.g.ents[e.from].addr), Attempts: n, Breaker: breakerOf(e.call),
		})
	}
	slices.SortFunc(out, func(a, b RetryingCall) int { return cmp.Compare(a.Addr, b.Addr) })
	return out
}

// refusals are the words of retry.on that cover the answer of a rate limit.
var refusals = []string{"429", "resource_exhausted", "4xx", "503", "unavailable"}

func retriesRefusals(r *model.Retry) bool {
	if !r.On.Has() || r.On.State == model.Default { // whatever fails
		return true
	}
	return slices.ContainsFunc(r.On.V, func(w string) bool { return slices.Contains(refusals, w) })
}

// workloadLimit is Q13.
func (f *Facts) workloadLimit(i int32, w model.Worker, out *WorkloadFacts) {
	out.Admitted, out.AdmittedShare, out.FleetLimit, out.AtLoad = Absent(), Absent(), Absent(), Absent()
	limit := w.Work().RateLimit
	need := string(f.g.ents[i].addr)
	out.Bottleneck, out.AtCapacity = open(need+".scale.capacity").num(), Absent()
	out.Rec = WorkloadRec{
		Fits: Yes(true), Keeps: Absent(),
		RateLimit: RecEntryLimit{RPS: Absent(), Burst: Absent(), RetryAfter: Yes(true)},
	}
	if !limit.Has() && (len(out.PublicCallers) == 0) {
		return
	}
	b := f.bottleneck(i)
	out.Bottleneck = b.rate.num()
	if b.at >= 0 {
		out.At, out.AtCapacity = string(f.g.ents[b.at].addr), point(b.capacity).num()
		f.recEntry(i, b, out)
	}
	if !limit.Has() || limit.V == nil || !limit.V.RPS.Has() {
		return
	}
	l := limit.V
	admits := point(l.RPS.V)
	n := replicasOf(f.g.ents[i].of).interval(need + ".scale.replicas")
	if l.Scope.Or("global") == "replica" {
		admits = admits.mul(n)
		most := mostReplicas(f.g.ents[i].of).interval(need + ".scale.replicas")
		out.FleetLimit = point(l.RPS.V).mul(most).num()
	}
	if l.Per.Or("global") != "global" { // one key's share; how many there are no file says
		admits.v, admits.hi = nan, inf
	}
	out.Admitted, out.AdmittedShare = admits.num(), admits.div(f.rate[i]).num()
	if b.at >= 0 {
		out.AtLoad = admits.mul(point(b.visits)).add(point(b.other)).num()
	}
}

// recEntry is rec.rate: 80 % of the bottleneck, rounded down to two digits, with the free slots as burst.
func (f *Facts) recEntry(i int32, b bottleneck, out *WorkloadFacts) {
	rps := floorNice(0.8 * b.rate.v)
	if !(rps > 0) {
		out.Rec.Fits = Yes(false)
		return
	}
	out.Rec.RateLimit.RPS, out.Rec.Keeps = Exact(rps), Exact(rps)
	if spare := out.SpareSlots; spare.HasValue() && spare.Certain() {
		out.Rec.RateLimit.Burst = Exact(math.Max(1, math.Min(rps, math.Floor(spare.V))))
	}
	if f.rate[i].known() {
		out.Rec.Fits = Yes(rps >= f.rate[i].v)
	}
}

// floorNice rounds a positive number down to two significant digits, numbers below ten to one decimal.
func floorNice(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 1) {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return math.Round(math.Floor(x/unit+1e-9)*unit*1e9) / 1e9
}

// bottleneck is what saturates first when more requests come to a workload.
type bottleneck struct {
	rate     interval // requests to the workload at which that happens
	at       int32    // which entity, -1 where no capacity is known
	capacity float64  // of that entity
	visits   float64  // requests that reach it for one to the workload
	other    float64  // what reaches it from elsewhere
}

// bottleneck finds min over x of (cap(x) − λ_other(x)) / V(x|i) over the workloads and stores behind entity i, itself
// included. A capacity that nobody stated can only lower it: the value is that of the known ones, the lower end 0.
func (f *Facts) bottleneck(i int32) bottleneck {
	g := f.g
	out := bottleneck{at: -1, rate: open()}
	visits := f.visits(i)
	own := f.rate[i]
	limits := f.scaledOut()
	unstated := false
	var needs []string
	for x := range g.ents {
		switch g.ents[x].kind {
		case model.KindService, model.KindGateway, model.KindDatastore:
		default:
			continue
		}
		v := visits[x]
		if !(v > 1e-12) {
			continue
		}
		capacity := &limits[x]
		if !capacity.known() {
			unstated = true
			if len(needs) < 4 {
				needs = append(needs, capacity.needs...)
			}
			continue
		}
		other := beside(f.rate[x], own, v)
		room := interval{lo: (capacity.v - other.hi) / v, v: (capacity.v - other.v) / v, hi: (capacity.v - other.lo) / v}
		room = room.apply(atLeastZero)
		if out.at < 0 || room.v < out.rate.v {
			lo, hi := room.lo, room.hi
			if out.at >= 0 {
				lo, hi = math.Min(lo, out.rate.lo), math.Min(hi, out.rate.hi)
			}
			out = bottleneck{rate: interval{lo: lo, v: room.v, hi: hi}, at: int32(x), capacity: capacity.v, visits: v, other: other.v}
		} else {
			out.rate.lo, out.rate.hi = math.Min(out.rate.lo, room.lo), math.Min(out.rate.hi, room.hi)
		}
	}
	if unstated {
		out.rate.lo = 0
		out.rate.needs = needs
	}
	return out
}

// beside is what reaches an entity from elsewhere: its rate without visits·own. An unknown rate adds nothing to lower
// bound and value.
func beside(rate, own interval, visits float64) interval {
	value := func(x float64) float64 {
		if math.IsNaN(x) {
			return 0
		}
		return x
	}
	left := math.Max(0, value(rate.v)-value(own.v)*visits)
	if rate.lo == rate.hi && own.lo == own.hi {
		return point(left)
	}
	return interval{lo: math.Max(0, rate.lo-own.hi*visits), v: left, hi: math.Max(left, rate.hi-own.lo*visits)}
}

// scaledOut are the capacities of all entities with as many replicas as autoscaling allows.
func (f *Facts) scaledOut() []interval {
	if f.outgrown == nil {
		f.outgrown = slices.Clone(f.capacity)
		for i := range f.g.ents {
			e := f.g.ents[i].of
			if _, ok := e.(model.Worker); !ok {
				continue
			}
			if s := scaleOf(e); s != nil && s.Capacity.Has() {
				f.outgrown[i] = mostReplicas(e).interval(string(e.Self().Addr) + ".scale.replicas").scale(s.Capacity.V)
			}
		}
	}
	return f.outgrown
}

// visits is how often each entity is reached, over calls, by one request to entity i with its mix of operations. The
// answer holds until the next question.
func (f *Facts) visits(i int32) []float64 {
	g := f.g
	if f.visited[0] == nil {
		f.visited = [2][]float64{make([]float64, len(g.pairs)), make([]float64, len(g.ents))}
	}
	x, out := f.visited[0], f.visited[1]
	clear(x)
	clear(out)
	var pairs []int32
	total := 0.0
	g.syncPairs(i, func(p int32) {
		pairs = append(pairs, p)
		if r := f.r.rate(g, p); r.known() {
			total += r.v
		}
	})
	for _, p := range pairs {
		if total > 0 {
			if r := f.r.rate(g, p); r.known() {
				x[p] = r.v / total
			}
		} else {
			x[p] = 1 / float64(len(pairs))
		}
	}
	g.spreadIn(x, nil, func(a *arc) float64 {
		if a.async {
			return 0
		}
		return a.w
	})
	for p := range g.pairs {
		if k := g.pairs[p].kind; x[p] != 0 && k != pairWrites && k != pairConsume {
			out[g.pairs[p].ent] += x[p]
		}
	}
	return out
}
