package dsl

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// derive computes what follows from other facts. It runs before the class rules: what it leaves alone they settle.
func (c *completer) derive() {
	for _, cl := range c.m.Clients {
		deriveClient(cl)
	}
	for _, g := range c.m.Gateways {
		logic := "routing"
		if g.GatewayKind.Has() && g.GatewayKind.V == "aggregator" {
			logic = "composition"
		}
		take(&g.Logic, model.Of(logic, model.Default))
	}
	for _, t := range c.m.Transactions {
		if t.Orchestrator.IsUnknown() {
			take(&t.Coordination, model.Value[string]{State: model.Unknown})
		}
		how := "choreography"
		if t.Orchestrator.Has() {
			how = "orchestration"
		}
		take(&t.Coordination, model.Of(how, model.Derived))
	}
	for _, g := range c.m.Migrations {
		for _, r := range g.Routes {
			deriveTraffic(r)
		}
	}
	c.stores()
	c.routers()
	c.protocols()
	c.access()
	c.idempotence()
	c.eachCall(func(_ model.Entity, e *model.Call) {
		switch {
		case e.Fallback.IsUnknown():
			take(&e.Criticality, model.Value[string]{State: model.Unknown})
		case e.Fallback.Has() && e.Fallback.V != "fail":
			take(&e.Criticality, model.Of("soft", model.Derived))
		}
		take(&e.Criticality, model.Of("hard", model.Default))
	})
}

// deriveClient says from the kind of a client whether anybody can be one, and over which network it comes.
func deriveClient(c *model.Client) {
	kind := c.ClientKind.Or("")
	switch kind {
	case "web", "mobile", "partner", "iot":
		take(&c.Public, model.Of(true, model.Default))
	case "":
		take(&c.Public, model.Value[bool]{State: model.Unknown})
	default:
		take(&c.Public, model.Of(false, model.Default))
	}
	network := "wan"
	switch kind {
	case "mobile", "iot":
		network = "cellular"
	case "internal", "scheduler":
		network = "lan"
	}
	take(&c.Network, model.Of(network, model.Default))
}

// deriveTraffic says what share of a route the new service answers, where its status says so.
func deriveTraffic(r *model.Route) {
	switch r.Status.Or("legacy") {
	case "legacy", "shadow":
		take(&r.Traffic, model.Of(0.0, model.Derived))
	case "migrated":
		take(&r.Traffic, model.Of(1.0, model.Derived))
	}
}

// stores completes datastores: whether they have transactions, whose they are, and which team that is.
func (c *completer) stores() {
	users := c.m.StoreUsers()
	for _, d := range c.m.Datastores {
		if d.StoreKind.Has() {
			kind := d.StoreKind.V
			take(&d.Transactions, model.Of(kind == "relational" || kind == "event_store", model.Default))
		} else {
			take(&d.Transactions, model.Value[bool]{State: model.Unknown})
		}
		if u := users[d.Addr]; len(u) == 1 && kindOf(u[0]) == model.KindService {
			take(&d.Owner, model.Of(u[0], model.Derived))
		}
		if owner, ok := c.m.Lookup(d.Owner.V).(*model.Service); ok && d.Owner.Has() && owner.Team.Has() {
			team := inherited(owner.Team, string(owner.Addr))
			team.State = model.Derived
			take(&d.Team, team)
		}
	}
}

// routers says whether something can split a workload's traffic by share: a mesh that has it as member, or a gateway
// that calls it.
func (c *completer) routers() {
	behind := map[model.Addr]bool{}
	for _, g := range c.m.Gateways {
		for _, e := range g.Calls {
			behind[e.To.V] = true
		}
	}
	for _, n := range c.m.Workers() {
		w, at := n.Work(), n.Self().Addr
		if w.Deploy.V == nil {
			w.Deploy.V = &model.Deploy{}
		}
		take(&w.Deploy.V.Router, model.Of(behind[at] || len(c.meshes[at]) > 0, model.Derived))
	}
}

// protocols says what a call speaks where its callee offers one api only.
func (c *completer) protocols() {
	c.eachCall(func(_ model.Entity, e *model.Call) {
		if w, ok := c.m.Lookup(e.To.V).(model.Worker); ok && len(w.Work().APIs) == 1 {
			take(&e.Protocol, model.Of(w.Work().APIs[0].Label, model.Derived))
		}
		take(&e.Protocol, model.Value[string]{State: model.Unknown})
	})
}

// idempotence: reads are idempotent. A call whose callee writes financial data, or that reaches a step of a transaction,
// is not unless somebody says so: there, silence is no excuse. Of any other write only the owner knows.
func (c *completer) idempotence() {
	steps := map[model.Addr]bool{}
	for _, t := range c.m.Transactions {
		for _, s := range t.Steps {
			steps[s.In.V] = true
		}
	}
	c.eachCall(func(_ model.Entity, e *model.Call) {
		switch {
		case !e.Idempotent.Unstated():
		case e.Access.Has() && e.Access.V == "read":
			e.Idempotent = model.Of(true, model.Default)
		case steps[e.To.V] || c.writesMoney(e):
			// absent
		default:
			e.Idempotent.State = model.Unknown
		}
	})
}

// writesMoney reports whether the callee of a call writes financial data in an operation that the call reaches.
func (c *completer) writesMoney(e *model.Call) bool {
	if d, ok := c.m.Lookup(e.To.V).(*model.Datastore); ok {
		return e.Access.V == "write" && slices.Contains(d.Data.V, "financial")
	}
	w, ok := c.m.Lookup(e.To.V).(model.Worker)
	if !ok {
		return false
	}
	for _, f := range w.Out().Calls {
		d, ok := c.m.Lookup(f.To.V).(*model.Datastore)
		if !ok || f.Access.V != "write" || !slices.Contains(d.Data.V, "financial") {
			continue
		}
		if !f.On.Has() || !e.Op.Has() || slices.Contains(f.On.V, e.Op.V) {
			return true
		}
	}
	return false
}
