package facts

import (
	"github.com/archcheck/archcheck/dsl/model"
)

// graph is the architecture as the analyses walk it: entities, the (entity, trigger) pairs of rules.md §0, and arcs
// between pairs. Everything is an index into a slice; the order of all slices is that of the model's source, so every
// walk is deterministic.
type graph struct {
	m *model.Model

	answered bool // what is taken where nobody knows whether something answers when a call fails
	ents     []ent
	pairs    []pair
	edges    []edge
	arcs     []arc // sorted by tail
	byAd     map[model.Addr]int32

	outAt []int32 // arcs[outAt[p]:outAt[p+1]] leave pair p
	in    []int32 // arc indices sorted by head
	inAt  []int32 // in[inAt[p]:inAt[p+1]] enter pair p

	waited   []bool // per pair: a sync arc enters it
	selfCall []bool // per pair: an arc leads back to it

	syncOrder []int32 // all pairs in a topological order of the condensation of the sync arcs, callers first
	syncComp  []int32 // strongly connected component of each pair over sync arcs
	allOrder  []int32 // the same over all arcs
	allComp   []int32
}

// ent is one entity that edges start from or lead to.
type ent struct {
	addr  model.Addr
	kind  model.Kind
	of    model.Entity
	first int32 // its pairs are pairs[first:last]
	last  int32
	out   []int32 // its edges (calls, publishes), in source order
	ins   []int32 // edges into it

	routing  bool // a gateway whose calls are alternatives
	called   bool // somebody calls it
	fallback bool // some call falls back to it
}

type pairKind uint8

const (
	pairPlain   pairKind = iota // the plain request: callers that name no operation
	pairOp                      // one operation that callers name
	pairConsume                 // one consume block
	pairSource                  // a client or an external as a caller
	pairSink                    // a datastore, external, registry, broker, topic or queue as a callee
	pairWrites                  // what is written to a datastore with a change stream
)

// pair is an entity with one of its triggers.
type pair struct {
	ent     int32
	kind    pairKind
	name    string // operation or label of the consume block
	consume *model.Consume
}

// edge is a call, or a publish.
type edge struct {
	addr model.Addr
	from int32
	to   int32 // a publish: its topic or queue
	call *model.Call
	pub  *model.Publish
	n    float64 // per_request

	missLo, miss, missHi float64 // share of requests that a cache lets through
	hard                 bool    // its failure fails the caller: fallback or outbox decides, whatever criticality says
	unseen               bool    // nobody knows whether something answers when it fails: hard is what the graph takes
	parallel, anyOf      int32   // groups within the caller, 0 for none
	m                    [3]float64
	layers               []layer
	unsure               bool // nobody knows whether it retries
	bounded              bool // a breaker, budget or rate limit bounds what its retries add
	tails                []int32
}

// arc is an edge as one trigger uses it, or the way of a message from a topic or queue to a consume block (edge < 0).
type arc struct {
	tail, head int32
	edge       int32
	w          float64 // requests that reach head for one at tail, caches deducted
	lo, hi     float64 // the bounds of w
	async      bool
	maybe      bool // only some requests of the plain trigger use it
	hard       bool // the failure of head fails tail
	retries    bool // some layer tries again
}

// hardArc reports whether the failure of the arc's head fails its tail.
func (g *graph) hardArc(a *arc) bool { return a.hard }

func (g *graph) outArcs(p int32) []arc  { return g.arcs[g.outAt[p]:g.outAt[p+1]] }
func (g *graph) inArcs(p int32) []int32 { return g.in[g.inAt[p]:g.inAt[p+1]] }

// syncPairs calls visit for every pair of an entity that a caller waits for.
func (g *graph) syncPairs(e int32, visit func(p int32)) {
	for p := g.ents[e].first; p < g.ents[e].last; p++ {
		if k := g.pairs[p].kind; k == pairPlain || k == pairOp || k == pairSink {
			visit(p)
		}
	}
}

func (g *graph) ent(a model.Addr) int32 {
	if i, ok := g.byAd[a]; ok {
		return i
	}
	return -1
}

// callSite is the pair that a call invokes.
func (g *graph) callSite(e *edge) int32 {
	t := &g.ents[e.to]
	for p := t.first; p < t.last; p++ {
		switch g.pairs[p].kind {
		case pairSink:
			return p
		case pairPlain:
			if !e.call.Op.Has() {
				return p
			}
		case pairOp:
			if e.call.Op.Has() && e.call.Op.V == g.pairs[p].name {
				return p
			}
		}
	}
	return -1
}
