package facts

import (
	"cmp"
	"math/bits"
	"slices"
)

// way is what a cone asks of a sync arc. Arcs and edges are large and lie apart; ten thousand cones meet each again and
// again.
type way struct {
	arc, head int32
	retries   bool
	layers    [classes]int32
}

func (am *amplifier) findWays() {
	g := am.g
	am.wayAt, am.callerAt = make([]int32, 1, len(g.pairs)+1), make([]int32, 1, len(g.pairs)+1)
	for p := range int32(len(g.pairs)) {
		for i := g.outAt[p]; i < g.outAt[p+1]; i++ {
			a := &g.arcs[i]
			if a.async {
				continue
			}
			w := way{arc: i, head: a.head, retries: a.retries}
			for k := range classes {
				if a.retries {
					w.layers[k] = g.edges[a.edge].layersOf(k)
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
	*ps = passes{order: ps.order, arcs: ps.arcs, arcAt: ps.arcAt, depth: ps.depth, endless: ps.endless, scratch: ps.scratch, reuse: true}
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
	ps.arcs, ps.arcAt = ps.arcs[:0], append(ps.arcAt[:0], 0)
	for _, p := range ps.order {
		for i := am.wayAt[p]; i < am.wayAt[p+1]; i++ {
			w := &am.ways[i]
			if am.stamp[w.head] != am.turn {
				continue
			}
			ps.arcs = append(ps.arcs, w.arc)
			for k := range classes {
				d := ps.depth[k][p]
				if w.retries && am.active[w.head] == am.turn {
					d += w.layers[k]
				}
				ps.depth[k][w.head] = max(ps.depth[k][w.head], d)
			}
		}
		ps.arcAt = append(ps.arcAt, int32(len(ps.arcs)))
	}
}

// multiplies reports whether more than one try may go over an arc while the target fails.
func (am *amplifier) multiplies(a *arc) bool { return a.retries && am.active[a.head] == am.turn }

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
	last := int32(0)
	visit := func(p int32) {
		if am.stamp[p] != am.turn {
			am.stamp[p] = am.turn
			cone = append(cone, p)
			last = max(last, am.pos[p])
		}
	}
	g.syncPairs(v, visit)
	for i := 0; i < len(cone); i++ {
		for _, tail := range am.callers[am.callerAt[cone[i]]:am.callerAt[cone[i]+1]] {
			visit(tail)
		}
	}
	if len(cone)*bits.Len(uint(len(cone))) < int(last) { // sorting a small cone is shorter than the way past all pairs
		slices.SortFunc(cone, func(p, q int32) int { return cmp.Compare(am.pos[p], am.pos[q]) })
		return cone
	}
	cone = cone[:0]
	for _, p := range g.syncOrder[:last+1] {
		if am.stamp[p] == am.turn {
			cone = append(cone, p)
		}
	}
	return cone
}
