package facts

import (
	"math"

	"github.com/archcheck/archcheck/dsl/model"
)

// timing is what Q2 says: limits and worst cases per edge, healthy bounds and worst-case service times per pair.
// Milliseconds throughout. An edge that has no limit has no worst case either (missing).
type timing struct {
	g       *graph
	times   []timesOf  // per entity: percentiles and mean of its latency
	nine    []interval // per entity: rec.timeout of a call to it, nice(p99.9)
	timeout []interval // per edge: one attempt
	limit   []interval // per edge: min(timeout, deadline)
	worst   []interval // per edge: W(e)
	own     []interval // per pair: time spent in the node itself
	service []interval // per pair: S(v), worst-case server time
	healthy []interval // per pair: ℓ(v), least p99 that its parts allow
	budget  []interval // per edge: what callers leave for it
}

func solveTiming(g *graph, as *assume) *timing {
	t := &timing{
		g: g, times: make([]timesOf, len(g.ents)), nine: make([]interval, len(g.ents)),
		timeout: make([]interval, len(g.edges)), limit: make([]interval, len(g.edges)), worst: make([]interval, len(g.edges)),
		own: make([]interval, len(g.pairs)), service: make([]interval, len(g.pairs)), healthy: make([]interval, len(g.pairs)),
		budget: make([]interval, len(g.edges)),
	}
	for i := range g.ents {
		t.times[i] = as.timesFrom(latencyOf(g.ents[i].of), string(g.ents[i].addr)+".latency")
		t.nine[i] = t.times[i].nine.apply(Nice)
	}
	for i := range g.edges {
		if g.edges[i].call != nil {
			t.limits(int32(i))
		}
	}
	for i := len(g.syncOrder) - 1; i >= 0; i-- { // callees first
		t.pair(g.syncOrder[i])
	}
	for i := range g.edges {
		if g.edges[i].call != nil {
			t.budget[i] = t.budgetOf(int32(i))
		}
	}
	return t
}

func (t *timing) limits(id int32) {
	e := &t.g.edges[id]
	timeout := MillisOf(e.call.Timeout).interval(whereTo(e.call, e.call.Timeout.From(), "timeout"))
	deadline := MillisOf(e.call.Deadline).interval(whereTo(e.call, e.call.Deadline.From(), "deadline"))
	t.timeout[id], t.limit[id], t.worst[id] = timeout, missing, missing
	switch {
	case timeout.absent() && deadline.absent():
		return
	case timeout.absent():
		t.timeout[id], t.limit[id], t.worst[id] = deadline, deadline, deadline
		return
	case deadline.absent():
		deadline = point(inf)
	}
	t.limit[id] = timeout.min(deadline)
	m, b := e.appAttempts(), e.backoff()
	spend := func(x float64) float64 { return WorstCase(x, inf, m, b) }
	t.worst[id] = deadline.min(timeout.apply(spend))
	if e.call.Retry.IsUnknown() { // at least one try
		t.worst[id] = timeout.min(deadline)
		t.worst[id].v, t.worst[id].hi = nan, deadline.hi
		t.worst[id].needs = []string{whereTo(e.call, e.retryFrom(), "retry")}
	}
}

// variants calls visit with every set of arcs that one request of trigger p uses: those of the pair itself, or, where a
// plain request may be any operation, of each operation in turn.
func (g *graph) variants(p int32, visit func(arcs []arc, plain bool)) {
	arcs := g.outArcs(p)
	split := false
	for i := range arcs {
		split = split || arcs[i].maybe
	}
	visit(arcs, split)
	if !split {
		return
	}
	x := &g.ents[g.pairs[p].ent]
	for q := x.first; q < x.last; q++ {
		if g.pairs[q].kind == pairOp {
			visit(g.outArcs(q), false)
		}
	}
}

// compose adds what the calls of one request take: serial ones are summed, of a parallel group the longest counts, of a
// routing gateway's alternatives too. skip leaves arcs out; with plain, so are those of particular operations.
func (t *timing) compose(arcs []arc, plain bool, skip func(*arc) bool, time func(*arc) interval) interval {
	g := t.g
	sum := zero
	var group []int32
	var longest []interval
	for i := range arcs {
		a := &arcs[i]
		if a.async || a.edge < 0 || g.edges[a.edge].call == nil || plain && a.maybe || skip != nil && skip(a) {
			continue
		}
		e := &g.edges[a.edge]
		x := time(a)
		id := e.parallel
		if g.ents[e.from].routing {
			id = -1
		}
		if id == 0 {
			sum = sum.add(x)
			continue
		}
		at := 0
		for at < len(group) && group[at] != id {
			at++
		}
		if at == len(group) {
			group, longest = append(group, id), append(longest, x)
		} else {
			longest[at] = longest[at].max(x)
		}
	}
	for _, x := range longest {
		sum = sum.add(x)
	}
	return sum
}

