package engine

import (
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/policies"
	"github.com/open-policy-agent/opa/v1/ast"
)

var update = flag.Bool("update", false, "write the digest of the policies")

// TestDigestIsWhatThePoliciesCompileTo compiles every policy and compares, byte by byte.
func TestDigestIsWhatThePoliciesCompileTo(t *testing.T) {
	want := makeDigest(t)
	if *update {
		if err := os.WriteFile("rules.digest", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		digestFile = want
	}
	if digestFile != want {
		t.Fatalf("rules.digest is not what the policies compile to. Write it with: go test ./analyzer/engine -run TestDigest -update")
	}
	t.Logf("%d bytes", len(want))
	again := &digestWriter{index: map[string]int{}}
	known := readDigest(want[len(digestSum()):])
	for _, s := range digestSources() {
		d := known[s.path]
		if d == nil {
			t.Fatalf("%s is missing", s.path)
		}
		r := emptyReader()
		d.addTo(r)
		again.source(s.path, d, r)
	}
	if digestSum()+again.all() != want {
		t.Error("what is read is not what was written")
	}
}

// TestTheDigestIsUsed: without it nobody would notice but by the clock.
func TestTheDigestIsUsed(t *testing.T) {
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.compileFor([]string{"call"}); err != nil {
		t.Fatal(err)
	}
	for _, s := range append(slices.Clone(e.lib), e.srcs...) {
		if s.mod != nil || s.digest == nil {
			t.Errorf("%s was parsed", s.path)
		}
	}
}

// makeDigest compiles all policies and writes what the walk needs of them.
func makeDigest(t *testing.T) string {
	t.Helper()
	lib, srcs := embedded(policies.Lib()), digestSources()[len(policies.Lib()):]
	e, err := build(lib, untyped(srcs), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	u := &unit{lib: lib, srcs: e.srcs}
	c, probs := u.build(walked)
	if len(probs) > 0 {
		t.Fatal(probs)
	}
	w := &digestWriter{index: map[string]int{}}
	for _, s := range slices.Concat(lib, e.srcs) {
		d := &digested{pkg: s.pkg}
		for _, r := range e.rules {
			if r.src == s {
				d.cards = append(d.cards, digestedCard{r.card, r.loc.Row, r.single})
			}
		}
		r := emptyReader()
		for _, rule := range c.Modules[s.path].Rules {
			path := rule.Path()
			r.add(path.String(), len(path), rule)
		}
		w.source(s.path, d, r)
	}
	return digestSum() + w.all()
}

// digestWriter writes what digestReader reads.
type digestWriter struct {
	words   []string
	index   map[string]int
	sources int
	out     []byte
}

func (w *digestWriter) all() string {
	head := binary.AppendUvarint(nil, uint64(len(w.words)))
	for _, word := range w.words {
		head = append(binary.AppendUvarint(head, uint64(len(word))), word...)
	}
	head = binary.AppendUvarint(head, uint64(w.sources))
	return string(append(head, w.out...))
}

func (w *digestWriter) source(path string, d *digested, r *reader) {
	w.sources++
	w.word(path)
	w.word(d.pkg)
	w.count(len(d.cards))
	for _, c := range d.cards {
		w.card(c.card)
		w.count(c.row)
		w.flag(c.single)
	}
	in := &digestWriter{words: w.words, index: w.index}
	var paths []string
	n := 0
	for p, rules := range r.rules {
		paths, n = append(paths, p), n+len(rules)
	}
	slices.Sort(paths)
	in.count(n)
	for _, p := range paths {
		for _, rule := range r.rules[p] {
			in.word(p)
			in.count(strings.Count(p, ".") + 1) // names of ours need no brackets
			in.rule(rule)
		}
	}
	w.words = in.words
	w.count(len(in.out))
	w.out = append(w.out, in.out...)
}

func (w *digestWriter) count(n int) { w.out = binary.AppendUvarint(w.out, uint64(n)) }

func (w *digestWriter) flag(b bool) {
	if b {
		w.count(1)
	} else {
		w.count(0)
	}
}

func (w *digestWriter) word(s string) {
	i, known := w.index[s]
	if !known {
		i = len(w.words)
		w.index[s] = i
		w.words = append(w.words, s)
	}
	w.count(i)
}

func (w *digestWriter) list(list []string) {
	w.count(len(list))
	for _, s := range list {
		w.word(s)
	}
}

func (w *digestWriter) card(c *analyzer.Card) {
	w.word(c.ID)
	w.word(c.Title)
	w.word(c.Description)
	w.count(int(c.Kind))
	w.count(len(c.Severities))
	for _, s := range c.Severities {
		w.count(int(s))
	}
	w.list(c.Cases)
	w.word(c.Pattern)
	w.word(c.Subject)
	w.word(c.Say)
	w.list(c.Aliases)
	w.list(c.Related)
	w.flag(c.Unwaivable)
	w.word(c.Effect)
	w.list(c.Subsumes)
	w.word(c.Advice.TradeOffs)
	w.word(c.Advice.WaiveWhen)
	w.word(c.Advice.ClearedBy)
	w.word(c.Package)
	w.word(c.Rule)
	w.word(c.File)
	w.count(c.Line)
}

func (w *digestWriter) rule(r *ast.Rule) {
	w.flag(r.Default)
	w.word(string(r.Head.Name))
	w.terms(r.Head.Reference)
	w.terms(r.Head.Args)
	w.term(r.Head.Key)
	w.term(r.Head.Value)
	w.body(r.Body)
	w.flag(r.Else != nil)
	if r.Else != nil {
		w.rule(r.Else)
	}
}

func (w *digestWriter) body(b ast.Body) {
	w.count(len(b))
	for _, e := range b {
		if len(e.With) > 0 {
			panic("a policy of ours uses with, which a digest has no word for")
		}
		not := 0
		if e.Negated {
			not = digestNot
		}
		switch x := e.Terms.(type) {
		case *ast.Term:
			w.count(digestTerm + not)
			w.term(x)
		case []*ast.Term:
			w.count(digestTerms + not)
			w.terms(x)
		case *ast.Every:
			w.count(digestEvery + not)
			w.term(x.Key)
			w.term(x.Value)
			w.term(x.Domain)
			w.body(x.Body)
		default:
			panic(fmt.Sprintf("a digest has no word for %T", x))
		}
	}
}

func (w *digestWriter) terms(ts []*ast.Term) {
	w.count(len(ts))
	for _, t := range ts {
		w.term(t)
	}
}

func (w *digestWriter) term(t *ast.Term) {
	if t == nil {
		w.count(digestNone)
		return
	}
	switch x := t.Value.(type) {
	case ast.Null:
		w.count(digestNull)
	case ast.Boolean:
		w.count(map[ast.Boolean]int{false: digestFalse, true: digestTrue}[x])
	case ast.Number:
		w.count(digestNumber)
		w.word(string(x))
	case ast.String:
		w.count(digestString)
		w.word(string(x))
	case ast.Var:
		w.count(digestVar)
		w.word(string(x))
	case ast.Ref:
		w.count(digestRef)
		w.terms(x)
	case ast.Call:
		w.count(digestCall)
		w.terms(x)
	case *ast.Array:
		w.count(digestArray)
		var elems []*ast.Term
		x.Foreach(func(e *ast.Term) { elems = append(elems, e) })
		w.terms(elems)
	case ast.Set:
		w.count(digestSet)
		w.terms(x.Slice())
	case ast.Object:
		w.count(digestObject)
		w.count(x.Len())
		x.Foreach(func(k, v *ast.Term) {
			w.term(k)
			w.term(v)
		})
	case *ast.ArrayComprehension:
		w.count(digestArrayComp)
		w.term(x.Term)
		w.body(x.Body)
	case *ast.SetComprehension:
		w.count(digestSetComp)
		w.term(x.Term)
		w.body(x.Body)
	case *ast.ObjectComprehension:
		w.count(digestObjectComp)
		w.term(x.Key)
		w.term(x.Value)
		w.body(x.Body)
	default:
		panic(fmt.Sprintf("a digest has no word for %T", x))
	}
}
