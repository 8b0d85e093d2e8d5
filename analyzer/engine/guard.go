package engine

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// A guard answers one question about a rule and a document: is it certain that the rule says nothing? Most rules say
// nothing about most subjects, and asking OPA takes tens of microseconds each time. A guard walks the compiled rule over
// the document's columns with Go values and knows three answers: no, yes, and maybe wherever it meets something that it
// does not follow. Only a certain no skips OPA, so every result there is comes from OPA.

// tri is the outcome of a condition.
type tri int8

const (
	no tri = iota
	maybe
	yes
)

func (t tri) not() tri { return yes - t }

// open is a value that the guard does not know. No ground value is a variable.
var open = ast.Value(ast.Var("open"))

func isOpen(v ast.Value) bool {
	_, ok := v.(ast.Var)
	return ok
}

// vm evaluates guards over one document at a time.
type vm struct {
	cols []*column
	doc  int
	env  []ast.Value         // of the current program, by slot
	memo map[*prog]ast.Value // values of rules without arguments in this document
	heap []ast.Value         // environments
	args []ast.Value         // arguments of the calls under way
}

func (m *vm) at(doc int) {
	m.doc = doc
	clear(m.memo)
}

// node computes a value: nil where it is undefined, open where it is unknown.
type node func(m *vm) ast.Value

// step is one expression of a body. each, if set, first binds its slot to every member in turn.
type step struct {
	test func(m *vm) tri
	each *generator
}

// generator binds a slot to the keys of a collection.
type generator struct {
	over node
	slot int
}

// body is a conjunction of steps with the value it gives.
type body struct {
	steps []step
	value node
	args  []node // patterns of a function's arguments; slots are bound directly
	bind  []int  // slot of each argument, -1 for a pattern
	other *body  // else
}

// prog is a rule set: its bodies and its default.
type prog struct {
	slots   int
	bodies  []*body
	preset  ast.Value // of the default rule, nil if there is none
	opaque  bool      // not followed at all
	hasArgs bool
}

// run evaluates a body's steps from pc on.
func (b *body) run(m *vm, pc int) tri {
	out := yes
	for i := pc; i < len(b.steps); i++ {
		s := &b.steps[i]
		if s.each != nil {
			return min(out, b.iterate(m, i))
		}
		r := s.test(m)
		if r == no {
			return no
		}
		out = min(out, r)
	}
	return out
}

// iterate runs the rest of the body for every member of the collection that step i goes through.
func (b *body) iterate(m *vm, i int) tri {
	s := &b.steps[i]
	over := s.each.over(m)
	best := no
	visit := func(key *ast.Term) {
		if best == yes {
			return
		}
		m.env[s.each.slot] = key.Value
		if r := s.test(m); r != no {
			best = max(best, min(r, b.run(m, i+1)))
		}
	}
	switch x := over.(type) {
	case nil:
		return no
	case *ast.Array:
		for k := range x.Len() {
			visit(ast.InternedTerm(k))
		}
		return best
	case ast.Object:
		x.Foreach(func(k, _ *ast.Term) { visit(k) })
		return best
	case ast.Set:
		x.Foreach(visit)
		return best
	case ast.Var:
		m.env[s.each.slot] = open
		return min(maybe, min(s.test(m), b.run(m, i+1)))
	}
	return no // a scalar has no members
}

// fires reports whether a partial set may have a member.
func (p *prog) fires(m *vm) bool {
	if p.opaque {
		return true
	}
	for _, b := range p.bodies {
		if p.within(m, func() tri { return b.run(m, 0) }) != no {
			return true
		}
	}
	return false
}

// within calls f with a fresh environment.
func (p *prog) within(m *vm, f func() tri) tri {
	outer, top := m.env, len(m.heap)
	for range p.slots {
		m.heap = append(m.heap, open)
	}
	m.env = m.heap[top : top+p.slots : top+p.slots]
	r := f()
	m.env, m.heap = outer, m.heap[:top]
	return r
}

