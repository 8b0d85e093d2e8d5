package dsl

import (
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// inherit completes every fact that nobody wrote on the block itself: from policies, meshes, the system, product
// profiles, other facts and the language's own defaults. Afterwards the state of every fact is final. The order is fixed:
// what is inherited and what a product supplies counts before what can be derived, and that before the class rules, so
// that an attribute is unknown or absent only if nothing says more. Doing it twice changes nothing.
//
// Objects that hold claims or measurements (scale, latency, …) and the deploy of a workload are there afterwards even if
// nobody stated them: their state says so, their attributes have states of their own.
//
// Load calls it once, when everything written is in place, correct and indexed.
func inherit(m *model.Model) source.Diagnostics {
	c := newCompleter(m)
	c.workloads()
	c.channels()
	c.eachCall(c.call)
	for _, p := range m.Policies {
		completeObjects(&p.CallPolicies, profileOf(p.Engine))
	}
	c.derive()
	c.settle()
	return nil
}

// completer holds what completing one model needs more than once.
type completer struct {
	m        *model.Model
	system   *model.System // never nil
	platform *Profile
	policies map[model.Addr]*model.Policy
	layers   map[layerKey]*model.CallPolicies
	supplied map[*Profile]*model.CallPolicies
	meshes   map[model.Addr][]*meshLayer // by member
}

// layerKey is a policy as a caller with that engine inherits it: what a stated object leaves out is the default of the
// product that runs it.
type layerKey struct {
	policy model.Addr
	engine string
	mesh   bool
}

func newCompleter(m *model.Model) *completer {
	c := &completer{m: m, system: m.System, policies: map[model.Addr]*model.Policy{}, layers: map[layerKey]*model.CallPolicies{},
		supplied: map[*Profile]*model.CallPolicies{}, meshes: map[model.Addr][]*meshLayer{}}
	if c.system == nil {
		c.system = &model.System{}
	}
	c.platform = profileOf(c.system.Platform)
	for _, p := range m.Policies {
		c.policies[p.Addr] = p
	}
	for _, mesh := range m.Meshes {
		l := c.meshLayer(mesh)
		for _, a := range mesh.Members.V {
			c.meshes[a] = append(c.meshes[a], l)
		}
	}
	return c
}

// eachCall visits every call with the node that it starts at.
func (c *completer) eachCall(visit func(model.Entity, *model.Call)) {
	for _, n := range c.m.Nodes() {
		for _, call := range n.Out().Calls {
			visit(n, call)
		}
	}
	for _, x := range c.m.Externals {
		for _, call := range x.Calls {
			visit(x, call)
		}
	}
}

// workloads hands the system's defaults to services and gateways, then what their product and their platform supply.
func (c *completer) workloads() {
	s, from := c.system, string(c.system.Addr)
	team, region := inherited(s.Team, from), inherited(s.Region, from)
	scale, deploy := inherited(s.Scale, from), inherited(s.Deploy, from)
	discovery, balancing := inherited(s.Discovery, from), inherited(s.LoadBalancing, from)
	propagation, auth := inherited(s.DeadlinePropagation, from), inherited(s.Auth, from)
	scale.V = clone(scale.V)
	inheritObject(scale.V, from)
	for _, n := range c.m.Workers() {
		w, b := n.Work(), n.Self()
		take(&b.Team, team)
		take(&b.Region, region)
		take(&w.Scale, scale)
		if w.Deploy.Unstated() {
			w.Deploy = deploy
			w.Deploy.V = clone(deploy.V) // whether something routes to it differs
			inheritObject(w.Deploy.V, from)
		}
		take(&w.Discovery, discovery)
		take(&w.LoadBalancing, balancing)
		take(&w.DeadlinePropagation, propagation)
		take(&w.Auth, auth)
		c.product(n)
	}
}

// product supplies what a workload's engine and platform do unasked.
func (c *completer) product(n model.Worker) {
	w, engine, platform := n.Work(), profileOf(n.Work().Engine), c.platform
	g, _ := n.(*model.Gateway)
	if engine != nil {
		complete(w.RateLimit.V, engine.RateLimit)
		for _, e := range w.Consumes {
			complete(e.Retry.V, engine.Retry)
		}
		if g != nil {
			take(&g.Timeout, engine.Cap)
			take(&g.IdleTimeout, engine.IdleTimeout)
		}
		if engine.Entry.Has() && w.RateLimit.Unstated() {
			w.RateLimit = engine.Entry
			w.RateLimit.V = clone(engine.Entry.V)
		}
		if engine.Managed {
			platform = nil
		}
	}
	if g != nil && g.GatewayKind.V == "cdn" || platform == nil {
		return
	}
	take(&w.Discovery, platform.Discovery)
	if !platform.Deploy.Has() {
		return
	}
	if w.Deploy.Unstated() {
		w.Deploy = platform.Deploy
		w.Deploy.V = clone(platform.Deploy.V)
	} else if w.Deploy.Has() {
		complete(w.Deploy.V, platform.Deploy.V)
	}
}

// channels supplies what products do for brokers, topics, queues, their edges, stores and registries.
func (c *completer) channels() {
	brokers := map[model.Addr]*Profile{}
	for _, b := range c.m.Brokers {
		brokers[b.Addr] = profileOf(b.Engine)
	}
	carriers := map[model.Addr]*Profile{} // by topic or queue
	for _, t := range c.m.Topics {
		if p := brokers[t.Broker.V]; p != nil {
			carriers[t.Addr] = p
			take(&t.Retention, p.Retention)
		}
	}
	for _, q := range c.m.Queues {
		p := profileOf(q.Engine)
		if p == nil {
			p = brokers[q.Broker.V]
		}
		if p == nil {
			continue
		}
		carriers[q.Addr] = p
		take(&q.VisibilityTimeout, p.Visibility)
		take(&q.MaxReceives, p.MaxReceives)
		if q.FIFO.Has() && q.FIFO.V {
			take(&q.DedupWindow, p.FIFODedup)
		}
	}
	acks := func(list []*model.Publish) {
		for _, e := range list {
			if p := carriers[e.To.V]; p != nil {
				take(&e.Acks, p.Acks)
			}
		}
	}
	for _, n := range c.m.Nodes() {
		acks(n.Out().Publishes)
	}
	for _, d := range c.m.Datastores {
		acks(d.Publishes)
		if p := profileOf(d.Engine); p != nil {
			take(&d.MaxConnections, p.MaxConnections)
		}
	}
	for _, r := range c.m.Registries {
		if p := profileOf(r.Engine); p != nil {
			take(&r.Heartbeat, p.Heartbeat)
			take(&r.Lease, p.Lease)
			take(&r.Eviction, p.Eviction)
			take(&r.Fetch, p.Fetch)
		}
	}
}

// take fills a fact that nothing is known of.
func take[T any](dst *model.Value[T], src model.Value[T]) {
	if dst.Unstated() {
		*dst = src
	}
}

// inherited is a fact as somebody else takes it over: from tells where it was written. `none` and `unknown` stay what
// they are: the author said so for everybody who inherits.
func inherited[T any](v model.Value[T], from string) model.Value[T] {
	if v.Unstated() {
		return model.Value[T]{}
	}
	if v.State == model.Stated {
		v.State = model.Inherited
	}
	v.Written, v.Origin = false, originFrom(v.Origin, from)
	return v
}

func originFrom(o *model.Origin, from string) *model.Origin {
	if o == nil {
		return &model.Origin{From: from}
	}
	if o.From != "" {
		return o
	}
	out := *o
	out.From = from
	return &out
}

func clone[T any](v *T) *T {
	if v == nil {
		return nil
	}
	out := *v
	return &out
}

// kindOf is the kind of what an address of a top-level block names.
func kindOf(a model.Addr) model.Kind {
	kind, _, _ := strings.Cut(string(a), ".")
	return model.Kind(kind)
}
