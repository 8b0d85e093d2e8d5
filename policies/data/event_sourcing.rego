package archcheck.rules.data.event_sourcing

import data.archcheck.lib

# METADATA
# scope: document
# title: Changes must be answerable, but only the last state is kept
# description: Each update overwrites what was there. Who changed what and when cannot be said afterwards, whatever a law or a customer asks.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/event-sourcing
#   - https://microservices.io/patterns/data/event-sourcing.html
# schemas: [{input: schema.datastore}]
# custom:
#   id: DAT-010
#   kind: missing
#   severity: medium
#   pattern: data/event-sourcing
#   subject: datastore
#   trade_offs: An audit table costs one more write per change; event sourcing changes how the whole service reads and writes.
#   cleared_by: audit_log = true, or event sourcing on this store.
no_history contains {
	"verdict": v,
	"say": "{subject} must answer who changed what and when, but keeps only what is true now: each update overwrites the answer.",
	"facts": {"audit": d.audit, "audit_log": d.audit_log, "kind": d.kind},
	"asks": ["audit", "audit_log"],
	"fix": [{"set": "audit_log", "value": true}],
	"alternatives": [[{"at": d.owner.value, "set": "event_sourcing", "value": {
		"store": input.addr, "snapshot_every": 1000,
		"versioning": "upcast",
	}}] |
		d.owner.value
	],
} if {
	not keeps_events
	v := lib.all_of([
		lib.is(d.audit, "required"),
		lib.is(d.event_sourced, false),
		lib.unless(lib.is(d.audit_log, true)),
	])
	lib.fires(v)
}

d := input.subject

keeps_events if d.kind.value == "event_store"

# METADATA
# scope: document
# title: Personal data that can never be erased
# description: A log of events is never changed. Personal data in it stays, whoever asks for its erasure.
# related_resources: [https://gdpr-info.eu/art-17-gdpr/]
# schemas: [{input: schema.datastore}]
# custom:
#   id: DAT-014
#   kind: misuse
#   severity: high
#   pattern: data/event-sourcing
#   subject: datastore
#   trade_offs: Each person's key is one more secret to keep, and to back up apart from the log.
#   cleared_by: erasure, or a log that only refers to personal data kept elsewhere.
never_erased contains {
	"verdict": v,
	"say": "{subject} is a log that is only ever appended to, and holds {data} data: it cannot forget a person who asks for it.",
	"facts": {"data": personal, "erasure": d.erasure},
	"fix": [{"set": "erasure", "value": "crypto_shredding"}],
} if {
	appended
	count(personal) > 0
	v := lib.absent(d.erasure)
	lib.fires(v)
}

appended if count(d.log_of) > 0

appended if keeps_events

personal := [x | some x in d.data.value; x in {"pii", "health"}]

# METADATA
# scope: document
# title: Nothing can be asked of the event log
# description: A log of events answers only what happened to one entity. Every other question reads all of it, or cannot be asked.
# related_resources: [https://microservices.io/patterns/data/event-sourcing.html]
# schemas: [{input: schema.service}]
# custom:
#   id: DAT-011
#   kind: conflict
#   severity: high
#   pattern: data/event-sourcing
#   subject: service
#   waive_when: Others only read single entities by their key.
#   cleared_by: Projections of the log, or separate read and write models.
log_unreadable contains {
	"verdict": v,
	"say": asked,
	"facts": {
		"queries": input.subject.es_queries, "callers": input.subject.es_queried_by, "store": es.store,
		"queried": input.subject.es_queried,
	},
	"asks": ["queried"],
	"evidence": input.subject.es_queried_by,
	"fix": [
		{"add": "datastore", "label": view, "value": {"kind": "document"}},
		{"set": "event_sourcing.projections", "value": [sprintf("datastore.%s", [view])]},
	],
} if {
	es := input.subject.event_sourcing
	v := lib.all_of([
		no_projection,
		lib.absent(input.subject.cqrs),
		lib.is(input.subject.es_queried, true),
	])
	lib.fires(v)
}

view := sprintf("%s_view", [lib.label(input.addr)])

no_projection := lib.any_of([lib.absent(input.subject.event_sourcing.projections), lib.is(input.subject.event_sourcing.projections, [])])

asked := "{subject} is asked {queries} for what it knows, but {store} holds only events by entity: every other question has to read the whole log." if {
	input.subject.es_queries.value
} else := "{subject} is asked for what it knows, but {store} holds only events by entity: every other question has to read the whole log."

# METADATA
# scope: document
# title: Rebuilding an entity takes too long
# description: Before each command all events of the entity are read again. Without snapshots that grows with the age of the data.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/event-sourcing]
# schemas: [{input: schema.service}]
# custom:
#   id: DAT-012
#   severity: medium
#   pattern: data/event-sourcing
#   subject: service
#   cleared_by: snapshot_every = 1000 or fewer, or entities with fewer events.
slow_rebuild contains {
	"verdict": v,
	"say": "Each command first reads {events} events of its entity, about {time} before any work is done.",
	"facts": {"events": input.subject.es_replayed_events, "time": input.subject.es_rebuild_time, "snapshot_every": es.snapshot_every},
	"fix": [{"set": "event_sourcing.snapshot_every", "value": 1000}],
} if {
	es := input.subject.event_sourcing
	v := lib.above(input.subject.es_rebuild_time, 100)
	lib.fires(v)
}

# METADATA
# scope: document
# title: Old events cannot be read by new code
# description: Events outlive the code that wrote them. The first change of their form breaks every rebuild from then on.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/event-sourcing]
# schemas: [{input: schema.service}]
# custom:
#   id: DAT-013
#   severity: medium
#   pattern: data/event-sourcing
#   subject: service
#   cleared_by: versioning = "upcast" or "tolerant".
no_versioning contains {
	"verdict": v,
	"say": "Nothing reads old events of {store} once their form has changed: the first such change breaks every rebuild.",
	"facts": {"store": es.store, "versioning": es.versioning},
	"fix": [{"set": "event_sourcing.versioning", "value": "upcast"}],
	"alternatives": [[{"set": "event_sourcing.versioning", "value": "tolerant"}]],
} if {
	es := input.subject.event_sourcing
	es.store.value
	v := lib.absent(es.versioning)
	lib.fires(v)
}
