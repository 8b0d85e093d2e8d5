// Package dapr reads Dapr resources: components (state stores, publish and subscribe), subscriptions, and resiliency
// policies. `maxRetries` counts retries: 3 are 4 tries, -1 is without limit. A resiliency timeout holds for one try.
package dapr

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/manifest"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

type reader struct {
	d          *draft.Draft
	components map[string]*draft.Component
}

// Read adds Dapr resources to the draft.
func Read(d *draft.Draft, files []model.File) {
	r := &reader{d: d, components: map[string]*draft.Component{}}
	objects := manifest.Objects(d, files)
	for _, o := range objects {
		if o.Group == "dapr.io" && o.Kind == "Component" {
			r.component(o)
		}
	}
	for _, o := range objects {
		if o.Group != "dapr.io" {
			continue
		}
		switch o.Kind {
		case "Component":
		case "Subscription":
			r.subscription(o)
		case "Resiliency":
			r.resiliency(o)
		default:
			d.Leave("Dapr %s %s (%s): it says nothing that a description holds", o.Kind, o.Name, o.Place())
		}
	}
}

// app is the component of an application id; an id that nothing else shows is a service by itself.
func (r *reader) app(id, space string, at yamldoc.Node) *draft.Component {
	if c := r.d.Host(id, space); c != nil {
		return c
	}
	c := r.d.Component(id, space)
	if c.Place == "" {
		c.Place, c.What = at.Place(), "Dapr application"
	}
	return c
}

// component is a store or a broker: the one that its address leads to, else one of its own.
func (r *reader) component(o manifest.Object) {
	family, product, _ := strings.Cut(o.Spec("type").Str(), ".")
	role := map[string]draft.Role{"state": draft.Datastore, "pubsub": draft.Broker}[family]
	if role == "" {
		r.d.Leave("Dapr component %s (%s): %s is neither a store nor a broker", o.Name, o.Place(), o.Spec("type").Str())
		return
	}
	var c *draft.Component
	for _, m := range o.Spec("metadata").Items() {
		if !draft.NamesAHost(m.Get("name").Str()) {
			continue
		}
		for _, a := range draft.Addresses(m.Get("value").Str()) {
			if to := r.d.Host(a.Host, o.Space); to != nil {
				c = to
			}
		}
	}
	if c == nil {
		c = r.d.Component(o.Name, o.Space)
		c.Place, c.What = o.Place(), "Dapr component "+o.Spec("type").Str()
	}
	if c.Role == "" {
		c.Role = role
	}
	base := product
	if k := strings.LastIndexByte(base, '.'); k >= 0 { // azure.servicebus.topics, aws.dynamodb
		base = base[k+1:]
	}
	if !c.Engine.Written {
		if p := draft.ByName(base); p != nil {
			c.Engine = draft.Stated(p.Name, o.Spec("type").Place())
			if p.Kind != "" && role == draft.Datastore {
				c.Kind = draft.Stated(p.Kind, o.Spec("type").Place())
			}
		} else {
			c.Engine = draft.Stated(product, o.Spec("type").Place())
		}
	}
	r.components[o.Name] = c
	for _, id := range o.Node.Get("scopes").Items() {
		r.d.Call(r.app(id.Str(), o.Space, id), c, draft.Evidence{Place: id.Place(), How: "Dapr component scoped to it", Certainty: draft.Strong})
	}
}

func (r *reader) subscription(o manifest.Object) {
	broker := r.components[o.Spec("pubsubname").Str()]
	topic := o.Spec("topic")
	if topic.Str() == "" {
		r.d.Problem(o.Node.Get("kind").Warning("Subscription without a topic", fmt.Sprintf("Subscription %q names no spec.topic; it was left out.", o.Name)))
		return
	}
	ch := r.d.Channel(topic.Str(), false, broker, topic.Place()+" Dapr subscription")
	for _, id := range o.Node.Get("scopes").Items() {
		u := draft.Use{By: r.app(id.Str(), o.Space, id), Evidence: draft.Evidence{Kind: r.d.Reading, Place: topic.Place(), How: "Dapr subscription " + o.Name, Certainty: draft.Strong}}
		if dead := o.Spec("deadLetterTopic"); dead.Str() != "" {
			u.DeadLetter = r.d.Channel(dead.Str(), false, broker, dead.Place()+" dead letters of "+topic.Str())
		}
		ch.Consumes = append(ch.Consumes, u)
	}
}

