package archcheck.rules.resilience.timeout_chain

import data.archcheck.lib

# METADATA
# scope: document
# title: Timeout inversion
# description: A caller that gives up before its callee does leaves work behind that nobody waits for; under load that work is what keeps the system down.
# related_resources:
#   - https://sre.google/sre-book/addressing-cascading-failures/
#   - https://grpc.io/docs/guides/deadlines/
# schemas: [{input: schema.call}]
# custom:
#   id: RES-043
#   kind: misconfigured
#   severity: high
#   pattern: resilience/timeout
#   subject: call
#   subsumes: [RES-044, RES-046, RES-048]
#   trade_offs: A shorter limit below fails calls that a patient caller would have got; propagation needs every hop to honour it.
#   waive_when: The callee's work is worth finishing without its caller, as for a cache that fills itself.
#   cleared_by: An inner limit within the outer one, or deadline_propagation on the callee.
timeout_inversion contains {
	"verdict": v,
	"severity": inversion_severity,
	"say": inversion_message,
	"facts": {
		"limit": input.subject.limit,
		"next": worst.to,
		"inner": worst.limit,
		"rate": input.subject.rate,
		"attempts": input.subject.attempts,
	},
	"evidence": [i.addr | some i in inverted],
	"fix": inversion_fix[0],
	"alternatives": [f | some n, f in inversion_fix; n > 0],
} if {
	v := inversion
	lib.fires(v)
	v != "question"
	worst := inverted[0]
}

# A question names only what decides it.
timeout_inversion contains {
	"verdict": "question",
	"say": "",
	"facts": {"limit": input.subject.limit, "inner": i.limit, "hard": i.hard, "propagates": input.to.deadline_propagation},
} if {
	inversion == "question"
	some i in input.subject.inner
	outlasts(i) != "pass"
}

default inversion := "pass"

inversion := lib.all_of([unaware, lib.any_of([outlasts(i) | some i in inverted])]) if lib.fires(unaware)

# A callee that is told how much time is left does not outlast its caller.
unaware := lib.unless(lib.is(input.to.deadline_propagation, true))

# The calls of the invoked operation come with the longest limit first.
inverted := [i |
	some i in input.subject.inner
	outlasts(i) != "pass"
]

outlasts(i) := "pass" if {
	i.cache_hit.value >= 0.99
} else := lib.all_of([lib.is(i.hard, true), lib.below(input.subject.limit, i.limit)])

default inversion_severity := "high"

inversion_severity := "medium" if input.subject.attempts.value == 1

default inversion_message := "{from} gives up on {to} after {limit}; {to} goes on waiting for {next} for up to {inner}, for a caller that has left."

inversion_message := concat("", [
	"{from} gives up on {to} after {limit}; {to} goes on waiting for {next} for up to {inner}. While {next} hangs, {to} works ",
	"for callers that have left ({rate}), and each retry adds another copy.",
]) if {
	input.subject.rate.value
	input.subject.attempts.value > 1
} else := concat("", [
	"{from} gives up on {to} after {limit}; {to} goes on waiting for {next} for up to {inner}. While {next} hangs, {to} works ",
	"for callers that have left ({rate}).",
]) if {
	input.subject.rate.value
}

# Shorter limits below where they leave the callee's callees enough time; else the callee has to know how much is left.
inversion_fix := [shorter, [propagate]] if {
	every i in inverted { i.rec_limit.value }
} else := [[propagate]]

shorter := [{"set": "timeout", "at": i.addr, "value": i.rec_limit} | some i in inverted]

propagate := {"set": "deadline_propagation", "at": input.to.addr, "value": true}

