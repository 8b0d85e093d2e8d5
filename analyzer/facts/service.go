package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// ServiceFacts is a service with what surrounds it.
type ServiceFacts struct {
	*model.Service
	ServiceTenants
	ServiceCQRS
	ServiceEvents
	ServiceSides
	ServiceListeners
	ServiceSidecars
	SystemSidecars
	ServiceJoins
	ServiceFlags
}

// ServiceTenants says how the tenants of a service are kept apart.
type ServiceTenants struct {
	UserFacing     Flag     `fact:"user_facing" doc:"a user waits for it, directly or through synchronous calls"`
	FirstService   Flag     `fact:"first_service" doc:"a client, an external or a gateway calls it: requests meet no other service before"`
	Gateways       []string `fact:"gateways" doc:"gateways that call it"`
	TenantLimited  Flag     `fact:"tenant_limited" doc:"a rate limit per tenant stands on it or on every way to it"`
	TenantBulkhead Flag     `fact:"tenant_bulkhead" doc:"a call of it has a bulkhead per tenant"`
	TenantFills    Num      `fact:"tenant_fills" unit:"rps" doc:"requests per second of one tenant that take all slots of a replica: concurrency / mean"`
	RecTenantLimit Num      `fact:"rec_tenant_rps" unit:"rps" doc:"a first limit per tenant: a quarter of what the service serves"`
}

func (f *Facts) serviceDocuments() []Document {
	var out []Document
	tenants, sidecars := f.tenantLimits(), f.systemSidecars()
	for _, s := range f.m.Services {
		i := f.g.ent(s.Addr)
		out = append(out, Document{Addr: s.Addr, Subject: &ServiceFacts{
			Service: s, ServiceTenants: f.serviceTenants(i, tenants[i]), ServiceCQRS: f.serviceCQRS(s), ServiceEvents: f.serviceEvents(s),
			ServiceSides: f.serviceSides(s), ServiceListeners: f.serviceListeners(s), ServiceSidecars: f.serviceSidecars(s), SystemSidecars: sidecars, ServiceJoins: f.serviceJoins(s),
			ServiceFlags: f.serviceFlags(s),
		}})
	}
	return out
}

func (f *Facts) serviceTenants(i int32, limited tenantLimit) ServiceTenants {
	g := f.g
	out := ServiceTenants{
		UserFacing: Yes(g.anyPair(i, f.k.waits, false)), FirstService: Yes(false), Gateways: []string{},
		TenantLimited: limited.flag(), TenantBulkhead: Yes(false),
		TenantFills:    f.slots(i).div(f.t.times[i].mean).scale(second).num(),
		RecTenantLimit: f.capacity[i].scale(0.25).num(),
	}
	for _, id := range g.ents[i].ins {
		e := &g.edges[id]
		if e.call == nil {
			continue
		}
		switch g.ents[e.from].kind {
		case model.KindGateway:
			out.Gateways = append(out.Gateways, string(g.ents[e.from].addr))
			out.FirstService = Yes(true)
		case model.KindClient, model.KindExternal:
			out.FirstService = Yes(true)
		}
	}
	slices.Sort(out.Gateways)
	out.Gateways = slices.Compact(out.Gateways)
	for _, id := range g.ents[i].out {
		if c := g.edges[id].call; c != nil && c.Bulkhead.Has() && c.Bulkhead.V != nil && c.Bulkhead.V.Per.Or("callee") == "tenant" {
			out.TenantBulkhead = Yes(true)
		}
	}
	return out
}
