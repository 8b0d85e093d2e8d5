package archcheck.rules.messaging.event_driven

import data.archcheck.lib

# METADATA
# scope: document
# title: A chain of writes has to be up all at once
# description: Each service waits for the next one although it does not need its answer. One that is down stops them all.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/guide/architecture-styles/event-driven]
# schemas: [{input: schema.system}]
# custom:
#   id: MSG-020
#   kind: missing
#   severity: medium
#   pattern: messaging/event-driven
#   subject: system
#   trade_offs: What follows from a write is seen later, and harder to follow.
#   cleared_by: Events for what nobody waits for.
coupled_in_time contains {
	"verdict": v,
	"say": "{path} all have to be up at the same time for one request, though {n} of {calls} calls between services ignore the answer.",
	"facts": {
		"path": [lib.label(n) | some n in input.subject.deepest_path; startswith(n, "service.")], "n": count(input.subject.ignored_writes),
		"calls": input.subject.service_calls, "depth": input.subject.depth,
	},
	"evidence": input.subject.ignored_writes,
	"fix": [{"advise": "Publish what happened instead of these calls, and let the others consume it."}],
} if {
	v := lib.all_of([
		lib.at_least(input.subject.depth, 4),
		lib.at_least(input.subject.ignored_write_share, 0.5),
		lib.at_most(input.subject.async_edges, 0),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: An answer that is needed now comes by event
# description: The user, or a step that must be consistent at once, waits for something whose time nobody bounds.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/guide/architecture-styles/event-driven]
# schemas: [{input: schema.journey}]
# custom:
#   id: MSG-024
#   kind: misuse
#   severity: medium
#   pattern: messaging/event-driven
#   subject: journey
#   cleared_by: A call or an own copy of the data, tolerates_staleness on the client, or reply = false on the entry where the user does not wait.
answer_by_event contains {
	"verdict": v,
	"say": "A user needs an answer at once, and {service} gets it by a message from {channel}: it comes when the broker and everybody on the way have time.",
	"facts": {
		"service": lib.label(r.service), "channel": lib.label(r.from), "access": input.subject.entry_access,
		"strong": input.subject.strong_step, "waits": input.subject.entry_reply,
	},
	"evidence": [r.publish, r.consume],
	"fix": [{"advise": sprintf("Let %s call for the answer, or keep its own copy of what it asks for.", [lib.label(r.service)])}],
} if {
	some r in input.subject.replies
	v := lib.all_of([
		lib.is(input.subject.user_facing, true),
		lib.any_of([lib.is(input.subject.entry_access, "read"), lib.is(input.subject.strong_step, true)]),
		lib.unless(lib.present(input.subject.tolerates_staleness)),
		lib.unless(lib.is(input.subject.entry_reply, false)),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Consumers ask the publisher for what the event left out
# description: An event that carries no data turns each message into a call back. The publisher needs room for all of its consumers at once, and it has to be up whenever they work.
# related_resources: [https://martinfowler.com/articles/201701-event-driven.html]
# schemas: [{input: schema.consume}]
# custom:
#   id: MSG-023
#   kind: misuse
#   severity: medium
#   pattern: messaging/event-driven
#   subject: consume
#   trade_offs: Messages grow, and their schema becomes a contract of the data in them.
#   waive_when: Consumers must see the newest state rather than that of the event.
#   cleared_by: payload = "state" on the topic, once its messages carry what consumers need, or a cache in front of the calls back.
asks_back contains {
	"verdict": v,
	"say": concat("", ["Each message of {topic} makes {consumer} ask {publisher} for what it did not carry", calls_back(c), busy(c), "."]),
	"facts": {
		"topic": lib.label(input.from.addr), "consumer": lib.label(input.to.addr), "publisher": lib.label(c.to), "rate": c.rate_of_all,
		"use": c.utilisation, "payload": input.subject.payload,
	},
	"asks": ["payload"],
	"evidence": [c.call],
	"fix": [{"at": input.from.addr, "set": "payload", "value": "state"}],
} if {
	some c in input.subject.callbacks
	c.per_message.value >= 1
	c.cached.value < 0.9
	not c.states_write.value
	v := lib.is(input.subject.payload, "notification")
	lib.fires(v)
}

calls_back(c) := concat("", [": {rate} of such calls", askers(c)]) if {
	c.rate_of_all.value
} else := ""

askers(c) := sprintf(" from %d consumers", [c.consumers.value]) if {
	c.consumers.value > 1
} else := ""

busy(c) := ", and {publisher} is {use} busy" if {
	c.utilisation.value
} else := ""
