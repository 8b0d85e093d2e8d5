package archcheck.rules.data.event_sourcing

import data.archcheck.lib

# METADATA
# scope: document
# title: A message broker keeps the only truth
# description: A topic has no stream per entity and no check of versions, so two commands can both pass the same test and both be recorded.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/event-sourcing]
# schemas: [{input: schema.service}]
# custom:
#   id: DAT-015
#   kind: misuse
#   severity: high
#   pattern: data/event-sourcing
#   subject: service
#   waive_when: One writer per partition decides about its entities alone, and keeps their state.
#   cleared_by: A datastore for the events, and the topic for telling others; or a single replica of a single writer.
broker_as_store contains {
	"verdict": v,
	"say": "{store} cannot refuse an event: two copies of {subject} that decide on the same state at once both pass, and both events count.",
	"facts": {"store": input.subject.event_sourcing.store, "writers": input.subject.es_writers, "one_copy": input.subject.es_one_copy},
	"evidence": [input.subject.event_sourcing.store.value],
	"fix": own_log,
} if {
	input.subject.es_store_type.value == "topic"
	v := lib.unless(lib.is(input.subject.es_one_copy, true))
	lib.fires(v)
}

# The log moves to a store; the topic goes on telling others.
own_log := array.concat(
	[
		{"add": "datastore", "label": log, "value": {"kind": "event_store"}},
		{"set": "event_sourcing.store", "value": sprintf("datastore.%s", [log])},
	],
	[{"set": "event_sourcing.publishes", "value": input.subject.event_sourcing.store.value} | not input.subject.event_sourcing.publishes.value],
)

log := sprintf("%s_events", [lib.label(input.addr)])

# METADATA
# scope: document
# title: The broker deletes the only truth
# description: The state of the service is what its events add up to. When the topic drops the oldest ones, that state can never be rebuilt.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/event-sourcing]
# schemas: [{input: schema.service}]
# custom:
#   id: DAT-017
#   severity: critical
#   pattern: data/event-sourcing
#   subject: service
#   subsumes: [DAT-015]
#   cleared_by: A datastore for the events, or a topic with retention = none.
events_expire contains {
	"verdict": v,
	"say": "{store} deletes events after {retention}: from then on nobody can rebuild what {subject} knows.",
	"facts": {"store": input.subject.event_sourcing.store, "retention": input.subject.es_retention},
	"evidence": [input.subject.event_sourcing.store.value],
	"fix": own_log,
	"alternatives": [[{"at": input.subject.event_sourcing.store.value, "set": "retention", "value": "none"}]],
} if {
	input.subject.es_store_type.value == "topic"
	v := lib.present(input.subject.es_retention)
	lib.fires(v)
}

# METADATA
# scope: document
# title: Event sourcing without a reason
# description: Storing events instead of state changes how everything is read, migrated and repaired, and is hard to leave again. Few parts of a system need that.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/event-sourcing]
# schemas: [{input: schema.service}]
# custom:
#   id: DAT-016
#   kind: misuse
#   severity: medium
#   pattern: data/event-sourcing
#   subject: service
#   cleared_by: replay = true, audit = "required" or financial data on the store, or 500 events a second.
no_reason contains {
	"verdict": v,
	"say": "{subject} keeps events instead of state at {rate}, without an audit to answer, money to account for, or a replay that somebody needs.",
	"facts": {"rate": input.subject.es_write_rate, "audit": input.subject.es_audit, "replay": es.replay, "data": input.subject.es_data},
	"asks": ["rate"],
	"fix": [{"unset": "event_sourcing"}, {"advise": "Keep the state, and announce changes through an outbox."}],
	"alternatives": [[{"set": "event_sourcing.replay", "value": true}]],
} if {
	es := input.subject.event_sourcing
	input.subject.es_store_type.value == "datastore" # of a topic nobody can state what is in it, and DAT-017 comes first
	v := lib.all_of([
		lib.is(es.replay, false),
		lib.unless(lib.any_of([lib.is(input.subject.es_audit, "required"), lib.has(input.subject.es_data, "financial")])),
		lib.below(input.subject.es_write_rate, 500),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Private events are somebody else's contract
# description: Another team's code depends on the form of events that were meant for this service alone, so every change of its model needs their agreement.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/event-sourcing]
# schemas: [{input: schema.service}]
# custom:
#   id: DAT-018
#   kind: conflict
#   severity: low
#   pattern: data/event-sourcing
#   subject: service
#   cleared_by: integration_events = true once what others get is translated.
private_events contains {
	"verdict": v,
	"say": "The events in which {subject} keeps its state are read by {others}, of another team: their form cannot change without asking there.",
	"facts": {"others": input.subject.es_foreign_consumers, "foreign": input.subject.es_foreign, "publishes": es.publishes},
	"evidence": input.subject.es_foreign_consumers,
	"fix": [{"advise": "Translate private events into ones that are made for others."}, {"set": "event_sourcing.integration_events", "value": true}],
} if {
	es := input.subject.event_sourcing
	v := lib.all_of([lib.is(es.integration_events, false), lib.is(input.subject.es_foreign, true)])
	lib.fires(v)
}
