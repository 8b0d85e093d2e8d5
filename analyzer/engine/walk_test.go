package engine

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/policies"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// random makes facts that the conditions of a module can tell apart: its own words, its own field names.
type random struct {
	*rand.Rand
	words, fields []string
}

var (
	quoted = regexp.MustCompile(`"(\w+)"`)
	dotted = regexp.MustCompile(`\.([a-z_]+)`)
)

func randomFor(text string) *random {
	r := &random{Rand: rand.New(rand.NewPCG(1, 2))}
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		if w := m[1]; !slices.Contains(resultKeys, w) && !slices.Contains(opKeys, w) && !slices.Contains(analyzer.Severities(), w) {
			r.words = append(r.words, w)
		}
	}
	for _, m := range dotted.FindAllStringSubmatch(text, -1) {
		if !slices.Contains([]string{"state", "value", "lo", "hi", "text", "from"}, m[1]) {
			r.fields = append(r.fields, m[1])
		}
	}
	slices.Sort(r.fields)
	r.fields = slices.Compact(r.fields)
	r.words = append(r.words, "word")
	return r
}

func (r *random) leaf(depth int) *facts.Leaf {
	l := &facts.Leaf{State: model.State(r.IntN(int(model.None) + 1))}
	shape := r.IntN(4)
	if shape == 0 && l.State != model.Absent && l.State != model.None {
		l.Number, l.Lo, l.Hi = true, float64(r.IntN(6)), float64(6+r.IntN(12))
		if r.IntN(4) == 0 {
			l.Hi = math.Inf(1)
		}
	}
	if l.State.HasValue() {
		switch shape {
		case 0:
			l.Val = l.Lo + float64(r.IntN(4))
		case 1:
			l.Val = r.IntN(2) == 0
		case 2:
			l.Val = r.words[r.IntN(len(r.words))]
		default:
			l.Val = []string{r.words[r.IntN(len(r.words))]}
		}
	}
	if depth > 0 && r.IntN(3) > 0 {
		l.Contains = r.obj(depth - 1)
	}
	return l
}

func (r *random) obj(depth int) facts.Obj {
	var o facts.Obj
	for _, f := range r.fields {
		if len(r.fields) > 12 && r.IntN(3) > 0 {
			continue
		}
		o = append(o, facts.Field{Name: f, Node: r.node(depth)})
	}
	return o
}

func (r *random) node(depth int) facts.Node {
	switch n := r.IntN(10); {
	case n == 0:
		return facts.Plain{V: r.words[r.IntN(len(r.words))]}
	case n == 1 && depth > 0:
		arr := make(facts.Arr, r.IntN(3))
		for i := range arr {
			arr[i] = r.obj(depth - 1)
		}
		return arr
	case n == 2 && depth > 0:
		return r.obj(depth - 1)
	}
	return r.leaf(depth)
}

// walkAgrees evaluates every rule over random documents, and fails where walking it is sure and OPA has other results. It
// returns how many evaluations there were, for how many OPA has to be asked, and how many had results.
func walkAgrees(t *testing.T, e *Engine, rounds int) (all, asked, fired int) {
	t.Helper()
	if err := e.compileFor(e.Kinds()); err != nil {
		t.Fatal(err)
	}
	store := inmem.New()
	txn, err := store.NewTransaction(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Abort(context.Background(), txn)
	for _, kind := range e.Kinds() {
		b := e.batch(kind, nil)
		for _, x := range b.runs {
			r := randomFor(x.src.text)
			m := newVM(b.cols)
			for range rounds {
				var cols []*column
				for _, i := range x.cols {
					b.cols[i] = randomColumn(b.cols[i].read, r)
				}
				for _, i := range x.cols {
					cols = append(cols, b.cols[i])
				}
				input := inputOf(cols, 0)
				m.at(0)
				found, sure := x.prog.members(m)
				var terms []*ast.Term
				for _, v := range found {
					terms = append(terms, ast.NewTerm(whole(v)))
				}
				var opa ast.Set
				c, probs := x.unit.compiler(x.src)
				if len(probs) > 0 {
					t.Fatal(probs)
				}
				q := topdown.NewQuery(x.query).WithCompiler(c).WithStore(store).WithTransaction(txn).
					WithInput(input).WithBuiltins(natives)
				err := q.Iter(context.Background(), func(qr topdown.QueryResult) error {
					opa = qr["answer"].Value.(ast.Set)
					return nil
				})
				all++
				switch {
				case !sure:
					asked++
				case err != nil:
					t.Fatalf("%s is an error for OPA, and %v when walked, on\n%s\n%v", x.card.ID, terms, shortened(input), err)
				case shown(x, ast.NewSet(terms...)).Compare(shown(x, opa)) != 0:
					t.Fatalf("%s is %v for OPA, and %v when walked, on\n%s", x.card.ID, opa, terms, shortened(input))
				}
				if opa != nil && opa.Len() > 0 {
					fired++
				}
			}
		}
	}
	return all, asked, fired
}

// shown are the results of archcheck's own rules that are not only counted. Random documents lack parts that real ones
// always have, and without them OPA has no result to count; over real ones TestAnyOPAFindsTheSame compares the counts too.
func shown(x *run, results ast.Set) ast.Set {
	if x.src.own || results == nil {
		return results
	}
	out := ast.NewSet()
	results.Foreach(func(t *ast.Term) {
		if obj, ok := t.Value.(ast.Object); ok {
			if v := get(obj, "verdict"); v != nil && isString(v.Value, "unlikely") {
				return
			}
		}
		out.Add(t)
	})
	return out
}

func shortened(t *ast.Term) string {
	s := t.String()
	return s[:min(len(s), 3000)]
}

func randomColumn(r read, rnd *random) *column {
	n := rnd.node(1)
	if r.field == "" && slices.Contains(sections[:], r.section) {
		n = rnd.obj(1)
	}
	if r.section == "addr" {
		n = facts.Plain{V: "a"}
	}
	c := newColumn(r, nil)
	c.compared.Do(func() { c.ids, c.first, c.terms = []uint32{0}, []int32{0}, make([]atomic.Pointer[ast.Term], 1) })
	c.terms[0].Store(ast.NewTerm(viewOf(n)))
	return c
}

func TestWalkingARuleIsEvaluatingIt(t *testing.T) {
	text, err := os.ReadFile("testdata/walk.rego")
	if err != nil {
		t.Fatal(err)
	}
	all, asked, fired := walkAgrees(t, with(t, &source{path: "walk.rego", own: true, text: string(text)}), 600)
	t.Logf("of %d evaluations OPA is asked for %d; %d had results", all, asked, fired)
	if asked*10 > all || fired*100 < all {
		t.Errorf("of %d evaluations OPA is asked for %d; %d had results", all, asked, fired)
	}
}

func TestWalkingOurRulesIsEvaluatingThem(t *testing.T) {
	e, err := build(embedded(policies.Lib()), embedded(policies.Rules()), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	all, asked, fired := walkAgrees(t, e, 25)
	t.Logf("of %d evaluations OPA is asked for %d; %d had results", all, asked, fired)
	if asked*20 > all {
		t.Errorf("of %d evaluations OPA is asked for %d", all, asked)
	}
}
