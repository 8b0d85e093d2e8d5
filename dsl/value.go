package dsl

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/archcheck/archcheck/dsl/model"
)

// site is the attribute that is being decoded.
type site struct {
	*scope
	attr *Attr
	name hcl.Range
}

func (d *decoder) bad(at site, r hcl.Range, format string, args ...any) {
	d.errorf(at.scope, r, "Invalid "+at.attr.Type.noun(), format, args...)
}

// noun is the type in the summary of a diagnostic.
func (t Type) noun() string {
	switch t {
	case Enum:
		return "value"
	case Window:
		return "window"
	case Attempts, Int:
		return "count"
	case Bool:
		return "truth value"
	case Subject:
		return "subject"
	}
	return typeNames[t]
}

// value decodes an expression into a field, which is some model.Value.
func (d *decoder) value(s *scope, f *field, v reflect.Value, name hcl.Range, x hclsyntax.Expression) {
	at := site{s, f.attr, name}
	if word, ok := bareWord(x); ok && (word == "none" || word == "unknown") {
		d.keyword(at, v, word, x.Range())
		return
	}
	switch {
	case f.attr.List:
		d.list(at, f, v, x)
	case f.attr.Type == Object:
		d.object(at, f, v, x)
	default:
		d.scalar(at, v, x)
	}
}

// bareWord returns a single identifier.
func bareWord(x hclsyntax.Expression) (string, bool) {
	t, ok := x.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(t.Traversal) != 1 {
		return "", false
	}
	return t.Traversal.RootName(), true
}

// keyword sets `none` or `unknown`.
func (d *decoder) keyword(at site, v reflect.Value, word string, r hcl.Range) {
	st, legal := model.None, at.attr.NoneOK
	if word == "unknown" {
		st, legal = model.Unknown, at.attr.UnknOK
	}
	if !legal {
		why := "it names something"
		if at.attr.Class == Defaulted {
			why = "its default is certain"
		}
		if word == "none" && at.attr.Class == Measurement {
			why = "it is a measurement: write unknown if nobody knows it"
		}
		d.errorf(at.scope, r, "Misplaced "+word, "%s takes no %s: %s. Leave the argument out.", at.attr.Name, word, why)
		return
	}
	put(v, nil, st, d.origin(word, r, at.name))
}

// put fills a model.Value whose type is only known at run time. The order of its fields is fixed by model.Value.
func put(v reflect.Value, value any, st model.State, o *model.Origin) {
	if value != nil {
		v.Field(0).Set(reflect.ValueOf(value))
	}
	v.Field(1).SetUint(uint64(st))
	v.Field(2).SetBool(true)
	v.Field(3).Set(reflect.ValueOf(o))
}

func set[T any](p *model.Value[T], v T, o *model.Origin) {
	p.V, p.State, p.Written, p.Origin = v, model.Stated, true, o
}

// object decodes { … }.
func (d *decoder) object(at site, f *field, v reflect.Value, x hclsyntax.Expression) {
	oc, ok := x.(*hclsyntax.ObjectConsExpr)
	if !ok {
		if !d.notLiteral(at, x) {
			d.errorf(at.scope, x.Range(), "Invalid object", "%s is an object: write %s = { %s = … }.", at.attr.Name, at.attr.Name, f.elem.typ.Attrs[0].Name)
		}
		return
	}
	inner := &scope{outer: at.scope, typ: f.elem.typ, label: at.label, addr: at.addr, attr: at.attr.Name}
	obj := reflect.New(f.elem.goType)
	seen := make([]bool, len(f.elem.fields))
	for _, it := range oc.Items {
		key, r, ok := d.key(inner, it.KeyExpr)
		if !ok {
			continue
		}
		if i, known := f.elem.typ.byName[key]; known {
			if seen[i] {
				d.errorf(at.scope, r, "Argument set twice", "%s has %s twice. Keep one.", at.attr.Name, key)
				continue
			}
			seen[i] = true
		}
		d.argument(inner, f.elem, obj.Elem(), key, r, it.ValueExpr)
	}
	v.Field(0).Set(obj)
	put(v, nil, model.Stated, d.origin(d.slice(x.Range()), x.Range(), at.name))
}

