package facts

import (
	"math"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) callSubjects() oneByOne {
	g := f.g
	var ids []int32
	for i := range g.edges {
		if g.edges[i].call != nil {
			ids = append(ids, int32(i))
		}
	}
	return oneByOne{byAddr(ids, func(id int32) model.Addr { return g.edges[id].addr }), func(id int32) Document {
		e := &g.edges[id]
		return Document{Addr: e.addr, Subject: f.callFacts(id), From: f.end(e.from), To: f.end(e.to)}
	}}
}

func (f *Facts) callFacts(id int32) *CallFacts {
	e := &f.g.edges[id]
	c := &CallFacts{
		Call: e.call, CallPlace: f.callPlace(id), CallLoad: f.callLoad(id), CallWaits: f.callWaits(id),
		CallTries: f.callTries(id), CallLimits: f.callLimits(id), CallAround: f.callAround(id), CallStyle: f.callStyle(id),
		Siblings: f.siblings(e, id), Inner: f.inner(id),
		Other: f.fallbackNode(id),
	}
	c.Rec = f.callRec(id)
	return c
}

func (f *Facts) callPlace(id int32) CallPlace {
	g, e := f.g, &f.g.edges[id]
	from, to := g.ents[e.from], g.ents[e.to]
	p := CallPlace{Hard: e.hardFlag(), CrossRegion: Yes(f.crossRegion(e)), MTLS: Yes(f.mtls(e.call))}
	consumes, waits, fin := len(e.tails) > 0, false, false
	for _, t := range e.tails {
		consumes = consumes && g.pairs[t].kind == pairConsume
		waits = waits || f.k.waits[t]
	}
	site := g.callSite(e)
	if site >= 0 {
		fin = f.k.financial[site]
		p.ReachesStep = Yes(f.k.reachStep[site])
	}
	if d, ok := to.of.(*model.Datastore); ok {
		fin = financialData(d) && e.call.Access.Or("") == "write"
	}
	p.UserFacing, p.Financial, p.OnlyConsumes = Yes(waits), Yes(fin), Yes(consumes)
	p.Entry = Yes(from.kind == model.KindClient || from.kind == model.KindExternal)
	p.PublicCaller = Yes(from.kind == model.KindExternal)
	if cl, ok := from.of.(*model.Client); ok {
		p.PublicCaller = FlagOf(cl.Public)
	}
	return p
}

func (f *Facts) crossRegion(e *edge) bool {
	a, b := f.g.ents[e.from].of.Self().Region, f.g.ents[e.to].of.Self().Region
	return a.Has() && b.Has() && a.V != b.V
}

func (f *Facts) mtls(c *model.Call) bool {
	m, ok := f.m.Lookup(c.Mesh).(*model.Mesh)
	return ok && m.MTLS.Or("permissive") == "strict"
}

// rtt is the round trip between the ends of an edge: by the client's network, across regions or to an external the wide
// area, else within or across zones.
func (f *Facts) rtt(e *edge) interval {
	from, to := f.g.ents[e.from].of, f.g.ents[e.to].of
	if c, ok := from.(*model.Client); ok {
		switch c.Network.Or("wan") {
		case "cellular":
			return f.as.rttCellular
		case "lan":
			return f.as.rttZone
		}
		return f.as.rttWan
	}
	_, out := to.(*model.External)
	_, in := from.(*model.External)
	a, b := zonesOf(from), zonesOf(to)
	switch {
	case out || in || f.crossRegion(e):
		return f.as.rttWan
	case a.HasValue() && b.HasValue() && a.V == 1 && b.V == 1:
		return f.as.rttZone
	}
	return f.as.rttCrossZone
}

