package archcheck.rules.resilience.retry_storm_test

import data.archcheck.given
import data.archcheck.rules.resilience.retry

# Three callers in a row: an edge that tries twice, one that a mesh repeats as well, and the target's own caller.
edge(addr, own, mesh, policy, last) := {"addr": addr, "attempts": own, "own": own, "from": "", "mesh": mesh, "mesh_policy": policy, "last": last}

edges := [
	edge("gateway.edge.call.checkout", 2, "", "", false),
	edge("service.orders.call.charge", 3, "mesh.istio", "", false),
	edge("service.payments.call.stripe", 2, "", "", true),
]

base := {
	"subject": {
		"amplification": given.derived(31.5),
		"amplification_classes": given.derived(["connect"]),
		"amplified_rate": given.derived(2520),
		"amplified_rate_by_class": {"http_5xx": given.derived(840)},
		"rate": given.derived(80),
		"capacity": given.absent,
		"rps_limit": given.stated(100),
		"retry_layers": given.derived(4),
		"retry_edges": edges,
		"covered_by": given.absent,
		"covers": ["service.payments"],
	},
	"system": given.call.system,
}

storms(p) := [f | some f in retry.storm with input as given.patched(base, {"subject": p})]

severities(p) := [[f.verdict, f.severity] | some f in storms(p)]

test_res_015_severity if {
	severities({}) == [["violation", "critical"]]
	severities({"rps_limit": given.absent}) == [["violation", "high"]]
	severities({"rps_limit": given.absent, "amplification": given.derived(5.25)}) == [["violation", "medium"]]
	severities({"rps_limit": given.absent, "capacity": given.stated(1000)}) == [["violation", "critical"]]
}

test_res_015_silent if {
	severities({"amplification": given.derived(2.9)}) == []
	severities({"retry_layers": given.derived(1)}) == []
	severities({"covered_by": given.derived("external.other")}) == []
	count(severities({"covered_by": given.unknown})) == 1
}

test_res_015_unknown_retries_ask if severities({"amplification": object.union(given.unknown_number, {"lo": 1})}) == [["question", "critical"]]

test_res_015_message if {
	[f] := storms({})
	startswith(f.say, "When {subject} cannot be reached, {rate} become {load_when_failing}")
	contains(f.say, "contract allows {contract}")
	contains(f.say, "HTTP 500, it gets {load_on_http_500}")
	f.facts.repeated_by == ["edge/checkout (2 tries)", "orders/charge (3 tries)", "payments/stripe (2 tries)"]
	f.evidence == ["gateway.edge.call.checkout", "service.orders.call.charge", "service.payments.call.stripe", "service.payments"]
}

test_res_015_message_without_rates if {
	[f] := storms({
		"amplified_rate": given.unknown_number,
		"rps_limit": given.absent,
		"amplification_classes": given.derived(["connect", "5xx", "timeout"]),
		"retry_edges": array.concat(edges, edges),
	})
	startswith(f.say, "When {subject} fails, every request is tried {amplification}. Who tries again")
	not contains(f.say, "HTTP 500")
	f.facts.repeated_by[5] == "1 more"
}

test_res_015_capacity_in_the_message if {
	[f] := storms({"rps_limit": given.absent, "capacity": given.stated(1000)})
	contains(f.say, "it serves {capacity} at most")
}

test_res_015_fix_leaves_the_last_layer if {
	[f] := storms({})
	f.fix == [
		{"at": "gateway.edge.call.checkout", "set": "retry", "value": {"max_attempts": 1}},
		{"at": "service.orders.call.charge", "set": "retry", "value": {"max_attempts": 1}},
		{"add": "policy", "label": "istio_calls", "value": {"retry": "none"}},
		{"at": "mesh.istio", "set": "policy", "value": "policy.istio_calls"},
	]
	count(f.alternatives[0]) == 5
}

test_res_015_fix_at_the_policy_that_hands_every_retry_down if {
	inherited := [object.union(edge(addr, 3, "", "", addr == "c"), {"from": "policy.rpc"}) | some addr in ["service.a.call.a", "service.b.call.b", "c"]]
	[f] := storms({"retry_edges": inherited})
	f.fix == [{"at": "policy.rpc", "set": "retry.budget", "value": "10%"}]
	count(f.alternatives) == 1
	count(f.alternatives[0]) == 2
	[own] := storms({"retry_edges": array.concat(inherited, [edge("service.d.call.d", 2, "", "", false)])})
	own.fix[0].set == "retry"
	[meshed] := storms({"retry_edges": array.concat(inherited, [edge("service.d.call.d", 1, "mesh.istio", "", false)])})
	meshed.fix[0].set == "retry"
}

test_res_015_a_change_of_many_calls_is_advice if {
	many := [edge(sprintf("service.s.call.c%d", [i]), 3, "", "", false) | some i in numbers.range(1, 20)]
	[f] := storms({"retry_edges": many})
	contains(f.fix[0].advise, "on the 20 calls above it")
	f.alternatives == []
}

test_res_015_fix_keeps_a_mesh_that_is_the_last_layer if {
	[f] := storms({"retry_edges": [edges[0], edge("service.orders.call.reserve", 1, "mesh.istio", "", true)]})
	f.fix == [{"at": "gateway.edge.call.checkout", "set": "retry", "value": {"max_attempts": 1}}]
}

test_res_015_fix_silences_the_policy_of_a_mesh if {
	[f] := storms({"retry_edges": [edge("service.orders.call.charge", 1, "mesh.istio", "policy.mesh", false), edges[2]]})
	f.fix == [{"at": "policy.mesh", "set": "retry", "value": "none"}]
}
