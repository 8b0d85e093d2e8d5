package facts

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// maxJourneys is how many journeys are told apart, the heaviest ones (rules.md §3, Limits).
const maxJourneys = 10_000

// journey is one way through the system: an entry and one choice at every gateway that routes.
type journey struct {
	addr   model.Addr
	client int32   // the entity that starts it
	steps  []int32 // edges: the entry, then the chosen calls
	pairs  []int32 // the trigger that each step invokes; the last one is where everything else belongs to
	rate   interval
	weight float64 // share of all journeys' traffic
	user   float64 // share of the users' traffic: 0 for journeys of schedulers
	avail  interval
	parts  int     // components of its hard closure
	top    []part  // the parts that lose most, heaviest first
	guess  float64 // share of the loss that rests on assumptions
}

// JourneyCoverage says how much of a model its journeys cover.
type JourneyCoverage struct {
	Listed  int     // journeys told apart
	Total   float64 // journeys that there are
	Traffic float64 // share of the traffic in those listed
	Rated   bool    // some entry's rate is known; else every journey counts the same
}

// trail is a journey in the making.
type trail struct {
	edge, pair int32
	up         int32 // the step before, -1 for an entry
	share      float64
	base       float64 // weight of the entry
}

// trails is a heap of unfinished journeys, heaviest first, then in the order of the source.
type trails struct {
	all  []trail
	open []int32
}

func (t *trails) Len() int { return len(t.open) }
func (t *trails) Less(i, j int) bool {
	a, b := &t.all[t.open[i]], &t.all[t.open[j]]
	if x, y := a.share*a.base, b.share*b.base; x != y {
		return x > y
	}
	return t.open[i] < t.open[j]
}
func (t *trails) Swap(i, j int) { t.open[i], t.open[j] = t.open[j], t.open[i] }
func (t *trails) Push(x any)    { t.open = append(t.open, x.(int32)) }
func (t *trails) Pop() any {
	x := t.open[len(t.open)-1]
	t.open = t.open[:len(t.open)-1]
	return x
}

// listJourneys enumerates the journeys, sorted by address. requests are the rates of the edges.
func (g *graph) listJourneys(requests []interval, limit int) ([]journey, JourneyCoverage) {
	t := &trails{}
	stated := false
	entries := func(visit func(a *arc)) {
		for p := range g.pairs {
			if g.pairs[p].kind != pairSource {
				continue
			}
			last := int32(-1)
			for i := g.outAt[p]; i < g.outAt[p+1]; i++ {
				if a := &g.arcs[i]; a.edge >= 0 && a.edge != last && g.pairs[a.head].kind != pairWrites {
					last = a.edge // a publish has a second arc, to the broker
					visit(a)
				}
			}
		}
	}
	entries(func(a *arc) { stated = stated || requests[a.edge].known() })
	cov := JourneyCoverage{Rated: stated}
	all := 0.0
	memo := map[int32]float64{}
	entries(func(a *arc) {
		w := 1.0
		if r := requests[a.edge]; stated {
			if w = 0; r.known() {
				w = r.v
			}
		}
		cov.Total += g.countWays(a.head, memo)
		all += w
		t.all = append(t.all, trail{edge: a.edge, pair: a.head, up: -1, share: 1, base: w})
		heap.Push(t, int32(len(t.all)-1))
	})
	var out []journey
	for t.Len() > 0 && len(out) < limit {
		at := heap.Pop(t).(int32)
		if !g.branch(t, at) {
			out = append(out, g.finish(t, at, requests))
		}
	}
	g.weigh(out, stated)
	cov.Listed, cov.Traffic = len(out), 1
	if t.Len() > 0 {
		cov.Traffic = float64(len(out)) / cov.Total
		if stated && all > 0 {
			cov.Traffic = 0
			for i := range out {
				cov.Traffic += out[i].rate.v / all
			}
		}
	}
	slices.SortFunc(out, func(a, b journey) int { return cmp.Compare(a.addr, b.addr) })
	return out, cov
}

// choices calls visit with the calls among which a request to a routing gateway takes one, and reports whether there are
// any.
func (g *graph) choices(p int32, visit func(a *arc, share float64)) bool {
	if !g.ents[g.pairs[p].ent].routing {
		return false
	}
	total, count := 0.0, 0.0
	each := func(visit func(a *arc)) {
		for i := g.outAt[p]; i < g.outAt[p+1]; i++ {
			if a := &g.arcs[i]; !a.async && a.edge >= 0 && g.edges[a.edge].call != nil {
				visit(a)
			}
		}
	}
	each(func(a *arc) { total, count = total+g.edges[a.edge].n, count+1 })
	each(func(a *arc) {
		share := 1 / count
		if total > 0 {
			share = g.edges[a.edge].n / total
		}
		visit(a, share)
	})
	return count > 0
}

// branch adds every continuation of an unfinished journey; false if it has none.
func (g *graph) branch(t *trails, at int32) bool {
	x := t.all[at]
	for up := x.up; up >= 0; up = t.all[up].up {
		if t.all[up].pair == x.pair { // gateways that call each other in a circle
			return false
		}
	}
	return g.choices(x.pair, func(a *arc, share float64) {
		t.all = append(t.all, trail{edge: a.edge, pair: a.head, up: at, share: x.share * share, base: x.base})
		heap.Push(t, int32(len(t.all)-1))
	})
}

// countWays counts the journeys that go on from a trigger.
func (g *graph) countWays(p int32, memo map[int32]float64) float64 {
	if n, ok := memo[p]; ok {
		return n
	}
	memo[p] = 1 // met again: a circle, where the journey ends
	n := 0.0
	g.choices(p, func(a *arc, _ float64) { n += g.countWays(a.head, memo) })
	memo[p] = math.Max(n, 1)
	return memo[p]
}

func (g *graph) finish(t *trails, at int32, requests []interval) journey {
	j := journey{}
	last := t.all[at]
	for ; at >= 0; at = t.all[at].up {
		j.steps, j.pairs = append(j.steps, t.all[at].edge), append(j.pairs, t.all[at].pair)
	}
	slices.Reverse(j.steps)
	slices.Reverse(j.pairs)
	j.client = g.edges[j.steps[0]].from
	var b strings.Builder
	b.WriteString("journey.")
	if g.ents[j.client].kind != model.KindClient {
		b.WriteString(string(g.ents[j.client].kind) + ".")
	}
	b.WriteString(g.ents[j.client].of.Self().Label + ".")
	for i, e := range j.steps {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(g.edges[e].label())
	}
	j.addr = model.Addr(b.String())
	j.rate = requests[j.steps[0]].scale(last.share)
	return j
}

func (e *edge) label() string {
	if e.call != nil {
		return e.call.Label
	}
	return e.pub.Label
}

// weigh gives every journey its share of all traffic and of the users'. Where no client states a rate, all weigh the same.
func (g *graph) weigh(js []journey, stated bool) {
	all, users := 0.0, 0.0
	for i := range js {
		j := &js[i]
		if j.weight = 1; stated {
			if j.weight = 0; j.rate.known() {
				j.weight = j.rate.v
			}
		}
		if !g.scheduled(j.client) {
			j.user = j.weight
		}
		all, users = all+j.weight, users+j.user
	}
	for i := range js {
		js[i].weight = over(js[i].weight, all)
		js[i].user = over(js[i].user, users)
	}
}

// scheduled reports whether an entity is a client without a user: cron or batch.
func (g *graph) scheduled(ent int32) bool {
	c, ok := g.ents[ent].of.(*model.Client)
	return ok && c.ClientKind.Or("") == "scheduler"
}
