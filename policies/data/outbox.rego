package archcheck.rules.data.outbox

import data.archcheck.lib

# METADATA
# scope: document
# title: State and event are two writes
# description: A crash between the commit and the publish loses the event, or announces a change that was rolled back. Nobody notices until the data differ.
# related_resources:
#   - https://microservices.io/patterns/data/transactional-outbox.html
#   - https://debezium.io/documentation/reference/stable/transformations/outbox-event-router.html
# schemas: [{input: schema.publish}]
# custom:
#   id: DAT-030
#   kind: missing
#   severities:
#     critical: the store holds financial data, or the event starts a step of a transaction
#     high: anything else
#   pattern: data/outbox
#   subject: publish
#   aliases: [MSG-035, DAT-028a, DEP-055]
#   subsumes: [DAT-002]
#   trade_offs: One more write per change and a relay to run; events may arrive twice, so consumers must recognise them.
#   waive_when: A reconciliation job finds and sends lost events in time, or consumers read the state anyway.
#   cleared_by: An outbox, a change stream from the store to the same topic, or loss = "tolerable".
dual_write contains {
	"verdict": v,
	"severity": severity(d),
	"say": message,
	"facts": {
		"store": d.addr, "rate": input.subject.rate, "lost": input.subject.lost_per_outage, "takers": takers,
		"outbox": input.subject.outbox, "loss": input.subject.loss, "writes": d.certain,
	},
	"asks": ["outbox", "writes"],
	"evidence": [d.via],
	"fix": fixes(d)[0],
	"alternatives": array.slice(fixes(d), 1, 9),
} if {
	some d in input.from.writes
	v := lib.all_of([
		lib.absent(input.subject.outbox),
		lib.is(d.certain, true),
		lib.unless(lib.is(input.subject.loss, "tolerable")),
		lib.unless(lib.any_of([
			repeats(d),
			lib.is(d.feeds_topic_by_cdc, true),
			lib.is(input.from.publishes_from_event_log, true),
		])),
	])
	lib.fires(v)
}

# A store that only repeats what another one holds has no state to lose. A store of unstated kind is taken for one that
# holds state, as the language does where it derives who writes it.
default repeats(_) := "pass"

repeats(d) := "violation" if d.kind.value in {"cache", "search"}

default severity(_) := "high"

severity(d) := "critical" if "financial" in d.data.value

severity(_) := "critical" if input.subject.feeds_step.value

takers := [n | some n in {c.node | some c in input.subject.consumers}]

message := concat(" ", [
	"{from} commits to {store} and publishes to {to} separately. A crash or a broker outage between the two loses the event, or announces a change that was rolled back.",
	cost,
]) if {
	cost
} else := "{from} commits to {store} and publishes to {to} separately. A crash or a broker outage between the two loses the event, or announces a change that was rolled back."

cost := "One outage of 30 s costs {lost} messages that {takers} never gets." if {
	input.subject.lost_per_outage.value >= 1
	count(takers) == 1
} else := "One outage of 30 s costs {lost} messages." if {
	input.subject.lost_per_outage.value >= 1
}

# Without local transactions an outbox row cannot commit with the state; the store's own change stream can announce it.
fixes(d) := [stream(d)] if {
	d.transactions.value == false
} else := [[{"set": "outbox", "value": outbox(d)}], stream(d)]

outbox(d) := {"store": d.addr, "relay": "cdc", "ordering_key": input.subject.topic_ordering_key} if {
	input.subject.topic_ordering_key.value
} else := {"store": d.addr, "relay": "cdc"}

stream(d) := [
	{"at": d.addr, "add": "publish", "label": lib.label(input.to.addr), "value": {"to": input.to.addr}},
	{"advise": sprintf("Remove the publish from %s: the change stream of %s announces each commit.", [lib.label(input.from.addr), lib.label(d.addr)])},
]

# METADATA
# scope: document
# title: Outbox is in another database than the state
# description: The outbox row and the state are committed by two databases, so one of them can be written without the other. That is the dual write which the outbox was to end.
# related_resources: [https://microservices.io/patterns/data/transactional-outbox.html]
# schemas: [{input: schema.publish}]
# custom:
#   id: DAT-031
#   severity: critical
#   effect: loss
#   pattern: data/outbox
#   subject: publish
#   subsumes: [DAT-036]
#   waive_when: Both are schemas of one database, with one transaction; state the same server on both instead.
#   cleared_by: outbox.store among the stores that the same request writes, or on the server of one of them.
outbox_elsewhere contains {
	"verdict": v,
	"say": "{from} commits its state to {stores} and the outbox row to {outbox}, in two databases without a common transaction: a crash between the two still loses the event, or announces a change that was rolled back.",
	"facts": {"stores": sort(stores), "outbox": at.addr, "committed": at.committed},
	"evidence": array.concat([d.via | some d in state], [at.addr]),
	"fix": [{"set": "outbox.store", "value": sort(stores)[0]}],
} if {
	at := input.subject.outbox_store
	at.addr != ""
	count(state) > 0
	v := lib.all_of([lib.is(at.committed, false), lib.unless(lib.is(at.same_server, true))])
	lib.fires(v)
}

state := [d |
	some d in input.from.writes
	d.certain.value
	repeats(d) == "pass"
]

stores := {d.addr | some d in state}

# METADATA
# scope: document
# title: Outbox in a store without transactions
# description: The state and the outbox row are two separate writes of that store, so a crash between them loses the event as if there were no outbox.
# related_resources: [https://microservices.io/patterns/data/transactional-outbox.html]
# schemas: [{input: schema.publish}]
# custom:
#   id: DAT-036
#   kind: misuse
#   severity: high
#   effect: loss
#   pattern: data/outbox
#   subject: publish
#   subsumes: [DAT-032, DAT-033, DAT-035]
#   waive_when: State and event are one item of the store, written in one operation.
#   cleared_by: transactions = true on the store, where it has them.
outbox_without_transactions contains {
	"verdict": v,
	"say": "{outbox} has no transactions, so state and outbox row cannot commit together: a crash between the two writes loses the event.",
	"facts": {"outbox": at.addr, "transactions": at.transactions},
	"evidence": [at.addr],
	"fix": array.concat([{"unset": "outbox"}], stream(at)),
	"alternatives": [[{"set": "outbox.store", "value": d.addr}] | some d in state; d.transactions.value],
} if {
	at := input.subject.outbox_store
	at.addr != ""
	v := lib.is(at.transactions, false)
	lib.fires(v)
}
