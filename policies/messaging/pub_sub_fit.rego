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
