package archcheck.rules.messaging.message_queue

import data.archcheck.lib

# METADATA
# scope: document
# title: A user waits for a queue
# description: The answer comes when everything before it in the queue is done. A backlog that no batch job would notice is an outage for users.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/queue-based-load-leveling]
# schemas: [{input: schema.journey}]
# custom:
#   id: MSG-016
#   kind: misuse
#   severity: medium
#   pattern: messaging/message-queue
#   subject: journey
#   cleared_by: A call instead of the two messages, or reply = false on the entry where the user does not wait.
waits_for_queue contains {
	"verdict": v,
	"say": "A user waits until {service} gets its answer through {queue}: a backlog of one second there misses the {objective} that users are promised.",
	"facts": {"service": lib.label(r.service), "queue": lib.label(r.to), "objective": input.subject.latency_objective, "waits": input.subject.entry_reply},
	"evidence": [r.publish, r.consume],
	"fix": [{"advise": sprintf("Call the service that answers %s, and refuse what it cannot take.", [lib.label(r.service)])}],
} if {
	some r in input.subject.replies
	r.to_type == "queue"
	input.subject.latency_objective.value
	v := lib.all_of([
		lib.is(input.subject.user_facing, true),
		lib.unless(lib.is(input.subject.entry_reply, false)),
		lib.at_most(input.subject.latency_objective, 1000),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: A user waits for work that a queue could take
# description: The user holds a connection while something slow or overloaded is done. A queue takes the work at once and levels the peak.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/queue-based-load-leveling]
# schemas: [{input: schema.call}]
# custom:
#   id: MSG-010
#   kind: missing
#   severity: medium
#   pattern: messaging/message-queue
#   subject: call
#   trade_offs: The user learns the outcome later, so something must tell it or answer when it asks.
#   waive_when: The user cannot go on without the result.
#   cleared_by: A queue between the two and an answer of 202, or a faster callee.
slow_work contains {
	"verdict": v,
	"say": work_message,
	"facts": {
		"p99": input.to.p99, "rate": input.subject.rate, "capacity": input.to.capacity, "limit": input.to.rps_limit,
		"mean_use": input.subject.mean_utilisation, "callee": lib.label(input.to.addr), "access": input.subject.access,
	},
	"asks": ["access"],
	"fix": [{"advise": "Accept the work with 202, put it in a queue, and let the user ask for the outcome."}],
} if {
	input.to.type in {"service", "external"}
	not answered_at_once
	v := lib.all_of([
		lib.is(input.subject.user_facing, true),
		lib.any_of([lib.is(input.subject.access, "write"), lib.is(input.subject.reply, false)]),
		lib.unless(lib.is(input.subject.stream, true)), # what a stream carries is under way from its first byte on
	])
	lib.fires(v)
	reason == "violation"
}

# A client that does not wait for the result was answered with 202.
answered_at_once if {
	input.from.type == "client"
	input.subject.reply.value == false
}

reason := lib.any_of([slow, spike, quota])

default slow := "pass"

slow := v if {
	input.to.p99.value
	v := lib.at_least(input.to.p99, 5000)
	lib.fires(v)
	not slow_further_down
}

# Who waits for slow work is slow too: the finding stands where the work is.
slow_further_down if {
	some i in input.subject.inner
	i.p99.value >= 5000
	i.writes.value
	not startswith(i.to, "datastore.")
}

default spike := "pass"

spike := lib.all_of([lib.above(input.subject.rate, input.to.capacity), lib.below(input.subject.mean_utilisation, 0.7)]) if {
	input.to.capacity.value
	input.subject.mean_utilisation.value
}

default quota := "pass"

# Calls that nothing holds back break the contract, which is another finding; behind a limit it is users who are refused.
quota := lib.all_of([
	lib.above(input.subject.rate, input.to.rps_limit),
	lib.present(input.subject.rate_limit),
	lib.is(input.subject.hard, true),
]) if {
	input.to.rps_limit.value
}

work_message := "A user waits up to {p99} for {callee} to finish work that could go on without it." if {
	slow == "violation"
} else := "A user's request fails when {callee} has no room: {rate} arrive at peak and its contract allows {limit}. A queue would take them and pass on what fits." if {
	quota == "violation"
} else := "A user's request fails when {callee} has no room: {rate} arrive at peak and it serves {capacity}, though it has plenty to spare the rest of the day. A queue would level that."
