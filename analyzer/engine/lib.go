package engine

import (
	"cmp"
	"strconv"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/types"
)

// The library of verdicts, natively. policies/lib/verdict.rego is its definition and what any other OPA runs; a test
// holds the two together over all kinds of facts. It is native because rules do little else than call it: evaluated by
// OPA, it takes four fifths of the time.

// libRef is where the library lives.
var libRef = ast.MustParseRef("data.archcheck.lib")

// libFunc is one function of the library. It returns nil where the Rego function is undefined, and open where an
// argument is open (see walk.go) and decides.
type libFunc struct {
	arity int
	call  func(args []ast.Value) ast.Value
}

var (
	pass, unlikely, question = ast.Value(ast.String("pass")), ast.Value(ast.String("unlikely")), ast.Value(ast.String("question"))
	risk, violation          = ast.Value(ast.String("risk")), ast.Value(ast.String("violation"))

	ranks  = map[ast.String]int{"pass": 0, "unlikely": 1, "question": 2, "risk": 3, "violation": 4}
	ranked = [...]ast.Value{pass, unlikely, question, risk, violation}
)

var libFuncs = map[string]libFunc{
	"all_of":  {1, func(a []ast.Value) ast.Value { return extreme(a[0], 0, 1) }},
	"any_of":  {1, func(a []ast.Value) ast.Value { return extreme(a[0], 4, -1) }},
	"unless":  {1, func(a []ast.Value) ast.Value { return mirror(a[0]) }},
	"fires":   {1, func(a []ast.Value) ast.Value { return yesIf(!isString(a[0], "pass")) }},
	"sure":    {1, func(a []ast.Value) ast.Value { return sure(a[0] == ast.Value(ast.Boolean(true))) }},
	"absent":  {1, func(a []ast.Value) ast.Value { return absent(a[0]) }},
	"present": {1, func(a []ast.Value) ast.Value { return mirror(absent(a[0])) }},
	"is": {2, func(a []ast.Value) ast.Value {
		return valued(a[0], func(v ast.Value) bool { return compare(v, a[1]) == 0 })
	}},
	"one_of": {2, func(a []ast.Value) ast.Value {
		return valued(a[0], func(v ast.Value) bool { return member(v, a[1]) })
	}},
	"has": {2, func(a []ast.Value) ast.Value {
		return valued(a[0], func(v ast.Value) bool { return member(a[1], v) })
	}},
	"below":    {2, func(a []ast.Value) ast.Value { return below(a[0], a[1]) }},
	"above":    {2, func(a []ast.Value) ast.Value { return below(a[1], a[0]) }},
	"at_least": {2, func(a []ast.Value) ast.Value { return atLeast(a[0], a[1]) }},
	"at_most":  {2, func(a []ast.Value) ast.Value { return atLeast(a[1], a[0]) }},
	"if_reached": {3, func(a []ast.Value) ast.Value {
		if isString(a[0], "question") && isString(part(a[1], keyState), "unknown") && truth(part(a[2], keyValue)) == no {
			return pass
		}
		return a[0]
	}},
}

// extreme is the first verdict that a list or set holds, looking from rank start in direction step.
func extreme(v ast.Value, start, step int) ast.Value {
	var held [5]bool
	rank := func(v ast.Value) {
		if s, ok := v.(ast.String); ok {
			if r, ok := ranks[s]; ok {
				held[r] = true
			}
		}
	}
	note := func(t *ast.Term) { rank(t.Value) }
	if h, ok := v.(holder); ok && h.keys(func(key ast.Value) { rank(h.get(key)) }) {
		v = nil
	}
	switch x := whole(v).(type) {
	case *ast.Array:
		x.Foreach(note)
	case ast.Set:
		x.Foreach(note)
	case ast.Object:
		x.Foreach(func(_, t *ast.Term) { note(t) })
	}
	for i := range 4 {
		if r := start + i*step; held[r] {
			return ranked[r]
		}
	}
	return ranked[4-start]
}

func isString(v ast.Value, s ast.String) bool {
	x, ok := v.(ast.String)
	return ok && x == s
}

// yesIf is true, or undefined.
func yesIf(b bool) ast.Value {
	if b {
		return ast.Boolean(true)
	}
	return nil
}

func sure(b bool) ast.Value {
	if b {
		return violation
	}
	return pass
}

func mirror(v ast.Value) ast.Value {
	if s, ok := v.(ast.String); ok {
		if r, ok := ranks[s]; ok {
			return ranked[4-r]
		}
	}
	return nil
}

// part is one key of a fact, nil if it has none.
func part(f ast.Value, key *ast.Term) ast.Value {
	switch o := f.(type) {
	case holder:
		return o.get(key.Value)
	case ast.Object:
		if t := o.Get(key); t != nil {
			return t.Value
		}
	}
	return nil
}

func absent(f ast.Value) ast.Value {
	switch s, _ := part(f, keyState).(ast.String); s {
	case "absent", "none":
		return violation
	case "unknown":
		return question
	}
	return pass
}

// valued judges a fact by a condition on its value.
func valued(f ast.Value, holds func(ast.Value) bool) ast.Value {
	state := part(f, keyState)
	if isString(state, "unknown") {
		return question
	}
	v := part(f, keyValue)
	if state == nil || v == nil {
		return pass
	}
	yes := holds(v)
	switch {
	case isString(state, "assumed") && yes:
		return risk
	case isString(state, "assumed"):
		return unlikely
	}
	return sure(yes)
}

