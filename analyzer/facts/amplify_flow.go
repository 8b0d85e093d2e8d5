package facts

import (
	"math"
	"slices"
	"sort"
)

// fill computes one pass of a kind unless it is there: base at the pairs where requests start, each edge into a pair
// that sees the failure multiplied by its tries of class k.
func (am *amplifier) fill(ps *passes, into *[classes][]float64, k int, base []float64) {
	if into[k] != nil {
		return
	}
	for j := range k {
		if into[j] != nil && am.sameTries(ps, j, k) {
			into[k] = into[j]
			return
		}
	}
	into[k] = am.flow(ps, base, func(w *way) float64 { return w.m[k] })
}

// sameTries reports whether no edge that a pass multiplies tells two classes apart.
func (am *amplifier) sameTries(ps *passes, j, k int) bool {
	if !am.apart[j][k] {
		return true
	}
	if ps.same[j][k] == 0 {
		ps.same[j][k] = 1
		if am.tellsApart(ps, j, k) {
			ps.same[j][k] = -1
		}
	}
	return ps.same[j][k] > 0
}

func (am *amplifier) tellsApart(ps *passes, j, k int) bool {
	return slices.ContainsFunc(ps.ways, func(i int32) bool {
		w := &am.ways[i]
		return w.m[j] != w.m[k] && am.multiplies(w)
	})
}

// limits counts the entries whose limit admits no more than a capacity; targets with the same count share a calm pass.
func (am *amplifier) limits(capacity float64) int {
	return sort.Search(len(am.admitted), func(i int) bool { return am.admitted[i] > capacity })
}

// calm is a pass in which edges with a breaker, a budget or a rate limit do not multiply, nor those into an entry whose
// limit is among the lowest ones (0: no entry counts).
func (am *amplifier) calm(ps *passes, k, lowest int) []float64 {
	if ps.calmLimit != lowest {
		ps.calm, ps.calmLimit = [classes][]float64{}, lowest
	}
	if ps.calm[k] == nil {
		am.fillCalm(ps, k, lowest)
	}
	return ps.calm[k]
}

func (am *amplifier) fillCalm(ps *passes, k, lowest int) {
	for j := range k {
		if ps.calm[j] != nil && am.sameTries(ps, j, k) {
			ps.calm[k] = ps.calm[j]
			return
		}
	}
	most := math.Inf(-1)
	if lowest > 0 {
		most = am.admitted[lowest-1]
	}
	ps.calm[k] = am.flow(ps, am.r.v, func(w *way) float64 {
		if w.bounded || w.limit <= most {
			return 1
		}
		return w.m[k]
	})
}

// flow sends base down the pairs of a pass.
func (am *amplifier) flow(ps *passes, base []float64, m func(*way) float64) []float64 {
	g := am.g
	x := ps.buffer(len(g.pairs))
	for _, p := range ps.order {
		if !g.hasSyncIn(p) {
			x[p] = base[p]
		}
	}
	weight := func(w *way) float64 {
		if am.multiplies(w) {
			return times(w.w, m(w))
		}
		return w.w
	}
	for i := 0; i < len(ps.order); {
		j, c := i+1, g.syncComp[ps.order[i]]
		for j < len(ps.order) && g.syncComp[ps.order[j]] == c {
			j++
		}
		members := ps.order[i:j]
		endless := false
		for _, p := range members {
			endless = endless || ps.endless[p]
		}
		if (j > i+1 || g.selfArc(members[0])) && !g.solve(members, g.syncComp, x, func(arc int32) float64 {
			if at := am.wayOf[arc]; at >= 0 && am.stamp[am.ways[at].head] == am.turn {
				return weight(&am.ways[at])
			}
			return 0
		}) {
			endless = true
		}
		for n, p := range members {
			ps.endless[p] = endless
			for _, k := range ps.ways[ps.wayAt[i+n]:ps.wayAt[i+n+1]] {
				w := &am.ways[k]
				if g.syncComp[w.head] == c {
					continue
				}
				ps.endless[w.head] = ps.endless[w.head] || endless
				if x[p] != 0 {
					x[w.head] += times(x[p], weight(w))
				}
			}
		}
		i = j
	}
	return x
}

// pathBounds are the least and the greatest product of tries along one path to a target.
func (am *amplifier) pathBounds(ps *passes, v int32, k int) (lo, hi float64) {
	g := am.g
	for j := range k {
		if ps.lo[k] == nil && ps.lo[j] != nil && am.sameTries(ps, j, k) {
			ps.lo[k], ps.hi[k] = ps.lo[j], ps.hi[j]
		}
	}
	if ps.lo[k] == nil {
		ps.lo[k], ps.hi[k] = ps.buffer(len(g.pairs)), ps.buffer(len(g.pairs))
		for _, p := range ps.order {
			ps.lo[k][p] = inf
			if !g.hasSyncIn(p) {
				ps.lo[k][p], ps.hi[k][p] = 1, 1
			}
		}
		for n, p := range ps.order {
			if !(ps.hi[k][p] > 0) {
				continue
			}
			for _, i := range ps.ways[ps.wayAt[n]:ps.wayAt[n+1]] {
				w := &am.ways[i]
				if !(w.hi > 0) {
					continue
				}
				m := 1.0
				if am.multiplies(w) {
					m = w.m[k]
				}
				ps.lo[k][w.head] = math.Min(ps.lo[k][w.head], ps.lo[k][p]*m)
				ps.hi[k][w.head] = math.Max(ps.hi[k][w.head], ps.hi[k][p]*m)
			}
		}
	}
	lo, hi = inf, 1
	g.syncPairs(v, func(p int32) { lo, hi = math.Min(lo, ps.lo[k][p]), math.Max(hi, ps.hi[k][p]) })
	return math.Min(lo, hi), hi
}

// unit are the rates if every source of requests sent one per second.
func (am *amplifier) unit() []float64 {
	if am.units != nil {
		return am.units
	}
	g := am.g
	seed := make([]float64, len(g.pairs))
	for p := range g.pairs {
		if k := g.pairs[p].kind; k == pairSource || k == pairPlain && len(g.inArcs(int32(p))) == 0 {
			seed[p] = 1
		}
	}
	am.units = g.spread(seed, make([]bool, len(seed)), func(a *arc) float64 { return a.w })
	return am.units
}

func (g *graph) hasSyncIn(p int32) bool { return g.waited[p] }

func (g *graph) selfArc(p int32) bool { return g.selfCall[p] }
