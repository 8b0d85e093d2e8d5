package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// publicEntry is a workload that somebody outside reaches first, on a way without a rate limit before it.
type publicEntry struct {
	callers  []string // sorted
	partners bool     // all of them are partners
	sure     bool     // one of them is certainly public
	needs    []string // what would say whether the others are
}

func (p *publicEntry) flag() Flag {
	if p.sure {
		return Yes(true)
	}
	return Flag{State: model.Unknown, notes: needing(p.needs...)}
}

// publicEntries finds, per workload, who outside reaches it first: proxies and CDNs only pass requests on.
func (f *Facts) publicEntries() map[int32]*publicEntry {
	g := f.g
	out := map[int32]*publicEntry{}
	for i := range g.ents {
		public, partner := outsider(g.ents[i].of)
		if public.State != model.Unknown && !public.V {
			continue
		}
		seen := map[int32]bool{}
		var visit func(at int32)
		visit = func(at int32) {
			for _, id := range g.ents[at].out {
				to := g.edges[id].to
				if g.edges[id].call == nil || seen[to] || at != int32(i) && g.edges[id].call.RateLimit.Has() {
					continue
				}
				seen[to] = true
				w, ok := g.ents[to].of.(model.Worker)
				if !ok {
					continue
				}
				if passesOn(w) {
					if !w.Work().RateLimit.Has() {
						visit(to)
					}
					continue
				}
				e := out[to]
				if e == nil {
					e = &publicEntry{partners: true}
					out[to] = e
				}
				e.callers = append(e.callers, string(g.ents[i].addr))
				e.partners = e.partners && partner
				e.sure = e.sure || public.V
				e.needs = append(e.needs, public.Needs()...)
			}
		}
		visit(int32(i))
	}
	for _, e := range out {
		slices.Sort(e.callers)
		slices.Sort(e.needs)
	}
	return out
}

// outsider says whether an entity is somebody outside who sends requests, and whether it is a partner.
func outsider(e model.Entity) (public Flag, partner bool) {
	switch x := e.(type) {
	case *model.Client:
		public = FlagOf(x.Public)
		if public.State == model.Unknown {
			public.setNeeds(string(x.Addr) + ".kind")
		}
		return public, x.ClientKind.Or("") == "partner"
	case *model.External:
		return Yes(len(x.Calls) > 0), false
	}
	return Yes(false), false
}

// passesOn reports whether a workload only hands requests on: load balancers, ingresses, CDNs with something behind.
func passesOn(w model.Worker) bool {
	gw, ok := w.(*model.Gateway)
	if !ok || len(gw.Calls) == 0 {
		return false
	}
	kind := gw.GatewayKind.Or("api")
	return kind == "proxy" || kind == "cdn"
}

// tenantLimit says whether every way of a user to an entity passes a rate limit per tenant.
type tenantLimit struct {
	how  tenantWay
	need string // the limit that nobody stated, where it decides
}

type tenantWay uint8

const (
	tenantsLimited   tenantWay = iota // on every way
	tenantsUnlimited                  // some way has none
	tenantsMaybe                      // some way has a limit that nobody stated
)

func (t tenantLimit) flag() Flag {
	if t.how == tenantsMaybe {
		return Flag{State: model.Unknown, notes: needing(t.need)}
	}
	return Yes(t.how == tenantsLimited)
}

// past is what is left of a way behind a limit that stands at an address.
func (t tenantLimit) past(limit model.Value[*model.RateLimit], at model.Addr) tenantLimit {
	switch {
	case limit.IsUnknown() && t.how == tenantsUnlimited:
		return tenantLimit{tenantsMaybe, string(at) + ".rate_limit"}
	case limit.Has() && limit.V != nil && limit.V.Per.Or("global") == "tenant":
		return tenantLimit{}
	}
	return t
}

// tenantLimits walks from all entries down the calls, and stops where a limit per tenant stands.
func (f *Facts) tenantLimits() []tenantLimit {
	g := f.g
	out := make([]tenantLimit, len(g.ents))
	var queue []int32
	reach := func(i int32, t tenantLimit) {
		if w, ok := g.ents[i].of.(model.Worker); ok {
			t = t.past(w.Work().RateLimit, g.ents[i].addr)
		}
		if t.how == tenantsLimited {
			return
		}
		if old := out[i].how; old == tenantsLimited || old == tenantsMaybe && t.how == tenantsUnlimited {
			out[i] = t
			queue = append(queue, i)
		}
	}
	for i := range g.ents {
		if g.ents[i].kind == model.KindClient {
			reach(int32(i), tenantLimit{how: tenantsUnlimited})
		}
	}
	for len(queue) > 0 {
		i := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, id := range g.ents[i].out {
			e := &g.edges[id]
			switch _, ours := g.ents[i].of.(model.Worker); {
			case e.call != nil && ours:
				reach(e.to, out[i].past(e.call.RateLimit, e.addr))
			case e.call != nil: // what a client allows itself is no limit
				reach(e.to, out[i])
			}
		}
	}
	return out
}
