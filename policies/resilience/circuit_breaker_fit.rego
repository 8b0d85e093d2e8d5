# How a circuit breaker is set: thresholds, times, and what it stands in front of.
package archcheck.rules.resilience.circuit_breaker

import data.archcheck.lib

# METADATA
# scope: document
# title: The circuit breaker's thresholds do not tell an outage from a normal day
# description: Thresholds that no failing callee reaches keep the breaker closed; thresholds within the callee's normal failure rate open it for nothing.
# related_resources:
#   - https://resilience4j.readme.io/docs/circuitbreaker
# schemas: [{input: schema.call}]
# custom:
#   id: RES-003
#   kind: misconfigured
#   severity: medium
#   pattern: resilience/circuit-breaker
#   subject: call
#   trade_offs: A lower threshold opens earlier and refuses more good calls in a partial failure.
#   waive_when: Measured failure rates of outages and of normal days lie on the two sides of the threshold.
#   cleared_by: slow_call below the timeout, failure_rate between three times the callee's own failure rate and 90 %, and at least five failures to open.
thresholds contains {
	"verdict": v,
	"say": "A call counts as slow after {slow}, but it is cut off after {limit}: slow calls are never counted, and {to} can get slower and slower with the circuit closed.",
	"facts": {"slow": input.subject.circuit_breaker.slow_call, "limit": input.subject.limit},
	"fix": [retuned({"slow_call": input.subject.rec.circuit_breaker.slow_call})],
} if {
	v := lib.at_least(input.subject.circuit_breaker.slow_call, input.subject.limit)
	lib.fires(v)
}

thresholds contains {
	"verdict": v,
	"say": "The circuit opens at {failures} failures. An outage that hits fewer calls, such as one broken replica of {to}, never opens it.",
	"facts": {"failures": input.subject.circuit_breaker.failure_rate},
	"fix": [retuned({"failure_rate": input.subject.rec.circuit_breaker.failure_rate})],
} if {
	v := lib.at_least(input.subject.circuit_breaker.failure_rate, 0.9)
	lib.fires(v)
}

thresholds contains {
	"verdict": v,
	"say": "The circuit opens at {failures} failures. {to} is available {availability} of the time, and three times its ordinary failure rate is {floor}: the circuit opens on ordinary days.",
	"facts": {
		"failures": input.subject.circuit_breaker.failure_rate,
		"availability": input.to.availability,
		"floor": input.subject.failure_floor,
	},
	"fix": [retuned({"failure_rate": input.subject.rec.circuit_breaker.failure_rate})],
} if {
	v := lib.at_most(input.subject.circuit_breaker.failure_rate, input.subject.failure_floor)
	lib.fires(v)
}

thresholds contains {
	"verdict": v,
	"say": "The circuit opens after {few} failures among the last {window} calls. That many fail by chance.",
	"facts": {"few": input.subject.failures_to_open, "window": input.subject.circuit_breaker.window},
	"fix": [{"set": "circuit_breaker", "value": input.subject.rec.circuit_breaker}],
} if {
	v := lib.below(input.subject.failures_to_open, 5)
	lib.fires(v)
}

retuned(changes) := lib.amend("circuit_breaker", input.subject.circuit_breaker, changes)

# METADATA
# scope: document
# title: The circuit stays open for too short or too long
# description: A circuit that closes too early sends its probes into the same hang; one that stays open too long prolongs the outage after the callee has recovered; too many probes are a load of their own.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker
#   - https://resilience4j.readme.io/docs/circuitbreaker
# schemas: [{input: schema.call}]
# custom:
#   id: RES-004
#   kind: misconfigured
#   severity: low
#   pattern: resilience/circuit-breaker
#   subject: call
#   trade_offs: A shorter open interval finds the recovery sooner and meets the outage more often.
#   waive_when: The callee is known to take as long as the interval to recover.
#   cleared_by: open_for between twice the timeout and 60s, and probes below a quarter of what the callee serves in a second; an external that says when to come back (retry_after).
open_interval contains {
	"verdict": v,
	"say": "The circuit stays open for {open}, less than two timeouts of {limit}. Its probes meet calls that still hang.",
	"facts": {"open": cb.open_for, "limit": input.subject.limit, "twice": input.subject.twice_limit},
	"fix": [retuned({"open_for": input.subject.rec.circuit_breaker.open_for})],
} if {
	cb := input.subject.circuit_breaker
	not told_when
	lib.at_most(input.subject.twice_limit, longest) == "violation" # beyond that the timeout is what is wrong
	v := lib.below(cb.open_for, input.subject.twice_limit)
	lib.fires(v)
}

