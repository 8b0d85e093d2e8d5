package archcheck.rules.resilience.retry

import data.archcheck.lib

# METADATA
# scope: document
# title: One lost packet is an error that a user sees
# description: Calls across the internet or between regions fail now and then for moments. Where a repeated call does no harm and there is time for it, one more attempt hides the failure.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/retry
#   - https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
# schemas: [{input: schema.call}]
# custom:
#   id: RES-011
#   kind: missing
#   severity: medium
#   pattern: resilience/retry
#   subject: call
#   trade_offs: Retries multiply load when the callee is down; the budget bounds that to a tenth.
#   waive_when: The callee's client library repeats calls and the description cannot say so.
#   cleared_by: a retry on this call or anywhere on its path, a fallback, or a callee that is available 99.99 % of the time.
no_retry contains {
	"verdict": v,
	"say": lost_packet,
	"facts": {
		"retry": input.subject.retry,
		"idempotent": input.subject.idempotent,
		"fallback": input.subject.fallback,
		"budget": input.subject.budget, "attempts": input.subject.rec.attempts,
	},
	"asks": ["retry", "idempotent", "fallback"],
	"fix": [{"set": "retry", "value": input.subject.rec.retry}],
} if {
	input.from.type in {"service", "gateway"}
	input.subject.user_facing.value
	far
	input.subject.any_retry.value == false
	input.subject.retry_elsewhere.value == false
	input.subject.rec.attempts.value >= 2
	lib.at_least(input.to.availability, 0.9999) != "violation"
	v := lib.all_of([
		lib.absent(input.subject.retry),
		lib.is(input.subject.idempotent, true),
		lib.is(input.subject.hard, true),
	])
	lib.fires(v)
}

far if input.to.type == "external"

far if input.subject.cross_region.value

lost_packet := "A single lost packet on the way to {to} is an error that a user sees. {budget} are left for this call, time enough for {attempts} attempts." if {
	input.subject.budget.value
} else := "A single lost packet on the way to {to} is an error that a user sees. A second attempt would hide it."

# METADATA
# scope: document
# title: A retried write can happen twice
# description: The first attempt succeeds, its reply is lost, and the second does the same again. A timeout says nothing about whether the write happened.
# related_resources:
#   - https://docs.stripe.com/api/idempotent_requests
#   - https://github.com/grpc/proposal/blob/master/A6-client-retries.md
#   - https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream
# schemas: [{input: schema.call}]
# custom:
#   id: RES-012
#   kind: misconfigured
#   severities:
#     critical: the callee is known not to recognise repetitions, and it writes financial data or is a step of a transaction
#     high: anything else
#   pattern: resilience/retry
#   subject: call
#   trade_offs: An idempotency key costs the callee one extra read per write and a retention period for the keys. It does not order concurrent attempts.
#   waive_when: The callee recognises duplicates by a business key, and a test shows it.
#   cleared_by: max_attempts = 1; idempotent = true, once the callee enforces a key; access = "read"; or on = ["connect-failure"], so that only requests are repeated that were never sent.
repeated_write contains {
	"verdict": v,
	"severity": twice_severity,
	"say": concat(" ", array.concat([concat("", [recognises, second])], exposure)),
	"facts": {
		"attempts": input.subject.attempts,
		"access": input.subject.access,
		"idempotent": input.subject.idempotent,
		"limit": input.subject.limit, "rate": input.subject.rate, "repeated_by": repeaters,
	},
	"asks": ["attempts", "access", "idempotent"],
	"fix": array.concat(application_once, mesh_unsent_only),
	"alternatives": [[
		{"set": "idempotent", "value": true},
		{"advise": "Only once the callee stores an idempotency key with the result, for longer than the retries last."},
	]],
} if {
	v := lib.all_of([
		lib.above(input.subject.attempts, 1), # a budget makes it 1.1 on average, and this request may be the one
		lib.is(input.subject.access, "write"),
		lib.unless(lib.is(input.subject.idempotent, true)),
		lib.unless(lib.is(input.subject.connect_only, true)),
	])
	lib.fires(v)
}

# Money, or a step that others build on: stated false it is certain to happen, unstated the owner may only have forgotten.
twice_severity := "critical" if {
	input.subject.idempotent.value == false
	any_of_both(input.subject.financial.value, input.to.transaction_step.value)
} else := "high"

any_of_both(a, b) if true in {a, b}

