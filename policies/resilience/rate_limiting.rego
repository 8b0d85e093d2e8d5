package archcheck.rules.resilience.rate_limiting

import data.archcheck.lib

# METADATA
# scope: document
# title: Public entry without a rate limit
# description: One client in a loop, one crawler or one retry storm takes all capacity, and everybody else gets errors.
# related_resources:
#   - https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/
#   - https://sre.google/sre-book/handling-overload/
# schemas: [{input: schema.workload}]
# custom:
#   id: RES-030
#   kind: missing
#   severity: high
#   pattern: resilience/rate-limiting
#   subject: workload
#   trade_offs: A limit below a real peak refuses customers; one key for all lets a single caller use up what is meant for everybody.
#   waive_when: Something in front of the entry that the description does not show limits requests.
#   cleared_by: A rate limit on the entry, or on the proxy or CDN in front of it.
unlimited_entry contains {
	"verdict": v,
	"severity": severity,
	"say": message,
	"facts": {
		"callers": input.subject.public_callers,
		"bottleneck": input.subject.bottleneck,
		"at": input.subject.bottleneck_at,
	},
	"evidence": input.subject.public_callers,
	"fix": [limit],
	"alternatives": [[{"advise": "State capacity (requests per second and replica, from a load test): the limit follows from it."}] |
		not input.subject.bottleneck.value
	],
} if {
	v := open_to_all
	lib.fires(v)
	v != "question"
}

# A question names only what decides it.
unlimited_entry contains {
	"verdict": "question",
	"say": "",
	"facts": {"entry": input.subject.public_entry, "limit": input.subject.rate_limit},
} if {
	open_to_all == "question"
}

open_to_all := lib.all_of([
	lib.is(input.subject.public_entry, true),
	lib.absent(input.subject.rate_limit),
])

default severity := "high"

severity := "medium" if input.subject.only_partners.value

default message := "Nothing bounds what {callers} may send to {subject}: one client in a loop takes all capacity behind it from everybody else."

message := concat("", [
	"Behind {subject}, {at} is the first to saturate, at {bottleneck} of such requests; nothing stops {callers} from sending ",
	"more than that, and then everybody gets errors.",
]) if {
	input.subject.bottleneck.value
}

limit := {"set": "rate_limit", "value": input.subject.rec.rate_limit} if {
	input.subject.bottleneck.value
	input.subject.rec.rate_limit_fits.value
} else := {"advise": "Add capacity first: a limit that protects it would refuse a part of the expected peak."} if {
	input.subject.bottleneck.value
} else := {"advise": "Limit what one client may send, for instance rate_limit = { rps = …, per = \"client\", retry_after = true }."}

# METADATA
# scope: document
# title: Quota of an external is not respected
# description: What goes beyond a contract's quota is refused or billed, and retries of refused calls use up the quota of those that would succeed.
# related_resources: [https://learn.microsoft.com/azure/architecture/patterns/rate-limiting-pattern]
# schemas: [{input: schema.external}]
# custom:
#   id: RES-035
#   kind: missing
#   severity: high
#   pattern: resilience/rate-limiting
#   subject: external
#   subsumes: [RES-016]
#   trade_offs: A queue in front of the quota turns refusals into waiting; what waits longer than its caller does is lost work.
#   cleared_by: Rate limits on all calls to it that together stay within the quota, or fewer attempts.
quota_ignored contains {
	"verdict": v,
	"severity": quota_severity,
	"say": quota_message,
	"facts": {
		"base": input.subject.rate,
		"retried": input.subject.retried_rate,
		"quota": input.subject.rps_limit,
		"admitted": input.subject.admitted,
		"from": input.subject.from,
	},
	"evidence": [c.addr | some c in input.subject.callers],
	"fix": [{"set": "rate_limit", "at": c.addr, "value": c.rec_rate_limit} | some c in input.subject.callers],
	"alternatives": [[{"advise": "Ask for a higher quota."}]],
} if {
	v := lib.all_of([
		lib.above(input.subject.retried_rate, input.subject.rec.quota),
		lib.any_of([lib.absent(input.subject.admitted), lib.above(input.subject.admitted, input.subject.rps_limit)]),
	])
	lib.fires(v)
}

default quota_severity := "high"

