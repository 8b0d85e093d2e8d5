package engine

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// How guards call: functions of the rules, builtins, and the library of verdicts.

// output splits the arguments of a call from the term that receives its value.
func output(terms []*ast.Term, arity int) (args []*ast.Term, out *ast.Term) {
	if len(terms) > arity {
		return terms[:arity], terms[arity]
	}
	return terms, nil
}

func (c *bodyCompiler) function(op ast.Ref, terms []*ast.Term) (node, *ast.Term) {
	path := op.String()
	rules := c.rules[path]
	if len(rules) == 0 {
		return nil, nil
	}
	args, out := output(terms, len(rules[0].Head.Args))
	nodes := c.terms(args)
	p := c.guards.prog(path)
	return func(m *vm) ast.Value {
		vals := make([]ast.Value, len(nodes))
		for i, n := range nodes {
			if vals[i] = n(m); vals[i] == nil {
				return nil
			}
		}
		return p.eval(m, vals)
	}, out
}

func (c *bodyCompiler) terms(ts []*ast.Term) []node {
	out := make([]node, len(ts))
	for i, t := range ts {
		out[i] = c.term(t)
	}
	return out
}

func (c *bodyCompiler) builtin(op ast.Ref, name string, terms []*ast.Term) (node, *ast.Term) {
	if len(op) == 2 && op[0].Value.Compare(ast.Var("archcheck")) == 0 {
		s, _ := op[1].Value.(ast.String)
		return c.library(string(s), terms)
	}
	if holds, ok := comparisons[name]; ok {
		args, out := output(terms, 2)
		return ofViews(c.terms(args), func(v []ast.Value) ast.Value { return ast.Boolean(holds(compare(v[0], v[1]))) }), out
	}
	if name == "count" {
		args, out := output(terms, 1)
		return ofViews(c.terms(args), size), out
	}
	if name == "internal.member_2" {
		args, out := output(terms, 2)
		return ofViews(c.terms(args), func(v []ast.Value) ast.Value { return ast.Boolean(member(v[0], v[1])) }), out
	}
	decl, f := ast.BuiltinMap[name], topdown.GetBuiltin(name)
	if decl == nil || f == nil || !followed[name] {
		return nil, nil
	}
	args, out := output(terms, decl.Decl.Arity())
	return pure(c.terms(args), func(v []ast.Value) ast.Value {
		in := make([]*ast.Term, len(v))
		for i, x := range v {
			in[i] = ast.NewTerm(x)
		}
		var got ast.Value
		if err := f(topdown.BuiltinContext{}, in, func(t *ast.Term) error { got = t.Value; return nil }); err != nil {
			return open // OPA reports it
		}
		return got
	}), out
}

// pure computes a function of known arguments; an undefined one makes it undefined, an open one open.
func pure(args []node, f func([]ast.Value) ast.Value) node {
	return ofViews(args, func(v []ast.Value) ast.Value {
		for i := range v {
			v[i] = whole(v[i])
		}
		return f(v)
	})
}

// ofViews is pure for a function that knows views.
func ofViews(args []node, f func([]ast.Value) ast.Value) node {
	return func(m *vm) ast.Value {
		top, unknown := len(m.args), false
		for _, n := range args {
			v := n(m)
			if v == nil {
				m.args = m.args[:top]
				return nil
			}
			unknown = unknown || isOpen(v)
			m.args = append(m.args, v)
		}
		v := open
		if !unknown {
			v = f(m.args[top:])
		}
		m.args = m.args[:top]
		return v
	}
}

// library follows the functions of verdicts; all_of and any_of look into a list of which only some members are known.
func (c *bodyCompiler) library(name string, terms []*ast.Term) (node, *ast.Term) {
	f := libFuncs[name]
	args, out := output(terms, f.arity)
	if list, ok := args[0].Value.(*ast.Array); ok && (name == "all_of" || name == "any_of") {
		var elems []*ast.Term
		list.Foreach(func(t *ast.Term) { elems = append(elems, t) })
		start, dir := 0, 1
		if name == "any_of" {
			start, dir = 4, -1
		}
		return extremeOf(c.terms(elems), start, dir), out
	}
	return ofViews(c.terms(args), f.call), out
}

// extremeOf is extreme over members of which some may be open: the extreme itself decides alone.
func extremeOf(elems []node, start, dir int) node {
	return func(m *vm) ast.Value {
		best, unknown := 4-start, false
		for _, n := range elems {
			v := n(m)
			if v == nil {
				return nil
			}
			s, ok := v.(ast.String)
			if !ok {
				unknown = unknown || isOpen(v)
				continue
			}
			if r, ok := ranks[s]; ok && (r-best)*dir < 0 {
				best = r
			}
		}
		if unknown && best != start {
			return open
		}
		return ranked[best]
	}
}
