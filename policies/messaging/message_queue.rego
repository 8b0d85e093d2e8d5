package archcheck.rules.messaging.message_queue

import data.archcheck.lib

# METADATA
# scope: document
# title: Queue without a dead-letter queue
# description: A message that can never be handled comes back again and again. It takes a consumer's time each round, or disappears without anybody seeing it.
# related_resources:
#   - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
#   - https://www.rabbitmq.com/docs/quorum-queues
# schemas: [{input: schema.queue}]
# custom:
#   id: MSG-011
#   kind: missing
#   severity: high
#   effect: loss
#   pattern: messaging/message-queue
#   subject: queue
#   trade_offs: Somebody has to watch the dead-letter queue and decide what to do with what lies there.
#   waive_when: Consumers themselves put aside what they cannot handle.
#   cleared_by: dead_letter on the queue or on each of its consumers, or loss = "tolerable" on everything that publishes to it.
no_dead_letter contains {
	"verdict": v,
	"severity": poison_severity,
	"say": poison_message,
	"facts": {
		"takers": lib.labels(input.subject.services), "receives": input.subject.max_receives, "dead_letter": input.subject.failed_to,
		"engine": input.subject.engine, "loss": input.subject.loss,
	},
	"asks": ["dead_letter", "loss"],
	"evidence": [c.addr | some c in input.subject.consumers],
	"fix": [
		{"add": "queue", "label": dead_label, "value": carrier},
		{"set": "dead_letter", "value": sprintf("queue.%s", [dead_label])},
	],
} if {
	count(input.subject.consumers) > 0
	count(input.subject.dead_letter_for) == 0
	v := lib.all_of([
		lib.absent(input.subject.failed_to),
		lib.unless(lib.is(input.subject.loss, "tolerable")),
	])
	lib.fires(v)
}

dead_label := sprintf("%s_dead", [lib.label(input.addr)])

carrier := {"broker": input.subject.broker.value} if {
	input.subject.broker.value
} else := {"engine": input.subject.engine.value}

default poison_severity := "high"

# A quorum queue of RabbitMQ 4 gives up after 20 deliveries, and without a dead-letter exchange it drops the message.
poison_severity := "critical" if {
	input.subject.engine.value == "rabbitmq4"
	input.subject.loss.value == "intolerable"
}

poison_message := "A message that {takers} cannot handle is delivered {receives} times and then dropped: nobody learns that it existed." if {
	input.subject.engine.value == "rabbitmq4"
	input.subject.max_receives.value
} else := "A message that {takers} cannot handle is delivered {receives} times, and there is no dead-letter queue that keeps it then." if {
	input.subject.max_receives.value
} else := "A message that {takers} cannot handle comes back again and again until it expires: it takes time from the others each round, and no dead-letter queue keeps it for somebody to look at."

# METADATA
# scope: document
# title: Messages come back while they are being handled
# description: The queue hands a message to a second consumer before the first one is done, so that both do the work.
# related_resources: [https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html]
# schemas: [{input: schema.consume}]
# custom:
#   id: MSG-012
#   severity: high
#   effect: duplication
#   pattern: messaging/message-queue
#   subject: consume
#   trade_offs: After a crash of a consumer its messages wait longer for the next one.
#   cleared_by: A longer visibility_timeout on the queue, a smaller batch, or extends = true where the consumer prolongs it.
visibility_too_short contains {
	"verdict": v,
	"say": visibility_message,
	"facts": {
		"visibility": input.subject.visibility, "needed": input.subject.needed_time, "p99": input.subject.p99, "mean": input.subject.mean,
		"batch": input.subject.batch, "queue": lib.label(input.from.addr), "consumer": lib.label(input.to.addr), "extends": input.subject.extends,
	},
	"asks": ["visibility"],
	"evidence": [input.from.addr],
	"fix": [{"at": input.from.addr, "set": "visibility_timeout", "value": input.subject.rec_visibility}],
	"alternatives": [[{"set": "extends", "value": true}]],
} if {
	input.from.type == "queue"
	input.to.type != "client"
	input.subject.needed_time.value
	v := lib.all_of([
		lib.below(input.subject.visibility, input.subject.needed_time),
		lib.unless(lib.is(input.subject.extends, true)),
	])
	lib.fires(v)
}

visibility_message := "How long {queue} hides a message that is being handled is not stated: if that is less than the {needed} that {consumer} may take, two consumers do the same work." if {
	not input.subject.visibility.value
} else := "{queue} hands out messages again after {visibility}, and a batch of {batch} may take {consumer} {needed}: messages are handled twice under normal load." if {
	input.subject.batch.value > 1
} else := "{queue} hands out a message again after {visibility}, and {consumer} may take {needed} for it: messages are handled twice under normal load."

# METADATA
# scope: document
# title: Messages arrive faster than they are worked off
# description: The backlog grows without end. Every message waits longer than the one before it, until storage, retention or a maximum age removes it unread.
# related_resources: [https://aws.amazon.com/builders-library/avoiding-insurmountable-queue-backlogs/]
# schemas: [{input: schema.consume}]
# custom:
#   id: MSG-013
#   severity: critical
#   effect: loss
#   pattern: messaging/message-queue
#   subject: consume
#   subsumes: [MSG-007]
#   trade_offs: More messages at once put more load on what the consumer calls.
#   waive_when: The rate is a peak that lasts minutes, and the backlog is worked off before anybody waits for it.
#   cleared_by: More replicas or concurrency, a shorter latency, or fewer messages.
too_slow contains {
	"verdict": v,
	"say": slow_message,
	"facts": {
		"rate": input.subject.rate, "service_rate": input.subject.service_rate, "growth": input.subject.growth, "mean": input.subject.mean,
		"slots": input.subject.slots, "needed": input.subject.needed_slots, "old": input.subject.too_old_in,
		"consumer": lib.label(input.to.addr), "channel": lib.label(input.from.addr),
	},
	"asks": ["service_rate"],
	"evidence": [input.from.addr],
	"fix": slots_fix,
} if {
	input.to.type != "client"
	input.subject.rate.value > 0
	v := lib.all_of([
		lib.at_least(input.subject.rate, input.subject.service_rate),
		lib.unless(lib.is(input.subject.publisher_scheduled, true)),
	])
	lib.fires(v)
}

slow_message := "How long {consumer} takes for one message is not stated: whether it keeps up with {channel} or its backlog grows for ever depends on that." if {
	not input.subject.service_rate.value
} else := concat("", ["The backlog of {channel} grows without end: {rate} arrive and {consumer} works off {service_rate} with {slots} at once.", expiry])

default expiry := ""

expiry := " After {old} messages expire unread." if input.subject.too_old_in.value

slots_fix := [{"set": "concurrency", "value": ceil((input.subject.needed_slots.value * input.subject.concurrency.value) / input.subject.slots.value)}] if {
	input.subject.slots.value > 0
} else := [{"advise": "Handle more messages at once: raise concurrency here or the replicas of the consumer."}]
