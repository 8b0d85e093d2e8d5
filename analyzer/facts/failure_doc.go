package facts

import (
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// FailureSetFacts is a group of components that one event takes down together: a zone, a physical server, a broker with
// its topics and queues, a registry with those who look up in it.
type FailureSetFacts struct {
	Of         Word          `fact:"of" doc:"zone, server, broker or registry"`
	UserFacing Flag          `fact:"user_facing" doc:"a user waits for one of its members"`
	Together   Flag          `fact:"together" doc:"that its members fall together is stated; else it is assumed that they do"`
	Members    []FailureUnit `fact:"members" doc:"what is lost, by address"`
	Count      Num           `fact:"count" unit:"count" doc:"members"`
	Owners     []string      `fact:"owners" doc:"owners of the datastores among them"`
	Blast      Num           `fact:"blast" unit:"ratio" doc:"share of all traffic that fails when all of them are lost; at least that of the worst one"`
	Rated      Flag          `fact:"traffic_known" doc:"somebody states how many requests come in; else every journey counts the same"`
	All        Num           `fact:"journeys_all" unit:"count" doc:"journeys that there are"`
	WorstAlone Num           `fact:"worst_alone" unit:"ratio" doc:"share of traffic that fails with the worst single member"`
	SinglePart Flag          `fact:"single_part" doc:"a member alone takes as much traffic as makes a single point of failure, and lacks redundancy as stated"`
	Redundant  Flag          `fact:"redundant" doc:"every member states its availability and two zones or more"`
	Lost       Num           `fact:"journeys_lost" unit:"count" doc:"journeys that fail, some of their requests at least"`
	Journeys   []string      `fact:"journeys" doc:"the heaviest of them, at most five"`
}

// FailureUnit is a member of a failure set.
type FailureUnit struct {
	Addr  string `fact:"addr" doc:"the member"`
	Type  string `fact:"type" doc:"its kind"`
	Owner Word   `fact:"owner" doc:"the service that owns it, of a datastore"`
	Team  Word   `fact:"team" doc:"who runs it"`
	Blast Num    `fact:"blast" unit:"ratio" doc:"share of all traffic that fails with it alone"`
}

func (f *Facts) failureSetDocuments() []Document {
	out := make([]Document, len(f.paths.sets))
	for i := range f.paths.sets {
		out[i] = Document{Addr: f.paths.sets[i].addr, Subject: f.failureSetFacts(&f.paths.sets[i])}
	}
	return out
}

func (f *Facts) failureSetFacts(s *failureSet) *FailureSetFacts {
	p := f.paths
	out := &FailureSetFacts{
		Of: Is(s.kind), Together: Yes(s.sure), Count: Exact(float64(len(s.members))), Owners: []string{}, Journeys: []string{},
		SinglePart: Yes(false), Redundant: Yes(true), Lost: Exact(float64(len(s.lost))),
		Rated: Yes(p.cov.Rated), All: Exact(float64(p.cov.Listed)),
	}
	if !s.sure {
		out.Together = Flag{State: model.Assumed, V: true}
	}
	alone, waits := 0.0, false
	for _, m := range s.members {
		x := &f.g.ents[m]
		u := FailureUnit{Addr: string(x.addr), Type: string(x.kind), Team: WordOf(x.of.Self().Team), Blast: Exact(p.blast[m]), Owner: Word{State: model.Absent}}
		if d, ok := x.of.(*model.Datastore); ok {
			u.Owner = WordOf(d.Owner)
			if d.Owner.Has() {
				out.Owners = append(out.Owners, string(d.Owner.V))
			}
		}
		out.Members = append(out.Members, u)
		alone = max(alone, p.blast[m])
		waits = waits || f.standingOfEnt(m).UserFacing
		if single := f.singleCopy(m); p.blast[m] >= f.params.SPOFBlast && single.State.HasValue() && single.V && !f.statesAvailability(m) {
			out.SinglePart = Yes(true)
		}
		if z := zonesOf(x.of); !f.statesAvailability(m) || !z.HasValue() || z.V < 2 {
			out.Redundant = Yes(false)
		}
	}
	slices.SortFunc(out.Members, func(a, b FailureUnit) int { return strings.Compare(a.Addr, b.Addr) })
	slices.Sort(out.Owners)
	out.Owners = slices.Compact(out.Owners)
	out.UserFacing, out.WorstAlone = Yes(waits), Exact(alone)
	out.Blast = Exact(max(alone, s.blast))
	if !s.sure {
		out.Blast.Lo = alone
	}
	lost := slices.Clone(s.lost)
	slices.SortFunc(lost, func(a, b int32) int {
		if p.heavier(a, b) {
			return -1
		}
		return 1
	})
	for _, j := range lost[:min(len(lost), worstJourneys)] {
		out.Journeys = append(out.Journeys, string(p.js[j].addr))
	}
	return out
}

func (f *Facts) statesAvailability(ent int32) bool {
	return f.availabilityFact(ent).State == model.Stated
}
