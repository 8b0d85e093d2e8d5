package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) gatewayWork(i int32, gw *model.Gateway) GatewayWork {
	g := f.g
	out := GatewayWork{
		StoreWrites: []string{}, WriteCalls: []string{}, StoreMaybe: Yes(false), Channels: []string{}, PublishCalls: []string{},
		OwnStyles: []string{}, Offloads: f.offloads(i, gw), Branches: []string{}, BranchStores: []string{}, BranchMaybe: Yes(false), Transacted: Yes(false),
	}
	for _, a := range gw.APIs {
		shared := false
		for _, id := range g.ents[i].out {
			b, ok := g.ents[g.edges[id].to].of.(model.Worker)
			shared = shared || ok && offers(b, a.Label)
		}
		if !shared {
			out.OwnStyles = append(out.OwnStyles, a.Label)
		}
	}
	for _, id := range g.ents[i].out {
		e := &g.edges[id]
		to := &g.ents[e.to]
		if e.pub != nil {
			if e.pub.Loss.Or("") == "tolerable" { // traces and access logs are nobody's business logic
				continue
			}
			out.Channels, out.PublishCalls = append(out.Channels, string(to.addr)), append(out.PublishCalls, string(e.addr))
			continue
		}
		if d, ok := to.of.(*model.Datastore); ok && d.StoreKind.Or("") != "cache" {
			switch {
			case e.call.Access.IsUnknown():
				out.StoreMaybe.State = model.Unknown
				out.StoreMaybe.setNeeds(append(out.StoreMaybe.Needs(), string(e.addr)+".access")...)
			case e.call.Access.Or("") == "write":
				out.StoreWrites, out.WriteCalls = append(out.StoreWrites, string(d.Addr)), append(out.WriteCalls, string(e.addr))
			}
		}
	}
	if len(out.StoreWrites) > 0 {
		out.StoreMaybe = Yes(true)
	}
	for _, list := range []*[]string{&out.StoreWrites, &out.WriteCalls, &out.Channels, &out.PublishCalls, &out.OwnStyles} {
		*list = sortedSet(*list)
	}
	f.writeBranches(i, &out)
	return out
}

// offloads are what a gateway takes off the nodes behind it, besides authentication, limits and APIs of its own.
func (f *Facts) offloads(i int32, gw *model.Gateway) []string {
	out := []string{}
	add := func(yes bool, what string) {
		if yes {
			out = append(out, what)
		}
	}
	for _, a := range gw.APIs {
		add(a.CacheTTL.Has(), "cache")
		add(a.IdempotencyKey.Or(false), "idempotency keys")
		add(a.GRPCWeb.Or(false), "grpc-web")
	}
	for _, id := range f.g.ents[i].out {
		if c := f.g.edges[id].call; c != nil {
			add(c.Retry.State == model.Stated, "retries")
			add(c.CircuitBreaker.State == model.Stated, "circuit breaking")
			add(c.Fallback.State == model.Stated && c.Fallback.V != "fail", "fallbacks")
			add(c.CacheHit.Has(), "cache")
			add(c.Idempotent.State == model.Stated && c.Idempotent.V, "idempotency keys")
		}
	}
	add(!gw.Routes(), "composition")
	add(len(gw.Consumes) > 0, "messages")
	return sortedSet(out)
}

// writeBranches finds two or more calls of one request to a gateway that write stores of different services. The calls of
// a routing gateway are alternatives.
func (f *Facts) writeBranches(i int32, out *GatewayWork) {
	g := f.g
	if g.ents[i].routing {
		return
	}
	type branch struct {
		call   *model.Call
		owners map[model.Addr]bool // who writes the stores
		stores []string
	}
	g.syncPairs(i, func(p int32) {
		var sure []branch
		var maybe []string
		for k := range g.outArcs(p) {
			a := &g.outArcs(p)[k]
			if a.async || a.edge < 0 || g.edges[a.edge].call == nil {
				continue
			}
			e := &g.edges[a.edge]
			if d, ok := g.ents[e.to].of.(*model.Datastore); ok && e.call.Idempotent.Or(false) && (d.StoreKind.Or("") == "cache" || d.StoreKind.Or("") == "search") {
				continue
			}
			switch {
			case e.call.Access.IsUnknown():
				maybe = append(maybe, string(e.addr)+".access")
			case e.call.Access.Or("") == "write":
				if b := (branch{call: e.call}); f.written(a, &b.owners, &b.stores) {
					sure = append(sure, b)
				}
			}
		}
		var apart []branch // one of each set of owners
		for _, b := range sure {
			if !slices.ContainsFunc(apart, func(o branch) bool { return meet(o.owners, b.owners) }) {
				apart = append(apart, b)
			}
		}
		switch {
		case len(apart) > 1 && len(apart) > len(out.Branches):
			out.Branches, out.BranchStores = []string{}, []string{}
			for _, b := range apart {
				out.Branches, out.BranchStores = append(out.Branches, string(b.call.Addr)), append(out.BranchStores, b.stores...)
			}
			out.BranchMaybe, out.BranchStores = Yes(true), sortedSet(out.BranchStores)
			out.Transacted = Yes(f.inOneTransaction(out.Branches))
		case len(apart) < 2 && len(apart)+len(maybe) > 1 && len(out.Branches) == 0:
			out.BranchMaybe = Flag{State: model.Unknown, notes: needing(maybe[:min(len(maybe), 4)]...)}
		}
	})
	slices.Sort(out.Branches)
}

func meet(a, b map[model.Addr]bool) bool {
	for x := range a {
		if b[x] {
			return true
		}
	}
	return false
}

// written collects the stores that a call writes, its own or further down, and who writes them.
func (f *Facts) written(first *arc, owners *map[model.Addr]bool, stores *[]string) bool {
	g := f.g
	*owners = map[model.Addr]bool{}
	met := map[int32]bool{first.tail: true}
	step := func(a *arc) (next int32) {
		e := &g.edges[a.edge]
		if d, ok := g.ents[e.to].of.(*model.Datastore); ok {
			if e.call.Access.Or("") == "write" && d.StoreKind.Or("") != "cache" {
				(*owners)[g.ents[e.from].addr] = true
				if d.Owner.Has() {
					delete(*owners, g.ents[e.from].addr)
					(*owners)[d.Owner.V] = true
				}
				*stores = append(*stores, string(d.Addr))
			}
			return -1
		}
		return a.head
	}
	queue := []int32{step(first)}
	for ; len(queue) > 0; queue = queue[1:] {
		p := queue[0]
		if p < 0 || met[p] {
			continue
		}
		met[p] = true
		for k := range g.outArcs(p) {
			if a := &g.outArcs(p)[k]; !a.async && a.edge >= 0 && g.edges[a.edge].call != nil && !a.maybe {
				queue = append(queue, step(a))
			}
		}
	}
	*stores = sortedSet(*stores)
	return len(*stores) > 0
}

// inOneTransaction reports whether one transaction has steps in the callees of all these calls.
func (f *Facts) inOneTransaction(calls []string) bool {
	for _, t := range f.m.Transactions {
		all := true
		for _, a := range calls {
			c := f.m.Lookup(model.Addr(a)).(*model.Call)
			all = all && slices.ContainsFunc(t.Steps, func(s *model.Step) bool { return s.In.V == c.To.V || s.Writes.V == c.To.V })
		}
		if all {
			return true
		}
	}
	return false
}
