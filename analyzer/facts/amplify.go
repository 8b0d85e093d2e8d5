package facts

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// amplification is what Q1 says of one failing target.
type amplification struct {
	f      [classes]interval // F(v,k): attempts per request when the target fails in class k
	load   [classes]interval // L(v,k): attempts per second then
	layers int               // most layers on one path to the target that try the same class again
	stable interval          // L with what breakers, budgets and limits bound taken out (metastability test)
}

// worst is F or L of the class in which it is largest, and that class.
func worst(x [classes]interval) (interval, int) {
	k := 0
	for i := 1; i < classes; i++ {
		if x[i].v > x[k].v {
			k = i
		}
	}
	return x[k], k
}

// amplifier computes Q1. Where no soft edge lies above a target, every pair above it sees its failure, so that what
// reaches the target follows from one pass over the whole graph that all such targets share. Below a soft edge only
// part of the graph sees the failure, and the target's own upstream cone is walked. A target above which nothing tries
// again costs nothing.
type amplifier struct {
	g *graph
	r *rates
	k *marks

	softAbove  []bool    // per pair: a fallback lies on some way to it
	limitAbove []bool    // per pair: a rate limit does
	unsure     []bool    // per pair: an edge of which nobody knows whether it tries again does
	admits     []float64 // per entity: what its rate limit lets in, NaN for none
	pos        []int32   // place of a pair in syncOrder
	ways       []way     // the sync arcs: those from pair p are ways[wayAt[p]:wayAt[p+1]]
	wayAt      []int32
	wayOf      []int32 // by arc, -1 for one of messages
	callers    []int32 // tails of sync arcs: those into pair p are callers[callerAt[p]:callerAt[p+1]]
	callerAt   []int32

	admitted []float64              // the distinct limits, ascending
	apart    [classes][classes]bool // whether some edge tries two classes differently

	all  *passes // over the whole graph
	cone passes  // over one target's cone

	turn    int32
	allTurn int32
	stamp   []int32 // of the last turn in which a pair was in the cone
	active  []int32 // of the last turn in which a pair saw the failure
	queue   []int32
	places  []uint64 // the cone at hand as a set of places in syncOrder, empty between cones
	units   []float64
}

// passes are flows over a set of pairs: requests per second by known rates and by equal ones, with every edge into a
// pair that sees the failure multiplied by its tries; bounds of the product along one path; retrying layers.
type passes struct {
	order     []int32
	ways      []int32 // the amplifier's ways between these pairs: those from order[i] are ways[wayAt[i]:wayAt[i+1]]
	wayAt     []int32
	byRate    [classes][]float64
	byUnit    [classes][]float64 // nil until some rate is missing
	lo, hi    [classes][]float64 // nil until some rate is missing
	depth     [classes][]int32
	calm      [classes][]float64     // byRate with m = 1 on bounded edges; nil until a capacity is known
	calmLimit int                    // how many of the lowest limits count in it
	same      [classes][classes]int8 // whether two classes are tried alike: 0 not looked at, 1 yes, -1 no
	endless   []bool
	scratch   [][]float64 // buffers of earlier cones, where these may be used again
	used      int
	reuse     bool
}

// buffer is a zeroed array over all pairs; of a cone only its own pairs are zeroed.
func (ps *passes) buffer(n int) []float64 {
	if !ps.reuse {
		return make([]float64, n)
	}
	if ps.used == len(ps.scratch) {
		ps.scratch = append(ps.scratch, make([]float64, n))
	}
	x := ps.scratch[ps.used]
	ps.used++
	for _, p := range ps.order {
		x[p] = 0
	}
	return x
}

func newAmplifier(g *graph, r *rates, k *marks) *amplifier {
	n := len(g.pairs)
	am := &amplifier{
		g: g, r: r, k: k, softAbove: make([]bool, n), limitAbove: make([]bool, n), unsure: make([]bool, n),
		pos: make([]int32, n), places: make([]uint64, n/64+1), stamp: make([]int32, n), active: make([]int32, n), admits: make([]float64, len(g.ents)),
	}
	for i, p := range g.syncOrder {
		am.pos[p] = int32(i)
	}
	for i := range g.ents {
		if am.admits[i] = admitted(g.ents[i].of); !math.IsNaN(am.admits[i]) {
			am.admitted = append(am.admitted, am.admits[i])
		}
	}
	slices.Sort(am.admitted)
	am.admitted = slices.Compact(am.admitted)
	for i := range g.arcs {
		a := &g.arcs[i]
		if a.async || a.edge < 0 {
			continue
		}
		e := &g.edges[a.edge]
		am.softAbove[a.head] = am.softAbove[a.head] || !e.hard
		am.unsure[a.head] = am.unsure[a.head] || e.unsure
		am.limitAbove[a.head] = am.limitAbove[a.head] || !math.IsNaN(am.admits[e.to])
		for k := range classes {
			for j := range k {
				am.apart[j][k] = am.apart[j][k] || e.m[j] != e.m[k]
			}
		}
	}
	am.findWays()
	sync := func(a *arc) bool { return !a.async }
	g.down(am.softAbove, sync)
	g.down(am.unsure, sync)
	g.down(am.limitAbove, sync)
	return am
}

