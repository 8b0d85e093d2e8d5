package facts

import (
	"encoding/binary"
	"math"
	"reflect"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// Access reads one field of the sections of one type: a fact, a plain value, or a field of a group of facts such as rec.
type Access struct {
	field, part *planField // part of the group that field is, if not nil
}

// NewAccess finds a field, and a part of it where the field is a group of facts. It returns nil if there is no such
// field. grouped is false where the field is one thing and a part of it makes no sense: then the access is to all of it.
func NewAccess(section reflect.Type, field, part string) (a *Access, grouped bool) {
	f := fieldOf(section, field)
	if f == nil {
		return nil, false
	}
	group := groupOf(f.typ)
	if part == "" || group == nil {
		return &Access{field: f}, false
	}
	p := fieldOf(group, part)
	if p == nil {
		return nil, true
	}
	return &Access{field: f, part: p}, true
}

// value finds the field in a section.
func (a *Access) value(section any) (v reflect.Value, f *planField, ok bool) {
	if v, ok = structOf(reflect.ValueOf(section)); !ok {
		return v, nil, false
	}
	if v, ok = a.field.value(v); !ok || a.part == nil {
		return v, a.field, ok
	}
	if v, ok = structOf(v); !ok {
		return v, nil, false
	}
	v, ok = a.part.value(v)
	return v, a.part, ok
}

// Has reports whether the field is there in a section.
func (a *Access) Has(section any) bool {
	v, _, ok := a.value(section)
	return ok && (v.Kind() != reflect.Pointer || !v.IsNil())
}

// Node is the field's value in a section, nil if it is not there.
func (a *Access) Node(section any) Node {
	v, f, ok := a.value(section)
	if !ok {
		return nil
	}
	return f.encodeAt(v)
}

// AppendKey appends bytes that are equal for two sections only if their nodes are equal in all that policies see.
func (a *Access) AppendKey(b []byte, section any) []byte {
	v, f, ok := a.value(section)
	if !ok {
		return append(b, 0)
	}
	b = append(b, 1)
	if f.typ == typWindowKind {
		return f.encodeAt(v).(*Leaf).appendKey(b)
	}
	return appendKey(b, v)
}

func (l *Leaf) appendKey(b []byte) []byte {
	word, _ := l.Val.(string)
	return appendText(appendText(append(b, byte(l.State)), word), l.From)
}

// appendKey mirrors encodeValue without making nodes: most sections of a large system are equal to others in most of
// their fields, and only one node of each is ever needed.
func appendKey(b []byte, v reflect.Value) []byte {
	if !v.CanAddr() {
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		v = c
	}
	switch x := v.Addr().Interface().(type) {
	case *Num:
		b = appendFloats(append(b, byte(x.State), bit(x.Span)), x.V, x.Lo, x.Hi)
		return appendUint(appendText(appendText(b, x.notes.Text()), x.From()), uint64(x.Assumes))
	case *Word:
		b = appendText(append(b, byte(x.State)), x.V)
		return appendUint(appendText(appendText(b, x.Text()), x.From()), uint64(x.Assumes))
	case *Flag:
		b = append(b, byte(x.State), bit(x.V))
		return appendUint(appendText(appendText(b, x.Text()), x.From()), uint64(x.Assumes))
	case *List:
		return appendText(appendText(appendTexts(append(b, byte(x.State)), x.V), x.Text), x.From)
	case *model.Value[string]:
		return appendText(appendOrigin(b, x.State, x.Origin), x.V)
	case *model.Value[model.Addr]:
		return appendText(appendOrigin(b, x.State, x.Origin), string(x.V))
	case *model.Value[bool]:
		return append(appendOrigin(b, x.State, x.Origin), bit(x.V))
	case *model.Value[time.Duration]:
		return appendUint(appendOrigin(b, x.State, x.Origin), uint64(x.V))
	case *model.Value[float64]:
		return appendFloats(appendOrigin(b, x.State, x.Origin), x.V)
	case *model.Value[int]:
		return appendUint(appendOrigin(b, x.State, x.Origin), uint64(x.V))
	case *model.Value[int64]:
		return appendUint(appendOrigin(b, x.State, x.Origin), uint64(x.V))
	case *model.Value[[]string]:
		return appendTexts(appendOrigin(b, x.State, x.Origin), x.V)
	case *model.Value[[]model.Addr]:
		return appendTexts(appendOrigin(b, x.State, x.Origin), words(x.V))
	case *model.Value[[]float64]:
		return appendFloats(appendUint(appendOrigin(b, x.State, x.Origin), uint64(len(x.V))), x.V...)
	case *model.Value[model.Window]:
		return appendUint(appendUint(appendOrigin(b, x.State, x.Origin), uint64(x.V.Time)), uint64(x.V.Count))
	case *model.Addr:
		return appendText(b, string(*x))
	case *string:
		return appendText(b, *x)
	case *bool:
		return append(b, bit(*x))
	case *float64:
		return appendFloats(b, *x)
	case *int:
		return appendUint(b, uint64(*x))
	case *[]string:
		return appendTexts(b, *x)
	case *[]model.Addr:
		return appendTexts(b, words(*x))
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, 0)
		}
		return appendKey(append(b, 1), v.Elem())
	case reflect.Slice:
		b = appendUint(b, uint64(v.Len()))
		for i := range v.Len() {
			b = appendKey(b, v.Index(i))
		}
		return b
	case reflect.Struct:
		if !isControl(v.Type()) {
			return appendStruct(b, v)
		}
		o, _ := v.Field(valueOrigin).Interface().(*model.Origin)
		state := model.State(v.Field(valueState).Uint())
		b = appendOrigin(b, state, o)
		if in := v.Field(valueV); state.HasValue() && !in.IsNil() {
			b = appendStruct(append(b, 1), in.Elem())
		}
		return b
	}
	panic("facts: no key for " + v.Type().String())
}

