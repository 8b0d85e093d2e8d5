package archcheck.rules.data.cqrs

import data.archcheck.lib

# METADATA
# scope: document
# title: Reads and writes compete for one store
# description: Many reads for each write meet in one store that is close to its limit. Each query that grows takes time from the writes, and the model fits neither.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/cqrs
#   - https://microservices.io/patterns/data/cqrs.html
# schemas: [{input: schema.store}]
# custom:
#   id: DAT-001
#   kind: missing
#   severities:
#     medium: the store is busy even with its read replicas
#     low: the replicas carry the reads, or only the joins hurt
#   pattern: data/cqrs
#   subject: store
#   trade_offs: A second store, a stream that feeds it, and reads that are a little behind.
#   waive_when: A cache or an index removes the load at less cost.
#   cleared_by: Separate read and write models, read replicas that bring utilisation below 70 %, or fewer reads per write.
reads_compete contains {
	"verdict": v,
	"severity": weight,
	"say": pressure,
	"facts": {
		"ratio": store.reads_per_write, "use": store.utilisation_with_replicas, "joined": store.joined,
		"by": store.joined_by, "capacity": store.total_capacity,
	},
	"asks": ["ratio"],
	"fix": split,
	"alternatives": [
		[{"set": "read_replicas", "value": 2}],
		[{"advise": "Answer most reads from a cache first: it is cheaper than a second model."}],
	],
} if {
	v := lib.all_of([
		lib.is(store.separates_reads, false),
		lib.any_of([busy, joins_hurt]),
		lib.at_least(store.reads_per_write, input.system.params.cqrs_ratio),
	])
	lib.fires(v)
}

store := input.subject

# Of a store whose load or capacity nobody states this rule does not ask.
default busy := "pass"

busy := lib.at_least(store.utilisation_with_replicas, input.system.params.utilisation_warn) if store.utilisation_with_replicas.value

# Joining the answers of three services is a reason for a read model, but none where the store is known to be at ease.
default joins_hurt := "pass"

joins_hurt := "violation" if {
	store.joined.value >= 3
	not at_ease
}

at_ease if store.utilisation_with_replicas.value < 0.5

default weight := "low"

weight := "medium" if store.utilisation_with_replicas.value >= input.system.params.utilisation_high

pressure := "{subject} answers {ratio} reads for each write at {use} of its capacity, and both wait for each other." if {
	busy != "pass"
} else := "One read of {by} puts together the answers of {joined} services, {subject} behind one of them; each write is read {ratio} times."

split := [
	{"add": "datastore", "label": view, "value": {"kind": "document"}},
	{"at": writer, "set": "cqrs", "value": {"write": input.addr, "read": sprintf("datastore.%s", [view]), "sync": "cdc", "max_staleness": "2s"}},
] if {
	writer
} else := [{"advise": "Let its owner feed a read model of its own from its change stream."}]

view := sprintf("%s_view", [lib.label(input.addr)])

writer := store.known_writers[0] if {
	count(store.known_writers) == 1
	startswith(store.known_writers[0], "service.")
}

# METADATA
# scope: document
# title: Separate models where one would do
# description: Two models, a stream between them and reads that lag behind are kept up for a load that one store carries with ease.
# related_resources:
#   - https://martinfowler.com/bliki/CQRS.html
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/cqrs
# schemas: [{input: schema.service}]
# custom:
#   id: DAT-004
#   kind: misuse
#   severity: medium
#   pattern: data/cqrs
#   subject: service
#   waive_when: Reads need another shape of the data than writes, not only another speed.
#   cleared_by: Three reads per write or more, 50 requests a second, a second reader, event sourcing, or a search index as read store.
needless_models contains {
	"verdict": v,
	"say": "{subject} keeps two models, and reads that lag behind, for {rate} at a ratio of reads to writes of {ratio}.",
	"facts": {
		"rate": input.subject.cqrs_rate, "ratio": input.subject.cqrs_reads_per_write, "readers": input.subject.cqrs_readers,
		"read": input.subject.cqrs.read, "write": input.subject.cqrs.write,
	},
	"fix": [{"unset": "cqrs"}, {"advise": sprintf("Read from %s.", [lib.label(input.subject.cqrs.write.value)])}],
} if {
	not other_shape
	v := lib.all_of([
		lib.is(input.subject.cqrs_separate, true),
		lib.absent(input.subject.event_sourcing),
		lib.at_most(input.subject.cqrs_readers, 1),
		lib.below(input.subject.cqrs_reads_per_write, 3),
		lib.if_reached(lib.below(input.subject.cqrs_rate, 50), input.subject.cqrs_rate, input.subject.user_facing),
	])
	lib.fires(v)
}

# A search index or a warehouse holds another shape of the data, whatever the load.
other_shape if input.subject.cqrs_read_kind.value in {"search", "warehouse"}

# METADATA
# scope: document
# title: Separate models everywhere
# description: Separate read and write models pay off in a few places. As a rule for the whole system they double what every change has to touch.
# related_resources: [https://martinfowler.com/bliki/CQRS.html]
# schemas: [{input: schema.system}]
# custom:
#   id: DAT-005
#   kind: misuse
#   severity: low
#   pattern: data/cqrs
#   subject: system
#   cleared_by: Separate models in at most half of the services that keep state.
models_everywhere contains {
	"verdict": v,
	"say": "{n} of {all} services that keep state have separate read and write models, each with a stream to run and reads that lag behind.",
	"facts": {"n": input.subject.cqrs_services, "all": input.subject.stateful_services, "services": input.subject.cqrs_used_by},
	"evidence": input.subject.cqrs_used_by,
	"fix": fewer,
} if {
	v := lib.all_of([lib.above(input.subject.cqrs_share, 0.5), lib.at_least(input.subject.stateful_services, 4)])
	lib.fires(v)
}

fewer := [{"at": s, "unset": "cqrs"} | some s in input.subject.cqrs_without_force] if {
	count(input.subject.cqrs_without_force) > 0
} else := [{"advise": "Go back to one model where there are fewer than three reads per write."}]

# METADATA
# scope: document
# title: Somebody else writes the read store
# description: A read store is built from its source and can be rebuilt at any time. What somebody else has written there is then gone.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/cqrs]
# schemas: [{input: schema.store}]
# custom:
#   id: DAT-007
#   severity: high
#   pattern: data/cqrs
#   subject: store
#   cleared_by: Only the service that owns the model, or who consumes its changes, writes it.
foreign_write contains {
	"verdict": "violation",
	"say": "{subject} is built by {owner} from its own changes, but {writers} writes to it as well: the next rebuild erases that, and until then the two disagree.",
	"facts": {"writers": store.foreign_writers, "owner": store.read_model_of},
	"evidence": via,
	"fix": array.concat(
		[{"at": c, "set": "access", "value": "read"} | some c in via],
		[{"advise": sprintf("Make the change through %s.", [lib.label(store.read_model_of[0])])}],
	),
} if {
	count(store.foreign_writers) > 0
	not repeats
}

# What is written to a cache is meant to be lost.
repeats if store.kind.value == "cache"

via := [c |
	some u in store.users
	u.addr in store.foreign_writers
	some c in u.via
]
