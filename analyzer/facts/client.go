package facts

import (
	"maps"
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// ClientFacts is a client with the trips that one of its actions takes.
type ClientFacts struct {
	*model.Client
	ClientTrips
	ClientPush
}

// ClientTrips are the requests of one action: of one unit of a client's rps.
type ClientTrips struct {
	Trips        Num      `fact:"trips" unit:"count" doc:"requests of one action; unknown where it has several calls and none states per_request, for they may be alternatives"`
	Turns        Num      `fact:"serial_trips" unit:"count" doc:"trips that wait for each other: a parallel group counts once"`
	Services     Num      `fact:"services_per_action" unit:"count" doc:"services that one action needs: what it calls, and what a BFF or aggregator collects for it; of a routing gateway's services one per request"`
	Backends     Num      `fact:"backends" unit:"count" doc:"distinct nodes that it calls, operations apart"`
	RTT          Num      `fact:"rtt" unit:"ms" doc:"round trip over its network"`
	NetworkTime  Num      `fact:"network_time" unit:"ms" doc:"what an action could save on the network: (serial_trips − 1) · rtt"`
	NetworkShare Num      `fact:"network_share" unit:"ratio" doc:"network_time over the latency objective; absent without one"`
	CallsTo      []string `fact:"calls_to" doc:"the nodes that it calls"`
	Composed     Flag     `fact:"composed" doc:"what it calls shapes or joins answers: a BFF, an aggregator, or a graphql api"`
}

// ClientPush says how news reaches a client.
type ClientPush struct {
	Channels   []string `fact:"push_channels" doc:"styles on its ways that carry news: websocket, sse; message where it consumes from a channel"`
	Styles     Flag     `fact:"styles_known" doc:"everything that it calls first says which api it offers"`
	PollsEvery Num      `fact:"polls_every" unit:"ms" doc:"its shortest polling interval"`
	First      []string `fact:"first_nodes" doc:"the nodes that it reaches first, behind proxies and CDNs"`
}

func (f *Facts) clientDocuments() []Document {
	var out []Document
	for _, c := range f.m.Clients {
		i := f.g.ent(c.Addr)
		out = append(out, Document{Addr: c.Addr, Subject: &ClientFacts{Client: c, ClientTrips: f.clientTrips(i, c), ClientPush: f.clientPush(i, c)}})
	}
	return out
}

// tripsOf sums per_request over calls. Several calls that say nothing of how often an action makes each may be
// alternatives: between the largest one and all of them.
func tripsOf(calls []*model.Call) interval {
	sum, most, said := 0.0, 0.0, len(calls) < 2
	var needs []string
	for _, c := range calls {
		n := c.PerRequest.Or(1)
		sum, most = sum+n, max(most, n)
		said = said || c.PerRequest.Written
		needs = append(needs, string(c.Addr)+".per_request")
	}
	if said {
		return point(sum)
	}
	slices.Sort(needs)
	return interval{lo: most, v: nan, hi: sum, needs: needs[:min(len(needs), 4)]}
}

func (f *Facts) clientTrips(i int32, c *model.Client) ClientTrips {
	g := f.g
	out := ClientTrips{Composed: Yes(false), CallsTo: []string{}, NetworkShare: Absent(), RTT: Absent(), NetworkTime: Absent()}
	trips := tripsOf(c.Calls)
	services, asked := 0.0, map[model.Addr]float64{}
	saved := 0.0 // trips that run beside others of their group
	groups := map[string][2]float64{}
	distinct := map[string]bool{}
	for _, e := range c.Calls {
		n := e.PerRequest.Or(1)
		asked[e.To.V] += n
		if e.Parallel.Has() && e.Parallel.V != "" {
			x := groups[e.Parallel.V]
			groups[e.Parallel.V] = [2]float64{x[0] + n, max(x[1], n)}
		}
		distinct[string(e.To.V)+" "+e.Op.Or("")] = true
		out.CallsTo = append(out.CallsTo, string(e.To.V))
	}
	for _, x := range groups {
		saved += x[0] - x[1]
	}
	out.CallsTo = sortedSet(out.CallsTo)
	out.Trips, out.Backends = trips.num(), Exact(float64(len(distinct)))
	for _, to := range slices.Sorted(maps.Keys(asked)) {
		services += f.servicesBehind(to, asked[to])
	}
	out.Services = Exact(services)
	turns := trips.sub(point(saved)).apply(atLeastZero)
	out.Turns = turns.num()
	for _, id := range g.ents[i].out {
		if e := &g.edges[id]; e.call != nil {
			rtt := f.rtt(e)
			out.RTT = rtt.millis()
			time := turns.sub(point(1)).apply(atLeastZero).mul(rtt)
			out.NetworkTime = time.millis()
			if p := f.t.patience(c); !p.absent() {
				out.NetworkShare = time.div(p).num()
			}
			break
		}
	}
	for _, n := range f.firstNodes(i) {
		w := g.ents[n].of.(model.Worker)
		if gw, ok := w.(*model.Gateway); ok && (gw.GatewayKind.V == "bff" || !gw.Routes()) || offers(w, "graphql") {
			out.Composed = Yes(true)
		}
	}
	return out
}

// servicesBehind counts the services that n requests to a node need: the node itself, or what stands behind a gateway.
func (f *Facts) servicesBehind(to model.Addr, n float64) float64 {
	switch x := f.m.Lookup(to).(type) {
	case *model.Service:
		return 1
	case *model.Gateway:
		met := map[model.Addr]bool{}
		for _, c := range x.Calls {
			if _, ok := f.m.Lookup(c.To.V).(*model.Service); ok {
				met[c.To.V] = true
			}
		}
		if x.Routes() && x.GatewayKind.V != "bff" {
			return min(max(1, math.Ceil(n)), float64(len(met)))
		}
		return float64(len(met))
	}
	return 0
}

func offers(w model.Worker, style string) bool {
	return slices.ContainsFunc(w.Work().APIs, func(a *model.API) bool { return a.Label == style })
}

// firstNodes are the workloads that a client or external reaches first, behind proxies and CDNs.
func (f *Facts) firstNodes(i int32) []int32 {
	var out []int32
	for n, calls := range f.outsideCalls() {
		if slices.ContainsFunc(calls, func(c outsideCall) bool { return c.from == i }) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

func (f *Facts) clientPush(i int32, c *model.Client) ClientPush {
	g := f.g
	out := ClientPush{Channels: []string{}, PollsEvery: Absent(), Styles: Yes(true), First: []string{}}
	if len(c.Consumes) > 0 {
		out.Channels = append(out.Channels, "message")
	}
	for _, e := range c.Calls {
		if e.Polling.Has() && (!out.PollsEvery.HasValue() || MillisOf(e.Polling).V < out.PollsEvery.V) {
			out.PollsEvery = MillisOf(e.Polling)
		}
		if e.Stream.Or(false) {
			out.Channels = append(out.Channels, "stream")
		}
	}
	look := func(w model.Worker) {
		for _, a := range w.Work().APIs {
			if a.Label == "websocket" || a.Label == "sse" {
				out.Channels = append(out.Channels, a.Label)
			}
		}
	}
	for _, n := range f.firstNodes(i) {
		w := g.ents[n].of.(model.Worker)
		out.First = append(out.First, string(g.ents[n].addr))
		look(w)
		if len(w.Work().APIs) == 0 {
			out.Styles = Yes(false)
		}
		if _, ok := w.(*model.Gateway); !ok {
			continue
		}
		for _, id := range g.ents[n].out { // a gateway hands sockets on
			if b, ok := g.ents[g.edges[id].to].of.(model.Worker); ok && g.edges[id].call != nil {
				look(b)
			}
		}
	}
	slices.Sort(out.First)
	out.Channels = sortedSet(out.Channels)
	return out
}