// pair computes own, S and ℓ of one pair whose callees are done.
func (t *timing) pair(p int32) {
	g := t.g
	ent := g.pairs[p].ent
	x := &g.ents[ent]
	p99 := t.times[ent].p99
	if g.pairs[p].kind == pairConsume { // the message's own processing time
		p99 = open()
	}
	orZero := func(i interval) interval {
		if i.known() {
			return i
		}
		return zero
	}
	first := true
	g.variants(p, func(arcs []arc, plain bool) {
		own := t.ownTime(x, p99, arcs, plain)
		service := own.add(t.worstBelow(arcs, plain, -1, zero))
		healthy := own.add(t.compose(arcs, plain, func(a *arc) bool { return !g.edges[a.edge].hard || g.edges[a.edge].n < 0.05 }, func(a *arc) interval {
			if g.syncComp[a.head] == g.syncComp[p] {
				return orZero(t.times[g.pairs[a.head].ent].p99)
			}
			return t.healthy[a.head]
		}))
		healthy = healthy.max(orZero(p99))
		if first {
			t.own[p], t.service[p], t.healthy[p] = own, service, healthy
			first = false
			return
		}
		t.own[p], t.service[p], t.healthy[p] = t.own[p].max(own), t.service[p].max(service), t.healthy[p].max(healthy)
	})
}

// worstBelow is what the calls of one request may take until all their tries are over, one edge counted as w.
func (t *timing) worstBelow(arcs []arc, plain bool, edge int32, w interval) interval {
	return t.compose(arcs, plain, nil, func(a *arc) interval {
		switch {
		case a.edge == edge:
			return w
		case t.worst[a.edge].absent():
			return zero
		}
		return t.worst[a.edge]
	})
}

// fittingAttempts is how many tries of call in leave the callee of call out time to finish within what that one allows,
// everything else as it is; 1 if no number does.
func (t *timing) fittingAttempts(out, in, site int32) float64 {
	e := &t.g.edges[in]
	last := math.Inf(1)
	if d := e.call.Deadline; d.Has() {
		last = MillisOf(d).V
	}
	for n := math.Min(e.appAttempts()-1, 10); n > 1; n-- {
		w, worst := point(WorstCase(t.timeout[in].v, last, n, e.backoff())), zero
		t.g.variants(site, func(arcs []arc, plain bool) {
			worst = worst.max(t.own[site].add(t.worstBelow(arcs, plain, in, w)))
		})
		if worst.known() && worst.v <= t.limit[out].v {
			return n
		}
	}
	return 1
}

// ownTime is own(v): stated, or what the p99 leaves beside its callees' if all of these are known, else 0, a lower bound.
func (t *timing) ownTime(x *ent, p99 interval, arcs []arc, plain bool) interval {
	if s, ok := x.of.(*model.Service); ok && s.OwnLatency.Has() && s.OwnLatency.V.P99.Has() {
		return point(MillisOf(s.OwnLatency.V.P99).V)
	}
	if !p99.known() {
		return zero
	}
	children := t.compose(arcs, plain, nil, func(a *arc) interval { return t.times[t.g.pairs[a.head].ent].p99 })
	if !children.known() {
		return zero
	}
	return p99.sub(children).apply(func(v float64) float64 { return math.Max(0, v) })
}

// budgetOf is Budget(e): what the most impatient caller leaves, minus the caller's own time and its serial siblings'
// recommended timeouts. It is missing where no caller sets a limit.
func (t *timing) budgetOf(id int32) interval {
	g := t.g
	e := &g.edges[id]
	if c, ok := g.ents[e.from].of.(*model.Client); ok {
		return t.patience(c)
	}
	out := missing
	for _, p := range e.tails {
		in := missing
		for _, k := range g.inArcs(p) {
			a := &g.arcs[k]
			if a.async || a.edge < 0 || !g.edges[a.edge].hard {
				continue
			}
			x := t.limit[a.edge]
			if c, ok := g.ents[g.edges[a.edge].from].of.(*model.Client); ok {
				if s := t.patience(c); !s.absent() {
					x = s
				}
			}
			in = least(in, x)
		}
		if in.absent() {
			continue
		}
		left := missing
		g.variants(p, func(arcs []arc, plain bool) {
			if used := t.spentBeside(id, arcs, plain); !used.absent() {
				left = least(left, in.sub(t.own[p]).sub(used).apply(func(v float64) float64 { return math.Max(0, v) }))
			}
		})
		out = least(out, left)
	}
	return out
}

// least is the smaller of two numbers of which one may be missing.
func least(a, b interval) interval {
	switch {
	case a.absent():
		return b
	case b.absent():
		return a
	}
	return a.min(b)
}

// spentBeside is what the serial siblings of an edge take in one request; missing if the request does not use the edge.
func (t *timing) spentBeside(id int32, arcs []arc, plain bool) interval {
	g := t.g
	e := &g.edges[id]
	used := false
	for i := range arcs {
		used = used || arcs[i].edge == id && !(plain && arcs[i].maybe)
	}
	if !used {
		return missing
	}
	if g.ents[e.from].routing {
		return zero
	}
	return t.compose(arcs, plain, func(a *arc) bool {
		f := &g.edges[a.edge]
		return a.edge == id || e.parallel != 0 && f.parallel == e.parallel
	}, func(a *arc) interval {
		if x := t.nine[g.edges[a.edge].to]; x.known() {
			return x
		}
		return zero
	})
}

// patience is how long users of a client wait: its or the system's latency objective, else its deadline. Nobody waits for
// a scheduler as the system promises its users.
func (t *timing) patience(c *model.Client) interval {
	if c.SLO.Has() && c.SLO.V.LatencyP99.Has() {
		return point(MillisOf(c.SLO.V.LatencyP99).V)
	}
	if s := t.g.m.System; s != nil && c.ClientKind.Or("") != "scheduler" && s.SLO.Has() && s.SLO.V.LatencyP99.Has() {
		return point(MillisOf(s.SLO.V.LatencyP99).V)
	}
	return MillisOf(c.Deadline).interval(string(c.Addr) + ".deadline")
}
