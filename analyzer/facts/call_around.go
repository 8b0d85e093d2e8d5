package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// CallAround is what surrounds a call: meshes, gateways, deploys and migrations at its ends.
type CallAround struct {
	IdleTimeout     Num      `fact:"idle_timeout" unit:"ms" doc:"idle timeout of the gateway at either end"`
	Declared        Flag     `fact:"protocol_declared" doc:"the callee declares an api of the call's protocol"`
	CrossesMesh     Word     `fact:"crosses_mesh" doc:"the end that is a member of a mesh while the other is of none: from or to; absent if neither or both are"`
	CalleeMTLS      Word     `fact:"callee_mesh_mtls" doc:"mtls of a mesh that has the callee as member"`
	MeshClaims      []string `fact:"claimed_from_mesh" doc:"limits of the call that come from the policy of a mesh which has the callee as member, but not the caller, and so no proxy to enforce them: timeout, deadline, circuit_breaker"`
	MeshPolicy      string   `fact:"claimed_policy" doc:"that policy; empty for none"`
	CalleeStrategy  Word     `fact:"callee_strategy" doc:"deploy strategy of the callee"`
	GatewayCap      Num      `fact:"gateway_cap" unit:"ms" doc:"smallest timeout of a gateway above the callee"`
	MeanUtilisation Num      `fact:"mean_utilisation" unit:"ratio" doc:"the callee's utilisation outside the peak: rate / peak_to_mean / capacity"`
	Migration       Word     `fact:"migration" doc:"the migration that replaces the callee, unless the caller is its facade, its anti-corruption layer or legacy itself"`
	AntiCorruption  Word     `fact:"anti_corruption" doc:"anti-corruption layer of that migration"`
	NewSide         Flag     `fact:"new_side" doc:"the caller is the target of a route of that migration"`
	DepthBelow      Num      `fact:"depth_below" unit:"count" doc:"longest chain of hard calls from service to service that starts at the callee"`
	SelfCall        Flag     `fact:"self_call" doc:"the caller calls itself"`
}

func (f *Facts) callAround(id int32) CallAround {
	g, e := f.g, &f.g.edges[id]
	from, to := g.ents[e.from].of, g.ents[e.to].of
	s := CallAround{
		IdleTimeout: Absent(), GatewayCap: Absent(), Declared: Yes(true),
		MeshClaims: []string{}, DepthBelow: Exact(f.depthOf(e.to)), NewSide: Yes(false), SelfCall: Yes(e.from == e.to), MeanUtilisation: f.rate[e.to].div(f.as.peak).div(f.capacity[e.to]).num(),
	}
	for _, x := range []model.Entity{from, to} {
		if gw, ok := x.(*model.Gateway); ok && gw.IdleTimeout.Has() {
			s.IdleTimeout = MillisOf(gw.IdleTimeout)
		}
	}
	if w, ok := to.(model.Worker); ok {
		s.Declared = Yes(!e.call.Protocol.Has() || slices.ContainsFunc(w.Work().APIs, func(a *model.API) bool {
			return a.Label == e.call.Protocol.V
		}))
		if d := w.Work().Deploy; d.V != nil {
			s.CalleeStrategy = WordOf(d.V.Strategy)
		}
	}
	cap := missing
	for _, p := range e.tails {
		cap = least(cap, f.gatewayCaps()[p])
	}
	s.GatewayCap = cap.millis()
	a, b := f.meshesOf(g.ents[e.from].addr), f.meshesOf(g.ents[e.to].addr)
	switch {
	case len(a) > 0 && len(b) == 0:
		s.CrossesMesh = Is("from")
	case len(b) > 0 && len(a) == 0:
		s.CrossesMesh = Is("to")
		s.MeshClaims, s.MeshPolicy = f.claimedFromMesh(e.call, b)
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
			s.NewSide = Yes(slices.ContainsFunc(m.Routes, func(r *model.Route) bool { return r.To.V == at }))
		}
	}
	return s
}

// claimedFromMesh names the limits that a call outside the meshes of its callee has from the policy of one of them, and
// that policy. A policy that is the system's too, or whose engine is another product than the mesh's, is enforced
// elsewhere: by a library.
func (f *Facts) claimedFromMesh(c *model.Call, meshes []string) ([]string, string) {
	for _, addr := range meshes {
		m, ok := f.m.Lookup(model.Addr(addr)).(*model.Mesh)
		if !ok || !m.Policy.Has() || f.m.System != nil && f.m.System.Policy.V == m.Policy.V {
			continue
		}
		if p, ok := f.m.Lookup(m.Policy.V).(*model.Policy); !ok || p.Engine.Has() && p.Engine.V != m.Engine.Or("istio") {
			continue
		}
		out, from := []string{}, string(m.Policy.V)
		for _, l := range []struct {
			name string
			has  bool
			from string
		}{
			{"timeout", c.Timeout.Has(), c.Timeout.From()},
			{"deadline", c.Deadline.Has(), c.Deadline.From()},
			{"circuit_breaker", c.CircuitBreaker.Has(), c.CircuitBreaker.From()},
		} {
			if l.has && l.from == from {
				out = append(out, l.name)
			}
		}
		if len(out) > 0 {
			return out, from
		}
	}
	return []string{}, ""
}

// gatewayCaps is, per pair, the smallest timeout of a gateway at it or above it; computed when the first document asks.
func (f *Facts) gatewayCaps() []interval {
	if f.caps != nil {
		return f.caps
	}
	g := f.g
	caps := make([]interval, len(g.pairs))
	for p := range g.pairs {
		caps[p] = missing
		if x, ok := g.ents[g.pairs[p].ent].of.(*model.Gateway); ok && x.Timeout.Has() {
			caps[p] = point(MillisOf(x.Timeout).V)
		}
	}
	for _, p := range g.syncOrder {
		for _, k := range g.inArcs(p) {
			if a := &g.arcs[k]; !a.async && g.syncComp[a.tail] != g.syncComp[p] {
				caps[p] = least(caps[p], caps[a.tail])
			}
		}
	}
	f.caps = caps
	return caps
}

// depthOf is Q7 of an entity: the deepest of its triggers.
func (f *Facts) depthOf(i int32) float64 {
	n := int32(0)
	for p := f.g.ents[i].first; p < f.g.ents[i].last; p++ {
		n = max(n, f.paths.depth.n[p])
	}
	return float64(n)
}
