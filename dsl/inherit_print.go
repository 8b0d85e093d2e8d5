package dsl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/archcheck/archcheck/dsl/model"
)

// PrintEffective writes one declared thing as HCL with everything that holds for it: what was written, and with its
// origin as a comment what was inherited, what a product or the language supplies, and what was derived. Comments list
// what is unknown and which controls are absent; identities that nobody stated are left out.
func PrintEffective(m *model.Model, addr model.Addr) ([]byte, error) {
	e, err := subject(m, addr)
	if err != nil {
		return nil, err
	}
	p := &effective{}
	p.block("", e)
	return hclwrite.Format(p.Bytes()), nil
}

// EffectiveFact is one fact of PrintEffectiveJSON. Value is as one would write it: a number, a yes or no, a word, or a
// list; durations, ratios and sizes are words with their unit.
type EffectiveFact struct {
	Name  string          `json:"name"`
	State string          `json:"state"`
	Value any             `json:"value,omitempty"`
	From  string          `json:"from,omitempty"` // a policy, a mesh, the system, or a product
	File  string          `json:"file,omitempty"`
	Line  int32           `json:"line,omitempty"`
	Facts []EffectiveFact `json:"facts,omitempty"` // inside an object
}

// EffectiveBlock is one declared thing with all its facts and nested blocks.
type EffectiveBlock struct {
	Addr   model.Addr       `json:"addr"`
	Kind   model.Kind       `json:"kind"`
	File   string           `json:"file,omitempty"`
	Line   int32            `json:"line,omitempty"`
	Facts  []EffectiveFact  `json:"facts"`
	Mesh   model.Addr       `json:"mesh,omitempty"`       // of a call: the mesh of which both ends are members
	Layer  []EffectiveFact  `json:"mesh_facts,omitempty"` // what that mesh adds
	Blocks []EffectiveBlock `json:"blocks,omitempty"`
}

// PrintEffectiveJSON writes what PrintEffective says as JSON, absent and unknown facts included.
func PrintEffectiveJSON(m *model.Model, addr model.Addr) ([]byte, error) {
	e, err := subject(m, addr)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(effectiveBlock(e)); err != nil {
		return nil, fmt.Errorf("write %s as JSON: %w", addr, err)
	}
	return out.Bytes(), nil
}

// subject finds a declared thing by its address.
func subject(m *model.Model, addr model.Addr) (model.Entity, error) {
	if e := m.Lookup(addr); e != nil {
		return e, nil
	}
	var known []string
	for _, a := range m.Addrs() {
		known = append(known, string(a))
	}
	return nil, fmt.Errorf("%s is not declared.%s", addr, didYouMean(string(addr), known, "Declared are", plain))
}

// planOf is the plan of an entity and its struct.
func planOf(e model.Entity) (*plan, reflect.Value) {
	return plans().blocks[e.Self().Kind], reflect.ValueOf(e).Elem()
}

// eachNested visits the blocks inside an entity in the order of the reference.
func eachNested(e model.Entity, visit func(model.Entity)) {
	p, v := planOf(e)
	for _, k := range p.typ.Blocks {
		for _, b := range blocksIn(v.FieldByIndex(p.blocks[k].index)) {
			visit(b.Addr().Interface().(model.Entity))
		}
	}
}

// meshFacts are what a call's mesh does beside the call's own policies, with the plan of their objects.
func meshFacts(e model.Entity) (facts []model.Fact, names []string) {
	c, ok := e.(*model.Call)
	if !ok || c.Mesh == "" {
		return nil, nil
	}
	for i, f := range []model.Fact{&c.MeshRetry, &c.MeshBreaker} {
		if !f.Unstated() {
			facts, names = append(facts, f), append(names, [...]string{"retry", "circuit_breaker"}[i])
		}
	}
	return facts, names
}

func effectiveBlock(e model.Entity) EffectiveBlock {
	b := e.Self()
	p, v := planOf(e)
	out := EffectiveBlock{Addr: b.Addr, Kind: b.Kind, File: b.Decl.File, Line: b.Decl.Start.Line, Facts: effectiveFacts(p, v)}
	if c, ok := e.(*model.Call); ok {
		out.Mesh = c.Mesh
	}
	facts, names := meshFacts(e)
	for i, f := range facts {
		at := field{attr: Block(model.KindCall).Attr(names[i]), elem: plans().objects[names[i]]}
		out.Layer = append(out.Layer, effectiveFact(&at, f, reflect.ValueOf(f).Elem()))
	}
	eachNested(e, func(n model.Entity) { out.Blocks = append(out.Blocks, effectiveBlock(n)) })
	return out
}

func effectiveFacts(p *plan, v reflect.Value) []EffectiveFact {
	out := make([]EffectiveFact, 0, len(p.fields))
	for i := range p.fields {
		fv := v.FieldByIndex(p.fields[i].index)
		out = append(out, effectiveFact(&p.fields[i], fv.Addr().Interface().(model.Fact), fv))
	}
	return out
}

func effectiveFact(f *field, fact model.Fact, fv reflect.Value) EffectiveFact {
	out := EffectiveFact{Name: f.attr.Name, State: fact.Status().String()}
	o := fact.Source()
	if o != nil {
		out.From, out.File, out.Line = o.From, o.Range.File, o.Range.Start.Line
	}
	switch {
	case f.elem != nil:
		if object := fv.Field(0); !object.IsNil() {
			out.Facts = effectiveFacts(f.elem, object.Elem())
		}
	case fact.Status().HasValue():
		out.Value = plainValue(f.attr, fact.Any(), o)
	}
	return out
}

