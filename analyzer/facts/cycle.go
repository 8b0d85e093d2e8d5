package facts

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// CycleFacts is a loop: components that call each other in a circle, or messages that cause each other.
type CycleFacts struct {
	Waits      Flag     `fact:"waits" doc:"its members wait for each other: a loop of calls; else a loop of messages"`
	Level      Word     `fact:"level" doc:"trigger: the operations themselves form the loop; possible: they do if a caller that names no operation means one of them; service: only the services do"`
	Members    []string `fact:"members" doc:"its nodes, topics and queues, sorted"`
	Edges      []string `fact:"edges" doc:"calls, publishes and consumes between them, sorted"`
	Size       Num      `fact:"size" unit:"count" doc:"members"`
	Gain       Num      `fact:"gain" unit:"count" doc:"requests or messages of its own kind that one causes on one way round, tries included"`
	UserFacing Flag     `fact:"user_facing" doc:"a user waits for a member"`
	Teams      []string `fact:"teams" doc:"teams of its members"`
}

// maxNamed is how many members an address of a cycle spells out; the rest is counted.
const maxNamed = 12

// cycle is a loop found.
type cycle struct {
	addr  model.Addr
	sync  bool
	level string
	ents  []int32 // members
	arcs  []int32
	gain  float64
}

// cycles finds the loops of calls and, apart from them, those of messages (Q8). A loop of services whose operations form
// none is reported one level lower.
func (f *Facts) cycles() []cycle {
	g := f.g
	var out []cycle
	isSync := func(a *arc) bool { return !a.async && a.edge >= 0 && g.edges[a.edge].call != nil }
	_, certain := g.condense(func(a *arc) bool { return isSync(a) && !a.maybe })
	sure := map[int32]bool{} // entities in a certain loop
	for _, c := range g.loops(certain, func(a *arc) bool { return isSync(a) && !a.maybe }) {
		c.sync, c.level = true, "trigger"
		for _, e := range c.ents {
			sure[e] = true
		}
		out = append(out, c)
	}
	_, possible := g.condense(isSync)
	for _, c := range g.loops(possible, isSync) {
		if !slices.ContainsFunc(c.ents, func(e int32) bool { return sure[e] }) {
			c.sync, c.level = true, "possible"
			for _, e := range c.ents {
				sure[e] = true
			}
			out = append(out, c)
		}
	}
	for _, c := range g.serviceLoops() {
		if !slices.ContainsFunc(c.ents, func(e int32) bool { return sure[e] }) {
			out = append(out, c)
		}
	}
	all := func(*arc) bool { return true }
	for _, c := range g.loops(g.allComp, all) {
		if slices.ContainsFunc(c.arcs, func(k int32) bool { return g.arcs[k].edge < 0 }) { // it runs over a channel
			c.level = "trigger"
			out = append(out, c)
		}
	}
	for i := range out {
		out[i].name(g)
	}
	slices.SortFunc(out, func(a, b cycle) int { return strings.Compare(string(a.addr), string(b.addr)) })
	return out
}

// loops are the components with a loop, with the arcs inside.
func (g *graph) loops(comp []int32, keep func(*arc) bool) []cycle {
	size := make([]int32, len(comp))
	for _, c := range comp {
		size[c]++
	}
	at := map[int32]int{}
	var out []cycle
	for p := range g.pairs {
		c := comp[p]
		for k := g.outAt[p]; k < g.outAt[p+1]; k++ {
			a := &g.arcs[k]
			if comp[a.head] != c || size[c] == 1 && a.head != int32(p) || !keep(a) {
				continue
			}
			i, ok := at[c]
			if !ok {
				i = len(out)
				at[c] = i
				out = append(out, cycle{})
			}
			out[i].arcs = append(out[i].arcs, k)
			out[i].ents = append(out[i].ents, g.pairs[p].ent, g.pairs[a.head].ent)
		}
	}
	for i := range out {
		slices.Sort(out[i].ents)
		out[i].ents = slices.Compact(out[i].ents)
		out[i].gain = g.loopGain(out[i].arcs)
	}
	return out
}

