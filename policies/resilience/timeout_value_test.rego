package archcheck.rules.resilience.timeout_value_test

import data.archcheck.given
import data.archcheck.rules.resilience.timeout_value

# 1.6 s cover all but one in a thousand answers of a callee with a p99 of 950 ms.
sound := {
	"timeout": given.stated(1600),
	"deadline": given.absent,
	"limit": given.stated(1600),
	"budget": given.derived(3000),
	"rate": given.derived(80),
	"attempts": given.derived(1),
	"fallback": given.default_value("fail"),
	"bulkhead": given.absent,
	"user_facing": given.derived(true),
	"timeout_over_p99": given.derived(1.7),
	"hang_in_flight": given.derived(43),
	"hang_share": given.derived(0.4),
	"rec": {"timeout": given.derived(1600), "timeout_fits": given.derived(true)},
}

doc(patch) := {
	"subject": object.union(object.remove(sound, object.keys(patch)), patch),
	"from": {"type": "service", "concurrency": given.stated(100)},
	"to": {"p99": given.stated(950)},
}

short(patch) := [f | some f in timeout_value.timeout_below_healthy with input as doc(patch)]

limit(ms) := {"timeout": given.stated(ms), "limit": given.stated(ms)}

test_res_041_all_but_one_in_a_thousand_is_silent if short({}) == []

test_res_041_below_the_p99 if {
	[f] := short(limit(600))
	[f.verdict, f.severity] == ["violation", "high"]
	f.fix == [{"set": "timeout", "value": given.derived(1600)}]
	f.alternatives == []
	not contains(f.say, "tried again")
}

test_res_041_tried_again if {
	[f] := short(object.union(limit(600), {"attempts": given.derived(3)}))
	contains(f.say, "tried again")
}

test_res_041_between_p99_and_p999 if {
	[f] := short(limit(1000))
	[f.verdict, f.severity] == ["violation", "medium"]
}

test_res_041_a_fallback_makes_it_low if {
	[f] := short(object.union(limit(600), {"fallback": given.stated("cache")}))
	f.severity == "low"
}

test_res_041_both_limits_are_raised if {
	[f] := short({"timeout": given.stated(1000), "deadline": given.stated(900), "limit": given.stated(900)})
	f.fix == [{"set": "timeout", "value": given.derived(1600)}, {"set": "deadline", "value": given.derived(1600)}]
}

narrow := {"budget": given.derived(1000), "rec": {"timeout": given.derived(1600), "timeout_fits": given.derived(false)}}

test_res_041_no_limit_fits if {
	[f] := short(object.union(limit(600), narrow))
	f.fix[0].advise
	f.alternatives == [[{"set": "timeout", "value": given.derived(1000)}]]
	contains(f.say, "No limit fits")
}

test_res_041_what_callers_leave_is_below_the_p99 if {
	[f] := short(object.union(limit(600), object.union(narrow, {"budget": given.derived(190)})))
	f.alternatives == []
}

test_res_041_nothing_is_left if {
	[f] := short(object.union(limit(600), object.union(narrow, {"budget": given.derived(0)})))
	contains(f.say, "uses up all the time")
}

test_res_041_no_limit_is_another_rules if short({"timeout": given.absent, "limit": given.absent}) == []

dark := {
	"subject": object.union(object.remove(sound, ["rec"]), {"rec": {"timeout": given.unknown_number, "timeout_fits": given.derived(true)}}),
	"from": {"type": "service"},
	"to": {"p99": given.unknown_number},
}

test_res_041_an_unknown_callee_asks if {
	fs := [f | some f in timeout_value.timeout_below_healthy with input as dark]
	{f.verdict | some f in fs} == {"question"}
	object.keys(fs[0].facts) == {"limit", "p99"}
}

test_res_041_a_users_patience_asks_nothing if {
	client := object.union(dark, {"from": {"type": "client"}})
	count(timeout_value.timeout_below_healthy) == 0 with input as client
}

long(patch) := [f | some f in timeout_value.timeout_too_long with input as doc(patch)]

endless := {
	"timeout": given.stated(60000),
	"limit": given.stated(60000),
	"timeout_over_p99": given.derived(63),
	"hang_share": given.derived(6),
}

test_res_042_a_minute_for_a_second if {
	[f] := long(endless)
	f.verdict == "violation"
	f.fix == [{"set": "timeout", "value": given.derived(1600)}]
}

test_res_042_few_wait if long(object.union(endless, {"hang_share": given.derived(0.5)})) == []

test_res_042_a_bulkhead_bounds_it if long(object.union(endless, {"bulkhead": given.control({})})) == []

test_res_042_nobody_waits if long(object.union(endless, {"user_facing": given.derived(false)})) == []

test_res_042_unknown_slots_ask if {
	[f] := long(object.union(object.remove(endless, ["hang_share"]), {"hang_share": given.unknown_number}))
	f.verdict == "question"
}

product(ms) := {"timeout": given.profile(ms), "limit": object.union(given.profile(ms), {"from": "nginx"})}

test_res_042_a_products_default if {
	[f] := long(product(60000))
	f.verdict == "violation"
	f.facts.product == "nginx"
}

test_res_042_a_products_default_is_told_once if {
	[f] := long(object.union(endless, object.union(product(60000), {"hang_share": given.derived(2)})))
	startswith(f.say, "Nobody set a limit")
	contains(f.say, "{times} times")
}

test_res_042_a_short_default_is_silent if long(product(10000)) == []

test_res_042_what_callers_leave_is_the_limit_where_nobody_knows_the_callee if {
	[f] := long(object.union(product(60000), {"rec": {"timeout": given.unknown_number}, "budget": given.derived(300)}))
	f.fix == [{"set": "timeout", "value": given.derived(300)}]
}

test_res_042_without_any_number_it_is_the_default_of_libraries if {
	[f] := long(object.union(product(60000), {"rec": {"timeout": given.unknown_number}, "budget": given.absent}))
	f.fix == [{"set": "timeout", "value": "1s"}]
	contains(f.alternatives[0][0].advise, "no measurement")
}
