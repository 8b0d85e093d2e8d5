package archcheck.rules.data.two_phase_commit

import data.archcheck.lib

# METADATA
# scope: document
# title: Nothing enforces the strong consistency that is asked for
# description: The stores must change together, but each commits by itself. Every crash between two commits breaks the promise.
# related_resources:
#   - https://queue.acm.org/detail.cfm?id=3025012
#   - https://microservices.io/patterns/data/saga.html
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-040
#   kind: missing
#   severity: high
#   pattern: data/two-phase-commit
#   subject: transaction
#   trade_offs: Two-phase commit needs every participant up, and holds locks across round trips; one store for all of it costs least.
#   cleared_by: One store for what must change together, a pattern, or consistency = "eventual".
strong_unenforced contains {
	"verdict": v,
	"say": "{stores} must change together by consistency = \"strong\", and nothing makes them: a crash between two commits leaves them apart.",
	"facts": {"stores": stores, "consistency": tx.consistency, "pattern": tx.pattern},
	"evidence": stores,
	"fix": [{"advise": "Move what must change together into one store of one service."}],
	"alternatives": array.concat(
		[[{"advise": "Keep it in one distributed SQL database, which commits over several nodes itself."}]],
		[[
			{"set": "pattern", "value": "2pc"}, {"set": "timeout", "value": "2s"},
			{"set": "coordinator", "value": {"replicas": 3, "durable_log": true}},
		] |
			all_prepare
		],
	),
} if {
	count(stores) > 1
	v := lib.all_of([lib.is(tx.consistency, "strong"), lib.absent(tx.pattern)])
	lib.fires(v)
}

tx := input.subject

stores := [s.addr | some s in tx.stores]

all_prepare if {
	every p in tx.participants {
		lib.is(p.xa, true) == "violation"
	}
}

# METADATA
# scope: document
# title: A participant cannot prepare
# description: Two-phase commit is only as good as the promise of every participant to commit later. One that has no prepare phase commits or fails by itself, so nothing is atomic.
# related_resources:
#   - https://www.postgresql.org/docs/current/sql-prepare-transaction.html
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/cqrs
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-041
#   severity: critical
#   pattern: data/two-phase-commit
#   subject: transaction
#   subsumes: [DAT-042, DAT-043, DAT-044, DAT-045, DAT-046]
#   cleared_by: xa = true where the product can prepare, or type = "pivot" on the step of the one participant that commits last.
cannot_prepare contains {
	"verdict": v,
	"say": reason(p),
	"facts": {"participant": p.addr, "engine": p.engine, "xa": p.xa},
	"asks": ["xa"],
	"evidence": [p.addr, p.step],
	"fix": to_saga,
} if {
	tx.pattern.value == "2pc"
	some p in tx.participants
	v := lib.all_of([lib.unless(lib.is(p.pivot, true)), unprepared(p)])
	lib.fires(v)
}

default unprepared(_) := "violation"

unprepared(p) := lib.is(p.xa, false) if p.type == "datastore"

reason(p) := "{participant} takes part in a two-phase commit, but an external system has no prepare phase: it has acted before the others have agreed." if {
	p.type == "external"
} else := "{participant} takes part in a two-phase commit, but it cannot prepare: it commits, or fails to, on its own." if {
	p.type == "datastore"
} else := "{participant} takes part in a two-phase commit, but a message that is sent cannot be held back until the others have agreed."

# A saga promises less: who asked for strong consistency has to relax it.
to_saga := array.concat(
	array.concat([{"set": "pattern", "value": "saga"}], [{"unset": "coordinator"} | lib.present(tx.coordinator) == "violation"]),
	[{"set": "consistency", "value": "eventual"} | tx.consistency.value == "strong"],
)

# METADATA
# scope: document
# title: Losing the coordinator leaves locks behind
# description: Participants that have prepared must wait for the coordinator's word. If it is lost together with its log, they hold their locks until somebody resolves them by hand.
# related_resources: [https://www.postgresql.org/docs/current/sql-prepare-transaction.html]
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-042
#   severities:
#     critical: users wait for the transaction, or it moves money
#     high: neither
#   pattern: data/two-phase-commit
#   subject: transaction
#   cleared_by: coordinator = { replicas = 3, durable_log = true }, or an engine that is known to be both.
fragile_coordinator contains {
	"verdict": v,
	"severity": weight,
	"say": weakness,
	"facts": {"stores": stores, "coordinator": tx.coordinator_survives, "replicas": copies},
	"fix": [{"set": "coordinator", "value": {"replicas": 3, "durable_log": true}}],
} if {
	tx.pattern.value == "2pc"
	v := lib.all_of([lib.absent(tx.engine), lib.is(tx.coordinator_survives, false)])
	lib.fires(v)
}

default copies := 0

copies := tx.coordinator.replicas.value

default weight := "high"

weight := "critical" if tx.user_facing.value

weight := "critical" if tx.financial.value

weakness := "The coordinator runs once. When it is lost, {stores} hold the locks of every prepared transaction until somebody resolves them by hand." if {
	copies == 1
} else := "The coordinator keeps no durable log. After a restart it has forgotten its decisions, and {stores} hold the locks of every prepared transaction until somebody resolves them by hand."
