package facts

import (
	"math"
	"slices"
)

// closer walks hard closures: what one request of a trigger cannot do without (Q3), which is at the same time what fails
// it when it is lost (Q6). The work space is shared; a closer serves one goroutine.
type closer struct {
	g      *graph
	avail  []interval     // per entity: A_own; missing for what cannot fail by itself
	routes []bool         // per pair: of a gateway whose calls are alternatives
	rep    []int32        // per pair: the pair whose arcs stand for its requests, -1 for its own without particular operations'
	cut    map[int32]bool // edges taken out
	steps  []step         // per arc

	turn   int32
	seen   []int32   // per pair: the walk that met it
	p      []float64 // per pair: chance that one request needs it
	kidAt  []int32   // per pair: its kids are kids[kidAt:kidEnd]
	kidEnd []int32
	place  []int32 // per pair: place in order
	kids   []kid
	order  []int32 // callees first
	entAt  []int32 // per entity: the walk that met it
	entPos []int32 // per entity: its place in the result
	open   map[int32]bool
}

// kid is a hard step from one pair to the next; edge is the call or publish.
type kid struct {
	head, edge int32
	n          float64
}

// part is one component of a closure with the chance that a request needs it.
type part struct {
	ent int32
	p   float64
}

// either is a set of alternatives of which one suffices: calls of one any_of group, or a callee and the node that its
// caller falls back to.
type either struct {
	tail, edge int32
	n, p       float64 // chance that the tail, and that a request, uses it
	alts       [][]int32
	subs       []*closed
	rest       interval // availability of the whole beyond what the parts count
}

// closed is a hard closure. Every component is in parts once, however often it is reached; what all alternatives of an
// either have in common is a part too.
type closed struct {
	parts   []part
	eithers []either
}

// walk finds everything that the seeds, each needed with chance 1, need over hard steps; entities in alone count
// themselves only.
func (c *closer) walk(seeds []int32, alone ...int32) *closed {
	g := c.g
	c.turn++
	c.kids, c.order = c.kids[:0], c.order[:0]
	out := &closed{}
	type frame struct{ pair, next int32 }
	var stack []frame
	for _, s := range seeds {
		if c.seen[s] == c.turn {
			c.p[s] = 1
			continue
		}
		visit := func(p int32) {
			c.seen[p], c.p[p] = c.turn, 0
			c.expand(p, out)
			stack = append(stack, frame{p, c.kidAt[p]})
		}
		visit(s)
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			if f.next < c.kidEnd[f.pair] {
				h := c.kids[f.next].head
				f.next++
				if c.seen[h] != c.turn {
					visit(h)
				}
				continue
			}
			c.place[f.pair] = int32(len(c.order))
			c.order = append(c.order, f.pair)
			stack = stack[:len(stack)-1]
		}
		c.p[s] = 1
	}
	for again := true; again; { // once, unless callers and callees form a loop
		again = false
		for i := len(c.order) - 1; i >= 0; i-- {
			t := c.order[i]
			for _, k := range c.kids[c.kidAt[t]:c.kidEnd[t]] {
				if x := c.p[t] * k.n; x > c.p[k.head] {
					c.p[k.head] = x
					again = again || c.place[k.head] >= c.place[t]
				}
			}
		}
	}
	out.parts = make([]part, 0, len(alone)+len(c.order))
	add := func(ent int32, p float64) {
		switch {
		case c.avail[ent].absent():
		case c.entAt[ent] != c.turn:
			c.entAt[ent], c.entPos[ent] = c.turn, int32(len(out.parts))
			out.parts = append(out.parts, part{ent, p})
		default:
			q := &out.parts[c.entPos[ent]].p
			*q = math.Max(*q, p)
		}
	}
	for _, e := range alone {
		add(e, 1)
	}
	for i := len(c.order) - 1; i >= 0; i-- {
		add(g.pairs[c.order[i]].ent, c.p[c.order[i]])
	}
	for i := range out.eithers {
		x := &out.eithers[i]
		x.p = x.n * c.p[x.tail]
	}
	return out
}

