package engine

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// Rules are short: some conditions on facts, and a result made of facts. A general evaluator takes a fraction of a
// millisecond for one of them, which is too much for every rule on every subject of a large system. So compiled rules are
// walked over the document's columns with plain Go values first. Every condition is no, yes, or maybe wherever something
// is met that is not followed here; a rule whose every condition is sure has its results at once, and for the others OPA
// is asked. Tests hold both to the same results over random documents.

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
	seen []int32             // columns that were looked at in this document, in that order
	when []int               // by column: the last document in which it was looked at, and one
	env  []ast.Value         // of the current program, by slot
	memo map[*prog]ast.Value // values of rules without arguments in this document
	heap []ast.Value         // environments
	args []ast.Value         // arguments of the calls under way
}

func newVM(cols []*column) *vm {
	return &vm{cols: cols, when: make([]int, len(cols)), memo: map[*prog]ast.Value{}}
}

func (m *vm) at(doc int) {
	m.doc, m.seen = doc, m.seen[:0]
	clear(m.memo)
}

// see notes that what comes of the document hangs on a column.
func (m *vm) see(col int) {
	if m.when[col] != m.doc+1 {
		m.when[col] = m.doc + 1
		m.seen = append(m.seen, int32(col))
	}
}

// read is the value of a name.
func (m *vm) read(slot int) ast.Value {
	v := m.env[slot]
	if p, ok := v.(pending); ok {
		v = m.look(int(p))
		m.env[slot] = v
	}
	return v
}

// look is the value of a column in the document, nil if there is none.
func (m *vm) look(col int) ast.Value {
	m.see(col)
	return m.cols[col].value(m.doc)
}

// node computes a value: nil where it is undefined, open where it is unknown.
type node func(m *vm) ast.Value

// step is one expression of a body. each, if set, first binds its slot to every member in turn.
type step struct {
	test  func(m *vm) tri
	each  *generator
	words bool // only words a result: skipped where that is not shown
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

	verdict int  // slot of the result's verdict, where short is set
	short   node // the value of a result that is only counted
}

// prog is a rule set: its bodies and its default.
type prog struct {
	slots   int
	bodies  []*body
	preset  ast.Value // of the default rule, nil if there is none
	opaque  bool      // not followed at all
	hasArgs bool
}

// sink takes each way through a body: a solution (yes), or one that something open left in doubt (maybe). stop ends the
// search.
type sink func(r tri) (stop bool)

// run tells whether a body has a solution.
func (b *body) run(m *vm) tri {
	best := no
	b.solve(m, 0, yes, func(r tri) bool {
		best = max(best, r)
		return best == yes
	})
	return best
}

// solve goes through the ways from step pc on, in the order in which OPA finds them; sofar is what the steps before say.
func (b *body) solve(m *vm, pc int, sofar tri, out sink) (stop bool) {
	for i := pc; i < len(b.steps); i++ {
		s := &b.steps[i]
		if s.each != nil {
			return b.iterate(m, i, sofar, out)
		}
		if s.words && b.unshown(m) {
			continue
		}
		if sofar = min(sofar, s.test(m)); sofar == no {
			return false
		}
	}
	return out(sofar)
}

// unshown reports whether the result that the body is about to give is only counted.
func (b *body) unshown(m *vm) bool {
	return b.short != nil && isString(m.env[b.verdict], "unlikely")
}

// result is the body's value, or as much of it as is counted.
func (b *body) result(m *vm) ast.Value {
	if b.unshown(m) {
		return b.short(m)
	}
	return b.value(m)
}

// iterate solves the rest of the body for every member of the collection that step i goes through.
func (b *body) iterate(m *vm, i int, sofar tri, out sink) (stop bool) {
	s := &b.steps[i]
	over := s.each.over(m)
	if isOpen(over) {
		m.env[s.each.slot] = open
		return b.solve(m, i+1, min(sofar, maybe), out)
	}
	keysOf(over, func(key ast.Value) {
		if !stop {
			m.env[s.each.slot] = key
			stop = b.solve(m, i+1, sofar, out)
		}
	})
	return stop
}

// keysOf goes through the keys of a collection in OPA's order. What is undefined and scalars have none.
func keysOf(v ast.Value, f func(key ast.Value)) {
	if h, ok := v.(holder); ok && h.keys(f) {
		return
	}
	switch x := whole(v).(type) {
	case *ast.Array:
		for k := range x.Len() {
			f(ast.InternedTerm(k).Value)
		}
	case ast.Object:
		x.Foreach(func(k, _ *ast.Term) { f(k.Value) })
	case ast.Set:
		x.Foreach(func(k *ast.Term) { f(k.Value) })
	}
}

// collect computes the value of every solution. sure is false where something open left a solution in doubt.
func (b *body) collect(m *vm, value node, take func(ast.Value)) (sure bool) {
	sure = true
	b.solve(m, 0, yes, func(r tri) bool {
		v := open
		if r == yes {
			v = value(m)
		}
		switch {
		case v == nil:
		case isOpen(v):
			sure = false
		default:
			take(v)
		}
		return !sure
	})
	return sure
}

// members computes a partial set. Where it is not sure OPA has to tell.
func (p *prog) members(m *vm) (found []ast.Value, sure bool) {
	if p.opaque {
		return nil, false
	}
	sure = true
	for _, b := range p.bodies {
		p.within(m, func() tri {
			sure = sure && b.collect(m, b.result, func(v ast.Value) { found = append(found, v) })
			return yes
		})
	}
	return found, sure
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
		case result == nil:
			result = v
		case equalValues(result, v) != yes:
			return open // two values are OPA's to refuse
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
				r = min(r, b.run(m))
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
	key = whole(key)
	switch x := v.(type) {
	case holder:
		return x.get(key)
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

var comparisons = map[string]func(c int) bool{
	"neq": func(c int) bool { return c != 0 }, "gt": func(c int) bool { return c > 0 }, "gte": func(c int) bool { return c >= 0 },
	"lt": func(c int) bool { return c < 0 }, "lte": func(c int) bool { return c <= 0 }, "equal": func(c int) bool { return c == 0 },
}

// followed are the builtins that are called here; all others stay open.
var followed = func() map[string]bool {
	out := map[string]bool{}
	for _, name := range []string{
		"abs", "and", "array.concat", "array.reverse", "array.slice", "ceil", "concat", "contains", "div", "endswith",
		"floor", "format_int", "indexof", "intersection", "is_array", "is_boolean", "is_number", "is_object", "is_set",
		"is_string", "lower", "max", "min", "minus", "mul", "numbers.range", "object.get", "object.keys", "object.remove",
		"object.union", "or", "plus", "product", "regex.match", "rem", "replace", "round", "sort", "split", "sprintf", "startswith",
		"substring", "sum", "to_number", "trim", "trim_left", "trim_prefix", "trim_right", "trim_suffix", "union", "upper",
	} {
		out[name] = true
	}
	return out
}()
