package archcheck.rules.messaging.event_driven

import data.archcheck.lib

# METADATA
# scope: document
# title: An event causes itself
# description: Every event comes back as another one. The loop grows until something breaks, and there is no caller that gives up.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/guide/architecture-styles/event-driven]
# schemas: [{input: schema.cycle}]
# custom:
#   id: MSG-022
#   kind: conflict
#   severity: high
#   pattern: messaging/event-driven
#   subject: cycle
#   waive_when: A guard in the messages ends the loop, and a test holds that.
#   cleared_by: An edge less, per_request below 1 for a guard, or on, which says what causes a publish.
event_loop contains {
	"verdict": v,
	"say": "An event can cause itself for ever: on its way round {members} each message makes {gain} of its own kind.",
	"facts": {"members": members, "gain": input.subject.gain},
	"evidence": input.subject.edges,
	"fix": [{"advise": "Break one of these edges, or count the hops in the message and stop at a limit."}],
} if {
	input.subject.waits.value == false
	v := lib.all_of([certainty, lib.at_least(input.subject.gain, 1)])
	lib.fires(v)
}

# Up to six are named in full: two services and their channels are a loop that people know by heart.
members := sort([lib.label(a) | some a in input.subject.members]) if {
	count(input.subject.members) <= 6
} else := lib.labels(input.subject.members)

default certainty := "question"

certainty := "violation" if input.subject.level.value == "trigger"

# METADATA
# scope: document
# title: Exactly-once ends at the broker
# description: The broker's transaction covers its own topics. What a consumer does elsewhere is done again when a message comes again.
# related_resources: [https://kafka.apache.org/documentation/]
# schemas: [{input: schema.consume}]
# custom:
#   id: MSG-032
#   kind: misuse
#   severity: medium
#   effect: duplication
#   pattern: messaging/event-driven
#   subject: consume
#   cleared_by: idempotent = true on the consume, once repeating a message changes nothing.
exactly_once contains {
	"verdict": v,
	"say": "Messages that come again have their effect on {outside} again: {channel} promises exactly-once, and that promise ends where the broker does.",
	"facts": {
		"outside": lib.labels(input.subject.outside_broker), "channel": lib.label(input.from.addr), "delivery": input.subject.delivery,
		"idempotent": input.subject.idempotent,
	},
	"evidence": [input.from.addr],
	"fix": [{"set": "idempotent", "value": true}],
} if {
	input.to.type != "client"
	count(input.subject.outside_broker) > 0
	v := lib.all_of([
		lib.is(input.subject.delivery, "exactly-once"),
		lib.unless(lib.is(input.subject.idempotent, true)),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Messages cannot be traced across channels
# description: When an order is stuck between services, nobody can say where. Each log shows one hop, and nothing ties them together.
# related_resources: [https://www.w3.org/TR/trace-context/]
# schemas: [{input: schema.topic}]
# custom:
#   id: MSG-021
#   severity: medium
#   pattern: messaging/event-driven
#   subject: topic
#   cleared_by: trace_context = true, once messages carry the context of the request that caused them.
untraceable contains {
	"verdict": v,
	"say": "A request that is lost on its way cannot be found: it crosses up to {hops} topics and queues, and nothing in the messages of {topic} ties them together.",
	"facts": {"hops": input.subject.path_length, "topic": lib.label(input.addr), "trace": input.subject.trace_context},
	"fix": [{"set": "trace_context", "value": true}],
} if {
	v := lib.all_of([
		lib.at_least(input.subject.path_length, 3),
		lib.any_of([lib.is(input.subject.trace_context, false), lib.absent(input.subject.trace_context)]),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Events without a contract
# description: With several teams and many topics, nobody knows what a message contains but by reading somebody else's code.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/guide/architecture-styles/event-driven]
# schemas: [{input: schema.system}]
# custom:
#   id: MSG-025
#   kind: missing
#   severity: low
#   pattern: messaging/event-driven
#   subject: system
#   cleared_by: schema on every topic.
no_catalog contains {
	"verdict": "violation",
	"say": sprintf("Teams have to read each other's code to use an event: %d of {topics} topics declare no schema.", [count(bare)]),
	"facts": {"topics": input.subject.topics, "without": lib.labels(bare)},
	"evidence": bare,
	"fix": [{"at": t, "set": "schema", "value": {"compatibility": "backward"}} | some t in bare],
} if {
	input.subject.topics.value >= 5
	count(input.subject.teams) >= 2
	count(bare) > 0
}

bare := input.subject.topics_without_schema
