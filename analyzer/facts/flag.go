package facts

import (
	"github.com/archcheck/archcheck/dsl/model"
)

// FlagFacts is a feature flag with who uses it.
type FlagFacts struct {
	*model.Flag
	UserFacing   Flag     `fact:"user_facing" doc:"a user waits for one that uses it"`
	Services     []string `fact:"services" doc:"services that use it"`
	Clients      []string `fact:"clients" doc:"clients that use it"`
	First        []string `fact:"first_services" doc:"the services that such a client reaches first, directly or through gateways"`
	Enforced     Flag     `fact:"enforced" doc:"a service that such a client reaches uses it too"`
	Expired      Flag     `fact:"expired" doc:"its end is past"`
	DaysLeft     Num      `fact:"days_left" unit:"count" doc:"days until its end, negative after it"`
	Availability Num      `fact:"provider_availability" unit:"ratio" doc:"of its provider; absent without one"`
	Journeys     Num      `fact:"journeys" unit:"count" doc:"journeys that go through one that uses it"`
	GatesKind    Word     `fact:"gates_kind" doc:"kind of the schema change that it guards"`
	GatesPhase   Word     `fact:"gates_phase" doc:"phase of that change"`
}

func (f *Facts) flagDocuments() []Document {
	var out []Document
	for _, x := range f.m.Flags {
		out = append(out, Document{Addr: x.Addr, Subject: f.flagFacts(x)})
	}
	return out
}

func (f *Facts) flagFacts(x *model.Flag) *FlagFacts {
	left := f.daysUntil(x.Expires)
	out := &FlagFacts{
		Flag: x, UserFacing: Yes(false), Services: []string{}, Clients: []string{}, Enforced: Yes(false), Expired: past(left), DaysLeft: left,
		Availability: Absent(), Journeys: Exact(0), GatesKind: Word{State: model.Absent}, GatesPhase: Word{State: model.Absent},
	}
	used, reached := map[int32]bool{}, map[int32]bool{}
	for _, a := range x.Used.V {
		e := f.g.ent(a)
		if e < 0 {
			continue
		}
		used[e] = true
		out.UserFacing.V = out.UserFacing.V || f.userFacing(e)
		if f.g.ents[e].kind == model.KindClient {
			out.Clients = append(out.Clients, string(a))
		} else {
			out.Services = append(out.Services, string(a))
		}
	}
	out.Services, out.Clients = compact(out.Services), compact(out.Clients)
	out.First = f.firstServices(out.Clients)
	journeys := 0
	for i := range f.paths.js {
		j := &f.paths.js[i]
		hit := false
		for _, a := range f.partsOfJourney(j) {
			if e := f.g.ent(a); e >= 0 {
				if hit = hit || used[e]; used[j.client] {
					reached[e] = true
				}
			}
		}
		if hit {
			journeys++
		}
	}
	out.Journeys = Exact(float64(journeys))
	for e := range reached {
		out.Enforced.V = out.Enforced.V || used[e] && f.g.ents[e].kind == model.KindService
	}
	if p := f.g.ent(x.Provider.Or("")); p >= 0 {
		out.Availability = f.availabilityFact(p)
	}
	if c, ok := f.m.Lookup(x.Gates.Or("")).(*model.SchemaChange); ok {
		out.GatesKind, out.GatesPhase = WordOf(c.Change), WordOf(c.Phase)
		out.GatesKind.setNeeds(string(c.Addr) + ".kind")
		out.GatesPhase.setNeeds(string(c.Addr) + ".phase")
	}
	return out
}

// firstServices are the services that some nodes reach first, directly or through gateways.
func (f *Facts) firstServices(from []string) []string {
	out, met := []string{}, map[int32]bool{}
	var queue []int32
	for _, a := range from {
		queue = append(queue, f.g.ent(model.Addr(a)))
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, id := range f.g.ents[queue[0]].out {
			e := &f.g.edges[id]
			if e.call == nil || met[e.to] {
				continue
			}
			met[e.to] = true
			switch to := &f.g.ents[e.to]; to.kind {
			case model.KindService:
				out = append(out, string(to.addr))
			case model.KindGateway:
				queue = append(queue, e.to)
			}
		}
	}
	return compact(out)
}

// ServiceFlags are the flags that stand for releases of a service.
type ServiceFlags struct {
	Release []string `fact:"release_flags" doc:"release flags that name it as a user"`
	Expired []string `fact:"expired_flags" doc:"those of them whose end is past"`
}

func (f *Facts) serviceFlags(s *model.Service) ServiceFlags {
	out := ServiceFlags{Release: f.releaseFlags(s.Addr), Expired: []string{}}
	for _, a := range out.Release {
		if x, ok := f.m.Lookup(model.Addr(a)).(*model.Flag); ok && past(f.daysUntil(x.Expires)).V {
			out.Expired = append(out.Expired, a)
		}
	}
	return out
}
