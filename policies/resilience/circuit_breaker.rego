package archcheck.rules.resilience.circuit_breaker

import data.archcheck.lib

# METADATA
# scope: document
# title: Nothing stops calls to a failing dependency
# description: While a callee hangs, every call to it holds a slot of the caller until it times out. Without a circuit breaker the caller goes on sending them until there is no slot left for anything else.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker
#   - https://martinfowler.com/bliki/CircuitBreaker.html
# schemas: [{input: schema.call}]
# custom:
#   id: RES-001
#   kind: missing
#   severities:
#     high: the callee is external, or a hang takes every slot
#     medium: a hang takes more than half of the slots; the high case where no user waits and no money moves
#     low: the caller's only call; the medium case where nobody waits
#     info: the low case where nobody waits
#   pattern: resilience/circuit-breaker
#   subject: call
#   trade_offs: A breaker refuses healthy calls too while it is open, and its thresholds want a look whenever the traffic changes. Decide what the caller answers in that time, a cached value, a default or a clear error.
#   waive_when: A load test with the callee hanging shows that the caller keeps serving everything else.
#   cleared_by: circuit_breaker on the call or its policy, the mesh's outlier detection, or a fallback; for a callee of your own also a shorter timeout or more slots.
no_breaker contains {
	"verdict": v,
	"severity": severity,
	"say": drain_message,
	"facts": {
		"circuit_breaker": input.subject.circuit_breaker,
		"fallback": input.subject.fallback,
		"share_of_slots": input.subject.hang_share,
		"rate": input.subject.rate_per_replica,
		"longest_wait": input.subject.worst_case,
		"waiting_requests": input.subject.hang_in_flight,
		"slots": input.from.concurrency,
		"exhausted_after": input.subject.exhaustion,
		"waiting_behind": lib.labels(input.subject.siblings.addrs),
	},
	"asks": ["circuit_breaker", "fallback", "share_of_slots"],
	"fix": [{"set": "circuit_breaker", "value": input.subject.rec.circuit_breaker}],
} if {
	input.from.type in {"service", "gateway"}
	input.to.type in {"service", "external"}
	not input.subject.stream.value # what moves on an open stream opens no circuit
	v := lib.all_of([lib.is(input.subject.hard, true), lib.absent(input.subject.any_breaker), drains])
	lib.fires(v)
	lib.below(input.subject.rate_per_replica, fewest) != "violation"
}

# The rate below which a breaker takes too long to see the 20 calls that it needs at least.
fewest := 20000 / input.system.params.breaker_fill

drains := lib.any_of([
	lib.sure(input.to.type == "external"),
	lib.all_of([takes_others_along, lib.absent(input.subject.limit)]),
	holds_half,
])

# How much an unknown wait holds is worth asking only where others wait as well.
holds_half := lib.all_of([takes_others_along, half]) if {
	half == "question"
} else := half

half := lib.above(input.subject.hang_share, 0.5)

default takes_others_along := "pass"

takes_others_along := lib.at_least(input.from.hard_calls, 2) if input.from.user_facing.value

# Nobody's business but its own: of a caller's only call a breaker changes how fast the error comes.
letter := "low" if {
	input.subject.siblings.total == 0
} else := "high" if {
	input.to.type == "external"
} else := "high" if {
	input.subject.hang_share.value > 1
} else := "medium"

severity := letter if {
	somebody_waits
} else := {"high": "medium", "medium": "low", "low": "info"}[letter]

somebody_waits if input.subject.user_facing.value

somebody_waits if input.subject.financial.value

drain_message := "If {to} hangs, each replica of {from} collects {waiting_requests} waiting requests ({rate} for up to {longest_wait}) on {slots} slots. They are gone after {exhausted_after}, for {waiting_behind} too." if {
	input.subject.hang_share.value > 1
	input.subject.siblings.total > 0
} else := "If {to} hangs, each replica of {from} collects {waiting_requests} waiting requests ({rate} for up to {longest_wait}) on {slots} slots. They are gone after {exhausted_after}." if {
	input.subject.hang_share.value > 1
} else := "If {to} hangs, each replica of {from} collects {waiting_requests} waiting requests ({rate} for up to {longest_wait}), {share_of_slots} of its {slots} slots, with {waiting_behind} waiting behind them." if {
	input.subject.hang_share.value > 0.5
	input.subject.siblings.total > 0
} else := "{to} is outside your control. While it hangs, {from} goes on sending it every request and waits up to {longest_wait} for each." if {
	input.to.type == "external"
	input.subject.worst_case.value
} else := "{to} is outside your control. While it hangs, {from} goes on sending it every request, and nothing ends the wait." if {
	input.to.type == "external"
} else := "If {to} hangs, requests pile up in {from} without a time limit and without a breaker to turn them away, and {waiting_behind} are next." if {
	input.subject.siblings.total > 0
} else := "If {to} hangs, requests pile up in {from}, and no breaker turns them away."

