package facts

import (
	"math/bits"
)

// way is what a cone asks of a sync arc. Arcs and edges are large and lie apart; ten thousand cones meet each again and
// again.
type way struct {
	w, hi   float64          // requests that go over it for one at its tail, and the most there may be
	m       [classes]float64 // tries
	head    int32
	layers  [classes]int32
	limit   float64 // what the callee's rate limit lets in, NaN for none
	retries bool
	bounded bool // a breaker, a budget or a rate limit bounds what its tries add
}

// multiplies reports whether more than one try may go over a way while the target fails.
func (am *amplifier) multiplies(w *way) bool { return w.retries && am.active[w.head] == am.turn }

// findWays lists the ways, from each pair and by arc, and the callers of each pair.
func (am *amplifier) findWays() {
	g := am.g
	am.wayOf = make([]int32, len(g.arcs))
	am.wayAt, am.callerAt = make([]int32, 1, len(g.pairs)+1), make([]int32, 1, len(g.pairs)+1)
	for p := range int32(len(g.pairs)) {
		for i := g.outAt[p]; i < g.outAt[p+1]; i++ {
			a := &g.arcs[i]
			if am.wayOf[i] = -1; a.async {
				continue
			}
			am.wayOf[i] = int32(len(am.ways))
			w := way{w: a.w, hi: a.hi, head: a.head, retries: a.retries}
			if a.retries {
				e := &g.edges[a.edge]
				w.m, w.limit, w.bounded = e.m, am.admits[e.to], e.bounded
				for k := range classes {
					w.layers[k] = e.layersOf(k)
				}
			}
			am.ways = append(am.ways, w)
		}
		am.wayAt = append(am.wayAt, int32(len(am.ways)))
		for _, k := range g.inArcs(p) {
			if a := &g.arcs[k]; !a.async {
				am.callers = append(am.callers, a.tail)
			}
		}
		am.callerAt = append(am.callerAt, int32(len(am.callers)))
	}
}

// passesFor are the passes that hold for a target: those over the whole graph, or those over its cone.
func (am *amplifier) passesFor(v int32, soft bool) *passes {
	am.turn++
	if !soft {
		if am.all == nil {
			am.all = &passes{order: am.g.syncOrder}
			am.begin(am.all)
		}
		am.turn = am.allTurn
		return am.all
	}
	am.spreadActive(v, nil)
	ps := &am.cone
	ps.order = am.collectCone(v, ps.order[:0])
	*ps = passes{order: ps.order, ways: ps.ways, wayAt: ps.wayAt, depth: ps.depth, endless: ps.endless, scratch: ps.scratch, reuse: true}
	am.begin(ps)
	return ps
}

func (am *amplifier) begin(ps *passes) {
	if ps.endless == nil {
		ps.endless = make([]bool, len(am.g.pairs))
		for k := range classes {
			ps.depth[k] = make([]int32, len(am.g.pairs))
		}
	}
	for _, p := range ps.order {
		ps.endless[p] = false
		for k := range classes {
			ps.depth[k][p] = 0
		}
	}
	if ps == am.all {
		am.allTurn = am.turn
		for p := range am.stamp { // every pair is in, and sees every failure
			am.stamp[p], am.active[p] = am.turn, am.turn
		}
	}
	ps.ways, ps.wayAt = ps.ways[:0], append(ps.wayAt[:0], 0)
	for _, p := range ps.order {
		for i := am.wayAt[p]; i < am.wayAt[p+1]; i++ {
			w := &am.ways[i]
			if am.stamp[w.head] != am.turn {
				continue
			}
			ps.ways = append(ps.ways, i)
			more := am.multiplies(w)
			for k := range classes {
				d := ps.depth[k][p]
				if more {
					d += w.layers[k]
				}
				ps.depth[k][w.head] = max(ps.depth[k][w.head], d)
			}
		}
		ps.wayAt = append(ps.wayAt, int32(len(ps.ways)))
	}
}

// spreadActive marks the pairs that see the failure of a target, up its hard arcs, and lists the edges into them that try
// again, each once.
func (am *amplifier) spreadActive(v int32, list func(edge int32)) {
	g := am.g
	am.queue = am.queue[:0]
	g.syncPairs(v, func(p int32) {
		am.active[p] = am.turn
		am.queue = append(am.queue, p)
	})
	for i := 0; i < len(am.queue); i++ {
		for _, k := range g.inArcs(am.queue[i]) {
			a := &g.arcs[k]
			if list != nil && a.retries {
				list(a.edge)
			}
			if a.hard && am.active[a.tail] != am.turn {
				am.active[a.tail] = am.turn
				am.queue = append(am.queue, a.tail)
			}
		}
	}
}

// collectCone lists the pairs from which sync arcs lead to a target, callers first.
func (am *amplifier) collectCone(v int32, cone []int32) []int32 {
	g := am.g
	last := int32(-1)
	visit := func(p int32) {
		if am.stamp[p] != am.turn {
			am.stamp[p] = am.turn
			cone = append(cone, p)
			word := am.pos[p] / 64
			am.places[word] |= 1 << (am.pos[p] % 64)
			last = max(last, word)
		}
	}
	g.syncPairs(v, visit)
	for i := 0; i < len(cone); i++ {
		for _, tail := range am.callers[am.callerAt[cone[i]]:am.callerAt[cone[i]+1]] {
			visit(tail)
		}
	}
	cone = cone[:0]
	for word := range last + 1 { // a set of places is in order already
		for rest := am.places[word]; rest != 0; rest &= rest - 1 {
			cone = append(cone, g.syncOrder[word*64+int32(bits.TrailingZeros64(rest))])
		}
		am.places[word] = 0
	}
	return cone
}
