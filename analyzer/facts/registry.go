package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// RegistryFacts is a registry with those who look up in it and those whom it lists.
type RegistryFacts struct {
	*model.Registry
	Users         []RegistryUser `fact:"users" doc:"services and gateways that look up in it or are listed in it, by address"`
	UserCount     Num            `fact:"user_count" unit:"count" doc:"how many these are"`
	UserFacing    Flag           `fact:"user_facing" doc:"a user waits for one of them"`
	Own           Num            `fact:"own_availability" unit:"ratio" doc:"its availability, stated or assumed"`
	Stated        Flag           `fact:"availability_stated" doc:"its availability is stated"`
	Replicas      Num            `fact:"replicas" unit:"count" doc:"its copies"`
	Stale         Num            `fact:"stale" unit:"ms" doc:"time that a dead instance stays listed: lease + eviction + 2 · fetch"`
	LeastDrain    Num            `fact:"least_drain" unit:"ms" doc:"shortest drain of those listed; unknown while nobody says of one, absent without any"`
	StaleRequests Num            `fact:"stale_requests" unit:"count" doc:"requests that hit a dead instance until it is unlisted: stale · rate per replica, the worst of those listed"`
	StaleAt       Word           `fact:"stale_at" doc:"the one listed that is hit most"`
	RetriedHosts  Flag           `fact:"retried" doc:"every call to one listed is tried again where the request was not sent"`
	LegacyUser    Flag           `fact:"legacy_user" doc:"a legacy service uses it"`
	OtherRegion   Flag           `fact:"other_region" doc:"users state different regions"`
	AllReady      Flag           `fact:"all_ready" doc:"every user states a readiness check"`
	Services      Num            `fact:"services" unit:"count" doc:"services of the whole system"`
	Autoscaled    Flag           `fact:"autoscaled" doc:"some service or gateway of the system states scale.max"`
	CacheOutlives Flag           `fact:"cache_outlives_lease" doc:"clients keep answers at least as long as a lease"`
}

// RegistryUser is a node that looks up in a registry, or is listed in it.
type RegistryUser struct {
	Addr       string `fact:"addr" doc:"the node"`
	LooksUp    Flag   `fact:"looks_up" doc:"its calls look up their callees here"`
	Listed     Flag   `fact:"listed" doc:"others find it here"`
	Legacy     Flag   `fact:"legacy" doc:"a legacy service"`
	Team       Word   `fact:"team" doc:"who runs it"`
	Region     Word   `fact:"region" doc:"where it runs"`
	UserFacing Flag   `fact:"user_facing" doc:"a user waits for it"`
	Readiness  Flag   `fact:"readiness" doc:"it says when it can serve"`
	Drain      Num    `fact:"drain" unit:"ms" doc:"time between leaving and stopping"`
	PerReplica Num    `fact:"rate_per_replica" unit:"rps" doc:"requests that reach one copy"`
}

func (f *Facts) registryDocuments() []Document {
	var out []Document
	for _, r := range f.m.Registries {
		out = append(out, Document{Addr: r.Addr, Subject: f.registryFacts(r)})
	}
	return out
}

