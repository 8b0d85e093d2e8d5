package facts

import (
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// ServiceListeners are the services that one tells synchronously what happened, without a use for what they answer.
type ServiceListeners struct {
	Listeners     []Listener `fact:"listeners" doc:"of the trigger with most of them: calls to services that write, or may, and whose result the caller ignores"`
	ListenerCount Num        `fact:"listener_count" unit:"count" doc:"how many services these write to for one request; a range while it is unknown whether some of them write"`
	ListenersUp   Num        `fact:"listeners_availability" unit:"ratio" doc:"availability of those together whose failure fails the caller; absent if there is none"`
	OnlyBroker    string     `fact:"only_broker" doc:"the broker, where the description has one only; else empty"`
}

// Listener is a service that is told what happened.
type Listener struct {
	Call    string `fact:"call" doc:"the call"`
	Service string `fact:"service" doc:"who is told"`
	Hard    Flag   `fact:"hard" doc:"its failure fails the caller"`
	Writes  Flag   `fact:"writes" doc:"the call changes data; a call whose result nobody uses has no other purpose"`
}

// serviceListeners judges trigger by trigger: three operations that tell one service each are no fan-out.
func (f *Facts) serviceListeners(s *model.Service) ServiceListeners {
	g := f.g
	i := g.ent(s.Addr)
	out := ServiceListeners{Listeners: []Listener{}, ListenerCount: Exact(0), ListenersUp: Absent()}
	if len(f.m.Brokers) == 1 {
		out.OnlyBroker = string(f.m.Brokers[0].Addr)
	}
	for p := g.ents[i].first; p < g.ents[i].last; p++ {
		list := f.listenersOf(s, p)
		n := countListeners(list)
		if n.Lo > out.ListenerCount.Lo || n.Lo == out.ListenerCount.Lo && n.Hi > out.ListenerCount.Hi {
			out.Listeners, out.ListenerCount = list, n
		}
	}
	up := missing
	var seen []string
	for _, l := range out.Listeners {
		if !l.Hard.V || slices.Contains(seen, l.Service) {
			continue
		}
		seen = append(seen, l.Service)
		to := g.ent(model.Addr(l.Service))
		if a := g.ownAvailability(f.as, to, f.rate[to]); up.absent() {
			up = a
		} else {
			up = up.mul(a)
		}
	}
	out.ListenersUp = up.num()
	return out
}

// listenersOf are the listeners of one trigger, by call. Steps of transactions are none: somebody waits for their
// outcome. Nor is a service that takes messages of the caller already, or one alternative of several.
func (f *Facts) listenersOf(s *model.Service, p int32) []Listener {
	g := f.g
	out := []Listener{}
	last := int32(-1)
	for k := range g.outArcs(p) {
		a := &g.outArcs(p)[k]
		if a.edge < 0 || a.edge == last || a.maybe || g.edges[a.edge].call == nil {
			continue
		}
		last = a.edge
		e := &g.edges[a.edge]
		to, ok := g.ents[e.to].of.(*model.Service)
		if !ok || to == s || f.k.step[e.to] || e.anyOf != 0 || !ignored(e.call) || takesFrom(to, s) {
			continue
		}
		l := Listener{Call: string(e.addr), Service: string(to.Addr), Hard: e.hardFlag(), Writes: writesOf(e.call)}
		if l.Writes.V || l.Writes.State == model.Unknown {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b Listener) int { return compareAddr(model.Addr(a.Call), model.Addr(b.Call)) })
	return out
}

// ignored reports whether a caller has no use for the answer: it says so, or it goes on without one. Another node that
// answers instead shows that the answer is needed.
func ignored(c *model.Call) bool {
	if c.Reply.Has() && !c.Reply.V {
		return true
	}
	return slices.Contains([]string{"default", "cache", "queue"}, c.Fallback.Or(""))
}

func writesOf(c *model.Call) Flag {
	switch {
	case c.Access.Has():
		return Yes(c.Access.V == "write")
	case !c.Access.Written && c.Reply.Has() && !c.Reply.V, c.Fallback.Or("") == "queue":
		return Yes(true)
	}
	return Flag{State: model.Unknown, notes: needing(string(c.Addr) + ".access")}
}

// takesFrom reports whether a service consumes what another one publishes.
func takesFrom(to, s *model.Service) bool {
	return slices.ContainsFunc(to.Consumes, func(c *model.Consume) bool {
		return slices.ContainsFunc(s.Publishes, func(p *model.Publish) bool { return p.To.V == c.From.V })
	})
}

// countListeners counts services: at least those that are certainly written to, at most all.
func countListeners(list []Listener) Num {
	var sure, all, needs []string
	for _, l := range list {
		all = append(all, l.Service)
		if l.Writes.State == model.Unknown {
			needs = append(needs, l.Writes.Needs()...)
		} else {
			sure = append(sure, l.Service)
		}
	}
	lo, hi := float64(len(compact(sure))), float64(len(compact(all)))
	if lo == hi {
		return Exact(lo)
	}
	return Num{State: model.Unknown, V: math.NaN(), Lo: lo, Hi: hi, notes: needing(compact(needs)...)}
}
