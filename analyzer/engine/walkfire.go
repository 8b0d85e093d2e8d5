package engine

import "github.com/open-policy-agent/opa/v1/ast"

var passTerm = ast.NewTerm(pass)

// firing finds the names of a body that must not be "pass": what lib.fires is asked about, what has to be one of some
// other verdicts, and the members of lists of
// which lib.all_of takes the least for such a name. Where one of them is "pass" the body has no solution whatever the
// rest of it says, so the walk need not look at the rest.
func firing(body ast.Body) map[ast.Var]bool {
	out := map[ast.Var]bool{}
	for again := true; again; {
		again = false
		add := func(t *ast.Term) {
			if v, ok := t.Value.(ast.Var); ok && !out[v] {
				out[v], again = true, true
			}
		}
		for _, e := range body {
			terms, ok := e.Terms.([]*ast.Term)
			if !ok || e.Negated || len(e.With) > 0 {
				continue
			}
			in := func(i int) bool {
				v, ok := valueOf(terms[i]).(ast.Var)
				return ok && out[v]
			}
			switch name := terms[0].Value.String(); {
			case name == nativeName("fires") && len(terms) == 2:
				add(terms[1])
			case name == "internal.member_2" && len(terms) == 3:
				if set, ok := terms[2].Value.(ast.Set); ok && set.IsGround() && !set.Contains(passTerm) {
					add(terms[1])
				}
			case name == nativeName("all_of") && len(terms) == 3 && in(2):
				if list, ok := terms[1].Value.(*ast.Array); ok {
					list.Foreach(add)
				}
			case (name == "eq" || name == "assign") && len(terms) == 3:
				if in(1) {
					add(terms[2])
				}
				if in(2) {
					add(terms[1])
				}
			}
		}
	}
	return out
}
