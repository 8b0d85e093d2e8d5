package dsl

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// goTypes are the types that a value of each type may have in the model.
func goTypes(a *Attr) []reflect.Type {
	one := map[Type][]reflect.Type{
		String: {reflect.TypeFor[string]()}, Enum: {reflect.TypeFor[string]()}, Date: {reflect.TypeFor[string]()},
		CPU: {reflect.TypeFor[string]()}, Subject: {reflect.TypeFor[string]()}, Bool: {reflect.TypeFor[bool]()},
		Int: {reflect.TypeFor[int]()}, Attempts: {reflect.TypeFor[int]()}, Number: {reflect.TypeFor[float64]()},
		Ratio: {reflect.TypeFor[float64]()}, Duration: {reflect.TypeFor[time.Duration]()},
		Size: {reflect.TypeFor[int64](), reflect.TypeFor[string]()}, Window: {reflect.TypeFor[model.Window]()},
		Ref: {reflect.TypeFor[model.Addr]()},
	}[a.Type]
	if a.Type == Ref && len(a.Values) > 0 && !a.List {
		one = []reflect.Type{reflect.TypeFor[string]()}
	}
	if !a.List {
		return one
	}
	var lists []reflect.Type
	for _, t := range one {
		lists = append(lists, reflect.SliceOf(t))
	}
	return lists
}

// TestTableMatchesModel holds the table and the structs together in both directions.
func TestTableMatchesModel(t *testing.T) {
	s := plans() // panics where the table names what the model lacks
	if len(s.blocks) != len(Schema().Blocks) {
		t.Errorf("the model has %d block types, the table %d", len(s.blocks), len(Schema().Blocks))
	}
	if len(s.objects) != len(Schema().Objects) {
		t.Errorf("the model reaches %d object types, the table has %d", len(s.objects), len(Schema().Objects))
	}
	check := func(p *plan) {
		fields := attrFields(p.goType)
		for i, f := range p.fields {
			a := &p.typ.Attrs[i]
			got := p.goType.FieldByIndex(f.index).Type.Field(0).Type
			where := p.typ.Name() + "." + a.Name
			if a.Type == Object {
				if got.Kind() != reflect.Pointer || got.Elem() != f.elem.goType {
					t.Errorf("%s: the model has %s, the object type is %s", where, got, f.elem.goType)
				}
			} else if want := goTypes(a); !contains(want, got) {
				t.Errorf("%s: the model has %s, want one of %v", where, got, want)
			}
			delete(fields, a.Name)
		}
		for name := range fields {
			if p.typ.Kind != "" && (name == "team" || name == "region" || name == "aliases") {
				continue // every struct embeds them, only blocks at the top take them
			}
			t.Errorf("%s: the model has attribute %q, the table does not", p.typ.Name(), name)
		}
		if len(p.blocks) != len(p.typ.Blocks) {
			t.Errorf("%s: nested blocks differ: model %v, table %v", p.typ.Name(), len(p.blocks), p.typ.Blocks)
		}
		for k := range p.blocks {
			if !p.typ.Nested(k) {
				t.Errorf("%s: the table does not nest %s", p.typ.Name(), k)
			}
		}
	}
	for _, p := range s.blocks {
		check(p)
	}
	for _, p := range s.objects {
		check(p)
	}
}

func contains(list []reflect.Type, t reflect.Type) bool {
	for _, x := range list {
		if x == t {
			return true
		}
	}
	return false
}

// TestTableIsSound checks what the decoder relies on.
func TestTableIsSound(t *testing.T) {
	for _, b := range append(append([]*BlockType{}, Schema().Blocks...), Schema().Objects...) {
		if b.Doc == "" {
			t.Errorf("%s has no documentation", b.Name())
		}
		seen := map[string]bool{}
		for _, a := range b.Attrs {
			where := fmt.Sprintf("%s.%s", b.Name(), a.Name)
			if seen[a.Name] {
				t.Errorf("%s: twice", where)
			}
			seen[a.Name] = true
			if !strings.HasSuffix(a.Doc, ".") {
				t.Errorf("%s: the documentation is no sentence: %q", where, a.Doc)
			}
			if (a.Class == Defaulted) != (a.Default != "" || a.Computed != "") {
				t.Errorf("%s: class %c with default %q", where, a.Class, a.Default+a.Computed)
			}
			if a.Type == Enum && len(a.Values) == 0 || a.Type == Ref && len(a.Refs) == 0 || a.Type == Object && ObjectType(a.Object) == nil {
				t.Errorf("%s: incomplete type", where)
			}
			for _, v := range a.Values {
				if v == "none" {
					t.Errorf("%s: none is a keyword, not a word of an enumeration", where)
				}
			}
			if reserved[a.Name] {
				t.Errorf("%s is a reserved word", where)
			}
			for _, k := range a.Refs {
				if Block(k) == nil {
					t.Errorf("%s refers to unknown kind %s", where, k)
				}
			}
		}
	}
}
