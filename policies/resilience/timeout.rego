package archcheck.rules.resilience.timeout

import data.archcheck.lib

# METADATA
# scope: document
# title: Call without a time limit
# description: When the callee hangs, callers wait for ever and hold a slot each, until none is left for anything else they serve.
# related_resources:
#   - https://grpc.io/docs/guides/deadlines/
#   - https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
# schemas: [{input: schema.call}]
# custom:
#   id: RES-040
#   kind: missing
#   severities:
#     critical: users wait, and one minute of a hang takes every slot
#     high: users wait, or money moves
#     medium: neither
#   pattern: resilience/timeout
#   subject: call
#   aliases: [COM-024, GWY-026]
#   subsumes: [RES-001, RES-042, RES-046]
#   trade_offs: A limit turns slow answers into errors; the caller needs something to say then.
#   waive_when: Nobody waits for the call and a supervisor ends it, as for a batch job with a kill time.
#   cleared_by: A timeout or a deadline on the call, on a policy of the caller, or on the callee's inbound policy.
call_without_limit contains {
	"verdict": v,
	"severity": severity,
	"say": message,
	"facts": {
		"rate": input.subject.rate_per_replica,
		"slots": input.from.concurrency,
		"exhaustion": input.subject.exhaustion,
	},
	"fix": [limit],
	"alternatives": guess,
} if {
	v := unlimited
	lib.fires(v)
	v != "question"
}

# A question names only what decides it.
call_without_limit contains {
	"verdict": "question",
	"severity": severity,
	"say": "",
	"facts": object.union(
		{"timeout": input.subject.timeout, "deadline": input.subject.deadline, "hidden": input.subject.hidden_limit},
		{name: b | some name, b in {"breaker": input.subject.circuit_breaker}; input.subject.timeout.state != "unknown"},
	),
} if {
	unlimited == "question"
}

unlimited := lib.all_of([
	lib.absent(input.subject.timeout),
	lib.absent(input.subject.deadline),
	lib.absent(input.subject.circuit_breaker),
	lib.unless(lib.is(input.subject.hidden_limit, true)),
]) if {
	input.from.type in {"service", "gateway"}
}

default message := "{from} can wait for {to} for ever: every request that needs it then hangs as long as it does."

message := "{from} can wait for {to} for ever. At {rate} per replica, all {slots} slots are gone {exhaustion} after it hangs." if {
	input.subject.exhaustion.value
}

# The callee's p99.9. Where nobody knows it, the default of common libraries (MicroProfile Fault Tolerance @Timeout,
# resilience4j TimeLimiter: 1 s), or less if callers leave less.
limit := {"set": "timeout", "value": input.subject.rec.timeout} if {
	input.subject.rec.timeout.value
} else := {"set": "timeout", "value": input.subject.budget} if {
	input.subject.budget.value > 0
	input.subject.budget.value < 1000
} else := {"set": "timeout", "value": "1s"}

guess := [[{"advise": "A second is what libraries assume (MicroProfile, resilience4j), no measurement: state the callee's latency (p50, p99), and archcheck computes the limit."}] |
	not input.subject.rec.timeout.value
]

default severity := "medium"

severity := "critical" if {
	input.subject.user_facing.value
	input.subject.minute_share.value > 1
} else := "high" if {
	input.subject.user_facing.value
} else := "high" if {
	input.subject.financial.value
}

# METADATA
# scope: document
# title: One timeout for callees of every speed
# description: A value copied to calls that differ tenfold is too short for the slow ones and no protection on the fast ones.
# related_resources: [https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/]
# schemas: [{input: schema.policy}]
# custom:
#   id: RES-049
#   kind: misuse
#   severity: low
#   pattern: resilience/timeout
#   subject: policy
#   say: "{limit} holds for {calls} calls whose callees' p99 lies between {least} and {most}: a limit that fits one end does not fit the other."
#   trade_offs: A limit per class of callee is more to maintain than one number.
#   cleared_by: A timeout of their own on the calls that differ most; the policy stays as the ceiling.
one_timeout_for_all contains {
	"verdict": v,
	"facts": {
		"limit": input.subject.limit,
		"calls": input.subject.calls,
		"least": input.subject.least_p99,
		"most": input.subject.most_p99,
		"too_short": input.subject.too_short,
		"too_long": input.subject.too_long,
	},
	"evidence": array.concat(input.subject.too_short, input.subject.too_long),
	"fix": [{"advise": "Give the calls that differ most a timeout of their own (their callee's p99.9) or split the policy by class of callee."}],
} if {
	v := lib.all_of([
		lib.at_least(input.subject.calls, 8),
		lib.at_least(input.subject.stated_p99, 3),
		lib.at_least(input.subject.p99_spread, 10),
		lib.at_least(input.subject.judged_alone, 1),
	])
	lib.fires(v)
}
