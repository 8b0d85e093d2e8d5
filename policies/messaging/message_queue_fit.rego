package archcheck.rules.messaging.message_queue

import data.archcheck.lib

# METADATA
# scope: document
# title: Stale work is still worked off
# description: After an outage consumers first handle messages whose senders have left long ago, and the fresh ones wait behind them.
# related_resources: [https://aws.amazon.com/builders-library/avoiding-insurmountable-queue-backlogs/]
# schemas: [{input: schema.queue}]
# custom:
#   id: MSG-017
#   severity: medium
#   pattern: messaging/message-queue
#   subject: queue
#   trade_offs: Messages that are too old are dropped or put aside.
#   cleared_by: max_age on the queue, which may be none, or max_length, or loss = "intolerable" on what publishes to it if every message counts.
stale_work contains {
	"verdict": v,
	"say": "Are messages of {queue} worth nothing after {deadline}, when the users who caused them have given up? Without max_age, an outage makes consumers work off expired messages first.",
	"facts": {"queue": lib.label(input.addr), "deadline": input.subject.client_deadline, "max_age": input.subject.age_limit},
	"asks": ["max_age"],
	"fix": [{"set": "max_age", "value": input.subject.client_deadline}],
} if {
	input.subject.client_deadline.value
	input.subject.age_limit.state == "unknown"
	count(input.subject.consumers) > 0
	v := lib.all_of([
		"question",
		lib.absent(input.subject.max_length),
		lib.unless(lib.is(input.subject.loss_stated_intolerable, true)),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: An hour's outage takes hours to work off
# description: The consumers have so little to spare that a backlog hardly shrinks. Users wait for their results long after the outage is over.
# related_resources: [https://aws.amazon.com/builders-library/avoiding-insurmountable-queue-backlogs/]
# schemas: [{input: schema.consume}]
# custom:
#   id: MSG-018
#   kind: missing
#   severity: medium
#   pattern: messaging/message-queue
#   subject: consume
#   waive_when: Nobody waits for the results.
#   cleared_by: Consumers that work off a quarter more than arrives, or loss = "tolerable" on everything that is published.
slow_drain contains {
	"verdict": v,
	"say": "An outage of one hour leaves a backlog that takes {consumer} {drain} to work off: {rate} arrive and it handles {service_rate}.",
	"facts": {
		"drain": input.subject.drain, "rate": input.subject.rate, "service_rate": input.subject.service_rate,
		"consumer": lib.label(input.to.addr), "needed": input.subject.needed_slots,
	},
	"evidence": [input.from.addr],
	"fix": slots_fix,
} if {
	input.to.type != "client"
	input.subject.drain.value
	v := lib.all_of([
		lib.above(input.subject.drain, 14400000),
		lib.below(input.subject.rate, input.subject.service_rate),
		lib.unless(lib.is(input.subject.loss_tolerable, true)),
		lib.unless(held_up),
	])
	lib.fires(v)
}

# More consumers than partitions work off no more than the partitions let through: MSG-007 says so.
default held_up := "pass"

held_up := lib.above(input.subject.rate, input.subject.partition_rate) if input.subject.partition_rate.value

# METADATA
# scope: document
# title: Retries in the consumer multiply redeliveries
# description: The consumer tries again in place, and the queue delivers again after it gave up. The work is done many times over, by two consumers at once if the tries last longer than the message stays hidden.
# related_resources: [https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html]
# schemas: [{input: schema.consume}]
# custom:
#   id: MSG-019
#   kind: conflict
#   severity: medium
#   effect: duplication
#   pattern: messaging/message-queue
#   subject: consume
#   cleared_by: No retry in the consumer, or a visibility_timeout longer than all of its tries.
retries_multiply contains {
	"verdict": v,
	"say": retries_message,
	"facts": {
		"attempts": retry.max_attempts, "receives": input.subject.max_receives, "executions": input.subject.executions,
		"time": input.subject.retry_time, "visibility": input.subject.visibility, "consumer": lib.label(input.to.addr),
		"queue": lib.label(input.from.addr),
	},
	"evidence": [input.from.addr],
	"fix": [lib.amend("retry", retry, {"max_attempts": 1})],
} if {
	input.from.type == "queue"
	retry.max_attempts.value >= 2
	input.subject.max_receives.value >= 2
	not connect_only
	v := lib.any_of([
		lib.above(input.subject.executions, 10),
		lib.all_of([lib.unless(lib.is(input.subject.extends, true)), lib.above(input.subject.retry_time, input.subject.visibility)]),
	])
	v in {"violation", "risk"}
}

retry := input.subject.retry

connect_only if {
	every class in retry.on.value { class == "connect" }
}

retries_message := "{consumer} tries each message {attempts} times and {queue} delivers it {receives} times: a failing message is handled {executions} times." if {
	input.subject.executions.value > 10
} else := "{consumer} may take {time} for its {attempts} tries, and {queue} hands the message to another consumer after {visibility}: two of them do the same work."

# METADATA
# scope: document
# title: Limit of redeliveries is extreme
# description: After one delivery every short failure ends in the dead-letter queue; after dozens a message that cannot be handled circulates for hours.
# related_resources: [https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html]
# schemas: [{input: schema.queue}]
# custom:
#   id: MSG-014
#   severity: medium
#   pattern: messaging/message-queue
#   subject: queue
#   cleared_by: max_receives between 2 and 20, or a consumer of the dead-letter queue that tries again later.
receives_extreme contains {
	"verdict": v,
	"say": receives_message,
	"facts": {"receives": input.subject.max_receives, "queue": lib.label(input.addr)},
	"fix": [{"set": "max_receives", "value": 5}],
} if {
	input.subject.max_receives.value
	v := lib.all_of([
		lib.any_of([lib.at_most(input.subject.max_receives, 1), lib.above(input.subject.max_receives, 20)]),
		lib.unless(lib.is(input.subject.dead_letter_consumed, true)),
	])
	lib.fires(v)
}

receives_message := "Every short failure of a consumer costs a message of {queue}: it is delivered once and never again." if {
	input.subject.max_receives.value <= 1
} else := "A message of {queue} that cannot be handled circulates for hours: it is delivered {receives} times before it is put aside."

# METADATA
# scope: document
# title: Services take each other's messages
# description: A queue gives every message to one consumer only. Services that each expect all of them get a share, and which one is chance.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/competing-consumers]
# schemas: [{input: schema.queue}]
# custom:
#   id: MSG-015
#   kind: misuse
#   severity: high
#   effect: loss
#   pattern: messaging/message-queue
#   subject: queue
#   cleared_by: A topic, a queue for each service, or competing = true on every consume if they share on purpose.
shared_queue contains {
	"verdict": v,
	"say": "{services} share {queue}: each message reaches only one of them, and no other sees it.",
	"facts": {
		"services": lib.labels(input.subject.services), "queue": lib.label(input.addr), "n": input.subject.service_count,
		"on_purpose": input.subject.all_compete,
	},
	"asks": ["on_purpose"],
	"evidence": [c.addr | some c in input.subject.consumers],
	"fix": [{"advise": "Publish to a topic that each of them consumes, or give each its own queue."}],
} if {
	v := lib.all_of([
		lib.above(input.subject.service_count, 1),
		lib.unless(lib.is(input.subject.all_compete, true)),
	])
	lib.fires(v)
}
