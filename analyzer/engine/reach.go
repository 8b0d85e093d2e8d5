package engine

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// reach says for every rule of some modules, helpers included, on which kinds of subject it is evaluated: a rule with a
// card on the kind of its card, a helper on the kinds of all rules that lead to it. Keys are package and name.
func reach(rules []*rule, mods []*ast.Module) map[string][]string {
	uses := map[string][]string{} // what a name reads, by package and name
	for _, m := range mods {
		pkg := packageName(m)
		for _, r := range m.Rules {
			at := pkg + "." + nameOf(r, pkg)
			for x := r; x != nil; x = x.Else {
				ast.WalkVars(x, func(v ast.Var) bool {
					uses[at] = append(uses[at], pkg+"."+string(v))
					return false
				})
				ast.WalkRefs(x, func(ref ast.Ref) bool {
					if ref.HasPrefix(m.Package.Path) && len(ref) > len(m.Package.Path) {
						uses[at] = append(uses[at], pkg+"."+ruleName(ref[:len(m.Package.Path)+1], pkg))
					}
					return false
				})
			}
		}
	}
	out := map[string][]string{}
	var mark func(at, kind string)
	mark = func(at, kind string) {
		if _, known := uses[at]; !known || slices.Contains(out[at], kind) {
			return
		}
		out[at] = append(out[at], kind)
		for _, next := range uses[at] {
			mark(next, kind)
		}
	}
	for _, r := range rules {
		mark(r.card.Package+"."+r.card.Rule, r.card.Subject)
	}
	for _, kinds := range out {
		slices.SortFunc(kinds, cmp.Compare[string])
	}
	return out
}

// nameOf is a rule's name below its package.
func nameOf(r *ast.Rule, pkg string) string {
	if n := r.Head.Name.String(); n != "" {
		return n
	}
	return ruleName(r.Ref().GroundPrefix(), pkg)
}

// union is the schema of a document that may be of any of several kinds: it has what one of them has. Where two of them
// have different things under one name, it says nothing.
func union(schemas []map[string]any) map[string]any {
	var out map[string]any
	for _, s := range schemas {
		x, _ := expand(s, s, 0).(map[string]any)
		if out == nil {
			out = x
		} else {
			out = overlay(out, x)
		}
	}
	return out
}

// expand puts definitions in the place of references.
func expand(root map[string]any, v any, depth int) any {
	if depth > 40 {
		return map[string]any{}
	}
	switch x := v.(type) {
	case map[string]any:
		x = deref(root, x)
		out := make(map[string]any, len(x))
		for k, v := range x {
			if k != "definitions" && k != "required" && k != "description" && k != "title" {
				out[k] = expand(root, v, depth+1)
			}
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = expand(root, x[i], depth+1)
		}
		return out
	}
	return v
}

func overlay(a, b map[string]any) map[string]any {
	p, ok := a["properties"].(map[string]any)
	q, ok2 := b["properties"].(map[string]any)
	if !ok || !ok2 {
		if same(a, b) {
			return a
		}
		return map[string]any{}
	}
	props := make(map[string]any, len(p)+len(q))
	for k, v := range p {
		props[k] = v
	}
	for k, v := range q {
		x, ok := props[k].(map[string]any)
		y, ok2 := v.(map[string]any)
		if ok && ok2 {
			props[k] = overlay(x, y)
		} else {
			props[k] = v
		}
	}
	out := map[string]any{"type": "object", "properties": props}
	if a["additionalProperties"] == false && b["additionalProperties"] == false {
		out["additionalProperties"] = false
	}
	return out
}

func same(a, b map[string]any) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && string(x) == string(y)
}

// kindsKey names the schema of several kinds.
func kindsKey(kinds []string) string { return strings.Join(kinds, "_or_") }
