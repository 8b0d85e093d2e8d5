package facts

import (
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// rates are the results of Q0, per pair: requests per second with bounds. An unknown rate is [0, ∞) and adds nothing to
// lower bound and value; it is a value only where something with a stated rate reaches the pair.
type rates struct {
	lo, v, hi []float64
	known     []bool  // something with a stated rate reaches the pair
	source    []int32 // an entity whose unknown rate reaches the pair, -1 for none
	unbounded []bool  // a loop in which every message makes one or more of its kind
}

// rate is the rate of a pair.
func (r *rates) rate(g *graph, p int32) interval {
	out := interval{lo: r.lo[p], v: r.v[p], hi: r.hi[p]}
	if !r.known[p] || r.unbounded[p] {
		out.v, out.hi = nan, inf
	}
	if s := r.source[p]; s >= 0 {
		out.hi = inf
		if x := &g.ents[s]; x.kind == model.KindClient || x.kind == model.KindExternal {
			out.needs = []string{string(x.addr) + ".rps"}
		}
	}
	return out
}

// solveRates computes Q0: sums along arcs in topological order, linear systems where triggers feed each other.
func solveRates(g *graph) *rates {
	n := len(g.pairs)
	r := &rates{
		lo: make([]float64, n), v: make([]float64, n), hi: make([]float64, n),
		known: make([]bool, n), source: make([]int32, n), unbounded: make([]bool, n),
	}
	for p := range n {
		r.source[p] = -1
		g.seed(int32(p), r)
	}
	g.flood(r)
	exact := true
	for i := range g.arcs {
		if a := &g.arcs[i]; a.lo != a.w || a.hi != a.w {
			exact = false
			break
		}
	}
	seed := r.v
	r.v = g.spread(seed, r.unbounded, func(a *arc) float64 { return a.w })
	if slices.Contains(r.unbounded, true) { // nothing bounds what a runaway loop sends on
		for p := range n {
			if r.unbounded[p] {
				r.source[p] = g.pairs[p].ent
			}
		}
		g.flood(r)
	}
	if exact {
		r.lo, r.hi = r.v, r.v
		return r
	}
	r.lo = g.spread(seed, nil, func(a *arc) float64 { return a.lo })
	r.hi = g.spread(seed, nil, func(a *arc) float64 { return a.hi })
	return r
}

// seed states what is known before anything flows: rps of clients and externals, nothing for what only a fallback
// reaches, an unknown rate for what nothing reaches.
func (g *graph) seed(p int32, r *rates) {
	x := &g.ents[g.pairs[p].ent]
	switch g.pairs[p].kind {
	case pairSource:
		rps := model.Value[float64]{}
		switch e := x.of.(type) {
		case *model.Client:
			rps = e.RPS
		case *model.External:
			rps = e.RPS
		}
		if rps.Has() {
			r.v[p], r.known[p] = rps.V, true
		} else {
			r.source[p] = g.pairs[p].ent
		}
	case pairPlain:
		if len(g.inArcs(p)) == 0 {
			if r.known[p] = x.fallback; !x.fallback {
				r.source[p] = g.pairs[p].ent
			}
		}
	}
}

// flood carries along all arcs whether something known and something unknown arrives; in a loop, what reaches one member
// reaches all.
func (g *graph) flood(r *rates) {
	for i := 0; i < len(g.allOrder); {
		j, c := i+1, g.allComp[g.allOrder[i]]
		for j < len(g.allOrder) && g.allComp[g.allOrder[j]] == c {
			j++
		}
		members := g.allOrder[i:j]
		known, source := false, int32(-1)
		for _, p := range members {
			known = known || r.known[p]
			if source < 0 {
				source = r.source[p]
			}
		}
		for _, p := range members {
			r.known[p], r.source[p] = known, source
			for k := g.outAt[p]; k < g.outAt[p+1]; k++ {
				a := &g.arcs[k]
				if !(a.hi > 0) {
					continue
				}
				r.known[a.head] = r.known[a.head] || known
				if r.source[a.head] < 0 {
					r.source[a.head] = source
				}
			}
		}
		i = j
	}
}

// spread solves λ = seed + Gᵀλ with the weights of arcs. unbounded, if not nil, is set for pairs of components whose
// spectral radius is 1 or more; they keep what flows in from outside.
func (g *graph) spread(seed []float64, unbounded []bool, weight func(*arc) float64) []float64 {
	x := slices.Clone(seed)
	g.spreadIn(x, unbounded, weight)
	return x
}

// spreadIn is spread in place: x holds the seed, then the solution.
func (g *graph) spreadIn(x []float64, unbounded []bool, weight func(*arc) float64) {
	for i := 0; i < len(g.allOrder); {
		j, c := i+1, g.allComp[g.allOrder[i]]
		for j < len(g.allOrder) && g.allComp[g.allOrder[j]] == c {
			j++
		}
		members := g.allOrder[i:j]
		if unbounded == nil && !slices.ContainsFunc(members, func(p int32) bool { return x[p] != 0 }) {
			i = j
			continue // nothing comes here
		}
		if !g.solve(members, g.allComp, x, func(k int32) float64 { return weight(&g.arcs[k]) }) && unbounded != nil {
			for _, p := range members {
				unbounded[p] = true
			}
		}
		for _, p := range members {
			if x[p] == 0 {
				continue
			}
			for k := g.outAt[p]; k < g.outAt[p+1]; k++ {
				if a := &g.arcs[k]; g.allComp[a.head] != c {
					x[a.head] += times(x[p], weight(a))
				}
			}
		}
		i = j
	}
}

// denseLimit is the size of a component up to which it is solved exactly; larger ones are iterated.
const denseLimit = 300

// solve replaces x of the members of one component, holding what flows in from outside, by the solution of
// (I−Gᵀ)λ = x over the arcs inside. It reports false, and leaves x, if the loop feeds itself without bound: for a
// matrix without negative entries that is so exactly if elimination meets a pivot that is not positive.
func (g *graph) solve(members []int32, comp []int32, x []float64, weight func(arc int32) float64) bool {
	if len(members) == 1 {
		p := members[0]
		self := 0.0
		for k := g.outAt[p]; k < g.outAt[p+1]; k++ {
			if g.arcs[k].head == p {
				self += weight(k)
			}
		}
		switch {
		case self == 0:
			return true
		case self >= 1-1e-12:
			return false
		}
		x[p] /= 1 - self
		return true
	}
	if len(members) > denseLimit {
		return g.iterate(members, comp, x, weight)
	}
	n := len(members)
	at := make(map[int32]int, n)
	for i, p := range members {
		at[p] = i
	}
	a := make([]float64, n*(n+1))
	for i, p := range members {
		a[i*(n+1)+i] += 1
		a[i*(n+1)+n] = x[p]
		for k := g.outAt[p]; k < g.outAt[p+1]; k++ {
			if j, ok := at[g.arcs[k].head]; ok && comp[g.arcs[k].head] == comp[p] {
				a[j*(n+1)+i] -= weight(k)
			}
		}
	}
	for i := range n {
		pivot := a[i*(n+1)+i]
		if !(pivot > 1e-9) {
			return false
		}
		for r := range n {
			if f := a[r*(n+1)+i] / pivot; r != i && f != 0 {
				for c := i; c <= n; c++ {
					a[r*(n+1)+c] -= f * a[i*(n+1)+c]
				}
			}
		}
	}
	for i, p := range members {
		x[p] = a[i*(n+1)+n] / a[i*(n+1)+i]
	}
	return true
}

// iterate is solve for large components: repeated substitution, unbounded if it does not settle.
func (g *graph) iterate(members []int32, comp []int32, x []float64, weight func(arc int32) float64) bool {
	base := make([]float64, len(members))
	for i, p := range members {
		base[i] = x[p]
	}
	for range 2000 {
		change := 0.0
		for i, p := range members {
			sum := base[i]
			for _, k := range g.inArcs(p) {
				if t := g.arcs[k].tail; comp[t] == comp[p] {
					sum += times(x[t], weight(k))
				}
			}
			change = math.Max(change, math.Abs(sum-x[p])/math.Max(sum, 1e-300))
			x[p] = sum
		}
		if change < 1e-12 {
			return true
		}
	}
	for i, p := range members {
		x[p] = base[i]
	}
	return false
}
