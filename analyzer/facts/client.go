package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// ClientFacts is a client with what one of its actions costs and what stands on its way.
type ClientFacts struct {
	*model.Client
	HasEntry   Flag `fact:"has_entry" doc:"it calls or publishes"`
	Objective  Flag `fact:"objective" doc:"an slo stands on it or on the system"`
	Trips      Num  `fact:"trips" unit:"count" doc:"calls of one action: the sum of per_request"`
	Backends   Num  `fact:"backends" unit:"count" doc:"distinct nodes that it calls"`
	Reached    Num  `fact:"services_reached" unit:"count" doc:"distinct services that one action asks for: those it calls, and those that an operation behind a routing gateway leads to"`
	RTT        Num  `fact:"rtt" unit:"ms" doc:"round trip over its network"`
	TripsTime  Num  `fact:"trips_time" unit:"ms" doc:"what the trips after the first cost: (trips − 1) · rtt"`
	Parallel   Flag `fact:"parallel" doc:"its calls share one parallel group"`
	Patience   Num  `fact:"patience" unit:"ms" doc:"how long its users wait: latency objective, else deadline"`
	AnswerTime Num  `fact:"answer_time" unit:"ms" doc:"healthy bound of one action: its calls' p99, serial ones added"`
	Polls      Num  `fact:"polls_every" unit:"ms" doc:"shortest polling interval of its calls"`

	GraphQL     Flag     `fact:"graphql_on_path" doc:"a gateway or the first service on its way offers graphql"`
	Aggregators Flag     `fact:"aggregator_on_path" doc:"an aggregator, or a gateway that composes, stands on its way"`
	BFF         Flag     `fact:"bff_on_path" doc:"a bff stands on its way"`
	WebSocket   Flag     `fact:"websocket_on_path" doc:"a gateway or the first service on its way offers websocket"`
	SSE         Flag     `fact:"sse_on_path" doc:"a gateway or the first service on its way offers sse"`
	Protocols   []string `fact:"protocols" doc:"protocols that its calls speak, as far as known"`
	Calls       []string `fact:"calls" doc:"its calls"`
}

func (f *Facts) clientDocuments() []Document {
	var out []Document
	for _, c := range f.m.Clients {
		out = append(out, Document{Addr: c.Addr, Subject: f.clientFacts(c)})
	}
	return out
}

func (f *Facts) clientFacts(c *model.Client) *ClientFacts {
	g := f.g
	i := g.ent(c.Addr)
	out := &ClientFacts{
		Client: c, HasEntry: Yes(len(c.Calls)+len(c.Publishes) > 0), Patience: f.t.patience(c).millis(), Polls: Absent(),
		AnswerTime: f.t.healthy[g.ents[i].first].millis(), Protocols: []string{}, Calls: []string{},
		Objective: Yes(c.SLO.Has() || f.m.System != nil && f.m.System.SLO.Has()),
	}
	trips, rtt := 0.0, f.as.rttWan
	var backends, services []int32
	group, parallel := int32(0), true
	for _, id := range g.ents[i].out {
		e := &g.edges[id]
		if e.call == nil {
			continue
		}
		rtt = f.rtt(e)
		trips += e.n
		backends = append(backends, e.to)
		services = append(services, f.asksFor(e)...)
		if group == 0 {
			group = e.parallel
		}
		parallel = parallel && e.parallel != 0 && e.parallel == group
		out.Calls = append(out.Calls, string(e.addr))
		if e.call.Protocol.Has() {
			out.Protocols = append(out.Protocols, e.call.Protocol.V)
		}
		if p := MillisOf(e.call.Polling); p.HasValue() && !(p.V >= out.Polls.V) {
			out.Polls = p
		}
	}
	slices.Sort(out.Calls)
	slices.Sort(out.Protocols)
	out.Protocols = slices.Compact(out.Protocols)
	out.Trips, out.RTT = Exact(trips), rtt.millis()
	out.TripsTime = rtt.scale(max(0, trips-1)).millis()
	out.Backends, out.Reached, out.Parallel = Exact(distinct(backends)), Exact(distinct(services)), Yes(parallel && len(backends) > 1)
	f.onTheWay(i, out)
	return out
}

// asksFor are the services that one call of a client asks for: the callee, or what its operation leads to behind a
// routing gateway; a gateway that serves everything in one answer counts once.
func (f *Facts) asksFor(e *edge) []int32 {
	g := f.g
	if !g.ents[e.to].routing || !e.call.Op.Has() {
		return []int32{e.to}
	}
	var out []int32
	if site := g.callSite(e); site >= 0 {
		for i := range g.outArcs(site) {
			if a := &g.outArcs(site)[i]; !a.async && a.edge >= 0 && g.edges[a.edge].call != nil {
				out = append(out, g.pairs[a.head].ent)
			}
		}
	}
	if len(out) == 0 {
		out = append(out, e.to)
	}
	return out
}

// onTheWay looks at the gateways below a client and the first services behind them.
func (f *Facts) onTheWay(i int32, out *ClientFacts) {
	g := f.g
	seen := map[int32]bool{i: true}
	queue := []int32{i}
	has := map[string]bool{}
	for len(queue) > 0 {
		x := &g.ents[queue[0]]
		queue = queue[1:]
		if w, ok := x.of.(model.Worker); ok {
			for _, a := range w.Work().APIs {
				has[a.Label] = true
			}
		}
		if gw, ok := x.of.(*model.Gateway); ok {
			kind := gw.GatewayKind.Or("api")
			has["kind:"+kind] = true
			has["composes"] = has["composes"] || kind == "aggregator" || gw.Logic.Or("routing") != "routing"
		}
		if x.kind == model.KindService {
			continue
		}
		for _, id := range x.out {
			if e := &g.edges[id]; e.call != nil && !seen[e.to] {
				seen[e.to] = true
				queue = append(queue, e.to)
			}
		}
	}
	out.GraphQL, out.WebSocket, out.SSE = Yes(has["graphql"]), Yes(has["websocket"]), Yes(has["sse"])
	out.BFF, out.Aggregators = Yes(has["kind:bff"]), Yes(has["composes"])
}
