// Package istio reads mesh configuration: time limits and retries of VirtualServices, outlier detection and connection
// pools of DestinationRules, mutual TLS of PeerAuthentications, and Istio's own gateways. Who is a member of the mesh is
// in the workloads' manifests, which package kubernetes reads.
//
// What a VirtualService or DestinationRule says holds for every caller of a host, so it becomes the callee's inbound
// policy. `timeout` covers all tries, `perTryTimeout` one; `attempts` counts retries: 2 are 3 tries.
package istio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/manifest"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

type reader struct {
	d        *draft.Draft
	gateways map[string]*draft.Component
}

// Read adds mesh configuration to the draft.
func Read(d *draft.Draft, files []model.File) {
	r := &reader{d: d, gateways: map[string]*draft.Component{}}
	objects := manifest.Objects(d, files)
	for _, o := range objects {
		switch {
		case o.Group == "networking.istio.io" && o.Kind == "Gateway":
			r.gateway(o)
		case o.Group == "networking.istio.io" && o.Kind == "ServiceEntry":
			r.entry(o)
		}
	}
	read := 0
	for _, o := range objects {
		if !strings.HasSuffix(o.Group, ".istio.io") {
			continue
		}
		read++
		switch o.Kind {
		case "VirtualService":
			r.virtualService(o)
		case "DestinationRule":
			r.destinationRule(o)
		case "PeerAuthentication":
			r.peerAuthentication(o)
		case "Gateway", "ServiceEntry":
		default:
			d.Leave("%s %s (%s): it says nothing that a description holds", o.Kind, o.Name, o.Place())
		}
	}
	if read == 0 && len(objects) > 0 {
		d.Problem(objects[0].Node.Get("apiVersion").Warning("No mesh configuration", "None of these objects is Istio's (networking.istio.io, security.istio.io); nothing was read from them as istio."))
	}
}

// gateway is an Istio Gateway: an Envoy at the edge.
func (r *reader) gateway(o manifest.Object) {
	c := r.d.Component(o.Name, o.Space)
	if c.Role != "" && c.Role != draft.Gateway || c.Place != "" {
		c = r.d.Component(o.Name+"-gateway", o.Space)
	}
	c.Place, c.What, c.Role = o.Place(), "Istio Gateway", draft.Gateway
	c.Kind, c.Engine = draft.Stated("proxy", o.Place(), "Istio Gateway"), draft.Stated("envoy", o.Place(), "Istio Gateway")
	c.Exposed = append(c.Exposed, draft.Exposure{Place: o.Place(), How: "Istio Gateway " + o.Name})
	r.gateways[o.Space+"/"+o.Name] = c
	r.gateways[o.Name] = c
}

// entry is a host outside the mesh.
func (r *reader) entry(o manifest.Object) {
	if o.Spec("location").Str() == "MESH_INTERNAL" {
		return
	}
	for _, host := range o.Spec("hosts").Strings() {
		if strings.Contains(host, "*") || r.d.Host(host, o.Space) != nil {
			continue
		}
		c := r.d.Component(host, "")
		c.Place, c.What, c.Role = o.Place(), "ServiceEntry", draft.External
	}
}

// host is the component that a host means, with a warning where none is known.
func (r *reader) host(o manifest.Object, n yamldoc.Node) *draft.Component {
	h := n.Str()
	if c := r.d.Host(h, o.Space); c != nil {
		return c
	}
	if h != "" && h != "*" && !strings.Contains(h, "*") {
		r.d.Problem(n.Warning("Host that is not here", fmt.Sprintf("%s %q is about host %q, and the sources show no component of that name. Add its manifest to the command.", o.Kind, o.Name, h)))
	}
	return nil
}

// inbound is the policy of every call to a component.
func (r *reader) inbound(c *draft.Component, o manifest.Object) *model.Policy {
	p := c.Inbound
	if p == nil {
		p = r.d.Policy("to_" + draft.Label(c.Name))
		p.Engine = draft.Stated("istio")
		c.Inbound = p
	}
	line := fmt.Sprintf("%s %s %s: what the mesh does on every call to %s", o.Place(), o.Kind, o.Name, c.Name)
	if !strings.Contains(p.Comment, line) {
		p.Comment = strings.TrimSpace(p.Comment + "\n" + line)
	}
	return p
}

func (r *reader) virtualService(o manifest.Object) {
	gateways := o.Spec("gateways").Strings()
	mesh := len(gateways) == 0 || slices.Contains(gateways, "mesh")
	rules := o.Spec("http").Items()
	for i, rule := range rules {
		for _, route := range rule.Get("route").Items() {
			at := route.Get("destination", "host")
			to := r.host(o, at)
			if to == nil {
				continue
			}
			for _, name := range gateways {
				g := r.gateways[name]
				if g == nil {
					g = r.gateways[o.Space+"/"+name]
				}
				if g == nil {
					continue
				}
				e := r.d.Call(g, to, draft.Evidence{Place: at.Place(), How: "VirtualService " + o.Name, Certainty: draft.Strong})
				limits(rule, &e.Call.CallPolicies, true)
				e.Forwards()
			}
			if mesh && (rule.Get("match").IsZero() || len(rules) == 1 || i == len(rules)-1) && says(rule) {
				limits(rule, &r.inbound(to, o).CallPolicies, false)
			}
		}
	}
}

func says(rule yamldoc.Node) bool {
	if v, off, ok := manifest.Duration(rule.Get("timeout")); ok && !off && v > 0 {
		return true
	}
	return rule.Get("retries").IsMap()
}

