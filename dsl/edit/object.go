package edit

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
)

// object is what an attribute's object holds, as it is written.
func (s *site) object(attr *hclsyntax.Attribute) (object, error) {
	cons, ok := attr.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return nil, fmt.Errorf("%s is not written as an object", attr.Name)
	}
	return members(cons, s.src), nil
}

// members are the keys and values of an object in its text.
func members(cons *hclsyntax.ObjectConsExpr, src []byte) object {
	var out object
	for _, it := range cons.Items {
		k, v := it.KeyExpr.Range(), it.ValueExpr.Range()
		out = append(out, member{strings.Trim(string(src[k.Start.Byte:k.End.Byte]), `"`), verbatim(src[v.Start.Byte:v.End.Byte])})
	}
	return out
}

// inherited is what the object holds that a block inherits for an attribute which it does not write itself; empty where
// it inherits none.
func (e *Editor) inherited(at model.Addr, name string) (object, error) {
	ent := e.m.Lookup(at)
	if ent == nil {
		return nil, nil
	}
	v := reflect.ValueOf(ent).Elem()
	i, ok := e.attributes(v.Type())[name]
	if !ok {
		return nil, nil
	}
	fact, ok := v.FieldByIndex(i).Addr().Interface().(model.Fact)
	if !ok || fact.Status() != model.Inherited || fact.Source() == nil {
		return nil, nil
	}
	o, ok := e.objects[fact.Source()]
	if ok {
		return o, nil
	}
	r := fact.Source().Range
	src, err := e.text(r.File)
	if err != nil {
		return nil, err
	}
	expr, diags := hclsyntax.ParseExpression(src[r.Start.Byte:r.End.Byte], r.File, hcl.Pos{Line: 1, Column: 1})
	if cons, ok := expr.(*hclsyntax.ObjectConsExpr); ok && !diags.HasErrors() {
		o = members(cons, src[r.Start.Byte:r.End.Byte])
	}
	e.objects[fact.Source()] = o
	return o, nil
}

// attributes are the fields of a kind of block by the names of their attributes, the first of a name.
func (e *Editor) attributes(t reflect.Type) map[string][]int {
	out := e.fields[t]
	if out == nil {
		out = map[string][]int{}
		for _, f := range reflect.VisibleFields(t) {
			if name := f.Tag.Get("hcl"); name != "" && out[name] == nil {
				out[name] = f.Index
			}
		}
		e.fields[t] = out
	}
	return out
}
