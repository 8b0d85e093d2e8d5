package engine

import (
	"maps"

	"github.com/open-policy-agent/opa/v1/ast"
)

// How values are made: objects, lists and sets with references in them, and comprehensions.

func (c *bodyCompiler) composite(v ast.Value) node {
	switch x := v.(type) {
	case *ast.Array:
		var elems []*ast.Term
		x.Foreach(func(t *ast.Term) { elems = append(elems, t) })
		return c.list(elems)
	case ast.Set:
		return made(c.terms(x.Slice()), func(ts []*ast.Term) ast.Value { return ast.NewSet(ts...) })
	case ast.Object:
		return c.object(x)
	case *ast.ArrayComprehension:
		b, value := c.nested(x.Body, x.Term)
		return func(m *vm) ast.Value {
			got := roll{}
			if !b.collect(m, value, func(v ast.Value) { got = append(got, v) }) {
				return open
			}
			return got
		}
	case *ast.SetComprehension:
		return c.comprehension(x.Body, x.Term, func(ts []*ast.Term) ast.Value { return ast.NewSet(ts...) })
	case *ast.ObjectComprehension:
		return c.comprehension(x.Body, ast.ArrayTerm(x.Key, x.Value), objectOfPairs)
	}
	return constant(open)
}

// list drafts a list.
func (c *bodyCompiler) list(elems []*ast.Term) node {
	parts := c.terms(elems)
	return func(m *vm) ast.Value {
		out := make(roll, len(parts))
		for i, n := range parts {
			v := n(m)
			if v == nil || isOpen(v) {
				return v
			}
			out[i] = v
		}
		return out
	}
}

// member is a term in a draft: of a name for a column it is the column, which nothing has looked at yet.
func (c *bodyCompiler) member(t *ast.Term) node {
	v, ok := t.Value.(ast.Var)
	if !ok || !c.bound[v] {
		return c.term(t)
	}
	slot := c.slot(v)
	return func(m *vm) ast.Value { return m.env[slot] }
}

// object drafts an object. Keys are plain in all but a handful of places.
func (c *bodyCompiler) object(x ast.Object) node {
	var keys []*ast.Term
	var vals []node
	var members []*ast.Term
	plain := true
	x.Foreach(func(k, v *ast.Term) {
		members = append(members, v)
		plain = plain && isPlain(k.Value)
		keys, vals = append(keys, k), append(vals, c.member(v))
	})
	if !plain {
		return made(append(c.terms(keys), c.terms(members)...), func(ts []*ast.Term) ast.Value {
			pairs := make([][2]*ast.Term, len(keys))
			for i := range pairs {
				pairs[i] = [2]*ast.Term{ts[i], ts[len(keys)+i]}
			}
			return ast.NewObject(pairs...)
		})
	}
	return func(m *vm) ast.Value {
		d := &draft{vm: m, names: keys, vals: make([]ast.Value, len(vals))}
		for i, n := range vals {
			v := n(m)
			if v == nil || isOpen(v) {
				return v
			}
			d.vals[i] = v
		}
		return d
	}
}

// objectOfPairs makes an object of lists of a key and its value; open where a key has two values, which OPA refuses.
func objectOfPairs(ts []*ast.Term) ast.Value {
	pairs := make([][2]*ast.Term, len(ts))
	seen := map[string]*ast.Term{}
	for i, t := range ts {
		pair := t.Value.(*ast.Array)
		pairs[i] = [2]*ast.Term{pair.Elem(0), pair.Elem(1)}
		key := pair.Elem(0).String()
		if old := seen[key]; old != nil && !old.Equal(pair.Elem(1)) {
			return open
		}
		seen[key] = pair.Elem(1)
	}
	return ast.NewObject(pairs...)
}

// made makes a value of its parts; it is undefined if one of them is, and open if one is.
func made(parts []node, build func([]*ast.Term) ast.Value) node {
	return func(m *vm) ast.Value {
		terms := make([]*ast.Term, len(parts))
		for i, n := range parts {
			v := n(m)
			if v == nil || isOpen(v) {
				return v
			}
			terms[i] = ast.NewTerm(whole(v))
		}
		return build(terms)
	}
}

// comprehension collects a term over the solutions of a body. Names bound in it end with it.
func (c *bodyCompiler) comprehension(in ast.Body, term *ast.Term, build func([]*ast.Term) ast.Value) node {
	b, value := c.nested(in, term)
	return func(m *vm) ast.Value {
		var got []*ast.Term
		if !b.collect(m, value, func(v ast.Value) { got = append(got, ast.NewTerm(whole(v))) }) {
			return open
		}
		return build(got)
	}
}

// nested compiles a body inside another, with the value that it gives.
func (c *bodyCompiler) nested(in ast.Body, value *ast.Term, bind ...ast.Var) (*body, node) {
	outer, fires := c.bound, c.fires
	c.bound, c.fires = maps.Clone(outer), firing(in)
	for _, v := range bind {
		c.bound[v] = true
	}
	b := &body{}
	for _, e := range in {
		c.expr(b, e)
	}
	n := constant(ast.Boolean(true))
	if value != nil {
		n = c.term(value)
	}
	c.bound, c.fires = outer, fires
	return b, n
}

// every holds a body to all members of a collection.
func (c *bodyCompiler) every(e *ast.Every) func(m *vm) tri {
	domain := c.term(e.Domain)
	var bind []ast.Var
	slots := [2]int{-1, -1}
	for i, t := range []*ast.Term{e.Key, e.Value} {
		if t == nil {
			continue
		}
		v, ok := t.Value.(ast.Var)
		if !ok {
			return unfollowed
		}
		slots[i] = c.slot(v)
		bind = append(bind, v)
	}
	b, _ := c.nested(e.Body, nil, bind...)
	return func(m *vm) tri {
		all := yes
		over := domain(m)
		switch {
		case over == nil:
			return no
		case isOpen(over) || !isCollection(over):
			return maybe
		}
		keysOf(over, func(key ast.Value) {
			if all == no {
				return
			}
			for i, x := range [2]ast.Value{key, member1(over, key)} {
				if slots[i] >= 0 {
					m.env[slots[i]] = x
				}
			}
			all = min(all, b.run(m))
		})
		return all
	}
}

func isCollection(v ast.Value) bool {
	switch v.(type) {
	case holder, *ast.Array, ast.Object, ast.Set:
		return true
	}
	return false
}
