package model

import "slices"

// CallsTo returns the calls that reach each callee: those of clients, gateways and services, then those of externals,
// in source order.
func (m *Model) CallsTo() map[Addr][]*Call {
	out := make(map[Addr][]*Call)
	for _, n := range m.Nodes() {
		for _, c := range n.Out().Calls {
			out[c.To.V] = append(out[c.To.V], c)
		}
	}
	for _, x := range m.Externals {
		for _, c := range x.Calls {
			out[c.To.V] = append(out[c.To.V], c)
		}
	}
	return out
}

// StoreUsers returns the nodes that use each datastore, sorted: by a call, as the store of an outbox, in a step of a
// transaction, or as a part of command query separation or event sourcing. Every datastore has an entry.
func (m *Model) StoreUsers() map[Addr][]Addr {
	users := make(map[Addr][]Addr, len(m.Datastores))
	for _, d := range m.Datastores {
		users[d.Addr] = nil
	}
	add := func(store Value[Addr], node Addr) {
		if list, ok := users[store.V]; ok && store.Has() {
			users[store.V] = append(list, node)
		}
	}
	for _, n := range m.Nodes() {
		at := n.Self().Addr
		for _, c := range n.Out().Calls {
			add(c.To, at)
		}
		for _, p := range n.Out().Publishes {
			if o := p.Outbox; o.Has() && o.V != nil {
				add(o.V.Store, at)
			}
		}
	}
	for _, s := range m.Services {
		if q := s.CQRS; q.Has() && q.V != nil {
			add(q.V.Write, s.Addr)
			add(q.V.Read, s.Addr)
		}
		if e := s.EventSourcing; e.Has() && e.V != nil {
			add(e.V.Store, s.Addr)
			for _, p := range e.V.Projections.V {
				add(Of(p, Stated), s.Addr)
			}
		}
	}
	for _, t := range m.Transactions {
		for _, st := range t.Steps {
			add(st.Writes, st.In.V)
		}
	}
	for store, list := range users {
		slices.Sort(list)
		users[store] = slices.Compact(list)
	}
	return users
}

// Routes reports whether the gateway only forwards: each request takes one of its calls, so its calls are alternatives.
// An aggregator, or a gateway that composes replies or decides, makes all calls of a request.
func (g *Gateway) Routes() bool {
	switch g.GatewayKind.V {
	case "aggregator":
		return false
	}
	return !g.Logic.Has() || g.Logic.V == "routing"
}
