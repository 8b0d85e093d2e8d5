package archcheck.rules.messaging.pub_sub

import data.archcheck.lib

# METADATA
# scope: document
# title: A message that comes again has its effect again
# description: At-least-once delivery means that releases, crashes and lost acknowledgements deliver messages again. A consumer that does not recognise them repeats what it did.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/publisher-subscriber]
# schemas: [{input: schema.consume}]
# custom:
#   id: MSG-030
#   kind: conflict
#   severities:
#     critical: what is repeated writes financial data
#     high: anything else
#   effect: duplication
#   pattern: messaging/pub-sub
#   subject: consume
#   subsumes: [DAT-034]
#   trade_offs: The consumer keeps the ids of handled messages for as long as one may come again.
#   waive_when: A repeated effect is harmless and somebody has checked it.
#   cleared_by: idempotent = true, by a table of handled ids or writes that can be repeated, or a dedup_window.
repeated_effect contains {
	"verdict": v,
	"severity": repeat_severity,
	"say": repeat_message(v),
	"facts": {
		"idempotent": input.subject.idempotent, "delivery": input.subject.delivery, "repeats": input.subject.repeats_per_week,
		"sinks": sinks, "consumer": lib.label(input.to.addr), "channel": lib.label(input.from.addr),
	},
	"asks": ["idempotent", "delivery"],
	"evidence": [input.from.addr],
	"fix": [{"set": "idempotent", "value": true}],
} if {
	input.to.type != "client"
	v := lib.all_of([
		lib.is(input.subject.delivery, "at-least-once"),
		lib.is(input.subject.idempotent, false),
		lib.unless(lib.present(input.subject.dedup_window)),
	])
	lib.fires(v)
}

default repeat_severity := "high"

repeat_severity := "critical" if input.subject.writes_financial.value

sinks := lib.labels({s.addr | some s in input.subject.sinks})

repeat_message("question") := "Does a message of {channel} that comes again have its effect in {consumer} again? At-least-once delivery repeats messages at every release, crash or lost acknowledgement."

repeat_message(v) := concat(" ", [what, often]) if v != "question"

what := "{consumer} acts on {sinks} again for each message of {channel} that comes again, and at-least-once delivery repeats messages." if {
	count(sinks) > 0
} else := "{consumer} acts again on each message of {channel} that comes again, and at-least-once delivery repeats messages."

often := "Its releases alone redeliver about {repeats} a week." if {
	input.subject.repeats_per_week.value
} else := "Every release of it redelivers some."

# METADATA
# scope: document
# title: Messages that must not be lost are delivered at most once
# description: A restart of the broker or of a consumer drops what was under way, and nothing sends it again.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/publisher-subscriber]
# schemas: [{input: schema.topic}]
# custom:
#   id: MSG-031
#   severities:
#     critical: the messages carry or cause financial data
#     high: anything else
#   effect: loss
#   pattern: messaging/pub-sub
#   subject: topic
#   trade_offs: Messages may come again, so consumers must recognise them.
#   cleared_by: delivery = "at-least-once" on the topic, or loss = "tolerable" on everything that publishes to it.
lossy contains {
	"verdict": v,
	"severity": loss_severity,
	"say": "Each restart of a consumer or broker drops messages of {topic}, and nothing sends them again: it delivers at most once.",
	"facts": {"topic": lib.label(input.addr), "delivery": input.subject.delivery, "loss": input.subject.loss_said},
	"asks": ["loss"],
	"evidence": [p.addr | some p in input.subject.publishers],
	"fix": [{"set": "delivery", "value": "at-least-once"}],
} if {
	v := lib.all_of([
		lib.is(input.subject.delivery, "at-most-once"),
		lib.is(input.subject.loss_said, "intolerable"), # the language takes silence for intolerable; here that is a question
	])
	lib.fires(v)
}

default loss_severity := "high"

loss_severity := "critical" if input.subject.financial.value

# METADATA
# scope: document
# title: Duplicates come later than the consumer remembers
# description: A message that comes again after the window looks new, and its effect is repeated.
# related_resources: [https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html]
# schemas: [{input: schema.consume}]
# custom:
#   id: MSG-033
#   severity: medium
#   effect: duplication
#   pattern: messaging/pub-sub
#   subject: consume
#   trade_offs: The consumer keeps the ids of handled messages for longer.
#   cleared_by: A dedup_window at least as long as messages can come again.
window_too_short contains {
	"verdict": v,
	"say": "A message of {channel} can come again after {horizon}, and {consumer} forgets it after {window}: what is repeated later has its effect again.",
	"facts": {
		"window": input.subject.dedup_window, "horizon": input.subject.redelivery_horizon, "consumer": lib.label(input.to.addr),
		"channel": lib.label(input.from.addr),
	},
	"evidence": [input.from.addr],
	"fix": [{"set": "dedup_window", "value": input.subject.redelivery_horizon}],
} if {
	input.to.type != "client"
	input.subject.dedup_window.value
	input.subject.redelivery_horizon.value
	v := lib.below(input.subject.dedup_window, input.subject.redelivery_horizon)
	lib.fires(v)
}

# METADATA
# scope: document
# title: One bad message stops a partition
# description: A consumer that needs order cannot go on before a message is handled. One that never can be holds up everything behind it.
# related_resources: [https://kafka.apache.org/documentation/]
# schemas: [{input: schema.consume}]
# custom:
#   id: MSG-034
#   severity: medium
#   effect: loss
#   pattern: messaging/pub-sub
#   subject: consume
#   trade_offs: What is put aside is handled out of order.
#   cleared_by: dead_letter on the consume, or at most three tries in place.
head_of_line contains {
	"verdict": v,
	"say": "One message that {consumer} cannot handle stops every message behind it in its partition of {channel}: it is tried again in place, and no dead-letter queue takes it.",
	"facts": {
		"consumer": lib.label(input.to.addr), "channel": lib.label(input.from.addr),
		"attempts": input.subject.retry.max_attempts, "dead_letter": input.subject.channel_dead_letter,
	},
	"evidence": [input.from.addr],
	"fix": [{"advise": "Name a queue or topic as dead_letter here, and put what fails three times there."}],
} if {
	input.from.type == "topic"
	input.to.type != "client"
	v := lib.all_of([
		lib.is(input.subject.ordering, true),
		lib.any_of([lib.is(input.subject.retry.max_attempts, "unlimited"), lib.above(input.subject.retry.max_attempts, 3)]),
		lib.absent(input.subject.channel_dead_letter),
	])
	lib.fires(v)
}
