package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// ServiceJoins are the reads by which a service puts together what other services hold, one entry per request or message
// that reads from two or more of them.
type ServiceJoins struct {
	Joins []Join `fact:"joins" doc:"reads of one request or message from two other services or more, calls that a cache answers nine times in ten left out"`
}

// Join is what one request or message reads from other services. Calls of which nobody knows whether they read count in
// the upper ends alone.
type Join struct {
	Trigger  string   `fact:"trigger" doc:"the operation, or the consume block; empty for the plain request"`
	Calls    []string `fact:"calls" doc:"the calls that certainly read, by address"`
	To       []string `fact:"services" doc:"the services that these read from"`
	Services Num      `fact:"service_count" unit:"count" doc:"how many services that are"`
	Most     Num      `fact:"most" unit:"count" doc:"calls per request to the one that is asked most often"`
	MostAt   string   `fact:"most_at" doc:"that call; empty where it is not certain that any call reads"`
	MostTo   string   `fact:"most_to" doc:"the service that it asks"`
	Total    Num      `fact:"total" unit:"count" doc:"calls per request to all of them"`
	Rate     Num      `fact:"rate" unit:"rps" doc:"what these calls are together"`
}

func (f *Facts) serviceJoins(s *model.Service) ServiceJoins {
	g, i := f.g, f.g.ent(s.Addr)
	out := ServiceJoins{Joins: []Join{}}
	for p := g.ents[i].first; p < g.ents[i].last; p++ {
		if j := f.join(i, p); len(j.To) > 1 || j.Services.Hi > 1 {
			out.Joins = append(out.Joins, j)
		}
	}
	return out
}

// join is what one trigger reads. Of a plain request that may be any operation only what all of them use counts here:
// each operation has an entry of its own.
func (f *Facts) join(i, p int32) Join {
	g := f.g
	out := Join{Calls: []string{}, To: []string{}}
	switch x := &g.pairs[p]; {
	case x.consume != nil:
		out.Trigger = string(x.consume.Addr)
	case x.kind == pairOp:
		out.Trigger = x.name
	}
	var perhaps, needs []string
	most, mostPerhaps, total, totalPerhaps := 0.0, 0.0, 0.0, 0.0
	rate := zero
	last := int32(-1)
	for k := range g.outArcs(p) {
		a := &g.outArcs(p)[k]
		if a.async || a.maybe || a.edge < 0 || a.edge == last || g.edges[a.edge].call == nil {
			continue
		}
		last = a.edge
		e := &g.edges[a.edge]
		to := &g.ents[e.to]
		if to.kind != model.KindService || e.to == i || e.missHi <= 0.1+1e-9 || e.call.Access.Or("") == "write" {
			continue
		}
		if !e.call.Access.Has() {
			perhaps, needs = append(perhaps, string(to.addr)), append(needs, string(e.addr)+".access")
			mostPerhaps, totalPerhaps = max(mostPerhaps, e.n), totalPerhaps+e.n
			continue
		}
		out.Calls, out.To = append(out.Calls, string(e.addr)), append(out.To, string(to.addr))
		if e.n > most {
			most, out.MostAt, out.MostTo = e.n, string(e.addr), string(to.addr)
		}
		total += e.n
		rate = rate.add(f.r.rate(g, p).scale(e.n * e.miss))
	}
	out.Calls, out.To = compact(out.Calls), compact(out.To)
	all := compact(append(slices.Clone(out.To), perhaps...))
	needs = compact(needs)
	needs = needs[:min(4, len(needs))]
	out.Services = knownTo(float64(len(out.To)), float64(len(all)), needs)
	out.Most, out.Total = knownTo(most, max(most, mostPerhaps), needs), knownTo(total, total+totalPerhaps, needs)
	out.Rate = rate.num()
	return out
}

// knownTo is a number that is at least lo, and may be more while nobody states what it needs.
func knownTo(lo, hi float64, needs []string) Num {
	if lo == hi {
		return Exact(lo)
	}
	return interval{lo: lo, v: nan, hi: hi, needs: needs}.num()
}
