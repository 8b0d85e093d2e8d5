package facts

import (
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// PolicyFacts is a policy block with the calls that take their time limit from it.
type PolicyFacts struct {
	*model.Policy
	Calls     Num      `fact:"calls" unit:"count" doc:"calls whose time limit comes from this policy"`
	Limit     Num      `fact:"limit" unit:"ms" doc:"that limit: min(timeout, deadline)"`
	StatedP99 Num      `fact:"stated_p99" unit:"count" doc:"callees of these calls that state their p99"`
	LeastP99  Num      `fact:"least_p99" unit:"ms" doc:"smallest of these p99s"`
	MostP99   Num      `fact:"most_p99" unit:"ms" doc:"largest of these p99s"`
	Spread    Num      `fact:"p99_spread" unit:"count" doc:"largest over smallest of these p99s"`
	TooShort  []string `fact:"too_short" doc:"these calls with a limit below the callee's p99"`
	TooLong   []string `fact:"too_long" doc:"these calls with a limit over ten times the callee's p99"`
	Idle      Num      `fact:"judged_alone" unit:"count" doc:"these calls that no other rule about their limit names: neither too short, nor long enough to hold half of the caller's slots"`
}

func (f *Facts) policyDocuments() []Document {
	by := map[string][]int32{}
	for i := range f.g.edges {
		if c := f.g.edges[i].call; c != nil {
			if l := c.Limit(); l.Has() && l.State == model.Inherited {
				by[l.From()] = append(by[l.From()], int32(i))
			}
		}
	}
	var out []Document
	for _, p := range f.m.Policies {
		out = append(out, Document{Addr: p.Addr, Subject: f.policyFacts(p, by[string(p.Addr)])})
	}
	return out
}

func (f *Facts) policyFacts(p *model.Policy, calls []int32) *PolicyFacts {
	out := &PolicyFacts{
		Policy: p, Calls: Exact(float64(len(calls))), Limit: Absent(), LeastP99: Absent(), MostP99: Absent(), Spread: Absent(),
		TooShort: []string{}, TooLong: []string{},
	}
	seen := map[int32]bool{}
	stated, alone, lo, hi := 0, 0, inf, 0.0
	for _, id := range calls {
		e := &f.g.edges[id]
		limit, t := f.t.limit[id], f.t.times[e.to]
		out.Limit = limitNum(e.call, limit)
		if t.stated99 {
			if !seen[e.to] {
				seen[e.to] = true
				stated++
			}
			lo, hi = math.Min(lo, t.p99.v), math.Max(hi, t.p99.v)
		}
		short := t.p99.known() && limit.v < t.p99.v
		long := t.p99.known() && limit.v > 10*t.p99.v
		hang := f.perReplica(id).mul(f.t.worst[id]).scale(1 / second).div(f.slots(e.from))
		if short {
			out.TooShort = append(out.TooShort, string(e.addr))
		}
		if long {
			out.TooLong = append(out.TooLong, string(e.addr))
		}
		if !short && !(long && hang.known() && hang.v > 0.5) {
			alone++
		}
	}
	out.StatedP99, out.Idle = Exact(float64(stated)), Exact(float64(alone))
	if stated > 0 {
		out.LeastP99, out.MostP99, out.Spread = point(lo).millis(), point(hi).millis(), Exact(hi/lo)
	}
	slices.Sort(out.TooShort)
	slices.Sort(out.TooLong)
	return out
}