// plainValue is a value for JSON.
func plainValue(a *Attr, v any, o *model.Origin) any {
	switch v := v.(type) {
	case bool, string, model.Addr, []string, []model.Addr:
		return v
	case []float64:
		out := make([]string, len(v))
		for i := range v {
			out[i] = strings.Trim(valueText(a, v[i], nil), `"`)
		}
		return out
	}
	text := valueText(a, v, o)
	if word, ok := strings.CutPrefix(text, `"`); ok {
		return strings.TrimSuffix(word, `"`)
	}
	return json.Number(text)
}

// effective prints HCL with origins.
type effective struct{ bytes.Buffer }

func (p *effective) block(indent string, e model.Entity) {
	b := e.Self()
	if b.Decl.File != "" && indent == "" {
		fmt.Fprintf(p, "# %s:%d\n", b.Decl.File, b.Decl.Start.Line)
	}
	fmt.Fprintf(p, "%s%s %s {\n", indent, b.Kind, quote(b.Label))
	pl, v := planOf(e)
	p.facts(indent+"  ", pl, v, nil)
	facts, names := meshFacts(e)
	for i, f := range facts {
		p.mesh(indent+"  ", e.(*model.Call).Mesh, names[i], f)
	}
	eachNested(e, func(n model.Entity) {
		p.WriteByte('\n')
		p.block(indent+"  ", n)
	})
	fmt.Fprintf(p, "%s}\n", indent)
}

// mesh says in a comment what a mesh adds to a call: it is no argument of the call.
func (p *effective) mesh(indent string, mesh model.Addr, name string, f model.Fact) {
	text := name + " = none"
	if f.Status().HasValue() {
		v := reflect.ValueOf(f.Any()).Elem()
		var parts []string
		pl := plans().objects[name]
		for i := range pl.fields {
			fv := v.FieldByIndex(pl.fields[i].index)
			if fact := fv.Addr().Interface().(model.Fact); fact.Status().HasValue() {
				parts = append(parts, pl.fields[i].attr.Name+" = "+valueText(pl.fields[i].attr, fact.Any(), fact.Source()))
			}
		}
		text = name + " = { " + strings.Join(parts, ", ") + " }"
	}
	fmt.Fprintf(p, "%s# %s adds %s: %s\n", indent, mesh, text, origin(f))
}

// facts prints the attributes of a block or object. outer is the object's own fact: what it holds has its origin too
// and says so once.
func (p *effective) facts(indent string, pl *plan, v reflect.Value, outer model.Fact) {
	var unknown, absent []string
	for i := range pl.fields {
		f := &pl.fields[i]
		fv := v.FieldByIndex(f.index)
		fact := fv.Addr().Interface().(model.Fact)
		name, s := f.attr.Name, fact.Status()
		comment := origin(fact)
		if outer != nil && comment == origin(outer) {
			comment = ""
		}
		if comment != "" {
			comment = " # " + comment
		}
		switch {
		case s == model.None:
			fmt.Fprintf(p, "%s%s = none%s\n", indent, name, comment)
		case s == model.Unknown && (fact.IsWritten() || fact.Source() != nil):
			fmt.Fprintf(p, "%s%s = unknown%s\n", indent, name, comment)
		case s == model.Unknown:
			unknown = append(unknown, name)
		case s == model.Absent && f.attr.Class != Identity:
			absent = append(absent, name)
		case !s.HasValue():
		case f.elem != nil:
			fmt.Fprintf(p, "%s%s = {%s\n", indent, name, comment)
			p.facts(indent+"  ", f.elem, fv.Field(0).Elem(), fact)
			fmt.Fprintf(p, "%s}\n", indent)
		default:
			fmt.Fprintf(p, "%s%s = %s%s\n", indent, name, valueText(f.attr, fact.Any(), fact.Source()), comment)
		}
	}
	p.list(indent, "unknown", unknown)
	p.list(indent, "absent", absent)
}

// list writes names in a comment, over as many lines as they need.
func (p *effective) list(indent, what string, names []string) {
	line := ""
	for i, n := range names {
		if line != "" && len(indent)+len(what)+len(line)+len(n) > lineWidth-6 {
			fmt.Fprintf(p, "%s# %s: %s\n", indent, what, strings.TrimSuffix(line, " "))
			line = ""
		}
		line += n
		if i < len(names)-1 {
			line += ", "
		}
	}
	if line != "" {
		fmt.Fprintf(p, "%s# %s: %s\n", indent, what, line)
	}
}

// origin says where a fact comes from, empty for what was written here.
func origin(f model.Fact) string {
	o, s := f.Source(), f.Status()
	if f.IsWritten() || s == model.Stated {
		return ""
	}
	place := ""
	if o != nil && o.Range.File != "" {
		place = fmt.Sprintf(" (%s:%d)", o.Range.File, o.Range.Start.Line)
	}
	switch {
	case s == model.Default:
		return "default"
	case s == model.Assumed:
		return "assumed"
	case o == nil || o.From == "":
		return s.String() + place
	case s == model.Derived:
		return "derived from " + o.From + place
	}
	if p := profiles()[o.From]; p != nil {
		since := ""
		if p.Since != "" {
			since = " since " + p.Since
		}
		return "default of " + p.Name + since
	}
	return "inherited from " + o.From + place
}
