package facts

import (
	"github.com/archcheck/archcheck/dsl/model"
)

// WorkloadOutside is what somebody outside finds at a workload that he reaches first.
type WorkloadOutside struct {
	APIs           []string `fact:"apis" doc:"API styles that it offers"`
	Outside        Flag     `fact:"outside" doc:"somebody outside that anybody can be reaches it first, behind proxies and CDNs"`
	OutsideCallers []string `fact:"outside_callers" doc:"these clients and externals"`
	OutsideKinds   []string `fact:"outside_kinds" doc:"their kinds; webhook for externals"`
	Leaf           string   `fact:"leaf" doc:"API style that the decision flowchart leads to for them: rest, graphql, websocket or sse"`
	Exposes        Flag     `fact:"exposes" doc:"a request that nobody authenticated gets to a write, or to personal, financial or health data"`
	ExposedStore   string   `fact:"exposed_store" doc:"the first such store; empty for none"`
	ExposedVia     string   `fact:"exposed_via" doc:"the call that uses it"`
	ExposedHow     string   `fact:"exposed_how" doc:"write or read"`
	WorkloadKinds
}

// WorkloadKinds compares the kinds of clients of one workload.
type WorkloadKinds struct {
	Kinds         []string `fact:"client_kinds" doc:"kinds of the clients that reach it first"`
	Constrained   string   `fact:"constrained_client" doc:"its mobile or iot client that needs most trips; empty for none"`
	ConstrainedN  Num      `fact:"constrained_trips" unit:"count" doc:"trips of one action of that client"`
	Frugal        string   `fact:"frugal_client" doc:"its client of another kind that needs fewest trips; empty for none"`
	FrugalN       Num      `fact:"frugal_trips" unit:"count" doc:"trips of one action of that client"`
	TripRatio     Num      `fact:"trip_ratio" unit:"factor" doc:"trips of the one client over those of the other, the greater over the lesser"`
	PayloadRatio  Num      `fact:"payload_ratio" unit:"factor" doc:"largest over smallest payload of its clients' calls"`
	FrontendTeams Num      `fact:"frontend_teams" unit:"count" doc:"distinct teams of its clients"`
	AnyBFF        Flag     `fact:"any_bff" doc:"one of its clients has a BFF elsewhere, or the workload is one"`
}

func (f *Facts) workloadOutside(i int32, w model.Worker) WorkloadOutside {
	g := f.g
	calls := f.outsideCalls()[i]
	out := WorkloadOutside{APIs: []string{}, Outside: public(calls), Exposes: Yes(false), Leaf: "rest"}
	for _, a := range w.Work().APIs {
		out.APIs = append(out.APIs, a.Label)
	}
	out.APIs = sortedSet(out.APIs)
	out.OutsideCallers, out.OutsideKinds = f.callersOf(calls)
	out.WorkloadKinds = f.workloadKinds(w, calls)
	if passesOn(w) { // what stands behind it is judged
		out.Outside = Yes(false)
		return out
	}
	for _, c := range calls {
		cl, ok := g.ents[c.from].of.(*model.Client)
		if !ok {
			continue
		}
		e := g.edges[c.edge].call
		here := e.Polling.Has() || e.Stream.Or(false) || len(f.firstNodes(c.from)) == 1 // where the client asks for news
		switch {
		case here && cl.Realtime.Or("") == "bidirectional":
			out.Leaf = "websocket"
		case here && cl.Realtime.Or("") == "push" && out.Leaf != "websocket":
			out.Leaf = "sse"
		case clientKind(cl) == "mobile" && f.resources(i) >= 3 && out.Leaf == "rest":
			out.Leaf = "graphql"
		}
	}
	if out.Outside.V || out.Outside.State == model.Unknown {
		f.exposes(i, &out)
	}
	return out
}

// resources counts the distinct services and stores behind a workload's own calls.
func (f *Facts) resources(i int32) int {
	met := map[int32]bool{}
	for _, id := range f.g.ents[i].out {
		if f.g.edges[id].call != nil {
			met[f.g.edges[id].to] = true
		}
	}
	return len(met)
}

