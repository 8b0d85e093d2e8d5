package engine

import (
	"math"
	"sync"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/open-policy-agent/opa/v1/ast"
)

// view is a piece of a document as a walked rule sees it. Rules look up a key or two of most facts, in Go's own value; the
// object that OPA would see is made only where something needs all of it. A view never leaves the walk: whole ends it.
type view struct {
	node facts.Node // a *facts.Leaf, a facts.Obj or a facts.Arr
	in   *view      // what contains it, nil for what a column holds
	key  ast.Value  // where it stands there

	made sync.Once
	term *ast.Term
}

// holder is a value of a walk that holds others: a view, a draft or a roll.
type holder interface {
	ast.Value
	get(key ast.Value) ast.Value             // nil if there is no such key
	keys(f func(key ast.Value)) (known bool) // in OPA's order; not known where that needs the whole
}

// number is a number of Go's. Spelling one as OPA does costs more than comparing it.
type number float64

// viewOf is a node as a walk sees it, nil for none.
func viewOf(n facts.Node) ast.Value {
	switch x := n.(type) {
	case nil:
		return nil
	case facts.Plain:
		return plainValueOf(x.V)
	}
	return &view{node: n}
}

func plainValueOf(v any) ast.Value {
	if f, ok := v.(float64); ok {
		return number(f)
	}
	return plainTerm(v).Value
}

// whole is a value as OPA has it.
func whole(v ast.Value) ast.Value {
	switch x := v.(type) {
	case *view:
		return x.whole().Value
	case number:
		return numberTerm(float64(x)).Value
	case *draft:
		return x.whole()
	case roll:
		return x.whole()
	}
	return v
}

// whole is the term that OPA would see. There is one of each: facts in results are found again by it.
func (v *view) whole() *ast.Term {
	v.made.Do(func() {
		if v.in == nil {
			v.term = termOf(v.node)
			return
		}
		switch x := v.in.whole().Value.(type) {
		case ast.Object:
			v.term = x.Get(ast.NewTerm(v.key))
		case *ast.Array:
			v.term = x.Get(ast.NewTerm(v.key))
		}
	})
	return v.term
}

func (v *view) get(key ast.Value) ast.Value {
	switch n := v.node.(type) {
	case *facts.Leaf:
		if name, ok := key.(ast.String); ok {
			return v.part(n, string(name), key)
		}
	case facts.Obj:
		if name, ok := key.(ast.String); ok {
			return v.below(child(n, string(name)), key)
		}
	case facts.Arr:
		if at, ok := key.(ast.Number); ok {
			if i, ok := at.Int(); ok && i >= 0 && i < len(n) {
				return v.below(n[i], key)
			}
		}
	}
	return nil
}

func (v *view) below(n facts.Node, key ast.Value) ast.Value {
	x := viewOf(n)
	if x, ok := x.(*view); ok {
		x.in, x.key = v, key
	}
	return x
}

// part is one key of a fact.
func (v *view) part(l *facts.Leaf, name string, key ast.Value) ast.Value {
	switch {
	case name == "state":
		return stateTerms[l.State].Value
	case name == "value" && l.Val != nil:
		return plainValueOf(l.Val)
	case name == "lo" && l.Number:
		return number(l.Lo)
	case name == "hi" && l.Number && !math.IsInf(l.Hi, 1):
		return number(l.Hi)
	case name == "text" && l.Text != "":
		return ast.String(l.Text)
	case name == "from" && l.From != "":
		return ast.String(l.From)
	case name == "assumes" && l.Assumes != 0:
		return plainTerm(l.Assumes.Keys()).Value
	}
	return v.below(child(l.Contains, name), key)
}

func (v *view) keys(f func(key ast.Value)) bool {
	switch n := v.node.(type) {
	case facts.Arr:
		for i := range n {
			f(ast.InternedTerm(i).Value)
		}
	case facts.Obj:
		for i := range n {
			f(ast.String(n[i].Name))
		}
	default:
		return false
	}
	return true
}