# METADATA
# scope: document
# title: The callee's retries cannot finish in time
# description: The last attempts start when the caller has already given up; they can help nobody and load the callee while it is down.
# related_resources: [https://sre.google/sre-book/addressing-cascading-failures/]
# schemas: [{input: schema.call}]
# custom:
#   id: RES-044
#   kind: misconfigured
#   severity: medium
#   pattern: resilience/timeout
#   subject: call
#   subsumes: [RES-046, RES-048]
#   say: "{from} gives up on {to} after {limit}; {to} may need {worst} until its calls to {retried} have been tried {tries} times. What it still does then helps nobody."
#   trade_offs: Fewer attempts let more transient errors through.
#   cleared_by: Fewer attempts below, shorter limits, or deadline_propagation on the callee.
retries_outlast_caller contains {
	"verdict": v,
	"facts": {
		"limit": input.subject.limit,
		"worst": input.subject.callee_worst_case,
		"retried": [i.to | some i in repeated],
		"tries": max([i.app_attempts | some i in repeated]),
	},
	"evidence": [i.addr | some i in repeated],
	"fix": [propagate],
	"alternatives": [[{"set": "retry.max_attempts", "at": i.addr, "value": i.fitting_attempts.value} | some i in repeated]],
} if {
	v := lib.all_of([
		unaware,
		lib.below(input.subject.limit, input.subject.callee_worst_case),
		lib.unless(lib.any_of([outlasts(i) | some i in input.subject.inner])),
	])
	lib.fires(v)
	count(repeated) > 0
}

# Calls below that are tried again one after the other: sums of single limits alone are no waste.
repeated := [i |
	some i in input.subject.inner
	i.hard.value
	i.worst_case.value > i.limit.value
]

# METADATA
# scope: document
# title: Limits of one call contradict each other
# description: Attempts that the deadline never lets start, or a connection that may take longer than the whole call, are settings that do nothing.
# related_resources: [https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts]
# schemas: [{input: schema.call}]
# custom:
#   id: RES-045
#   kind: misconfigured
#   severities:
#     medium: the last try can never run
#     low: the limit on connecting is no limit
#   pattern: resilience/timeout
#   subject: call
#   cleared_by: As many attempts as the deadline holds, and a connect timeout well below the timeout.
limits_contradict contains {
	"verdict": v,
	"severity": "medium",
	"say": "{tries} tries of {try} need {sum}, and the deadline of the call from {from} to {to} is {deadline}: the last one is cut off or never starts.",
	"facts": {
		"tries": input.subject.app_attempts,
		"try": input.subject.timeout,
		"sum": input.subject.tries_total,
		"deadline": input.subject.deadline,
	},
	"fix": [fitting],
	"alternatives": [[{"set": "deadline", "value": input.subject.tries_total}]],
} if {
	v := lib.all_of([
		lib.above(input.subject.tries_total, input.subject.deadline),
		lib.at_least(input.subject.app_attempts, 2),
		lib.is(input.subject.unlimited_attempts, false),
	])
	lib.fires(v)
}

# Where not even one try fits, the limit of a try is what is wrong.
fitting := {"set": "retry.max_attempts", "value": input.subject.tries_fit.value} if {
	input.subject.tries_fit.value >= 1
} else := {"set": "timeout", "value": input.subject.rec.timeout} if {
	input.subject.rec.timeout.value * input.subject.app_attempts.value <= input.subject.deadline.value
	input.subject.connect_timeout.state in {"absent", "none", "unknown"}
} else := {"set": "deadline", "value": input.subject.tries_total}

limits_contradict contains {
	"verdict": v,
	"severity": "low",
	"say": "{from} may take {connect} to connect to {to}, and the whole attempt ends after {try}.",
	"facts": {"connect": input.subject.connect_timeout, "try": input.subject.timeout},
	"fix": [{"set": "connect_timeout", "value": "100ms"}],
} if {
	input.subject.timeout.value > 100
	input.subject.timeout.state != "profile" # nobody set either: the long timeout is the finding
	v := lib.at_least(input.subject.connect_timeout, input.subject.timeout)
	lib.fires(v)
}

limits_contradict contains {
	"verdict": v,
	"severity": "low",
	"say": "{from} may take {connect} to connect to {to} nearby; a host that does not answer within a quarter of a second is gone.",
	"facts": {"connect": input.subject.connect_timeout},
	"fix": [{"set": "connect_timeout", "value": "250ms"}],
} if {
	input.to.type != "external"
	input.subject.connect_timeout.state != "profile"
	v := lib.all_of([
		lib.above(input.subject.connect_timeout, 1000),
		lib.unless(lib.at_least(input.subject.connect_timeout, input.subject.timeout)), # says more
		lib.is(input.subject.cross_region, false),
	])
	lib.fires(v)
}
