# Each scenario: the system that it is about, and one that only looks like it.
package archcheck.scenarios.scenarios_test

import data.archcheck.given
import data.archcheck.scenarios

yes := given.derived(true)

no := given.derived(false)

on(addr, subject) := {"addr": addr, "subject": subject, "system": {"zero_downtime": given.default_value(false)}}

api(public, version) := on("gateway.edge.api.rest", {
	"style": "rest", "public": public, "version": version, "owner": "gateway.edge", "public_callers": ["client.partner"],
})

test_scn_01_a_version_for_everybody if {
	scenarios.api.scn_01.verdict == "violation" with input as api(yes, given.stated("v1"))
	scenarios.api.scn_01.verdict == "pass" with input as api(no, given.stated("v1"))
	scenarios.api.scn_01.verdict == "pass" with input as api(yes, given.absent)
	scenarios.api.scn_01.verdict == "question" with input as api(given.unknown, given.stated("v1"))
}

test_scn_01_a_partner_is_public if {
	scenarios.workload.scn_01.verdict == "violation" with input as on("service.a", {"outside_kinds": ["partner", "web"]})
	not scenarios.workload.scn_01 with input as on("service.a", {"outside_kinds": ["web"]})
}

app(kind, trips, services) := on("client.app", {
	"kind": given.stated(kind), "trips": given.derived(trips),
	"services_per_action": given.derived(services),
})

test_scn_02_a_phone_with_complex_needs if {
	scenarios.client.scn_02.verdict == "violation" with input as app("mobile", 5, 1)
	scenarios.client.scn_02.verdict == "violation" with input as app("mobile", 1, 3)
	scenarios.client.scn_02.verdict == "pass" with input as app("mobile", 2, 1)
	scenarios.client.scn_02.verdict == "pass" with input as app("web", 5, 3)
}

hot(rate, budget) := object.union(on("service.a.call.b", {"rate": rate, "budget": budget}), {"from": {"type": "service"}, "to": {"type": "service"}})

test_scn_03_fast_calls_between_services if {
	contains(scenarios.call.scn_03.say, "carries {rate}") with input as hot(given.derived(1000), given.derived(500))
	contains(scenarios.call.scn_03.say, "a budget of {budget}") with input as hot(given.derived(10), given.derived(40))
	scenarios.call.scn_03.verdict == "pass" with input as hot(given.derived(10), given.derived(500))
	scenarios.call.scn_03.verdict == "pass" with input as hot(given.derived(10), given.derived(0))
	scenarios.call.scn_03.verdict == "question" with input as hot(given.unknown_number, given.derived(500))
}

test_scn_03_many_services if {
	scenarios.system.scn_03.verdict == "violation" with input as on("system.s", {"services": 10})
	scenarios.system.scn_03.verdict == "pass" with input as on("system.s", {"services": 9})
}

live(realtime, channels, connections) := on("client.app", {
	"realtime": realtime, "push_channels": channels,
	"connections": connections,
})

test_scn_04_news_as_they_happen if {
	scenarios.client.scn_04.verdict == "violation" with input as live(given.stated("bidirectional"), [], given.unknown_number)
	scenarios.client.scn_04.verdict == "violation" with input as live(given.absent, ["stream"], given.stated(5000))
	scenarios.client.scn_04.verdict == "question" with input as live(given.absent, ["stream"], given.unknown_number)
	scenarios.client.scn_04.verdict == "pass" with input as live(given.absent, [], given.stated(5000))
	not scenarios.client.scn_04 with input as live(given.stated("push"), ["sse"], given.unknown_number)
}

checkout(user, services, externals) := on("transaction.checkout", {
	"user_facing": user, "service_count": given.derived(services),
	"externals": externals,
})

test_scn_05_a_charge_at_a_provider if {
	scenarios.transaction.scn_05.verdict == "violation" with input as checkout(yes, 2, ["external.stripe"])
	scenarios.transaction.scn_05.verdict == "pass" with input as checkout(no, 2, ["external.stripe"])
	scenarios.transaction.scn_05.verdict == "pass" with input as checkout(yes, 1, ["external.stripe"])
	not scenarios.transaction.scn_05 with input as checkout(yes, 2, [])
}

