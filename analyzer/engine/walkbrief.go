package engine

import "github.com/open-policy-agent/opa/v1/ast"

// Most results of large systems are "unlikely": cleared by an assumption, only counted, never shown. Of such a result
// nothing is read but its verdict and severity, so the expressions that only word the finding need not be evaluated. In
// archcheck's own rules they do not decide whether there is a result, because facts are total: its tests compare the counts
// with those of any OPA over all examples. A team's rules are evaluated whole.

// brief is what is needed of a rule's body to count a result.
type brief struct {
	verdict ast.Var            // what lib.fires is asked about and the result carries
	words   map[*ast.Expr]bool // expressions behind that which only word the result
	result  *ast.Term          // the result with its verdict and severity alone
}

// briefOf is nil where a rule does not end as most do: with lib.fires(v), what else decides, and a result of v.
func briefOf(r *ast.Rule) *brief {
	if r.Head.Key == nil || r.Else != nil {
		return nil
	}
	result, ok := resultOf(r).(ast.Object)
	if !ok {
		return nil
	}
	v := result.Get(keyTerms["verdict"])
	verdict, ok := valueOf(v).(ast.Var)
	if !ok {
		return nil
	}
	b := &brief{verdict: verdict, words: map[*ast.Expr]bool{}}
	pairs := [][2]*ast.Term{{keyTerms["verdict"], v}}
	needed := map[ast.Var]bool{}
	if s := result.Get(keyTerms["severity"]); s != nil {
		pairs = append(pairs, [2]*ast.Term{keyTerms["severity"], s})
		need(s, needed)
	}
	b.result = ast.ObjectTerm(pairs...)
	fires := -1
	seen := map[ast.Var]bool{}
	gives := make([]ast.Var, len(r.Body)) // the name that an expression gives a value, if that is all it does
	for i, e := range r.Body {
		if terms, ok := e.Terms.([]*ast.Term); ok && !e.Negated && terms[0].Value.String() == nativeName("fires") && terms[1].Equal(v) {
			fires = i
		}
		gives[i] = given(e, seen)
		need(e, seen)
	}
	if fires < 0 {
		return nil
	}
	for i := len(r.Body) - 1; i > fires; i-- {
		e := r.Body[i]
		if e == resultExpr(r) || gives[i] != "" && !needed[gives[i]] {
			b.words[e] = true
			continue
		}
		need(e, needed)
	}
	return b
}

// resultExpr is the expression that makes the result, where the compiler moved it out of the head.
func resultExpr(r *ast.Rule) *ast.Expr {
	name, ok := r.Head.Key.Value.(ast.Var)
	if !ok {
		return nil
	}
	for _, e := range r.Body {
		if terms, ok := e.Terms.([]*ast.Term); ok && e.IsEquality() && terms[1].Value.Compare(name) == 0 {
			return e
		}
	}
	return nil
}

func resultOf(r *ast.Rule) ast.Value {
	if e := resultExpr(r); e != nil {
		return e.Terms.([]*ast.Term)[2].Value
	}
	return r.Head.Key.Value
}

// given is the name that an expression gives its first value and that is all it does; empty for conditions.
func given(e *ast.Expr, seen map[ast.Var]bool) ast.Var {
	terms, ok := e.Terms.([]*ast.Term)
	if !ok || e.Negated || len(e.With) > 0 {
		return ""
	}
	at := len(terms) - 1
	if e.IsEquality() || e.IsAssignment() {
		at = 1
	}
	v, ok := terms[at].Value.(ast.Var)
	if !ok || seen[v] {
		return ""
	}
	others := map[ast.Var]bool{}
	for i, t := range terms {
		if i > 0 && i != at {
			need(t, others)
		}
	}
	if others[v] {
		return ""
	}
	return v
}

// need adds the names in a piece of syntax.
func need(x any, into map[ast.Var]bool) {
	ast.WalkVars(x, func(v ast.Var) bool {
		into[v] = true
		return false
	})
}