// closure is walk with every either resolved.
func (c *closer) closure(seeds []int32, alone ...int32) *closed {
	out := c.walk(seeds, alone...)
	if len(out.eithers) > 0 {
		c.resolve(out)
	}
	return out
}

// resolve evaluates the alternatives of a closure: what all of them need becomes a part, the rest of each is redundant.
func (c *closer) resolve(out *closed) {
	in := make(map[int32]bool, len(out.parts))
	for _, p := range out.parts {
		in[p.ent] = true
	}
	for i := range out.eithers {
		x := &out.eithers[i]
		c.open[x.edge] = true
		for _, a := range x.alts {
			x.subs = append(x.subs, c.closure(a))
		}
		delete(c.open, x.edge)
		c.settle(out, x, in)
	}
}

// settle parts one either whose alternatives are evaluated: in are the parts that the closure has already.
func (c *closer) settle(out *closed, x *either, in map[int32]bool) {
	count := map[int32]int{}
	for _, s := range x.subs {
		for _, p := range s.parts {
			count[p.ent]++
		}
	}
	for _, p := range x.subs[0].parts {
		if count[p.ent] == len(x.subs) && !in[p.ent] {
			in[p.ent] = true
			out.parts = append(out.parts, part{p.ent, x.p * p.p})
		}
	}
	fail := point(1)
	for _, s := range x.subs {
		fail = fail.mul(complement(c.product(s, in)))
	}
	x.rest = complement(fail)
}

// product is the availability of a closure without the parts in skip, independent of each other.
func (c *closer) product(s *closed, skip map[int32]bool) interval {
	a := point(1)
	for _, p := range s.parts {
		if skip != nil && skip[p.ent] {
			continue
		}
		own := &c.avail[p.ent]
		a.lo, a.v, a.hi = times(a.lo, 1-p.p*(1-own.lo)), times(a.v, 1-p.p*(1-own.v)), times(a.hi, 1-p.p*(1-own.hi))
		if own.as != 0 || len(own.needs) > 0 {
			a = a.with(*own, a.lo, a.v, a.hi)
		}
	}
	for i := range s.eithers {
		a = a.mul(needed(s.eithers[i].rest, s.eithers[i].p))
	}
	if len(s.eithers) > 0 {
		a = c.atLeastAllUp(a, s, skip)
	}
	return a
}

// atLeastAllUp raises an availability to the chance that every component of a closure and of its alternatives is up,
// those in skip left out. Alternatives that overlap are not independent: taken as such they may come out below it.
func (c *closer) atLeastAllUp(least interval, s *closed, skip map[int32]bool) interval {
	a, seen := point(1), map[int32]bool{}
	var add func(s *closed)
	add = func(s *closed) {
		for _, p := range s.parts {
			if !skip[p.ent] && !seen[p.ent] {
				seen[p.ent] = true
				a = a.mul(c.avail[p.ent])
			}
		}
		for i := range s.eithers {
			for _, sub := range s.eithers[i].subs {
				add(sub)
			}
		}
	}
	add(s)
	least.lo, least.v, least.hi = max(least.lo, a.lo), max(least.v, a.v), max(least.hi, a.hi)
	return least
}

// needed is the availability of something that only the share p of requests needs.
func needed(a interval, p float64) interval {
	a.lo, a.v, a.hi = 1-p*(1-a.lo), 1-p*(1-a.v), 1-p*(1-a.hi)
	return a
}

// failShare is the share of requests that fail when everything in lost is gone at once.
func (s *closed) failShare(lost func(ent int32) bool) float64 {
	most := 0.0
	for _, p := range s.parts {
		if p.p > most && lost(p.ent) {
			most = p.p
		}
	}
	for i := range s.eithers {
		x := &s.eithers[i]
		all := x.p
		for _, sub := range x.subs {
			all = math.Min(all, x.p*sub.failShare(lost))
		}
		most = math.Max(most, all)
	}
	return most
}

// edges lists the calls and publishes of the last walk that a request needs, by id.
func (c *closer) edges() []int32 {
	var out []int32
	for _, p := range c.order {
		for _, k := range c.kids[c.kidAt[p]:c.kidEnd[p]] {
			out = append(out, k.edge)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
