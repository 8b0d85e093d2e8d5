# What retries do to the callee: quotas that refuse, outages that they prolong.
package archcheck.rules.resilience.retry

import data.archcheck.lib

# METADATA
# scope: document
# title: Refused calls are retried and refused again
# description: A callee that refuses what is over its limit is met with more of it. Useful calls are lost among repeated ones.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/rate-limiting-pattern
# schemas: [{input: schema.call}]
# custom:
#   id: RES-016
#   kind: misuse
#   severity: medium
#   pattern: resilience/retry
#   subject: call
#   trade_offs: A limiter of your own delays calls in a queue instead of losing them.
#   waive_when: The callee raises the limit for bursts, by contract.
#   cleared_by: a rate_limit on the call, or retry.on without 429.
retry_into_limit contains {
	"verdict": v,
	"say": "{to} accepts {contract}. When it refuses, {rate} become {rate_with_retries} with up to {attempts} tries each, and what was refused is refused again.",
	"facts": {
		"rate_with_retries": input.subject.retried_rate, "contract": input.to.rps_limit,
		"rate": input.subject.rate, "attempts": input.subject.attempts, "on": input.subject.retry.on,
	},
	"asks": ["rate_with_retries", "contract"],
	"fix": [{"set": "rate_limit", "value": input.subject.rec.rate_limit}],
	"alternatives": [[lib.amend("retry", input.subject.retry, {"on": ["unavailable", "5xx", "timeout"]})]],
} if {
	v := lib.all_of([
		lib.at_least(input.subject.app_attempts, 2),
		lib.above(input.subject.retried_rate, input.to.rps_limit),
		repeats_refusals,
		lib.absent(input.subject.rate_limit),
	])
	lib.fires(v)
}

# Unstated, every failure is repeated, refusals too.
repeats_refusals := "violation" if {
	input.subject.retry.on.state == "default"
} else := lib.any_of([lib.has(input.subject.retry.on, w) | some w in ["429", "resource_exhausted", "4xx"]])

# METADATA
# scope: document
# title: Two layers retry the same call
# description: Retries of one layer multiply those of the other, and neither knows of it. A failing callee gets the product.
# related_resources:
#   - https://istio.io/latest/docs/concepts/traffic-management/#retries
#   - https://sre.google/sre-book/addressing-cascading-failures/
# schemas: [{input: schema.call}]
# custom:
#   id: RES-018
#   kind: conflict
#   severity: high
#   pattern: resilience/retry
#   subject: call
#   aliases: [DSC-022]
#   trade_offs: The layer that stays has to know the call well enough to decide what may be repeated.
#   waive_when: A load test of the failing callee with both layers stays within its capacity.
#   cleared_by: one layer of retries, or two that repeat different failures (the mesh what was not sent, the application HTTP 500).
two_layers contains {
	"verdict": v,
	"say": layers_message,
	"facts": {
		"tries": input.subject.attempts,
		"application": input.subject.app_attempts,
		"mesh": input.subject.mesh_attempts,
		"tries_on_http_500": input.subject.attempts_by_class.http_5xx,
	},
	"fix": [{"set": "retry", "value": one_layer}],
	"alternatives": [[{"set": "retry", "value": {"max_attempts": 1}}]],
} if {
	v := lib.all_of([
		lib.at_least(input.subject.retry_layers, 2),
		lib.unless(lib.is(input.subject.layers_disjoint, true)),
	])
	lib.fires(v)
}

layers_message := "When {to} cannot be reached, it gets {tries} tries for one request: {from} makes {application}, and the mesh makes {mesh} of each. On an HTTP 500 it gets {tries_on_http_500}." if {
	mesh_repeats_unsent_only
} else := "When {to} fails, it gets {tries} tries for one request: {from} makes {application}, and the mesh makes {mesh} of each."

mesh_repeats_unsent_only if {
	some l in input.subject.attempts_by_layer
	l.at == "mesh"
	l.classes == ["connect"]
}

# What was never sent is the mesh's to repeat, the rest the application's; a mesh that repeats everything leaves it nothing.
one_layer := lib.merged(input.subject.retry, {"on": sent}) if {
	mesh_repeats_unsent_only
	sent := [w | some w in input.subject.retry.on.value; not w in unsent]
	count(sent) > 0
} else := {"max_attempts": 1}

unsent := {"connect", "connect-failure", "refused-stream", "unavailable", "cancelled"}

# METADATA
# scope: document
# title: Retries can prolong an outage
# description: When the callee fails, every request becomes several. Without a budget the retries alone exceed what it can serve, and it cannot come back.
# related_resources:
#   - https://sre.google/sre-book/handling-overload/
#   - https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/circuit_breaker.proto
# schemas: [{input: schema.call}]
# custom:
#   id: RES-019
#   kind: missing
#   severity: medium
#   pattern: resilience/retry
#   subject: call
#   trade_offs: In an outage most calls get one attempt only.
#   waive_when: The callee sheds load by itself, and a test under retries shows that it recovers.
#   cleared_by: retry.budget, fewer attempts, or capacity for the retries.
no_budget contains {
	"verdict": v,
	"say": budget_message,
	"facts": {
		"budget": input.subject.retry.budget,
		"rate": input.subject.rate,
		"added_by_retries": input.subject.retry_extra,
		"spare_capacity": input.subject.spare_capacity,
	},
	"fix": [lib.amend("retry", input.subject.retry, {"budget": input.subject.rec.retry.budget})],
} if {
	v := lib.all_of([
		lib.at_least(input.subject.app_attempts, 2),
		lib.absent(input.subject.retry.budget),
		lib.at_least(input.subject.rate, 100),
		lib.above(input.subject.retry_extra, input.subject.spare_capacity),
	])
	lib.fires(v)
}

budget_message := "When {to} fails, retries add {added_by_retries} to its {rate}, and it has room for {spare_capacity}: it cannot come back while they last. Within a budget they add a tenth at most." if {
	input.subject.spare_capacity.value > 0
} else := "When {to} fails, retries add {added_by_retries} to its {rate}, and it has no room for more: it cannot come back while they last. Within a budget they add a tenth at most."