open_interval contains {
	"verdict": v,
	"say": "The circuit stays open for {open}: users see errors for up to that long after {to} has recovered.",
	"facts": {"open": cb.open_for},
	"fix": [retuned({"open_for": input.subject.rec.circuit_breaker.open_for})],
} if {
	cb := input.subject.circuit_breaker
	input.subject.user_facing.value
	not told_when
	v := lib.above(cb.open_for, longest)
	lib.fires(v)
}

open_interval contains {
	"verdict": v,
	"say": "When the circuit half opens, all replicas of {from} together send {probes} probes each, {share} of what {to} serves in a second: enough to push it over again.",
	"facts": {"probes": cb.half_open, "share": input.subject.probe_share},
	"fix": [retuned({"half_open": input.subject.rec.circuit_breaker.half_open})],
} if {
	cb := input.subject.circuit_breaker
	v := lib.above(input.subject.probe_share, 0.25)
	lib.fires(v)
	v != "question" # for so small a risk nobody should look up a capacity
}

longest := 60000

# The callee itself says when to come back.
told_when if {
	input.to.type == "external"
	input.subject.rate_limit.retry_after.value
}

# METADATA
# scope: document
# title: One broken shard cuts off all of them
# description: A breaker over a partitioned callee counts the failures of one partition against all, and turns a partial outage into a total one.
# related_resources:
#   - https://brooker.co.za/blog/2022/02/16/circuit-breakers.html
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker
# schemas: [{input: schema.call}]
# custom:
#   id: RES-005
#   kind: misuse
#   severity: medium
#   pattern: resilience/circuit-breaker
#   subject: call
#   trade_offs: One circuit per shard sees fewer calls each and takes longer to learn.
#   waive_when: The shards fail together, because they share one server or one network path.
#   cleared_by: per = "shard" or "tenant" on the breaker.
one_circuit_for_all contains {
	"verdict": v,
	"say": "{to} has {shards} shards. When one of them fails, its errors open the circuit for the keys of all the others too.",
	"facts": {"shards": input.to.shards, "per": input.subject.circuit_breaker.per},
	"fix": [retuned({"per": "shard"})],
	"alternatives": [[
		{"set": "circuit_breaker", "value": "none"},
		{"advise": "A retry budget limits the load of retries without refusing the calls to healthy shards."},
	]],
} if {
	v := lib.all_of([
		lib.is(input.subject.circuit_breaker.per, "callee"),
		lib.at_least(input.to.shards, 2),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Retries run against an open circuit
# description: An open circuit refuses at once, so retries are over before it closes. They delay the error and tell nobody anything.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/retry
#   - https://resilience4j.readme.io/docs/retry
# schemas: [{input: schema.call}]
# custom:
#   id: RES-007
#   kind: conflict
#   severity: medium
#   pattern: resilience/circuit-breaker
#   subject: call
#   trade_offs: Callers get the error at once and have to have an answer for it.
#   waive_when: The retries wait longer than the circuit stays open in every case that matters.
#   cleared_by: retry.on without circuit_open, or waits that outlast open_for.
retries_meet_open_circuit contains {
	"verdict": v,
	"say": "Once the circuit is open, all {attempts} attempts are refused: they are over within {waits}, and the circuit stays open for {open}.",
	"facts": {"attempts": input.subject.app_attempts, "waits": input.subject.backoff_total, "open": input.subject.circuit_breaker.open_for},
	"fix": [lib.amend("retry", input.subject.retry, {"on": without_open})],
} if {
	v := lib.all_of([
		lib.has(input.subject.retry.on, "circuit_open"),
		lib.below(input.subject.backoff_total, input.subject.circuit_breaker.open_for),
	])
	lib.fires(v)
}

without_open := rest if {
	rest := [w | some w in input.subject.retry.on.value; w != "circuit_open"]
	count(rest) > 0
} else := ["unavailable", "timeout"]
