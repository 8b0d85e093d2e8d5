package archcheck.rules.resilience.circuit_breaker_fit_test

import data.archcheck.given
import data.archcheck.rules.resilience.circuit_breaker

# The base call with a breaker of these facts, and other facts beside it.
doc(cb, p) := given.patched(given.patched(given.call, p), {"subject": object.union(
	object.get(p, "subject", {}),
	{"circuit_breaker": given.with_facts(given.breaker, cb)},
)})

thresholds(cb, p) := {[f.verdict, count(f.fix)] | some f in circuit_breaker.thresholds with input as doc(cb, p)}

test_res_003_slow_call_behind_the_timeout_fires if {
	thresholds({"slow_call": given.profile(60000)}, {}) == {["violation", 1]}
	thresholds({"slow_call": given.stated(1000)}, {}) == {["violation", 1]}
	thresholds({"slow_call": given.stated(800)}, {}) == set()
}

test_res_003_default_is_silent if thresholds({}, {}) == set()

test_res_003_unreachable_rate_fires if thresholds({"failure_rate": given.stated(0.95)}, {}) == {["violation", 1]}

test_res_003_ordinary_day_fires if {
	thresholds({"failure_rate": given.stated(0.0002)}, {}) == {["violation", 1]}
	thresholds({"failure_rate": given.stated(0.002)}, {}) == {["risk", 1]}
}

test_res_003_few_failures_fire if thresholds({}, {"subject": {"failures_to_open": given.derived(2.5)}}) == {["violation", 1]}

test_res_003_unknown_limit_asks if thresholds({"slow_call": given.stated(800)}, {"subject": {"limit": given.unknown_number}}) == {["question", 1]}

interval(cb, p) := {f.verdict | some f in circuit_breaker.open_interval with input as doc(cb, p)}

test_res_004_defaults_are_silent if interval({}, {}) == set()

test_res_004_too_short_fires if interval({"open_for": given.stated(1500)}, {}) == {"violation"}

test_res_004_a_long_timeout_is_judged_elsewhere if {
	interval({"open_for": given.stated(5000)}, {"subject": {"twice_limit": given.derived(80000)}}) == set()
}

test_res_004_too_long_fires_for_users if {
	interval({"open_for": given.stated(300000)}, {}) == {"violation"}
	interval({"open_for": given.stated(300000)}, {"subject": {"user_facing": given.derived(false)}}) == set()
}

test_res_004_probes_fire if {
	interval({}, {"subject": {"probe_share": given.derived(0.5)}}) == {"violation"}
	interval({}, {"subject": {"probe_share": given.unknown_number}}) == set()
}

test_res_004_an_external_that_says_when_is_silent if {
	told := given.control({"retry_after": given.stated(true)})
	interval({"open_for": given.stated(300000)}, {"subject": {"rate_limit": told}}) == set()
}

shards(cb, n) := {f.verdict | some f in circuit_breaker.one_circuit_for_all with input as doc(cb, {"to": {"shards": n}})}

test_res_005 if {
	shards({}, given.stated(8)) == {"violation"}
	shards({}, given.stated(1)) == set()
	shards({}, given.absent) == set()
	shards({"per": given.stated("shard")}, given.stated(8)) == set()
}

meets(words, waits) := {[f.verdict, f.fix[0].value.on] |
	again := given.with_facts(given.retry, {"on": given.stated(words)})
	some f in circuit_breaker.retries_meet_open_circuit with input as doc({}, {"subject": {"retry": again, "backoff_total": waits}})
}

test_res_007 if {
	meets(["5xx", "circuit_open"], given.derived(300)) == {["violation", ["5xx"]]}
	meets(["circuit_open"], given.derived(300)) == {["violation", ["unavailable", "timeout"]]}
	meets(["5xx"], given.derived(300)) == set()
	meets(["5xx", "circuit_open"], given.derived(90000)) == set()
}

soft(facts) := {[f.verdict, f.fix[0].value] |
	patch := given.with_facts({"criticality": given.stated("soft")}, facts)
	some f in circuit_breaker.soft_without_fallback with input as given.patched(given.call, {"subject": patch})
}

test_res_008 if {
	soft({}) == {["violation", "queue"]}
	soft({"access": given.stated("read")}) == {["violation", "cache"]}
	soft({"access": given.unknown}) == {["violation", "default"]}
	soft({"hard": given.derived(false)}) == set()
	soft({"hard": given.unknown}) == {["question", "queue"]}
	soft({"hard": given.unknown, "criticality": given.unknown}) == set() # nobody calls it soft
	soft({"criticality": given.default_value("hard")}) == set()
}

shares(other) := {f.verdict |
	some f in circuit_breaker.fallback_shares_fate with input as given.patched(given.call, {"subject": {"fallback_node": other}})
}

spare := {"addr": "service.c", "shared": [], "load": given.derived(100), "capacity": given.stated(200)}

test_res_009 if {
	shares(spare) == set()
	shares(object.union(spare, {"shared": ["datastore.d"]})) == {"violation"}
	shares(given.with_facts(spare, {"capacity": given.stated(90)})) == {"violation"}
	shares(given.with_facts(spare, {"capacity": given.unknown_number})) == {"question"}
	count(circuit_breaker.fallback_shares_fate) == 0 with input as given.call
}