func appendStruct(b []byte, v reflect.Value) []byte {
	p := planOf(v.Type())
	for i := range p.fields {
		f, ok := p.fields[i].value(v)
		switch {
		case !ok:
			b = append(b, 0)
		case p.fields[i].typ == typWindowKind: // the window itself is a field too
		default:
			b = appendKey(append(b, 1), f)
		}
	}
	return b
}

// appendOrigin appends what policies see of a value of the model besides the value itself.
func appendOrigin(b []byte, s model.State, o *model.Origin) []byte {
	b = append(b, byte(s))
	if o == nil {
		return append(b, 0)
	}
	return appendText(appendText(append(b, 1), o.Text), o.From)
}

func bit(v bool) byte {
	if v {
		return 1
	}
	return 0
}

func appendUint(b []byte, v uint64) []byte { return binary.LittleEndian.AppendUint64(b, v) }

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendTexts(b []byte, list []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = appendText(b, s)
	}
	return b
}

func appendFloats(b []byte, list ...float64) []byte {
	for _, f := range list {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
	}
	return b
}

// structOf follows pointers.
func structOf(v reflect.Value) (reflect.Value, bool) {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return v, false
		}
		v = v.Elem()
	}
	return v, v.Kind() == reflect.Struct
}

func fieldOf(t reflect.Type, name string) *planField {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	p := planOf(t)
	i, ok := p.index[name]
	if !ok {
		return nil
	}
	return &p.fields[i]
}

// groupOf is the struct type of a group, nil for facts, controls, lists and plain values.
func groupOf(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case reflect.TypeFor[Num](), reflect.TypeFor[Word](), reflect.TypeFor[Flag](), reflect.TypeFor[List](), typWindowKind:
		return nil
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	if _, value := t.FieldByName("Written"); value { // a model.Value
		return nil
	}
	return t
}
