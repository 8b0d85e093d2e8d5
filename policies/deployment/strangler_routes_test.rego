package archcheck.rules.deployment.strangler_routes_test

import data.archcheck.given
import data.archcheck.rules.deployment.strangler_routes as rules

route := {
	"addr": "migration.m.route.stock",
	"subject": {
		"legacy": "service.old", "to": given.stated("service.new"), "status": given.stated("migrated"), "sync": given.absent,
		"shared_stores": ["datastore.db"], "possible_shared_stores": [], "two_stores": given.derived(false), "legacy_calls": [],
		"legacy_writes": ["datastore.db"],
	},
}

doc(patch) := given.patched(route, {"subject": patch})

both(patch) := {f.verdict | some f in rules.two_writers with input as doc(patch)}

apart := {"shared_stores": [], "two_stores": given.derived(true)}

test_dep_043_one_store_fires if both({}) == {"violation"}

test_dep_043_may_be_one_store if both({"shared_stores": [], "possible_shared_stores": ["datastore.db"]}) == {"risk"}

test_dep_043_two_stores_fire if both(apart) == {"violation"}

test_dep_043_dual_write_fires if both(object.union(apart, {"sync": given.stated("dual_write")})) == {"violation"}

test_dep_043_cdc_is_silent if both(object.union(apart, {"sync": given.stated("cdc")})) == set()

test_dep_043_legacy_route_is_silent if both({"status": given.stated("legacy")}) == set()

half(patch) := {f.say | some f in rules.half_migrated with input as doc(patch)}

test_dep_047_still_written if half({}) == {"{legacy} cannot be switched off, though {route} is said to be migrated: it still writes {stores}."}

test_dep_047_still_served if {
	served := {"legacy_writes": [], "legacy_calls": ["client.web.call.stock"]}
	half(served) == {"{legacy} cannot be switched off, though {route} is said to be migrated: {calls} still reaches it."}
}

test_dep_047_clean_cut_is_silent if half({"legacy_writes": []}) == set()

test_dep_047_canary_is_silent if half({"status": given.stated("canary")}) == set()
