package dsl

import (
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// call completes the policies of one call from what is nearest to the caller outward.
func (c *completer) call(from model.Entity, e *model.Call) {
	caller := c.callerOf(from)
	engine, near := c.engineOf(caller, e)
	layer := func(policy model.Value[model.Addr]) {
		if policy.Has() {
			fill(&e.CallPolicies, c.layer(layerKey{policy: policy.V, engine: strings.ToLower(engine.Or(""))}))
		}
	}
	completeWritten(&e.CallPolicies, profileOf(engine))
	layer(e.Policy)
	layer(caller.policy)
	var callee *model.Workload
	if w, ok := c.m.Lookup(e.To.V).(model.Worker); ok {
		callee = w.Work()
		layer(callee.Inbound)
	}
	streams := e.Stream.Has() && e.Stream.V
	if caller.work != nil && callee != nil {
		c.throughMesh(from.Self().Addr, e, streams)
	}
	if caller.work != nil && !streams {
		layer(c.system.Policy)
	}
	c.caps(from, e, engine, near)
	c.discovery(caller, e)
}

// caller is what a call inherits from the node that it starts at.
type caller struct {
	work   *model.Workload // nil for clients and externals
	policy model.Value[model.Addr]
}

func (c *completer) callerOf(n model.Entity) caller {
	switch n := n.(type) {
	case model.Worker:
		return caller{work: n.Work(), policy: n.Work().Policy}
	case *model.Client:
		return caller{policy: n.Policy}
	}
	return caller{}
}

// engineOf is the product that makes a call: the nearest one that is stated. near says that the call's own policy names
// it.
func (c *completer) engineOf(from caller, e *model.Call) (engine model.Value[string], near bool) {
	if p := c.policies[e.Policy.V]; e.Policy.Has() && p != nil && p.Engine.Has() {
		return p.Engine, true
	}
	if from.work != nil && from.work.Engine.Has() {
		return from.work.Engine, false
	}
	if p := c.policies[from.policy.V]; from.policy.Has() && p != nil && p.Engine.Has() {
		return p.Engine, false
	}
	if p := c.policies[c.system.Policy.V]; from.work != nil && c.system.Policy.Has() && p != nil && !(e.Stream.Has() && e.Stream.V) {
		return p.Engine, false
	}
	return model.Value[string]{}, false
}

// layer is what a policy hands down.
func (c *completer) layer(k layerKey) *model.CallPolicies {
	if l := c.layers[k]; l != nil {
		return l
	}
	l := &model.CallPolicies{}
	c.layers[k] = l
	p := c.policies[k.policy]
	if p == nil {
		return l
	}
	product := profileOf(p.Engine)
	if product == nil && !p.Engine.Has() {
		product = profiles()[k.engine]
	}
	*l = handDown(p.CallPolicies, string(p.Addr))
	if k.mesh && product != nil {
		outlier := *product
		outlier.Breaker = product.Outlier
		product = &outlier
	}
	completeObjects(l, product)
	settleObjects(l)
	return l
}

// handDown is a copy of a policy's facts as others inherit them.
func handDown(p model.CallPolicies, from string) model.CallPolicies {
	out := model.CallPolicies{
		Timeout: inherited(p.Timeout, from), Deadline: inherited(p.Deadline, from), ConnectTimeout: inherited(p.ConnectTimeout, from),
		Retry: inherited(p.Retry, from), CircuitBreaker: inherited(p.CircuitBreaker, from), Bulkhead: inherited(p.Bulkhead, from),
		RateLimit: inherited(p.RateLimit, from), Fallback: inherited(p.Fallback, from),
	}
	cloneObjects(&out)
	inheritObject(out.Retry.V, from)
	inheritObject(out.CircuitBreaker.V, from)
	inheritObject(out.Bulkhead.V, from)
	inheritObject(out.RateLimit.V, from)
	return out
}

// fill takes over what a call does not have yet. An object is taken whole: the nearest one wins entirely.
func fill(dst, src *model.CallPolicies) {
	take(&dst.Timeout, src.Timeout)
	take(&dst.Deadline, src.Deadline)
	take(&dst.ConnectTimeout, src.ConnectTimeout)
	take(&dst.Retry, src.Retry)
	take(&dst.CircuitBreaker, src.CircuitBreaker)
	take(&dst.Bulkhead, src.Bulkhead)
	take(&dst.RateLimit, src.RateLimit)
	take(&dst.Fallback, src.Fallback)
}

// meshLayer is what a mesh does on the edges between its members.
type meshLayer struct {
	addr    model.Addr
	calls   model.CallPolicies // without retry and breaker, which are the mesh's own layer
	retry   model.Value[*model.Retry]
	breaker model.Value[*model.CircuitBreaker]
}

func (c *completer) meshLayer(m *model.Mesh) *meshLayer {
	l := &meshLayer{addr: m.Addr}
	engine := strings.ToLower(m.Engine.Or("istio")) // the language's default, also before the class rules have set it
	if m.Policy.Has() {
		l.calls = *c.layer(layerKey{policy: m.Policy.V, engine: engine, mesh: true})
		l.retry, l.breaker = l.calls.Retry, l.calls.CircuitBreaker
		l.calls.Retry, l.calls.CircuitBreaker = model.Value[*model.Retry]{}, model.Value[*model.CircuitBreaker]{}
	}
	if p := profiles()[engine]; p != nil && p.MeshRetry != nil && l.retry.Unstated() {
		own := model.CallPolicies{Retry: as(p.MeshRetry.MaxAttempts.Origin, clone(p.MeshRetry))}
		settleObjects(&own)
		l.retry = own.Retry
	}
	return l
}

// throughMesh adds the mesh of which both ends are members. A stream inherits nothing from it.
func (c *completer) throughMesh(from model.Addr, e *model.Call, streams bool) {
	for _, l := range c.meshes[from] {
		for _, o := range c.meshes[e.To.V] {
			if l != o {
				continue
			}
			e.Mesh = l.addr
			if !streams {
				fill(&e.CallPolicies, &l.calls)
				take(&e.MeshRetry, l.retry)
				take(&e.MeshBreaker, l.breaker)
			}
			return
		}
	}
}

// caps adds limits that stand outside policies: a gateway's own timeout, a product's defaults, a client's patience.
func (c *completer) caps(from model.Entity, e *model.Call, engine model.Value[string], near bool) {
	p := profileOf(engine)
	g, _ := from.(*model.Gateway)
	if g != nil && g.Timeout.Has() && g.Timeout.State != model.Profile {
		take(&e.Deadline, inherited(g.Timeout, string(g.Addr)))
	}
	if cl, ok := from.(*model.Client); ok && !e.Timeout.Has() && !e.Deadline.Has() {
		if d := inherited(cl.Deadline, string(cl.Addr)); e.Deadline.Unstated() && !d.Unstated() {
			e.Deadline, e.LimitFromClient = d, true
		}
	}
	if p != nil && (near || p.covers(kindOf(e.To.V))) {
		calls := *c.supply(p)
		if p.WholeCall && !e.Deadline.Unstated() {
			calls.Timeout = e.Timeout
		}
		fill(&e.CallPolicies, &calls)
	}
	if g != nil && g.Timeout.State == model.Profile {
		if own := profileOf(g.Engine); own != nil && own.CapIsTotal {
			take(&e.Deadline, g.Timeout)
		}
	}
}

// supply is a product's own call policies, complete.
func (c *completer) supply(p *Profile) *model.CallPolicies {
	l := c.supplied[p]
	if l == nil {
		calls := p.Calls
		cloneObjects(&calls)
		completeObjects(&calls, p)
		settleObjects(&calls)
		l = &calls
		c.supplied[p] = l
	}
	return l
}

// discovery of a call is its caller's; what comes from outside finds the system as the system's own calls do.
func (c *completer) discovery(from caller, e *model.Call) {
	if from.work != nil {
		take(&e.Discovery, inherited(from.work.Discovery, string(e.Parent)))
		return
	}
	take(&e.Discovery, inherited(c.system.Discovery, string(c.system.Addr)))
	if c.platform != nil {
		take(&e.Discovery, c.platform.Discovery)
	}
}
