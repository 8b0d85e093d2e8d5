package engine

import (
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"
)

// guards compiles the rules of one compiler to guards over the columns of one batch.
type guards struct {
	*reader
	index map[read]int
	progs map[string]*prog
	runs  []*run
	brief bool // results that are only counted are not worded
}

func (g *guards) prog(path string) *prog {
	if p, ok := g.progs[path]; ok {
		return p
	}
	p := &prog{}
	g.progs[path] = p
	for _, r := range g.rules[path] {
		if r.Default {
			if v := r.Head.Value.Value; isPlain(v) {
				p.preset = v
			} else {
				p.preset = open
			}
			continue
		}
		kind := r.Head.RuleKind()
		if kind == ast.MultiValue && r.Head.Key == nil || len(r.Head.Reference) > 0 && !r.Head.Reference.IsGround() {
			p.opaque = true
		}
		p.hasArgs = p.hasArgs || len(r.Head.Args) > 0
		c := &bodyCompiler{guards: g, prog: p}
		p.bodies = append(p.bodies, c.chain(r))
	}
	return p
}

// isPlain reports whether a ground value can be taken as it stands: it holds no call, reference or comprehension.
func isPlain(v ast.Value) bool {
	switch v.(type) {
	case ast.String, ast.Number, ast.Boolean, ast.Null, *ast.Array, ast.Object, ast.Set:
		plain := true
		ast.WalkTerms(ast.NewTerm(v), func(t *ast.Term) bool {
			switch t.Value.(type) {
			case ast.Ref, ast.Var, ast.Call, *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
				plain = false
			}
			return !plain
		})
		return plain
	}
	return false
}

// bodyCompiler compiles one rule with its else branches. Each has names of its own.
type bodyCompiler struct {
	*guards
	prog  *prog
	names aliases
	slots map[ast.Var]int
	bound map[ast.Var]bool // bound by an argument or an earlier step
	fires map[ast.Var]bool // a body that is being compiled has no solution where one of these is "pass"
}

func (c *bodyCompiler) chain(r *ast.Rule) *body {
	var first, last *body
	for e := r; e != nil; e = e.Else {
		b := c.body(e)
		if first == nil {
			first = b
		} else {
			last.other = b
		}
		last = b
	}
	return first
}

func (c *bodyCompiler) body(r *ast.Rule) *body {
	c.names, c.slots, c.bound = c.aliasesOf(r), map[ast.Var]int{}, map[ast.Var]bool{}
	b := &body{}
	for _, a := range r.Head.Args {
		if v, ok := a.Value.(ast.Var); ok {
			b.bind, b.args = append(b.bind, c.slot(v)), append(b.args, nil)
			c.bound[v] = true
			continue
		}
		if list, ok := a.Value.(*ast.Array); ok && list.Until(c.free) {
			whole := c.fresh()
			b.bind, b.args = append(b.bind, c.slot(whole)), append(b.args, nil)
			b.steps = append(b.steps, step{test: c.parts(list, c.term(ast.NewTerm(whole)))})
			continue
		}
		b.bind, b.args = append(b.bind, -1), append(b.args, c.term(a))
	}
	c.fires = firing(r.Body)
	var short *brief
	if c.brief {
		short = briefOf(r)
	}
	for _, e := range r.Body {
		from := len(b.steps)
		c.expr(b, e)
		if short != nil && short.words[e] && len(b.steps) == from+1 {
			b.steps[from].words = true
		}
	}
	if short != nil {
		b.verdict, b.short = c.slot(short.verdict), c.term(short.result)
	}
	switch {
	case r.Head.Key != nil:
		b.value = c.term(r.Head.Key)
	case r.Head.Value != nil:
		b.value = c.term(r.Head.Value)
	}
	c.prog.slots = max(c.prog.slots, len(c.slots))
	return b
}

func (c *bodyCompiler) slot(v ast.Var) int {
	s, ok := c.slots[v]
	if !ok {
		s = len(c.slots)
		c.slots[v] = s
	}
	return s
}

// fresh is a bound name that no policy has.
func (c *bodyCompiler) fresh() ast.Var {
	v := ast.Var("part " + strconv.Itoa(len(c.slots)))
	c.bound[v] = true
	return v
}

func unfollowed(*vm) tri { return maybe }

func constant(v ast.Value) node { return func(*vm) ast.Value { return v } }

// expr appends the steps of one expression.
func (c *bodyCompiler) expr(b *body, e *ast.Expr) {
	if len(e.With) > 0 {
		b.steps = append(b.steps, step{test: unfollowed})
		return
	}
	var gens []*generator
	if !e.Negated {
		gens = c.generators(e)
	}
	for _, g := range gens {
		b.steps = append(b.steps, step{each: g, test: func(*vm) tri { return yes }})
	}
	test := c.test(e)
	if e.Negated {
		inner := test
		test = func(m *vm) tri { return inner(m).not() }
	}
	b.steps = append(b.steps, step{test: test})
}