// eval is the value of a rule or function.
func (p *prog) eval(m *vm, args []ast.Value) ast.Value {
	if p.opaque {
		return open
	}
	if !p.hasArgs {
		if v, ok := m.memo[p]; ok {
			return v
		}
	}
	v := p.value(m, args)
	if !p.hasArgs {
		m.memo[p] = v
	}
	return v
}

func (p *prog) value(m *vm, args []ast.Value) ast.Value {
	result := ast.Value(nil)
	for _, b := range p.bodies {
		switch v := p.chain(m, b, args); {
		case v == nil:
		case isOpen(v):
			result = open
		default:
			return v
		}
	}
	if result == nil {
		return p.preset
	}
	return result
}

// chain is the value of a body or of its else.
func (p *prog) chain(m *vm, b *body, args []ast.Value) ast.Value {
	for ; b != nil; b = b.other {
		var v ast.Value
		r := p.within(m, func() tri {
			r := b.match(m, args)
			if r != no {
				r = min(r, b.run(m, 0))
			}
			if r == yes {
				v = b.value(m)
			}
			return r
		})
		switch {
		case r == maybe:
			return open
		case r == yes && v != nil:
			return v
		}
	}
	return nil
}

// match binds the arguments of a function.
func (b *body) match(m *vm, args []ast.Value) tri {
	out := yes
	for i, slot := range b.bind {
		if slot >= 0 {
			m.env[slot] = args[i]
			continue
		}
		out = min(out, equalValues(b.args[i](m), args[i]))
	}
	return out
}

func equalValues(a, b ast.Value) tri {
	switch {
	case a == nil || b == nil:
		return no
	case isOpen(a) || isOpen(b):
		return maybe
	case compare(a, b) == 0:
		return yes
	}
	return no
}

// truth is the outcome of a value standing alone: undefined and false fail.
func truth(v ast.Value) tri {
	switch x := v.(type) {
	case nil:
		return no
	case ast.Var:
		return maybe
	case ast.Boolean:
		if !x {
			return no
		}
	}
	return yes
}

// step into a value by key.
func member1(v ast.Value, key ast.Value) ast.Value {
	if isOpen(v) || isOpen(key) {
		return open
	}
	switch x := v.(type) {
	case ast.Object:
		if t := x.Get(ast.NewTerm(key)); t != nil {
			return t.Value
		}
	case *ast.Array:
		if n, ok := key.(ast.Number); ok {
			if i, ok := n.Int(); ok && i >= 0 && i < x.Len() {
				return x.Elem(i).Value
			}
		}
	case ast.Set:
		if x.Contains(ast.NewTerm(key)) {
			return key
		}
	}
	return nil
}

// mayFire lists for which shapes the rule may have a result.
func (x *run) mayFire(b *batch, shapes []int32) []bool {
	out := make([]bool, len(shapes))
	m := &vm{cols: b.cols, memo: map[*prog]ast.Value{}}
	for i, shape := range shapes {
		m.at(int(b.shapes[shape]))
		out[i] = x.guard.fires(m)
	}
	return out
}

var comparisons = map[string]func(c int) bool{
	"neq": func(c int) bool { return c != 0 }, "gt": func(c int) bool { return c > 0 }, "gte": func(c int) bool { return c >= 0 },
	"lt": func(c int) bool { return c < 0 }, "lte": func(c int) bool { return c <= 0 }, "equal": func(c int) bool { return c == 0 },
}

// followed are the builtins that a guard calls itself; all others it leaves open.
var followed = []string{
	"abs", "and", "ceil", "concat", "count", "div", "endswith", "floor", "max", "min", "minus", "mul", "object.get",
	"object.keys", "or", "plus", "round", "startswith", "sum", "to_number",
	"is_array", "is_boolean", "is_number", "is_object", "is_set", "is_string",
}

func isFollowed(name string) bool { return slices.Contains(followed, name) }
