package archcheck.rules.resilience.rate_limiting_test

import data.archcheck.given
import data.archcheck.rules.resilience.rate_limiting

without(doc, patch) := object.union(object.remove(doc, object.keys(patch)), patch)

door := {
	"public_entry": given.derived(true),
	"only_partners": given.derived(false),
	"public_callers": ["client.web"],
	"rate_limit": given.absent,
	"bottleneck": given.derived(500),
	"bottleneck_at": "service.orders",
	"rec": {"rate_limit": {"rps": given.derived(400)}, "rate_limit_fits": given.derived(true)},
}

entry(patch) := [f | some f in rate_limiting.unlimited_entry with input as {"subject": without(door, patch)}]

test_res_030_an_open_door if {
	[f] := entry({})
	[f.verdict, f.severity] == ["violation", "high"]
	f.fix == [{"set": "rate_limit", "value": {"rps": given.derived(400)}}]
	f.alternatives == []
	contains(f.say, "{bottleneck}")
}

test_res_030_partners_only if {
	[f] := entry({"only_partners": given.derived(true)})
	f.severity == "medium"
}

test_res_030_without_a_capacity_there_is_advice if {
	[f] := entry({"bottleneck": given.unknown_number})
	f.fix[0].advise
	count(f.alternatives) == 1
	not contains(f.say, "{bottleneck}")
}

test_res_030_a_limit_below_the_peak_is_not_offered if {
	[f] := entry({"rec": {"rate_limit": {"rps": given.derived(400)}, "rate_limit_fits": given.derived(false)}})
	contains(f.fix[0].advise, "Add capacity first")
}

test_res_030_limited_doors_are_silent if entry({"rate_limit": given.control({"rps": given.stated(10)})}) == []

test_res_030_nobody_outside_is_silent if entry({"public_entry": given.derived(false)}) == []

test_res_030_who_is_it_asks if {
	[f] := entry({"public_entry": given.unknown})
	f.verdict == "question"
	object.keys(f.facts) == {"entry", "limit"}
}

psp := {
	"user_facing": given.derived(true),
	"rate": given.derived(80),
	"retried_rate": given.derived(160),
	"rps_limit": given.stated(100),
	"admitted": given.absent,
	"from": ["service.pay"],
	"callers": [{"addr": "service.pay.call.psp", "rec_rate_limit": {"rps": given.derived(80)}}],
	"rec": {"quota": given.derived(80)},
}

quota(patch) := [f | some f in rate_limiting.quota_ignored with input as {"subject": without(psp, patch)}]

test_res_035_retries_exceed_the_quota if {
	[f] := quota({})
	[f.verdict, f.severity] == ["violation", "high"]
	f.fix == [{"set": "rate_limit", "at": "service.pay.call.psp", "value": {"rps": given.derived(80)}}]
	not contains(f.say, "together")
}

test_res_035_close_to_the_quota_is_no_excess if {
	[f] := quota({"retried_rate": given.derived(90), "rate": given.derived(90)})
	not contains(f.say, "retries")
	endswith(f.say, "no limit keeps a peak below that.")
}

test_res_035_the_base_exceeds_it if {
	[f] := quota({"rate": given.derived(120), "from": ["service.a", "service.b"]})
	f.severity == "critical"
	contains(f.say, "together")
}

test_res_035_users_do_not_wait if {
	[f] := quota({"rate": given.derived(120), "user_facing": given.derived(false)})
	f.severity == "high"
}

test_res_035_limiters_keep_it if quota({"admitted": given.derived(100)}) == []

test_res_035_limiters_exceed_it_together if {
	[f] := quota({"admitted": given.derived(130)})
	f.verdict == "violation"
	contains(f.say, "let {admitted} through")
}

test_res_035_far_below_is_silent if quota({"retried_rate": given.derived(80)}) == []

test_res_035_an_unknown_quota_asks if {
	[f] := quota({"rps_limit": given.unknown_number, "rec": {"quota": given.unknown_number}})
	f.verdict == "question"
}

limited := {
	"rate_limit": given.control({"rps": given.stated(100), "on_limit": given.default_value("reject"), "retry_after": given.stated(false)}),
	"retrying_callers": [{
		"addr": "client.app.call.api",
		"from": "client.app",
		"attempts": given.derived(4),
		"any_breaker": given.absent,
	}],
}

refused(patch) := [f | some f in rate_limiting.refuses_without_guidance with input as {"subject": object.union(limited, patch)}]

test_res_034_clients_come_back_blindly if {
	[f] := refused({})
	f.verdict == "violation"
	f.facts.attempts == 4
	f.evidence == ["client.app.call.api"]
}

test_res_034_told_clients_are_silent if refused({"rate_limit": {"retry_after": given.stated(true)}}) == []

test_res_034_queued_requests_are_silent if refused({"rate_limit": {"on_limit": given.stated("queue")}}) == []

test_res_034_breakers_are_silent if {
	refused({"retrying_callers": [object.union(limited.retrying_callers[0], {"any_breaker": given.stated("application")})]}) == []
}

test_res_034_nobody_retries if refused({"retrying_callers": []}) == []

test_res_034_unstated_guidance_asks if {
	limit := given.control({"rps": given.stated(100), "on_limit": given.default_value("reject"), "retry_after": given.unknown})
	[f] := [f | some f in rate_limiting.refuses_without_guidance with input as {"subject": without(limited, {"rate_limit": limit})}]
	f.verdict == "question"
}

held := {
	"rate_limit": given.control({"rps": given.stated(50)}),
	"only_consumes": given.derived(true),
}

consumer(subject, to) := [f |
	some f in rate_limiting.limiter_on_consumer with input as {"subject": object.union(held, subject), "to": to}
]

idle := {"type": "service", "capacity": given.derived(200), "rate": given.derived(100)}

test_res_037_idle_capacity if {
	[f] := consumer({}, idle)
	f.verdict == "violation"
	f.fix == [{"unset": "rate_limit"}]
}

test_res_037_inherited_limiters_are_switched_off if {
	[f] := consumer({"rate_limit": {"state": "inherited"}}, idle)
	f.fix == [{"set": "rate_limit", "value": "none"}]
}

test_res_037_requests_use_it_too if consumer({"only_consumes": given.derived(false)}, idle) == []

test_res_037_too_little_capacity if consumer({}, object.union(idle, {"capacity": given.derived(60)})) == []

test_res_037_unknown_capacity_asks if {
	[f] := consumer({}, without(idle, {"capacity": given.unknown_number}))
	f.verdict == "question"
}

test_res_037_a_quota_is_a_reason if consumer({}, {"type": "external", "rps_limit": given.stated(60)}) == []

test_res_037_an_unknown_quota_asks if {
	[f] := consumer({}, {"type": "external", "rps_limit": given.unknown_number})
	f.verdict == "question"
}
