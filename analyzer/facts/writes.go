package facts

import (
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// maxReached bounds how many stores one trigger is followed to; a unit of work over more of them is judged by these.
const maxReached = 24

// reached are the stores that each trigger certainly writes: by its own write calls, and by what its write calls to
// services make these write (Q9). Messages are not followed: what they cause is another unit of work.
func (g *graph) reached() [][]int32 {
	out := make([][]int32, len(g.pairs))
	for range 2 { // the second round completes loops
		for i := len(g.syncOrder) - 1; i >= 0; i-- {
			p := g.syncOrder[i]
			all := out[p][:0:0]
			g.writeArcs(p, func(a *arc, stores []int32) { all = append(all, stores...) }, out)
			slices.Sort(all)
			if all = slices.Compact(all); len(all) > maxReached {
				all = all[:maxReached]
			}
			out[p] = all
		}
	}
	return out
}

// writeArcs calls visit with every synchronous write call of a trigger and the stores that it reaches.
func (g *graph) writeArcs(p int32, visit func(a *arc, stores []int32), reached [][]int32) {
	for i := range g.outArcs(p) {
		a := &g.outArcs(p)[i]
		if a.async || a.maybe || a.edge < 0 || g.edges[a.edge].call == nil || g.edges[a.edge].call.Access.Or("") != "write" {
			continue
		}
		switch to := g.edges[a.edge].to; g.ents[to].kind {
		case model.KindDatastore:
			visit(a, []int32{to})
		case model.KindService, model.KindGateway:
			visit(a, reached[a.head])
		}
	}
}

// writeSet is what one unit of work writes.
type writeSet struct {
	addr  model.Addr
	pair  int32 // the trigger, -1 for a transaction's
	tx    *model.Transaction
	parts []written
	oneOn bool // the calls share a stated `on`
	meant bool // calls that are meant to write bring the stores together: one request is likely to make them all
}

// written is a store in a write set.
type written struct {
	store   int32
	via     model.Addr // the call or step that leads to it
	service model.Addr // who writes it
	meant   bool       // the call is meant to write
}

// writeSets lists the units of work that write stores of two owners or engines, and every transaction, by address. A
// trigger counts where its own calls bring the stores together: a caller whose one call reaches them all is not the place.
func (f *Facts) writeSets() []writeSet {
	g := f.g
	reached := g.reached()
	best := map[model.Addr]writeSet{}
	for p := range g.pairs {
		x := &g.ents[g.pairs[p].ent]
		if x.kind != model.KindService || len(reached[p]) < 2 {
			continue
		}
		w := writeSet{addr: x.addr, pair: int32(p)}
		if c := g.pairs[p].consume; c != nil {
			w.addr = c.Addr
		}
		whole, on := false, 0
		g.writeArcs(int32(p), func(a *arc, stores []int32) {
			e := &g.edges[a.edge]
			whole = whole || len(stores) == len(reached[p])
			if e.call.On.Has() {
				on++
			}
			service := x.addr
			if g.ents[e.to].kind != model.KindDatastore {
				service = g.ents[e.to].addr
			}
			for _, s := range stores {
				if k := slices.IndexFunc(w.parts, func(o written) bool { return o.store == s }); k < 0 {
					w.parts = append(w.parts, written{s, e.addr, service, meantToWrite(e)})
				} else {
					w.parts[k].meant = w.parts[k].meant || meantToWrite(e)
				}
			}
		}, reached)
		if w.oneOn = on > 1; whole || f.independent(w.parts) < 2 {
			continue
		}
		w.meant = f.independent(slices.DeleteFunc(slices.Clone(w.parts), func(p written) bool { return !p.meant })) > 1
		if old, ok := best[w.addr]; !ok || len(w.parts) > len(old.parts) {
			best[w.addr] = w
		}
	}
	for _, t := range f.m.Transactions {
		best[t.Addr] = writeSet{addr: t.Addr, pair: -1, tx: t, parts: f.stepStores(t), oneOn: true, meant: true}
	}
	out := make([]writeSet, 0, len(best))
	for _, w := range best {
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b writeSet) int { return compareAddr(a.addr, b.addr) })
	return out
}

