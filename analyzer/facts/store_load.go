package facts

import (
	"cmp"
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) storeLoad(d *model.Datastore, ent int32, users []*storeUse, j join) StoreLoad {
	rate, capacity := f.rate[ent], f.capacity[ent]
	reads, writes := zero, zero
	first := true
	for _, u := range users {
		for _, id := range u.calls {
			r, w := f.readsAndWrites(id)
			if first {
				reads, writes, first = r, w, false
				continue
			}
			reads, writes = addOpen(reads, r), addOpen(writes, w)
		}
	}
	out := StoreLoad{
		Rate: rate.num(), ReadRate: reads.num(), WriteRate: writes.num(), ReadsPerWrite: reads.div(writes).num(),
		TotalCapacity: capacity.num(), Utilisation: rate.div(capacity).num(),
		IfCached:     writes.add(reads.scale(0.1)).div(capacity).num(),
		WithReplicas: writes.add(reads.scale(1 / (1 + float64(d.ReadReplicas.Or(0))))).div(capacity).num(),
		Joined:       Exact(float64(j.services)), JoinedBy: Word{State: model.Absent}, CacheLosses: f.cacheLosses(ent, rate),
		RateUncached: rate.num(), UtilUncached: rate.div(capacity).num(), UncachedLimited: Yes(false),
	}
	if d.ReadReplicas.Or(0) == 0 { // how reads and writes share it is then of no account
		out.WithReplicas = out.Utilisation
	}
	if j.by >= 0 && j.services > 0 {
		out.JoinedBy = Is(string(f.g.ents[j.by].addr))
	}
	if len(out.CacheLosses) > 0 {
		c := out.CacheLosses[0]
		out.RateUncached, out.UncachedLimited = c.Rate, c.Limited
		out.UtilUncached = c.Rate.interval().div(capacity).num()
	}
	return out
}

// addOpen adds numbers of which one may be unknown within bounds; the sum is unknown then.
func addOpen(a, b interval) interval { return a.with(b, a.lo+b.lo, a.v+b.v, a.hi+b.hi) }

// readsAndWrites splits what a call sends to a store. Writing implies reading; how much of each, write_ratio says.
func (f *Facts) readsAndWrites(id int32) (reads, writes interval) {
	c, rate := f.g.edges[id].call, f.load[id]
	switch {
	case c.Access.Has() && c.Access.V == "read":
		return rate, zero
	case c.WriteRatio.Has():
		return rate.scale(1 - c.WriteRatio.V), rate.scale(c.WriteRatio.V)
	}
	some := interval{lo: 0, v: nan, hi: rate.hi, needs: []string{string(c.Addr) + ".write_ratio"}}
	if !c.Access.Has() {
		some.needs = []string{string(c.Addr) + ".access"}
	}
	return some, some
}

