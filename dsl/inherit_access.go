package dsl

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// effect is what one operation does to data: certainly a write, possibly one, or neither.
type effect struct{ must, may bool }

// unit is a service or gateway with the effect of each operation that callers invoke. The operation "" is the plain
// request.
type unit struct {
	node    model.Worker
	routes  bool // its calls are alternatives
	ops     []string
	effects []effect
	callers []*unit
	stored  bool // some call of it, or of those that it calls, leads to a store
	queued  bool
}

// access derives whether calls change data. A call to a store follows from who uses the store and from its kind; a call
// to a service or gateway writes if every operation that it reaches writes, and reads if none may. An operation writes
// if one of its calls does, or if it sends a message that must not get lost. What a node does from which no call leads to
// a store is not known: it may keep its data where the description does not show it.
func (c *completer) access() {
	users := c.m.StoreUsers()
	c.eachCall(func(n model.Entity, e *model.Call) {
		if d, ok := c.m.Lookup(e.To.V).(*model.Datastore); ok && e.Access.Unstated() {
			e.Access = storeAccess(d, users[d.Addr], n.Self().Addr)
		}
	})
	units := c.units()
	effects(units)
	c.eachCall(func(_ model.Entity, e *model.Call) {
		u := units[e.To.V]
		if u == nil || !e.Access.Unstated() {
			return
		}
		switch f := u.reach(e); {
		case f.must:
			e.Access = model.Of("write", model.Derived)
		case !f.may:
			e.Access = model.Of("read", model.Derived)
		}
	})
}

// storeAccess is the access of a call to a store, absent where it does not follow.
func storeAccess(d *model.Datastore, users []model.Addr, caller model.Addr) model.Value[string] {
	switch d.StoreKind.Or("") {
	case "cache", "search", "warehouse":
		return model.Of("read", model.Derived)
	}
	if d.Owner.Has() && d.Owner.V == caller || !d.Owner.Has() && len(users) == 1 && users[0] == caller {
		return model.Of("write", model.Derived)
	}
	return model.Value[string]{}
}

// units are the services and gateways with their operations: those that callers name, and the plain request if somebody
// calls without naming one or if edges belong to every request.
func (c *completer) units() map[model.Addr]*unit {
	units := map[model.Addr]*unit{}
	for _, n := range c.m.Workers() {
		u := &unit{node: n}
		if g, ok := n.(*model.Gateway); ok {
			u.routes = g.Routes()
		}
		units[n.Self().Addr] = u
	}
	c.eachCall(func(n model.Entity, e *model.Call) {
		u := units[e.To.V]
		if u == nil {
			return
		}
		if e.Op.Has() {
			u.ops = append(u.ops, e.Op.V)
		}
		if from := units[n.Self().Addr]; from != nil {
			u.callers = append(u.callers, from)
		}
	})
	reachStores(c.m, units)
	for _, u := range units {
		slices.Sort(u.ops)
		u.ops = slices.Compact(u.ops)
		if len(u.ops) == 0 || u.always() {
			u.ops = slices.Insert(u.ops, 0, "")
		}
		u.effects = make([]effect, len(u.ops))
	}
	return units
}

// reachStores marks the units from which calls lead to a store.
func reachStores(m *model.Model, units map[model.Addr]*unit) {
	var queue []*unit
	for _, u := range units {
		u.stored = slices.ContainsFunc(u.node.Out().Calls, func(e *model.Call) bool {
			_, ok := m.Lookup(e.To.V).(*model.Datastore)
			return ok
		})
		if u.stored {
			queue = append(queue, u)
		}
	}
	for len(queue) > 0 {
		u := queue[0]
		queue = queue[1:]
		for _, from := range u.callers {
			if !from.stored {
				from.stored = true
				queue = append(queue, from)
			}
		}
	}
}

// always reports whether some edge belongs to every request.
func (u *unit) always() bool {
	out := u.node.Out()
	for _, e := range out.Calls {
		if !e.On.Has() {
			return true
		}
	}
	for _, e := range out.Publishes {
		if !e.On.Has() {
			return true
		}
	}
	return false
}

// effects computes the least fixed point: a cycle of calls writes only if something in it does.
func effects(units map[model.Addr]*unit) {
	var queue []*unit
	for _, u := range units {
		u.queued = true
		queue = append(queue, u)
	}
	for len(queue) > 0 {
		u := queue[0]
		queue, u.queued = queue[1:], false
		changed := false
		for i, op := range u.ops {
			if f := u.effect(units, op); f != u.effects[i] {
				u.effects[i], changed = f, true
			}
		}
		if !changed {
			continue
		}
		for _, from := range u.callers {
			if !from.queued {
				from.queued = true
				queue = append(queue, from)
			}
		}
	}
}

// effect is what one operation does, given what is known of those that it calls.
func (u *unit) effect(units map[model.Addr]*unit, op string) effect {
	all, any, ways := true, false, 0
	out := effect{may: !u.stored}
	if s, ok := u.node.(*model.Service); ok && s.Opaque.Has() && s.Opaque.V {
		out.may = true // nobody knows what a vendor's box does inside
	}
	add := func(f effect) {
		ways++
		all, any = all && f.must, any || f.must
		out.may = out.may || f.may
	}
	for _, e := range u.node.Out().Calls {
		if uses(e.On, op) {
			add(callEffect(units, e))
		}
	}
	out.must = any
	if u.routes {
		out.must = all && ways > 0
	}
	for _, e := range u.node.Out().Publishes {
		if uses(e.On, op) && e.Loss.Or("intolerable") != "tolerable" {
			out = effect{must: true, may: true}
		}
	}
	return out
}

// uses reports whether an edge belongs to an operation. An operation that no `on` mentions has the edges without `on`,
// and they belong to every other operation too.
func uses(on model.Value[[]string], op string) bool {
	return !on.Has() || slices.Contains(on.V, op)
}

func callEffect(units map[model.Addr]*unit, e *model.Call) effect {
	switch {
	case e.Access.Has():
		writes := e.Access.V == "write"
		return effect{writes, writes}
	case e.Access.Written || units[e.To.V] == nil:
		return effect{may: true}
	}
	return units[e.To.V].reach(e)
}

// reach is what a call may set off: the operation that it names, or any of them.
func (u *unit) reach(e *model.Call) effect {
	if e.Op.Has() {
		i, _ := slices.BinarySearch(u.ops, e.Op.V)
		return u.effects[i]
	}
	out := effect{must: true}
	for _, f := range u.effects {
		out.must, out.may = out.must && f.must, out.may || f.may
	}
	return out
}
