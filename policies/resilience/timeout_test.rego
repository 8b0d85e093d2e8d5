package archcheck.rules.resilience.timeout_test

import data.archcheck.given
import data.archcheck.rules.resilience.timeout

bare := {
	"subject": {
		"timeout": given.absent,
		"deadline": given.absent,
		"circuit_breaker": given.absent,
		"hidden_limit": given.derived(false),
		"budget": given.derived(2000),
		"rate_per_replica": given.derived(2),
		"exhaustion": given.derived(50000),
		"minute_share": given.derived(1.2),
		"user_facing": given.derived(false),
		"financial": given.derived(false),
		"rec": {"timeout": given.derived(1600)},
	},
	"from": {"type": "service", "concurrency": given.stated(100)},
}

got(patch) := verdicts(object.union(bare, patch))

verdicts(doc) := {[f.verdict, f.severity] | some f in timeout.call_without_limit with input as doc}

test_res_040_bare_call_fires if got({}) == {["violation", "medium"]}

test_res_040_user_facing_drains_in_a_minute if {
	got({"subject": {"user_facing": given.derived(true)}}) == {["violation", "critical"]} # 2/s for 60 s take 120 of 100 slots
}

test_res_040_user_facing_with_spare_slots_is_high if {
	got({"subject": {"user_facing": given.derived(true), "minute_share": given.derived(0.6)}}) == {["violation", "high"]}
}

test_res_040_unknown_rate_is_not_critical if {
	subject := object.union(object.remove(bare.subject, ["minute_share", "exhaustion"]), {
		"user_facing": given.derived(true),
		"minute_share": given.unknown_number,
		"exhaustion": given.unknown_number,
	})
	verdicts({"subject": subject, "from": bare.from}) == {["violation", "high"]}
}

test_res_040_says_when_the_slots_are_gone if {
	says(bare) == {"{from} can wait for {to} for ever. At {rate} per replica, all {slots} slots are gone {exhaustion} after it hangs."}
	without := object.union(object.remove(bare.subject, ["exhaustion"]), {"exhaustion": given.unknown_number})
	says({"subject": without, "from": bare.from}) == {"{from} can wait for {to} for ever: every request that needs it then hangs as long as it does."}
}

says(doc) := {f.say | some f in timeout.call_without_limit with input as doc}

test_res_040_financial_is_high if got({"subject": {"financial": given.derived(true)}}) == {["violation", "high"]}

test_res_040_timeout_clears if got({"subject": {"timeout": given.stated(300)}}) == set()

test_res_040_inherited_deadline_clears if got({"subject": {"deadline": given.inherited(300)}}) == set()

test_res_040_none_fires if got({"subject": {"timeout": given.none}}) == {["violation", "medium"]}

test_res_040_unknown_timeout_asks if got({"subject": {"timeout": given.unknown}}) == {["question", "medium"]}

test_res_040_breaker_is_judged_elsewhere if got({"subject": {"circuit_breaker": given.control({})}}) == set()

test_res_040_hidden_limit_asks if got({"subject": {"hidden_limit": given.unknown}}) == {["question", "medium"]}

test_res_040_gateway_fires if got({"from": {"type": "gateway"}}) == {["violation", "medium"]}

test_res_040_client_is_silent if got({"from": {"type": "client"}}) == set()

fixes(doc) := {f.fix | some f in timeout.call_without_limit with input as doc}

test_res_040_limit_is_the_slowest_answer_in_a_thousand if {
	fixes(bare) == {[{"set": "timeout", "value": given.derived(1600)}]}
}

test_res_040_limit_is_what_callers_leave_where_nobody_knows_the_callee if {
	subject := object.union(object.remove(bare.subject, ["rec", "budget"]), {"rec": {"timeout": given.unknown_number}, "budget": given.derived(400)})
	fixes({"subject": subject, "from": bare.from}) == {[{"set": "timeout", "value": given.derived(400)}]}
}

test_res_040_limit_is_the_default_of_libraries_where_callers_leave_more if {
	subject := object.union(object.remove(bare.subject, ["rec"]), {"rec": {"timeout": given.unknown_number}})
	fixes({"subject": subject, "from": bare.from}) == {[{"set": "timeout", "value": "1s"}]}
}

pool := {
	"limit": given.stated(300),
	"calls": given.derived(8),
	"stated_p99": given.derived(3),
	"p99_spread": given.derived(12),
	"judged_alone": given.derived(5),
	"least_p99": given.derived(20),
	"most_p99": given.derived(240),
	"too_short": [],
	"too_long": ["service.a.call.b"],
}

copied(patch) := {f.verdict | some f in timeout.one_timeout_for_all with input as {"subject": object.union(pool, patch)}}

test_res_049_eight_calls_of_every_speed if copied({}) == {"violation"}

test_res_049_seven_calls_are_silent if copied({"calls": given.derived(7)}) == set()

test_res_049_two_known_callees_are_silent if copied({"stated_p99": given.derived(2)}) == set()

test_res_049_alike_callees_are_silent if copied({"p99_spread": given.derived(9)}) == set()

test_res_049_all_named_elsewhere_is_silent if copied({"judged_alone": given.derived(0)}) == set()