// targets computes the amplification at every entity, nil where nobody waits for one: first those that share a pass.
func (am *amplifier) targets(capacity []interval) []*amplification {
	out := make([]*amplification, len(am.g.ents))
	var shared, alone []int32
	for i := range am.g.ents {
		if am.anyPair(int32(i), am.softAbove) {
			alone = append(alone, int32(i))
		} else {
			shared = append(shared, int32(i))
		}
	}
	slices.SortStableFunc(shared, func(a, b int32) int { // so that neighbours share calm passes too
		return cmp.Compare(am.limits(capacity[a].v), am.limits(capacity[b].v))
	})
	var walks sync.WaitGroup
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0)-1, len(alone)/fewTargets) {
		own := am.fork()  // here: this goroutine goes on with am
		walks.Go(func() { // cones share nothing, and walking them takes most of what facts take of a large system
			for i := int(next.Add(1)) - 1; i < len(alone); i = int(next.Add(1)) - 1 {
				out[alone[i]] = own.target(alone[i], true, capacity[alone[i]])
			}
		})
	}
	for _, i := range shared {
		out[i] = am.target(i, false, capacity[i])
	}
	for i := int(next.Add(1)) - 1; i < len(alone); i = int(next.Add(1)) - 1 {
		out[alone[i]] = am.target(alone[i], true, capacity[alone[i]])
	}
	walks.Wait()
	return out
}

// fewTargets is how many cones are worth the buffers of another walker.
const fewTargets = 256

// fork is an amplifier over the same graph with buffers of its own.
func (am *amplifier) fork() *amplifier {
	own := *am
	own.stamp, own.active = make([]int32, len(am.stamp)), make([]int32, len(am.active))
	own.places = make([]uint64, len(am.places))
	own.all, own.cone, own.queue, own.units, own.turn = nil, passes{}, nil, nil, 0
	return &own
}

func (am *amplifier) anyPair(v int32, mark []bool) (yes bool) {
	am.g.syncPairs(v, func(p int32) { yes = yes || mark[p] })
	return yes
}

func (am *amplifier) target(v int32, soft bool, capacity interval) *amplification {
	g := am.g
	called, retried, unsure, limited := false, am.anyPair(v, am.k.retryAbove), am.anyPair(v, am.unsure), am.anyPair(v, am.limitAbove)
	g.syncPairs(v, func(p int32) { called = called || g.hasSyncIn(p) })
	if !called {
		return nil
	}
	out := &amplification{}
	rate := am.rateOf(v)
	out.stable = rate
	if !retried && !unsure {
		for k := range classes {
			out.f[k], out.load[k] = point(1), rate
		}
		return out
	}
	ps := am.passesFor(v, soft)
	for k := range classes {
		got := 0.0
		out.f[k], got = am.factor(ps, v, k, unsure)
		out.load[k] = loadOf(out.f[k], rate, got)
	}
	for k := range classes {
		g.syncPairs(v, func(p int32) { out.layers = max(out.layers, int(ps.depth[k][p])) })
	}
	if !capacity.known() || rate.v < capacity.v {
		limit := 0
		if limited && capacity.known() { // else nobody knows whether what a limit admits is too much
			limit = am.limits(capacity.v)
		}
		for k := range classes {
			if sum := am.sum(am.calm(ps, k, limit), v); sum > out.stable.v {
				out.stable.v = sum
				out.stable.lo, out.stable.hi = math.Max(out.stable.lo, sum), math.Max(out.stable.hi, sum)
			}
		}
	}
	return out
}

// rateOf is what callers send to an entity, without messages.
func (am *amplifier) rateOf(v int32) interval {
	sum := zero
	sum.v = nan
	am.g.syncPairs(v, func(p int32) { sum = sumRates(sum, am.r.rate(am.g, p)) })
	return sum
}

func (am *amplifier) sum(x []float64, v int32) (sum float64) {
	am.g.syncPairs(v, func(p int32) { sum += x[p] })
	return sum
}

// factor is F(v,k) and the load behind it. With sources of unknown rate F lies between the least and the greatest
// product along a path, and is valued at the known rates, or at equal ones if none is known.
func (am *amplifier) factor(ps *passes, v int32, k int, unsure bool) (f interval, got float64) {
	am.fill(ps, &ps.byRate, k, am.r.v)
	got, plain := am.sum(ps.byRate[k], v), am.sum(am.r.v, v)
	value := got
	if !(plain > 0) {
		unit := am.unit()
		am.fill(ps, &ps.byUnit, k, unit)
		value, plain = am.sum(ps.byUnit[k], v), am.sum(unit, v)
	}
	f = point(1)
	if plain > 0 {
		f = point(math.Max(1, value/plain))
	}
	endless, open := false, false
	am.g.syncPairs(v, func(p int32) {
		endless = endless || ps.endless[p]
		open = open || am.r.source[p] >= 0
	})
	if open {
		lo, hi := am.pathBounds(ps, v, k)
		f.lo, f.hi = math.Min(lo, f.v), math.Max(hi, f.v)
	}
	if endless || unsure {
		f.hi = inf
	}
	if endless {
		f.v = nan
	}
	return f, got
}

// loadOf is L(v,k): got, the known part, is its value and, by the share of the rate that is certain, its lower bound.
func loadOf(f, rate interval, got float64) interval {
	out := rate.mul(f)
	if rate.known() && rate.v > 0 && f.known() {
		out.v = got
		out.lo = got * rate.lo / rate.v
		out.hi = math.Max(out.hi, got)
	}
	return out
}
