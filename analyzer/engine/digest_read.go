package engine

import (
	"github.com/archcheck/archcheck/analyzer"
	"github.com/open-policy-agent/opa/v1/ast"
)

// digestReader reads a digest from its beginning. Numbers are unsigned varints, words are numbers of words, and lists have
// their length first. A test writes what it reads and compares.
type digestReader struct {
	text  string
	words []string
}

// Kinds of terms in a digest.
const (
	digestNone = iota
	digestNull
	digestFalse
	digestTrue
	digestNumber
	digestString
	digestVar
	digestRef
	digestCall
	digestArray
	digestSet
	digestObject
	digestArrayComp
	digestSetComp
	digestObjectComp
)

// Kinds of expressions.
const (
	digestTerm = iota
	digestTerms
	digestEvery
	digestNot = 4 // added to the others
)

func (d *digestReader) count() int {
	n, shift := 0, 0
	for i := 0; ; i++ {
		b := d.text[i]
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			d.text = d.text[i+1:]
			return n
		}
		shift += 7
	}
}

func (d *digestReader) take(n int) string {
	s := d.text[:n]
	d.text = d.text[n:]
	return s
}

func (d *digestReader) word() string { return d.words[d.count()] }

func (d *digestReader) flag() bool { return d.count() == 1 }

func (d *digestReader) list() []string {
	n := d.count()
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = d.word()
	}
	return out
}

func (d *digestReader) card() *analyzer.Card {
	c := &analyzer.Card{ID: d.word(), Title: d.word(), Description: d.word(), Kind: analyzer.Kind(d.count())}
	for range d.count() {
		c.Severities = append(c.Severities, analyzer.Severity(d.count()))
	}
	c.Cases, c.Pattern, c.Subject, c.Say = d.list(), d.word(), d.word(), d.word()
	c.Aliases, c.Related, c.Unwaivable, c.Effect, c.Subsumes = d.list(), d.list(), d.flag(), d.word(), d.list()
	c.Advice = analyzer.Advice{TradeOffs: d.word(), WaiveWhen: d.word(), ClearedBy: d.word()}
	c.Package, c.Rule, c.File, c.Line = d.word(), d.word(), d.word(), d.count()
	return c
}

func (d *digestReader) rule() *ast.Rule {
	r := &ast.Rule{Default: d.flag()}
	r.Head = &ast.Head{Name: ast.Var(d.word()), Reference: ast.Ref(d.terms()), Args: d.terms(), Key: d.term(), Value: d.term()}
	r.Body = d.body()
	if d.flag() {
		r.Else = d.rule()
	}
	return r
}

func (d *digestReader) body() ast.Body {
	out := make(ast.Body, d.count())
	for i := range out {
		out[i] = d.expr(i)
	}
	return out
}

func (d *digestReader) expr(i int) *ast.Expr {
	kind := d.count()
	e := &ast.Expr{Index: i, Negated: kind >= digestNot}
	switch kind % digestNot {
	case digestTerm:
		e.Terms = d.term()
	case digestTerms:
		e.Terms = d.terms()
	case digestEvery:
		e.Terms = &ast.Every{Key: d.term(), Value: d.term(), Domain: d.term(), Body: d.body()}
	}
	return e
}

func (d *digestReader) terms() []*ast.Term {
	n := d.count()
	if n == 0 {
		return nil
	}
	out := make([]*ast.Term, n)
	for i := range out {
		out[i] = d.term()
	}
	return out
}

func (d *digestReader) term() *ast.Term {
	switch d.count() {
	case digestNull:
		return ast.NullTerm()
	case digestFalse:
		return noTerm
	case digestTrue:
		return yesTerm
	case digestNumber:
		return ast.NewTerm(ast.Number(d.word()))
	case digestString:
		return ast.StringTerm(d.word())
	case digestVar:
		return ast.NewTerm(ast.Var(d.word()))
	case digestRef:
		return ast.NewTerm(ast.Ref(d.terms()))
	case digestCall:
		return ast.NewTerm(ast.Call(d.terms()))
	case digestArray:
		return ast.ArrayTerm(d.terms()...)
	case digestSet:
		return ast.SetTerm(d.terms()...)
	case digestObject:
		pairs := make([][2]*ast.Term, d.count())
		for i := range pairs {
			pairs[i] = [2]*ast.Term{d.term(), d.term()}
		}
		return ast.ObjectTerm(pairs...)
	case digestArrayComp:
		return ast.NewTerm(&ast.ArrayComprehension{Term: d.term(), Body: d.body()})
	case digestSetComp:
		return ast.NewTerm(&ast.SetComprehension{Term: d.term(), Body: d.body()})
	case digestObjectComp:
		return ast.NewTerm(&ast.ObjectComprehension{Key: d.term(), Value: d.term(), Body: d.body()})
	}
	return nil
}