# METADATA
# scope: document
# title: The circuit breaker opens late or never
# description: A breaker judges nothing before it has seen its minimum of calls. Where fewer arrive in its window, it stays closed through an outage; where they take long to arrive, it sleeps through the beginning.
# related_resources:
#   - https://resilience4j.readme.io/docs/circuitbreaker
#   - https://www.pollydocs.org/strategies/circuit-breaker.html
# schemas: [{input: schema.call}]
# custom:
#   id: RES-002
#   kind: misconfigured
#   severities:
#     high: "the breaker cannot open: its window holds too few calls"
#     medium: it sleeps through the first minute of an outage
#   pattern: resilience/circuit-breaker
#   subject: call
#   subsumes: [RES-003, RES-004]
#   trade_offs: Fewer calls or a longer window make the breaker slower or jumpier; below 20 calls in a minute no setting is good.
#   waive_when: Traffic is expected to grow past the point where the window fills, on a date that the waiver names.
#   cleared_by: min_calls below the calls that one replica makes in the window.
breaker_sleeps contains {
	"verdict": v,
	"severity": "high",
	"say": "This breaker never opens. It judges after {min_calls} calls in {window}, and one replica of {from} makes {calls_in_window} in that time.",
	"facts": {"min_calls": cb.min_calls, "window": cb.window, "calls_in_window": input.subject.calls_per_window},
	"fix": sized,
} if {
	cb := input.subject.circuit_breaker
	cb.window_kind.value == "time"
	v := lib.below(input.subject.calls_per_window, cb.min_calls)
	lib.fires(v)
}

breaker_sleeps contains {
	"verdict": v,
	"severity": "medium",
	"say": "This breaker sleeps through the first {time_to_min_calls} of an outage. It judges after {min_calls} calls, and one replica of {from} makes {rate}.",
	"facts": {"min_calls": cb.min_calls, "time_to_min_calls": input.subject.fill_time, "rate": input.subject.rate_per_replica},
	"fix": sized,
} if {
	cb := input.subject.circuit_breaker
	cb.window_kind.value == "count"
	v := lib.above(input.subject.fill_time, input.system.params.breaker_fill)
	lib.fires(v)
}

# Where too few calls come for any breaker, a short limit and a fallback do its work.
sized := [{"set": "circuit_breaker", "value": input.subject.rec.circuit_breaker}] if {
	input.subject.rec.circuit_breaker_fits.value
} else := [
	{"set": "circuit_breaker", "value": "none"},
	{"advise": "A breaker cannot learn from so few calls: keep the timeout short and answer with a fallback instead."},
]

# METADATA
# scope: document
# title: A breaker without a timeout never sees a hang
# description: A call that hangs neither succeeds nor fails, so the breaker counts nothing and stays closed while the caller fills up.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker
# schemas: [{input: schema.call}]
# custom:
#   id: RES-006
#   kind: conflict
#   severities:
#     critical: users wait, and one minute of a hang takes every slot
#     high: users wait, or money moves
#     medium: neither
#   pattern: resilience/circuit-breaker
#   subject: call
#   subsumes: [RES-042, RES-046]
#   trade_offs: A timeout cuts off slow successes as well; it belongs above the callee's p99.9.
#   waive_when: The client library has a limit of its own that the description cannot state.
#   cleared_by: timeout or deadline on the call, its policy or the system's.
breaker_without_limit contains {
	"verdict": v,
	"severity": unlimited_severity,
	"say": "Calls to {to} that hang never end, so the breaker never counts them as failures. It stays closed while {from} fills up.",
	"facts": {"timeout": input.subject.timeout, "deadline": input.subject.deadline, "hidden": input.subject.hidden_limit},
	"fix": [first_limit],
} if {
	input.from.type in {"service", "gateway"}
	lib.present(input.subject.circuit_breaker) == "violation" # of an unknown one RES-001 and RES-040 ask
	v := lib.all_of([
		lib.absent(input.subject.timeout),
		lib.absent(input.subject.deadline),
		lib.unless(lib.is(input.subject.hidden_limit, true)),
	])
	lib.fires(v)
}

# As for a call without any limit: see timeout.rego.
first_limit := {"set": "timeout", "value": input.subject.rec.timeout} if input.subject.rec.timeout.value

else := {"set": "timeout", "value": "1s"}

unlimited_severity := "critical" if {
	input.subject.user_facing.value
	input.subject.minute_share.value > 1
} else := "high" if {
	somebody_waits
} else := "medium"

# METADATA
# scope: document
# title: A breaker in front of a buffer has nothing to protect
# description: The caller does not wait for what it buffers, so a breaker only adds a second way to lose the call.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker
# schemas: [{input: schema.call}]
# custom:
#   id: RES-010
#   kind: misuse
#   severity: low
#   pattern: resilience/circuit-breaker
#   subject: call
#   trade_offs: Without the breaker the buffer alone bounds the damage, so it needs a limit and an alert of its own.
#   waive_when: The breaker is what switches to the buffer.
#   cleared_by: no circuit_breaker on the call, or another fallback than queue.
breaker_on_buffer contains {
	"verdict": v,
	"say": "{from} already keeps working when {to} fails: {why}. The breaker adds settings, and nothing that they protect.",
	"facts": {"why": why},
	"fix": [{"unset": "circuit_breaker"}],
} if {
	input.subject.circuit_breaker.state == "stated"
	some [v, why] in buffers
	lib.fires(v)
}

buffers := [
	[lib.all_of([lib.sure(input.to.type in {"service", "datastore"}), lib.is(input.subject.fallback, "queue")]), "the call goes to a queue"],
	[lib.all_of([lib.sure(input.to.type == "registry"), lib.is(input.to.cached_lookup, true)]), "its clients keep the last answer of the registry"],
]
