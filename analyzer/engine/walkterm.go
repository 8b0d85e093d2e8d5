package engine

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// How guards follow terms: names, references into the document and into rules, and what lies below them.

func (c *bodyCompiler) term(t *ast.Term) node {
	switch x := t.Value.(type) {
	case ast.Var:
		if to, ok := c.names[x]; ok && !c.bound[x] {
			if full := c.resolve(to, c.names); full.HasPrefix(ast.InputRootRef) && !c.isWide(full, 2) && c.closed(full) {
				return c.ref(full)
			}
		}
		if !c.bound[x] {
			return constant(open)
		}
		slot := c.slot(x)
		return func(m *vm) ast.Value { return m.read(slot) }
	case ast.Ref:
		return c.ref(c.resolve(x, c.names))
	}
	if isPlain(t.Value) {
		return constant(t.Value)
	}
	return c.composite(t.Value)
}

// closed reports whether every name in a reference is bound.
func (c *bodyCompiler) closed(ref ast.Ref) bool {
	return !slices.ContainsFunc(ref[1:], func(t *ast.Term) bool {
		v, ok := t.Value.(ast.Var)
		return ok && !c.bound[v]
	})
}

// ref follows a resolved reference into the document, a rule or a bound name.
func (c *bodyCompiler) ref(ref ast.Ref) node {
	if !c.closed(ref) {
		return constant(open)
	}
	switch {
	case ref.HasPrefix(ast.InputRootRef):
		base, rest := c.column(ref)
		if base == nil {
			return constant(open)
		}
		return c.path(base, rest)
	case ref.HasPrefix(ast.DefaultRootRef):
		path, n := c.ruleOf(ref)
		if n == 0 || c.rules[path][0].Head.RuleKind() != ast.SingleValue || len(c.rules[path][0].Head.Args) > 0 {
			return constant(open)
		}
		p := c.guards.prog(path)
		return c.path(func(m *vm) ast.Value { return p.eval(m, nil) }, ref[n:])
	}
	if v, ok := ref[0].Value.(ast.Var); ok && c.bound[v] {
		slot := c.slot(v)
		return c.path(func(m *vm) ast.Value { return m.read(slot) }, ref[1:])
	}
	return constant(open)
}

// column finds the column that holds the beginning of a reference into the input.
func (c *bodyCompiler) column(ref ast.Ref) (node, ast.Ref) {
	narrowest := readOf(ref)
	if i, rest, ok := c.holding(narrowest, ref); ok {
		return func(m *vm) ast.Value { return m.look(i) }, rest
	}
	// A group of which only parts are read is there if one of them is; nobody looks at it as a whole.
	var parts []int
	for r, i := range c.index {
		if r.section == narrowest.section && r.field == narrowest.field && r.part != "" {
			parts = append(parts, i)
		}
	}
	if narrowest.part == "" && narrowest.field != "" && len(parts) > 0 && len(ref) == 3 {
		return func(m *vm) ast.Value {
			for _, i := range parts {
				if m.look(i) != nil {
					return emptyObject.Value
				}
			}
			return nil
		}, nil
	}
	return nil, nil
}

// readOf is the narrowest read that a reference into the document makes.
func readOf(ref ast.Ref) read {
	part := func(i int) string {
		if i < len(ref) {
			s, _ := ref[i].Value.(ast.String)
			return string(s)
		}
		return ""
	}
	r := read{section: part(1), field: part(2)}
	if r.field != "" {
		r.part = part(3)
	}
	return r
}

// just is the column that a term names, if it names all of one.
func (c *bodyCompiler) just(t *ast.Term) (col int, ok bool) {
	ref, ok := t.Value.(ast.Ref)
	if !ok {
		return 0, false
	}
	ref = c.resolve(ref, c.names)
	if !ref.HasPrefix(ast.InputRootRef) || !c.closed(ref) {
		return 0, false
	}
	col, rest, ok := c.holding(readOf(ref), ref)
	return col, ok && len(rest) == 0
}

// holding finds the column that holds a read, and what is left of the reference below it.
func (c *bodyCompiler) holding(narrowest read, ref ast.Ref) (col int, rest ast.Ref, ok bool) {
	for k, r := range narrowest.wider() {
		if i, ok := c.index[r]; ok {
			return i, ref[k+2:], true
		}
	}
	return 0, nil, false
}

// path steps from a value along the rest of a reference.
func (c *bodyCompiler) path(base node, rest ast.Ref) node {
	for _, t := range rest {
		from := base
		switch x := t.Value.(type) {
		case ast.Var:
			slot := c.slot(x)
			base = func(m *vm) ast.Value {
				v := from(m)
				if v == nil {
					return nil
				}
				return member1(v, m.read(slot))
			}
		case ast.String:
			key := t
			base = func(m *vm) ast.Value {
				switch v := from(m).(type) {
				case holder:
					return v.get(x)
				case ast.Object:
					if got := v.Get(key); got != nil {
						return got.Value
					}
					return nil
				case ast.Var:
					return open
				}
				return nil
			}
		default:
			if !t.IsGround() || !isPlain(x) {
				return constant(open)
			}
			base = func(m *vm) ast.Value {
				v := from(m)
				if v == nil {
					return nil
				}
				return member1(v, x)
			}
		}
	}
	return base
}
