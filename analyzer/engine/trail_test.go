package engine

import (
	"sync/atomic"
	"testing"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/policies"
	"github.com/open-policy-agent/opa/v1/ast"
)

// TestFollowingATrailIsWalking walks every rule over documents of which many agree in some columns, and over each of them
// alone: what a trail says of a document is what the rule itself says.
func TestFollowingATrailIsWalking(t *testing.T) {
	e, err := build(embedded(policies.Lib()), embedded(policies.Rules()), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.compileFor(e.Kinds()); err != nil {
		t.Fatal(err)
	}
	const docs = 40
	followed, spoke := 0, 0
	for _, kind := range e.Kinds() {
		b := e.batch(kind, nil)
		b.docs = make([]facts.Document, docs)
		for _, x := range b.runs {
			r := randomFor(x.src.text)
			for _, i := range x.cols {
				b.cols[i] = manyOf(b.cols[i].read, r, docs)
			}
			x.slot, x.outcomes = make([]int32, docs), []*outcome{nil}
			tr, m := newTrail(), newVM(b.cols)
			for doc := range docs {
				at, known := tr.follow(b.cols, doc)
				m.at(doc)
				found, sure := x.prog.members(m)
				says := int32(len(found))
				if !sure {
					says = -1
				}
				if says > 0 {
					spoke++
				}
				if s := tr.stops[at]; s.kind == done {
					followed++
					if s.at != says {
						t.Fatalf("%s: the trail of document %d says %d, walking it %d", x.card.ID, doc, s.at, says)
					}
					continue
				}
				tr.extend(at, b.cols, m.seen[known:], doc, says)
			}
		}
	}
	t.Logf("%d documents followed, %d with results", followed, spoke)
	if followed < 1000 || spoke < 100 {
		t.Errorf("only %d documents were followed along a trail, and %d had results", followed, spoke)
	}
}

// manyOf is a column of documents with one of three values each.
func manyOf(r read, rnd *random, docs int) *column {
	c := newColumn(r, nil)
	c.compared.Do(func() {
		for range 3 {
			c.terms = append(c.terms, atomic.Pointer[ast.Term]{})
			c.terms[len(c.terms)-1].Store(ast.NewTerm(viewOf(rnd.node(1))))
		}
		for range docs {
			c.ids = append(c.ids, uint32(rnd.IntN(3)))
		}
	})
	return c
}

// TestATrailLooksAtNoMoreThanItsRule: one word that settles a rule is all that documents are compared by.
func TestATrailLooksAtNoMoreThanItsRule(t *testing.T) {
	e := with(t, own("acme.rego", card("ACME-001", "")+`slow contains "x" if {
	input.subject.access.value == "write"
	input.subject.rate_per_replica.value > 3
}
`))
	if err := e.compileFor([]string{"call"}); err != nil {
		t.Fatal(err)
	}
	docs := benchDocs()[:100]
	b := e.batch("call", docs)
	b.jobs()
	for _, c := range b.cols {
		if compared := c.ids != nil; compared != (c.read.field == "access") {
			t.Errorf("column %s compared: %v", c.read.path(), compared)
		}
	}
}
