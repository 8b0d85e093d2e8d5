package archcheck.rules.data.cqrs

import data.archcheck.lib

# METADATA
# scope: document
# title: The read store is not fed reliably
# description: Two writes that do not commit together part ways at the first crash between them, and the read store stays wrong until somebody rebuilds it.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/cqrs
#   - https://microservices.io/patterns/data/cqrs.html
# schemas: [{input: schema.service}]
# custom:
#   id: DAT-002
#   severity: high
#   pattern: data/cqrs
#   subject: service
#   trade_offs: The read store follows a little later, and the change stream or topic is one more part to run.
#   cleared_by: sync = "cdc", "replica", or a topic that is published through an outbox, and no second write in the request.
unreliable_feed contains {
	"verdict": v,
	"say": feed,
	"facts": {"write": q.write, "read": q.read, "sync": q.sync, "two_writes": input.subject.cqrs_two_writes},
	"evidence": input.subject.cqrs_two_calls,
	"fix": array.concat(
		[{"set": "cqrs.sync", "value": "cdc"} | lib.absent(q.sync) != "pass"],
		[{"at": input.subject.cqrs_two_calls[1], "set": "access", "value": "read"} | input.subject.cqrs_two_writes.value],
	),
} if {
	q := input.subject.cqrs
	v := lib.all_of([
		lib.is(input.subject.cqrs_separate, true),
		lib.any_of([lib.absent(q.sync), lib.is(input.subject.cqrs_two_writes, true)]),
		lib.unless(lib.is(input.subject.cqrs_sync_type, "replica")),
	])
	lib.fires(v)
}

feed := "One request writes {write} and {read}: a crash between the two leaves them apart, and nobody is told." if {
	input.subject.cqrs_two_writes.value
} else := "Nothing says how {read} learns of what is written to {write}: whatever does it today, a write that it misses is missing for good."

# METADATA
# scope: document
# title: The read store cannot be as fresh as promised
# description: What reads the change and what applies it take longer than the promise allows, so users regularly see data older than that.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/cqrs]
# schemas: [{input: schema.service}]
# custom:
#   id: DAT-003
#   severity: medium
#   pattern: data/cqrs
#   subject: service
#   cleared_by: A poll and a time to apply that add up to less than max_staleness, on a consumer that keeps up.
stale_reads contains {
	"verdict": v,
	"say": staleness,
	"facts": {
		"read": q.read, "max": q.max_staleness, "poll": input.subject.cqrs_poll, "apply": input.subject.cqrs_apply,
		"lag": input.subject.cqrs_lag, "use": input.subject.cqrs_sync_utilisation,
	},
	"asks": ["lag"],
	"evidence": array.concat(input.subject.cqrs_relays, input.subject.cqrs_consumers),
	"fix": fresher[0],
	"alternatives": array.slice(fresher, 1, 9),
} if {
	q := input.subject.cqrs
	lib.present(q.max_staleness) == "violation"
	v := lib.all_of([
		lib.unless(lib.is(input.subject.cqrs_sync_type, "replica")),
		lib.any_of([lib.above(input.subject.cqrs_lag, q.max_staleness), overloaded]),
	])
	lib.fires(v)
}

# A consumer whose speed nobody measured is asked for by the rules on consumers.
default overloaded := "pass"

overloaded := lib.at_least(input.subject.cqrs_sync_utilisation, 1) if input.subject.cqrs_sync_utilisation.value

staleness := "More changes come than the consumer can apply, so {read} falls behind without end; {max} is promised." if {
	overloaded in {"violation", "risk"}
} else := "The relay looks every {poll}, and a change takes {apply} to apply: {read} can be {lag} old, and {max} is promised." if {
	input.subject.cqrs_poll.value > 0
	input.subject.cqrs_apply.value
} else := "The relay looks every {poll} only, so {read} can be older than the promised {max}." if {
	input.subject.cqrs_poll.value > 0
} else := "A change takes {apply} to apply, so {read} can be older than the promised {max}."

fresher := [[{"advise": "Apply changes faster: more replicas of the consumer, or more messages at once."}]] if {
	overloaded in {"violation", "risk"}
} else := [
	[{"at": r, "set": "outbox.relay", "value": "cdc"} | some r in input.subject.cqrs_relays],
	[{"at": r, "set": "outbox.poll", "value": input.subject.cqrs_rec_poll} | some r in input.subject.cqrs_relays],
] if {
	count(input.subject.cqrs_relays) > 0
} else := [
	[{"advise": "Make applying a change faster than the promise."}],
	[{"advise": "Promise what the consumer can keep."}],
]

# METADATA
# scope: document
# title: A user cannot read what was just written
# description: The read store follows later. Whoever reads right after writing sees the old data, takes the change for lost, and makes it again.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/cqrs]
# schemas: [{input: schema.service}]
# custom:
#   id: DAT-006
#   kind: conflict
#   severity: high
#   pattern: data/cqrs
#   subject: service
#   trade_offs: Reads of the write store put load on it, which the read store was to take.
#   cleared_by: sync = "replica", read_your_writes = false, or clients that tolerate as much staleness as max_staleness.
own_write_unseen contains {
	"verdict": v,
	"say": concat("", [who, " {read}, which follows", late]),
	"facts": {
		"read": q.read, "max": q.max_staleness, "strong": input.subject.strong_transactions, "sync": q.sync,
		"tolerated": input.subject.staleness_tolerated, "own": q.read_your_writes,
	},
	"asks": ["sync", "tolerated"],
	"evidence": strong,
	"fix": [{"advise": sprintf("Answer from %s until the change has arrived in %s.", [lib.label(q.write.value), lib.label(q.read.value)])}],
	"alternatives": array.concat(
		[[{"set": "cqrs.read_your_writes", "value": false}] | q.read_your_writes.value],
		[[{"at": t, "set": "consistency", "value": "eventual"} | some t in strong] | count(strong) > 0],
	),
} if {
	q := input.subject.cqrs
	v := lib.all_of([
		lib.is(input.subject.cqrs_separate, true),
		lib.present(q.sync),
		lib.unless(lib.is(input.subject.cqrs_sync_type, "replica")),
		lib.any_of([lib.is(q.read_your_writes, true), lib.sure(count(strong) > 0)]),
		lib.unless(lib.all_of([
			lib.present(input.subject.staleness_tolerated),
			lib.at_least(input.subject.staleness_tolerated, q.max_staleness),
		])),
	])
	lib.fires(v)
}

strong := input.subject.strong_transactions.value

who := "{subject} promises users their own changes at once, but they read" if {
	input.subject.cqrs.read_your_writes.value
} else := "{strong} needs strong consistency, but reads of {subject} go to"

late := " up to {max} later." if {
	input.subject.cqrs.max_staleness.value
} else := " later, nobody says how much."
