package engine

import (
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/open-policy-agent/opa/v1/ast"
)

// column is one read of all documents of a kind: equal nodes share an id, so that comparing what a rule reads of two
// subjects is comparing a few numbers.
type column struct {
	read   read
	docs   []facts.Document
	access *facts.Access

	counted sync.Once
	all     bool // every document has it

	compared sync.Once                  // what follows, when something looks at the column: of many nothing ever does
	ids      []uint32                   // by document
	first    []int32                    // by id: the first document that has it
	terms    []atomic.Pointer[ast.Term] // by id, made when an evaluation needs them; nil where the field is missing
}

func newColumn(r read, docs []facts.Document) *column {
	return &column{read: r, docs: docs, access: r.access(docs)}
}

// everywhere reports whether all documents have the field, so that a rule that reads it goes on whatever it holds.
func (c *column) everywhere() bool {
	c.counted.Do(func() {
		c.all = c.access != nil
		for i := range c.docs {
			section := sectionOf(&c.docs[i], c.read.section)
			c.all = c.all && section != nil && c.access.Has(section)
		}
	})
	return c.all
}

// id is the number of the column's value in a document.
func (c *column) id(doc int) uint32 {
	c.compared.Do(c.compare)
	return c.ids[doc]
}

func (c *column) compare() {
	r, docs := c.read, c.docs
	c.ids = make([]uint32, len(docs))
	byKey := map[string]uint32{}
	bySection := map[any]uint32{} // ends and the system are shared by many documents
	var buf []byte
	for i := range docs {
		section := sectionOf(&docs[i], r.section)
		shared := r.section != "subject" && section != nil
		if shared {
			if id, ok := bySection[section]; ok {
				c.ids[i] = id
				continue
			}
		}
		if c.access != nil && section != nil {
			buf = c.access.AppendKey(buf[:0], section)
		} else {
			buf = appendKey(buf[:0], nodeOf(&docs[i], section, r))
		}
		id, ok := byKey[string(buf)]
		if !ok {
			id = uint32(len(c.first))
			byKey[string(buf)] = id
			c.first = append(c.first, int32(i))
		}
		if shared {
			bySection[section] = id
		}
		c.ids[i] = id
	}
	c.terms = make([]atomic.Pointer[ast.Term], len(c.first))
}

// node is the column's value in a document, nil if there is none. It is made anew each time: most are never looked at.
func (c *column) node(doc int) facts.Node {
	d := &c.docs[c.first[c.id(doc)]]
	section := sectionOf(d, c.read.section)
	if c.access != nil && section != nil {
		return c.access.Node(section)
	}
	return nodeOf(d, section, c.read)
}

// access reads the field in every document; nil for what is no single field.
func (r read) access(docs []facts.Document) *facts.Access {
	if r.field == "" {
		return nil
	}
	a, _ := facts.NewAccess(typeOfSection(r.section, docs), r.field, r.part)
	return a
}

// typeOfSection is the type that a section has in all documents of a kind, nil if none has it.
func typeOfSection(section string, docs []facts.Document) reflect.Type {
	for i := range docs {
		if s := sectionOf(&docs[i], section); s != nil {
			return reflect.TypeOf(s)
		}
	}
	return nil
}

// typesOf are the types of all sections.
func typesOf(docs []facts.Document) (out [len(sections)]reflect.Type) {
	for i, s := range sections {
		out[i] = typeOfSection(s, docs)
	}
	return out
}

// sectionOf is the struct behind a section of a document; nil for plain keys and for the ends of what is no edge.
func sectionOf(d *facts.Document, section string) any {
	switch section {
	case "subject":
		return d.Subject
	case "from":
		if d.From != nil {
			return d.From
		}
	case "to":
		if d.To != nil {
			return d.To
		}
	case "system":
		if d.System != nil {
			return d.System
		}
	}
	return nil
}

// nodeOf is a whole section or a plain key of a document; nil if there is none.
func nodeOf(d *facts.Document, section any, r read) facts.Node {
	switch {
	case section != nil && r.field == "":
		return facts.Fields(section)
	case section != nil:
		return nil // no section of this kind has such a field
	}
	switch r.section {
	case "addr":
		return facts.Plain{V: string(d.Addr)}
	case "kind":
		return facts.Plain{V: d.Kind}
	case "format":
		return facts.Plain{V: facts.Format}
	}
	return nil
}

// missing stands for the term of a field that a document does not have.
var missing = ast.NullTerm()

// term is the column's value in a document as policies see it, nil if there is none.
func (c *column) term(doc int) *ast.Term {
	v := c.value(doc)
	if v == nil {
		return nil
	}
	return ast.NewTerm(whole(v))
}

// value is term for a walk: facts and what holds them are views.
func (c *column) value(doc int) ast.Value {
	id := c.id(doc)
	at := &c.terms[id]
	t := at.Load()
	if t == nil {
		t = missing
		if v := viewOf(c.node(doc)); v != nil {
			t = ast.NewTerm(v)
		}
		if !at.CompareAndSwap(nil, t) { // one per id: facts in results are found again by it
			t = at.Load()
		}
	}
	if t == missing {
		return nil
	}
	return t.Value
}

// narrow keeps a read's part only where the field is a group of facts: a fact is one thing.
func (r read) narrow(docs []facts.Document) read {
	if r.part == "" {
		return r
	}
	if _, grouped := facts.NewAccess(typeOfSection(r.section, docs), r.field, r.part); !grouped {
		r.part = ""
	}
	return r
}

type pairs = [][2]*ast.Term

// inputOf builds the document that some rules see: the given columns, which are in the order of their reads.
func inputOf(cols []*column, doc int) *ast.Term {
	var top, section, group pairs
	var at read // what section and group belong to
	closeGroup := func() {
		if len(group) > 0 {
			section = append(section, [2]*ast.Term{ast.StringTerm(at.field), ast.ObjectTerm(group...)})
		}
		group = group[:0]
	}
	closeSection := func() {
		closeGroup()
		if len(section) > 0 {
			top = append(top, [2]*ast.Term{ast.StringTerm(at.section), ast.ObjectTerm(section...)})
		}
		section = section[:0]
	}
	for _, c := range cols {
		t := c.term(doc)
		if c.read.section != at.section {
			closeSection()
		} else if c.read.field != at.field {
			closeGroup()
		}
		at = c.read
		if t == nil {
			continue
		}
		switch {
		case at.field == "":
			top = append(top, [2]*ast.Term{ast.StringTerm(at.section), t})
		case at.part == "":
			section = append(section, [2]*ast.Term{ast.StringTerm(at.field), t})
		default:
			group = append(group, [2]*ast.Term{ast.StringTerm(at.part), t})
		}
	}
	closeSection()
	return ast.ObjectTerm(top...)
}
