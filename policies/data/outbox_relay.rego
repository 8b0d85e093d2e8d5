package archcheck.rules.data.outbox

import data.archcheck.lib

# METADATA
# scope: document
# title: Relay is slower than the events come
# description: The rows that wait in the outbox grow without end, so events arrive later every hour and the table never shrinks.
# related_resources: [https://microservices.io/patterns/data/polling-publisher.html]
# schemas: [{input: schema.publish}]
# custom:
#   id: DAT-032
#   severity: high
#   effect: loss
#   pattern: data/outbox
#   subject: publish
#   cleared_by: relay = "cdc", or a batch that is larger than what arrives between two polls.
relay_too_slow contains {
	"verdict": v,
	"say": "The relay moves {batch} messages every {poll}, {moved}, and {rate} arrive: the outbox grows by {behind}, and every event is later than the one before it.",
	"facts": {
		"batch": box.batch, "poll": box.poll, "moved": input.subject.relay_rate, "rate": input.subject.rate,
		"behind": input.subject.relay_behind,
	},
	"fix": [{"set": "outbox.relay", "value": "cdc"}],
	"alternatives": [[{"set": "outbox.batch", "value": input.subject.rec_batch}]],
} if {
	box := input.subject.outbox
	box.relay.value == "polling"
	v := lib.below(input.subject.relay_rate, input.subject.rate)
	lib.fires(v)
}

# METADATA
# scope: document
# title: Outbox is never emptied
# description: Each event leaves a row behind. The relay scans a table that only grows, and slows down the store that it shares.
# related_resources: [https://debezium.io/documentation/reference/stable/transformations/outbox-event-router.html]
# schemas: [{input: schema.publish}]
# custom:
#   id: DAT-033
#   severity: low
#   pattern: data/outbox
#   subject: publish
#   cleared_by: A cleanup time, or relay = "cdc", which lets rows be deleted as they are written.
outbox_grows contains {
	"verdict": v,
	"say": growth,
	"facts": {"rows": input.subject.rows_per_day, "store": input.subject.outbox_store.addr, "cleanup": box.cleanup},
	"asks": ["cleanup"],
	"fix": [{"set": "outbox.cleanup", "value": "7d"}],
} if {
	box := input.subject.outbox
	box.relay.value == "polling"
	v := lib.absent(box.cleanup)
	lib.fires(v)
}

growth := "Nothing deletes relayed events from the outbox: it grows by {rows} rows a day." if {
	input.subject.rows_per_day.value
} else := "Nothing deletes relayed events from the outbox: it grows by a row per message."

# METADATA
# scope: document
# title: A relayed event can be handled twice
# description: After a crash the relay sends again what it may have sent already. A consumer that does not recognise the repetition repeats its effect.
# related_resources: [https://debezium.io/documentation/reference/stable/transformations/outbox-event-router.html]
# schemas: [{input: schema.publish}]
# custom:
#   id: DAT-034
#   kind: conflict
#   severity: high
#   effect: duplication
#   pattern: data/outbox
#   subject: publish
#   subsumes: [MSG-032]
#   trade_offs: The consumer keeps the ids of handled events for as long as one may come again.
#   waive_when: A repeated effect is harmless and somebody has checked it.
#   cleared_by: idempotent = true on the consumer, or a dedup_window as long as the channel keeps messages.
relayed_twice contains {
	"verdict": v,
	"say": effect(c),
	"facts": {"consumer": c.node, "idempotent": c.idempotent, "touches": c.touches, "dedup_window": c.dedup_window, "horizon": c.horizon},
	"evidence": [c.addr],
	"asks": array.concat(["idempotent"], ["horizon" | c.idempotent.value == false]),
	"fix": [{"at": c.addr, "set": "idempotent", "value": true}],
	"alternatives": [[{"at": c.addr, "set": "dedup_window", "value": c.horizon}]],
} if {
	lib.present(input.subject.outbox) == "violation"
	some c in input.subject.consumers
	v := lib.all_of([
		lib.is(c.idempotent, false),
		lib.unless(lib.all_of([lib.present(c.dedup_window), lib.at_least(c.dedup_window, c.horizon)])),
	])
	lib.fires(v)
}

effect(c) := "When the relay restarts it sends events again, and {consumer} does not recognise them: it then writes to {touches} a second time for the same event." if {
	count(c.touches) > 0
} else := "When the relay restarts it sends events again, and {consumer} does not recognise them: it then acts a second time on the same event."

# METADATA
# scope: document
# title: Events lose their order at the relay
# description: Without a key the relay spreads the events of one entity over all partitions, where a later one can overtake an earlier one.
# related_resources: [https://debezium.io/documentation/reference/stable/transformations/outbox-event-router.html]
# schemas: [{input: schema.publish}]
# custom:
#   id: DAT-035
#   severity: medium
#   effect: loss
#   pattern: data/outbox
#   subject: publish
#   cleared_by: outbox.ordering_key, or a single partition.
order_lost contains {
	"verdict": v,
	"say": "{consumer} needs messages in order, but the outbox names no ordering key: two events of one entity can overtake each other, and the older one is applied last.",
	"facts": {
		"consumer": c.node, "ordering": c.ordering, "ordering_key": box.ordering_key,
		"partitions": input.subject.partitions,
	},
	"asks": array.concat(["ordering", "ordering_key"], ["partitions" | c.ordering.value]),
	"evidence": [c.addr],
	"fix": [{"set": "outbox.ordering_key", "value": key}],
} if {
	box := input.subject.outbox
	some c in input.subject.consumers
	v := lib.all_of([
		lib.is(c.ordering, true),
		lib.absent(box.ordering_key),
		lib.unless(lib.is(input.subject.partitions, 1)),
	])
	lib.fires(v)
}

default key := "aggregate_id"

key := input.subject.topic_ordering_key.value

# METADATA
# scope: document
# title: Outbox for events that may be lost
# description: Every event is written to the database first, although its publisher says that losing it does no harm.
# related_resources: [https://microservices.io/patterns/data/transactional-outbox.html]
# schemas: [{input: schema.publish}]
# custom:
#   id: DAT-037
#   kind: misuse
#   severity: low
#   pattern: data/outbox
#   subject: publish
#   cleared_by: loss = "intolerable", if it is.
outbox_for_telemetry contains {
	"verdict": v,
	"say": "The outbox costs {store} {rate} writes for events that may be lost by their own publisher's word.",
	"facts": {"rate": input.subject.rate, "loss": input.subject.loss, "store": input.subject.outbox_store.addr},
	"fix": [{"unset": "outbox"}],
} if {
	lib.present(input.subject.outbox) == "violation"
	input.subject.loss.state == "stated"
	input.subject.loss.value == "tolerable"
	v := lib.at_least(input.subject.rate, 1000)
	lib.fires(v)
}
