package facts

import (
	"math"
	"reflect"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// Node is a piece of a document: a *Leaf, an Obj, an Arr or a Plain.
type Node interface{ isNode() }

// Leaf is one fact. Val is a string, a float64, a bool, a []string or nil.
type Leaf struct {
	State    model.State
	Val      any
	Lo, Hi   float64 // of a number; Hi is +Inf where unbounded
	Number   bool    // Lo and Hi hold
	Unit     string
	Text     string
	From     string
	Assumes  Assumptions
	Needs    []string // what to state so that it becomes known; only of computed facts
	Contains Obj      // the facts inside a control; nil for plain facts
}

// Obj is an object with fields in the order of their names.
type Obj []Field

// Field is one named part of an object.
type Field struct {
	Name string
	Node Node
}

// Arr is a list of objects or plain values.
type Arr []Node

// Plain is a name, number, yes/no or list that Go derived and that is no fact.
type Plain struct{ V any }

func (*Leaf) isNode() {}
func (Obj) isNode()   {}
func (Arr) isNode()   {}
func (Plain) isNode() {}

// Fields returns the whole of one section of a document (its Subject, From, To or System).
func Fields(section any) Obj { return encodeStruct(reflect.ValueOf(section)) }

// Lookup returns one field of a section, nil if the section has none of that name.
func Lookup(section any, name string) Node {
	v := reflect.ValueOf(section)
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	p := planOf(v.Type())
	i, ok := p.index[name]
	if !ok {
		return nil
	}
	return p.fields[i].encode(v)
}

// plan is how one struct type is encoded: its fields by name, embedded ones flattened, the outer winning.
type plan struct {
	fields []planField
	index  map[string]int
}

type planField struct {
	name, unit, doc string
	path            []int
	typ             reflect.Type
}

var plans sync.Map // reflect.Type -> *plan

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	byName := map[string]planField{}
	collect(t, nil, byName)
	p := &plan{index: make(map[string]int, len(byName))}
	for _, f := range byName {
		p.fields = append(p.fields, f)
	}
	sort.Slice(p.fields, func(i, j int) bool { return p.fields[i].name < p.fields[j].name })
	for i, f := range p.fields {
		p.index[f.name] = i
	}
	plans.Store(t, p)
	return p
}

// collect gathers the encoded fields of t. Deeper (embedded) ones go first so that outer ones of the same name win.
func collect(t reflect.Type, path []int, into map[string]planField) {
	for pass := range 2 {
		for i := range t.NumField() {
			sf := t.Field(i)
			if sf.Anonymous != (pass == 0) || !sf.IsExported() {
				continue
			}
			at := append(append([]int(nil), path...), i)
			if sf.Anonymous {
				ft := sf.Type
				if ft.Kind() == reflect.Pointer {
					ft = ft.Elem()
				}
				collect(ft, at, into)
				continue
			}
			name, unit := sf.Tag.Get("fact"), sf.Tag.Get("unit")
			if name == "" {
				name = sf.Tag.Get("hcl")
				name, _, _ = strings.Cut(name, ",")
			}
			if name == "" || name == "-" || sf.Tag.Get("block") != "" {
				continue
			}
			if sf.Type == reflect.TypeFor[model.Value[model.Window]]() {
				into[name+"_kind"] = planField{name: name + "_kind", path: at, typ: typWindowKind, doc: "time or count"}
			}
			into[name] = planField{name: name, unit: unit, doc: sf.Tag.Get("doc"), path: at, typ: sf.Type}
		}
	}
}

// typWindowKind marks the derived twin of a window: which of its two forms was used.
type windowKind struct{}

var typWindowKind = reflect.TypeFor[windowKind]()

func encodeStruct(v reflect.Value) Obj {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	p := planOf(v.Type())
	out := make(Obj, 0, len(p.fields))
	for i := range p.fields {
		if n := p.fields[i].encode(v); n != nil {
			out = append(out, Field{p.fields[i].name, n})
		}
	}
	return out
}

