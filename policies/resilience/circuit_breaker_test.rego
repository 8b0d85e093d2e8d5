package archcheck.rules.resilience.circuit_breaker_test

import data.archcheck.given
import data.archcheck.rules.resilience.circuit_breaker

# What RES-001 says of the base call with some facts replaced.
owed(p) := {[f.verdict, f.severity] | some f in circuit_breaker.no_breaker with input as given.patched(given.call, p)}

says(p) := concat(" ", {f.say | some f in circuit_breaker.no_breaker with input as given.patched(given.call, p)})

inside(subject) := {"subject": subject, "to": {"type": "service"}}

test_res_001_external_fires if owed({}) == {["violation", "high"]}

test_res_001_drained_fires if {
	owed(inside({"hang_share": given.derived(3.4)})) == {["violation", "high"]}
	contains(says(inside({"hang_share": given.derived(3.4)})), "for {waiting_behind} too")
}

test_res_001_half_drained_is_medium if {
	owed(inside({"hang_share": given.derived(0.66)})) == {["violation", "medium"]}
	contains(says(inside({"hang_share": given.derived(0.66)})), "with {waiting_behind} waiting")
}

test_res_001_a_few_slots_are_silent if owed(inside({"hang_share": given.derived(0.08)})) == set()

test_res_001_assumed_hang_is_risk if owed(inside({"hang_share": given.between(0.2, 0.7, 0.9)})) == {["risk", "medium"]}

test_res_001_unknown_slots_ask if {
	owed(inside({"hang_share": given.unknown_number})) == {["question", "medium"]}
	owed({"subject": {"hang_share": given.unknown_number}, "to": {"type": "service"}, "from": {"hard_calls": given.derived(1)}}) == set()
}

test_res_001_unknown_fallbacks_beside_it_ask if {
	owed(perhaps(1)) == {["question", "medium"]}
	owed(perhaps(2)) == {["violation", "medium"]}
}

perhaps(least) := {
	"subject": {"limit": given.absent, "worst_case": given.absent, "hang_share": given.absent},
	"to": {"type": "service"},
	"from": {"hard_calls": object.union(given.unknown_number, {"lo": least, "hi": 3})},
}

test_res_001_no_limit_fires_where_others_suffer if {
	bare := {"limit": given.absent, "worst_case": given.absent, "hang_share": given.absent}
	owed(inside(bare)) == {["violation", "medium"]}
	contains(says(inside(bare)), "pile up")
	contains(says({"subject": bare}), "nothing ends the wait")
	owed({"subject": bare, "to": {"type": "service"}, "from": {"user_facing": given.derived(false)}}) == set()
}

test_res_001_only_call_is_low if {
	alone := {"hard": 0, "total": 0, "addrs": []}
	owed({"subject": {"siblings": alone}}) == {["violation", "low"]}
	contains(says({"subject": {"siblings": alone, "hang_share": given.derived(2)}}), "gone after {exhausted_after}.")
	bare := {"siblings": alone, "limit": given.absent, "worst_case": given.absent, "hang_share": given.absent}
	contains(says(inside(bare)), "no breaker turns them away")
}

test_res_001_nobody_waits_is_one_lower if {
	owed({"subject": {"user_facing": given.derived(false)}}) == {["violation", "medium"]}
	owed({"subject": {"user_facing": given.derived(false), "financial": given.derived(true)}}) == {["violation", "high"]}
}

test_res_001_breaker_or_fallback_clears if {
	owed({"subject": {"any_breaker": given.inherited("mesh")}}) == set()
	owed({"subject": {"hard": given.derived(false)}}) == set()
	owed({"to": {"type": "datastore"}}) == set()
	owed({"from": {"type": "client"}}) == set()
}

test_res_001_too_few_calls_are_silent_unknown_ones_are_not if {
	owed({"subject": {"rate_per_replica": given.derived(0.2)}}) == set()
	owed({"subject": {"rate_per_replica": given.unknown_number}}) == {["violation", "high"]}
}

test_res_001_unknown_breaker_asks if owed({"subject": {"any_breaker": given.unknown}}) == {["question", "high"]}

