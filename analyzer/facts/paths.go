package facts

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// paths are the results of the analyses along journeys: availability (Q3), failure injection (Q6) and shares of traffic.
type paths struct {
	js    []journey // by address
	byAd  map[model.Addr]int32
	cov   JourneyCoverage
	avail []interval // per entity: A_own
	c     *closer
	blast []float64 // per entity: share of traffic that fails with it
	lost  []int32   // per entity: journeys that fail with it
	worst [][]int32 // per entity: the heaviest of them, at most worstJourneys
	sets  []failureSet
	depth *depths
	loops []cycle

	edgeBy  map[model.Addr]int32
	writes  []bool              // per pair: it writes a store of financial data itself
	awaits  bool                // some consume block waits for replies
	strong  map[model.Addr]bool // services of steps of strongly consistent transactions
	fallsTo map[int32][]int32   // per entity: calls that fall back to it
	derived map[model.Addr]bool // datastores that only repeat what others hold
	refs    map[model.Addr]bool // what something refers to; built when asked for
	share   struct {
		pair, ent, edge []float64 // share of user traffic through it; edges of journeys' own steps only
	}
}

const (
	topParts      = 20 // parts of a closure that a document lists
	worstJourneys = 5  // journeys that a document lists for one entity
)

func (f *Facts) newPaths() *paths {
	g := f.g
	p := &paths{byAd: map[model.Addr]int32{}, avail: make([]interval, len(g.ents))}
	for i := range g.ents {
		p.avail[i] = g.ownAvailability(f.as, int32(i), f.rate[i])
	}
	p.c = newCloser(g, p.avail)
	p.js, p.cov = g.listJourneys(f.requests, maxJourneys)
	p.blast, p.lost, p.worst = make([]float64, len(g.ents)), make([]int32, len(g.ents)), make([][]int32, len(g.ents))
	p.sets = f.failureSets()
	byEnd := make([]int32, len(p.js)) // journeys that end in the same trigger share its closure
	for i := range p.js {
		p.byAd[p.js[i].addr] = int32(i)
		byEnd[i] = int32(i)
	}
	slices.SortStableFunc(byEnd, func(a, b int32) int {
		x, y := &p.js[a], &p.js[b]
		return cmp.Or(cmp.Compare(x.end(), y.end()), cmp.Compare(y.weight, x.weight))
	})
	inject := newInjector(g, p)
	var shared *closed
	for k, i := range byEnd {
		j := &p.js[i]
		if !g.straight(j) {
			inject.journey(i, g.closureOf(p.c, j), nil)
			shared = nil
			continue
		}
		if shared == nil || k > 0 && p.js[byEnd[k-1]].end() != j.end() {
			shared = p.c.closure([]int32{j.end()})
		}
		inject.journey(i, shared, g.passed(j))
	}
	p.depth = g.depths()
	p.loops = f.cycles()
	p.index(f)
	p.shares(g)
	return p
}

// index notes what many documents look up.
func (p *paths) index(f *Facts) {
	g := f.g
	p.edgeBy, p.writes = make(map[model.Addr]int32, len(g.edges)), make([]bool, len(g.pairs))
	p.fallsTo = map[int32][]int32{}
	for i := range g.edges {
		e := &g.edges[i]
		p.edgeBy[e.addr] = int32(i)
		if e.call != nil && !e.hard {
			if to := g.ent(model.Addr(e.call.Fallback.Or(""))); to >= 0 {
				p.fallsTo[to] = append(p.fallsTo[to], int32(i))
			}
		}
	}
	p.derived = derivedStores(f.m)
	p.awaits = slices.ContainsFunc(g.pairs, func(p pair) bool { return p.consume != nil && p.consume.AwaitsReply.Or(false) })
	p.strong = map[model.Addr]bool{}
	for _, t := range f.m.Transactions {
		for _, s := range t.Steps {
			if t.Consistency.Or("") == "strong" {
				p.strong[s.In.V] = true
			}
		}
	}
	for i := range g.arcs {
		a := &g.arcs[i]
		if d, ok := g.ents[g.pairs[a.head].ent].of.(*model.Datastore); ok && financialData(d) && a.edge >= 0 &&
			g.edges[a.edge].call != nil && g.edges[a.edge].call.Access.Or("") == "write" {
			p.writes[a.tail] = true
		}
	}
}

func (j *journey) end() int32 { return j.pairs[len(j.pairs)-1] }

// straight reports whether a journey's own steps are hard calls without alternatives, so that it needs the gateways that
// it passes and what its last trigger needs, and no more.
func (g *graph) straight(j *journey) bool {
	for i, id := range j.steps {
		if e := &g.edges[id]; e.call == nil || !e.hard || e.anyOf != 0 {
			return false
		}
		if i < len(j.steps)-1 && g.publishes(j.pairs[i]) {
			return false
		}
	}
	return true
}

// publishes reports whether a trigger waits for a broker.
func (g *graph) publishes(p int32) bool {
	for i := range g.outArcs(p) {
		if a := &g.outArcs(p)[i]; a.edge >= 0 && g.edges[a.edge].pub != nil && g.hardArc(a) {
			return true
		}
	}
	return false
}

// passed are the gateways between the entry and the last trigger.
func (g *graph) passed(j *journey) []int32 {
	out := make([]int32, 0, len(j.pairs)-1)
	for _, p := range j.pairs[:len(j.pairs)-1] {
		out = append(out, g.pairs[p].ent)
	}
	return out
}

// closureOf is the hard closure of any journey, from its first step on.
func (g *graph) closureOf(c *closer, j *journey) *closed {
	return g.closureFrom(c, j, 0)
}

