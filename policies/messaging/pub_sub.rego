package archcheck.rules.messaging.pub_sub

import data.archcheck.lib

# METADATA
# scope: document
# title: Messages that must not be lost on a topic that may lose them
# description: A publisher believes that its message is safe once it is acknowledged. The loss of one broker proves it wrong, and nobody notices.
# related_resources: [https://kafka.apache.org/documentation/]
# schemas: [{input: schema.topic}]
# custom:
#   id: MSG-002
#   severity: high
#   effect: loss
#   pattern: messaging/pub-sub
#   subject: topic
#   trade_offs: Each message is stored three times and acknowledged later; with one broker down and min_insync 2, publishing still works.
#   waive_when: The product replicates below the topic and documents it.
#   cleared_by: replication = 3, min_insync = 2 and acks = "all", or loss = "tolerable" on everything that is published to it.
not_durable contains {
	"verdict": v,
	"say": durable_message,
	"facts": {
		"replication": input.subject.replication, "min_insync": input.subject.min_insync, "acks": input.subject.weakest_acks,
		"loss": input.subject.loss, "topic": lib.label(input.addr),
	},
	"asks": ["replication", "min_insync", "acks"],
	"evidence": [p.addr | some p in input.subject.publishers; p.acks.value == "leader"],
	"fix": array.concat(
		[{"set": name, "value": least} |
			some name, least in {"min_insync": 2, "replication": 3}
			lib.at_least(input.subject[name], least) != "violation"
		],
		[{"at": p.addr, "set": "acks", "value": "all"} | some p in input.subject.publishers; p.acks.value == "leader"],
	),
} if {
	v := lib.all_of([
		lib.is(input.subject.loss, "intolerable"),
		lib.any_of([
			lib.below(input.subject.replication, 3),
			lib.below(input.subject.min_insync, 2),
			lib.is(input.subject.weakest_acks, "leader"),
		]),
	])
	lib.fires(v)
}

durable_message := "The loss of one broker loses messages of {topic} that were acknowledged: it keeps {replication} of each, where three survive a failure during maintenance." if {
	input.subject.replication.value < 3
} else := "The loss of one broker loses messages of {topic} that were acknowledged: {min_insync} copy is enough to acknowledge one." if {
	input.subject.min_insync.value < 2
} else := "The loss of one broker loses messages of {topic} that were acknowledged: a publisher waits for the leading broker only." if {
	input.subject.weakest_acks.value == "leader"
} else := "Losing a message of {topic} does harm. Whether one survives the loss of a broker depends on how many copies there are and how many acknowledge it."

