package facts

import (
	"math"

	"github.com/archcheck/archcheck/dsl/model"
)

// step is what a closure asks of an arc. Arcs and edges are large and lie apart; a walk meets thousands.
type step struct {
	n    float64 // requests for one of the tail, at most 1
	how  stepKind
	call bool // of a call, not a publish
}

type stepKind uint8

const (
	stepNone   stepKind = iota // nobody waits, or nothing fails with it
	stepHard                   // the tail fails with it
	stepAny                    // one of a group of alternatives
	stepEither                 // another node answers when it fails
)

func newCloser(g *graph, avail []interval) *closer {
	n := len(g.pairs)
	c := &closer{
		g: g, avail: avail, rep: make([]int32, n), seen: make([]int32, n), p: make([]float64, n), kidAt: make([]int32, n),
		kidEnd: make([]int32, n), place: make([]int32, n), entAt: make([]int32, len(g.ents)), entPos: make([]int32, len(g.ents)),
		open: map[int32]bool{}, routes: make([]bool, n),
	}
	for p := range g.pairs {
		c.routes[p] = g.ents[g.pairs[p].ent].routing
	}
	c.steps = make([]step, len(g.arcs))
	for i := range g.arcs {
		a := &g.arcs[i]
		if a.async || a.edge < 0 {
			continue
		}
		e := &g.edges[a.edge]
		x := step{n: math.Min(1, e.n), call: e.call != nil}
		switch {
		case e.anyOf != 0:
			x.how = stepAny
		case e.hard:
			x.how = stepHard
		case c.fallback(e) != nil:
			x.how = stepEither
		}
		c.steps[i] = x
	}
	c.represent()
	return c
}

// represent chooses for every plain trigger that may be any operation the one that loses most: operations are
// alternatives, so their needs are never added up (rules.md §0).
func (c *closer) represent() {
	g := c.g
	split := false
	for p := range g.pairs {
		c.rep[p] = int32(p)
	}
	for i := range g.arcs {
		split = split || g.arcs[i].maybe
	}
	if !split {
		return
	}
	bound := make([]float64, len(g.pairs)) // what is lost below a pair at most, common parts counted again and again
	for i := len(g.syncOrder) - 1; i >= 0; i-- {
		p := g.syncOrder[i]
		sum := func(arcs []arc, plain bool) float64 {
			s := 0.0
			for k := range arcs {
				if a := &arcs[k]; g.hardArc(a) && !(plain && a.maybe) {
					s += math.Min(1, g.edges[a.edge].n) * bound[a.head]
				}
			}
			return s
		}
		x := &g.ents[g.pairs[p].ent]
		maybe := false
		for k := g.outAt[p]; k < g.outAt[p+1]; k++ {
			maybe = maybe || g.arcs[k].maybe
		}
		best := sum(g.outArcs(p), maybe)
		if maybe {
			c.rep[p] = -1
			for q := x.first; q < x.last; q++ {
				if g.pairs[q].kind == pairOp {
					if s := sum(g.outArcs(q), false); s > best {
						best, c.rep[p] = s, q
					}
				}
			}
		}
		if a := c.avail[g.pairs[p].ent]; a.known() {
			best += 1 - a.v
		}
		bound[p] = math.Min(best, 1e9)
	}
}

// expand appends the hard steps of a pair to kids and its eithers to out.
func (c *closer) expand(p int32, out *closed) {
	g := c.g
	c.kidAt[p] = int32(len(c.kids))
	q, plain := c.rep[p], false
	if q < 0 {
		q, plain = p, true
	}
	first, last := g.outAt[q], g.outAt[q+1]
	total := 0.0 // of a gateway further down: its calls are alternatives, weighted by their rates
	if c.routes[p] {
		for i := first; i < last; i++ {
			if c.steps[i].call {
				total += g.edges[g.arcs[i].edge].n
			}
		}
	}
	joined := len(out.eithers)
	for i := first; i < last; i++ {
		x := &c.steps[i]
		if x.how == stepNone {
			continue
		}
		a := &g.arcs[i]
		if plain && a.maybe || c.cut[a.edge] {
			continue
		}
		n := x.n
		if total > 0 && x.call {
			n = g.edges[a.edge].n / total
		}
		switch x.how {
		case stepAny:
			c.join(out, joined, p, a, n)
		case stepHard:
			c.kids = append(c.kids, kid{a.head, a.edge, n})
		case stepEither:
			if !c.open[a.edge] {
				out.eithers = append(out.eithers, either{tail: p, edge: a.edge, n: n, alts: [][]int32{{a.head}, c.fallback(&g.edges[a.edge])}})
			}
		}
	}
	c.kidEnd[p] = int32(len(c.kids))
}

// join adds a call to the group of alternatives that it belongs to, with what it falls back to: a default is one that
// needs nothing.
func (c *closer) join(out *closed, first int, p int32, a *arc, n float64) {
	e := &c.g.edges[a.edge]
	k := first
	for k < len(out.eithers) && c.g.edges[out.eithers[k].edge].anyOf != e.anyOf {
		k++
	}
	if k == len(out.eithers) {
		if c.open[a.edge] {
			return
		}
		out.eithers = append(out.eithers, either{tail: p, edge: a.edge})
	}
	x := &out.eithers[k]
	x.n = math.Max(x.n, n)
	if x.alts = append(x.alts, []int32{a.head}); !e.hard {
		x.alts = append(x.alts, c.fallback(e))
	}
}

// fallback are the triggers that answer where a call falls back to another node; nil for none.
func (c *closer) fallback(e *edge) (out []int32) {
	if e.call == nil {
		return nil
	}
	if to := c.g.ent(model.Addr(e.call.Fallback.Or(""))); to >= 0 {
		c.g.syncPairs(to, func(p int32) { out = append(out, p) })
		if len(out) > 1 { // it is asked without an operation
			out = out[:1]
		}
	}
	return out
}
