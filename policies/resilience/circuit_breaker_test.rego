package archcheck.rules.resilience.circuit_breaker_test

import data.archcheck.given
import data.archcheck.rules.resilience.circuit_breaker

breaker := given.control({
	"window_kind": given.stated("time"),
	"window": object.union(given.stated(10000), {"text": "10s"}),
	"min_calls": given.stated(100),
})

# verdicts of a breaker that needs 100 calls in its window, at so many calls per window
at(seen) := {f.verdict |
	some f in circuit_breaker.breaker_never_opens with input as {"subject": {
		"circuit_breaker": breaker,
		"calls_per_window": seen,
		"rec": {"circuit_breaker": given.absent},
	}}
}

test_res_002_enough_calls_is_silent if at(given.derived(267)) == set()

test_res_002_stated_rate_too_low_fires if at(given.derived(20)) == {"violation"}

test_res_002_unknown_rate_asks if at(given.unknown_number) == {"question"}

test_res_002_assumed_rate_is_risk if at(given.assumed(10, 50, 500)) == {"risk"}

test_res_002_cleared_by_assumption if at(given.assumed(10, 400, 500)) == {"unlikely"}

test_res_002_without_breaker_is_silent if {
	i := {"subject": {"circuit_breaker": given.absent, "calls_per_window": given.derived(1), "rec": {"circuit_breaker": given.absent}}}
	count(circuit_breaker.breaker_never_opens) == 0 with input as i
}