# What RES-002 says of a breaker.
sleeps(cb, facts) := {[f.verdict, f.severity, f.fix[0].value] |
	patch := object.union({"circuit_breaker": given.with_facts(given.breaker, cb), "rec": object.union(given.call.subject.rec, {"circuit_breaker": "rec"})}, facts)
	some f in circuit_breaker.breaker_sleeps with input as given.patched(given.call, {"subject": patch})
}

in_time := {"window_kind": given.derived("time"), "window": given.stated(10000), "min_calls": given.stated(100)}

test_res_002_time_window if {
	sleeps(in_time, {"calls_per_window": given.derived(267)}) == set()
	sleeps(in_time, {"calls_per_window": given.derived(20)}) == {["violation", "high", "rec"]}
	sleeps(in_time, {"calls_per_window": given.unknown_number}) == {["question", "high", "rec"]}
	sleeps(in_time, {"calls_per_window": given.assumed(10, 50, 500)}) == {["risk", "high", "rec"]}
	sleeps(in_time, {"calls_per_window": given.assumed(10, 400, 500)}) == {["unlikely", "high", "rec"]}
}

test_res_002_count_window if {
	sleeps({}, {"fill_time": given.derived(5000)}) == set()
	sleeps({}, {"fill_time": given.derived(120000)}) == {["violation", "medium", "rec"]}
}

test_res_002_without_breaker_is_silent if {
	i := given.patched(given.call, {"subject": {"calls_per_window": given.derived(1)}})
	count(circuit_breaker.breaker_sleeps) == 0 with input as i
}

test_res_002_too_few_calls_for_any_breaker_removes_it if {
	rec := {"circuit_breaker_fits": given.derived(false), "circuit_breaker": "rec"}
	sleeps(in_time, {"calls_per_window": given.derived(1), "rec": rec}) == {["violation", "high", "none"]}
}

# What RES-006 says of a call with a breaker and these facts.
endless(p) := {[f.verdict, f.severity] | some f in circuit_breaker.breaker_without_limit with input as given.patched(guarded, p)}

guarded := given.patched(given.call, {"subject": {
	"circuit_breaker": given.breaker,
	"timeout": given.absent,
	"deadline": given.absent,
	"limit": given.absent,
}})

test_res_006_fires if {
	endless({}) == {["violation", "critical"]}
	endless({"subject": {"minute_share": given.derived(0.5)}}) == {["violation", "high"]}
	endless({"subject": {"user_facing": given.derived(false)}}) == {["violation", "medium"]}
}

test_res_006_limit_clears if {
	endless({"subject": {"timeout": given.stated(1000)}}) == set()
	endless({"subject": {"deadline": given.inherited(1000)}}) == set()
	endless({"subject": {"circuit_breaker": given.absent}}) == set()
	endless({"subject": {"circuit_breaker": given.unknown}}) == set()
}

test_res_006_hidden_limit_asks if {
	endless({"subject": {"hidden_limit": given.unknown}}) == {["question", "critical"]}
	endless({"subject": {"timeout": given.unknown}}) == {["question", "critical"]}
}

# What RES-010 says of a call with a breaker of its own.
buffered(p) := {f.verdict | some f in circuit_breaker.breaker_on_buffer with input as given.patched(guarded, p)}

test_res_010_queue_behind_it_fires if {
	buffered({"subject": {"fallback": given.stated("queue")}, "to": {"type": "service"}}) == {"violation"}
	buffered({"to": {"type": "registry", "cached_lookup": given.stated(true)}}) == {"violation"}
}

test_res_010_unknown_cache_asks if buffered({"to": {"type": "registry", "cached_lookup": given.unknown}}) == {"question"}

test_res_010_silent if {
	buffered({"subject": {"fallback": given.stated("queue")}}) == set() # an external
	buffered({"to": {"type": "service"}}) == set()
	buffered({"subject": {"circuit_breaker": given.inherited("x"), "fallback": given.stated("queue")}, "to": {"type": "service"}}) == set()
}
