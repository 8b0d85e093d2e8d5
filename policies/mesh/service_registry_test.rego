package archcheck.rules.mesh.service_registry_test

import data.archcheck.given
import data.archcheck.rules.mesh.service_registry

yes := given.derived(true)

no := given.derived(false)

user := {
	"addr": "service.b", "looks_up": yes, "listed": yes, "drain": given.stated(20000), "user_facing": yes,
	"rate_per_replica": given.derived(50),
}

# Stale for 90 + 60 + 2 · 30 = 210 s; at 50/s on each copy that is 10,500 requests.
registry := {
	"addr": "registry.names",
	"subject": {
		"user_count": given.derived(1), "users": [user], "user_facing": yes, "replicas": given.stated(3),
		"scale": given.control({"replicas": given.stated(3)}), "availability_stated": no,
		"own_availability": given.assumed(0.99, 0.995, 0.9999), "cached_lookup": given.stated(true),
		"cache_outlives_lease": given.unknown, "health_check": given.stated(true), "all_ready": no,
		"stale": given.derived(210000), "least_drain": given.derived(20000), "stale_requests": given.derived(10500),
		"stale_at": given.derived("service.b"), "lease": given.default_value(90000), "eviction": given.default_value(60000),
		"fetch": given.default_value(30000), "retried": no,
	},
	"system": {"platform": given.stated("kubernetes")},
}

doc(patch) := given.lay(registry, {"subject": given.lay(registry.subject, patch)})

quorum(patch) := {[f.verdict, f.severity] | some f in service_registry.registry_without_quorum with input as doc(patch)}

one := {"replicas": given.stated(1), "cached_lookup": given.stated(false)}

test_dsc_002_fires if {
	quorum(one) == {["violation", "high"]}
	quorum(object.union(one, {"replicas": given.stated(2)})) == {["violation", "high"]}
}

test_dsc_002_kept_lists_are_medium if quorum({"replicas": given.stated(1)}) == {["violation", "medium"]}

test_dsc_002_three_managed_or_unwaited_for_are_silent if {
	quorum({}) == set()
	quorum(object.union(one, {"availability_stated": yes})) == set()
	quorum(object.union(one, {"user_facing": no})) == set()
	quorum({"replicas": {"state": "unknown", "lo": 1}}) == set()
}

test_dsc_002_fix if {
	some f in service_registry.registry_without_quorum with input as doc(object.union(one, {"scale": given.control({"replicas": given.stated(1)})}))
	f.fix == [{"set": "scale", "value": {"replicas": 3, "zones": 3}}]
}

stale(patch) := {[f.verdict, f.severity, f.asks] | some f in service_registry.stale_entries with input as doc(patch)}

test_dsc_003_fires if stale({}) == {["violation", "high", ["requests"]]}

test_dsc_003_a_thousand_requests_are_medium if {
	stale({"stale_requests": given.derived(1000)}) == {["violation", "medium", ["requests"]]}
	stale({"stale_requests": given.derived(0)}) == {["violation", "medium", ["requests"]]}
}

test_dsc_003_stopping_later_is_silent if stale({"least_drain": given.stated(210000)}) == set()

test_dsc_003_trying_again_is_silent if stale({"retried": yes}) == set()

test_dsc_003_nobody_listed_is_silent if stale({"least_drain": given.absent}) == set()

test_dsc_003_asks_for_the_drain if {
	stale({"least_drain": given.unknown_number, "stale_requests": given.unknown_number, "retried": yes}) == {["question", "medium", ["drain"]]}
}

test_dsc_003_asks_whether_anybody_calls if {
	stale({"stale_requests": given.unknown_number, "retried": yes}) == {["question", "medium", ["requests"]]}
}

test_dsc_003_fix_lengthens_only_short_drains if {
	some f in service_registry.stale_entries with input as doc({"users": [user, object.union(user, {"addr": "service.c", "drain": given.stated(60000)})]})
	[op.at | some op in f.fix; op.at] == ["service.b"]
}

unchecked(patch) := {f.verdict | some f in service_registry.unchecked_instances with input as doc(patch)}

test_dsc_004_fires if unchecked({"health_check": given.stated(false)}) == {"violation"}

test_dsc_004_checked_is_silent if unchecked({}) == set()

test_dsc_004_ready_on_kubernetes_is_silent if unchecked({"health_check": given.stated(false), "all_ready": yes}) == set()

test_dsc_004_asks if unchecked({"health_check": given.unknown}) == {"question"}

lookups(patch) := {f.verdict | some f in service_registry.lookup_per_request with input as doc(patch)}

test_dsc_007_fires if lookups({"cached_lookup": given.stated(false)}) == {"violation"}

test_dsc_007_says_the_availability if {
	some f in service_registry.lookup_per_request with input as doc({"cached_lookup": given.stated(false)})
	contains(f.say, "{availability}")
	some g in service_registry.lookup_per_request with input as doc({"cached_lookup": given.stated(false), "own_availability": given.unknown_number})
	not contains(g.say, "{availability}")
}

test_dsc_007_kept_lists_are_silent if {
	lookups({}) == set()
	lookups({"cached_lookup": given.stated(false), "cache_outlives_lease": yes}) == set()
}

test_dsc_007_asks if lookups({"cached_lookup": given.unknown}) == {"question"}
