package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// CallStyle is what the two ends of a call agree on, and where they do not.
type CallStyle struct {
	IdleTimeout     Num  `fact:"idle_timeout" unit:"ms" doc:"idle timeout of the gateway at either end"`
	CalleeKey       Flag `fact:"callee_idempotency_key" doc:"an api of the callee recognises repeated requests by a key"`
	CalleeCacheTTL  Num  `fact:"callee_cache_ttl" unit:"ms" doc:"longest cache_ttl of the callee's apis"`
	GRPCWeb         Flag `fact:"grpc_web" doc:"the callee's grpc api serves browsers"`
	MaxMessage      Num  `fact:"max_message" unit:"bytes" doc:"largest message that the callee's grpc api takes"`
	Declared        Flag `fact:"protocol_declared" doc:"the callee declares an api of the call's protocol"`
	CDNAbove        Flag `fact:"cdn_above" doc:"a cdn is the caller or above it"`
	Sensitive       Flag `fact:"reaches_sensitive" doc:"a store of pii or financial data is the callee or below it"`
	CalleePublic    Flag `fact:"callee_public" doc:"a public caller calls the callee"`
	BothMeshed      Flag `fact:"both_meshed" doc:"one mesh has both ends as members"`
	CrossesMesh     Word `fact:"crosses_mesh" doc:"the end that is a member of a mesh while the other is of none: from or to; absent if neither or both are"`
	CalleeMTLS      Word `fact:"callee_mesh_mtls" doc:"mtls of a mesh that has the callee as member"`
	CalleeStrategy  Word `fact:"callee_strategy" doc:"deploy strategy of the callee"`
	GatewayCap      Num  `fact:"gateway_cap" unit:"ms" doc:"smallest timeout of a gateway above the callee"`
	MeanUtilisation Num  `fact:"mean_utilisation" unit:"ratio" doc:"the callee's utilisation outside the peak: rate / peak_to_mean / capacity"`
	Migration       Word `fact:"migration" doc:"the migration that replaces the callee, unless the caller is its facade, its anti-corruption layer or legacy itself"`
	AntiCorruption  Word `fact:"anti_corruption" doc:"anti-corruption layer of that migration"`
	SelfCall        Flag `fact:"self_call" doc:"the caller calls itself"`
}

func (f *Facts) callStyle(id int32) CallStyle {
	g, e := f.g, &f.g.edges[id]
	from, to := g.ents[e.from].of, g.ents[e.to].of
	s := CallStyle{
		IdleTimeout: Absent(), CalleeCacheTTL: Absent(), MaxMessage: Absent(), GatewayCap: Absent(),
		SelfCall: Yes(e.from == e.to), MeanUtilisation: f.rate[e.to].div(f.as.peak).div(f.capacity[e.to]).num(),
	}
	for _, x := range []model.Entity{from, to} {
		if gw, ok := x.(*model.Gateway); ok && gw.IdleTimeout.Has() {
			s.IdleTimeout = MillisOf(gw.IdleTimeout)
		}
	}
	if w, ok := to.(model.Worker); ok {
		f.calleeAPIs(&s, w.Work(), e.call)
		if d := w.Work().Deploy; d.V != nil {
			s.CalleeStrategy = WordOf(d.V.Strategy)
		}
	}
	cdn, cap := false, missing
	for _, p := range e.tails {
		cdn = cdn || f.wayFacts().cdn[p]
		cap = least(cap, f.wayFacts().cap[p])
	}
	s.CDNAbove, s.GatewayCap = Yes(cdn), cap.millis()
	if site := g.callSite(e); site >= 0 {
		s.Sensitive = Yes(f.wayFacts().sensitive[site])
	}
	s.CalleePublic = Yes(f.publicCallee(e.to))
	s.BothMeshed = Yes(e.call.Mesh != "")
	a, b := f.meshesOf(g.ents[e.from].addr), f.meshesOf(g.ents[e.to].addr)
	switch {
	case len(a) > 0 && len(b) == 0:
		s.CrossesMesh = Is("from")
	case len(b) > 0 && len(a) == 0:
		s.CrossesMesh = Is("to")
	}
	for _, m := range b {
		if x, ok := f.m.Lookup(model.Addr(m)).(*model.Mesh); ok && s.CalleeMTLS.V != "strict" {
			s.CalleeMTLS = WordOf(x.MTLS)
		}
	}
	for _, m := range f.m.Migrations {
		at := g.ents[e.from].addr
		if m.Legacy.V == g.ents[e.to].addr && at != m.Facade.V && at != m.AntiCorruption.V && e.from != e.to {
			s.Migration = Is(string(m.Addr))
			s.AntiCorruption = WordOf(m.AntiCorruption)
		}
	}
	return s
}

