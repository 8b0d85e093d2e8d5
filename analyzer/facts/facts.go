package facts

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"sync"

	"github.com/archcheck/archcheck/dsl/model"
)

// Facts is everything derived from one model. Compute does the graph walks; documents are built when they are asked for,
// by one goroutine at a time: walks share their work space.
type Facts struct {
	m      *model.Model
	params Params
	fails  *Facts // the same where a call of which nobody knows what answers when it fails fails its caller; nil if there is none
	as     *assume
	g      *graph
	r      *rates
	t      *timing
	k      *marks

	requests   []interval // per edge: what the caller asks for
	load       []interval // per edge: what reaches the callee, caches deducted
	rate       []interval // per entity: all that reaches it
	capacity   []interval // per entity
	outgrown   []interval // per entity: with as many replicas as autoscaling allows; built on demand
	am         *amplifier
	amp        []*amplification   // per entity that somebody waits for
	covered    []int32            // per entity: the target in whose finding its retrying edges already are, -1 for none
	ends       []*End             // per entity, built on demand
	paths      *paths             // what depends on journeys
	samples    map[float64][2]int // canary sample sizes by failure rate
	caps       []interval         // per pair, built on demand
	meshes     map[model.Addr][]string
	outside    map[int32][]outsideCall // by entity, built on demand
	system     *SystemFacts
	feeds      map[model.Addr][]model.Addr // publishers by topic and queue, built on demand
	stands     map[model.Addr]Standing     // asked for so far
	parts      map[model.Addr][]model.Addr // of computed subjects, asked for so far
	visited    [2][]float64                // buffers of visits, by pair and by entity
	carry      [2][]bool                   // entities and edges that carry financial data, built on demand
	places     []place                     // by address, built on demand
	consumes   map[*model.Consume]int      // pair by consume, built on demand
	writing    [2][]bool                   // per pair: its trigger writes certainly, perhaps; built on demand
	flagged    map[model.Addr][]string     // release flags by user, built on demand
	unseen     []string                    // statements that would say which calls are hard, built on demand
	kept       map[string][]Document       // documents that are needed twice, by kind
	unseenHops map[[2]string]bool          // ends of such calls, built on demand
	chances    map[int32]float64           // by trigger: that it answers; asked for so far
}

// Compute derives the facts of a model. It never fails: what the model does not say stays unknown.
func Compute(m *model.Model, p Params) *Facts {
	f := compute(m, p, true)
	if slices.ContainsFunc(f.g.edges, func(e edge) bool { return e.unseen }) {
		f.fails = compute(m, p, false)
	}
	return f
}

// compute derives the facts of a model; answered decides where nobody knows whether something answers when a call fails.
func compute(m *model.Model, p Params, answered bool) *Facts {
	f := &Facts{m: m, params: p, as: newAssume(m), g: newGraph(m, answered), stands: map[model.Addr]Standing{}, parts: map[model.Addr][]model.Addr{},
		chances: map[int32]float64{}}
	var timed sync.WaitGroup // neither rates nor tries depend on how long a call takes
	timed.Go(func() { f.t = solveTiming(f.g, f.as) })
	f.r = solveRates(f.g)
	f.k = f.g.mark()
	f.edgeRates()
	f.entityRates()
	f.capacity = make([]interval, len(f.g.ents))
	for i := range f.g.ents {
		f.capacity[i] = capacityOf(f.g.ents[i].of)
	}
	var amplified sync.WaitGroup // paths know nothing of tries
	amplified.Go(func() {
		f.am = newAmplifier(f.g, f.r, f.k)
		f.amp = f.am.targets(f.capacity)
		f.covered = f.coverings()
	})
	timed.Wait()
	f.paths = f.newPaths()
	amplified.Wait()
	f.ends = make([]*End, len(f.g.ents))
	f.system = f.systemFacts()
	return f
}

// Documents returns what the policies of one kind see, sorted by address; nil for a kind that there is not.
func (f *Facts) Documents(kind string) []Document {
	return slices.Concat(slices.Collect(f.Batches(kind, 1<<30))...)
}

// Batches is Documents, up to so many at a time: nothing here holds on to them but to those of journeys.
func (f *Facts) Batches(kind string, size int) iter.Seq[[]Document] {
	k := kinds[kind]
	return func(yield func([]Document) bool) {
		if k.each != nil {
			s := k.each(f)
			for ids := range slices.Chunk(s.ids, size) {
				docs := make([]Document, len(ids))
				for i, id := range ids {
					docs[i] = s.one(id)
				}
				if f.fails != nil {
					other := k.each(f.fails)
					for i, id := range ids {
						f.either(docs[i], other.one(id))
					}
				}
				if !yield(f.finish(kind, docs)) {
					return
				}
			}
		}
		if k.build != nil {
			for part := range slices.Chunk(f.built(kind), size) {
				if !yield(part) {
					return
				}
			}
		}
	}
}