// key reads the name of an object's item.
func (d *decoder) key(s *scope, x hclsyntax.Expression) (string, hcl.Range, bool) {
	k, ok := x.(*hclsyntax.ObjectConsKeyExpr)
	if ok && !k.ForceNonLiteral {
		if word, ok := bareWord(k.Wrapped); ok {
			return word, k.Range(), true
		}
		if text, ok := literalString(k.Wrapped); ok {
			return text, k.Range(), true
		}
	}
	d.errorf(s, x.Range(), "Invalid argument name", "The arguments of an object are plain names: %s = { %s = … }.", s.attr, s.typ.Attrs[0].Name)
	return "", hcl.Range{}, false
}

// list decodes [ … ], and the word that a list of references may stand for.
func (d *decoder) list(at site, f *field, v reflect.Value, x hclsyntax.Expression) {
	tuple, ok := x.(*hclsyntax.TupleConsExpr)
	if !ok {
		if text, isText := literalString(x); isText && at.attr.Type == Ref && contained(at.attr.Values, text) {
			put(v, nil, model.Stated, d.origin(text, x.Range(), at.name))
			return
		}
		if !d.notLiteral(at, x) {
			words := ""
			if len(at.attr.Values) > 0 && at.attr.Type == Ref {
				words = ", or " + at.attr.Name + " = " + quoted(at.attr.Values[0])
			}
			d.errorf(at.scope, x.Range(), "Invalid list", "%s is a list: write %s = [%s]%s.", at.attr.Name, at.attr.Name,
				strings.TrimSpace(d.slice(x.Range())), words)
		}
		return
	}
	o := d.origin(d.slice(x.Range()), x.Range(), at.name)
	texts, floats, addrs := []string{}, []float64{}, []model.Addr{}
	for _, e := range tuple.Exprs {
		if word, ok := bareWord(e); ok && (word == "none" || word == "unknown") {
			d.errorf(at.scope, e.Range(), "Misplaced "+word, "%s stands for the whole list: write %s = %s.", word, at.attr.Name, word)
			continue
		}
		switch p := v.Addr().Interface().(type) {
		case *model.Value[[]string]:
			if t, ok := d.str(at, e); ok {
				texts = append(texts, t)
			}
		case *model.Value[[]float64]:
			if n, ok := d.number(at, e); ok {
				floats = append(floats, n)
			}
		case *model.Value[[]model.Addr]:
			if a, ok := d.reference(at, e); ok {
				addrs = append(addrs, a)
			}
		default:
			panic(fmt.Sprintf("dsl: no list of type %T", p)) // excluded by TestTableMatchesModel
		}
	}
	switch p := v.Addr().Interface().(type) {
	case *model.Value[[]string]:
		set(p, texts, o)
	case *model.Value[[]float64]:
		set(p, floats, o)
	case *model.Value[[]model.Addr]:
		set(p, addrs, o)
	}
}

// scalar decodes one value.
func (d *decoder) scalar(at site, v reflect.Value, x hclsyntax.Expression) {
	text := d.slice(x.Range())
	if s, ok := literalString(x); ok {
		text = s
	}
	switch p := v.Addr().Interface().(type) {
	case *model.Value[string]:
		if s, ok := d.str(at, x); ok {
			set(p, s, d.origin(text, x.Range(), at.name))
		}
	case *model.Value[bool]:
		if b, ok := d.boolean(at, x); ok {
			set(p, b, d.origin(text, x.Range(), at.name))
		}
	case *model.Value[int]:
		if n, ok := d.integer(at, x); ok {
			set(p, n, d.origin(text, x.Range(), at.name))
		}
	case *model.Value[int64]:
		if n, ok := d.size(at, x); ok {
			set(p, n, d.origin(text, x.Range(), at.name))
		}
	case *model.Value[float64]:
		if n, ok := d.number(at, x); ok {
			set(p, n, d.origin(text, x.Range(), at.name))
		}
	case *model.Value[time.Duration]:
		if n, ok := d.duration(at, x); ok {
			set(p, n, d.origin(text, x.Range(), at.name))
		}
	case *model.Value[model.Window]:
		if w, ok := d.window(at, x); ok {
			set(p, w, d.origin(text, x.Range(), at.name))
		}
	case *model.Value[model.Addr]:
		if a, ok := d.reference(at, x); ok {
			set(p, a, d.origin(text, x.Range(), at.name))
		}
	default:
		panic(fmt.Sprintf("dsl: no value of type %T", p)) // excluded by TestTableMatchesModel
	}
}

