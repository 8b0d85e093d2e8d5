package facts

import (
	"cmp"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// failureSet is a group of components that one event takes down together.
type failureSet struct {
	addr    model.Addr
	kind    string // zone, server, broker or registry
	members []int32
	sure    bool    // that they fall together is stated, not assumed
	blast   float64 // share of traffic that fails
	lost    []int32 // journeys that fail, some of their requests at least
}

// failureSets lists zones, servers, brokers and registries with two members or more, by address.
func (f *Facts) failureSets() []failureSet {
	g := f.g
	byAddr := map[model.Addr]*failureSet{}
	add := func(a model.Addr, kind string, ent int32, sure bool) {
		s := byAddr[a]
		if s == nil {
			s = &failureSet{addr: a, kind: kind, sure: true}
			byAddr[a] = s
		}
		s.members, s.sure = append(s.members, ent), s.sure && sure
	}
	for i := range g.ents {
		x := &g.ents[i]
		b := x.of.Self()
		if z := zonesOf(x.of); z.HasValue() && z.Hi == 1 { // in which zone, nobody says
			zone := model.Addr("zone." + addrWord(b.Region.Or("any")))
			add(zone, "zone", int32(i), false)
		}
		switch e := x.of.(type) {
		case *model.Datastore:
			if e.Server.Has() {
				add(model.Addr("server."+addrWord(e.Server.V)), "server", int32(i), true)
			}
		case *model.Broker:
			add(e.Addr, "broker", int32(i), true)
		case *model.Topic:
			if e.Broker.Has() {
				add(e.Broker.V, "broker", int32(i), true)
			}
		case *model.Queue:
			if e.Broker.Has() {
				add(e.Broker.V, "broker", int32(i), true)
			}
		case *model.Registry:
			add(e.Addr, "registry", int32(i), true)
			if e.CachedLookup.Has() && e.CachedLookup.V {
				continue
			}
			for _, u := range f.registryUsers(e.Addr) {
				add(e.Addr, "registry", u, e.CachedLookup.Has())
			}
		}
	}
	var out []failureSet
	for _, s := range byAddr {
		slices.Sort(s.members)
		if s.members = slices.Compact(s.members); len(s.members) > 1 {
			out = append(out, *s)
		}
	}
	slices.SortFunc(out, func(a, b failureSet) int { return cmp.Compare(a.addr, b.addr) })
	return out
}

// registryUsers are the entities whose calls look up their callee in a registry.
func (f *Facts) registryUsers(registry model.Addr) []int32 {
	var out []int32
	for i := range f.g.edges {
		e := &f.g.edges[i]
		if _, ok := f.g.ents[e.from].of.(model.Worker); ok && e.call != nil && model.Addr(e.call.Discovery.Or("")) == registry {
			out = append(out, e.from)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// addrWord makes a free word a part of an address: what is neither letter, digit, '.', '_' nor '-' becomes '-'.
func addrWord(s string) string {
	return string(slices.Collect(func(yield func(byte) bool) {
		for i := range len(s) {
			c := s[i]
			if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-') {
				c = '-'
			}
			if !yield(c) {
				return
			}
		}
	}))
}
