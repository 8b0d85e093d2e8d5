package engine

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"strconv"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/open-policy-agent/opa/v1/ast"
)

// Keys of a fact, made once.
var (
	keyState, keyValue = ast.StringTerm("state"), ast.StringTerm("value")
	keyLo, keyHi       = ast.StringTerm("lo"), ast.StringTerm("hi")
	keyText, keyFrom   = ast.StringTerm("text"), ast.StringTerm("from")
	keyAssumes         = ast.StringTerm("assumes")
	stateTerms         = termsOfStates()
	yesTerm, noTerm    = ast.BooleanTerm(true), ast.BooleanTerm(false)
	emptyObject        = ast.ObjectTerm()
)

func termsOfStates() (out [model.None + 1]*ast.Term) {
	for s := range out {
		out[s] = ast.StringTerm(model.State(s).String())
	}
	return out
}

// termOf is a node as policies see it: exactly what its JSON would parse to.
func termOf(n facts.Node) *ast.Term {
	switch x := n.(type) {
	case *facts.Leaf:
		return leafTerm(x)
	case facts.Obj:
		pairs := make([][2]*ast.Term, len(x))
		for i, f := range x {
			pairs[i] = [2]*ast.Term{ast.StringTerm(f.Name), termOf(f.Node)}
		}
		return ast.ObjectTerm(pairs...)
	case facts.Arr:
		elems := make([]*ast.Term, len(x))
		for i, e := range x {
			elems[i] = termOf(e)
		}
		return ast.ArrayTerm(elems...)
	case facts.Plain:
		return plainTerm(x.V)
	}
	return emptyObject
}

func leafTerm(l *facts.Leaf) *ast.Term {
	pairs := make([][2]*ast.Term, 0, 8+len(l.Contains))
	pairs = append(pairs, [2]*ast.Term{keyState, stateTerms[l.State]})
	for _, f := range l.Contains {
		pairs = append(pairs, [2]*ast.Term{ast.StringTerm(f.Name), termOf(f.Node)})
	}
	if l.Val != nil {
		pairs = append(pairs, [2]*ast.Term{keyValue, plainTerm(l.Val)})
	}
	if l.Number {
		pairs = append(pairs, [2]*ast.Term{keyLo, numberTerm(l.Lo)})
		if !math.IsInf(l.Hi, 1) {
			pairs = append(pairs, [2]*ast.Term{keyHi, numberTerm(l.Hi)})
		}
	}
	if l.Text != "" {
		pairs = append(pairs, [2]*ast.Term{keyText, ast.StringTerm(l.Text)})
	}
	if l.From != "" {
		pairs = append(pairs, [2]*ast.Term{keyFrom, ast.StringTerm(l.From)})
	}
	if l.Assumes != 0 {
		pairs = append(pairs, [2]*ast.Term{keyAssumes, plainTerm(l.Assumes.Keys())})
	}
	return ast.ObjectTerm(pairs...)
}

func plainTerm(v any) *ast.Term {
	switch x := v.(type) {
	case string:
		return ast.StringTerm(x)
	case bool:
		if x {
			return yesTerm
		}
		return noTerm
	case float64:
		return numberTerm(x)
	case []string:
		elems := make([]*ast.Term, len(x))
		for i, s := range x {
			elems[i] = ast.StringTerm(s)
		}
		return ast.ArrayTerm(elems...)
	case []float64:
		elems := make([]*ast.Term, len(x))
		for i, f := range x {
			elems[i] = numberTerm(f)
		}
		return ast.ArrayTerm(elems...)
	}
	return emptyObject
}

// numberTerm spells a number as encoding/json does, so that text made from it is the same in any OPA.
func numberTerm(v float64) *ast.Term {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return ast.InternedTerm(int(v))
	}
	format := byte('f')
	if a := math.Abs(v); a < 1e-6 || a >= 1e21 {
		format = 'e'
	}
	return ast.NumberTerm(json.Number(strconv.FormatFloat(v, format, -1, 64)))
}

// appendKey appends bytes that are equal for equal nodes of one field, and only for those.
func appendKey(b []byte, n facts.Node) []byte {
	switch x := n.(type) {
	case *facts.Leaf:
		b = append(b, 'L', byte(x.State))
		b = appendPlain(b, x.Val)
		if x.Number {
			b = appendFloat(appendFloat(append(b, 'R'), x.Lo), x.Hi)
		}
		b = appendString(appendString(b, x.Text), x.From)
		b = binary.LittleEndian.AppendUint32(b, uint32(x.Assumes))
		return appendKey(b, x.Contains)
	case facts.Obj:
		b = binary.AppendUvarint(append(b, 'O'), uint64(len(x)))
		for _, f := range x {
			b = appendKey(appendString(b, f.Name), f.Node)
		}
	case facts.Arr:
		b = binary.AppendUvarint(append(b, 'A'), uint64(len(x)))
		for _, e := range x {
			b = appendKey(b, e)
		}
	case facts.Plain:
		return appendPlain(append(b, 'P'), x.V)
	case nil:
		return append(b, 0)
	}
	return b
}

func appendPlain(b []byte, v any) []byte {
	switch x := v.(type) {
	case string:
		return appendString(append(b, 's'), x)
	case bool:
		if x {
			return append(b, 'y')
		}
		return append(b, 'n')
	case float64:
		return appendFloat(append(b, 'f'), x)
	case []string:
		b = binary.AppendUvarint(append(b, 'S'), uint64(len(x)))
		for _, s := range x {
			b = appendString(b, s)
		}
	case []float64:
		b = binary.AppendUvarint(append(b, 'F'), uint64(len(x)))
		for _, f := range x {
			b = appendFloat(b, f)
		}
	default:
		return append(b, '0')
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendFloat(b []byte, f float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
}