// draft is an object of which the members are known and nothing is made yet: of most results only the verdict is read.
type draft struct {
	vm    *vm // in the document that it was drafted for
	names []*ast.Term
	vals  []ast.Value
}

// pending is a column that a name stands for and that nothing has looked at. It stands only under names and in drafts.
type pending int

func (d *draft) whole() ast.Value {
	pairs := make([][2]*ast.Term, len(d.names))
	for i, k := range d.names {
		pairs[i] = [2]*ast.Term{k, ast.NewTerm(whole(d.at(i)))}
	}
	return ast.NewObject(pairs...)
}

func (d *draft) get(key ast.Value) ast.Value {
	for i, k := range d.names {
		if k.Value.Compare(key) == 0 {
			return d.at(i)
		}
	}
	return nil
}

func (d *draft) at(i int) ast.Value {
	if p, ok := d.vals[i].(pending); ok {
		d.vals[i] = d.vm.look(int(p))
	}
	return d.vals[i]
}

func (d *draft) keys(func(ast.Value)) bool { return false }

// roll is a list of which the members are known and nothing is made yet.
type roll []ast.Value

func (r roll) whole() ast.Value {
	terms := make([]*ast.Term, len(r))
	for i, v := range r {
		terms[i] = ast.NewTerm(whole(v))
	}
	return ast.NewArray(terms...)
}

func (r roll) get(key ast.Value) ast.Value {
	if at, ok := key.(ast.Number); ok {
		if i, ok := at.Int(); ok && i >= 0 && i < len(r) {
			return r[i]
		}
	}
	return nil
}

func (r roll) keys(f func(key ast.Value)) bool {
	for i := range r {
		f(ast.InternedTerm(i).Value)
	}
	return true
}

// The methods of a value, for where one of these is handed on unseen.

func (v *view) Compare(other ast.Value) int          { return whole(v).Compare(whole(other)) }
func (v *view) Find(path ast.Ref) (ast.Value, error) { return whole(v).Find(path) }
func (v *view) Hash() int                            { return whole(v).Hash() }
func (v *view) IsGround() bool                       { return true }
func (v *view) String() string                       { return whole(v).String() }
func (v *view) StringLength() int                    { return len(v.String()) }

func (n number) Compare(other ast.Value) int          { return whole(n).Compare(whole(other)) }
func (n number) Find(path ast.Ref) (ast.Value, error) { return whole(n).Find(path) }
func (n number) Hash() int                            { return whole(n).Hash() }
func (n number) IsGround() bool                       { return true }
func (n number) String() string                       { return whole(n).String() }
func (n number) StringLength() int                    { return len(n.String()) }

func (d *draft) Compare(other ast.Value) int          { return whole(d).Compare(whole(other)) }
func (d *draft) Find(path ast.Ref) (ast.Value, error) { return whole(d).Find(path) }
func (d *draft) Hash() int                            { return whole(d).Hash() }
func (d *draft) IsGround() bool                       { return true }
func (d *draft) String() string                       { return whole(d).String() }
func (d *draft) StringLength() int                    { return len(d.String()) }

func (r roll) Compare(other ast.Value) int          { return whole(r).Compare(whole(other)) }
func (r roll) Find(path ast.Ref) (ast.Value, error) { return whole(r).Find(path) }
func (r roll) Hash() int                            { return whole(r).Hash() }
func (r roll) IsGround() bool                       { return true }
func (r roll) String() string                       { return whole(r).String() }
func (r roll) StringLength() int                    { return len(r.String()) }

func (p pending) Compare(ast.Value) int           { panic("engine: a column that nothing looked at") }
func (p pending) Find(ast.Ref) (ast.Value, error) { panic("engine: a column that nothing looked at") }
func (p pending) Hash() int                       { panic("engine: a column that nothing looked at") }
func (p pending) IsGround() bool                  { return true }
func (p pending) String() string                  { return "pending" }
func (p pending) StringLength() int               { return len(p.String()) }
