package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// GatewayFacts is a gateway with who comes through it and what stands behind it.
type GatewayFacts struct {
	*model.Gateway
	GatewayTraffic
	GatewayWork
	GatewayAudience
}

// GatewayTraffic is what is lost with a gateway.
type GatewayTraffic struct {
	Replicas     Num      `fact:"replicas" unit:"count" doc:"copies that run"`
	Zones        Num      `fact:"zones" unit:"count" doc:"zones it is spread over"`
	Share        Num      `fact:"traffic_share" unit:"ratio" doc:"share of user traffic that goes through it"`
	UserFacing   Flag     `fact:"user_facing" doc:"a user waits for it"`
	AloneLoss    Num      `fact:"own_loss" unit:"minutes" doc:"what its own availability loses in the window of the objective"`
	BudgetLoss   Num      `fact:"loss_budget" unit:"minutes" doc:"what the objective allows in its window"`
	Objective    Num      `fact:"objective" unit:"ratio" doc:"highest availability that a client or the system asks for"`
	SlowestTo    string   `fact:"slowest_to" doc:"the callee with the largest known p99, streams left out; empty for none"`
	CutCalls     []string `fact:"cut_calls" doc:"its calls whose callee's p99 is above its timeout"`
	SlowestP99   Num      `fact:"slowest_p99" unit:"ms" doc:"that p99"`
	Facades      []string `fact:"facade_of" doc:"migrations of which it is the façade"`
	Callees      []string `fact:"callees" doc:"distinct nodes that it calls"`
	Callers      []string `fact:"callers" doc:"distinct nodes that call it"`
	ClientsFirst []string `fact:"clients" doc:"clients that reach it first"`
}

// GatewayWork is what a gateway does besides handing requests on.
type GatewayWork struct {
	StoreWrites  []string `fact:"store_writes" doc:"stores, caches left out, that it writes"`
	WriteCalls   []string `fact:"store_write_calls" doc:"the calls that write them"`
	StoreMaybe   Flag     `fact:"store_may_be_written" doc:"it writes a store; unknown where nobody says what a call does"`
	Channels     []string `fact:"publishes_to" doc:"topics and queues that it publishes to, but for what may be lost: traces, access logs"`
	PublishCalls []string `fact:"publish_edges" doc:"these publishes"`
	OwnStyles    []string `fact:"own_styles" doc:"API styles that it offers and that no callee does"`
	Offloads     []string `fact:"offloads" doc:"what it does for the nodes behind it: retries, breakers, caches and the like"`
	Branches     []string `fact:"write_branches" doc:"calls of one request that write stores of different services, not counting idempotent writes to caches and indexes"`
	BranchStores []string `fact:"write_branch_stores" doc:"these stores"`
	BranchMaybe  Flag     `fact:"several_writes" doc:"one request writes stores of different services; unknown where nobody says what a call does"`
	Transacted   Flag     `fact:"branches_in_transaction" doc:"a transaction has the callees of these calls as steps"`
}

// GatewayAudience is for whom a gateway is.
type GatewayAudience struct {
	ClientKinds  []string `fact:"client_kinds" doc:"kinds of the clients that reach it first or that it serves"`
	SystemKinds  []string `fact:"system_client_kinds" doc:"kinds of all clients of the system but schedulers"`
	KindsKnown   Flag     `fact:"client_kinds_known" doc:"every client of the system but schedulers states its kind"`
	OneWebTeam   Flag     `fact:"one_web_team" doc:"its clients are web and desktop of one team"`
	ServesOnly   []string `fact:"serves_only" doc:"clients that it says it serves and that do not call it"`
	CalledByOnly []string `fact:"called_by_only" doc:"clients that call it and that it does not say it serves"`
}

func (f *Facts) gatewayDocuments() []Document {
	var out []Document
	for _, gw := range f.m.Gateways {
		i := f.g.ent(gw.Addr)
		d := &GatewayFacts{Gateway: gw, GatewayTraffic: f.gatewayTraffic(i, gw), GatewayWork: f.gatewayWork(i, gw)}
		d.GatewayAudience = f.gatewayAudience(i, gw)
		out = append(out, Document{Addr: gw.Addr, Subject: d})
	}
	return out
}