// serviceLoops are the loops of nodes over calls, whatever triggers use them.
func (g *graph) serviceLoops() []cycle {
	low := newComponents(len(g.ents), func(e int32, visit func(int32)) {
		for _, id := range g.ents[e].out {
			if x := &g.edges[id]; x.call != nil && len(x.tails) > 0 {
				visit(x.to)
			}
		}
	})
	size, at := make([]int, len(g.ents)), map[int32]int{}
	for _, c := range low {
		size[c]++
	}
	var out []cycle
	for e, c := range low {
		if size[c] < 2 {
			continue
		}
		i, ok := at[c]
		if !ok {
			i = len(out)
			at[c] = i
			out = append(out, cycle{sync: true, level: "service", gain: nan})
		}
		out[i].ents = append(out[i].ents, int32(e))
	}
	return out
}

// loopGain is how many of its own kind one request or message causes on one way round: the product of uses and tries in
// a plain loop. In a knot of loops it is the growth per step to the power of the shortest way round, so that it is 1 or
// more exactly where the knot feeds itself.
func (g *graph) loopGain(arcs []int32) float64 {
	at := map[int32]int{}
	id := func(p int32) int {
		if _, ok := at[p]; !ok {
			at[p] = len(at)
		}
		return at[p]
	}
	type link struct {
		from, to int
		w        float64
	}
	links := make([]link, len(arcs))
	product := 1.0
	for i, k := range arcs {
		a := &g.arcs[k]
		w := a.w
		if a.edge >= 0 {
			w = times(w, g.edges[a.edge].attempts())
		}
		links[i] = link{id(a.tail), id(a.head), w}
		product = times(product, w)
	}
	n := len(at)
	if len(links) == n || math.IsInf(product, 1) {
		return product
	}
	// Power iteration on (I+M)/2, which has no period; growth of M is twice its own less one.
	x := make([]float64, n)
	for i := range x {
		x[i] = 1 / float64(n)
	}
	growth := 0.0
	for range 500 {
		y := make([]float64, n)
		for i := range y {
			y[i] = x[i] / 2
		}
		for _, l := range links {
			y[l.to] += l.w * x[l.from] / 2
		}
		sum := 0.0
		for _, v := range y {
			sum += v
		}
		if sum == 0 {
			return 0
		}
		for i := range y {
			y[i] /= sum
		}
		x = y
		if next := 2*sum - 1; math.Abs(next-growth) < 1e-12 {
			growth = next
			break
		} else {
			growth = next
		}
	}
	steps := make([][]int, n)
	for _, l := range links {
		steps[l.from] = append(steps[l.from], l.to)
	}
	return math.Pow(math.Max(0, growth), float64(shortestLoop(steps)))
}

// shortestLoop is the least number of steps back to where one started.
func shortestLoop(steps [][]int) int {
	best := len(steps)
	for start := range steps {
		far := make([]int, len(steps))
		queue := []int{start}
		for len(queue) > 0 {
			p := queue[0]
			queue = queue[1:]
			if far[p]+1 >= best {
				break
			}
			for _, q := range steps[p] {
				if q == start {
					best = far[p] + 1
					break
				}
				if far[q] == 0 {
					far[q] = far[p] + 1
					queue = append(queue, q)
				}
			}
		}
		if start >= 64 { // a large knot: close enough
			break
		}
	}
	return best
}

// name gives a loop its address: its members, smallest first.
func (c *cycle) name(g *graph) {
	slices.SortFunc(c.ents, func(a, b int32) int { return strings.Compare(string(g.ents[a].addr), string(g.ents[b].addr)) })
	var b strings.Builder
	b.WriteString("cycle.")
	for i, e := range c.ents {
		if i > 0 {
			b.WriteByte('/')
		}
		if i == maxNamed {
			b.WriteString("+" + strconv.Itoa(len(c.ents)-i))
			break
		}
		b.WriteString(string(g.ents[e].addr))
	}
	c.addr = model.Addr(b.String())
}
