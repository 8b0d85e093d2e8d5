package facts

import (
	"cmp"
	"math/bits"
	"slices"
)

// coverings finds, per target with multiplied retries, the target whose retrying edges include all of its own, so that
// one finding can speak for both: of equal sets the one with the larger amplification, then the smaller address. The
// edges above a node are among those above what it calls and cannot do without, so only targets without such a callee
// are compared, as bit sets.
func (f *Facts) coverings() []int32 {
	g := f.g
	out := make([]int32, len(g.ents))
	var leaves []int32
	for i := range g.ents {
		out[i] = -1
		if !f.multiplied(int32(i)) {
			continue
		}
		if out[i] = f.heavyCallee(int32(i)); out[i] < 0 {
			leaves = append(leaves, int32(i))
		}
	}
	sets, dense, next := map[int32][]uint64{}, make([]int32, len(g.edges)), int32(0)
	for _, i := range leaves {
		var set []uint64
		f.am.turn++
		f.am.spreadActive(i, func(e int32) {
			id := dense[e]
			if id == 0 {
				next++
				id = next
				dense[e] = id
			}
			for int(id/64) >= len(set) {
				set = append(set, 0)
			}
			set[id/64] |= 1 << (id % 64)
		})
		sets[i] = set
	}
	// Larger sets first; of equal size the larger amplification, then the smaller address: a set is covered by an earlier
	// one or by none.
	size := func(i int32) (n int) {
		for _, w := range sets[i] {
			n += bits.OnesCount64(w)
		}
		return n
	}
	sizes := map[int32]int{}
	for _, i := range leaves {
		sizes[i] = size(i)
	}
	slices.SortFunc(leaves, func(a, b int32) int {
		fa, _ := worst(f.amp[a].f)
		fb, _ := worst(f.amp[b].f)
		return cmp.Or(cmp.Compare(sizes[b], sizes[a]), cmp.Compare(fb.v, fa.v), cmp.Compare(g.ents[a].addr, g.ents[b].addr))
	})
	var roots []int32
	for _, i := range leaves {
		for _, j := range roots {
			if subset(sets[i], sets[j]) {
				out[i] = j
				break
			}
		}
		if out[i] < 0 {
			roots = append(roots, i)
		}
	}
	for i := range out { // follow callees down to the target that speaks
		for hop := 0; out[i] >= 0 && out[out[i]] >= 0 && hop < len(out); hop++ {
			out[i] = out[out[i]]
		}
	}
	return out
}

// multiplied reports whether retries multiply at a target, possibly or certainly, over at least two layers.
func (f *Facts) multiplied(i int32) bool {
	a := f.amp[i]
	if a == nil || a.layers < 2 {
		return false
	}
	w, _ := worst(a.f)
	return !(w.v < f.params.AmplificationWarn) || w.hi >= f.params.AmplificationWarn
}

// heavyCallee is a callee that an entity cannot do without and at which retries multiply at least as much; its edges include
// the entity's own.
func (f *Facts) heavyCallee(i int32) int32 {
	best := int32(-1)
	mine, _ := worst(f.amp[i].f)
	for _, id := range f.g.ents[i].out {
		e := &f.g.edges[id]
		if e.call == nil || !e.hard || !f.multiplied(e.to) || f.g.inLoop(e) || !f.g.always(e) {
			continue
		}
		theirs, _ := worst(f.amp[e.to].f)
		if !(theirs.v >= mine.v) { // perhaps of the same edges: the larger one speaks
			continue
		}
		if best < 0 || f.g.ents[e.to].addr < f.g.ents[best].addr {
			best = e.to
		}
	}
	return best
}

// inLoop reports whether an edge's callee calls back.
func (g *graph) inLoop(e *edge) bool {
	for _, t := range e.tails {
		if site := g.callSite(e); site >= 0 && g.syncComp[site] == g.syncComp[t] {
			return true
		}
	}
	return false
}

// always reports whether every request that somebody waits for uses an edge.
func (g *graph) always(e *edge) bool {
	yes := true
	g.syncPairs(e.from, func(p int32) {
		yes = yes && (!g.hasSyncIn(p) || slices.Contains(e.tails, p))
	})
	return yes
}

// retryEdges are the edges that try again when a target fails, sorted by address.
func (f *Facts) retryEdges(i int32) []int32 {
	am := f.am
	am.turn++
	var out []int32
	am.spreadActive(i, func(e int32) { out = append(out, e) })
	slices.SortFunc(out, func(x, y int32) int { return cmp.Compare(f.g.edges[x].addr, f.g.edges[y].addr) })
	return slices.Compact(out)
}

func subset(a, b []uint64) bool {
	for i, w := range a {
		if w != 0 && (i >= len(b) || w&^b[i] != 0) {
			return false
		}
	}
	return true
}
