package archcheck.rules.resilience.timeout_journey_test

import data.archcheck.given
import data.archcheck.rules.resilience.timeout_journey

way := {
	"entry": "client.web.call.api",
	"healthy_p99": given.derived(600),
	"latency_objective": given.stated(1000),
	"slowest": "service.pay",
	"slowest_p99": given.stated(500),
	"entry_worst_case": given.derived(1000),
	"client_deadline": given.stated(3000),
	"depth": given.derived(3),
	"propagation": {
		"silent": ["service.a", "service.b"],
		"retried": ["service.b.call.c"],
		"slack": given.derived(false),
		"exhausted_at": given.derived("service.b.call.c"),
	},
}

doc(patch) := {"system": {"addr": "system.shop"}, "subject": object.union(object.remove(way, object.keys(patch)), patch)}

infeasible(patch) := [f | some f in timeout_journey.objective_infeasible with input as doc(patch)]

test_res_046_within_the_objective_is_silent if infeasible({}) == []

test_res_046_one_part_alone_is_too_slow if {
	[f] := infeasible({"slowest_p99": given.stated(1200), "healthy_p99": given.derived(1300)})
	f.verdict == "violation"
	f.evidence == ["service.pay"]
	contains(f.say, "alone")
	contains(f.fix[0].advise, "service.pay")
}

test_res_046_a_sum_of_percentiles_is_a_risk if {
	[f] := infeasible({"healthy_p99": given.derived(1010)})
	f.verdict == "risk"
	contains(f.say, "({slowest}: {p99})")
}

test_res_046_no_part_stands_out if {
	[f] := infeasible({"healthy_p99": given.derived(1010), "slowest": "", "slowest_p99": given.absent})
	f.verdict == "risk"
	f.evidence == []
	not contains(f.say, "{slowest}")
}

test_res_046_the_clients_own_tries_do_not_fit if {
	[f] := infeasible({"entry_worst_case": given.derived(3100)})
	f.verdict == "violation"
	f.evidence == ["client.web.call.api"]
}

test_res_046_an_unknown_objective_asks if {
	{f.verdict | some f in infeasible({"latency_objective": given.unknown_number})} == {"question"}
}

forgets(patch) := [f | some f in timeout_journey.deadline_not_propagated with input as doc(patch)]

down(patch) := {"propagation": object.union(way.propagation, patch)}

test_res_048_nobody_hands_the_deadline_down if {
	[f] := forgets({})
	f.verdict == "violation"
	f.fix == [{"set": "deadline_propagation", "at": "system.shop", "value": true}]
	count(f.alternatives[0]) == 2
}

test_res_048_shallow_journeys_are_silent if forgets({"depth": given.derived(2)}) == []

test_res_048_everybody_hands_it_down if forgets(down({"silent": []})) == []

test_res_048_nothing_is_tried_again if forgets(down({"retried": []})) == []

test_res_048_falling_limits_are_silent if forgets(down({"slack": given.derived(true)})) == []

test_res_048_nothing_outlasts_its_caller if forgets({"propagation": object.union(object.remove(way.propagation, ["exhausted_at"]), {"exhausted_at": given.absent})}) == []
