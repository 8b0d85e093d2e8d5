# What is retried, and how the attempts are spread.
package archcheck.rules.resilience.retry

import data.archcheck.lib

# METADATA
# scope: document
# title: Retries come in step
# description: Without growing and random pauses all callers repeat at the same moment, and a callee that recovers is met by synchronized waves.
# related_resources:
#   - https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
#   - https://sre.google/sre-book/addressing-cascading-failures/
#   - https://www.pollydocs.org/strategies/retry.html
# schemas: [{input: schema.call}]
# custom:
#   id: RES-014
#   kind: misconfigured
#   severity: medium
#   pattern: resilience/retry
#   subject: call
#   trade_offs: A single retry takes longer on average.
#   waive_when: One caller makes these calls, one at a time.
#   cleared_by: backoff and jitter (the language's defaults), or one retry within a budget.
retries_in_step contains {
	"verdict": v,
	"severity": step_severity,
	"say": step_message,
	"facts": {
		"backoff": input.subject.retry.backoff,
		"jitter": input.subject.retry.jitter,
		"pause": input.subject.retry.initial_backoff,
		"callers": input.subject.callers,
	},
	"fix": [lib.amend("retry", input.subject.retry, {"backoff": "exponential", "jitter": "full"})],
} if {
	not one_hedge
	v := lib.all_of([
		lib.at_least(input.subject.app_attempts, 2),
		lib.any_of([lib.absent(input.subject.retry.backoff), lib.absent(input.subject.retry.jitter)]),
	])
	lib.fires(v)
}

# One immediate second try within a budget is a hedge, not a wave.
one_hedge if {
	input.subject.app_attempts.value == 2
	input.subject.retry.budget.value
}

step_severity := "high" if {
	input.from.type == "client"
} else := "high" if {
	input.subject.callers.value >= 10
} else := "medium"

step_message := "When {to} fails, {from} repeats its calls at once, without a pause between the attempts: {to} has to recover under a multiple of its load." if {
	input.subject.retry.backoff.state == "none"
} else := "When {to} fails, all {from} clients repeat their calls in step, {pause} apart, and each recovery is met by the next wave." if {
	input.from.type == "client"
} else := "When {to} fails, all {callers} replicas of {from} repeat their calls in step, {pause} apart, and each recovery is met by the next wave." if {
	input.subject.callers.value > 1
} else := "When {to} fails, {from} repeats its calls in step, {pause} apart, and each recovery is met by the next wave."

# METADATA
# scope: document
# title: Errors that cannot go away are retried
# description: A request that is wrong stays wrong. Repeating it costs the callee work and the caller time, for the same answer.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/antipatterns/retry-storm/
#   - https://github.com/grpc/proposal/blob/master/A6-client-retries.md
# schemas: [{input: schema.call}]
# custom:
#   id: RES-017
#   kind: misuse
#   severity: low
#   pattern: resilience/retry
#   subject: call
#   trade_offs: Where the callee answers with the wrong code for a passing failure, it is no longer repeated.
#   waive_when: The callee is known to answer so for a moment after a write.
#   cleared_by: retry.on without codes that depend on the request alone; not_found alone is accepted together with a deadline.
permanent_errors contains {
	"verdict": "violation",
	"say": "{codes} will come back the same each of {attempts} times: the request is what is wrong.",
	"facts": {"codes": permanent, "attempts": input.subject.app_attempts, "on": input.subject.retry.on},
	"fix": [lib.amend("retry", input.subject.retry, {"on": passing})],
} if {
	count(permanent) > 0
	input.subject.app_attempts.value > 1
	not read_after_write
}

# 4xx but request timeout, too early and too many requests, and the gRPC codes of the same meaning.
permanent := [w |
	some w in input.subject.retry.on.value
	is_permanent(w)
]

is_permanent(w) if w in {"4xx", "invalid_argument", "unauthenticated", "not_found"}

is_permanent(w) if {
	regex.match(`^4[0-9][0-9]$`, w)
	not w in {"408", "425", "429"}
}

read_after_write if {
	every w in permanent {
		w in {"not_found", "404"}
	}
	input.subject.deadline.value
}

passing := rest if {
	rest := [w | some w in input.subject.retry.on.value; not is_permanent(w)]
	count(rest) > 0
} else := ["unavailable", "timeout", "429"]
