package facts

import (
	"math"
	"strconv"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// CallStyle is what a call speaks, and what follows for it from the callee's api and from who sends it.
type CallStyle struct {
	OverREST      Flag   `fact:"over_rest" doc:"it speaks rest or soap"`
	OverGRPC      Flag   `fact:"over_grpc" doc:"it speaks grpc"`
	OverSocket    Flag   `fact:"over_socket" doc:"it is a websocket, or a stream of server-sent events"`
	CalleeAPI     string `fact:"callee_api" doc:"the callee's rest or soap api that it speaks; empty for none"`
	Key           Flag   `fact:"callee_idempotency_key" doc:"the callee's rest api recognises a repeated request by its key"`
	CacheTTL      Num    `fact:"callee_cache_ttl" unit:"ms" doc:"how long answers of the callee's rest api may be cached"`
	MaxMessage    Num    `fact:"callee_max_message" unit:"bytes" doc:"largest message that the callee's grpc api accepts"`
	GRPCWeb       Flag   `fact:"callee_grpc_web" doc:"the callee's grpc api also speaks grpc-web"`
	OutsideCaller Flag   `fact:"outside_caller" doc:"somebody outside that anybody can be sends it, directly or through proxies and CDNs"`
	Webhook       Flag   `fact:"webhook" doc:"an external sends it"`
	BehindCDN     Flag   `fact:"behind_cdn" doc:"a CDN stands before it"`
	SharedMesh    Flag   `fact:"shared_mesh" doc:"both ends are members of one mesh"`
	Sensitive     Flag   `fact:"sensitive" doc:"what it invokes uses a store of personal, financial or health data"`

	Realtime     Word   `fact:"client_realtime" doc:"what the client needs beyond request and reply: push or bidirectional"`
	PollsOwn     Flag   `fact:"polls_own_result" doc:"the client also starts work here of which it does not await the result"`
	PollingStale Num    `fact:"polling_staleness" unit:"ms" doc:"mean age of what polling sees: half the interval"`
	StreamLimit  Num    `fact:"stream_limit" unit:"ms" doc:"time after which a timeout of a request ends it, though it is a stream"`
	StreamHop    string `fact:"stream_hop" doc:"who sets that timeout: a policy, a gateway, a product, or the caller"`

	CalleePublic  Flag `fact:"callee_public" doc:"somebody outside that anybody can be reaches the callee first"`
	CallerServes  Flag `fact:"caller_serves_clients" doc:"clients call the caller"`
	OtherReplicas Num  `fact:"callee_other_replicas" unit:"count" doc:"replicas of the callee but one"`
}

func (f *Facts) callStyle(id int32) CallStyle {
	g, e := f.g, &f.g.edges[id]
	from, to := &g.ents[e.from], &g.ents[e.to]
	s := CallStyle{
		OverREST: f.speaks(e, "rest", "soap"), OverGRPC: f.speaks(e, "grpc"), OverSocket: f.speaks(e, "websocket", "sse"),
		Key: Flag{State: model.Absent}, CacheTTL: Absent(), MaxMessage: Absent(), GRPCWeb: Flag{State: model.Absent},
		OutsideCaller: Yes(false), Webhook: Yes(from.kind == model.KindExternal), BehindCDN: Yes(false),
		SharedMesh: Yes(e.call.Mesh != ""), Sensitive: Yes(false), Realtime: Word{State: model.Absent}, PollsOwn: Yes(false),
		PollingStale: Absent(), CalleePublic: public(f.outsideCalls()[e.to]), CallerServes: Yes(false), OtherReplicas: Absent(),
	}
	if a := f.apiOf(e, "rest", "soap"); a != nil {
		s.CalleeAPI = string(a.Addr)
		s.Key, s.CacheTTL = FlagOf(a.IdempotencyKey), MillisOf(a.CacheTTL)
		if s.Key.State == model.Unknown {
			s.Key.setNeeds(string(a.Addr) + ".idempotency_key")
		}
		if s.CacheTTL.State == model.Unknown {
			s.CacheTTL.setNeeds(string(a.Addr) + ".cache_ttl")
		}
	}
	if a := f.apiOf(e, "grpc"); a != nil {
		s.MaxMessage, s.GRPCWeb = NumOf(a.MaxMessage), FlagOf(a.GRPCWeb)
		if n := a.MaxMessage; n.Has() && s.MaxMessage.Text() == "" && n.V%mebibyte == 0 { // as authors write sizes
			s.MaxMessage.setText(strconv.FormatInt(n.V/mebibyte, 10) + "MiB")
		}
	}
	if c, ok := from.of.(*model.Client); ok {
		s.Realtime = WordOf(c.Realtime)
		for _, o := range c.Calls {
			s.PollsOwn.V = s.PollsOwn.V || o != e.call && o.To.V == e.call.To.V && o.Reply.Has() && !o.Reply.V
		}
	}
	var mine []outsideCall
	for _, c := range f.outsideCalls()[e.to] {
		if c.edge == id {
			mine = append(mine, c)
			s.BehindCDN.V = s.BehindCDN.V || c.cdn
		}
	}
	s.OutsideCaller = public(mine)
	if s.OutsideCaller.V && s.OverREST.V {
		s.Sensitive = Yes(f.usesSensitive(g.callSite(e)))
	}
	for _, c := range f.outsideCalls()[e.from] {
		s.CallerServes.V = s.CallerServes.V || g.ents[c.from].kind == model.KindClient
	}
	if e.call.Polling.Has() {
		s.PollingStale = point(MillisOf(e.call.Polling).V / 2).millis()
	}
	if n := replicasOf(to.of); n.HasValue() {
		s.OtherReplicas = n.interval().sub(point(1)).num()
	}
	s.StreamLimit, s.StreamHop = f.streamLimit(e)
	return s
}

const mebibyte = 1 << 20

// usesSensitive reports whether a trigger, or what it calls, uses a store with personal, financial or health data.
func (f *Facts) usesSensitive(p int32) bool {
	if p < 0 {
		return false
	}
	met := map[int32]bool{p: true}
	for queue := []int32{p}; len(queue) > 0; queue = queue[1:] {
		if d, ok := f.g.ents[f.g.pairs[queue[0]].ent].of.(*model.Datastore); ok && sensitive(d) {
			return true
		}
		for i := range f.g.outArcs(queue[0]) {
			if a := &f.g.outArcs(queue[0])[i]; !a.async && !met[a.head] {
				met[a.head] = true
				queue = append(queue, a.head)
			}
		}
	}
	return false
}

func sensitive(d *model.Datastore) bool { return d.Data.Has() && len(d.Data.V) > 0 }

// streamLimit is the shortest timeout of a request that applies to a call, with who sets it: absent where a deadline of
// its own says that the bound is meant, or where none applies. A gateway's cap is judged on the calls behind it, or on
// those into it where none of these is a stream.
func (f *Facts) streamLimit(e *edge) (Num, string) {
	c := e.call
	if c.Deadline.State == model.Stated {
		return Absent(), ""
	}
	limit, hop := math.Inf(1), ""
	take := func(n Num, own, from string) {
		if n.HasValue() && n.V < limit {
			limit, hop = n.V, own
			if from != "" {
				hop = from
			}
		}
	}
	if gw, ok := f.g.ents[e.from].of.(*model.Gateway); !ok || !endsSilence(c.Timeout, gw) {
		take(MillisOf(c.Timeout), string(c.Parent), c.Timeout.From())
	}
	// timeout = none on a stream also takes away what only the product's default limits.
	if !c.LimitFromClient && !(c.Timeout.State == model.None && c.Deadline.State == model.Profile) {
		take(MillisOf(c.Deadline), string(c.Parent), c.Deadline.From())
	}
	if gw, ok := f.g.ents[e.to].of.(*model.Gateway); ok && !f.passesStreams(e.to) && !endsSilence(gw.Timeout, gw) {
		take(MillisOf(gw.Timeout), string(gw.Addr), gw.Timeout.From())
	}
	if math.IsInf(limit, 1) {
		return Absent(), ""
	}
	return point(limit).millis(), hop
}

// endsSilence reports whether a product's limit of a request is its idle timeout by another name (nginx's proxy_read_timeout,
// the idle timeout of a load balancer): it runs anew with each byte, so it ends what is quiet and no stream that moves.
func endsSilence(limit model.Value[time.Duration], gw *model.Gateway) bool {
	return limit.State == model.Profile && gw.IdleTimeout.State == model.Profile && limit.V == gw.IdleTimeout.V
}

// passesStreams reports whether an entity calls something over a stream.
func (f *Facts) passesStreams(i int32) bool {
	for _, id := range f.g.ents[i].out {
		e := &f.g.edges[id]
		if e.call == nil {
			continue
		}
		if s := f.speaks(e, "websocket", "sse"); s.V || s.State == model.Unknown || e.call.Stream.Or(false) {
			return true
		}
	}
	return false
}
