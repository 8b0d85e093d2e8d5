package facts

import (
	"cmp"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// ExternalFacts is an external party with the sum of what is sent to it.
type ExternalFacts struct {
	*model.External
	UserFacing  Flag        `fact:"user_facing" doc:"a user waits for one of the calls to it"`
	Rate        Num         `fact:"rate" unit:"rps" doc:"what is sent to it when all is well"`
	RetriedRate Num         `fact:"retried_rate" unit:"rps" doc:"what is sent to it when every try fails: rate times attempts, over all callers"`
	QuotaShare  Num         `fact:"quota_share" unit:"ratio" doc:"retried_rate over rps_limit"`
	Callers     []QuotaCall `fact:"callers" doc:"the calls to it"`
	From        []string    `fact:"from" doc:"who calls it"`
	Unlimited   []string    `fact:"unlimited" doc:"calls to it without a rate limit or queue in front"`
	Admitted    Num         `fact:"admitted" unit:"rps" doc:"what the rate limits of its calls let through together; absent where a call has none"`
	Rec         ExternalRec `fact:"rec" doc:"computed fixes (rules.md §4)"`
}

// QuotaCall is a call that uses up an external's quota.
type QuotaCall struct {
	Addr     string   `fact:"addr" doc:"the call"`
	From     string   `fact:"from" doc:"its caller"`
	Rate     Num      `fact:"rate" unit:"rps" doc:"what it sends"`
	Attempts Num      `fact:"attempts" unit:"count" doc:"tries of all layers together"`
	Rec      RecLimit `fact:"rec_rate_limit" doc:"its share, by rate, of 80 % of the quota, queued"`
}

// ExternalRec are the computed fixes for an external.
type ExternalRec struct {
	Quota Num `fact:"quota" unit:"rps" doc:"80 % of the quota, for all callers together"`
}

func (f *Facts) externalDocuments() []Document {
	var out []Document
	for _, x := range f.m.Externals {
		out = append(out, Document{Addr: x.Addr, Subject: f.externalFacts(x)})
	}
	return out
}

func (f *Facts) externalFacts(x *model.External) *ExternalFacts {
	i := f.g.ent(x.Addr)
	quota := NumOf(x.RPSLimit).interval(string(x.Addr) + ".rps_limit")
	out := &ExternalFacts{
		External: x, UserFacing: Yes(false), Callers: []QuotaCall{}, From: []string{}, Unlimited: []string{}, Admitted: Absent(),
		Rec: ExternalRec{Quota: quota.scale(0.8).num()},
	}
	base, retried, admitted := zero, zero, zero
	base.v, retried.v = nan, nan
	var calls []int32
	for _, id := range f.g.ents[i].ins {
		if f.g.edges[id].call != nil {
			calls = append(calls, id)
		}
	}
	for _, id := range calls {
		e := &f.g.edges[id]
		m := point(e.attempts())
		if e.unsure {
			m.hi = inf
		}
		base, retried = sumRates(base, f.load[id]), sumRates(retried, f.load[id].mul(m))
		out.From = append(out.From, string(f.g.ents[e.from].addr))
		out.UserFacing.V = out.UserFacing.V || f.callPlace(id).UserFacing.V
		limit := f.callLimit(id)
		if limit.absent() {
			out.Unlimited = append(out.Unlimited, string(e.addr))
		} else {
			admitted = admitted.add(limit)
		}
		out.Callers = append(out.Callers, QuotaCall{
			Addr: string(e.addr), From: string(f.g.ents[e.from].addr), Rate: f.load[id].num(), Attempts: Exact(e.attempts()),
		})
	}
	out.Rate, out.RetriedRate, out.QuotaShare = base.num(), retried.num(), retried.div(quota).num()
	for k, id := range calls {
		share := 1 / float64(len(calls))
		if base.known() && base.v > 0 && f.load[id].known() {
			share = f.load[id].v / base.v
		}
		rps := Absent()
		if quota.known() {
			rps = Exact(floorNice(0.8 * quota.v * share))
		}
		out.Callers[k].Rec = RecLimit{RPS: rps, Scope: Is("global"), OnLimit: Is("queue")}
	}
	if len(calls) > 0 && len(out.Unlimited) == 0 {
		out.Admitted = admitted.num()
	}
	slices.SortFunc(out.Callers, func(a, b QuotaCall) int { return cmp.Compare(a.Addr, b.Addr) })
	slices.Sort(out.Unlimited)
	slices.Sort(out.From)
	out.From = slices.Compact(out.From)
	return out
}

// callLimit is what the rate limit of a call lets through from all replicas of the caller; a call that falls back to a
// queue sends later what is refused now and counts as limited by its callee. Missing where there is neither.
func (f *Facts) callLimit(id int32) interval {
	e := &f.g.edges[id]
	v := e.call.RateLimit
	switch {
	case v.Has() && v.V != nil && v.V.RPS.Has():
		rps := point(v.V.RPS.V)
		if v.V.Scope.Or("global") == "replica" {
			return rps.mul(mostReplicas(f.g.ents[e.from].of).interval(string(f.g.ents[e.from].addr) + ".scale.replicas"))
		}
		return rps
	case v.IsUnknown():
		return open(string(e.addr) + ".rate_limit")
	case e.call.Fallback.Or("") == "queue":
		return zero
	case e.call.Fallback.IsUnknown():
		return open(e.unseenAt())
	}
	return missing
}