recognises := "{to} does not recognise a repeated request, " if {
	input.subject.idempotent.value == false
} else := "Nobody states that {to} recognises a repeated request, "

second := "and {repeated_by} sends a second one when the first takes over {limit}." if {
	input.subject.limit.value
} else := "and {repeated_by} sends a second one when the first fails."

exposure := [
	"A timeout does not mean that the first one failed: the write can happen twice.",
	"At {rate}, this is a matter of time.",
] if {
	input.subject.rate.value > 0
} else := ["A timeout does not mean that the first one failed: the write can happen twice."]

# Who tries again: the caller itself, or the mesh around it.
repeaters := {r |
	some l in input.subject.attempts_by_layer
	r := repeater(l.at)
}

repeater(at) := "the mesh" if {
	at == "mesh"
} else := lib.label(input.from.addr)

# The caller's own retries end here; a policy that hands them down stays as it is for other calls.
application_once := [{"set": "retry", "value": {"max_attempts": 1}}] if {
	some l in input.subject.attempts_by_layer
	l.at != "mesh"
} else := []

mesh_unsent_only := [{"at": l.from, "set": "retry.on", "value": ["connect-failure"]}] if {
	some l in input.subject.attempts_by_layer
	l.at == "mesh"
	l.classes != ["connect"]
	startswith(l.from, "policy.")
} else := []

# METADATA
# scope: document
# title: More attempts than help
# description: An attempt that follows three failed ones hardly ever succeeds. It holds the caller, and it loads a callee that is already down.
# related_resources:
#   - https://sre.google/sre-book/handling-overload/
#   - https://learn.microsoft.com/en-us/azure/architecture/antipatterns/retry-storm/
# schemas: [{input: schema.call}]
# custom:
#   id: RES-013
#   kind: misconfigured
#   severity: medium
#   pattern: resilience/retry
#   subject: call
#   trade_offs: Fewer attempts show more of the short failures to the caller.
#   waive_when: The caller has nothing else to do until the call succeeds, and nobody waits for it.
#   cleared_by: max_attempts = 3 or fewer; calls that only messages set off, where the queue waits; or a deadline, where a workflow engine repeats its activities.
too_many_attempts contains {
	"verdict": v,
	"say": many_message,
	"facts": {
		"attempts": input.subject.app_attempts,
		"longest_wait": input.subject.worst_case, "most": input.system.params.attempts,
	},
	"asks": ["attempts"],
	"fix": [lib.amend("retry", input.subject.retry, {"max_attempts": input.system.params.attempts})],
} if {
	input.subject.user_facing.value
	input.subject.unlimited_attempts.value == false
	not patient
	v := lib.above(input.subject.app_attempts, input.system.params.attempts)
	lib.fires(v)
}

too_many_attempts contains {
	"verdict": "violation",
	"severity": "high",
	"say": "{from} tries {to} again without end. While {to} is down no call ever finishes, and every new request adds one more.",
	"facts": {"retry": input.subject.retry},
	"fix": [lib.amend("retry", input.subject.retry, {"max_attempts": input.system.params.attempts})],
} if {
	input.subject.unlimited_attempts.value
	not patient
}

too_many_attempts contains {
	"verdict": v,
	"say": "The mesh makes up to {tries} attempts of each call to {to}, and each of them loads a {to} that is already down. After {most} tries a further one hardly ever helps.",
	"facts": {"tries": input.subject.mesh_attempts, "most": input.system.params.attempts},
	"fix": [{"at": l.from, "set": "retry.max_attempts", "value": input.system.params.attempts} |
		some l in input.subject.attempts_by_layer
		l.at == "mesh"
		startswith(l.from, "policy.")
	],
} if {
	input.subject.user_facing.value
	not patient
	v := lib.above(input.subject.mesh_attempts, input.system.params.attempts)
	lib.fires(v)
}

# Nobody holds a request open meanwhile: a message waits in its queue, a workflow in its engine until the deadline.
patient if input.subject.only_consumes.value

patient if {
	"temporal" in input.from.orchestrates.value
	input.subject.deadline.value
}

many_message := "{attempts} attempts hold {from} for up to {longest_wait}, and each of them loads a {to} that is already down. After {most} tries a further one hardly ever helps." if {
	input.subject.worst_case.value
} else := "{attempts} attempts hold {from} as long as {to} is down, and each of them adds to its load. After {most} tries a further one hardly ever helps."