func (f *Facts) callLoad(id int32) CallLoad {
	g, e := f.g, &f.g.edges[id]
	rate, per := f.load[id], f.perReplica(id)
	m := point(e.attempts())
	extra := point(e.attempts() - 1)
	if e.unsure {
		m.hi, extra.hi = inf, inf
	}
	l := CallLoad{
		Requests: f.requests[id].num(), Rate: rate.num(), RatePerReplica: per.num(), RetriedRate: rate.mul(m).num(),
		RetryExtra: rate.mul(extra).num(), SpareCapacity: f.capacity[e.to].sub(f.rate[e.to]).num(),
		Utilisation: f.rate[e.to].div(f.capacity[e.to]).num(), InFlightMean: f.inFlight(id).num(),
		PollingRate: Absent(), PollingShare: Absent(), ProxyShare: Absent(), Connections: Unknown(1),
	}
	rtt := f.rtt(e)
	total := rtt.scale(e.n)
	l.RTT, l.RTTTotal, l.RTTShare = rtt.millis(), total.millis(), total.div(f.t.budget[id]).num()
	if _, ok := g.ents[e.from].of.(model.Worker); ok {
		l.Connections = replicasOf(g.ents[e.from].of)
	}
	if c, ok := g.ents[e.from].of.(*model.Client); ok && e.call.Polling.Has() {
		made := NumOf(c.Connections).interval(string(c.Addr) + ".connections").scale(second / MillisOf(e.call.Polling).V)
		l.PollingRate, l.PollingShare = made.num(), made.div(f.clientRate()).num()
	}
	if m, ok := f.m.Lookup(e.call.Mesh).(*model.Mesh); ok && m.Mode.Or("sidecar") == "sidecar" {
		pair := f.as.proxy
		if m.Overhead.Has() {
			pair = point(MillisOf(m.Overhead).V)
		}
		l.ProxyShare = pair.scale(2).div(f.t.budget[id]).num()
	}
	externals := []int32{}
	for _, k := range g.ents[e.to].out {
		if x := &g.edges[k]; x.call != nil && g.ents[x.to].kind == model.KindExternal {
			externals = append(externals, x.to)
		}
	}
	l.CalleeExternals = Exact(distinct(externals))
	return l
}

// clientRate is what all clients send together.
func (f *Facts) clientRate() interval {
	sum := zero
	sum.v = nan
	for _, c := range f.m.Clients {
		sum = sumRates(sum, NumOf(c.RPS).interval(string(c.Addr)+".rps"))
	}
	return sum
}

// inFlight is R̄ = λi · mean(v), in Erlang.
func (f *Facts) inFlight(id int32) interval {
	return f.perReplica(id).mul(f.t.times[f.g.edges[id].to].mean).scale(1.0 / second)
}

// slots is the concurrency of one replica of an entity.
func (f *Facts) slots(i int32) interval {
	x := &f.g.ents[i]
	if _, ok := x.of.(model.Worker); !ok {
		return missing
	}
	return concurrencyOf(x.of).interval(string(x.addr) + ".scale.concurrency")
}

func (f *Facts) callWaits(id int32) CallWaits {
	g, e := f.g, &f.g.edges[id]
	c := e.call
	limit, budget, p99 := f.t.limit[id], f.t.budget[id], f.t.times[e.to].p99
	per, slots := f.perReplica(id), f.slots(e.from)
	hang := per.mul(f.t.worst[id]).scale(1.0 / second)
	w := CallWaits{
		Limit: limitNum(c, limit), HiddenLimit: f.hiddenLimit(e), WorstCase: f.t.worst[id].millis(), BackoffTotal: Absent(), Budget: budget.millis(),
		BudgetLessP99: budget.sub(p99).apply(atLeastZero).millis(), TimeoutOverP99: limit.div(p99).num(),
		CalleeWorst: Absent(), CalleeHealthy: Absent(), TriesTotal: Absent(), TriesFit: Absent(),
		HangInFlight: hang.num(), HangShare: hang.div(slots).num(), Exhaustion: slots.div(per).scale(second).millis(),
		MinuteShare: per.scale(60).div(slots).num(),
	}
	if !f.t.worst[id].known() && c.Limit().IsUnknown() { // the limit itself is what has to be stated
		w.HangInFlight, w.HangShare = f.unknownBy(hang, id), f.unknownBy(hang, id)
	}
	if c.Retry.Has() {
		w.BackoffTotal = point(e.backoff().Sum(e.appAttempts())).millis()
	}
	if site := g.callSite(e); site >= 0 {
		if _, ok := g.ents[e.to].of.(model.Worker); ok {
			w.CalleeWorst, w.CalleeHealthy = f.t.service[site].millis(), f.t.healthy[site].millis()
		}
	}
	if c.Timeout.Has() && c.Retry.Has() {
		try := MillisOf(c.Timeout).V
		if c.ConnectTimeout.Has() {
			try += MillisOf(c.ConnectTimeout).V
		}
		w.TriesTotal = point(times(e.appAttempts(), try)).millis()
		if c.Deadline.Has() && try > 0 {
			w.TriesFit = Exact(math.Floor(MillisOf(c.Deadline).V / try))
		}
	}
	return w
}

