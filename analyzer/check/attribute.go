package check

import (
	"reflect"
	"strings"
	"sync"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// attributes maps a block's Go type to the field paths of its attributes, by name.
var attributes sync.Map // reflect.Type -> map[string][]int

// attribute is where an attribute of a declared block is written: from its name to the end of its value. Zero if the
// block does not write it.
func (s *scene) attribute(a model.Addr, name string) model.Range {
	e := s.m.Lookup(a)
	if e == nil {
		return model.Range{}
	}
	return attributeOf(e, name)
}

// attributeOf is attribute of a block at hand.
func attributeOf(e model.Entity, name string) model.Range {
	f := factOf(e, name)
	if f == nil || !f.IsWritten() || f.Source() == nil {
		return model.Range{}
	}
	o := f.Source()
	r := o.Range
	if !o.Name.IsZero() {
		r.Start = o.Name.Start
	}
	return r
}

// factOf is the fact that an attribute of a block states, nil if the block has no such attribute.
func factOf(e model.Entity, name string) model.Fact {
	v := reflect.ValueOf(e).Elem()
	path, ok := attributesOf(v.Type())[name]
	if !ok {
		return nil
	}
	return v.FieldByIndex(path).Addr().Interface().(model.Fact)
}

func attributesOf(t reflect.Type) map[string][]int {
	if m, ok := attributes.Load(t); ok {
		return m.(map[string][]int)
	}
	m := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		if n := f.Tag.Get("hcl"); n != "" {
			m[n] = f.Index
		}
	}
	attributes.Store(t, m)
	return m
}

// written is the path under which a fact of a declared block is written: its own attribute, or one inside an object of
// the block (concurrency is scale.concurrency).
func (s *scene) written(owner model.Addr, name string) (path string, ok bool) {
	e := s.m.Lookup(owner)
	if e == nil {
		return name, false
	}
	t := reflect.TypeOf(e).Elem()
	own := attributesOf(t)
	head, _, _ := strings.Cut(name, ".")
	if _, ok := own[head]; ok {
		return name, true
	}
	for _, object := range []string{"scale", "latency", "deploy", "slo", "rate_limit"} {
		path, ok := own[object]
		if !ok {
			continue
		}
		in := t.FieldByIndex(path).Type
		v, _ := in.FieldByName("V")
		if _, ok := attributesOf(v.Type.Elem())[head]; ok {
			return object + "." + name, true
		}
	}
	return name, false
}

// factRange is where a fact of a finding was written: on the subject or the other end, or on what it was inherited from.
func (s *scene) factRange(subject model.Addr, f *analyzer.Fact) model.Range {
	if f.From != "" && s.m.Lookup(model.Addr(f.From)) != nil {
		_, name, _ := strings.Cut(f.Path, ".")
		name, _, _ = strings.Cut(name, ".")
		if r := s.attribute(model.Addr(f.From), name); !r.IsZero() {
			return r
		}
		return s.place(model.Addr(f.From))
	}
	if f.State != model.Stated.String() && f.State != model.None.String() || f.Path == "" {
		return model.Range{}
	}
	section, name, _ := strings.Cut(f.Path, ".")
	owner := s.section(subject, section)
	if owner == "" {
		return model.Range{}
	}
	name, _, _ = strings.Cut(name, ".")
	if r := s.attribute(owner, name); !r.IsZero() {
		return r
	}
	path, _ := s.written(owner, name)
	object, _, _ := strings.Cut(path, ".")
	return s.attribute(owner, object)
}
