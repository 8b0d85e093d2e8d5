package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// GatewayFacts is a gateway with who comes through it, what stands behind it and what it does itself.
type GatewayFacts struct {
	*model.Gateway
	Exposure
	UserFacing  Flag `fact:"user_facing" doc:"a user waits for it"`
	Own         Num  `fact:"own_availability" unit:"ratio" doc:"its own availability (Q3)"`
	Loss        Num  `fact:"own_loss" unit:"ms" doc:"downtime of its own in the window of the objective"`
	ErrorBudget Num  `fact:"error_budget" unit:"ms" doc:"downtime that the objective allows in its window"`
	Strictest   Num  `fact:"strictest_slo" unit:"ratio" doc:"highest availability that a client or the system asks for"`

	Callers     []string `fact:"callers" doc:"who calls it"`
	Clients     []string `fact:"clients" doc:"clients that call it"`
	ClientKinds []string `fact:"client_kinds" doc:"kinds of the clients that call it or that it says it serves"`
	ClientTeams []string `fact:"client_teams" doc:"teams of these clients, as far as stated"`
	AllKinds    []string `fact:"system_client_kinds" doc:"kinds of all clients of the system"`
	NotServed   []string `fact:"callers_not_served" doc:"clients that call it and are not in serves; empty where serves is unstated"`
	NotCalling  []string `fact:"served_not_calling" doc:"clients in serves that do not call it"`
	HasPublic   Flag     `fact:"has_public_callers" doc:"a public caller calls it"`

	Callees     []string     `fact:"callees" doc:"who it calls"`
	Services    Num          `fact:"services" unit:"count" doc:"distinct services that it calls"`
	Offloads    Flag         `fact:"offloads" doc:"it takes work off its callees: auth, a rate limit, a migration's facade, or an api that they do not offer"`
	Facade      Flag         `fact:"facade" doc:"it is the facade of a migration"`
	WritesTo    []string     `fact:"writes_to" doc:"datastores other than caches that it writes itself"`
	Publishes   Num          `fact:"publishes" unit:"count" doc:"publishes that it makes"`
	Slowest     SlowPart     `fact:"slowest" doc:"what has the largest p99 behind it, streams left out"`
	WritesApart []string     `fact:"writes_apart" doc:"write calls of one request that change data of different services, no transaction spanning them; empty where there are less than two"`
	Undone      []ApartWrite `fact:"writes_apart_calls" doc:"the same calls with what would excuse them"`
}

// SlowPart is the slowest node behind a gateway.
type SlowPart struct {
	Addr string `fact:"addr" doc:"the node; empty if no p99 is stated"`
	P99  Num    `fact:"p99" unit:"ms" doc:"its p99"`
}

// ApartWrite is one of several writes of a request.
type ApartWrite struct {
	Addr       string `fact:"addr" doc:"the call"`
	To         string `fact:"to" doc:"its callee"`
	Idempotent Flag   `fact:"idempotent" doc:"it may be repeated"`
	Kind       Word   `fact:"kind" doc:"kind of a datastore"`
}

func (f *Facts) gatewayDocuments() []Document {
	var out []Document
	for _, g := range f.m.Gateways {
		out = append(out, Document{Addr: g.Addr, Subject: f.gatewayFacts(g)})
	}
	return out
}

func (f *Facts) gatewayFacts(gw *model.Gateway) *GatewayFacts {
	g := f.g
	i := g.ent(gw.Addr)
	x := &g.ents[i]
	own := g.ownAvailability(f.as, i, f.rate[i])
	window := f.system.SLO.Window.interval()
	out := &GatewayFacts{
		Gateway: gw, Exposure: f.exposure(i), UserFacing: Yes(g.anyPair(i, f.k.waits, false)), Own: own.num(),
		Loss: unavailable(own).mul(window).millis(), Strictest: Absent(), ErrorBudget: Absent(),
		Callers: []string{}, Clients: []string{}, ClientKinds: []string{}, ClientTeams: []string{}, AllKinds: []string{},
		NotServed: []string{}, NotCalling: []string{}, Callees: []string{}, WritesTo: []string{}, WritesApart: []string{}, Undone: []ApartWrite{},
		Publishes: Exact(float64(len(gw.Publishes))),
	}
	if s := f.strictest(); s > 0 {
		out.Strictest, out.ErrorBudget = Exact(s), unavailable(point(s)).mul(window).millis()
	}
	f.gatewayCallers(x, gw, out)
	f.gatewayCallees(i, gw, out)
	out.Slowest = f.slowestBehind(i)
	f.writesApart(i, out)
	return out
}

func unavailable(a interval) interval {
	return interval{lo: 1 - a.hi, v: 1 - a.v, hi: 1 - a.lo, as: a.as, needs: a.needs}
}

