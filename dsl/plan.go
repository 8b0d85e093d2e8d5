package dsl

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/archcheck/archcheck/dsl/model"
)

// A plan says where in a model struct each attribute of the table lives. Plans are computed once from the struct tags,
// so that decoding a file does no search by name in a struct.
type plan struct {
	typ    *BlockType
	goType reflect.Type // the struct
	fields []field      // in the order of typ.Attrs
	blocks map[model.Kind]blockField
}

// field is one attribute's place.
type field struct {
	attr  *Attr
	index []int // of the model.Value, for reflect's FieldByIndex
	elem  *plan // the object type's plan
}

// blockField is the place of a list of nested blocks.
type blockField struct {
	index []int
	plan  *plan
}

type planSet struct {
	root    map[model.Kind]blockField // fields of model.Model
	blocks  map[model.Kind]*plan
	objects map[string]*plan
}

// plans are derived from model.Model: its block tags name the top-level blocks, theirs the nested ones.
var plans = sync.OnceValue(func() *planSet {
	s := &planSet{blocks: map[model.Kind]*plan{}, objects: map[string]*plan{}}
	s.root = s.blockFields(reflect.TypeFor[model.Model]())
	return s
})

func (s *planSet) blockFields(t reflect.Type) map[model.Kind]blockField {
	out := map[model.Kind]blockField{}
	for _, f := range reflect.VisibleFields(t) {
		tag, ok := f.Tag.Lookup("block")
		if !ok {
			continue
		}
		kind, et := model.Kind(tag), f.Type
		if et.Kind() == reflect.Slice {
			et = et.Elem()
		}
		p := s.blocks[kind]
		if p == nil {
			p = &plan{typ: Block(kind), goType: et.Elem()}
			s.blocks[kind] = p
			s.fill(p)
			p.blocks = s.blockFields(p.goType)
		}
		out[kind] = blockField{index: f.Index, plan: p}
	}
	return out
}

func (s *planSet) fill(p *plan) {
	if p.typ == nil {
		panic(fmt.Sprintf("dsl: the table has no type for %s", p.goType)) // a bug that every test run meets
	}
	index := attrFields(p.goType)
	p.fields = make([]field, len(p.typ.Attrs))
	for i := range p.typ.Attrs {
		a := &p.typ.Attrs[i]
		sf, ok := index[a.Name]
		if !ok {
			panic(fmt.Sprintf("dsl: %s has no field for %s.%s", p.goType, p.typ.Name(), a.Name))
		}
		p.fields[i] = field{attr: a, index: sf.Index}
		if a.Type == Object {
			o := s.objects[a.Object]
			if o == nil {
				o = &plan{typ: ObjectType(a.Object), goType: sf.Type.Field(0).Type.Elem()}
				s.objects[a.Object] = o
				s.fill(o)
			}
			p.fields[i].elem = o
		}
	}
}

// attrFields maps attribute names to the fields of a model struct. A block's own field wins over an embedded one of the
// same name.
func attrFields(t reflect.Type) map[string]reflect.StructField {
	out := map[string]reflect.StructField{}
	for _, f := range reflect.VisibleFields(t) {
		if tag, ok := f.Tag.Lookup("hcl"); ok {
			if old, dup := out[tag]; !dup || len(f.Index) < len(old.Index) {
				out[tag] = f
			}
		}
	}
	return out
}
