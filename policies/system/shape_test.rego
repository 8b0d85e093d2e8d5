package archcheck.rules.system.shape_test

import data.archcheck.given
import data.archcheck.rules.system.shape

cycle(patch) := {[f.verdict, f.severity] |
	some f in shape.synchronous_cycle with input as {"addr": "cycle.service.a/service.b", "subject": given.lay(
		{
			"waits": given.derived(true),
			"level": given.derived("trigger"),
			"members": ["service.a", "service.b"],
			"edges": ["service.a.call.b", "service.b.call.a"],
			"gain": given.derived(0.5),
		},
		patch,
	)}
}

test_circle_of_operations_is_high if cycle({}) == {["violation", "high"]}

test_runaway_circle_is_critical if cycle({"gain": given.derived(1)}) == {["violation", "critical"]}

test_runaway_self_call_is_critical if cycle({"gain": given.derived(2), "members": ["service.a"]}) == {["violation", "critical"]}

test_circle_of_services_only_is_medium if cycle({"level": given.derived("service")}) == {["violation", "medium"]}

test_loop_of_messages_is_another_rule if cycle({"waits": given.derived(false)}) == set()

chain(patch) := {[f.verdict, f.severity] |
	some f in shape.deep_chain with input as {
		"addr": "journey.web.api",
		"subject": given.lay(
			{
				"depth": given.derived(6),
				"healthy_p99": given.derived(900),
				"latency_objective": given.stated(1000),
				"healthy_share": given.derived(0.9),
				"loss_over_budget": given.derived(0.1),
				"availability": given.derived(0.999),
				"path": ["service.a"],
			},
			patch,
		),
		"system": {"params": {"depth_warn": 4, "depth_high": 6}},
	}
}

test_six_hops_are_medium if chain({}) == {["violation", "medium"]}

test_four_hops_are_low if chain({"depth": given.derived(4)}) == {["violation", "low"]}

test_three_hops_are_silent if chain({"depth": given.derived(3)}) == set()

test_hops_that_fallbacks_may_end_ask if {
	chain({"depth": object.union(given.unknown_number, {"lo": 2, "hi": 6})}) == {["question", "low"]}
	chain({"depth": object.union(given.unknown_number, {"lo": 4, "hi": 6})}) == {["violation", "low"]}
}

test_six_hops_of_unknown_latency_ask if chain({"healthy_share": given.unknown_number}) == {["question", "medium"]}

test_three_hops_of_unknown_latency_are_silent if {
	chain({"depth": given.derived(3), "healthy_share": given.unknown_number}) == set()
}

test_deep_and_within_budgets_is_silent if chain({"healthy_share": given.derived(0.5)}) == set()

call(from, patch) := {
	"addr": "service.a.call.b",
	"from": from,
	"subject": given.lay(
		{
			"per_request": given.stated(25),
			"cache_hit": given.unknown_number,
			"rtt": given.derived(60),
			"rtt_total": given.derived(1500),
			"rtt_share": given.derived(0.5),
			"rate": given.derived(250),
			"budget": given.derived(800),
			"cross_region": given.derived(true),
			"hard": given.derived(true),
		},
		patch,
	),
	"system": {"params": {"chatty": 10}},
}

service := {"type": "service"}

client(network) := {"type": "client", "network": given.stated(network)}

chatty(from, patch) := {f.verdict | some f in shape.chatty with input as call(from, patch)}

test_25_calls_for_one_request if chatty(service, {}) == {"violation"}

test_25_calls_that_may_be_cheap_ask if chatty(service, {"rtt_share": given.unknown_number}) == {"question"}

test_3_calls_are_not_chatty if chatty(service, {"per_request": given.stated(3)}) == set()

test_a_phone_counts_from_three if chatty(client("cellular"), {"per_request": given.stated(3), "cache_hit": given.absent}) == {"violation"}

test_a_browser_counts_from_five if chatty(client("wan"), {"per_request": given.stated(3), "cache_hit": given.absent}) == set()

test_a_cache_answers if chatty(service, {"cache_hit": given.stated(0.95)}) == set()

test_local_calls_that_do_not_matter if chatty(service, {"rtt_share": given.derived(0.01), "cache_hit": given.absent}) == set()

far(patch) := {f.verdict | some f in shape.far_away with input as call(service, patch)}

test_another_region if far({}) == {"violation"}

test_an_unknown_fallback_asks if far({"hard": given.unknown}) == {"question"}

test_a_budget_that_nobody_states_asks if far({"rtt_share": given.unknown_number}) == {"question"}

test_the_same_region if far({"cross_region": given.derived(false)}) == set()

test_little_of_the_budget if far({"rtt_share": given.derived(0.1)}) == set()