func (f *Facts) gatewayTraffic(i int32, gw *model.Gateway) GatewayTraffic {
	g := f.g
	out := GatewayTraffic{
		Replicas: replicasOf(gw), Zones: zonesOf(gw), Share: Exact(f.paths.share.ent[i]), UserFacing: Yes(g.anyPair(i, f.k.waits, false)),
		Objective: Absent(), AloneLoss: Absent(), BudgetLoss: Absent(), SlowestP99: Absent(),
		CutCalls: []string{}, Facades: []string{}, Callees: []string{}, Callers: []string{}, ClientsFirst: []string{},
	}
	window := 30 * day / minute
	if s := f.system.SLO.Window; s.HasValue() {
		window = s.V / minute
	}
	out.AloneLoss = complement(f.paths.avail[i]).scale(window).num()
	if slo := f.strictestObjective(); slo > 0 {
		out.Objective, out.BudgetLoss = Exact(slo), Exact((1-slo)*window)
	}
	for _, m := range f.m.Migrations {
		if m.Facade.Has() && m.Facade.V == gw.Addr {
			out.Facades = append(out.Facades, string(m.Addr))
		}
	}
	for _, id := range g.ents[i].out {
		e := &g.edges[id]
		if e.call == nil {
			continue
		}
		out.Callees = append(out.Callees, string(g.ents[e.to].addr))
		p99 := f.t.times[e.to].p99
		if p99.known() && !e.call.Stream.Or(false) && !(out.SlowestP99.HasValue() && p99.v <= out.SlowestP99.V) {
			out.SlowestTo, out.SlowestP99 = string(g.ents[e.to].addr), p99.millis()
		}
		if limit := MillisOf(gw.Timeout); p99.known() && !e.call.Stream.Or(false) && limit.HasValue() && p99.millis().V > limit.V {
			out.CutCalls = append(out.CutCalls, string(e.addr))
		}
	}
	for _, id := range g.ents[i].ins {
		if g.edges[id].call != nil {
			out.Callers = append(out.Callers, string(g.ents[g.edges[id].from].addr))
		}
	}
	for _, c := range f.outsideCalls()[i] {
		if g.ents[c.from].kind == model.KindClient {
			out.ClientsFirst = append(out.ClientsFirst, string(g.ents[c.from].addr))
		}
	}
	out.Callees, out.Callers, out.ClientsFirst = sortedSet(out.Callees), sortedSet(out.Callers), sortedSet(out.ClientsFirst)
	slices.Sort(out.Facades)
	return out
}

// strictestObjective is the highest availability that a client or the system asks for, 0 for none.
func (f *Facts) strictestObjective() float64 {
	most := 0.0
	if a := f.system.SLO.Availability; a.HasValue() {
		most = a.V
	}
	for _, c := range f.m.Clients {
		if a := sloFacts(c.SLO, c.Addr).Availability; a.HasValue() {
			most = max(most, a.V)
		}
	}
	return most
}

func (f *Facts) gatewayAudience(i int32, gw *model.Gateway) GatewayAudience {
	g := f.g
	out := GatewayAudience{
		ClientKinds: []string{}, SystemKinds: []string{}, KindsKnown: Yes(true), OneWebTeam: Yes(false), ServesOnly: []string{}, CalledByOnly: []string{},
	}
	for _, c := range f.m.Clients {
		kind := clientKind(c)
		if kind == "" {
			out.KindsKnown.State = model.Unknown
			out.KindsKnown.setNeeds(append(out.KindsKnown.Needs(), string(c.Addr)+".kind")...)
		}
		if kind != "" && kind != "scheduler" {
			out.SystemKinds = append(out.SystemKinds, kind)
		}
	}
	var audience []*model.Client
	called := map[model.Addr]bool{}
	for _, c := range f.outsideCalls()[i] {
		if cl, ok := g.ents[c.from].of.(*model.Client); ok && !called[cl.Addr] {
			called[cl.Addr] = true
			audience = append(audience, cl)
			if !slices.Contains(gw.Serves.V, cl.Addr) {
				out.CalledByOnly = append(out.CalledByOnly, string(cl.Addr))
			}
		}
	}
	for _, a := range gw.Serves.V {
		if cl, ok := f.m.Lookup(a).(*model.Client); ok && !called[a] {
			audience = append(audience, cl)
			out.ServesOnly = append(out.ServesOnly, string(a))
		}
	}
	team := ""
	oneTeam, webLike := len(audience) > 0, true
	for n, c := range audience {
		if kind := clientKind(c); kind != "" {
			out.ClientKinds = append(out.ClientKinds, kind)
			webLike = webLike && (kind == "web" || kind == "desktop")
		}
		if n == 0 {
			team = c.Team.Or("")
		}
		oneTeam = oneTeam && team != "" && c.Team.Or("") == team
	}
	out.OneWebTeam = Yes(oneTeam && webLike)
	out.ClientKinds, out.SystemKinds = sortedSet(out.ClientKinds), sortedSet(out.SystemKinds)
	out.ServesOnly, out.CalledByOnly = sortedSet(out.ServesOnly), sortedSet(out.CalledByOnly)
	return out
}
