package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// APIFacts is one API of a service or gateway, with its owner and who calls it.
type APIFacts struct {
	*model.API
	APIPlace
	APIFanOut
	APISocket
}

// APIPlace says whose an API is and who uses it.
type APIPlace struct {
	Style         string                        `fact:"style" doc:"rest, graphql, grpc, websocket, …"`
	Owner         string                        `fact:"owner" doc:"the service or gateway that offers it"`
	OwnerType     string                        `fact:"owner_type" doc:"service or gateway"`
	Public        Flag                          `fact:"public" doc:"somebody outside that anybody can be reaches it first"`
	PublicCallers []string                      `fact:"public_callers" doc:"these clients and externals"`
	PublicKinds   []string                      `fact:"public_kinds" doc:"their kinds; webhook for externals"`
	OneTeamWeb    Flag                          `fact:"only_own_web" doc:"the only one of them is a web client of the owner's own team, released together with it"`
	Services      []string                      `fact:"services" doc:"services that certainly call it"`
	OtherCallers  Num                           `fact:"other_callers" unit:"count" doc:"other nodes that call it, services that offer graphql themselves, and services of which nobody says which api of the owner they call"`
	RateLimit     model.Value[*model.RateLimit] `fact:"rate_limit" doc:"the limit on what reaches the owner"`
	LimitUnit     Word                          `fact:"limit_unit" doc:"what that limit counts: request or cost"`
	LimitRPS      Num                           `fact:"limit_rps" unit:"rps" doc:"what it admits"`
	Caches        []string                      `fact:"caches" doc:"CDNs and proxies before it"`
	Slots         Num                           `fact:"slots" unit:"count" doc:"in-flight slots of one replica of the owner"`
}

// APIFanOut is what one request to an API's owner sets off.
type APIFanOut struct {
	Call  string `fact:"busiest_call" doc:"the call that the owner makes most often per request and that no cache answers; empty for none"`
	To    string `fact:"busiest_to" doc:"its callee"`
	Calls Num    `fact:"busiest_calls" unit:"count" doc:"how often"`
	Rate  Num    `fact:"busiest_rate" unit:"rps" doc:"what reaches the callee over it"`
}

func (f *Facts) apiDocuments() []Document {
	var out []Document
	for i := range f.g.ents {
		if w, ok := f.g.ents[i].of.(model.Worker); ok {
			for _, a := range w.Work().APIs {
				out = append(out, Document{Addr: a.Addr, Subject: f.apiFacts(int32(i), w, a)})
			}
		}
	}
	return out
}

func (f *Facts) apiFacts(i int32, w model.Worker, a *model.API) *APIFacts {
	g := f.g
	x := &g.ents[i]
	var calls []outsideCall
	caches := []string{}
	for _, c := range f.outsideCalls()[i] {
		if e := &g.edges[c.edge]; !e.call.Protocol.Has() || e.call.Protocol.V == a.Label {
			calls = append(calls, c)
			if from := &g.ents[e.from]; from.kind == model.KindGateway {
				caches = append(caches, string(from.addr))
			}
		}
	}
	out := &APIFacts{API: a}
	out.APIPlace = APIPlace{
		Style: a.Label, Owner: string(x.addr), OwnerType: string(x.kind), Public: public(calls), OneTeamWeb: Yes(ownWeb(g, x, calls)),
		RateLimit: w.Work().RateLimit, Caches: sortedSet(caches), Slots: f.slots(i).num(), Services: []string{},
	}
	out.LimitUnit, out.LimitRPS = Word{State: model.Absent}, Absent()
	switch limit := valueOf(out.RateLimit); {
	case limit != nil:
		out.LimitUnit, out.LimitRPS = WordOf(limit.Unit), NumOf(limit.RPS)
	case out.RateLimit.IsUnknown():
		out.LimitUnit = Word{State: model.Unknown, notes: needing(string(x.addr) + ".rate_limit")}
	}
	out.PublicCallers, out.PublicKinds = f.callersOf(calls)
	var others []int32
	for _, id := range x.ins {
		e := &g.edges[id]
		if e.call == nil || e.call.Protocol.Has() && e.call.Protocol.V != a.Label {
			continue
		}
		s, ok := g.ents[e.from].of.(*model.Service)
		if sure := e.call.Protocol.Has() || len(w.Work().APIs) == 1; ok && sure && !offers(s, "graphql") {
			out.Services = append(out.Services, string(s.Addr))
		} else {
			others = append(others, e.from)
		}
	}
	out.Services, out.OtherCallers = sortedSet(out.Services), Exact(distinct(others))
	out.APIFanOut = f.apiFanOut(i)
	out.APISocket = f.apiSocket(i, w, a)
	return out
}

// ownWeb: of all who call from outside, there is one, a web client of the owner's team.
func ownWeb(g *graph, x *ent, calls []outsideCall) bool {
	from := int32(-1)
	for _, c := range calls {
		if from >= 0 && c.from != from {
			return false
		}
		from = c.from
	}
	if from < 0 {
		return false
	}
	c, ok := g.ents[from].of.(*model.Client)
	team := x.of.Self().Team
	return ok && c.ClientKind.Or("") == "web" && c.Team.Has() && team.Has() && c.Team.V == team.V
}

func (f *Facts) apiFanOut(i int32) APIFanOut {
	out := APIFanOut{Calls: Absent(), Rate: Absent()}
	for _, id := range f.g.ents[i].out {
		e := &f.g.edges[id]
		if e.call == nil || e.missHi <= 0.1 || out.Calls.HasValue() && e.n <= out.Calls.V {
			continue
		}
		n := NumOf(e.call.PerRequest)
		if !n.HasValue() {
			continue
		}
		out = APIFanOut{Call: string(e.addr), To: string(f.g.ents[e.to].addr), Calls: n, Rate: f.load[id].num()}
	}
	return out
}

// nodesToward are the clients from which calls lead to an entity, over gateways only, and the gateways in between, the
// entity itself included if it is one. Calls that certainly speak none of the styles do not count.
func (f *Facts) nodesToward(i int32, styles ...string) (clients []*model.Client, gateways []*model.Gateway, streams bool) {
	g := f.g
	met := map[int32]bool{i: true}
	for queue := []int32{i}; len(queue) > 0; queue = queue[1:] {
		if gw, ok := g.ents[queue[0]].of.(*model.Gateway); ok {
			gateways = append(gateways, gw)
		}
		for _, id := range g.ents[queue[0]].ins {
			e := &g.edges[id]
			if e.call == nil || e.call.Protocol.Has() && !slices.Contains(styles, e.call.Protocol.V) && len(workerAPIs(g.ents[e.to].of)) > 0 {
				continue
			}
			streams = streams || e.call.Stream.Or(false)
			if met[e.from] {
				continue
			}
			met[e.from] = true
			switch x := g.ents[e.from].of.(type) {
			case *model.Client:
				clients = append(clients, x)
			case *model.Gateway:
				queue = append(queue, e.from)
			}
		}
	}
	return clients, gateways, streams
}

func workerAPIs(e model.Entity) []*model.API {
	if w, ok := e.(model.Worker); ok {
		return w.Work().APIs
	}
	return nil
}