// exposes follows the requests of an entity down the calls, as long as nobody authenticates them, to the first store that
// they write or whose data is personal, financial or of health.
func (f *Facts) exposes(i int32, out *WorkloadOutside) {
	g := f.g
	met := map[int32]bool{}
	var queue []int32
	g.syncPairs(i, func(p int32) { queue, met[p] = append(queue, p), true })
	var needs []string
	for ; len(queue) > 0; queue = queue[1:] {
		for k := range g.outArcs(queue[0]) {
			a := &g.outArcs(queue[0])[k]
			if a.async || a.edge < 0 || g.edges[a.edge].call == nil || met[a.head] {
				continue
			}
			e := &g.edges[a.edge]
			if g.ents[e.from].kind == model.KindGateway && e.call.Public.Or(false) {
				continue
			}
			switch to := g.ents[e.to].of.(type) {
			case *model.Datastore:
				how := ""
				switch {
				case to.StoreKind.Or("") == "cache":
				case e.call.Access.Or("") == "write":
					how = "write"
				case sensitive(to):
					how = "read"
				case e.call.Access.IsUnknown():
					needs = append(needs, string(e.addr)+".access")
				}
				if how != "" {
					out.Exposes, out.ExposedStore, out.ExposedVia, out.ExposedHow = Yes(true), string(to.Addr), string(e.addr), how
					return
				}
			case model.Worker:
				switch auth := to.Work().Auth; {
				case auth.Has():
				case auth.IsUnknown():
					needs = append(needs, string(to.Self().Addr)+".auth")
				default:
					met[a.head] = true
					queue = append(queue, a.head)
				}
			}
		}
	}
	if len(needs) > 0 {
		needs = sortedSet(needs)
		out.Exposes = Flag{State: model.Unknown, notes: needing(needs[:min(len(needs), 4)]...)}
	}
}

func (f *Facts) workloadKinds(w model.Worker, calls []outsideCall) WorkloadKinds {
	g := f.g
	out := WorkloadKinds{
		Kinds: []string{}, ConstrainedN: Absent(), FrugalN: Absent(), TripRatio: Absent(), PayloadRatio: Absent(), AnyBFF: Yes(false),
	}
	if gw, ok := w.(*model.Gateway); ok {
		out.AnyBFF.V = gw.GatewayKind.V == "bff"
	}
	mine := map[int32][]*model.Call{}
	var order []int32
	for _, c := range calls {
		cl, ok := g.ents[c.from].of.(*model.Client)
		if !ok || clientKind(cl) == "scheduler" {
			continue
		}
		if mine[c.from] == nil {
			order = append(order, c.from)
		}
		mine[c.from] = append(mine[c.from], g.edges[c.edge].call)
	}
	teams := map[string]bool{}
	dear, cheap, small, large := missing, missing, missing, missing
	for _, i := range order {
		cl := g.ents[i].of.(*model.Client)
		kind := clientKind(cl)
		if kind != "" {
			out.Kinds = append(out.Kinds, kind)
		}
		if cl.Team.Has() {
			teams[cl.Team.V] = true
		}
		for _, n := range f.firstNodes(i) {
			gw, ok := g.ents[n].of.(*model.Gateway)
			out.AnyBFF.V = out.AnyBFF.V || ok && gw.GatewayKind.V == "bff"
		}
		trips := tripsOf(mine[i])
		for _, c := range mine[i] {
			if c.Payload.Has() {
				p := point(float64(c.Payload.V))
				small, large = least(small, p), greatest(large, p)
			}
		}
		switch constrained := kind == "mobile" || kind == "iot"; {
		case constrained && (dear.absent() || trips.hi > dear.hi):
			dear, out.Constrained = trips, string(cl.Addr)
		case !constrained && kind != "" && (cheap.absent() || trips.lo < cheap.lo):
			cheap, out.Frugal = trips, string(cl.Addr)
		}
	}
	out.Kinds = sortedSet(out.Kinds)
	out.FrontendTeams = Exact(float64(len(teams)))
	out.ConstrainedN, out.FrugalN = dear.num(), cheap.num()
	if !dear.absent() && !cheap.absent() {
		out.TripRatio = dear.div(cheap).max(cheap.div(dear)).num()
	}
	if !small.absent() && small.v > 0 {
		out.PayloadRatio = large.div(small).num()
	}
	return out
}

// greatest is the larger of two numbers of which one may be missing.
func greatest(a, b interval) interval {
	if a.absent() {
		return b
	}
	return a.max(b)
}
