package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/manifest"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
)

// networkPolicy reads which pods may reach which: somebody wrote it down because they do.
func (r *reader) networkPolicy(o manifest.Object) {
	if draft.IsPlatform(o.Space) {
		return
	}
	own := r.selected(o, o.Spec("podSelector"), o.Space)
	r.fence(o)
	for _, rule := range o.Spec("ingress").Items() {
		for _, peer := range rule.Get("from").Items() {
			for _, from := range r.peer(o, peer) {
				for _, to := range own {
					r.allowed(from, to, peer, rule.Get("ports"))
				}
			}
		}
	}
	for _, rule := range o.Spec("egress").Items() {
		for _, peer := range rule.Get("to").Items() {
			for _, to := range r.peer(o, peer) {
				for _, from := range own {
					r.allowed(from, to, peer, rule.Get("ports"))
				}
			}
		}
	}
}

// fence records who may call the pods that a policy selects: only those that it lists, unless a rule lets in callers that
// these manifests cannot name (whole namespaces, address ranges, everybody).
func (r *reader) fence(o manifest.Object) {
	types := o.Spec("policyTypes").Strings()
	if len(types) > 0 && !slices.Contains(types, "Ingress") {
		return
	}
	open := false
	for _, rule := range o.Spec("ingress").Items() {
		peers := rule.Get("from").Items()
		open = open || len(peers) == 0
		for _, peer := range peers {
			open = open || len(r.peer(o, peer)) == 0
		}
	}
	for _, c := range r.byLabels(o.Spec("podSelector"), o.Space) {
		if c.Fence.Place == "" {
			c.Fence.Place = o.Place()
		}
		c.Fence.Open = c.Fence.Open || open
	}
}

// reach is a component that a policy names, and whether its name had to be stretched for it.
type reach struct {
	c     *draft.Component
	loose string
}

func (r *reader) allowed(from, to reach, at, ports yamldoc.Node) {
	if from.c.Role == draft.Client && to.c.Role == draft.Client {
		return
	}
	for _, p := range ports.Items() {
		if v, ok := p.Get("port").Int(); ok {
			to.c.Ports = append(to.c.Ports, v)
		}
	}
	ev := draft.Evidence{Place: at.Place(), How: "NetworkPolicy allows it", Certainty: draft.Medium}
	if loose := from.loose + to.loose; loose != "" {
		ev.How, ev.Certainty = "NetworkPolicy allows "+loose, draft.Weak
	}
	r.d.Call(from.c, to.c, ev)
}

// peer are the components that one end of a rule names. A rule for whole namespaces or addresses names nobody.
func (r *reader) peer(o manifest.Object, peer yamldoc.Node) []reach {
	sel := peer.Get("podSelector")
	if sel.IsZero() || !peer.Get("ipBlock").IsZero() {
		return nil
	}
	space := o.Space
	if ns := peer.Get("namespaceSelector"); !ns.IsZero() {
		space = ns.Get("matchLabels", "kubernetes.io/metadata.name").Str()
		if space == "" {
			space = ns.Get("matchLabels", "name").Str()
		}
		if space == "" {
			return nil
		}
	}
	return r.selected(o, sel, space)
}

// selected are the components behind a policy's selector. A selector that selects nothing but differs from one
// workload's label by one letter is read as that one, and reported: either the policy or the label is wrong.
func (r *reader) selected(o manifest.Object, sel yamldoc.Node, space string) []reach {
	var out []reach
	for _, c := range r.byLabels(sel, space) {
		out = append(out, reach{c: c})
	}
	if len(out) > 0 {
		return out
	}
	match := sel.Get("matchLabels").Pairs()
	if len(match) != 1 || len(r.workloads) == 0 {
		return nil
	}
	var near *workload
	for _, w := range r.workloads {
		if v, ok := w.labels[match[0].Key]; ok && w.obj.Space == space && oneLetterApart(v, match[0].Value.Str()) {
			if near != nil && near.c != w.c {
				return nil
			}
			near = w
		}
	}
	if near == nil {
		return nil
	}
	key, value := match[0].Key, match[0].Value.Str()
	r.d.Problem(match[0].Value.Warning("Policy for pods that do not exist", fmt.Sprintf(
		"NetworkPolicy %q names pods with %s=%s, and none of these manifests has any. It was read as %s=%s, which is %s at %s: correct the policy or the label.",
		o.Name, key, value, key, near.labels[key], near.obj.Name, near.obj.Place())))
	return []reach{{near.c, fmt.Sprintf("%s=%s", key, value)}}
}

// oneLetterApart reports whether one letter added, left out or changed makes one word of the other.
func oneLetterApart(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 || a == b || len(b) < 3 {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return a[i+1:] == b[i+1:]
	}
	return a[i+1:] == b[i:]
}

// disruption notes a budget: the language has no fact for it.
func (r *reader) disruption(o manifest.Object) {
	for _, c := range r.byLabels(o.Spec("selector"), o.Space) {
		for _, key := range []string{"minAvailable", "maxUnavailable"} {
			if v := o.Spec(key); !v.IsZero() {
				c.Note("PodDisruptionBudget: %s %s (%s).", key, strings.TrimSpace(v.Str()), v.Place())
			}
		}
	}
}