// hiddenLimit says whether a limit that no file shows may end a call: every gateway product ships a route timeout, a
// vendor box may have one, and a stream lives as long as it is used.
func (f *Facts) hiddenLimit(e *edge) Flag {
	if !e.call.Limit().IsAbsent() {
		return Yes(false)
	}
	none := e.call.Timeout.State == model.None || e.call.Deadline.State == model.None
	maybe := e.call.Stream.Or(false)
	if maybe && none { // an idle timer ends it, which a call cannot state
		return Yes(true)
	}
	for _, end := range []int32{e.from, e.to} {
		if gw, ok := f.g.ents[end].of.(*model.Gateway); ok && maybe && gw.IdleTimeout.Has() {
			return Yes(true) // it ends what nobody uses
		}
	}
	switch x := f.g.ents[e.from].of.(type) {
	case *model.Gateway:
		maybe = maybe || !x.Engine.Has()
	case *model.Service:
		maybe = maybe || x.Opaque.Or(false)
	}
	if maybe && !none {
		return Flag{State: model.Unknown, notes: needing(whereTo(e.call, e.call.Timeout.From(), "timeout"))}
	}
	return Yes(false)
}

func (f *Facts) unknownBy(i interval, id int32) Num {
	n := i.num()
	c := f.g.edges[id].call
	n.setNeeds(whereTo(c, c.Timeout.From(), "timeout"))
	return n
}

// limitNum keeps state and spelling of the attribute that is the limit.
func limitNum(c *model.Call, limit interval) Num {
	n := MillisOf(c.Limit())
	switch {
	case !limit.absent() && !n.HasRange():
		return limit.millis()
	case n.State == model.Unknown:
		n.setNeeds(whereTo(c, c.Timeout.From(), "timeout"))
	}
	if n.State == model.Unknown && len(limit.needs) > 0 {
		n.setNeeds(limit.needs...)
	}
	return n
}

func atLeastZero(x float64) float64 { return math.Max(0, x) }

func (f *Facts) callTries(id int32) CallTries {
	e := &f.g.edges[id]
	n := func(x float64) Num {
		out := Exact(x)
		if e.unsure {
			out = Num{State: model.Unknown, Lo: x, V: nan, Hi: inf, notes: needing(whereTo(e.call, e.retryFrom(), "retry"))}
		}
		return out
	}
	t := CallTries{
		AnyRetry: Yes(e.attempts() > 1), Attempts: n(e.attempts()), AppAttempts: n(e.appAttempts()), MeshAttempts: Exact(1),
		ByClass: TriesByClass{n(e.m[classConnect]), n(e.m[class5xx]), n(e.m[classTimeout])}, Layers: []LayerFacts{},
		RetryLayers: Exact(float64(len(e.layers))), Amplification: Exact(1),
		Unlimited: Yes(e.call.Retry.Has() && e.call.Retry.V.MaxAttempts.V == model.Unlimited),
	}
	disjoint, connect := true, len(e.layers) > 0
	for k := range classes {
		many := 0
		for _, l := range e.layers {
			if l.tries[k] > 1 {
				many++
				connect = connect && k == classConnect
			}
		}
		disjoint = disjoint && many < 2
	}
	for _, l := range e.layers {
		if l.at == "mesh" {
			t.MeshAttempts = Exact(l.attempts)
		}
		x := LayerFacts{At: l.at, Attempts: l.attempts, Budget: l.budget, Classes: []string{}, From: l.from}
		if math.IsInf(x.Attempts, 1) {
			x.Attempts = math.MaxFloat64
		}
		for k := range classes {
			if l.tries[k] > 1 {
				x.Classes = append(x.Classes, model.FailureClasses[k])
			}
		}
		t.Layers = append(t.Layers, x)
	}
	t.LayersDisjoint, t.ConnectOnly = Yes(disjoint), Yes(connect)
	elsewhere := false
	for _, p := range e.tails {
		elsewhere = elsewhere || f.k.retryAbove[p]
	}
	if site := f.g.callSite(e); site >= 0 {
		elsewhere = elsewhere || f.k.retryBelow[site]
	}
	t.RetryElsewhere = Yes(elsewhere)
	if a := f.amp[e.to]; a != nil {
		w, _ := worst(a.f)
		t.Amplification = w.num()
	}
	t.AnyBreaker = breakerOf(e.call)
	return t
}

