package facts

import (
	"github.com/archcheck/archcheck/dsl/model"
)

// SystemSituation are the counts by which the scenarios of the catalog recognise a system.
type SystemSituation struct {
	StoreUsers     Num  `fact:"store_users" unit:"count" doc:"services that use a datastore that holds state: no cache, no search index"`
	SharedStores   Num  `fact:"shared_stores" unit:"count" doc:"such datastores that two or more services use"`
	HardExternals  Num  `fact:"hard_externals" unit:"count" doc:"calls of services and gateways to externals whose failure fails the caller"`
	Busiest        Num  `fact:"busiest" unit:"ratio" doc:"highest utilisation of a service; unknown while that of one is"`
	TenantLimits   Flag `fact:"limits_per_tenant" doc:"there is a rate limit, and every one is per tenant"`
	OpenMigrations Num  `fact:"open_migrations" unit:"count" doc:"migrations with a route that has not arrived, or without routes"`
}

func (f *Facts) systemSituation() SystemSituation {
	g := f.g
	users, shared, externals := map[int32]bool{}, 0.0, 0.0
	for i := range g.ents {
		d, ok := g.ents[i].of.(*model.Datastore)
		if !ok || d.StoreKind.Or("") == "cache" || d.StoreKind.Or("") == "search" {
			continue
		}
		of := map[int32]bool{}
		for _, id := range g.ents[i].ins {
			if e := &g.edges[id]; e.call != nil && g.ents[e.from].kind == model.KindService {
				of[e.from], users[e.from] = true, true
			}
		}
		if len(of) > 1 {
			shared++
		}
	}
	limits, perTenant := 0, 0
	count := func(v model.Value[*model.RateLimit]) {
		if v.Has() && v.V != nil {
			limits++
			if v.V.Per.Or("") == "tenant" {
				perTenant++
			}
		}
	}
	for i := range g.edges {
		e := &g.edges[i]
		if e.call == nil {
			continue
		}
		count(e.call.RateLimit)
		if _, worker := g.ents[e.from].of.(model.Worker); worker && e.hard && g.ents[e.to].kind == model.KindExternal {
			externals++
		}
	}
	busiest := zero
	for _, w := range f.m.Workers() {
		count(w.Work().RateLimit)
		if s, ok := w.(*model.Service); ok {
			i := g.ent(s.Addr)
			busiest = busiest.max(f.rate[i].div(f.capacity[i]))
		}
	}
	open := 0.0
	for _, m := range f.m.Migrations {
		done := len(m.Routes) > 0
		for _, r := range m.Routes {
			done = done && r.Status.Or("") == "migrated"
		}
		if !done {
			open++
		}
	}
	return SystemSituation{
		StoreUsers: Exact(float64(len(users))), SharedStores: Exact(shared), HardExternals: Exact(externals), Busiest: busiest.num(),
		TenantLimits: Yes(limits > 0 && limits == perTenant), OpenMigrations: Exact(open),
	}
}
