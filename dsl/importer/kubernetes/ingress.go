package kubernetes

import (
	"fmt"
	"strconv"
	"time"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/manifest"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
	"github.com/archcheck/archcheck/dsl/model"
)

// ingress reads an Ingress: its controller is a gateway, each backend a call of it.
func (r *reader) ingress(o manifest.Object) {
	if draft.IsPlatform(o.Space) {
		return
	}
	if o.Annotation("nginx.ingress.kubernetes.io/canary").Str() == "true" {
		r.d.Leave("Ingress %s (%s): it splits the traffic of another Ingress for a canary", o.Name, o.Place())
		return
	}
	g := r.controller(o)
	g.Exposed = append(g.Exposed, draft.Exposure{Place: o.Place(), How: "Ingress " + o.Name})
	backend := func(b yamldoc.Node, how string) {
		name := b.Get("service", "name").Str()
		if name == "" {
			name = b.Get("serviceName").Str()
		}
		if name == "" {
			return
		}
		to := r.behind(name, o.Space)
		if to == nil {
			r.d.Problem(b.Warning("Route to a Service that is not here", fmt.Sprintf("Ingress %q routes to Service %q of namespace %q, and these manifests have none with pods behind it. Add its manifest to the command.", o.Name, name, o.Space)))
			return
		}
		e := r.d.Call(g, to, draft.Evidence{Place: b.Place(), How: how, Certainty: draft.Strong})
		r.annotations(o, &e.Call)
		if o.Annotation("nginx.ingress.kubernetes.io/default-backend").IsZero() { // it answers in place of one that fails
			e.Forwards()
		}
	}
	if b := o.Spec("defaultBackend"); !b.IsZero() {
		backend(b, "default backend")
	}
	if b := o.Spec("backend"); !b.IsZero() {
		backend(b, "default backend")
	}
	for _, rule := range o.Spec("rules").Items() {
		for _, p := range rule.Get("http", "paths").Items() {
			backend(p.Get("backend"), "Ingress path "+p.Get("path").Str())
		}
	}
}

// controller is the gateway that serves an Ingress: the controller if the manifests have one, else one per class.
func (r *reader) controller(o manifest.Object) *draft.Component {
	class, at := o.Spec("ingressClassName").Str(), o.Spec("ingressClassName")
	if class == "" {
		at = o.Annotation("kubernetes.io/ingress.class")
		class = at.Str()
	}
	if g := r.gateways[class]; g != nil {
		return g
	}
	var found *draft.Component
	for _, w := range r.workloads {
		p := draft.ByImage(w.main.Get("image").Str())
		if p == nil || p.Role != draft.Gateway || w.c == found || class != "" && class != p.Name {
			continue
		}
		if found != nil {
			found = nil
			break
		}
		found = w.c
	}
	if found == nil {
		name := o.Name
		if r.ingresses(class) > 1 {
			if name = "ingress"; class != "" {
				name += "-" + class
			}
		}
		found = r.d.Component(name, "")
		if found.Role != "" && found.Role != draft.Gateway || found.Place != "" {
			found = r.d.Component(name+"-ingress", "")
		}
		found.Place, found.What = o.Place(), "Ingress"
		if class != "" {
			found.What = "Ingress of class " + class
		}
	}
	found.Role = draft.Gateway
	if p := draft.ByName(class); p != nil && p.Role == draft.Gateway && !found.Engine.Written {
		found.Engine, found.Kind = draft.Stated(p.Name, at.Place(), "class"), draft.Stated(p.Kind, at.Place(), "class")
	}
	if class == "alb" {
		found.Engine = draft.Stated("aws-alb", at.Place(), "class")
	}
	if !found.Kind.Written {
		found.Kind = draft.Stated("proxy", o.Place(), "Ingress")
	}
	r.gateways[class] = found
	return found
}

func (r *reader) ingresses(class string) int {
	n := 0
	for _, o := range r.objects {
		if o.Kind == "Ingress" && (o.Spec("ingressClassName").Str() == class || o.Spec("ingressClassName").IsZero() && o.Annotation("kubernetes.io/ingress.class").Str() == class) {
			n++
		}
	}
	return n
}

// annotations of the NGINX controller that limit its calls. Its count of tries includes the first one.
func (r *reader) annotations(o manifest.Object, call *model.Call) {
	const prefix = "nginx.ingress.kubernetes.io/"
	seconds := func(name string, dst *model.Value[time.Duration]) {
		n := o.Annotation(prefix + name)
		if v, err := strconv.Atoi(n.Str()); err == nil && v > 0 && v < 1<<24 {
			*dst = draft.Stated(time.Duration(v)*time.Second, n.Place(), name)
		}
	}
	seconds("proxy-read-timeout", &call.Timeout)
	seconds("proxy-connect-timeout", &call.ConnectTimeout)
	if n := o.Annotation(prefix + "proxy-next-upstream-tries"); !n.IsZero() {
		if v, ok := n.Int(); ok && v > 0 {
			call.Retry = draft.Object(&model.Retry{MaxAttempts: draft.Stated(v, n.Place(), "tries, the first included")})
		}
	}
	for name, per := range map[string]float64{"limit-rps": 1, "limit-rpm": 60} {
		n := o.Annotation(prefix + name)
		if v, ok := n.Float(); ok && v > 0 {
			call.RateLimit = draft.Object(&model.RateLimit{RPS: draft.Stated(v/per, n.Place(), name), Per: draft.Stated("ip"), Scope: draft.Stated("replica")})
		}
	}
}

