package archcheck.rules.messaging.pub_sub

import data.archcheck.lib

# METADATA
# scope: document
# title: Topic or queue with only one side
# description: Messages that nobody takes are written for nothing, and a consumer that nobody writes to waits for ever. Often a rename left one side behind.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/publisher-subscriber]
# schemas: [{input: schema.node}]
# custom:
#   id: MSG-009
#   severity: low
#   pattern: messaging/pub-sub
#   subject: node
#   waive_when: The other side is outside of what this description covers.
#   cleared_by: A publish and a consume, or no such topic or queue.
dangling contains {
	"verdict": "violation",
	"say": dangling_message,
	"facts": {"channel": lib.label(input.addr), "publishers": input.subject.publishers, "consumers": input.subject.consumers},
	"fix": [{"advise": "Connect the other side, or remove it."}],
} if {
	input.subject.type in {"topic", "queue"}
	not input.subject.backplane.value
	one_sided
}

one_sided if {
	input.subject.publishers.value == 0
	input.subject.consumers.value > 0
	not input.subject.dead_letter.value
}

one_sided if {
	input.subject.publishers.value > 0
	input.subject.consumers.value == 0
	not input.subject.dead_letter.value
}

dangling_message := "What is published to {channel} is lost on everybody: nothing consumes it." if {
	input.subject.consumers.value == 0
} else := "Whoever consumes {channel} waits for ever: nothing publishes to it."

# METADATA
# scope: document
# title: Question and answer by message while a user waits
# description: Two trips through a broker and a search for the matching answer stand between the user and what one call returns.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/publisher-subscriber]
# schemas: [{input: schema.journey}]
# custom:
#   id: MSG-005
#   kind: misuse
#   severity: medium
#   pattern: messaging/pub-sub
#   subject: journey
#   subsumes: [MSG-016, MSG-024]
#   cleared_by: A call instead of the two messages, or reply = false on the entry where the user does not wait.
asks_by_topic contains {
	"verdict": v,
	"say": "A user waits while {service} asks through {topic} and waits for the answer: both trips through the broker count against the {objective} that users are promised.",
	"facts": {"service": lib.label(r.service), "topic": lib.label(r.to), "objective": input.subject.latency_objective, "waits": input.subject.entry_reply},
	"evidence": [r.publish, r.consume],
	"fix": [{"advise": sprintf("Call the service that answers %s instead.", [lib.label(r.service)])}],
} if {
	some r in input.subject.replies
	r.to_type == "topic"
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
# title: Listeners are called one by one
# description: A service that tells others what happened waits for each of them, though it needs none of their answers. Each new listener is a change, and one more thing that can fail, in a service that it does not concern.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/publisher-subscriber]
# schemas: [{input: schema.service}]
# custom:
#   id: MSG-001
#   kind: missing
#   severity: medium
#   pattern: messaging/pub-sub
#   subject: service
#   trade_offs: The listeners learn it a little later, may learn it twice, and no caller sees that one of them failed.
#   waive_when: There will be no further listener, and each of them must have acted before the answer goes out.
#   cleared_by: A topic that the listeners consume, in place of the calls to them.
told_one_by_one contains {
	"verdict": v,
	"say": listeners_message,
	"facts": {
		"service": lib.label(input.addr), "n": input.subject.listener_count, "listeners": lib.labels(told),
		"availability": input.subject.listeners_availability,
	},
	"asks": ["n"],
	"evidence": [l.call | some l in input.subject.listeners],
	"fix": array.concat(
		[
			{"add": "topic", "label": events, "value": events_carrier},
			{"add": "publish", "label": events, "at": input.addr, "value": {"to": events_topic}},
		],
		array.concat(
			[{"add": "consume", "label": events, "at": s, "value": {"from": events_topic}} | some s in told],
			[{"advise": sprintf("Take the calls to %s out in the same change.", [concat(", ", [lib.label(s) | some s in told])])}],
		),
	),
} if {
	v := lib.at_least(input.subject.listener_count, 3)
	lib.fires(v)
}

told := {l.service | some l in input.subject.listeners}

listeners_message := "{service} waits for {listeners} on every request and uses none of their answers: all of them are up {availability} of the time, and the next listener is one more change of {service}." if {
	input.subject.listeners_availability.value
} else := "{service} waits for {listeners} on every request and uses none of their answers: the next listener is one more change of {service}."

events := sprintf("%s_events", [lib.label(input.addr)])

events_topic := sprintf("topic.%s", [events])

events_carrier := {} if {
	input.subject.only_broker == ""
} else := {"broker": input.subject.only_broker}

# METADATA
# scope: document
# title: Topic that may be a work queue
# description: With one subscriber, order that nobody needs and several messages handled at once, a queue does the same with less to run, and acknowledges, delays and puts aside each message on its own.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/competing-consumers]
# schemas: [{input: schema.topic}]
# custom:
#   id: MSG-004
#   kind: misuse
#   severity: low
#   pattern: messaging/pub-sub
#   subject: topic
#   trade_offs: A queue cannot be read again from the start, and a second subscriber needs a queue of its own.
#   cleared_by: competing on the consume, true or false, which says that somebody thought about it; ordering_key or partitions = 1 where messages have an order.
may_be_a_queue contains {
	"verdict": v,
	"say": "Will {topic} get a second subscriber, or be read again from the start? If not, {consumer} uses it as a work queue, and a queue acknowledges and puts aside each message on its own.",
	"facts": {
		"topic": lib.label(input.addr), "consumer": lib.labels(input.subject.services), "competing": input.subject.work_queue,
	},
	"asks": ["competing"],
	"fix": [{"advise": "Use a queue, if there will be no second subscriber and nobody reads old messages again."}],
} if {
	input.subject.work_queue.state == "unknown"
	input.subject.one_slot.value == false
	v := lib.all_of([
		"question",
		lib.unless(lib.is(input.subject.ordering_wanted, true)),
		lib.unless(lib.is(input.subject.broadcast, true)),
		lib.absent(input.subject.ordering_key),
		lib.unless(lib.is(input.subject.partitions, 1)),
	])
	lib.fires(v)
}
