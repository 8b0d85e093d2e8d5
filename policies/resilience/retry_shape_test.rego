package archcheck.rules.resilience.retry_shape_test

import data.archcheck.given
import data.archcheck.rules.resilience.retry

in_step(r, p) := {[f.verdict, f.severity] | some f in retry.retries_in_step with input as doc(r, p)}

doc(r, p) := given.patched(given.patched(given.call, p), {"subject": object.union(
	{"retry": given.with_facts(given.retry, r), "app_attempts": given.derived(3)},
	object.get(p, "subject", {}),
)})

test_res_014 if {
	in_step({}, {}) == set()
	in_step({"jitter": given.none}, {}) == {["violation", "medium"]}
	in_step({"backoff": given.none}, {}) == {["violation", "medium"]}
	in_step({"jitter": given.none}, {"subject": {"callers": given.stated(40)}}) == {["violation", "high"]}
	in_step({"jitter": given.none}, {"from": {"type": "client"}}) == {["violation", "high"]}
	in_step({"jitter": given.none}, {"subject": {"callers": given.unknown_number}}) == {["violation", "medium"]}
}

test_res_014_one_hedge_is_silent if {
	two := {"jitter": given.none, "max_attempts": given.stated(2)}
	i := doc(given.with_facts(two, {"budget": given.stated(0.1)}), {})
	hedge := given.patched(i, {"subject": {"app_attempts": given.derived(2)}})
	count(retry.retries_in_step) == 0 with input as hedge
	without := given.patched(doc(two, {}), {"subject": {"app_attempts": given.derived(2)}})
	count(retry.retries_in_step) == 1 with input as without
}

test_res_014_a_single_attempt_is_silent if {
	i := given.patched(doc({"jitter": given.none}, {}), {"subject": {"app_attempts": given.derived(1)}})
	count(retry.retries_in_step) == 0 with input as i
}

permanent(words, p) := {[f.facts.codes, f.fix[0].value.on] |
	some f in retry.permanent_errors with input as doc({"on": given.stated(words)}, p)
}

test_res_017 if {
	permanent(["503", "4xx"], {}) == {[["4xx"], ["503"]]}
	permanent(["404", "invalid_argument"], {}) == {[["404", "invalid_argument"], ["unavailable", "timeout", "429"]]}
	permanent(["503", "429", "408", "425"], {}) == set()
	permanent(["4xx"], {"subject": {"app_attempts": given.derived(1)}}) == set() # nothing is retried
}

test_res_017_read_after_write_is_silent if {
	permanent(["not_found"], {"subject": {"deadline": given.stated(1000)}}) == set()
	permanent(["not_found"], {}) == {[["not_found"], ["unavailable", "timeout", "429"]]}
}