# METADATA
# scope: document
# title: Messages expire before a consumer is repaired
# description: A consumer that fails on Friday evening is repaired on Monday. What the topic has dropped by then is gone.
# related_resources: [https://kafka.apache.org/documentation/]
# schemas: [{input: schema.topic}]
# custom:
#   id: MSG-003
#   severity: high
#   effect: loss
#   pattern: messaging/pub-sub
#   subject: topic
#   trade_offs: The broker stores more.
#   waive_when: Consumers can fetch what they missed from another place.
#   cleared_by: retention of three days or more, or loss = "tolerable" on everything that is published to it.
short_retention contains {
	"verdict": v,
	"say": "A consumer of {topic} that is down for longer than {retention} loses messages for ever, and a weekend is 2.5 days.",
	"facts": {"retention": input.subject.retention, "loss": input.subject.loss, "topic": lib.label(input.addr)},
	"evidence": [c.addr | some c in input.subject.consumers],
	"fix": [{"set": "retention", "value": "7d"}],
} if {
	input.subject.retention.value
	v := lib.all_of([
		lib.is(input.subject.loss, "intolerable"),
		lib.below(input.subject.retention, 259200000),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Order is needed and not kept
# description: Without a key two messages about one thing may be handled at once or in the wrong order, and the older state wins.
# related_resources: [https://kafka.apache.org/documentation/]
# schemas: [{input: schema.consume}]
# custom:
#   id: MSG-006
#   severity: high
#   effect: loss
#   pattern: messaging/pub-sub
#   subject: consume
#   subsumes: [DAT-035]
#   trade_offs: Messages with one key wait for each other, and a frequent key makes one partition hot.
#   cleared_by: ordering_key or a single partition on the topic, fifo on the queue, or ordering = false where order does not matter.
order_not_kept contains {
	"verdict": v,
	"say": order_message[v == "question"],
	"facts": {
		"ordering": input.subject.ordering, "ordered": input.subject.ordered, "consumer": lib.label(input.to.addr),
		"channel": lib.label(input.from.addr), "partitions": input.subject.partitions,
	},
	"asks": ["ordering", "ordered"],
	"evidence": [input.from.addr],
	"fix": order_fix,
} if {
	input.to.type != "client"
	v := lib.all_of([
		lib.is(input.subject.ordering, true),
		lib.unless(lib.is(input.subject.ordered, true)),
	])
	lib.fires(v)
}

order_message := {
	true: "Does {consumer} need the messages of {channel} in order? Unless the channel keeps them so, a later message can be handled before an earlier one about the same thing.",
	false: "{consumer} needs messages in order and {channel} does not keep it: a later message can be handled before an earlier one about the same thing, and the older state wins.",
}

order_fix := [{"at": input.from.addr, "set": "fifo", "value": true}] if {
	input.from.type == "queue"
} else := [{"at": input.from.addr, "set": "ordering_key", "value": "entity_id"}]

# METADATA
# scope: document
# title: Partitions and consumers do not fit
# description: A partition is read by one consumer at a time. With too few of them more consumers do not help, and consumers beyond their number do nothing.
# related_resources: [https://kafka.apache.org/documentation/]
# schemas: [{input: schema.consume}]
# custom:
#   id: MSG-007
#   severities:
#     high: the partitions cannot carry the rate
#     low: "more consumers than partitions: the surplus is idle"
#   pattern: messaging/pub-sub
#   subject: consume
#   trade_offs: New partitions move keys to other partitions, so that order is lost across the change.
#   cleared_by: As many partitions as the rate needs, and no more consumers than partitions.
partitions_misfit contains {
	"verdict": v,
	"severity": "high",
	"say": "{channel} cannot be worked off in time: {rate} arrive, and its {partitions} partitions allow {most}, however many consumers there are.",
	"facts": {
		"rate": input.subject.rate, "partitions": input.subject.partitions, "most": input.subject.partition_rate,
		"channel": lib.label(input.from.addr),
	},
	"evidence": [input.from.addr],
	"fix": [{"at": input.from.addr, "set": "partitions", "value": input.subject.rec_partitions}],
} if {
	partitioned
	input.subject.partition_rate.value
	v := lib.if_reached(lib.above(input.subject.rate, input.subject.partition_rate), input.subject.rate, input.subject.user_facing)
	lib.fires(v)
}

partitions_misfit contains {
	"verdict": v,
	"severity": "low",
	"say": "Consumers of {channel} do nothing: {consumer} handles {slots} messages at once, and its partitions keep at most {partitions} of them busy.",
	"facts": {
		"partitions": input.subject.partitions, "slots": input.subject.slots, "channel": lib.label(input.from.addr),
		"consumer": lib.label(input.to.addr),
	},
	"evidence": [input.from.addr],
	"fix": [{"at": input.from.addr, "set": "partitions", "value": input.subject.slots}],
} if {
	partitioned
	input.subject.slots.value
	not too_few
	v := lib.above(input.subject.slots, input.subject.partitions)
	v == "violation"
}

# Where the partitions cannot carry the rate, none of the consumers is one too many.
too_few if lib.above(input.subject.rate, input.subject.partition_rate) == "violation"

partitioned if {
	input.from.type == "topic"
	input.to.type != "client"
	input.subject.partitions.value
	not input.subject.broadcast.value
}

# METADATA
# scope: document
# title: Nothing keeps messages readable for their consumers
# description: A field that is renamed or removed passes every test of its publisher and breaks the consumers at run time.
# related_resources: [https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html]
# schemas: [{input: schema.topic}]
# custom:
#   id: MSG-008
#   severity: medium
#   pattern: messaging/pub-sub
#   subject: topic
#   trade_offs: An incompatible change needs a new topic, or a transition with both forms.
#   waive_when: Publisher and consumers are built and released together.
#   cleared_by: schema with a compatibility other than none, or one team that states itself on all of them.
no_contract contains {
	"verdict": v,
	"severity": contract_severity,
	"say": "A field that a publisher of {topic} renames breaks {services} at run time: no rule keeps a changed message readable for them.",
	"facts": {"topic": lib.label(input.addr), "services": lib.labels(input.subject.services), "schema": input.subject.schema},
	"evidence": [c.addr | some c in input.subject.consumers],
	"fix": [{"set": "schema", "value": {"compatibility": "backward"}}],
} if {
	v := lib.all_of([
		lib.any_of([
			lib.above(input.subject.service_count, 1),
			lib.is(input.subject.teams_differ, true),
		]),
		lib.unless(lib.is(input.subject.one_team, true)),
		lib.any_of([lib.absent(input.subject.schema), unchecked]),
	])
	lib.fires(v)
}

default unchecked := "pass"

# A schema that says nothing of compatibility is checked as its registry does by default, and that is backward.
unchecked := "violation" if input.subject.schema.compatibility.state == "none"

unchecked := "question" if input.subject.schema.compatibility.state == "unknown"

default contract_severity := "medium"

contract_severity := "high" if input.subject.step_consumes.value
