package archcheck.rules.resilience.timeout_value

import data.archcheck.lib

# METADATA
# scope: document
# title: Timeout below what healthy calls take
# description: Calls that would have succeeded are given up; the callee does their work in vain, and retries make it do that twice.
# related_resources: [https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/]
# schemas: [{input: schema.call}]
# custom:
#   id: RES-041
#   kind: misconfigured
#   severity: high
#   pattern: resilience/timeout
#   subject: call
#   trade_offs: A longer limit holds a slot of the caller longer when the callee hangs.
#   waive_when: An answer later than the limit is worthless, and the caller counts it as a miss rather than an error.
#   cleared_by: A limit at or above the callee's p99.9, or a faster callee.
timeout_below_healthy contains {
	"verdict": v,
	"severity": false_timeout_severity,
	"say": concat(" ", [false_timeout, no_limit_fits]),
	"facts": {
		"limit": input.subject.limit,
		"p99": input.to.p99,
		"needed": input.subject.rec.timeout,
		"rate": input.subject.rate,
		"budget": input.subject.budget,
		"attempts": input.subject.attempts,
	},
	"fix": longer,
	"alternatives": within_budget,
} if {
	v := too_short
	lib.fires(v)
	v != "question"
}

# A question names only what decides it.
timeout_below_healthy contains {
	"verdict": "question",
	"say": "",
	"facts": {"limit": input.subject.limit, "p99": input.to.p99},
} if {
	too_short == "question"
	input.from.type != "client" # how long users wait is no guess about how fast the entry is
}

too_short := lib.any_of([below_p99, lib.below(input.subject.limit, input.subject.rec.timeout)])

below_p99 := lib.below(input.subject.limit, input.to.p99)

default false_timeout_severity := "medium"

false_timeout_severity := "low" if {
	input.subject.fallback.value in {"cache", "default"}
} else := "high" if {
	below_p99 in {"risk", "violation"}
}

default false_timeout := "{from} gives {to} {limit}; its slowest answer in 1,000 takes {needed}, so healthy calls fail."

false_timeout := "{from} gives up on {to} after {limit}, below its p99 of {p99}: of {rate}, 1 in 100 or more fails although {to} is healthy, and is tried again." if {
	below_p99 in {"risk", "violation"}
	input.subject.attempts.value > 1
	input.subject.rate.value
} else := "{from} gives up on {to} after {limit}, below its p99 of {p99}: 1 call in 100 or more fails although {to} is healthy." if {
	below_p99 in {"risk", "violation"}
}

default no_limit_fits := "A limit of {needed} would cover all but 1 in 1,000."

no_limit_fits := "No limit fits: {to} needs {needed}, and callers leave {budget}." if {
	input.subject.rec.timeout_fits.value == false
	input.subject.budget.value > 0
} else := "No limit fits: {to} needs {needed}, and the rest of the request uses up all the time that callers leave." if {
	input.subject.rec.timeout_fits.value == false
}

# Whichever of the two limits is too short; where both are, both.
default longer := [{"advise": "No timeout satisfies both ends: take the call out of the request (answer 202 and work from a queue, or cache), speed it up, or give callers more time."}]

longer := array.concat(
	[{"set": "timeout", "value": input.subject.rec.timeout} | input.subject.timeout.value < input.subject.rec.timeout.value],
	[{"set": "deadline", "value": input.subject.rec.timeout} | input.subject.deadline.value < input.subject.rec.timeout.value],
) if {
	input.subject.rec.timeout_fits.value
}

# All the time that callers leave: fewer false timeouts, not none.
within_budget := [[{"set": "timeout", "value": input.subject.budget}] |
	input.subject.rec.timeout_fits.value == false
	input.subject.budget.value > input.to.p99.value
	input.subject.timeout.value < input.subject.budget.value
]

# METADATA
# scope: document
# title: Timeout too long to protect
# description: A limit far above anything healthy lets a hanging callee hold the caller's slots, and users leave long before it ends.
# related_resources: [https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker]
# schemas: [{input: schema.call}]
# custom:
#   id: RES-042
#   kind: misconfigured
#   severity: medium
#   pattern: resilience/timeout
#   subject: call
#   trade_offs: A shorter limit fails the rare slow answer that would still have been useful.
#   cleared_by: A limit near the callee's p99.9, or a bulkhead that bounds what a hang may hold.
timeout_too_long contains {
	"verdict": v,
	"say": concat("", [whose_limit, ", {times} times the p99 of {p99}: while {to} hangs, {hang} calls wait with it on each replica, in {slots} slots."]),
	"facts": {
		"limit": input.subject.limit,
		"product": product,
		"p99": input.to.p99,
		"times": input.subject.timeout_over_p99,
		"hang": input.subject.hang_in_flight,
		"slots": input.from.concurrency,
	},
	"fix": [protective],
	"alternatives": guess,
} if {
	v := far_above_healthy
	lib.fires(v)
}

default far_above_healthy := "pass"

far_above_healthy := lib.all_of([
	lib.is(input.subject.user_facing, true),
	lib.above(input.subject.timeout_over_p99, 10),
	lib.above(input.subject.hang_share, 0.5),
	lib.unless(lib.present(input.subject.bulkhead)),
]) if {
	not input.subject.stream.value # COM-036 judges streams
}

default product := ""

product := input.subject.limit.from if input.subject.limit.state == "profile"

default whose_limit := "{from} waits up to {limit} for {to}"

whose_limit := "Nobody set a limit on the call from {from} to {to}: the default of {product} is {limit}" if product != ""

timeout_too_long contains {
	"verdict": v,
	"say": "Nobody set a limit on the call from {from} to {to}: the default of {product} makes users wait up to {limit}.",
	"facts": {"limit": input.subject.limit, "product": product},
	"fix": [protective],
	"alternatives": guess,
} if {
	not input.subject.stream.value # COM-036 judges streams
	input.subject.limit.state == "profile"
	not far_above_healthy in {"risk", "violation"} # which says it with numbers
	v := lib.all_of([
		lib.is(input.subject.user_facing, true),
		lib.at_least(input.subject.limit, 15000),
	])
	lib.fires(v)
}

# As for a call without a limit: see timeout.rego.
protective := {"set": "timeout", "value": input.subject.rec.timeout} if {
	input.subject.rec.timeout.value
} else := {"set": "timeout", "value": input.subject.budget} if {
	input.subject.budget.value > 0
	input.subject.budget.value < 1000
} else := {"set": "timeout", "value": "1s"}

guess := [[{"advise": "A second is what libraries assume (MicroProfile, resilience4j), no measurement: state the callee's latency (p50, p99), and archcheck computes the limit."}] |
	not input.subject.rec.timeout.value
]