// meantToWrite reports whether the author of a call had writing in mind: it leads to a store, or states its access, its
// operation, or that it may be repeated. That a call to a service writes because everything behind that service does says
// little about one request.
func meantToWrite(e *edge) bool {
	return e.call.Access.State == model.Stated || e.call.Op.Has() || e.call.Idempotent.State == model.Stated || strings.HasPrefix(string(e.call.To.V), "datastore.")
}

func compareAddr(a, b model.Addr) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// stepStores are the stores that the steps of a transaction write: as stated, else those that the step's service writes
// directly.
func (f *Facts) stepStores(t *model.Transaction) []written {
	var out []written
	add := func(store int32, s *model.Step) {
		if store >= 0 && !slices.ContainsFunc(out, func(o written) bool { return o.store == store }) {
			out = append(out, written{store, s.Addr, s.In.V, true})
		}
	}
	for _, s := range t.Steps {
		if s.Writes.Has() {
			add(f.g.ent(s.Writes.V), s)
			continue
		}
		for _, d := range f.ownWrites(s.In.V) {
			add(d, s)
		}
	}
	return out
}

// ownWrites are the stores that a node certainly writes by its own calls, in source order.
func (f *Facts) ownWrites(node model.Addr) (out []int32) {
	i := f.g.ent(node)
	if i < 0 {
		return nil
	}
	for _, id := range f.g.ents[i].out {
		e := &f.g.edges[id]
		if e.call != nil && e.call.Access.Or("") == "write" && f.g.ents[e.to].kind == model.KindDatastore && !slices.Contains(out, e.to) {
			out = append(out, e.to)
		}
	}
	return out
}

// derivedStores are the stores that only repeat what another one holds: caches, search indexes, the read side of separated
// models or of an event log.
func derivedStores(m *model.Model) map[model.Addr]bool {
	out := map[model.Addr]bool{}
	for _, d := range m.Datastores {
		switch d.StoreKind.Or("") {
		case "cache", "search":
			out[d.Addr] = true
		}
	}
	for _, s := range m.Services {
		if q := valueOf(s.CQRS); q != nil && q.Read.Has() && q.Read.V != q.Write.V {
			out[q.Read.V] = true
		}
		if e := valueOf(s.EventSourcing); e != nil {
			for _, a := range e.Projections.V {
				out[a] = true
			}
		}
	}
	return out
}

// independent counts the stores of a unit of work that no local transaction can span: those of different owners, engines
// or kinds. Derived ones are left out, and so is a store that the change stream of another one among them feeds.
func (f *Facts) independent(parts []written) int {
	keys := map[[3]string]bool{}
	for _, p := range parts {
		d, ok := f.g.ents[p.store].of.(*model.Datastore)
		if !ok || f.paths.derived[d.Addr] || f.streamed(parts, d) {
			continue
		}
		owner := string(d.Owner.Or(p.service))
		if d.Server.Has() && d.Owner.Has() { // one server is one engine
			keys[[3]string{owner, "server", d.Server.V}] = true
			continue
		}
		keys[[3]string{owner, d.Engine.Or(""), d.StoreKind.Or("")}] = true
	}
	return len(keys)
}

// streamed reports whether another store of the unit of work publishes its changes to a channel that somebody writes into d
// from: what a crash leaves out of d, the stream brings.
func (f *Facts) streamed(parts []written, d *model.Datastore) bool {
	return slices.ContainsFunc(parts, func(p written) bool {
		from, ok := f.g.ents[p.store].of.(*model.Datastore)
		return ok && from != d && slices.ContainsFunc(from.Publishes, func(e *model.Publish) bool {
			return slices.ContainsFunc(f.consumersOf(e.To.V), func(node model.Addr) bool {
				return slices.Contains(f.ownWrites(node), f.g.ent(d.Addr))
			})
		})
	})
}
