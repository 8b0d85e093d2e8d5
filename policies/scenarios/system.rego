# Scenarios that show in one system. A force has one value, a result without severity; its name is the scenario's id.

# METADATA
# scope: package
# schemas: [{input: schema.system}]
package archcheck.scenarios.system

import data.archcheck.lib

# SCN-03 High-performance internal services: many of them share one way to talk.
scn_03 := {
	"verdict": lib.at_least(input.subject.services, 10),
	"say": "there are {services} services",
	"facts": {"services": input.subject.services},
}

# SCN-07 Microservices resilience: not where everything has room to spare and nothing outside can hang a request.
scn_07 := {
	"verdict": lib.all_of([lib.at_least(input.subject.services, 3), lib.at_least(input.subject.depth, 2)]),
	"say": "{services} services call each other up to {depth} deep",
	"facts": {"services": input.subject.services, "depth": input.subject.depth},
} if {
	not at_ease
}

at_ease if {
	input.subject.hard_externals.value == 0
	input.subject.busiest.hi < 0.3
}

# SCN-08 Multi-tenant SaaS: tenants that share limits share each other's outages.
scn_08 := {
	"verdict": lib.is(input.subject.tenancy, "multi"),
	"say": "tenants share the system",
	"facts": {},
} if {
	input.subject.limits_per_tenant.value == false
}

# SCN-11 Microservices data: several owners of state that events or a shared store tie together.
scn_11 := {
	"verdict": lib.all_of([
		lib.at_least(input.subject.store_users, 2),
		lib.any_of([lib.at_least(input.subject.async_edges, 1), lib.at_least(input.subject.shared_stores, 1)]),
	]),
	"say": "{users} services keep state{shared}",
	"facts": {"users": input.subject.store_users, "shared": together},
}

together := sprintf(", and use %d stores together", [input.subject.shared_stores.value]) if {
	input.subject.shared_stores.value > 1
} else := ", and use a store together" if {
	input.subject.shared_stores.value == 1
} else := ", and messages go between services"