// gatewayAPI reads Gateways and routes.
func (r *reader) gatewayAPI(o manifest.Object) {
	switch o.Kind {
	case "Gateway":
		g := r.gateway(o.Name, o.Space)
		if g.Place == "" {
			g.Place, g.What = o.Place(), "Gateway"
		}
		class := o.Spec("gatewayClassName")
		if p := draft.ByName(class.Str()); p != nil && p.Role == draft.Gateway {
			g.Engine = draft.Stated(p.Name, class.Place(), "class")
		} else if class.Str() == "istio" {
			g.Engine = draft.Stated("envoy", class.Place(), "class istio")
		}
		g.Exposed = append(g.Exposed, draft.Exposure{Place: o.Place(), How: "Gateway " + o.Name})
	case "HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute":
		r.route(o)
	}
}

func (r *reader) gateway(name, space string) *draft.Component {
	key := "gateway/" + space + "/" + name
	if g := r.gateways[key]; g != nil {
		return g
	}
	g := r.d.Component(name, space)
	if g.Role == draft.Service || g.Role == "" && g.Place != "" {
		g = r.d.Component(name+"-gateway", space)
	}
	g.Role = draft.Gateway
	g.Kind = draft.Stated("proxy", "Gateway API")
	r.gateways[key] = g
	return g
}

// route reads the backends of a route with its limits. A route whose parent is a Service belongs to the mesh: its limits
// hold for every caller of that Service.
func (r *reader) route(o manifest.Object) {
	for _, parent := range o.Spec("parentRefs").Items() {
		space := parent.Get("namespace").Str()
		if space == "" {
			space = o.Space
		}
		if parent.Get("kind").Str() == "Service" {
			if to := r.behind(parent.Get("name").Str(), space); to != nil {
				for _, rule := range o.Spec("rules").Items() {
					p := r.d.Policy("to_" + draft.Label(to.Name))
					p.Comment = o.Place() + " " + o.Kind + " " + o.Name
					limits(rule, &p.CallPolicies)
					if p.Timeout.State == model.None { // the mesh sets no limit; the caller may
						p.Timeout = model.Value[time.Duration]{}
					}
					if p.Deadline.State == model.None {
						p.Deadline = model.Value[time.Duration]{}
					}
					to.Inbound = p
				}
			}
			continue
		}
		g := r.gateway(parent.Get("name").Str(), space)
		if g.Place == "" {
			g.Place, g.What = parent.Place(), "Gateway of "+o.Kind+" "+o.Name
			g.Exposed = append(g.Exposed, draft.Exposure{Place: o.Place(), How: o.Kind + " " + o.Name})
		}
		for _, rule := range o.Spec("rules").Items() {
			for _, b := range rule.Get("backendRefs").Items() {
				if k := b.Get("kind").Str(); k != "" && k != "Service" {
					continue
				}
				in := b.Get("namespace").Str()
				if in == "" {
					in = o.Space
				}
				to := r.behind(b.Get("name").Str(), in)
				if to == nil {
					r.d.Problem(b.Get("name").Warning("Route to a Service that is not here", fmt.Sprintf("%s %q routes to Service %q of namespace %q, and these manifests have none with pods behind it. Add its manifest to the command.", o.Kind, o.Name, b.Get("name").Str(), in)))
					continue
				}
				e := r.d.Call(g, to, draft.Evidence{Place: b.Get("name").Place(), How: o.Kind + " " + o.Name, Certainty: draft.Strong})
				limits(rule, &e.Call.CallPolicies)
				e.Forwards()
				if o.Kind == "GRPCRoute" {
					r.grpc(to, o.Node.Get("kind"))
				}
			}
		}
	}
}

// limits reads a rule's time limits and retries. request covers all attempts, backendRequest one; attempts counts the
// retries only.
func limits(rule yamldoc.Node, p *model.CallPolicies) {
	if v := manifest.Limit(rule.Get("timeouts", "request"), "request"); v.Written {
		p.Deadline = v
	}
	if v := manifest.Limit(rule.Get("timeouts", "backendRequest"), "backendRequest"); v.Written {
		p.Timeout = v
	}
	retry := rule.Get("retry")
	if n, ok := retry.Get("attempts").Int(); ok && n >= 0 && n < 1<<16 {
		x := &model.Retry{MaxAttempts: draft.Stated(n+1, retry.Place(), fmt.Sprintf("%d beside the first try", n))}
		if v, off, ok := manifest.Duration(retry.Get("backoff")); ok && !off {
			x.InitialBackoff = draft.Stated(v, retry.Get("backoff").Place())
		}
		if on := codes(retry.Get("codes")); len(on) > 0 {
			x.On = draft.Stated(on, retry.Get("codes").Place())
		}
		p.Retry = draft.Object(x)
	}
}

// codes are the status codes that the language knows as words.
func codes(n yamldoc.Node) []string {
	var out []string
	for _, s := range n.Strings() {
		if v, err := strconv.Atoi(s); err == nil && (v >= 500 && v <= 504 || v == 408 || v == 429) {
			out = append(out, s)
		}
	}
	return out
}
