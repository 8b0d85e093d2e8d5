package drift

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// field is the attribute of a block or object by its path, nil if it has none.
func field(v reflect.Value, path string) model.Fact {
	name, rest, nested := strings.Cut(path, ".")
	t := v.Type()
	for i := range v.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			if x := field(v.Field(i), path); x != nil {
				return x
			}
			continue
		}
		if f.Tag.Get("hcl") != name {
			continue
		}
		if !nested {
			x, _ := v.Field(i).Addr().Interface().(model.Fact)
			return x
		}
		if inner := v.Field(i).Field(0); inner.Kind() == reflect.Pointer && !inner.IsNil() {
			return field(inner.Elem(), rest)
		}
		return nil
	}
	return nil
}

// at is an attribute of the block at an address, nil if there is none.
func at(m *model.Model, a model.Addr, path string) model.Fact {
	e := m.Lookup(a)
	if e == nil {
		return nil
	}
	return field(reflect.ValueOf(e).Elem(), path)
}

var place = regexp.MustCompile(`^(.+?:[0-9]+)(?:$|[ ,;])\s*(.*)$`)

// where is the place in the sources that a fact of the import was read from, and how it is said there. Inherited facts
// are looked up where they were written.
func (c *comparison) where(block model.Addr, f model.Fact, path string) (file, how string) {
	if f != nil {
		if o := f.Source(); o != nil && c.Raw.Lookup(model.Addr(o.From)) != nil {
			block = model.Addr(o.From)
		}
	}
	for p := path; p != ""; {
		if x := at(c.Raw, block, p); x != nil {
			if o := x.Source(); o != nil && o.Comment != "" {
				if m := place.FindStringSubmatch(o.Comment); m != nil {
					return m[1], m[2]
				}
			}
		}
		k := strings.LastIndexByte(p, '.')
		if k < 0 {
			break
		}
		p = p[:k]
	}
	if e := c.Raw.Lookup(block); e != nil {
		line, _, _ := strings.Cut(e.Self().Comment, "\n")
		if m := place.FindStringSubmatch(line); m != nil {
			return m[1], ""
		}
		if owner, ok := ownerOf(block); ok {
			return c.where(owner, nil, "")
		}
	}
	return "", ""
}

// said is what a side says of a fact, for people: its spelling, or none, or unknown.
func said(f model.Fact, format func(any) string) string {
	switch {
	case f.Status().HasValue():
		return format(f.Any())
	case f.Status() == model.Unknown:
		return open
	}
	return "none"
}

// side is what the description says of a fact, and where.
func (c *comparison) side(f model.Fact, format func(any) string) Side {
	s := Side{Text: said(f, format)}
	o := f.Source()
	if o != nil {
		s.Range = o.Range
	}
	switch f.Status() {
	case model.Inherited:
		s.How = "inherited from " + o.From
	case model.Profile:
		s.How = "default of " + o.From
	case model.Default, model.Derived:
		s.How = "the language's default"
	}
	return s
}