// member is Rego's "x in xs".
func member(x, xs ast.Value) bool {
	t := ast.NewTerm(whole(x))
	switch c := whole(xs).(type) {
	case ast.Set:
		return c.Contains(t)
	case *ast.Array:
		return c.Until(t.Equal)
	case ast.Object:
		return c.Until(func(_, v *ast.Term) bool { return v.Equal(t) })
	}
	return false
}

// size is Rego's count.
func size(a []ast.Value) ast.Value {
	n := 0
	if h, ok := a[0].(holder); ok && h.keys(func(ast.Value) { n++ }) {
		return ast.InternedTerm(n).Value
	}
	switch c := whole(a[0]).(type) {
	case ast.Set:
		return ast.InternedTerm(c.Len()).Value
	case *ast.Array:
		return ast.InternedTerm(c.Len()).Value
	case ast.Object:
		return ast.InternedTerm(c.Len()).Value
	case ast.String:
		return ast.InternedTerm(utf8.RuneCountInString(string(c))).Value
	}
	return open // OPA reports it
}

func below(a, b ast.Value) ast.Value {
	aLo, aHi, aMid := span(a)
	bLo, bHi, bMid := span(b)
	switch {
	case aHi != nil && bLo != nil && compare(aHi, bLo) < 0:
		return violation
	case aLo != nil && bHi != nil && compare(aLo, bHi) >= 0:
		return pass
	case aMid != nil && bMid != nil && compare(aMid, bMid) < 0:
		return risk
	case aMid != nil && bMid != nil:
		return unlikely
	case aLo != nil && bLo != nil:
		return question
	}
	return pass
}

// compare is ast.Compare with a short way for numbers. Reading decimals as floats keeps their order, so only where the
// floats are equal does the exact comparison have to decide; Go's own numbers are spelled so that reading gives them back.
func compare(a, b ast.Value) int {
	f, ok := float(a)
	g, ok2 := float(b)
	if ok && ok2 {
		c := cmp.Compare(f, g)
		_, own := a.(number)
		_, own2 := b.(number)
		if c != 0 || own && own2 {
			return c
		}
	}
	return ast.Compare(whole(a), whole(b))
}

func float(v ast.Value) (float64, bool) {
	switch x := v.(type) {
	case number:
		return float64(x), true
	case ast.Number:
		f, err := strconv.ParseFloat(string(x), 64)
		return f, err == nil
	}
	return 0, false
}

func atLeast(a, b ast.Value) ast.Value {
	aLo, _, _ := span(a)
	bLo, _, _ := span(b)
	if aLo == nil || bLo == nil {
		return pass
	}
	return mirror(below(a, b))
}

// span is the range of a fact or number and its default; nil where there is none.
func span(x ast.Value) (lo, hi, mid ast.Value) {
	if isNumber(x) {
		return x, x, x
	}
	lo, hi = numberIn(x, keyLo), numberIn(x, keyHi)
	if lo != nil {
		mid = part(x, keyValue)
	}
	return lo, hi, mid
}

func numberIn(x ast.Value, key *ast.Term) ast.Value {
	if v := part(x, key); isNumber(v) {
		return v
	}
	return nil
}

func isNumber(v ast.Value) bool {
	switch v.(type) {
	case number, ast.Number:
		return true
	}
	return false
}

// nativeName is the name under which compiled rules call a function of the library.
func nativeName(name string) string { return "archcheck." + name }

var natives = nativeBuiltins()

func nativeBuiltins() map[string]*topdown.Builtin {
	out := map[string]*topdown.Builtin{}
	for name, f := range libFuncs {
		args := make([]types.Type, f.arity)
		for i := range args {
			args[i] = types.A
		}
		out[nativeName(name)] = &topdown.Builtin{
			Decl: &ast.Builtin{Name: nativeName(name), Decl: types.NewFunction(args, types.A)},
			Func: func(_ topdown.BuiltinContext, terms []*ast.Term, iter func(*ast.Term) error) error {
				vals := make([]ast.Value, len(terms))
				for i, t := range terms {
					vals[i] = t.Value
				}
				if v := f.call(vals); v != nil {
					return iter(ast.NewTerm(v))
				}
				return nil
			},
		}
	}
	return out
}

// libName returns the name of the library's function that a call's operator refers to.
func libName(ref ast.Ref) (string, bool) {
	if len(ref) != len(libRef)+1 || !ref.HasPrefix(libRef) {
		return "", false
	}
	s, ok := ref[len(libRef)].Value.(ast.String)
	return string(s), ok && libFuncs[string(s)].call != nil
}

// nativize makes the rules of a compiled module call the library natively.
func nativize(m *ast.Module) {
	ast.WalkExprs(m, func(e *ast.Expr) bool {
		if terms, ok := e.Terms.([]*ast.Term); ok {
			if ref, ok := terms[0].Value.(ast.Ref); ok {
				if name, ok := libName(ref); ok {
					terms[0] = ast.NewTerm(ast.Ref{ast.VarTerm("archcheck"), ast.StringTerm(name)})
				}
			}
		}
		return false
	})
}
