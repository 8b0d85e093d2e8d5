package facts

import (
	"github.com/archcheck/archcheck/dsl/model"
)

// Exposure is what depends on one entity, and what stands behind it: the inputs of judgements on single points of failure
// (Q6) and on dead declarations.
type Exposure struct {
	Blast        Num             `fact:"blast" unit:"ratio" doc:"share of all traffic that fails when it is lost; of all journeys, each counted the same, while nobody states a rate"`
	Rated        Flag            `fact:"traffic_known" doc:"somebody states how many requests come in"`
	JourneysAll  Num             `fact:"journeys_all" unit:"count" doc:"journeys that there are"`
	JourneysLost Num             `fact:"journeys_lost" unit:"count" doc:"journeys that fail when it is lost, some of their requests at least"`
	Journeys     []string        `fact:"journeys" doc:"the heaviest of them, at most five"`
	SingleCopy   Flag            `fact:"single_copy" doc:"redundancy is lacking as stated: one replica, or one zone under an objective of 99.9 % or more; unknown while nobody says"`
	Outage       Outage          `fact:"outage" doc:"what its single copy costs"`
	OwnStated    Flag            `fact:"availability_stated" doc:"its availability is stated, so redundancy is its owner's business"`
	HardCallers  Num             `fact:"hard_callers" unit:"count" doc:"distinct nodes that cannot do without it"`
	CachedBy     Num             `fact:"cached_callers" unit:"count" doc:"of its callers, those whose fallback is a cache"`
	Connected    Flag            `fact:"connected" doc:"an edge leads in or out, or something refers to it"`
	Contradicts  []Contradiction `fact:"contradictions" doc:"statements on it that cannot all be true"`
	Unsupported  []string        `fact:"unsupported" doc:"patterns that it claims without what they consist of"`
}

func (f *Facts) exposure(ent int32) Exposure {
	p := f.paths
	out := Exposure{
		Blast: Exact(p.blast[ent]), Rated: Yes(p.cov.Rated), JourneysAll: Exact(float64(p.cov.Listed)), JourneysLost: Exact(float64(p.lost[ent])), Journeys: []string{},
		SingleCopy: f.singleCopy(ent), OwnStated: Yes(f.availabilityFact(ent).State == model.Stated),
		Contradicts: f.contradictions(ent), Unsupported: f.unsupported(f.g.ents[ent].addr),
		Connected: Yes(f.connected(f.g.ents[ent].addr)),
	}
	out.Outage = f.outage(ent, out.SingleCopy)
	for _, j := range p.worst[ent] {
		out.Journeys = append(out.Journeys, string(p.js[j].addr))
	}
	hard, cached, perhaps, needs := map[int32]bool{}, map[int32]bool{}, map[int32]bool{}, []string{}
	for _, id := range f.g.ents[ent].ins {
		e := &f.g.edges[id]
		if e.call == nil {
			continue
		}
		if e.hard {
			hard[e.from] = true
		}
		switch {
		case e.call.Fallback.Or("") == "cache":
			cached[e.from], perhaps[e.from] = true, true
		case e.unseen:
			perhaps[e.from], needs = true, append(needs, e.unseenAt())
		}
	}
	out.HardCallers, out.CachedBy = Exact(float64(len(hard))), Exact(float64(len(cached)))
	if len(perhaps) > len(cached) {
		out.CachedBy = Num{State: model.Unknown, V: nan, Lo: float64(len(cached)), Hi: float64(len(perhaps)), notes: needing(compact(needs)...)}
	}
	return out
}

// singleCopy is the stated lack of redundancy: one replica, or one zone where the objective is 99.9 % or more.
func (f *Facts) singleCopy(ent int32) Flag {
	x := &f.g.ents[ent]
	switch x.kind {
	case model.KindService, model.KindGateway, model.KindDatastore, model.KindBroker, model.KindRegistry:
	default:
		return Yes(false)
	}
	n, z := replicasOf(x.of), zonesOf(x.of)
	if n.HasValue() && n.V == 1 {
		return Flag{State: n.State, V: true, notes: spelt("", n.From())}
	}
	strict := f.strictest() >= 0.999
	switch {
	case strict && z.HasValue() && z.V == 1:
		return Flag{State: z.State, V: true, notes: spelt("", z.From())}
	case !n.HasValue() && !(z.HasValue() && z.V > 1):
		return Flag{State: model.Unknown, notes: needing(string(x.addr) + ".scale.replicas")}
	}
	return Yes(false)
}

// strictest is the highest availability that a client or the system asks for, 0 for none.
func (f *Facts) strictest() float64 {
	most := 0.0
	look := func(v model.Value[*model.SLO]) {
		if v.Has() && v.V != nil {
			most = max(most, v.V.Availability.Or(0))
		}
	}
	for _, c := range f.m.Clients {
		look(c.SLO)
	}
	if f.m.System != nil {
		look(f.m.System.SLO)
	}
	return most
}
