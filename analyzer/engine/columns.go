package engine

import (
	"sync/atomic"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/open-policy-agent/opa/v1/ast"
)

// column is one read of all documents of a kind: equal nodes share an id, so that comparing what a rule reads of two
// subjects is comparing a few numbers.
type column struct {
	read  read
	ids   []uint32 // by document
	nodes []facts.Node
	terms []atomic.Pointer[ast.Term] // by id, made when an evaluation needs them; nil where the field is missing
}

func newColumn(r read, docs []facts.Document) *column {
	c := &column{read: r, ids: make([]uint32, len(docs))}
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
		n := nodeOf(&docs[i], section, r)
		buf = appendKey(buf[:0], n)
		id, ok := byKey[string(buf)]
		if !ok {
			id = uint32(len(c.nodes))
			byKey[string(buf)] = id
			c.nodes = append(c.nodes, n)
		}
		if shared {
			bySection[section] = id
		}
		c.ids[i] = id
	}
	c.terms = make([]atomic.Pointer[ast.Term], len(c.nodes))
	return c
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

// nodeOf is what a read finds in a document; nil if the document has no such field.
func nodeOf(d *facts.Document, section any, r read) facts.Node {
	switch {
	case section != nil && r.field == "":
		return facts.Fields(section)
	case section != nil:
		return facts.Lookup(section, r.field)
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

// term is the column's value in a document, nil if there is none.
func (c *column) term(doc int) *ast.Term {
	id := c.ids[doc]
	if c.nodes[id] == nil {
		return nil
	}
	if t := c.terms[id].Load(); t != nil {
		return t
	}
	t := termOf(c.nodes[id])
	c.terms[id].Store(t)
	return t
}

// inputOf builds the document that some rules see: the given columns, which are in the order of their reads.
func inputOf(cols []*column, doc int) *ast.Term {
	var top, section [][2]*ast.Term
	open := ""
	flush := func() {
		if open != "" {
			top = append(top, [2]*ast.Term{ast.StringTerm(open), ast.ObjectTerm(section...)})
		}
		open, section = "", section[:0]
	}
	for _, c := range cols {
		t := c.term(doc)
		if c.read.section != open {
			flush()
		}
		if t == nil {
			continue
		}
		if c.read.field == "" {
			top = append(top, [2]*ast.Term{ast.StringTerm(c.read.section), t})
			continue
		}
		open = c.read.section
		section = append(section, [2]*ast.Term{ast.StringTerm(c.read.field), t})
	}
	flush()
	return ast.ObjectTerm(top...)
}