func (f *Facts) calleeAPIs(s *CallStyle, w *model.Workload, c *model.Call) {
	s.CalleeKey = Yes(false)
	declared := false
	for _, a := range w.APIs {
		declared = declared || a.Label == c.Protocol.V
		if a.IdempotencyKey.Has() && a.IdempotencyKey.V || a.IdempotencyKey.IsUnknown() && !s.CalleeKey.V {
			s.CalleeKey = FlagOf(a.IdempotencyKey)
		}
		if t := MillisOf(a.CacheTTL); s.CalleeCacheTTL.State == model.Absent || t.V > s.CalleeCacheTTL.V {
			s.CalleeCacheTTL = t
		}
		if a.Label == "grpc" {
			s.GRPCWeb, s.MaxMessage = FlagOf(a.GRPCWeb), NumOf(a.MaxMessage)
		}
	}
	s.Declared = Yes(declared || !c.Protocol.Has())
}

// publicCaller reports whether an entity is a caller that anybody can be: an external, or a public client.
func publicCaller(e model.Entity) bool {
	switch x := e.(type) {
	case *model.External:
		return true
	case *model.Client:
		return x.Public.Or(false)
	}
	return false
}

func (f *Facts) publicCallee(i int32) bool {
	return slices.ContainsFunc(f.g.ents[i].ins, func(id int32) bool {
		e := &f.g.edges[id]
		return e.call != nil && publicCaller(f.g.ents[e.from].of)
	})
}

// wayFacts are marks and numbers that spread along the ways of requests.
type wayFacts struct {
	cdn       []bool     // per pair: a cdn is at it or above it
	sensitive []bool     // per pair: a store of pii or financial data is at it or below it
	writes    []bool     // per pair: it, or something below it, writes to a store
	limited   []bool     // per pair: every way to it from outside passes a rate limit above it
	cap       []interval // per pair: smallest timeout of a gateway at it or above it
}

// wayFacts computes them once, when the first document asks.
func (f *Facts) wayFacts() *wayFacts {
	if f.ways != nil {
		return f.ways
	}
	g := f.g
	n := len(g.pairs)
	w := &wayFacts{cdn: make([]bool, n), sensitive: make([]bool, n), writes: make([]bool, n), limited: make([]bool, n), cap: make([]interval, n)}
	for p := range g.pairs {
		w.cap[p] = missing
		switch x := g.ents[g.pairs[p].ent].of.(type) {
		case *model.Gateway:
			w.cdn[p] = x.GatewayKind.Or("") == "cdn"
			if x.Timeout.Has() {
				w.cap[p] = point(MillisOf(x.Timeout).V)
			}
		case *model.Datastore:
			w.sensitive[p] = x.Data.Has() && (slices.Contains(x.Data.V, "pii") || slices.Contains(x.Data.V, "financial"))
		}
	}
	for i := range g.arcs {
		if a := &g.arcs[i]; a.edge >= 0 && g.edges[a.edge].call != nil && g.edges[a.edge].call.Access.Or("") == "write" &&
			g.ents[g.pairs[a.head].ent].kind == model.KindDatastore {
			w.writes[a.tail] = true
		}
	}
	sync := func(a *arc) bool { return !a.async }
	g.down(w.cdn, sync)
	g.up(w.sensitive, sync)
	g.up(w.writes, sync)
	for _, p := range g.syncOrder {
		first := true
		for _, k := range g.inArcs(p) {
			a := &g.arcs[k]
			if a.async || g.syncComp[a.tail] == g.syncComp[p] {
				continue
			}
			behind := w.limited[a.tail] || limitOf(g.ents[g.pairs[a.tail].ent].of) != nil
			w.limited[p] = behind && (first || w.limited[p])
			first = false
			w.cap[p] = least(w.cap[p], w.cap[a.tail])
		}
	}
	f.ways = w
	return w
}