func (f *Facts) registryFacts(r *model.Registry) *RegistryFacts {
	i := f.g.ent(r.Addr)
	no := Yes(false)
	out := &RegistryFacts{
		Registry: r, Users: []RegistryUser{}, UserFacing: no, Own: f.availabilityFact(i), Stated: Yes(f.statesAvailability(i)),
		Replicas: replicasOf(r), LeastDrain: Absent(), StaleRequests: Absent(), StaleAt: Word{State: model.Absent}, LegacyUser: no,
		OtherRegion: no, AllReady: no, Services: Exact(float64(len(f.m.Services))), Autoscaled: no, RetriedHosts: Yes(true),
	}
	stale := MillisOf(r.Lease).interval().add(MillisOf(r.Eviction).interval()).add(MillisOf(r.Fetch).interval().scale(2))
	out.Stale = stale.millis()
	out.CacheOutlives = Flag{State: r.ClientCache.State}
	if r.ClientCache.Has() {
		out.CacheOutlives = Yes(r.ClientCache.V >= r.Lease.V)
	}
	looks, listed := f.registryUsers(r.Addr), f.listedIn(r.Addr)
	all := append(slices.Clone(looks), listed...)
	slices.Sort(all)
	regions := map[string]bool{}
	drain, hits, ready := missing, missing, 0
	for _, e := range slices.Compact(all) {
		u := f.registryUser(e, slices.Contains(looks, e), slices.Contains(listed, e))
		out.Users = append(out.Users, u)
		out.UserFacing.V = out.UserFacing.V || u.UserFacing.V
		out.LegacyUser.V = out.LegacyUser.V || u.Legacy.V
		if u.Region.State.HasValue() {
			regions[u.Region.V] = true
		}
		if u.Readiness.V {
			ready++
		}
		if !u.Listed.V {
			continue
		}
		d := u.Drain.interval(u.Addr + ".deploy.drain")
		if d.absent() {
			d = zero
		}
		drain = least(drain, d)
		x := stale.scale(1 / second).mul(u.PerReplica.interval())
		if hits.absent() || x.v > hits.v {
			hits, out.StaleAt = x, Is(u.Addr)
		}
		for _, id := range f.g.ents[e].ins {
			if e := &f.g.edges[id]; e.call != nil && e.m[classConnect] < 2 {
				out.RetriedHosts = Yes(false)
			}
		}
	}
	slices.SortFunc(out.Users, func(a, b RegistryUser) int { return compareAddr(model.Addr(a.Addr), model.Addr(b.Addr)) })
	out.UserCount, out.LeastDrain, out.StaleRequests = Exact(float64(len(out.Users))), drain.millis(), hits.num()
	out.OtherRegion, out.AllReady = Yes(len(regions) > 1), Yes(len(out.Users) > 0 && ready == len(out.Users))
	for _, w := range f.m.Workers() {
		out.Autoscaled.V = out.Autoscaled.V || maxReplicasOf(w).HasValue()
	}
	return out
}

// listedIn are the services and gateways that others find in a registry: those that state it as their own discovery, and
// those that calls through it reach.
func (f *Facts) listedIn(registry model.Addr) []int32 {
	var out []int32
	for _, w := range f.m.Workers() {
		if v := w.Work().Discovery; v.State == model.Stated && model.Addr(v.V) == registry {
			out = append(out, f.g.ent(w.Self().Addr))
		}
	}
	for i := range f.g.edges {
		e := &f.g.edges[i]
		if e.call == nil || model.Addr(e.call.Discovery.Or("")) != registry {
			continue
		}
		if _, ok := f.g.ents[e.to].of.(model.Worker); ok {
			out = append(out, e.to)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (f *Facts) registryUser(e int32, looks, listed bool) RegistryUser {
	x := &f.g.ents[e]
	b := x.of.Self()
	u := RegistryUser{
		Addr: string(x.addr), LooksUp: Yes(looks), Listed: Yes(listed), Legacy: Yes(false), Team: WordOf(b.Team), Region: WordOf(b.Region),
		UserFacing: Yes(f.userFacing(e)), Readiness: Flag{State: model.Unknown}, Drain: Unknown(0),
		PerReplica: f.rate[e].div(replicasOf(x.of).interval(string(x.addr) + ".scale.replicas")).num(),
	}
	if s, ok := x.of.(*model.Service); ok {
		u.Legacy = FlagOf(s.Legacy)
	}
	if w, ok := x.of.(model.Worker); ok {
		if d := valueOf(w.Work().Deploy); d != nil {
			u.Readiness, u.Drain = FlagOf(d.Readiness), MillisOf(d.Drain)
		}
	}
	return u
}
