package archcheck.rules.resilience.timeout_chain_test

import data.archcheck.given
import data.archcheck.rules.resilience.timeout_chain

psp := {
	"addr": "service.pay.call.psp",
	"to": "external.psp",
	"hard": given.derived(true),
	"limit": given.stated(2000),
	"worst_case": given.derived(4100),
	"app_attempts": given.derived(4),
	"fitting_attempts": given.derived(3),
	"rec_limit": given.absent,
	"cache_hit": given.unknown_number,
}

outer := {
	"limit": given.stated(600),
	"rate": given.derived(80),
	"attempts": given.derived(3),
	"callee_worst_case": given.derived(4100),
	"inner": [psp],
}

doc(patch, propagates) := {
	"subject": object.union(object.remove(outer, object.keys(patch)), patch),
	"to": {"addr": "service.pay", "deadline_propagation": propagates},
}

inverted(patch) := [f | some f in timeout_chain.timeout_inversion with input as doc(patch, given.absent)]

propagate := {"set": "deadline_propagation", "at": "service.pay", "value": true}

test_res_043_the_inner_call_outlasts_the_outer_one if {
	[f] := inverted({})
	[f.verdict, f.severity, f.fix] == ["violation", "high", [propagate]]
	f.alternatives == []
	contains(f.say, "each retry adds another copy")
}

test_res_043_a_shorter_limit_below_comes_first if {
	[f] := inverted({"inner": [object.union(psp, {"rec_limit": given.derived(450)})]})
	f.fix == [{"set": "timeout", "at": "service.pay.call.psp", "value": given.derived(450)}]
	f.alternatives == [[propagate]]
}

test_res_043_a_single_try_is_medium if {
	[f] := inverted({"attempts": given.derived(1)})
	f.severity == "medium"
	not contains(f.say, "each retry")
	contains(f.say, "({rate})")
}

test_res_043_an_unknown_rate_is_not_printed if {
	[f] := inverted({"rate": given.unknown_number})
	not contains(f.say, "{rate}")
}

test_res_043_an_equal_limit_is_silent if inverted({"limit": given.stated(2000)}) == []

test_res_043_a_cache_in_front_is_silent if inverted({"inner": [object.union(psp, {"cache_hit": given.stated(0.995)})]}) == []

test_res_043_known_deadlines_are_silent if {
	count(timeout_chain.timeout_inversion) == 0 with input as doc({}, given.stated(true))
}

test_res_043_an_unknown_limit_asks if {
	[f] := inverted({"limit": given.unknown_number})
	f.verdict == "question"
	object.keys(f.facts) == {"limit", "inner", "hard", "propagates"}
}

perhaps := object.union(object.remove(psp, ["hard"]), {"hard": given.unknown})

test_res_043_an_unknown_fallback_below_asks if {
	[f] := inverted({"inner": [perhaps]})
	f.verdict == "question"
	f.facts.hard == given.unknown
}

test_res_043_a_certain_call_beside_it_is_enough if {
	[f] := inverted({"inner": [perhaps, psp]})
	f.verdict == "violation"
}

repeats(patch, propagates) := [f | some f in timeout_chain.retries_outlast_caller with input as doc(patch, propagates)]

tries := {"inner": [object.union(psp, {"limit": given.stated(500)})]}

test_res_044_the_last_tries_help_nobody if {
	[f] := repeats(tries, given.absent)
	f.verdict == "violation"
	f.fix == [propagate]
	f.alternatives == [[{"set": "retry.max_attempts", "at": "service.pay.call.psp", "value": 3}]]
}

test_res_044_there_is_time if repeats(object.union(tries, {"callee_worst_case": given.derived(600)}), given.absent) == []

test_res_044_single_tries_are_no_waste if {
	once := object.union(psp, {"limit": given.stated(500), "worst_case": given.derived(500)})
	repeats({"inner": [once]}, given.absent) == []
}

test_res_044_an_inversion_says_it if repeats({}, given.absent) == []

test_res_044_known_deadlines_are_silent if repeats(tries, given.stated(true)) == []

test_res_044_an_unknown_limit_asks if {
	[f] := repeats(object.union(tries, {"limit": given.unknown_number}), given.absent)
	f.verdict == "question"
}

call := {
	"timeout": given.stated(12000),
	"deadline": given.stated(20000),
	"connect_timeout": given.absent,
	"tries_total": given.derived(24000),
	"tries_fit": given.derived(1),
	"app_attempts": given.derived(2),
	"unlimited_attempts": given.derived(false),
	"cross_region": given.derived(false),
}

contradicts(patch, type) := {[f.verdict, f.severity, f.fix[0].set] |
	some f in timeout_chain.limits_contradict with input as {
		"subject": object.union(object.remove(call, object.keys(patch)), patch),
		"to": {"type": type},
	}
}

sound := {"tries_total": given.derived(20000)}

test_res_045_the_last_try_never_runs if contradicts({}, "service") == {["violation", "medium", "retry.max_attempts"]}

test_res_045_not_even_one_fits if contradicts({"tries_fit": given.derived(0)}, "service") == {["violation", "medium", "deadline"]}

# The callee answers within 5 s, and the deadline of 20 s holds two of those.
test_res_045_a_limit_that_fits_comes_first if {
	slow := {"tries_fit": given.derived(0), "connect_timeout": given.absent}
	quick := object.union(slow, {"rec": {"timeout": given.derived(5000)}})
	contradicts(quick, "service") == {["violation", "medium", "timeout"]}
	contradicts(object.union(slow, {"rec": {"timeout": given.derived(11000)}}), "service") == {["violation", "medium", "deadline"]}
}

test_res_045_all_tries_fit if contradicts(sound, "service") == set()

test_res_045_endless_tries_are_bounded_by_the_deadline if contradicts({"unlimited_attempts": given.derived(true)}, "service") == set()

test_res_045_connecting_takes_longer_than_the_call if {
	contradicts(object.union(sound, {"connect_timeout": given.stated(12000)}), "external") == {["violation", "low", "connect_timeout"]}
}

test_res_045_a_slow_connection_nearby if {
	patch := object.union(sound, {"connect_timeout": given.stated(2000)})
	contradicts(patch, "service") == {["violation", "low", "connect_timeout"]}
	contradicts(patch, "external") == set()
	contradicts(object.union(patch, {"cross_region": given.derived(true)}), "service") == set()
}

test_res_045_unknown_tries_ask if {
	contradicts({"tries_total": given.unknown_number}, "service") == {["question", "medium", "retry.max_attempts"]}
}