// value finds the field in a struct of its plan; not ok where an embedded pointer is nil.
func (f *planField) value(v reflect.Value) (reflect.Value, bool) {
	for _, i := range f.path {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v, true
}

func (f *planField) encode(v reflect.Value) Node {
	v, ok := f.value(v)
	if !ok {
		return nil
	}
	return f.encodeAt(v)
}

// encodeAt encodes the field's own value.
func (f *planField) encodeAt(v reflect.Value) Node {
	if f.typ == typWindowKind {
		w := v.Interface().(model.Value[model.Window])
		kind := "count"
		if w.V.Time > 0 {
			kind = "time"
		}
		state := w.State
		if state.HasValue() {
			state = model.Derived
		}
		return wordLeaf(state, kind, "", w.From())
	}
	return encodeValue(v, f.unit)
}

func encodeValue(v reflect.Value, unit string) Node {
	if !v.CanAddr() {
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		v = c
	}
	switch x := v.Addr().Interface().(type) { // by address: copying every fact would cost more than encoding it
	case *Num:
		return x.leaf(unit)
	case *Word:
		l := wordLeaf(x.State, x.V, x.Text(), x.From())
		l.Assumes, l.Needs = x.Assumes, x.Needs()
		return l
	case *Flag:
		l := anyLeaf(x.State, x.V, x.Text(), x.From())
		l.Assumes, l.Needs = x.Assumes, x.Needs()
		return l
	case *List:
		return listLeaf(x.State, x.V, x.Text, x.From)
	case *model.Value[string]:
		return wordLeaf(x.State, x.V, x.Text(), x.From())
	case *model.Value[model.Addr]:
		return wordLeaf(x.State, string(x.V), x.Text(), x.From())
	case *model.Value[bool]:
		return anyLeaf(x.State, x.V, x.Text(), x.From())
	case *model.Value[time.Duration]:
		return MillisOf(*x).leaf("ms")
	case *model.Value[float64]:
		return NumOf(*x).leaf(unit)
	case *model.Value[int]:
		return NumOf(*x).leaf("count")
	case *model.Value[int64]:
		return NumOf(*x).leaf("bytes")
	case *model.Value[[]string]:
		return listLeaf(x.State, x.V, x.Text(), x.From())
	case *model.Value[[]model.Addr]:
		return listLeaf(x.State, words(x.V), x.Text(), x.From())
	case *model.Value[[]float64]:
		return anyLeaf(x.State, x.V, x.Text(), x.From())
	case *model.Value[model.Window]:
		if x.V.Time > 0 {
			return numOf(x.State, float64(x.V.Time)/float64(time.Millisecond), x.Text(), x.From()).leaf("ms")
		}
		return numOf(x.State, float64(x.V.Count), x.Text(), x.From()).leaf("count")
	case *model.Addr:
		return Plain{string(*x)}
	case *string:
		return Plain{*x}
	case *bool:
		return Plain{*x}
	case *float64:
		return Plain{*x}
	case *[]string:
		return Plain{*x}
	case *int:
		return Plain{float64(*x)}
	case *[]model.Addr:
		return Plain{words(*x)}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return encodeValue(v.Elem(), unit)
	case reflect.Slice:
		out := make(Arr, v.Len())
		for i := range out {
			out[i] = encodeValue(v.Index(i), unit)
		}
		return out
	case reflect.Struct:
		if isControl(v.Type()) {
			return encodeControl(v)
		}
		return encodeStruct(v)
	}
	panic("facts: no encoding for " + v.Type().String())
}

var controls sync.Map // reflect.Type -> bool

// isControl reports whether a type is the model.Value of an object.
func isControl(t reflect.Type) bool {
	if known, ok := controls.Load(t); ok {
		return known.(bool)
	}
	_, state := t.FieldByName("State")
	_, written := t.FieldByName("Written")
	controls.Store(t, state && written)
	return state && written
}

// The fields of model.Value, by index.
const valueV, valueState, valueOrigin = 0, 1, 3

// encodeControl encodes a model.Value[*T]: a fact that contains the object's facts while it is there.
func encodeControl(v reflect.Value) Node {
	state := model.State(v.Field(valueState).Uint())
	l := &Leaf{State: state}
	if o, _ := v.Field(valueOrigin).Interface().(*model.Origin); o != nil {
		l.From = o.From
	}
	if in := v.Field(valueV); state.HasValue() && !in.IsNil() {
		l.Contains = encodeStruct(in)
	}
	return l
}

func (n Num) leaf(unit string) *Leaf {
	l := &Leaf{State: n.State, Unit: unit, Text: n.Text(), From: n.From(), Assumes: n.Assumes, Needs: n.Needs()}
	if n.HasValue() {
		l.Val = finite(n.V)
	}
	if n.HasRange() {
		l.Number, l.Lo, l.Hi = true, finite(n.Lo), n.Hi
		if math.IsNaN(n.Hi) {
			l.Hi = math.Inf(1)
		}
	}
	return l
}

// finite keeps a number writable as JSON: an infinite one (unlimited tries, a runaway loop) becomes the largest there is.
func finite(v float64) float64 {
	switch {
	case math.IsInf(v, 1):
		return math.MaxFloat64
	case math.IsInf(v, -1):
		return -math.MaxFloat64
	}
	return v
}

func wordLeaf(s model.State, v, text, from string) *Leaf {
	if text == v {
		text = ""
	}
	l := &Leaf{State: s, Text: text, From: from}
	if s.HasValue() {
		l.Val = v
	}
	return l
}

func anyLeaf(s model.State, v any, text, from string) *Leaf {
	l := &Leaf{State: s, From: from}
	if s.HasValue() {
		l.Val = v
	}
	_ = text // a yes or no and a list of numbers read the same either way
	return l
}

func listLeaf(s model.State, v []string, text, from string) *Leaf {
	if v == nil {
		v = []string{}
	}
	return anyLeaf(s, v, text, from)
}

func words(in []model.Addr) []string {
	out := make([]string, len(in))
	for i, a := range in {
		out[i] = string(a)
	}
	return out
}
