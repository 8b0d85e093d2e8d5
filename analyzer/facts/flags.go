package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// marks are yes/no properties of pairs and entities that spread along arcs.
type marks struct {
	waits      []bool // per pair: a user waits for it: a client that is no scheduler reaches it over sync arcs
	user       []bool // per pair: the same, or it acts on what such a trigger publishes
	financial  []bool // per pair: it, or something downstream, writes a store of financial data
	retryAbove []bool // per pair: some edge on a sync path to it tries again
	retryBelow []bool // per pair: some edge on a sync path from it tries again
	step       []bool // per entity: the service of a step of a transaction
	reachStep  []bool // per pair: it or something it calls is such a service
}

func (g *graph) mark() *marks {
	n := len(g.pairs)
	k := &marks{
		waits: make([]bool, n), user: make([]bool, n), financial: make([]bool, n), retryAbove: make([]bool, n),
		retryBelow: make([]bool, n), step: make([]bool, len(g.ents)), reachStep: make([]bool, n),
	}
	for _, t := range g.m.Transactions {
		for _, s := range t.Steps {
			if i := g.ent(s.In.V); i >= 0 {
				k.step[i] = true
			}
		}
	}
	for p := range g.pairs {
		x := &g.ents[g.pairs[p].ent]
		if c, ok := x.of.(*model.Client); ok && c.ClientKind.Or("") != "scheduler" {
			k.waits[p] = true
		}
		k.reachStep[p] = k.step[g.pairs[p].ent] && g.pairs[p].kind != pairConsume
	}
	sync := func(a *arc) bool { return !a.async }
	g.down(k.waits, sync)
	copy(k.user, k.waits)
	g.down(k.user, func(a *arc) bool { // what a user's trigger publishes, and so on along the chain of messages
		return a.edge < 0 || g.edges[a.edge].pub != nil
	})
	for i := range g.arcs {
		a := &g.arcs[i]
		if a.edge < 0 || g.edges[a.edge].call == nil {
			continue
		}
		if e := &g.edges[a.edge]; e.attempts() > 1 && !a.async {
			k.retryAbove[a.head], k.retryBelow[a.tail] = true, true
		}
		if d, ok := g.ents[g.pairs[a.head].ent].of.(*model.Datastore); ok && financialData(d) &&
			g.edges[a.edge].call.Access.Or("") == "write" {
			k.financial[a.tail] = true
			k.financial[a.head] = true
		}
	}
	g.down(k.retryAbove, sync)
	g.up(k.retryBelow, sync)
	g.up(k.financial, func(*arc) bool { return true })
	g.up(k.reachStep, sync)
	return k
}

func financialData(d *model.Datastore) bool {
	return d.Data.Has() && slices.Contains(d.Data.V, "financial")
}

// down spreads a mark from tails to heads of the arcs that follow keeps, up the other way.
func (g *graph) down(mark []bool, follow func(*arc) bool) {
	g.reach(mark, func(p int32, visit func(int32)) {
		for i := range g.outArcs(p) {
			if a := &g.outArcs(p)[i]; follow(a) {
				visit(a.head)
			}
		}
	})
}

func (g *graph) up(mark []bool, follow func(*arc) bool) {
	g.reach(mark, func(p int32, visit func(int32)) {
		for _, k := range g.inArcs(p) {
			if a := &g.arcs[k]; follow(a) {
				visit(a.tail)
			}
		}
	})
}

func (g *graph) reach(mark []bool, next func(p int32, visit func(int32))) {
	var queue []int32
	for p := range mark {
		if mark[p] {
			queue = append(queue, int32(p))
		}
	}
	for len(queue) > 0 {
		p := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		next(p, func(q int32) {
			if !mark[q] {
				mark[q] = true
				queue = append(queue, q)
			}
		})
	}
}

// anyPair reports whether a mark holds for a pair of an entity, consume triggers left out where they do not count.
func (g *graph) anyPair(e int32, mark []bool, consumes bool) bool {
	for p := g.ents[e].first; p < g.ents[e].last; p++ {
		if mark[p] && (consumes || g.pairs[p].kind != pairConsume) {
			return true
		}
	}
	return false
}
