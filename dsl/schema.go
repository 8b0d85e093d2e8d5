package dsl

import (
	"sync"

	"github.com/archcheck/archcheck/dsl/model"
)

// Type is the type of an attribute's value, or of one element where the attribute is a list.
type Type uint8

// The types of the language.
const (
	String   Type = iota // "free text"
	Bool                 // true or false
	Int                  // 3
	Number               // 0.5
	Duration             // "250ms", "2s", "15m", "7d"
	Ratio                // "99.9%", stored as 0.999
	Size                 // "64KiB", stored in bytes where the model has an integer
	Date                 // "2027-01-31"
	Enum                 // one of Values, quoted
	Ref                  // service.orders; with Values also one of those words, quoted
	Object               // { … }, its attributes are those of the object type named Object
	Window               // a duration or a number of calls
	Attempts             // an integer of at least 1, or "unlimited"
	CPU                  // "250m", or a number of cores
	Subject              // a reference to any block, or a quoted address that may hold *
)

var typeNames = [...]string{"string", "bool", "int", "number", "duration", "ratio", "size", "date", "enum", "reference",
	"object", "duration or count", "count or \"unlimited\"", "cpu", "address"}

// String is the type's name in messages and in the reference.
func (t Type) String() string { return typeNames[t] }

// Class says what it means that nobody wrote an attribute.
type Class byte

// The classes of a fact.
const (
	Identity    Class = 'R' // a reference or a name: not judged when it is missing
	Control     Class = 'C' // somebody has to put it there: unstated is absent
	Claim       Class = 'K' // only its owner knows: unstated is a question
	Measurement Class = 'M' // a number: unstated is unknown, or an assumption with a range
	Defaulted   Class = 'D' // the language says what unstated means: certain
)

// Attr describes one attribute of a block or object.
type Attr struct {
	Name  string
	Type  Type
	List  bool
	Class Class
	// Default is the value of an unstated attribute as one would write it ("\"25%\"", "3"); only class Defaulted has
	// one, and not every attribute of that class: Computed says in words where the value depends on other facts.
	Default  string
	Computed string
	Values   []string     // the words of an Enum, or the words that a Ref takes besides references
	Refs     []model.Kind // the kinds that a Ref may name
	Object   string       // the object type's name
	Required bool
	NoneOK   bool    // `none` is legal
	UnknOK   bool    // `unknown` is legal
	Min      float64 // the smallest legal number, duration in seconds or ratio; see Above
	Above    bool    // the value has to be greater than Min
	Over     bool    // a ratio may exceed 100%
	Doc      string  // one line, with the unit
}

// BlockType describes one block type or, with an empty Kind, one object type.
type BlockType struct {
	Kind   model.Kind
	Object string // name of an object type
	Doc    string
	Labels []string     // the legal labels where they are a closed list
	Blocks []model.Kind // nested block types
	Attrs  []Attr

	byName map[string]int
}

// Attr returns the attribute of that name, or nil.
func (b *BlockType) Attr(name string) *Attr {
	if i, ok := b.byName[name]; ok {
		return &b.Attrs[i]
	}
	return nil
}

// Name is the block's or object's type as it is written.
func (b *BlockType) Name() string {
	if b.Kind != "" {
		return string(b.Kind)
	}
	return b.Object
}

// Nested reports whether the block type may stand inside this one.
func (b *BlockType) Nested(k model.Kind) bool {
	for _, n := range b.Blocks {
		if n == k {
			return true
		}
	}
	return false
}

// Table is the language: every block type and every object type in the order of the reference.
type Table struct {
	Blocks  []*BlockType
	Objects []*BlockType

	blocks  map[model.Kind]*BlockType
	objects map[string]*BlockType
}

// Block returns the type of a block, or nil.
func (t *Table) Block(k model.Kind) *BlockType { return t.blocks[k] }

// Object returns an object type, or nil.
func (t *Table) Object(name string) *BlockType { return t.objects[name] }

// TopLevel returns the block types that stand at the top of a file, in the order of the reference.
func (t *Table) TopLevel() []*BlockType {
	var out []*BlockType
	for _, b := range t.Blocks {
		if IsTopLevel(b.Kind) {
			out = append(out, b)
		}
	}
	return out
}

// IsTopLevel reports whether a kind is declared at the top of a file.
func IsTopLevel(k model.Kind) bool {
	switch k {
	case model.KindCall, model.KindPublish, model.KindConsume, model.KindAPI, model.KindSidecar, model.KindSchemaChange,
		model.KindStep, model.KindRoute:
		return false
	}
	return true
}

// Schema returns the language's table. It is built once and never changes.
var Schema = sync.OnceValue(func() *Table {
	t := &Table{Blocks: blockTypes(), Objects: objectTypes(), blocks: map[model.Kind]*BlockType{}, objects: map[string]*BlockType{}}
	for _, b := range t.Blocks {
		t.blocks[b.Kind] = b
		b.index()
	}
	for _, o := range t.Objects {
		t.objects[o.Object] = o
		o.index()
	}
	return t
})

func (b *BlockType) index() {
	b.byName = make(map[string]int, len(b.Attrs))
	for i := range b.Attrs {
		b.byName[b.Attrs[i].Name] = i
	}
}

// Block returns the type of a block, or nil.
func Block(k model.Kind) *BlockType { return Schema().Block(k) }

// ObjectType returns an object type ("retry", "scale", …), or nil.
func ObjectType(name string) *BlockType { return Schema().Object(name) }

// reserved are words that other HCL languages give a meaning which this one does not have: one file describes one
// architecture, literally.
var reserved = map[string]bool{"variable": true, "locals": true, "module": true, "for_each": true, "count": true,
	"dynamic": true, "moved": true, "import": true, "overlay": true}