func (r *reader) resiliency(o manifest.Object) {
	policies := o.Spec("policies")
	for _, p := range o.Spec("targets", "apps").Pairs() {
		r.apply(o, r.app(p.Key, o.Space, p.Value), p.Value, policies)
	}
	for _, p := range o.Spec("targets", "components").Pairs() {
		if c := r.components[p.Key]; c != nil && p.Value.Get("outbound").IsMap() {
			r.apply(o, c, p.Value.Get("outbound"), policies)
		}
	}
}

// apply makes a target's policies the inbound policy of what it is about.
func (r *reader) apply(o manifest.Object, c *draft.Component, target, policies yamldoc.Node) {
	p := c.Inbound
	if p == nil {
		p = r.d.Policy("to_" + draft.Label(c.Name))
		c.Inbound, c.InboundNote = p, target.Place()
	}
	p.Comment = strings.TrimSpace(p.Comment + fmt.Sprintf("\n%s Resiliency %s: what Dapr does on every call to %s", o.Place(), o.Name, c.Name))
	if n := policies.Get("timeouts").Get(target.Get("timeout").Str()); target.Get("timeout").Str() != "" {
		if v, off, ok := manifest.Duration(n); ok && !off {
			p.Timeout = draft.Stated(v, n.Place(), "for one try")
		}
	}
	if name := target.Get("retry").Str(); name != "" {
		if n := policies.Get("retries").Get(name); n.IsMap() {
			p.Retry = draft.Object(retry(n))
		}
	}
	if name := target.Get("circuitBreaker").Str(); name != "" {
		if n := policies.Get("circuitBreakers").Get(name); n.IsMap() {
			p.CircuitBreaker = draft.Object(breaker(n))
		}
	}
}

func retry(n yamldoc.Node) *model.Retry {
	x := &model.Retry{}
	at := n.Get("maxRetries")
	switch v, ok := at.Int(); {
	case !ok:
		x.MaxAttempts = draft.Stated(model.Unlimited, n.Place(), "no maxRetries: without limit")
	case v < 0:
		x.MaxAttempts = draft.Stated(model.Unlimited, at.Place(), "-1: without limit")
	case v < 1<<16:
		x.MaxAttempts = draft.Stated(v+1, at.Place(), fmt.Sprintf("%d beside the first try", v))
	}
	if n.Get("policy").Str() == "exponential" {
		x.Backoff = draft.Stated("exponential", n.Get("policy").Place())
		if v, off, ok := manifest.Duration(n.Get("maxInterval")); ok && !off {
			x.MaxBackoff = draft.Stated(v, n.Get("maxInterval").Place())
		}
		return x
	}
	x.Backoff = draft.Stated("constant", n.Place())
	x.Jitter = draft.None[string](n.Place(), "constant pauses")
	if v, off, ok := manifest.Duration(n.Get("duration")); ok && !off {
		x.InitialBackoff = draft.Stated(v, n.Get("duration").Place())
	}
	return x
}

var trip = regexp.MustCompile(`consecutiveFailures\s*(>=|>)\s*([0-9]{1,6})`)

// breaker reads a circuit breaker. So many failures in a row are a failure rate of 100 % over a window of as many calls.
func breaker(n yamldoc.Node) *model.CircuitBreaker {
	b := &model.CircuitBreaker{}
	if m := trip.FindStringSubmatch(n.Get("trip").Str()); m != nil {
		v, _ := strconv.Atoi(m[2])
		if m[1] == ">" {
			v++
		}
		if v > 0 {
			place := n.Get("trip").Place()
			b.FailureRate = draft.Stated(1.0, place, "failures in a row")
			b.Window = draft.Stated(model.Window{Count: v}, place)
			b.MinCalls = draft.Stated(v, place)
		}
	}
	if v, off, ok := manifest.Duration(n.Get("timeout")); ok && !off {
		b.OpenFor = draft.Stated(v, n.Get("timeout").Place())
	}
	if v, ok := n.Get("maxRequests").Int(); ok && v > 0 {
		b.HalfOpen = draft.Stated(v, n.Get("maxRequests").Place())
	}
	return b
}
