package engine

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

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

// asking are the functions of the library that answer "question" where a fact is unknown.
var asking = []string{"above", "absent", "at_least", "at_most", "below", "has", "is", "one_of", "present"}

// canAsk reports whether a rule judges facts through the library, so that it may have to ask. A rule whose answers are
// texts or words of its own never does.
func canAsk(r *rule) bool {
	names := map[string]bool{"data.archcheck.lib": true}
	for _, imp := range r.src.mod.Imports {
		if path := imp.Path.String(); path == "data.archcheck.lib" {
			names[imp.Name().String()] = true
		}
	}
	found := false
	for _, x := range r.src.mod.Rules {
		if nameOf(x, r.card.Package) != r.card.Rule {
			continue
		}
		ast.WalkRefs(x, func(ref ast.Ref) bool {
			if n := len(ref); n > 1 && names[ref[:n-1].String()] {
				s, ok := ref[n-1].Value.(ast.String)
				found = found || ok && slices.Contains(asking, string(s))
			}
			return found
		})
	}
	return found
}