// built are the documents of a kind that is made all at once. Those of journeys are kept: policies see them, and the
// report shows them.
func (f *Facts) built(kind string) []Document {
	if docs, made := f.kept[kind]; made {
		return docs
	}
	build := kinds[kind].build
	docs := f.finish(kind, build(f))
	if f.fails != nil {
		f.eitherOf(docs, build(f.fails))
	}
	slices.SortStableFunc(docs, func(a, b Document) int { return cmp.Compare(a.Addr, b.Addr) })
	if kind == "journey" {
		f.kept = map[string][]Document{kind: docs}
	}
	return docs
}

func (f *Facts) finish(kind string, docs []Document) []Document {
	for i := range docs {
		docs[i].Kind, docs[i].System = kind, f.system
	}
	return docs
}

// byAddr sorts ids by the address of what they are.
func byAddr(ids []int32, addr func(id int32) model.Addr) []int32 {
	slices.SortStableFunc(ids, func(a, b int32) int { return cmp.Compare(addr(a), addr(b)) })
	return ids
}

// edgeRates sums what the triggers of every edge send over it.
func (f *Facts) edgeRates() {
	g := f.g
	f.requests, f.load = make([]interval, len(g.edges)), make([]interval, len(g.edges))
	for i := range g.edges {
		f.requests[i] = zero
		f.requests[i].v = nan
	}
	for i := range g.arcs {
		a := &g.arcs[i]
		if a.edge < 0 || g.pairs[a.head].ent != g.edges[a.edge].to || g.pairs[a.head].kind == pairWrites {
			continue
		}
		n := point(g.edges[a.edge].n)
		if a.maybe {
			n.lo = 0
		}
		f.requests[a.edge] = sumRates(f.requests[a.edge], f.r.rate(g, a.tail).mul(n))
	}
	for i := range g.edges {
		e := &g.edges[i]
		f.load[i] = f.requests[i].mul(interval{lo: e.missLo, v: e.miss, hi: e.missHi})
	}
}

// sumRates adds rates of which some may be unknown: an unknown one adds nothing to lower bound and value.
func sumRates(a, b interval) interval {
	v := a.v + b.v
	switch {
	case math.IsNaN(a.v):
		v = b.v
	case math.IsNaN(b.v):
		v = a.v
	}
	return a.with(b, a.lo+b.lo, v, a.hi+b.hi)
}

func (f *Facts) entityRates() {
	f.rate = make([]interval, len(f.g.ents))
	for i := range f.g.ents {
		sum := zero
		sum.v = nan
		for p := f.g.ents[i].first; p < f.g.ents[i].last; p++ {
			if f.g.pairs[p].kind != pairWrites && !(f.g.pairs[p].kind == pairSource && f.g.ents[i].kind == model.KindExternal) && !f.worksApart(p) {
				sum = sumRates(sum, f.r.rate(f.g, p))
			}
		}
		f.rate[i] = sum
	}
}

// worksApart reports whether a trigger is a consume whose time per message or batch is stated, of a node that also answers
// requests: its work is judged by that time and its own concurrency (Q5), and its messages are no requests, which is what
// capacity counts.
func (f *Facts) worksApart(p int32) bool {
	c := f.g.pairs[p].consume
	if c == nil || !c.Latency.Has() && !c.BatchLatency.Has() {
		return false
	}
	return slices.ContainsFunc(f.g.ents[f.g.pairs[p].ent].ins, func(id int32) bool { return f.g.edges[id].call != nil })
}

func (f *Facts) systemFacts() *SystemFacts {
	out := &SystemFacts{Params: &f.params, SLO: sloFacts(model.Value[*model.SLO]{}, "")}
	s := f.m.System
	if s == nil {
		out.Platform, out.Tenancy, out.ZeroDowntime = Word{State: model.Unknown}, Word{State: model.Default, V: "single"}, Flag{State: model.Default}
		return out
	}
	out.Addr, out.SLO = string(s.Addr), sloFacts(s.SLO, s.Addr)
	out.Tenancy, out.Platform, out.ZeroDowntime = WordOf(s.Tenancy), WordOf(s.Platform), FlagOf(s.ZeroDowntime)
	return out
}

// sloFacts are the keys of the objective that stands at an address, absent where it is.
func sloFacts(v model.Value[*model.SLO], at model.Addr) SLOFacts {
	out := SLOFacts{Availability: Absent(), LatencyP99: Absent(), Window: Absent()}
	switch {
	case v.Has() && v.V != nil:
		out = SLOFacts{Availability: NumOf(v.V.Availability), LatencyP99: MillisOf(v.V.LatencyP99), Window: MillisOf(v.V.Window)}
	case v.IsUnknown():
		out = SLOFacts{Availability: Unknown(0), LatencyP99: Unknown(0), Window: Unknown(0)}
	}
	for key, n := range map[string]*Num{"availability": &out.Availability, "latency_p99": &out.LatencyP99, "window": &out.Window} {
		if n.State == model.Unknown {
			n.setNeeds(string(at) + ".slo." + key)
		}
	}
	return out
}

// perReplica is λi: what one replica of the caller sends; missing for clients and externals.
func (f *Facts) perReplica(id int32) interval {
	u := &f.g.ents[f.g.edges[id].from]
	if _, ok := u.of.(model.Worker); !ok {
		return missing
	}
	return f.load[id].div(replicasOf(u.of).interval(string(u.addr) + ".scale.replicas"))
}