quota_severity := "critical" if {
	input.subject.user_facing.value
	input.subject.rate.value > input.subject.rps_limit.value
}

quota_message := concat("", [senders, " {base} to {subject}", with_retries, "; the contract allows {quota}, ", held_back])

senders := "{from} together send" if {
	count(input.subject.from) > 1
} else := "{from} sends"

default with_retries := ""

with_retries := ", {retried} with retries" if input.subject.retried_rate.value > input.subject.rate.value

default held_back := "and no limit keeps a peak below that."

held_back := "and the rate limits on the way let {admitted} through." if {
	input.subject.admitted.value
} else := "and nothing holds the rest back." if {
	input.subject.retried_rate.value > input.subject.rps_limit.value
}

# METADATA
# scope: document
# title: Refused clients are not told when to come back
# description: A client that retries a refusal blindly comes back at once, so the limit sees the same requests again and refuses more of them.
# related_resources:
#   - https://www.rfc-editor.org/rfc/rfc6585#section-4
#   - https://learn.microsoft.com/azure/architecture/antipatterns/retry-storm/
# schemas: [{input: schema.workload}]
# custom:
#   id: RES-034
#   kind: conflict
#   severity: medium
#   pattern: resilience/rate-limiting
#   subject: workload
#   say: "{subject} refuses what exceeds {rps}, and nothing tells {callers} when to try again: each refused request is sent up to {attempts} times."
#   trade_offs: Callers have to honour the header; those that do not need a retry budget.
#   cleared_by: retry_after = true, a breaker on the callers' calls, or callers that do not retry refusals.
refuses_without_guidance contains {
	"verdict": v,
	"facts": {
		"rps": input.subject.rate_limit.rps,
		"retry_after": input.subject.rate_limit.retry_after,
		"callers": [c.from | some c in blind],
		"attempts": max([c.attempts.value | some c in blind]),
	},
	"evidence": [c.addr | some c in blind],
	"fix": [{"set": "rate_limit.retry_after", "value": true}],
} if {
	count(blind) > 0
	v := lib.all_of([
		lib.is(input.subject.rate_limit.on_limit, "reject"),
		lib.unless(lib.is(input.subject.rate_limit.retry_after, true)),
	])
	lib.fires(v)
}

blind := [c |
	some c in input.subject.retrying_callers
	not c.any_breaker.value
]

# METADATA
# scope: document
# title: Rate limiter holds back a consumer
# description: A limiter behind a queue leaves capacity unused while the backlog grows; the number of messages in work is what bounds a consumer.
# related_resources: [https://learn.microsoft.com/azure/architecture/patterns/queue-based-load-leveling]
# schemas: [{input: schema.call}]
# custom:
#   id: RES-037
#   kind: misuse
#   severity: low
#   pattern: resilience/rate-limiting
#   subject: call
#   say: "Only messages make {from} call {to}: the limit of {rps} turns idle capacity of {to} into backlog."
#   waive_when: The limit stands for a quota that the description does not show.
#   cleared_by: Concurrency on the consume block instead of the limiter, or a callee with a quota or too little capacity.
limiter_on_consumer contains {
	"verdict": v,
	"facts": {"rps": input.subject.rate_limit.rps, "capacity": input.to.capacity, "rate": input.to.rate},
	"fix": [removal],
	"alternatives": [[{"advise": "Bound the work in progress: concurrency on the consume block."}]],
} if {
	input.to.type != "external"
	v := lib.all_of([
		lib.present(input.subject.rate_limit),
		lib.is(input.subject.only_consumes, true),
		lib.unless(too_little_capacity),
	])
	lib.fires(v)
}

limiter_on_consumer contains {
	"verdict": v,
	"facts": {"rps": input.subject.rate_limit.rps, "quota": input.to.rps_limit},
	"fix": [removal],
} if {
	input.to.type == "external"
	v := lib.all_of([
		lib.present(input.subject.rate_limit),
		lib.is(input.subject.only_consumes, true),
		lib.absent(input.to.rps_limit),
	])
	lib.fires(v)
}

# Where nobody states a capacity, the limiter may stand for it: not knowing is no reason to blame it.
too_little_capacity := lib.below(input.to.capacity, input.to.rate)

default removal := {"set": "rate_limit", "value": "none"}

removal := {"unset": "rate_limit"} if input.subject.rate_limit.state == "stated"