// generators finds the free names by which the references of an expression go through collections.
func (c *bodyCompiler) generators(e *ast.Expr) []*generator {
	var out []*generator
	var terms []*ast.Term
	switch x := e.Terms.(type) {
	case *ast.Term:
		terms = []*ast.Term{x}
	case []*ast.Term:
		terms = x[1:]
	}
	for _, t := range terms {
		ref, ok := t.Value.(ast.Ref)
		if !ok {
			continue
		}
		ref = c.resolve(ref, c.names)
		for i := 1; i < len(ref); i++ {
			v, ok := ref[i].Value.(ast.Var)
			if !ok || c.bound[v] {
				continue
			}
			out = append(out, &generator{over: c.ref(ref[:i]), slot: c.slot(v)})
			c.bound[v] = true
		}
	}
	return out
}

func (c *bodyCompiler) test(e *ast.Expr) func(m *vm) tri {
	switch x := e.Terms.(type) {
	case *ast.Term:
		n := c.term(x)
		return func(m *vm) tri { return truth(n(m)) }
	case *ast.Every:
		return c.every(x)
	case []*ast.Term:
		op, ok := x[0].Value.(ast.Ref)
		if !ok {
			return unfollowed
		}
		name := op.String()
		switch {
		case name == "eq" || name == "assign":
			return c.equality(x[1], x[2])
		case op.HasPrefix(ast.DefaultRootRef):
			return c.call(c.function(op, x[1:]))
		}
		return c.call(c.builtin(op, name, x[1:]))
	}
	return unfollowed
}

// equality binds a free name or compares.
func (c *bodyCompiler) equality(l, r *ast.Term) func(m *vm) tri {
	for _, p := range [2][2]*ast.Term{{l, r}, {r, l}} {
		v, ok := p[0].Value.(ast.Var)
		if !ok || c.bound[v] {
			continue
		}
		if ref, ok := p[1].Value.(ast.Ref); ok {
			full := c.resolve(ref, c.names)
			if c.isWide(full, 2) {
				return func(*vm) tri { return yes } // a section's short name; what is read through it is followed there
			}
		}
		if col, ok := c.just(p[1]); ok {
			return c.name(v, col)
		}
		return c.bind(v, c.term(p[1]))
	}
	for _, p := range [2][2]*ast.Term{{l, r}, {r, l}} {
		if list, ok := p[0].Value.(*ast.Array); ok && list.Until(c.free) {
			return c.parts(list, c.term(p[1]))
		}
	}
	a, b := c.term(l), c.term(r)
	return func(m *vm) tri { return equalValues(a(m), b(m)) }
}

func (c *bodyCompiler) free(t *ast.Term) bool {
	v, ok := t.Value.(ast.Var)
	return ok && !c.bound[v]
}

// parts takes a list apart: "[v, why] = pair" binds the names that are free and compares the rest.
func (c *bodyCompiler) parts(pattern *ast.Array, list node) func(m *vm) tri {
	steps := make([]func(m *vm) tri, pattern.Len())
	at := make([]int, pattern.Len()) // the slot through which a step sees its member
	for i := range steps {
		member := c.fresh()
		at[i] = c.slot(member)
		steps[i] = c.equality(pattern.Elem(i), ast.NewTerm(member))
	}
	return func(m *vm) tri {
		v := list(m)
		if isOpen(v) {
			for _, slot := range at {
				m.env[slot] = open
			}
		} else if !isList(v, len(steps)) {
			return no
		}
		out := yes
		for i, step := range steps {
			if !isOpen(v) {
				m.env[at[i]] = member1(v, ast.InternedTerm(i).Value)
			}
			if out = min(out, step(m)); out == no {
				return no
			}
		}
		return out
	}
}

// isList reports whether a value is a list of n.
func isList(v ast.Value, n int) bool {
	if r, ok := v.(roll); ok {
		return len(r) == n
	}
	x, ok := whole(v).(*ast.Array)
	return ok && x.Len() == n
}

// name makes a step that gives a name to a column. Where every document has it nothing is looked at before the name is.
func (c *bodyCompiler) name(v ast.Var, col int) func(m *vm) tri {
	look := c.bind(v, func(m *vm) ast.Value { return m.look(col) })
	slot, later := c.slot(v), ast.Value(pending(col))
	if c.fires[v] {
		return look
	}
	return func(m *vm) tri {
		if !m.cols[col].everywhere() {
			return look(m)
		}
		m.env[slot] = later
		return yes
	}
}

// bind makes a step that gives a name its value.
func (c *bodyCompiler) bind(v ast.Var, compute node) func(m *vm) tri {
	slot, fires := c.slot(v), c.fires[v]
	c.bound[v] = true
	return func(m *vm) tri {
		x := compute(m)
		if x == nil || fires && isString(x, "pass") {
			return no
		}
		m.env[slot] = x
		if isOpen(x) {
			return maybe
		}
		return yes
	}
}

// call makes a condition of a computed value: out receives it where the call has one, else it must be true.
func (c *bodyCompiler) call(compute node, out *ast.Term) func(m *vm) tri {
	if compute == nil {
		return unfollowed
	}
	if out == nil {
		return func(m *vm) tri { return truth(compute(m)) }
	}
	if v, ok := out.Value.(ast.Var); ok && !c.bound[v] {
		return c.bind(v, compute)
	}
	want := c.term(out)
	return func(m *vm) tri { return equalValues(compute(m), want(m)) }
}