// closureFrom is the closure of what a journey needs from step i on.
func (g *graph) closureFrom(c *closer, j *journey, i int) *closed {
	e := &g.edges[j.steps[i]]
	if c.cut[j.steps[i]] {
		return &closed{}
	}
	if e.pub != nil { // an entry that publishes: the broker, if somebody waits for it
		var seeds []int32
		for k := range g.outArcs(g.entry(j)) {
			if a := &g.outArcs(g.entry(j))[k]; a.edge == j.steps[i] && g.hardArc(a) {
				seeds = append(seeds, a.head)
			}
		}
		return c.closure(seeds)
	}
	below := func() *closed {
		if i == len(j.steps)-1 {
			return c.closure([]int32{j.pairs[i]})
		}
		next := g.closureFrom(c, j, i+1)
		var brokers []int32
		for k := range g.outArcs(j.pairs[i]) {
			if a := &g.outArcs(j.pairs[i])[k]; a.edge >= 0 && g.edges[a.edge].pub != nil && g.hardArc(a) && !c.cut[a.edge] {
				brokers = append(brokers, a.head)
			}
		}
		return merge(c.closure(brokers, g.pairs[j.pairs[i]].ent), next)
	}
	alts := [][]int32{}
	switch {
	case e.anyOf != 0:
		for _, id := range g.ents[e.from].out {
			if f := &g.edges[id]; f.call != nil && id != j.steps[i] && f.anyOf == e.anyOf {
				alts = append(alts, []int32{g.callSite(f)})
			}
		}
	case e.hard:
	default:
		fb := c.fallback(e)
		if fb == nil {
			return &closed{}
		}
		alts = append(alts, fb)
	}
	first := below()
	if len(alts) == 0 {
		return first
	}
	x := either{tail: j.pairs[i], edge: j.steps[i], n: 1, p: 1, subs: []*closed{first}}
	for _, a := range alts {
		x.subs = append(x.subs, c.closure(a))
	}
	return c.choose(x)
}

// entry is the trigger at which a journey starts.
func (g *graph) entry(j *journey) int32 {
	for p := g.ents[j.client].first; p < g.ents[j.client].last; p++ {
		if g.pairs[p].kind == pairSource {
			return p
		}
	}
	return g.ents[j.client].first
}

// choose makes the closure of one either whose alternatives are evaluated already.
func (c *closer) choose(x either) *closed {
	out := &closed{eithers: []either{x}}
	c.settle(out, &out.eithers[0], map[int32]bool{})
	return out
}

// merge joins two closures that are both needed.
func merge(a, b *closed) *closed {
	out := &closed{parts: slices.Clone(a.parts), eithers: append(slices.Clone(a.eithers), b.eithers...)}
	at := map[int32]int{}
	for i, p := range out.parts {
		at[p.ent] = i
	}
	for _, p := range b.parts {
		if i, ok := at[p.ent]; ok {
			out.parts[i].p = math.Max(out.parts[i].p, p.p)
		} else {
			out.parts = append(out.parts, p)
		}
	}
	return out
}

// shares computes how much of the users' traffic goes through every pair, entity and step, hard or not, messages
// included. Sixty-four last triggers at a time travel down as the bits of a word.
func (p *paths) shares(g *graph) {
	s := &p.share
	s.pair, s.ent, s.edge = make([]float64, len(g.pairs)), make([]float64, len(g.ents)), make([]float64, len(g.edges))
	weight := map[int32]float64{}
	var ends []int32
	for i := range p.js {
		j := &p.js[i]
		if _, ok := weight[j.end()]; !ok {
			ends = append(ends, j.end())
		}
		weight[j.end()] += j.user
		met := map[int32]bool{}
		for k, id := range j.steps {
			s.edge[id] += j.user
			if ent := g.pairs[j.pairs[k]].ent; k < len(j.steps)-1 && !met[ent] {
				met[ent] = true
				s.ent[ent] += j.user
			}
		}
		s.ent[j.client] += j.user
	}
	mask := make([]uint64, len(g.pairs))
	var sum [8][256]float64
	for from := 0; from < len(ends); from += 64 {
		clear(mask)
		batch := ends[from:min(from+64, len(ends))]
		var w [64]float64
		for i, e := range batch {
			mask[e] |= 1 << i
			w[i] = weight[e]
		}
		g.spreadMask(mask)
		for b := range sum {
			for x := 1; x < 256; x++ {
				low := bits.TrailingZeros(uint(x))
				sum[b][x] = sum[b][x&(x-1)] + w[8*b+low]
			}
		}
		total := func(m uint64) (t float64) {
			for b := 0; m != 0; b, m = b+1, m>>8 {
				t += sum[b][m&255]
			}
			return t
		}
		for i := range g.ents {
			all := uint64(0)
			for q := g.ents[i].first; q < g.ents[i].last; q++ {
				all |= mask[q]
				s.pair[q] += total(mask[q])
			}
			s.ent[i] += total(all)
		}
	}
	for i := range s.ent {
		s.ent[i] = math.Min(1, s.ent[i])
	}
}

// spreadMask carries marks along all arcs, callers first; in a loop, what reaches one member reaches all.
func (g *graph) spreadMask(mask []uint64) {
	for i := 0; i < len(g.allOrder); {
		j, c := i+1, g.allComp[g.allOrder[i]]
		for j < len(g.allOrder) && g.allComp[g.allOrder[j]] == c {
			j++
		}
		all := uint64(0)
		for _, p := range g.allOrder[i:j] {
			all |= mask[p]
		}
		if all != 0 {
			for _, p := range g.allOrder[i:j] {
				mask[p] = all
				for k := g.outAt[p]; k < g.outAt[p+1]; k++ {
					mask[g.arcs[k].head] |= all
				}
			}
		}
		i = j
	}
}
