package facts

import (
	"math"

	"github.com/archcheck/archcheck/dsl/model"
)

// APISocket is what long-lived connections mean for the owner of an API; of the other styles it is absent.
type APISocket struct {
	Terminates   Flag     `fact:"terminates" doc:"its connections end here: nothing that the owner calls offers the same style"`
	NeedsPush    Flag     `fact:"needs_push" doc:"a client that reaches it needs news or holds connections, or a call to it is a stream"`
	Reached      Flag     `fact:"reached" doc:"somebody calls it"`
	Replicas     Num      `fact:"replicas" unit:"count" doc:"copies of the owner"`
	Connections  Num      `fact:"connections" unit:"count" doc:"simultaneous connections of the clients that reach it"`
	PerSurvivor  Num      `fact:"connections_after_loss" unit:"count" doc:"connections per replica after the loss of one"`
	Elsewhere    Num      `fact:"connected_elsewhere" unit:"ratio" doc:"share of clients whose connection is at another replica: (n − 1) / n"`
	EnoughCopies Num      `fact:"rec_replicas" unit:"count" doc:"copies that hold all connections after the loss of one"`
	IdleTimeout  Num      `fact:"idle_timeout" unit:"ms" doc:"shortest idle timeout of the gateways on the way; unknown while one of them states none"`
	IdleHop      string   `fact:"idle_hop" doc:"the gateway that has it"`
	RecHeartbeat Num      `fact:"rec_heartbeat" unit:"ms" doc:"half of that idle timeout"`
	Strategy     Word     `fact:"strategy" doc:"how the owner is deployed"`
	Drain        Num      `fact:"drain" unit:"ms" doc:"time in which a replica lets its connections go"`
	Grace        Num      `fact:"grace" unit:"ms" doc:"time after which the platform kills a replica"`
	DeployStated Flag     `fact:"deploy_stated" doc:"the owner states its own deploy"`
	RecDrain     Num      `fact:"rec_drain" unit:"ms" doc:"most of the grace time"`
	Reconnects   Num      `fact:"reconnect_rate" unit:"rps" doc:"connections over grace: handshakes per second when all come back"`
	Capacity     Num      `fact:"capacity" unit:"rps" doc:"what all replicas of the owner together can serve"`
	Topics       []string `fact:"consumed_topics" doc:"topics that the owner consumes, any of which could be its backplane"`
}

func (f *Facts) apiSocket(i int32, w model.Worker, a *model.API) APISocket {
	x := &f.g.ents[i]
	out := APISocket{
		Terminates: Yes(true), NeedsPush: Yes(false), Reached: Yes(false), Replicas: replicasOf(w), Connections: Absent(),
		PerSurvivor: Absent(), Elsewhere: Absent(), EnoughCopies: Absent(), IdleTimeout: Absent(), RecHeartbeat: Absent(),
		Strategy: Word{State: model.Unknown}, Drain: Unknown(0), Grace: Absent(), RecDrain: Absent(), Reconnects: Absent(),
		Capacity: f.capacity[i].num(), Topics: []string{}, DeployStated: Yes(w.Work().Deploy.Written),
	}
	if a.Label != "websocket" && a.Label != "sse" {
		return out
	}
	if out.Replicas.State == model.Unknown {
		out.Replicas.setNeeds(string(x.addr) + ".scale.replicas")
	}
	for _, id := range x.out {
		if b, ok := f.g.ents[f.g.edges[id].to].of.(model.Worker); ok && f.g.edges[id].call != nil && offers(b, a.Label) {
			out.Terminates = Yes(false)
		}
	}
	for _, id := range x.ins {
		out.Reached.V = out.Reached.V || f.g.edges[id].call != nil
	}
	for _, c := range w.Work().Consumes {
		if _, ok := f.m.Lookup(c.From.V).(*model.Topic); ok {
			out.Topics = append(out.Topics, string(c.From.V))
		}
	}
	out.Topics = sortedSet(out.Topics)
	clients, gateways, streams := f.nodesToward(i, a.Label)
	out.NeedsPush = needsPush(clients, streams)
	f.socketLoad(&out, clients, replicasOf(w).interval(string(x.addr)+".scale.replicas"), a)
	out.idle(gateways)
	if d := w.Work().Deploy.V; d != nil {
		out.deployed(d, string(x.addr))
	}
	return out
}

// needsPush: connections or a need for news are stated somewhere, or nobody has said that there is none.
func needsPush(clients []*model.Client, streams bool) Flag {
	out := Yes(streams)
	for _, c := range clients {
		switch {
		case c.Realtime.Has() || c.Connections.Has():
			return Yes(true)
		case c.Realtime.State != model.None && !streams:
			out.State = model.Unknown
			out.setNeeds(append(out.Needs(), string(c.Addr)+".realtime")...)
		}
	}
	return out
}

func (f *Facts) socketLoad(out *APISocket, clients []*model.Client, n interval, a *model.API) {
	sum := zero
	for _, all := range []bool{false, true} { // clients that say something of connections; where none does, all of them
		for _, c := range clients {
			if all || c.Realtime.Has() || c.Connections.Has() {
				sum = sum.add(NumOf(c.Connections).interval(string(c.Addr) + ".connections"))
			}
		}
		if sum.hi > 0 {
			break
		}
	}
	if len(clients) == 0 {
		sum = open()
	}
	out.Connections = sum.num()
	left := n.sub(point(1))
	left.lo = math.Max(left.lo, 0)
	out.PerSurvivor, out.Elsewhere = sum.div(left).num(), left.div(n).num()
	if a.MaxConnections.Has() && sum.known() {
		out.EnoughCopies = Exact(math.Ceil(sum.v/float64(a.MaxConnections.V)-1e-9) + 1)
	}
}

// idle finds the shortest idle timeout. One that nobody stated may be shorter still.
func (s *APISocket) idle(gateways []*model.Gateway) {
	least, text := missing, ""
	for _, g := range gateways {
		t := MillisOf(g.IdleTimeout).interval(string(g.Addr) + ".idle_timeout")
		switch {
		case t.absent():
		case least.absent():
			least, s.IdleHop, text = t, string(g.Addr), g.IdleTimeout.Text()
		default:
			if t.known() && !(least.v <= t.v) {
				s.IdleHop, text = string(g.Addr), g.IdleTimeout.Text()
			}
			least = least.min(t)
		}
	}
	if s.IdleTimeout = least.millis(); text != "" && least.known() {
		s.IdleTimeout.setText(text)
	}
	if least.known() {
		half := math.Floor(least.v / 2)
		if half >= 10*second {
			half = 5 * second * math.Floor(half/(5*second))
		}
		s.RecHeartbeat = point(half).millis()
	}
}

func (s *APISocket) deployed(d *model.Deploy, owner string) {
	s.Strategy, s.Drain, s.Grace = WordOf(d.Strategy), MillisOf(d.Drain), MillisOf(d.Grace)
	if s.Drain.State == model.Unknown {
		s.Drain.setNeeds(owner + ".deploy.drain")
	}
	if s.Strategy.State == model.Unknown {
		s.Strategy.setNeeds(owner + ".deploy.strategy")
	}
	grace := s.Grace.interval()
	if !grace.known() || grace.v <= 0 {
		return
	}
	s.Reconnects = s.Connections.interval().div(grace.scale(1 / second)).num()
	s.RecDrain = point(math.Max(grace.v*0.8-math.Mod(grace.v*0.8, second), second)).millis()
}
