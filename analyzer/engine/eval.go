package engine

import (
	"cmp"
	"context"
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

// batchSize is how many documents are judged at a time. Those of 5,000 calls and what their rules read of them took 120 MB
// together; smaller batches share less and cost time.
const batchSize = 512

// ahead is how many batches wait at most: documents of some kinds take longer to make than to judge, of others shorter.
const ahead = 3

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
	ready := make(chan part, ahead)
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
	kind  string
	types [len(sections)]reflect.Type // of the sections of its documents
	reads []read
	docs  []facts.Document
	cols  []*column // by read
	runs  []*run

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
	slot     []int32  // by document: index into outcomes; documents that agree in what the rule looked at share one
	outcomes []*outcome
	took     time.Duration // to walk the documents of the last batch
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
			perUnit[x.unit] = &guards{reader: x.unit.reader, index: map[read]int{}, progs: map[string]*prog{}, brief: !r.src.own}
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

// job is the rules that OPA must be asked about for one document, and for all that agree with it.
type job struct {
	doc  int32
	runs []*run
	slot []int32 // by run
}

// jobs walks the rules and lists what is left for OPA, by document.
func (b *batch) jobs() []*job {
	// The longest first, as far as the batch before tells: nobody waits for one that begins last.
	order := make([]int, len(b.runs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(b.runs[k].took, b.runs[i].took) })
	open := make([][]doubt, len(b.runs))
	parallel(len(b.runs), func(i int) {
		x, begin := b.runs[order[i]], time.Now()
		open[order[i]] = x.walk(b)
		x.took = time.Since(begin)
	})
	byDoc := make([]*job, len(b.docs))
	for i, x := range b.runs {
		for _, d := range open[i] {
			if byDoc[d.doc] == nil {
				byDoc[d.doc] = &job{doc: d.doc}
			}
			byDoc[d.doc].runs = append(byDoc[d.doc].runs, x)
			byDoc[d.doc].slot = append(byDoc[d.doc].slot, d.slot)
		}
	}
	return slices.DeleteFunc(byDoc, func(j *job) bool { return j == nil })
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