// literalString returns a quoted string or heredoc without interpolation.
func literalString(x hclsyntax.Expression) (string, bool) {
	t, ok := x.(*hclsyntax.TemplateExpr)
	if !ok {
		return "", false
	}
	if len(t.Parts) == 1 {
		return literalPart(t.Parts[0])
	}
	var b strings.Builder
	for _, p := range t.Parts {
		s, ok := literalPart(p)
		if !ok {
			return "", false
		}
		b.WriteString(s)
	}
	return b.String(), true
}

func literalPart(x hclsyntax.Expression) (string, bool) {
	l, ok := x.(*hclsyntax.LiteralValueExpr)
	if !ok || l.Val.Type() != cty.String || l.Val.IsNull() {
		return "", false
	}
	return l.Val.AsString(), true
}

// literalNumber returns a number, negative ones included.
func literalNumber(x hclsyntax.Expression) (float64, bool) {
	sign := 1.0
	if u, ok := x.(*hclsyntax.UnaryOpExpr); ok && u.Op == hclsyntax.OpNegate {
		x, sign = u.Val, -1
	}
	l, ok := x.(*hclsyntax.LiteralValueExpr)
	if !ok || l.Val.Type() != cty.Number || l.Val.IsNull() {
		return 0, false
	}
	f, _ := l.Val.AsBigFloat().Float64()
	return sign * f, true
}

func literalBool(x hclsyntax.Expression) (bool, bool) {
	l, ok := x.(*hclsyntax.LiteralValueExpr)
	if !ok || l.Val.Type() != cty.Bool || l.Val.IsNull() {
		return false, false
	}
	return l.Val.True(), true
}

// notLiteral explains an expression of a kind that this language does not have.
func (d *decoder) notLiteral(at site, x hclsyntax.Expression) bool {
	switch e := x.(type) {
	case *hclsyntax.LiteralValueExpr:
		if !e.Val.IsNull() {
			return false
		}
		var words []string
		if at.attr.NoneOK {
			words = append(words, "none if there is none")
		}
		if at.attr.UnknOK {
			words = append(words, "unknown if nobody knows")
		}
		next := "Leave the argument out."
		if len(words) > 0 {
			next = "Write " + oneOf(words) + "."
		}
		d.errorf(at.scope, x.Range(), "Unsupported null", "null says neither that there is none nor that nobody knows. %s", next)
		return true
	case *hclsyntax.TemplateExpr:
		if _, ok := literalString(x); ok {
			return false
		}
	case *hclsyntax.UnaryOpExpr:
		if _, ok := literalNumber(x); ok {
			return false
		}
	case *hclsyntax.ScopeTraversalExpr, *hclsyntax.TupleConsExpr, *hclsyntax.ObjectConsExpr:
		return false
	}
	d.errorf(at.scope, x.Range(), "Expression instead of a value",
		"%s takes what it is to be, written out: archcheck evaluates no expressions, so that a plan quotes and a fix edits what you wrote.", at.attr.Name)
	return true
}

func contained(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// window reads a duration or a number of calls.
func (d *decoder) window(at site, x hclsyntax.Expression) (model.Window, bool) {
	if n, ok := literalNumber(x); ok {
		if n < 1 || n != math.Trunc(n) || n > math.MaxInt32 {
			d.bad(at, x.Range(), "A window is a duration or a whole number of calls: %s = \"10s\" or %s = 100.", at.attr.Name, at.attr.Name)
			return model.Window{}, false
		}
		return model.Window{Count: int(n)}, true
	}
	t, ok := d.duration(at, x)
	return model.Window{Time: t}, ok
}