money(financial, services) := on("service.orders", {
	"user_facing": yes, "financial": financial, "count": given.derived(2), "services": services,
	"stores": [{"addr": "datastore.a"}, {"addr": "datastore.b"}],
})

test_scn_05_what_costs_money_half_done if {
	scenarios.write_set.scn_05.verdict == "violation" with input as money(yes, ["service.a", "service.b"])
	scenarios.write_set.scn_05.verdict == "pass" with input as money(no, ["service.a", "service.b"])
	scenarios.write_set.scn_05.verdict == "pass" with input as money(yes, ["service.a"])
}

audited(audit, log) := on("datastore.ledger", {"audit": audit, "audit_log": log})

test_scn_06_an_audit_trail if {
	scenarios.datastore.scn_06.verdict == "violation" with input as audited(given.stated("required"), given.absent)
	scenarios.datastore.scn_06.verdict == "pass" with input as audited(given.absent, given.absent)
	not scenarios.datastore.scn_06 with input as audited(given.stated("required"), given.stated(true))
}

mesh(depth, externals, busiest) := on("system.s", {
	"services": 3, "depth": given.derived(depth), "hard_externals": given.derived(externals),
	"busiest": busiest,
})

test_scn_07_services_that_wait_for_each_other if {
	scenarios.system.scn_07.verdict == "violation" with input as mesh(2, 0, given.derived(0.6))
	scenarios.system.scn_07.verdict == "violation" with input as mesh(2, 1, given.derived(0.1))
	scenarios.system.scn_07.verdict == "violation" with input as mesh(2, 0, given.unknown_number)
	scenarios.system.scn_07.verdict == "pass" with input as mesh(1, 1, given.derived(0.6))
	not scenarios.system.scn_07 with input as mesh(2, 0, given.derived(0.2))
}

tenants(tenancy, limited) := on("system.s", {"tenancy": tenancy, "limits_per_tenant": limited})

test_scn_08_tenants_that_share if {
	scenarios.system.scn_08.verdict == "violation" with input as tenants(given.stated("multi"), no)
	scenarios.system.scn_08.verdict == "pass" with input as tenants(given.default_value("single"), no)
	not scenarios.system.scn_08 with input as tenants(given.stated("multi"), yes)
}

released(objective, promised) := {
	"addr": "service.a", "subject": {"user_facing": yes, "objective": objective},
	"system": {"zero_downtime": given.stated(promised)},
}

test_scn_09_releases_that_nobody_notices if {
	scenarios.workload.scn_09.say == "releases must not interrupt users" with input as released(given.absent, true)
	contains(scenarios.workload.scn_09.say, "{objective}") with input as released(given.stated(0.9999), false)
	scenarios.workload.scn_09.verdict == "violation" with input as released(given.stated(0.9999), false)
	scenarios.workload.scn_09.verdict == "pass" with input as released(given.stated(0.999), false)
}

test_scn_10_what_is_replaced if {
	scenarios.migration.scn_10.verdict == "violation" with input as on("migration.m", {"legacy": given.stated("service.erp")})
	scenarios.service.scn_10.verdict == "violation" with input as on("service.erp", {"legacy": given.stated(true), "opaque": given.default_value(false)})
	scenarios.service.scn_10.verdict == "pass" with input as on("service.a", {"legacy": given.default_value(false), "opaque": given.default_value(false)})
	not scenarios.service.scn_10 with input as on("service.erp", {"legacy": given.stated(true), "opaque": given.stated(true)})
}

state(users, async, shared) := on("system.s", {
	"store_users": given.derived(users), "async_edges": given.derived(async),
	"shared_stores": given.derived(shared),
})

test_scn_11_several_owners_of_state if {
	scenarios.system.scn_11.facts.shared == ", and messages go between services" with input as state(2, 1, 0)
	scenarios.system.scn_11.facts.shared == ", and use a store together" with input as state(2, 0, 1)
	scenarios.system.scn_11.facts.shared == ", and use 2 stores together" with input as state(3, 0, 2)
	scenarios.system.scn_11.verdict == "violation" with input as state(2, 0, 1)
	scenarios.system.scn_11.verdict == "pass" with input as state(2, 0, 0)
	scenarios.system.scn_11.verdict == "pass" with input as state(1, 3, 0)
}
