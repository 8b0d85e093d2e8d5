package facts

import (
	"cmp"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// OutsideReach says whether somebody outside reaches an entity with no gateway in between.
type OutsideReach struct {
	Direct      Flag         `fact:"direct" doc:"somebody outside that anybody can be calls it, publishes to it or consumes from it, with no gateway of any kind in between"`
	DirectFrom  []string     `fact:"direct_from" doc:"these clients and externals"`
	DirectEdges []string     `fact:"direct_edges" doc:"their calls, publishes and consumes"`
	Opaque      Flag         `fact:"opaque" doc:"a vendor box whose inside nobody can state"`
	DirectParts []string     `fact:"direct_parts" doc:"all services, topics and queues of the system that are reached so"`
	DirectCalls []DirectCall `fact:"direct_calls" doc:"the calls among them that lead to services, of the whole system"`
	Gateways    []string     `fact:"gateways" doc:"gateways of kind api that the system has"`
	DirectAuth  Flag         `fact:"authenticates" doc:"it authenticates its callers itself"`
}

// DirectCall is a call of somebody outside to a service.
type DirectCall struct {
	Addr string `fact:"addr" doc:"the call"`
	To   string `fact:"to" doc:"the service"`
}

// outsideReach says also whether it is so: surely, or who knows. parts is the same for every entity.
func (f *Facts) outsideReach(i int32, parts directParts) (OutsideReach, Flag) {
	x := &f.g.ents[i]
	direct := Yes(false)
	out := OutsideReach{DirectFrom: []string{}, DirectEdges: []string{}, DirectParts: parts.addrs, DirectCalls: parts.calls, Gateways: parts.gateways, DirectAuth: Yes(false)}
	if s, ok := x.of.(*model.Service); ok {
		out.DirectAuth = Yes(s.Auth.Has())
	}
	var needs []string
	for _, d := range f.direct(i) {
		public, _ := outsider(f.g.ents[d.from].of)
		if public.State != model.Unknown && !public.V {
			continue
		}
		out.DirectFrom, out.DirectEdges = append(out.DirectFrom, string(f.g.ents[d.from].addr)), append(out.DirectEdges, string(d.edge))
		if public.V {
			direct = Yes(true)
		} else {
			needs = append(needs, public.Needs()...)
		}
	}
	if !direct.V && len(needs) > 0 {
		direct = Flag{State: model.Unknown, notes: needing(sortedSet(needs)...)}
	}
	out.DirectFrom, out.DirectEdges = sortedSet(out.DirectFrom), sortedSet(out.DirectEdges)
	return out, direct
}

// directUse is an edge between somebody outside and an entity.
type directUse struct {
	from int32
	edge model.Addr
}

// direct lists the calls, publishes and consumes of clients and externals at a service, topic or queue.
func (f *Facts) direct(i int32) (out []directUse) {
	x := &f.g.ents[i]
	if x.kind != model.KindService && x.kind != model.KindTopic && x.kind != model.KindQueue {
		return nil
	}
	for _, id := range x.ins {
		e := &f.g.edges[id]
		if k := f.g.ents[e.from].kind; k == model.KindClient || k == model.KindExternal {
			out = append(out, directUse{e.from, e.addr})
		}
	}
	if x.kind == model.KindService {
		return out
	}
	for _, c := range f.m.Clients {
		for _, in := range c.Consumes {
			if in.From.V == x.addr {
				out = append(out, directUse{f.g.ent(c.Addr), in.Addr})
			}
		}
	}
	return out
}

// directParts is everything that somebody outside reaches directly, vendor boxes left out, and the gateways that could
// stand before it.
type directParts struct {
	addrs    []string
	calls    []DirectCall
	gateways []string // of kind api
}

func (f *Facts) directParts() directParts {
	out := directParts{addrs: []string{}, calls: []DirectCall{}, gateways: []string{}}
	for _, gw := range f.m.Gateways {
		if gw.GatewayKind.Or("api") == "api" {
			out.gateways = append(out.gateways, string(gw.Addr))
		}
	}
	slices.Sort(out.gateways)
	for i := range f.g.ents {
		x := &f.g.ents[i]
		s, isService := x.of.(*model.Service)
		if isService && s.Opaque.Or(false) {
			continue
		}
		for _, d := range f.direct(int32(i)) {
			if public, _ := outsider(f.g.ents[d.from].of); !public.V {
				continue
			}
			out.addrs = append(out.addrs, string(x.addr))
			if c, ok := f.m.Lookup(d.edge).(*model.Call); ok && isService {
				out.calls = append(out.calls, DirectCall{Addr: string(c.Addr), To: string(x.addr)})
			}
		}
	}
	out.addrs = sortedSet(out.addrs)
	slices.SortFunc(out.calls, func(a, b DirectCall) int { return cmp.Compare(a.Addr, b.Addr) })
	return out
}
