package archcheck.rules.resilience.timeout_test

import data.archcheck.given
import data.archcheck.rules.resilience.timeout

bare := {
	"subject": {
		"timeout": given.absent,
		"deadline": given.absent,
		"circuit_breaker": given.absent,
		"stream": given.absent,
		"idle_timeout": given.absent,
		"rate_per_replica": given.derived(2),
		"user_facing": given.derived(false),
		"financial": given.derived(false),
		"rec": {"timeout": given.derived(1600)},
	},
	"from": {"type": "service", "engine": given.absent, "opaque": given.stated(false), "concurrency": given.stated(100)},
}

got(patch) := verdicts(object.union(bare, patch))

verdicts(doc) := {[f.verdict, f.severity] | some f in timeout.call_without_limit with input as doc}

test_res_040_bare_call_fires if got({}) == {["violation", "medium"]}

test_res_040_user_facing_drains_in_a_minute if {
	got({"subject": {"user_facing": given.derived(true)}}) == {["violation", "critical"]} # 2 rps * 60 s > 100 slots
}

test_res_040_user_facing_with_spare_slots_is_high if {
	got({"subject": {"user_facing": given.derived(true), "rate_per_replica": given.derived(1)}}) == {["violation", "high"]}
}

test_res_040_unknown_rate_is_not_critical if {
	subject := object.union(bare.subject, {"user_facing": given.derived(true)})
	unrated := object.union(object.remove(subject, ["rate_per_replica"]), {"rate_per_replica": given.unknown_number})
	verdicts(object.union(object.remove(bare, ["subject"]), {"subject": unrated})) == {["violation", "high"]}
}

test_res_040_financial_is_high if got({"subject": {"financial": given.derived(true)}}) == {["violation", "high"]}

test_res_040_timeout_clears if got({"subject": {"timeout": given.stated(300)}}) == set()

test_res_040_inherited_deadline_clears if got({"subject": {"deadline": given.inherited(300)}}) == set()

test_res_040_none_fires if got({"subject": {"timeout": given.none}}) == {["violation", "medium"]}

test_res_040_unknown_timeout_asks if got({"subject": {"timeout": given.unknown}}) == {["question", "medium"]}

test_res_040_breaker_is_judged_elsewhere if got({"subject": {"circuit_breaker": given.control({})}}) == set()

test_res_040_bounded_stream_clears if {
	got({"subject": {"stream": given.stated(true), "idle_timeout": given.stated(60000)}}) == set()
}

test_res_040_gateway_of_unknown_product_asks if {
	got({"from": {"type": "gateway", "engine": given.absent}}) == {["question", "medium"]}
}

test_res_040_gateway_of_known_product_fires if {
	got({"from": {"type": "gateway", "engine": given.stated("custom")}}) == {["violation", "medium"]}
}

test_res_040_opaque_caller_asks if got({"from": {"opaque": given.stated(true)}}) == {["question", "medium"]}

test_res_040_client_is_silent if got({"from": {"type": "client"}}) == set()