// limits reads a route's time limits and retries. A limit of 0s is Envoy's word for none: for a gateway, which makes the
// call itself, that is a fact; in a mesh the calling program may still have one of its own.
func limits(rule yamldoc.Node, p *model.CallPolicies, caller bool) {
	if v := manifest.Limit(rule.Get("timeout"), "covers all tries"); v.Written && (caller || v.Has()) {
		p.Deadline = v
	}
	retries := rule.Get("retries")
	if v, off, ok := manifest.Duration(retries.Get("perTryTimeout")); ok && !off {
		p.Timeout = draft.Stated(v, retries.Get("perTryTimeout").Place(), "perTryTimeout")
	}
	if n, ok := retries.Get("attempts").Int(); ok && n >= 0 && n < 1<<16 {
		note := fmt.Sprintf("%d beside the first try", n)
		x := &model.Retry{MaxAttempts: draft.Stated(n+1, retries.Get("attempts").Place(), note)}
		if on := conditions(retries.Get("retryOn").Str()); len(on) > 0 {
			x.On = draft.Stated(on, retries.Get("retryOn").Place())
		}
		if v, off, ok := manifest.Duration(retries.Get("backoff")); ok && !off {
			x.InitialBackoff = draft.Stated(v, retries.Get("backoff").Place())
		}
		p.Retry = draft.Object(x)
	}
}

// words are Envoy's conditions in the language's words; those without one are left out.
var words = map[string]string{
	"5xx": "5xx", "gateway-error": "gateway-error", "connect-failure": "connect-failure", "refused-stream": "refused-stream",
	"reset-before-request": "connect-failure", "retriable-4xx": "409", "cancelled": "cancelled", "deadline-exceeded": "deadline_exceeded",
	"internal": "internal", "resource-exhausted": "resource_exhausted", "unavailable": "unavailable", "reset": "5xx",
	"500": "500", "501": "501", "502": "502", "503": "503", "504": "504", "408": "408", "429": "429",
}

func conditions(s string) []string {
	var out []string
	for _, w := range strings.Split(s, ",") {
		if word := words[strings.TrimSpace(w)]; word != "" && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out
}

func (r *reader) destinationRule(o manifest.Object) {
	policy := o.Spec("trafficPolicy")
	pool, outlier := policy.Get("connectionPool"), policy.Get("outlierDetection")
	if !pool.IsMap() && !outlier.IsMap() {
		return // subsets, load balancing or TLS only: nothing that limits a call
	}
	c := r.host(o, o.Spec("host"))
	if c == nil {
		return
	}
	p := r.inbound(c, o)
	if v, off, ok := manifest.Duration(pool.Get("tcp", "connectTimeout")); ok && !off {
		p.ConnectTimeout = draft.Stated(v, pool.Get("tcp", "connectTimeout").Place())
	}
	requests := pool.Get("http", "http2MaxRequests")
	if requests.IsZero() {
		requests = pool.Get("tcp", "maxConnections")
	}
	pending := pool.Get("http", "http1MaxPendingRequests")
	bulkhead := &model.Bulkhead{}
	if n, ok := requests.Int(); ok && n > 0 {
		bulkhead.MaxConcurrent = draft.Stated(n, requests.Place(), "per proxy")
	}
	if n, ok := pending.Int(); ok && n >= 0 {
		bulkhead.Queue = draft.Stated(n, pending.Place())
	}
	if bulkhead.MaxConcurrent.Written || bulkhead.Queue.Written {
		p.Bulkhead = draft.Object(bulkhead)
	}
	if outlier.IsMap() {
		p.CircuitBreaker = draft.Object(breaker(outlier))
	}
}

// breaker reads outlier detection, which ejects one host after so many errors in a row: the failure rate over a window
// of that many calls is 100 %.
func breaker(outlier yamldoc.Node) *model.CircuitBreaker {
	b := &model.CircuitBreaker{}
	for _, key := range []string{"consecutive5xxErrors", "consecutiveGatewayErrors", "consecutiveErrors", "consecutiveLocalOriginFailures"} {
		n, ok := outlier.Get(key).Int()
		if !ok || n < 1 {
			continue
		}
		place := outlier.Get(key).Place()
		b.FailureRate = draft.Stated(1.0, place, "errors in a row, per host")
		b.Window = draft.Stated(model.Window{Count: n}, place)
		b.MinCalls = draft.Stated(n, place)
		break
	}
	if v, off, ok := manifest.Duration(outlier.Get("baseEjectionTime")); ok && !off {
		b.OpenFor = draft.Stated(v, outlier.Get("baseEjectionTime").Place())
	}
	return b
}

// peerAuthentication of a whole namespace or mesh. One for single workloads is noted at them.
func (r *reader) peerAuthentication(o manifest.Object) {
	mode := o.Spec("mtls", "mode")
	if mode.IsZero() || mode.Str() == "UNSET" {
		return
	}
	if sel := o.Spec("selector", "matchLabels"); !sel.IsZero() {
		r.d.Leave("PeerAuthentication %s (%s): it is about single workloads, the description about the whole mesh", o.Name, o.Place())
		return
	}
	for _, m := range r.d.Meshes {
		if m.Engine.V != "istio" || m.MTLS.V == "strict" {
			continue
		}
		for _, c := range m.Members {
			if c.Space != o.Space && !draft.IsPlatform(o.Space) {
				r.d.Leave("PeerAuthentication %s (%s): it is about namespace %s, not the whole mesh", o.Name, o.Place(), o.Space)
				return
			}
		}
		if mode.Str() == "STRICT" {
			m.MTLS = draft.Stated("strict", mode.Place())
		} else {
			m.MTLS = draft.Stated("permissive", mode.Place(), mode.Str())
		}
		return
	}
	r.d.Leave("PeerAuthentication %s (%s): no source shows who is a member of the mesh", o.Name, o.Place())
}