// cacheLosses are the caches in front of a store with what their loss would add: λe·h/(1−h) behind a stated hit ratio,
// everything that a call to a cache falling back to the store asks for. Heaviest first, then by address.
func (f *Facts) cacheLosses(store int32, rate interval) []CacheUse {
	g := f.g
	out := []CacheUse{}
	add := func(id int32, cache string, hit Num, extra interval) {
		c := g.edges[id].call
		u := CacheUse{Call: string(c.Addr), Cache: cache, Hit: hit, Limited: Yes(false), Room: Absent()}
		if most := f.missLimit(id); math.IsInf(most, 1) {
			u.Limited.V = c.RateLimit.Has() || c.Bulkhead.Has() // to what, nobody knows
		} else { // what is refused does not arrive
			left := math.Max(0, most-f.load[id].lo)
			extra.lo, extra.v, extra.hi = math.Min(extra.lo, left), math.Min(extra.v, left), math.Min(extra.hi, left)
		}
		u.Extra, u.Rate = extra.num(), sumRates(rate, extra).num()
		ordinary, others := 0.0, rate.lo
		if g.edges[id].to == store && f.load[id].known() {
			ordinary, others = f.load[id].v, math.Max(0, rate.lo-f.load[id].v)
		}
		if most := f.capacity[store]; most.known() {
			if room := math.Floor(0.8 * (most.v - others)); room > 0 && room >= ordinary {
				u.Room = Exact(room)
			}
		}
		out = append(out, u)
	}
	for _, id := range g.ents[store].ins {
		e := &g.edges[id]
		if e.call == nil || !e.call.CacheHit.Has() || !(e.call.CacheHit.V > 0) {
			continue
		}
		h := e.call.CacheHit.V
		add(id, string(g.ents[e.from].addr), NumOf(e.call.CacheHit), f.requests[id].scale(h))
	}
	for _, id := range f.paths.fallsTo[store] {
		e := &g.edges[id]
		if g.ents[e.to].kind != model.KindDatastore {
			continue
		}
		hit, extra := NumOf(e.call.CacheHit), f.requests[id]
		if e.call.CacheHit.Has() {
			extra = extra.scale(e.call.CacheHit.V)
		}
		add(id, string(g.ents[e.to].addr), hit, extra)
	}
	slices.SortFunc(out, func(a, b CacheUse) int {
		x, y := a.Extra.V, b.Extra.V
		if math.IsNaN(x) {
			x = 0
		}
		if math.IsNaN(y) {
			y = 0
		}
		return cmp.Or(cmp.Compare(y, x), cmp.Compare(a.Call, b.Call))
	})
	return out
}

// missLimit is the most that a call's own rate limit and bulkhead let through from all replicas of its caller, +Inf
// where nothing bounds it.
func (f *Facts) missLimit(id int32) float64 {
	e := &f.g.edges[id]
	most := inf
	n := replicasOf(f.g.ents[e.from].of)
	if l := e.call.RateLimit; l.Has() && l.V != nil && l.V.RPS.Has() {
		switch {
		case l.V.Scope.Or("global") == "global":
			most = l.V.RPS.V
		case n.HasValue():
			most = l.V.RPS.V * n.V
		}
	}
	if b := e.call.Bulkhead; b.Has() && b.V != nil && n.HasValue() {
		if mean := f.t.times[e.to].mean; mean.known() && mean.v > 0 {
			most = math.Min(most, float64(b.V.MaxConcurrent.Or(25))*n.V*second/mean.v)
		}
	}
	return most
}

// join is a read that composes several services.
type join struct {
	services int
	by       int32
}

// joinRate is the rate from which a call counts as part of a busy read (rules.md DAT-001).
const joinRate = 50

// joins finds, per store, the trigger that composes most services by busy read calls, one of which reads the store.
func (f *Facts) joins() map[model.Addr]join {
	g := f.g
	out := map[model.Addr]join{}
	for p := range g.pairs {
		x := &g.ents[g.pairs[p].ent]
		if x.routing {
			continue
		}
		var heads, services []int32
		for i := range g.outArcs(int32(p)) {
			a := &g.outArcs(int32(p))[i]
			if a.async || a.edge < 0 || g.edges[a.edge].call == nil {
				continue
			}
			e := &g.edges[a.edge]
			if g.ents[e.to].kind != model.KindService || e.call.Access.Or("") != "read" || !(f.load[a.edge].v >= joinRate) {
				continue
			}
			heads, services = append(heads, a.head), append(services, e.to)
		}
		n := int(distinct(services))
		if n < 2 {
			continue
		}
		for _, h := range heads {
			for i := range g.outArcs(h) {
				a := &g.outArcs(h)[i]
				if a.async || a.edge < 0 || g.ents[g.edges[a.edge].to].kind != model.KindDatastore {
					continue
				}
				d := g.ents[g.edges[a.edge].to].addr
				if old, ok := out[d]; !ok || n > old.services {
					out[d] = join{n, g.pairs[p].ent}
				}
			}
		}
	}
	return out
}
