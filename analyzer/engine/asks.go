package engine

import "github.com/open-policy-agent/opa/v1/ast"

// onlyAsks reports whether no result of a rule can be more than a question: each of its bodies takes the least of some
// verdicts of which one is written out as "question".
func onlyAsks(r *rule) bool {
	pkg, found := packageName(r.src.mod), false
	for _, x := range r.src.mod.Rules {
		if ruleName(x.Ref().GroundPrefix(), pkg) != r.card.Rule {
			continue
		}
		open := false
		ast.WalkTerms(x.Body, func(t *ast.Term) bool {
			if list, ok := t.Value.(*ast.Array); ok {
				list.Foreach(func(e *ast.Term) { open = open || e.Value.Compare(ast.String("question")) == 0 })
			}
			return false
		})
		if !open {
			return false
		}
		found = true
	}
	return found
}
