package dsl

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// A decoder turns the syntax tree of one file, or of a piece of one, into entities. They work side by side, so it knows
// nothing of the others: references are written down and checked once all are there.
type decoder struct {
	name    string
	text    string // the whole file; every Text of an Origin is a part of it
	diags   source.Diagnostics
	lost    lost
	out     model.Model
	refs    []pendingRef
	origins []model.Origin // the rest of a chunk: one allocation for many values
}

// lost says which declarations of a file could not be read: what refers to them cannot be judged.
type lost struct {
	top    bool // the file does not parse, or a block at its top has no known kind or name
	nested bool // the same of a block inside
}

func (l *lost) block(s *scope) {
	if s == nil {
		l.top = true
	}
	l.nested = true
}

// scope is where the decoder is, for messages and addresses. Its text is built only when something is wrong.
type scope struct {
	outer *scope
	typ   *BlockType
	label string
	addr  model.Addr
	attr  string // inside an object: the path of attributes to it
}

// String is the context of a diagnostic: `service "orders", call "charge"`.
func (s *scope) String() string {
	if s == nil {
		return ""
	}
	out := string(s.typ.Name()) + " " + quoted(s.label)
	if s.typ.Kind == "" {
		return s.outer.String()
	}
	if s.outer != nil {
		out = s.outer.String() + ", " + out
	}
	return out
}

// block returns the innermost block.
func (s *scope) block() *scope {
	for s.typ.Kind == "" {
		s = s.outer
	}
	return s
}

// a is the block or object as a message calls it: `A call`, `retry`.
func (s *scope) a() string {
	if s.typ.Kind == "" {
		return s.attr
	}
	return article(string(s.typ.Kind))
}

// article puts "A" or "An" before a kind.
func article(kind string) string {
	if strings.ContainsRune("aeio", rune(kind[0])) { // "a user": no kind begins with u
		return "An " + kind
	}
	return "A " + kind
}

func lowerArticle(kind string) string { return "a" + article(kind)[1:] }

// pendingRef is a reference whose target has still to be found.
type pendingRef struct {
	path  []string // service, orders, …
	attr  *Attr
	scope *scope
	rng   model.Range
}

func (d *decoder) errorf(s *scope, r hcl.Range, summary, format string, args ...any) {
	d.errorAt(s, toRange(r), summary, format, args...)
}

func (d *decoder) errorAt(s *scope, r model.Range, summary, format string, args ...any) {
	d.diags = append(d.diags, source.Diagnostic{Summary: summary, Detail: fmt.Sprintf(format, args...), Context: s.String(), Range: r})
}

func (d *decoder) origin(text string, rng, name hcl.Range) *model.Origin {
	if len(d.origins) == 0 {
		d.origins = make([]model.Origin, 256)
	}
	o := &d.origins[0]
	d.origins = d.origins[1:]
	o.Text, o.Range, o.Name = text, d.toRange(rng), d.toRange(name)
	return o
}

// toRange converts a range of this file; all share one name.
func (d *decoder) toRange(r hcl.Range) model.Range {
	return model.Range{File: d.name, Start: toPos(r.Start), End: toPos(r.End)}
}

// slice is the source text of a range.
func (d *decoder) slice(r hcl.Range) string { return d.text[r.Start.Byte:r.End.Byte] }

// top decodes the top level.
func (d *decoder) top(body *hclsyntax.Body) {
	for _, name := range sortedAttrs(body) {
		a := body.Attributes[name]
		d.errorf(nil, a.NameRange, "Argument outside a block", "Arguments stand inside blocks.%s", d.homeOf(name))
	}
	root := reflect.ValueOf(&d.out).Elem()
	for _, b := range body.Blocks {
		kind := model.Kind(b.Type)
		bf, ok := plans().root[kind]
		if !ok {
			d.unknownBlock(nil, b)
			continue
		}
		v := d.block(nil, bf.plan, b)
		if !v.IsValid() {
			continue
		}
		f := root.FieldByIndex(bf.index)
		if f.Kind() != reflect.Slice {
			if !f.IsNil() {
				first := f.Interface().(model.Entity).Self().Decl
				d.secondSystem(v.Interface().(model.Entity).Self().Decl, first)
				continue
			}
			f.Set(v)
			continue
		}
		f.Set(reflect.Append(f, v))
	}
}

func (d *decoder) secondSystem(r, first model.Range) {
	d.errorAt(nil, r, "Two systems", "A model describes one system; the first is declared at %s:%d.", first.File, first.Start.Line)
}

// homeOf says which block takes an argument that stands outside.
func (d *decoder) homeOf(name string) string {
	if reserved[name] {
		return fmt.Sprintf(" %q is a reserved word of HCL languages; archcheck reads literals only.", name)
	}
	if Block(model.KindSystem).Attr(name) != nil {
		return fmt.Sprintf(" Write %s inside system.", name)
	}
	return ""
}

var labelForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// block decodes one block and everything in it; the zero Value stands for a block that has no usable name.
func (d *decoder) block(outer *scope, p *plan, b *hclsyntax.Block) reflect.Value {
	s := &scope{outer: outer, typ: p.typ}
	if !d.label(s, b) {
		d.lost.block(outer)
		return reflect.Value{}
	}
	v := reflect.New(p.goType)
	e := v.Interface().(model.Entity).Self()
	s.addr = model.Addr(b.Type + "." + s.label)
	if outer != nil {
		s.addr = outer.addr + "." + s.addr
		e.Parent = outer.addr
	}
	e.Addr, e.Kind, e.Label = s.addr, p.typ.Kind, s.label
	e.Decl = d.toRange(hcl.RangeBetween(b.TypeRange, b.LabelRanges[0]))
	e.Body = d.toRange(hcl.RangeBetween(b.TypeRange, b.CloseBraceRange))

	for name, a := range b.Body.Attributes {
		d.argument(s, p, v.Elem(), name, a.NameRange, a.Expr)
	}
	d.required(s, p, b)
	for _, n := range b.Body.Blocks {
		bf, ok := p.blocks[model.Kind(n.Type)]
		if !ok {
			d.unknownBlock(s, n)
			continue
		}
		if c := d.block(s, bf.plan, n); c.IsValid() {
			f := v.Elem().FieldByIndex(bf.index)
			f.Set(reflect.Append(f, c))
		}
	}
	d.finish(s, v, b)
	return v
}

// required reports the arguments that a block lacks, all in one diagnostic.
func (d *decoder) required(s *scope, p *plan, b *hclsyntax.Block) {
	var missing []string
	var last *Attr
	for i := range p.fields {
		if a := p.fields[i].attr; a.Required && b.Body.Attributes[a.Name] == nil {
			missing, last = append(missing, a.Name), a
		}
	}
	if len(missing) == 0 {
		return
	}
	detail := fmt.Sprintf("%s needs %s.", s.a(), allOf(missing))
	if len(missing) == 1 {
		detail = fmt.Sprintf("%s needs the argument %q. %s", s.a(), last.Name, last.Doc)
		if len(last.Refs) > 0 {
			detail += fmt.Sprintf(" Write %s = %s.NAME.", last.Name, last.Refs[0])
		}
	}
	d.errorf(s, hcl.RangeBetween(b.TypeRange, b.LabelRanges[0]), "Missing required argument", "%s", detail)
}

// finish checks what concerns a block as a whole.
func (d *decoder) finish(s *scope, v reflect.Value, b *hclsyntax.Block) {
	switch e := v.Interface().(type) {
	case *model.Queue:
		if !e.Broker.Written && !e.Engine.Written {
			d.errorf(s, hcl.RangeBetween(b.TypeRange, b.LabelRanges[0]), "Missing required argument",
				"A queue has the availability of what carries it. Write broker = broker.NAME, or engine = \"sqs\" for a managed queue.")
		}
	case *model.Waiver:
		e.Addr = model.Addr("waiver." + e.Label + "@" + e.Subject.V)
		if strings.Contains(e.Subject.V, "*") && !e.MaxMatches.Written {
			d.errorf(s, hcl.RangeBetween(b.TypeRange, b.LabelRanges[0]), "Missing required argument",
				"A waiver whose subject holds * needs max_matches, the number of findings that it may cover.")
		}
	}
}

// label checks a block's name.
func (d *decoder) label(s *scope, b *hclsyntax.Block) bool {
	kind := string(s.typ.Kind)
	outer := s.outer
	switch {
	case len(b.Labels) == 0:
		d.errorf(outer, b.TypeRange, "Missing name", "%s has a name: write %s \"NAME\" { … }.", article(kind), kind)
		return false
	case len(b.Labels) > 1:
		d.errorf(outer, b.LabelRanges[1], "More than one name", "%s has one name.", article(kind))
		return false
	}
	s.label = b.Labels[0]
	if len(s.typ.Labels) > 0 && !slices.Contains(s.typ.Labels, s.label) {
		d.errorf(outer, b.LabelRanges[0], "Unknown "+kind+" style", "There is no %s style %q.%s", kind, s.label,
			didYouMean(s.label, s.typ.Labels, "The styles are", quoted))
		return false
	}
	if !labelForm.MatchString(s.label) {
		fix := ""
		if f := labelOf(s.label); f != "" {
			fix = fmt.Sprintf(" Write %s %q.", kind, f)
		}
		d.errorf(outer, b.LabelRanges[0], "Invalid name",
			"A name begins with a letter or underscore and goes on with letters, digits, underscores and hyphens.%s", fix)
		return false
	}
	return true
}

var notLabel = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// labelOf makes a legal name of a text, or nothing.
func labelOf(s string) string {
	s = strings.Trim(notLabel.ReplaceAllString(s, "_"), "_-")
	if s != "" && s[0] >= '0' && s[0] <= '9' {
		s = "_" + s
	}
	return s
}

func sortedAttrs(b *hclsyntax.Body) []string { return slices.Sorted(maps.Keys(b.Attributes)) }

// argument decodes one attribute of a block or object into the struct v.
func (d *decoder) argument(s *scope, p *plan, v reflect.Value, name string, nameRange hcl.Range, x hclsyntax.Expression) {
	i, ok := p.typ.byName[name]
	if !ok {
		d.unknownArgument(s, name, nameRange)
		return
	}
	f := &p.fields[i]
	d.value(s, f, v.FieldByIndex(f.index), nameRange, x)
}
