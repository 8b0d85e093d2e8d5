package facts

import (
	"cmp"
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// WorkloadFanOut is what one request to a workload waits for, of the request that makes most calls. A routing gateway
// makes one call per request: there it is nothing.
type WorkloadFanOut struct {
	HardBranches   []string `fact:"hard_branches" doc:"its calls to other services, gateways and externals without a fallback, in a request that a user waits for; from three on"`
	BranchAvail    Num      `fact:"branch_availability" unit:"ratio" doc:"chance that all of these answer, each component behind them once"`
	Objective      Num      `fact:"objective" unit:"ratio" doc:"availability that its own objective, else the system's, asks for"`
	Soften         []string `fact:"soften" doc:"those that only read and are not stated as hard, the least available first, as many as meet the objective"`
	SerialReads    []string `fact:"serial_reads" doc:"reads that wait for each other though nothing says that they must"`
	SerialSum      Num      `fact:"serial_sum" unit:"ms" doc:"their p99s one after the other"`
	SerialMost     Num      `fact:"serial_longest" unit:"ms" doc:"their longest p99"`
	SerialSaved    Num      `fact:"serial_saved" unit:"ms" doc:"the one minus the other"`
	SerialLimit    Num      `fact:"serial_limit" unit:"ms" doc:"what the most impatient caller leaves for the request"`
	SerialShare    Num      `fact:"serial_share" unit:"ratio" doc:"serial_sum over serial_limit"`
	ParallelCalls  []string `fact:"parallel_branches" doc:"hard calls of the largest group that runs in parallel"`
	ParallelLoose  []string `fact:"parallel_loose" doc:"those of them without a limit within the budget"`
	ParallelP99    Num      `fact:"parallel_p99" unit:"ms" doc:"p99 of the slowest of them (Q4), at most their longest limit"`
	ParallelBudget Num      `fact:"parallel_budget" unit:"ms" doc:"what callers leave for the group"`
	AnySlow        Num      `fact:"any_slow" unit:"ratio" doc:"chance that at least one of them exceeds its p99"`
	LeafQuantile   Num      `fact:"leaf_quantile" unit:"ratio" doc:"quantile that each has to meet so that all together meet their p99"`
	SoleCallee     string   `fact:"sole_callee" doc:"the one service that all its calls go to; empty where there are more"`
	SoleCalls      Num      `fact:"sole_calls" unit:"count" doc:"calls to it per request"`
	SoleEdges      []string `fact:"sole_edges" doc:"these calls"`
}

func (f *Facts) workloadFanOut(i int32, w model.Worker) WorkloadFanOut {
	g := f.g
	out := WorkloadFanOut{
		HardBranches: []string{}, BranchAvail: Absent(), Objective: f.objectiveOf(w), Soften: []string{}, SerialReads: []string{},
		SerialSum: Absent(), SerialMost: Absent(), SerialSaved: Absent(), SerialLimit: Absent(), SerialShare: Absent(),
		ParallelCalls: []string{}, ParallelLoose: []string{}, ParallelP99: Absent(), ParallelBudget: Absent(), AnySlow: Absent(), LeafQuantile: Absent(),
		SoleCalls: Absent(), SoleEdges: []string{},
	}
	if g.ents[i].routing {
		return out
	}
	f.soleCallee(i, &out)
	g.syncPairs(i, func(p int32) {
		g.variants(p, func(arcs []arc, plain bool) {
			var calls []*arc
			for k := range arcs {
				if a := &arcs[k]; !a.async && a.edge >= 0 && g.edges[a.edge].call != nil && !(plain && a.maybe) {
					calls = append(calls, a)
				}
			}
			if f.k.waits[p] { // the objective is the users'
				f.branches(calls, &out)
			}
			f.serialReads(p, calls, &out)
			f.parallelGroups(calls, &out)
		})
	})
	return out
}

// objectiveOf is the availability that a service's own objective, else the system's, asks for.
func (f *Facts) objectiveOf(w model.Worker) Num {
	if s, ok := w.(*model.Service); ok {
		if a := sloFacts(s.SLO, s.Addr).Availability; a.HasValue() {
			return a
		}
	}
	return f.system.SLO.Availability
}

func (f *Facts) soleCallee(i int32, out *WorkloadFanOut) {
	sum := 0.0
	for _, id := range f.g.ents[i].out {
		e := &f.g.edges[id]
		if e.call == nil {
			continue
		}
		to := &f.g.ents[e.to]
		if to.kind != model.KindService || out.SoleCallee != "" && out.SoleCallee != string(to.addr) {
			out.SoleCallee, out.SoleEdges = "", []string{}
			return
		}
		out.SoleCallee = string(to.addr)
		out.SoleEdges = append(out.SoleEdges, string(e.addr))
		sum += e.n
	}
	slices.Sort(out.SoleEdges)
	out.SoleCalls = Exact(sum)
}

// branches looks at the calls of one request that lead to other services, gateways and externals and fail it.
func (f *Facts) branches(calls []*arc, out *WorkloadFanOut) {
	g := f.g
	var hard []*arc
	for _, a := range calls {
		switch g.ents[g.edges[a.edge].to].kind {
		case model.KindService, model.KindGateway, model.KindExternal:
			if g.edges[a.edge].hard && g.edges[a.edge].anyOf == 0 {
				hard = append(hard, a)
			}
		}
	}
	if len(hard) < 3 || len(hard) <= len(out.HardBranches) {
		return
	}
	together := func(list []*arc) interval {
		var seeds []int32
		for _, a := range list {
			seeds = append(seeds, a.head)
		}
		return f.paths.c.product(f.paths.c.closure(seeds), nil)
	}
	avail := together(hard)
	out.HardBranches, out.BranchAvail = addrsOf(g, hard), avail.num()
	out.BranchAvail.setText(percent(avail.v))
	out.Soften = []string{}
	if !out.Objective.HasValue() || avail.v >= out.Objective.V {
		return
	}
	type branch struct {
		arc *arc
		own float64
	}
	rest := make([]branch, len(hard))
	for i, a := range hard {
		rest[i] = branch{a, f.answers(a.head)}
	}
	slices.SortStableFunc(rest, func(a, b branch) int { return cmp.Compare(a.own, b.own) })
	left := func() (list []*arc) {
		for _, b := range rest {
			list = append(list, b.arc)
		}
		return list
	}
	for k := 0; k < len(rest) && avail.v < out.Objective.V; {
		c := g.edges[rest[k].arc.edge].call
		if c.Access.Or("") != "read" || c.Criticality.State == model.Stated && c.Criticality.V == "hard" {
			k++
			continue
		}
		out.Soften = append(out.Soften, string(c.Addr))
		rest = slices.Delete(rest, k, k+1)
		avail = together(left())
	}
}

// answers is the chance that a trigger answers, with all that it needs.
func (f *Facts) answers(p int32) float64 {
	v, ok := f.chances[p]
	if !ok {
		v = f.paths.c.product(f.paths.c.closure([]int32{p}), nil).v
		f.chances[p] = v
	}
	return v
}

func addrsOf(g *graph, arcs []*arc) []string {
	out := []string{}
	for _, a := range arcs {
		out = append(out, string(g.edges[a.edge].addr))
	}
	return sortedSet(out)
}

// serialReads finds reads of one request that run one after the other though no `after` says that one needs another.
func (f *Facts) serialReads(p int32, calls []*arc, out *WorkloadFanOut) {
	g := f.g
	needed := map[string]bool{}
	for _, a := range calls {
		for _, l := range g.edges[a.edge].call.After.V {
			needed[l] = true
		}
	}
	var reads []*arc
	sum, most := zero, zero
	for _, a := range calls {
		e := &g.edges[a.edge]
		d, isStore := g.ents[e.to].of.(*model.Datastore)
		if e.call.Access.Or("") != "read" || e.parallel != 0 || e.call.After.Has() && len(e.call.After.V) > 0 || needed[e.call.Label] ||
			isStore && d.StoreKind.Or("") == "cache" {
			continue
		}
		reads = append(reads, a)
		p99 := f.t.times[e.to].p99
		sum, most = sum.add(p99), most.max(p99)
	}
	limit := missing
	for _, k := range g.inArcs(p) {
		a := &g.arcs[k]
		if a.async || a.edge < 0 {
			continue
		}
		limit = least(limit, f.t.budget[a.edge])
		limit = least(limit, f.t.limit[a.edge])
	}
	if len(reads) < 3 || len(reads) <= len(out.SerialReads) {
		return
	}
	out.SerialReads = addrsOf(g, reads)
	out.SerialSum, out.SerialMost, out.SerialSaved = sum.millis(), most.millis(), sum.sub(most).apply(atLeastZero).millis()
	out.SerialLimit, out.SerialShare = limit.millis(), sum.div(limit).num()
}

func (f *Facts) parallelGroups(calls []*arc, out *WorkloadFanOut) {
	g := f.g
	groups := map[int32][]*arc{}
	var order []int32
	for _, a := range calls {
		if e := &g.edges[a.edge]; e.parallel != 0 && e.hard && e.anyOf == 0 {
			if groups[e.parallel] == nil {
				order = append(order, e.parallel)
			}
			groups[e.parallel] = append(groups[e.parallel], a)
		}
	}
	for _, id := range order {
		list := groups[id]
		if len(list) < 3 || len(list) <= len(out.ParallelCalls) {
			continue
		}
		var times []timesOf
		var loose []*arc
		budget, longest := missing, zero
		for _, a := range list {
			times = append(times, f.t.times[g.edges[a.edge].to])
			budget = least(budget, f.t.budget[a.edge])
			switch limit := f.t.limit[a.edge]; {
			case limit.absent():
				longest = longest.max(point(inf))
			case limit.known():
				longest = longest.max(limit)
			default:
				longest = longest.max(interval{lo: limit.lo, v: inf, hi: inf})
			}
		}
		for _, a := range list {
			if limit := f.t.limit[a.edge]; !limit.known() || limit.v > budget.v {
				loose = append(loose, a)
			}
		}
		n := len(list)
		out.ParallelCalls, out.ParallelLoose, out.ParallelBudget = addrsOf(g, list), addrsOf(g, loose), budget.millis()
		out.ParallelP99 = least(slowest(times, 0.99), longest).millis()
		out.AnySlow, out.LeafQuantile = Exact(FanOutSlow(0.01, n)), Exact(LeafQuantile(0.99, n))
	}
}

// slowest is the q-quantile of the slowest of several independent calls, each lognormal through its p50 and p99 (Q4).
func slowest(times []timesOf, q float64) interval {
	out := zero
	at := func(median, tail func(interval) float64) float64 {
		p50, p99 := make([]float64, len(times)), make([]float64, len(times))
		for i, t := range times {
			p99[i] = tail(t.p99)
			p50[i] = math.Min(median(t.p50), p99[i])
		}
		return SlowestQuantile(p50, p99, q)
	}
	for _, t := range times {
		out = out.with(t.p50, 0, 0, 0).with(t.p99, 0, 0, 0)
		if !t.p50.known() || !t.p99.known() {
			out.v = nan
		}
	}
	low, value, high := func(i interval) float64 { return i.lo }, func(i interval) float64 { return i.v }, func(i interval) float64 { return i.hi }
	if exact(times) { // one search instead of three: most systems state their latencies
		v := at(value, value)
		out.lo, out.v, out.hi = v, v, v
		return out
	}
	// Beyond the p99 a lower median means a longer tail, so that the slowest of them takes longer.
	out.lo, out.hi = at(high, low), at(low, high)
	if math.IsNaN(out.lo) || math.IsNaN(out.hi) {
		out.lo, out.hi = 0, inf
	}
	if !math.IsNaN(out.v) {
		out.v = at(value, value)
		out.lo, out.hi = math.Min(out.lo, out.v), math.Max(out.hi, out.v)
	} else {
		out.v = nan
	}
	return out
}

// exact reports whether every percentile is known without a range.
func exact(times []timesOf) bool {
	point := func(i interval) bool { return i.lo == i.v && i.v == i.hi }
	return !slices.ContainsFunc(times, func(t timesOf) bool { return !point(t.p50) || !point(t.p99) })
}
