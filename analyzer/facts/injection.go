package facts

import (
	"math"
	"slices"
)

// injector is failure injection (Q6): what fails with each entity and with each failure set. A hard closure is exactly
// the set of entities that fail a journey alone, so one walk per last trigger answers for all entities at once.
type injector struct {
	g    *graph
	p    *paths
	sets [][]int32 // per entity: the failure sets that it is in

	now   *closed
	id    int32
	at    []int32   // per entity: the closure that it was last met in
	hit   []float64 // per set: share of requests that fail with it
	hits  []int32   // sets with a hit
	whole []int32   // per set: one more than the journey that fails as a whole with it
	prod  interval
	loss  []float64 // per part of now
	total float64
	guess float64
	top   []part
}

func newInjector(g *graph, p *paths) *injector {
	in := &injector{
		g: g, p: p, sets: make([][]int32, len(g.ents)), at: make([]int32, len(g.ents)), hit: make([]float64, len(p.sets)), whole: make([]int32, len(p.sets)),
	}
	for i := range p.sets {
		for _, m := range p.sets[i].members {
			in.sets[m] = append(in.sets[m], int32(i))
		}
	}
	return in
}

// load evaluates a closure; journeys with the same one share the work.
func (in *injector) load(c *closed) {
	if in.now == c {
		return
	}
	in.now = c
	in.id++
	in.total, in.guess = 0, 0
	in.loss, in.top = in.loss[:0], nil
	for _, s := range in.hits {
		in.hit[s] = 0
	}
	in.hits = in.hits[:0]
	lo, v, hi, as := 1.0, 1.0, 1.0, Assumptions(0)
	for _, x := range c.parts {
		a := &in.p.avail[x.ent]
		lo, v, hi, as = lo*(1-x.p*(1-a.lo)), v*(1-x.p*(1-a.v)), hi*(1-x.p*(1-a.hi)), as|a.as
		in.at[x.ent] = in.id
		loss := x.p * (1 - a.v)
		in.loss = append(in.loss, loss)
		in.total += loss
		if a.as != 0 {
			in.guess += loss
		}
		for _, s := range in.sets[x.ent] {
			in.strike(s, x.p)
		}
	}
	in.prod = interval{lo: lo, v: v, hi: hi, as: as}
	for i := range c.eithers {
		x := &c.eithers[i]
		in.prod = in.prod.mul(needed(x.rest, x.p))
		loss := x.p * (1 - x.rest.v)
		in.total += loss
		if x.rest.as != 0 {
			in.guess += loss
		}
	}
	if len(c.eithers) > 0 {
		in.prod = in.p.c.atLeastAllUp(in.prod, c, nil)
		for s := range in.p.sets {
			set := &in.p.sets[s]
			in.strike(int32(s), c.failShare(func(e int32) bool { return slices.Contains(set.members, e) }))
		}
	}
	in.top = in.p.heaviest(c.parts)
}

func (in *injector) strike(s int32, p float64) {
	if p > 0 && in.hit[s] == 0 {
		in.hits = append(in.hits, s)
	}
	in.hit[s] = math.Max(in.hit[s], p)
}

// heaviest are the parts that lose most, then by address, at most topParts of them.
func (p *paths) heaviest(parts ...[]part) []part {
	out := make([]part, 0, topParts+1)
	loss := make([]float64, 0, topParts+1)
	for _, list := range parts {
		for _, x := range list {
			l := round12(x.p * (1 - p.avail[x.ent].v))
			if len(out) == topParts && l < loss[topParts-1] {
				continue
			}
			at := len(out)
			for at > 0 && (loss[at-1] < l || loss[at-1] == l && p.c.g.ents[out[at-1].ent].addr > p.c.g.ents[x.ent].addr) {
				at--
			}
			out, loss = slices.Insert(out, at, x), slices.Insert(loss, at, l)
			n := min(len(out), topParts)
			out, loss = out[:n], loss[:n]
		}
	}
	return out
}

// round12 makes equal what differs in the last bits only.
func round12(x float64) float64 { return math.Round(x*1e12) / 1e12 }

// journey records what fails journey i, whose needs are c and the gateways in alone.
func (in *injector) journey(i int32, c *closed, alone []int32) {
	in.load(c)
	for _, e := range alone {
		if in.at[e] == in.id { // a gateway that it passes is met again further down
			own := &closed{}
			for _, x := range alone {
				own.parts = append(own.parts, part{x, 1})
			}
			in.load(merge(own, c))
			alone = nil
			break
		}
	}
	j := &in.p.js[i]
	j.avail, j.parts = in.prod, len(in.now.parts)+len(alone)
	total, guess := in.total, in.guess
	for _, e := range alone {
		a := in.p.avail[e]
		if a.absent() {
			continue
		}
		j.avail = j.avail.mul(a)
		total += 1 - a.v
		if a.as != 0 {
			guess += 1 - a.v
		}
	}
	j.guess = over(guess, total)
	j.top = in.top
	if len(alone) > 0 {
		var passed []part
		for _, e := range alone {
			passed = append(passed, part{e, 1})
		}
		j.top = in.p.heaviest(in.top, passed)
	}
	in.record(i, j, alone)
}

func (in *injector) record(i int32, j *journey, alone []int32) {
	for _, x := range in.now.parts {
		in.fail(x.ent, i, j.weight*x.p)
	}
	for _, s := range in.hits {
		set := &in.p.sets[s]
		set.blast += j.weight * in.hit[s]
		set.lost = append(set.lost, i)
	}
	for _, e := range alone {
		in.fail(e, i, j.weight)
		for _, s := range in.sets[e] {
			if in.whole[s] == i+1 { // another gateway on the way is in the set as well
				continue
			}
			in.whole[s] = i + 1
			set := &in.p.sets[s]
			if set.blast += j.weight * (1 - in.hit[s]); in.hit[s] == 0 {
				set.lost = append(set.lost, i)
			}
		}
	}
}

// fail records that a share of journey i's traffic fails with an entity.
func (in *injector) fail(ent, i int32, weight float64) {
	p := in.p
	p.blast[ent] += weight
	p.lost[ent]++
	list := p.worst[ent]
	at := len(list)
	for at > 0 && p.heavier(i, list[at-1]) {
		at--
	}
	if at < worstJourneys {
		if list = slices.Insert(list, at, i); len(list) > worstJourneys {
			list = list[:worstJourneys]
		}
		p.worst[ent] = list
	}
}

// heavier orders journeys by weight, then by address.
func (p *paths) heavier(a, b int32) bool {
	if x, y := p.js[a].weight, p.js[b].weight; x != y {
		return x > y
	}
	return a < b // journeys are sorted by address
}
