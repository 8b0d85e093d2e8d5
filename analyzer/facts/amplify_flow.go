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
	into[k] = am.flow(ps, base, func(e *edge) float64 { return e.m[k] })
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
	return slices.ContainsFunc(ps.arcs, func(i int32) bool {
		a := &am.g.arcs[i]
		return am.multiplies(a) && am.g.edges[a.edge].m[j] != am.g.edges[a.edge].m[k]
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
	ps.calm[k] = am.flow(ps, am.r.v, func(e *edge) float64 {
		if e.bounded || am.admits[e.to] <= most {
			return 1
		}
		return e.m[k]
	})
}

// flow sends base down the pairs of a pass.
func (am *amplifier) flow(ps *passes, base []float64, m func(*edge) float64) []float64 {
	g := am.g
	x := ps.buffer(len(g.pairs))
	for _, p := range ps.order {
		if !g.hasSyncIn(p) {
			x[p] = base[p]
		}
	}
	weight := func(k int32) float64 {
		a := &g.arcs[k]
		switch {
		case a.async || am.stamp[a.head] != am.turn:
			return 0
		case am.multiplies(a):
			return times(a.w, m(&g.edges[a.edge]))
		}
		return a.w
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
		if (j > i+1 || g.selfArc(members[0])) && !g.solve(members, g.syncComp, x, weight) {
			endless = true
		}
		for n, p := range members {
			ps.endless[p] = endless
			for _, k := range ps.arcs[ps.arcAt[i+n]:ps.arcAt[i+n+1]] {
				h := g.arcs[k].head
				if g.syncComp[h] == c {
					continue
				}
				ps.endless[h] = ps.endless[h] || endless
				if x[p] != 0 {
					x[h] += times(x[p], weight(k))
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
			for _, i := range ps.arcs[ps.arcAt[n]:ps.arcAt[n+1]] {
				a := &g.arcs[i]
				if !(a.hi > 0) {
					continue
				}
				m := 1.0
				if am.multiplies(a) {
					m = g.edges[a.edge].m[k]
				}
				ps.lo[k][a.head] = math.Min(ps.lo[k][a.head], ps.lo[k][p]*m)
				ps.hi[k][a.head] = math.Max(ps.hi[k][a.head], ps.hi[k][p]*m)
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
