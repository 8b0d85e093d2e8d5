package engine

import (
	"cmp"
	"context"
	"encoding/binary"
	"iter"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Result is what the rules say about a model.
type Result struct {
	Raws     []analyzer.Raw // questions, risks and violations, by rule and subject
	Cleared  []analyzer.Raw // verdict unlikely, by rule and subject
	Places   []analyzer.Raw // results of Options.Places, by card and subject
	Coverage analyzer.Coverage
}

// batchSize is how many documents are judged at a time. Those of 5,000 calls and what their rules read of them took 250 MB
// together; smaller batches share less and cost time.
const batchSize = 512

// EvalFacts evaluates the selected rules over everything derived from a model. An error is Problems, or the context's.
func (e *Engine) EvalFacts(ctx context.Context, f *facts.Facts) (*Result, error) {
	kinds := slices.DeleteFunc(e.Kinds(), func(k string) bool { return !f.May(k) })
	return e.eval(ctx, kinds, func(kind string) iter.Seq[[]facts.Document] { return f.Batches(kind, batchSize) })
}

// Eval evaluates the selected rules over the documents of each kind. An error is Problems, or the context's.
func (e *Engine) Eval(ctx context.Context, docs func(kind string) []facts.Document) (*Result, error) {
	return e.eval(ctx, e.Kinds(), func(kind string) iter.Seq[[]facts.Document] {
		return func(yield func([]facts.Document) bool) { yield(docs(kind)) }
	})
}

// eval takes one batch after the other and lets go of its documents: those of a large system take more room than all else.
// The next ones are made meanwhile, the first while the rules are compiled.
func (e *Engine) eval(ctx context.Context, kinds []string, docs func(kind string) iter.Seq[[]facts.Document]) (*Result, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type part struct {
		kind string
		docs []facts.Document
	}
	ready := make(chan part)
	go func() {
		defer close(ready)
		for _, k := range kinds {
			for list := range docs(k) {
				select {
				case ready <- part{k, list}:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	if err := e.compileFor(kinds); err != nil {
		return nil, err
	}
	res := &Result{}
	var b *batch
	for p := range ready {
		if len(p.docs) == 0 {
			continue
		}
		if b == nil || b.kind != p.kind || !b.load(p.docs) {
			b = e.batch(p.kind, p.docs)
		}
		if err := b.run(ctx); err != nil {
			return nil, err
		}
		b.report(res)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	order := func(a, b analyzer.Raw) int {
		return cmp.Or(cmp.Compare(a.Card.ID, b.Card.ID), cmp.Compare(a.Subject, b.Subject))
	}
	slices.SortFunc(res.Raws, order)
	slices.SortFunc(res.Cleared, order)
	slices.SortFunc(res.Places, order)
	return res, nil
}

// batch is documents of one kind with the rules that judge them.
type batch struct {
	kind   string
	types  [len(sections)]reflect.Type // of the sections of its documents
	reads  []read
	docs   []facts.Document
	cols   []*column // by read
	runs   []*run
	shape  []int32 // by document: index into shapes
	shapes []int32 // a document of each shape; documents of one shape are equal in everything that any rule reads

	mu       sync.Mutex
	failures []failure
}

// run is one rule over a batch.
type run struct {
	*rule
	*static
	unit     *unit
	prog     *prog
	units    sync.Map // of facts, by path
	cols     []int    // what it reads, indexes into the batch's columns
	slot     []int32  // by shape: index into outcomes; shapes that agree in what the rule reads share one
	outcomes []*outcome
}

var answer = ast.VarTerm("answer")

func (e *Engine) batch(kind string, docs []facts.Document) *batch {
	b := &batch{kind: kind, types: typesOf(docs)}
	var reads []read
	perUnit := map[*unit]*guards{}
	var units []*guards
	for _, r := range e.rules {
		if r.card.Subject != kind || !e.wants(r) {
			continue
		}
		x := &run{rule: r, unit: e.compiled[r.src], static: e.compiled[r.src].static[r]}
		b.runs = append(b.runs, x)
		for _, r := range x.reads {
			reads = append(reads, r.narrow(docs))
		}
		if perUnit[x.unit] == nil {
			perUnit[x.unit] = &guards{reader: x.unit.reader, index: map[read]int{}, progs: map[string]*prog{}}
			units = append(units, perUnit[x.unit])
		}
		g := perUnit[x.unit]
		g.runs = append(g.runs, x)
	}
	b.reads = prune(reads)
	for _, g := range units {
		for i, r := range b.reads {
			g.index[r] = i
		}
	}
	parallel(len(units), func(i int) {
		g := units[i]
		for _, x := range g.runs {
			for _, r := range x.reads {
				for _, w := range r.narrow(docs).wider() {
					if i, ok := g.index[w]; ok {
						x.cols = append(x.cols, i)
						break
					}
				}
			}
			slices.Sort(x.cols)
			x.cols = slices.Compact(x.cols)
			x.prog = g.prog(x.path)
		}
	})
	b.load(docs)
	return b
}

// load takes other documents of the kind in the place of those there were; it refuses what the batch was not made for.
func (b *batch) load(docs []facts.Document) bool {
	if typesOf(docs) != b.types {
		return false
	}
	b.docs, b.cols = docs, make([]*column, len(b.reads))
	parallel(len(b.reads), func(i int) { b.cols[i] = newColumn(b.reads[i], docs) })
	return true
}

// refOf is the rule's reference, made by hand: parsing one costs more than evaluating a rule.
func refOf(c *analyzer.Card) ast.Ref {
	ref := ast.Ref{ast.DefaultRootDocument}
	for _, part := range append(strings.Split(c.Package, "."), c.Rule) {
		ref = append(ref, ast.StringTerm(part))
	}
	return ref
}

// group gives the rows that agree in the given columns one number each, in the order of their first row.
func group(cols []*column, which []int, rows []int32) (slot, first []int32) {
	slot = make([]int32, len(rows))
	seen := map[string]int32{}
	key := make([]byte, 0, 4*len(which))
	for i, row := range rows {
		key = key[:0]
		for _, c := range which {
			key = binary.LittleEndian.AppendUint32(key, cols[c].ids[row])
		}
		s, ok := seen[string(key)]
		if !ok {
			s = int32(len(first))
			seen[string(key)] = s
			first = append(first, int32(i))
		}
		slot[i] = s
	}
	return slot, first
}

// job is the rules that one document must be evaluated with, for itself and for all that agree with it.
type job struct {
	doc  int32
	runs []*run
	slot []int32 // by run
}

func (b *batch) jobs() []*job {
	all := make([]int, len(b.cols))
	for i := range all {
		all[i] = i
	}
	rows := make([]int32, len(b.docs))
	for i := range rows {
		rows[i] = int32(i)
	}
	b.shape, b.shapes = group(b.cols, all, rows)
	firsts := make([][]int32, len(b.runs))
	ask := make([][]bool, len(b.runs))
	parallel(len(b.runs), func(i int) {
		x := b.runs[i]
		x.slot, firsts[i] = group(b.cols, x.cols, b.shapes)
		x.outcomes = make([]*outcome, len(firsts[i]))
		ask[i] = x.walk(b, firsts[i])
	})
	byShape := make([]*job, len(b.shapes))
	for i, x := range b.runs {
		for s, shape := range firsts[i] {
			if !ask[i][s] {
				continue
			}
			if byShape[shape] == nil {
				byShape[shape] = &job{doc: b.shapes[shape]}
			}
			byShape[shape].runs = append(byShape[shape].runs, x)
			byShape[shape].slot = append(byShape[shape].slot, int32(s))
		}
	}
	return slices.DeleteFunc(byShape, func(j *job) bool { return j == nil })
}

func (b *batch) run(ctx context.Context) error {
	jobs := b.jobs()
	store := inmem.New()
	var failed atomic.Pointer[error]
	cancel := topdown.NewCancel()
	defer context.AfterFunc(ctx, cancel.Cancel)()
	parallel(len(jobs), func(i int) {
		if failed.Load() != nil || ctx.Err() != nil {
			return
		}
		if err := b.evaluate(ctx, store, cancel, jobs[i]); err != nil {
			failed.Store(&err)
		}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := failed.Load(); err != nil {
		return *err
	}
	return b.problems().err()
}

// frozen is the clock that policies cannot read anyway: an evaluation never depends on when it runs.
var frozen = time.Unix(0, 0)

func (b *batch) evaluate(ctx context.Context, store storage.Store, cancel topdown.Cancel, j *job) error {
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return err
	}
	defer store.Abort(ctx, txn)
	used := make([]bool, len(b.cols))
	for _, x := range j.runs {
		for _, c := range x.cols {
			used[c] = true
		}
	}
	var cols []*column
	for i, c := range b.cols {
		if used[i] {
			cols = append(cols, c)
		}
	}
	input := inputOf(cols, int(j.doc))
	for i, x := range j.runs {
		c, probs := x.unit.compiler(x.src)
		if len(probs) > 0 {
			return probs.err()
		}
		q := topdown.NewQuery(x.query).WithCompiler(c).WithStore(store).WithTransaction(txn).WithInput(input).
			WithBuiltins(natives).WithStrictBuiltinErrors(true).WithCancel(cancel).WithMetrics(metrics.NoOp()).
			WithTime(frozen).WithSeed(noSeed{})
		err := q.Iter(ctx, func(qr topdown.QueryResult) error {
			if set := x.resultsOf(qr["answer"].Value); set != nil && set.Len() > 0 {
				x.take(set, b, int(j.slot[i]), int(j.doc))
			}
			return nil
		})
		if err != nil {
			b.fail(x.failed(err, int(j.slot[i]), int(j.doc)))
		}
	}
	return nil
}

// walk computes the outcomes that are sure without OPA, and lists for which slots OPA has to be asked.
func (x *run) walk(b *batch, shapes []int32) (ask []bool) {
	ask = make([]bool, len(shapes))
	m := &vm{cols: b.cols, memo: map[*prog]ast.Value{}}
	for i, shape := range shapes {
		doc := int(b.shapes[shape])
		m.at(doc)
		members := x.prog.members
		if x.single {
			members = x.prog.only
		}
		terms, sure := members(m)
		switch {
		case !sure:
			ask[i] = true
		case len(terms) > 0:
			x.take(ast.NewSet(terms...), b, i, doc)
		}
	}
	return ask
}

// take decodes the results for a document and keeps them at a slot.
func (x *run) take(set ast.Set, b *batch, slot, doc int) {
	d := decoder{rule: x.rule, paths: x.paths, look: b.lookup(x, doc)}
	var found []*result
	set.Foreach(func(t *ast.Term) { found = append(found, d.decode(t)) })
	for _, p := range d.probs {
		b.fail(failure{run: x, slot: slot, doc: doc, problem: p, detail: strings.ReplaceAll(p.Detail, "%", "%%") + " (on %s)"})
	}
	x.outcomes[slot] = merge(found)
}

func (b *batch) lookup(x *run, doc int) lookup {
	l := lookup{doc: &b.docs[doc], i: doc, units: &x.units}
	for _, c := range x.cols {
		l.cols = append(l.cols, b.cols[c])
	}
	return l
}

// noSeed is the randomness that policies cannot reach.
type noSeed struct{}

func (noSeed) Read(p []byte) (int, error) { clear(p); return len(p), nil }
