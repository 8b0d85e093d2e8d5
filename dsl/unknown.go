package dsl

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/suggest"
)

// unknownBlock explains a block that may not stand here.
func (d *decoder) unknownBlock(s *scope, b *hclsyntax.Block) {
	d.lost.block(s)
	kind := model.Kind(b.Type)
	if reserved[b.Type] {
		d.errorf(s, b.TypeRange, "Reserved word", "%q is a reserved word of HCL languages. archcheck reads one architecture, written out; a policy or an argument of system removes repetition.", b.Type)
		return
	}
	if s != nil {
		if a := s.typ.Attr(b.Type); a != nil {
			write := fmt.Sprintf("%s = …", b.Type)
			if a.Type == Object {
				write = fmt.Sprintf("%s = { … }", b.Type)
			}
			d.errorf(s, b.TypeRange, "Argument written as a block", "%s is an argument: write %s.", b.Type, write)
			return
		}
	}
	if t := Block(kind); t != nil {
		d.errorf(s, b.TypeRange, "Misplaced block", "%s", placeOf(t))
		return
	}
	where, valid := "At the top of a file", kindNames(Schema().TopLevel())
	if s != nil {
		where, valid = "In "+lowerArticle(string(s.typ.Kind)), nil
		for _, k := range s.typ.Blocks {
			valid = append(valid, string(k))
		}
		if len(valid) == 0 {
			where = article(string(s.typ.Kind)) + " holds no blocks."
			if a := suggest.Nearest(b.Type, attrNames(s.typ)); a != "" {
				where += fmt.Sprintf(" Did you mean the argument %q?", a)
			}
			d.errorf(s, b.TypeRange, "Unsupported block", "%s", where)
			return
		}
	}
	if homes := homesOf(b.Type); len(homes) > 0 && ObjectType(b.Type) != nil {
		d.errorf(s, b.TypeRange, "Argument written as a block", "%s is an argument of %s: write %s = { … } there.", b.Type, oneOf(homes), b.Type)
		return
	}
	d.errorf(s, b.TypeRange, "Unsupported block", "%s there is no block %q.%s", where, b.Type,
		didYouMean(b.Type, valid, "The blocks are", plain))
}

// placeOf says where a block type belongs.
func placeOf(t *BlockType) string {
	if IsTopLevel(t.Kind) {
		return article(string(t.Kind)) + " stands at the top of a file."
	}
	var homes []string
	for _, b := range Schema().Blocks {
		if b.Nested(t.Kind) {
			homes = append(homes, string(b.Kind))
		}
	}
	return fmt.Sprintf("%s stands inside a block: %s.", article(string(t.Kind)), oneOf(homes))
}

func kindNames(types []*BlockType) []string {
	out := make([]string, len(types))
	for i, t := range types {
		out[i] = string(t.Kind)
	}
	return out
}

func attrNames(t *BlockType) []string {
	out := make([]string, len(t.Attrs))
	for i := range t.Attrs {
		out[i] = t.Attrs[i].Name
	}
	return out
}

func (d *decoder) unknownArgument(s *scope, name string, r hcl.Range) {
	switch {
	case reserved[name]:
		d.errorf(s, r, "Reserved word", "%q is a reserved word of HCL languages; archcheck reads literals only.", name)
	case s.typ.Nested(model.Kind(name)):
		d.errorf(s, r, "Block written as an argument", "%s is a block: write %s \"NAME\" { … } without an equals sign.", name, name)
	case len(s.typ.Attrs) <= maxListed:
		d.errorf(s, r, "Unsupported argument", "%s has no argument named %q.%s", s.a(), name,
			didYouMean(name, attrNames(s.typ), "Its arguments are", plain))
	default:
		d.errorf(s, r, "Unsupported argument", "%s has no argument named %q.%s", s.a(), name, d.elsewhere(s, name))
	}
}

// elsewhere finds what was meant by an argument that is not there: a near name, or the objects that do have it.
func (d *decoder) elsewhere(s *scope, name string) string {
	if n := suggest.Nearest(name, attrNames(s.typ)); n != "" {
		return fmt.Sprintf(" Did you mean %q?", n)
	}
	for o := s.outer; o != nil; o = o.outer {
		if o.typ.Kind != "" && o.typ.Attr(name) != nil {
			return fmt.Sprintf(" It is an argument of the %s around it.", o.typ.Kind)
		}
	}
	var homes []string
	for i := range s.typ.Attrs {
		a := &s.typ.Attrs[i]
		if a.Type == Object && ObjectType(a.Object).Attr(name) != nil {
			homes = append(homes, fmt.Sprintf("%s = { %s = … }", a.Name, name))
		}
	}
	if len(homes) > 0 {
		return " It belongs into an object: write " + oneOf(homes) + "."
	}
	homes = homesOf(name)
	for _, o := range Schema().Objects {
		if o.Attr(name) != nil {
			homes = append(homes, o.Object+" = { … }")
		}
	}
	if len(homes) > 0 && len(homes) <= 4 {
		return " It is an argument of " + oneOf(homes) + "."
	}
	return didYouMean(name, attrNames(s.typ), "Its arguments are", plain)
}

// homesOf are the block types that take an argument.
func homesOf(name string) []string {
	var out []string
	for _, b := range Schema().Blocks {
		if b.Attr(name) != nil {
			out = append(out, string(b.Kind))
		}
	}
	return out
}