func (f *Facts) gatewayCallers(x *ent, gw *model.Gateway, out *GatewayFacts) {
	look := func(a model.Addr) {
		if c, ok := f.m.Lookup(a).(*model.Client); ok {
			out.ClientKinds = append(out.ClientKinds, c.ClientKind.Or("unknown"))
			if c.Team.Has() {
				out.ClientTeams = append(out.ClientTeams, c.Team.V)
			}
		}
	}
	for _, id := range x.ins {
		from := f.g.ents[f.g.edges[id].from]
		out.Callers = append(out.Callers, string(from.addr))
		out.HasPublic.V = out.HasPublic.V || publicCaller(from.of)
		if from.kind == model.KindClient {
			out.Clients = append(out.Clients, string(from.addr))
			look(from.addr)
			if gw.Serves.Has() && len(gw.Serves.V) > 0 && !slices.Contains(gw.Serves.V, from.addr) {
				out.NotServed = append(out.NotServed, string(from.addr))
			}
		}
	}
	out.HasPublic.State = model.Derived
	for _, a := range gw.Serves.V {
		look(a)
		if !slices.Contains(out.Clients, string(a)) && len(out.Clients) > 0 {
			out.NotCalling = append(out.NotCalling, string(a))
		}
	}
	for _, c := range f.m.Clients {
		out.AllKinds = append(out.AllKinds, c.ClientKind.Or("unknown"))
	}
	for _, l := range []*[]string{&out.Callers, &out.Clients, &out.ClientKinds, &out.ClientTeams, &out.AllKinds, &out.NotServed, &out.NotCalling} {
		slices.Sort(*l)
		*l = slices.Compact(*l)
	}
}

func (f *Facts) gatewayCallees(i int32, gw *model.Gateway, out *GatewayFacts) {
	g := f.g
	apis := map[string]bool{}
	var services []int32
	for _, id := range g.ents[i].out {
		e := &g.edges[id]
		if e.call == nil {
			continue
		}
		out.Callees = append(out.Callees, string(g.ents[e.to].addr))
		switch to := g.ents[e.to].of.(type) {
		case *model.Service:
			services = append(services, e.to)
			for _, a := range to.APIs {
				apis[a.Label] = true
			}
		case *model.Datastore:
			if to.StoreKind.Or("") != "cache" && e.call.Access.Or("") == "write" {
				out.WritesTo = append(out.WritesTo, string(to.Addr))
			}
		}
	}
	out.Services = Exact(distinct(services))
	facade, offloads := false, gw.Auth.Has() || gw.RateLimit.Has()
	for _, m := range f.m.Migrations {
		facade = facade || m.Facade.Has() && m.Facade.V == gw.Addr
	}
	for _, a := range gw.APIs {
		offloads = offloads || !apis[a.Label]
	}
	out.Facade, out.Offloads = Yes(facade), Yes(offloads || facade)
	slices.Sort(out.Callees)
	out.Callees = slices.Compact(out.Callees)
	slices.Sort(out.WritesTo)
	out.WritesTo = slices.Compact(out.WritesTo)
}

// slowestBehind is the node with the largest stated p99 that requests through a gateway wait for.
func (f *Facts) slowestBehind(i int32) SlowPart {
	g := f.g
	mark := make([]bool, len(g.pairs))
	g.syncPairs(i, func(p int32) { mark[p] = true })
	g.down(mark, func(a *arc) bool {
		return !a.async && a.edge >= 0 && g.edges[a.edge].call != nil && !g.edges[a.edge].call.Stream.Or(false)
	})
	best := SlowPart{P99: Absent()}
	for p := range mark {
		ent := g.pairs[p].ent
		if t := f.t.times[ent]; mark[p] && ent != i && t.stated99 && !(t.p99.v <= best.P99.V) {
			best = SlowPart{Addr: string(g.ents[ent].addr), P99: f.end(ent).P99}
		}
	}
	return best
}

// writesApart finds write calls of one request that change data of different services with no transaction that has steps
// in two of them. The alternatives of a routing gateway are separate requests.
func (f *Facts) writesApart(i int32, out *GatewayFacts) {
	g := f.g
	if g.ents[i].routing {
		return
	}
	best := []int32{}
	for p := g.ents[i].first; p < g.ents[i].last; p++ {
		g.variants(p, func(arcs []arc, plain bool) {
			var calls []int32
			owners := map[model.Addr]bool{}
			for k := range arcs {
				a := &arcs[k]
				if a.async || a.edge < 0 || plain && a.maybe || g.edges[a.edge].call == nil || g.edges[a.edge].call.Access.Or("") != "write" {
					continue
				}
				owner := g.ents[g.pairs[a.head].ent].addr
				if d, ok := g.ents[g.pairs[a.head].ent].of.(*model.Datastore); ok && d.Owner.Has() {
					owner = d.Owner.V
				}
				owners[owner] = true
				calls = append(calls, a.edge)
			}
			if len(owners) > 1 && len(calls) > len(best) && !f.oneTransaction(owners) {
				best = calls
			}
		})
	}
	for _, id := range best {
		e := &g.edges[id]
		out.WritesApart = append(out.WritesApart, string(e.addr))
		out.Undone = append(out.Undone, ApartWrite{
			Addr: string(e.addr), To: string(g.ents[e.to].addr), Idempotent: FlagOf(e.call.Idempotent), Kind: f.end(e.to).Kind,
		})
	}
	slices.Sort(out.WritesApart)
}

// oneTransaction reports whether a transaction has steps in at least two of some services.
func (f *Facts) oneTransaction(in map[model.Addr]bool) bool {
	for _, t := range f.m.Transactions {
		seen := map[model.Addr]bool{}
		for _, s := range t.Steps {
			if in[s.In.V] {
				seen[s.In.V] = true
			}
		}
		if len(seen) > 1 {
			return true
		}
	}
	return false
}