// breakerOf says who breaks the circuit of a call.
func breakerOf(c *model.Call) Word {
	switch {
	case c.CircuitBreaker.Has():
		return Word{State: c.CircuitBreaker.State, V: "application", notes: spelt("", c.CircuitBreaker.From())}
	case c.MeshBreaker.Has():
		return Word{State: c.MeshBreaker.State, V: "mesh", notes: spelt("", c.MeshBreaker.From())}
	case c.CircuitBreaker.IsUnknown() || c.MeshBreaker.IsUnknown():
		return Word{State: model.Unknown}
	}
	return Word{State: c.CircuitBreaker.State}
}

func (f *Facts) siblings(e *edge, id int32) Siblings {
	s := Siblings{Addrs: []string{}}
	for _, k := range f.g.ents[e.from].out {
		if o := &f.g.edges[k]; k != id && o.call != nil {
			s.Total++
			s.Addrs = append(s.Addrs, string(o.addr))
			if o.hard {
				s.Hard++
			}
		}
	}
	slices.Sort(s.Addrs)
	return s
}

// fallbackNode describes the node that a call falls back to, nil if the fallback is no node.
func (f *Facts) fallbackNode(id int32) *OtherFacts {
	g, e := f.g, &f.g.edges[id]
	v := e.call.Fallback
	if !v.Has() || !strings.Contains(v.V, ".") {
		return nil
	}
	w := g.ent(model.Addr(v.V))
	if w < 0 {
		return nil
	}
	load := sumRates(f.rate[w], f.load[id])
	return &OtherFacts{
		Addr: v.V, Type: string(g.ents[w].kind), Shared: f.sharedFate(e, w), Capacity: f.capacity[w].num(), Rate: f.rate[w].num(),
		Load: load.num(), Utilisation: load.div(f.capacity[w]).num(),
	}
}

// sharedFate lists what both the callee and the fallback cannot do without: nodes, and servers that both stand on.
func (f *Facts) sharedFate(e *edge, w int32) []string {
	a, b := f.needs(e.to), f.needs(w)
	out := []string{}
	servers := map[string]bool{}
	for i := range a {
		if d, ok := f.g.ents[i].of.(*model.Datastore); ok && d.Server.Has() {
			servers[d.Server.V] = true
		}
		if b[i] {
			out = append(out, string(f.g.ents[i].addr))
		}
	}
	for i := range b {
		if d, ok := f.g.ents[i].of.(*model.Datastore); ok && !a[i] && d.Server.Has() && servers[d.Server.V] {
			out = append(out, "server."+d.Server.V)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// needs is the hard closure of an entity, itself included.
func (f *Facts) needs(i int32) map[int32]bool {
	mark := make([]bool, len(f.g.pairs))
	f.g.syncPairs(i, func(p int32) { mark[p] = true })
	f.g.down(mark, f.g.hardArc)
	out := map[int32]bool{i: true}
	for p := range mark {
		if mark[p] {
			out[f.g.pairs[p].ent] = true
		}
	}
	return out
}
