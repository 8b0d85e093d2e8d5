package archcheck.rules.data.two_phase_commit

import data.archcheck.lib

# METADATA
# scope: document
# title: Two-phase commit on a busy path
# description: Every request needs all participants up, and holds locks in each of them across two round trips. Availability multiplies, and hot rows queue.
# related_resources:
#   - https://queue.acm.org/detail.cfm?id=3025012
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-043
#   kind: misuse
#   severity: high
#   pattern: data/two-phase-commit
#   subject: transaction
#   subsumes: [DAT-044]
#   waive_when: Rows are never contended, and the objective leaves room for all participants.
#   cleared_by: A saga, or what must change together in one store.
busy_commit contains {
	"verdict": v,
	"say": concat(" ", array.concat(["A user's request succeeds only if all of {participants} are up, {availability} of the time."], [b | some b in [contended]])),
	"facts": {
		"participants": [p.addr | some p in tx.participants], "availability": tx.availability, "rate": tx.rate,
		"held": tx.lock_time, "row_rate": tx.row_rate, "regions": tx.regions,
	},
	"asks": ["rate"],
	"fix": alternatives[0],
	"alternatives": [alternatives[1]],
} if {
	tx.pattern.value == "2pc"
	tx.user_facing.value
	v := lib.any_of([
		lib.at_least(tx.rate, 100),
		lib.sure(count(tx.participants) >= 3),
		lib.sure(count(tx.regions) > 1),
	])
	lib.fires(v)
}

contended := "Locks are held for {held} at least, so one row changes {row_rate} at most." if tx.row_rate.value

alternatives := [to_saga, one_store] if tx.consistency.value != "strong"

alternatives := [one_store, to_saga] if tx.consistency.value == "strong"

one_store := [{"advise": "Move what must change together into one store of one service."}]

# METADATA
# scope: document
# title: Two-phase commit where eventual consistency is enough
# description: All participants must be up, and locks are held across round trips, for a guarantee that nobody asks for.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/saga]
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-044
#   kind: misuse
#   severity: medium
#   pattern: data/two-phase-commit
#   subject: transaction
#   cleared_by: consistency = "strong", if somebody needs it, or a saga.
unneeded_commit contains {
	"verdict": v,
	"severity": asked,
	"say": "The consistency of this transaction is {consistency}, which a saga gives as well. Two-phase commit holds locks in {stores} and needs all of them up for nothing.",
	"facts": {"consistency": tx.consistency, "stores": stores},
	"fix": to_saga,
	"alternatives": [[{"set": "consistency", "value": "strong"}]],
} if {
	tx.pattern.value == "2pc"
	v := lib.all_of([lib.is(tx.consistency, "eventual"), lib.unless(lib.is(tx.one_server, true))])
	lib.fires(v)
}

default asked := "medium"

asked := "low" if tx.consistency.state == "default"

# METADATA
# scope: document
# title: Locks are held for as long as somebody else takes
# description: Inside a two-phase commit every participant keeps its locks until the slowest one has answered. A remote system or a long wait stops everybody who needs the same rows.
# related_resources:
#   - https://queue.acm.org/detail.cfm?id=3025012
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-045
#   kind: misuse
#   severity: critical
#   pattern: data/two-phase-commit
#   subject: transaction
#   subsumes: [DAT-044]
#   cleared_by: A timeout of at most 5 s, and no call to an external system inside.
long_locks contains {
	"verdict": v,
	"say": wait,
	"facts": {"limit": tx.lock_limit, "externals": tx.externals, "stores": stores},
	"evidence": tx.externals,
	"fix": alternatives[0],
	"alternatives": [alternatives[1]],
} if {
	tx.pattern.value == "2pc"
	v := lib.any_of([lib.sure(count(tx.externals) > 0), lib.above(tx.lock_limit, 5000)])
	lib.fires(v)
}

wait := "{stores} hold their locks for as long as a call to {externals} takes." if {
	count(tx.externals) > 0
} else := "{stores} may hold their locks for {limit}, and everybody who needs the same rows waits as long." if {
	tx.lock_limit.value < 1e300
} else := "Nothing limits how long {stores} hold their locks, and everybody who needs the same rows waits as long."

# METADATA
# scope: document
# title: Two-phase commit ties private databases together
# description: Who owns a database no longer decides alone when it is released, restarted or restored, because others hold locks in it.
# related_resources: [https://microservices.io/patterns/data/database-per-service.html]
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-046
#   kind: conflict
#   severity: high
#   pattern: data/two-phase-commit
#   subject: transaction
#   waive_when: The owners release together anyway, and say so.
#   cleared_by: One owner for all stores, a common team and server, or a saga.
tied_databases contains {
	"verdict": "violation",
	"say": couples,
	"facts": {"owners": owners, "stores": stores, "sagas": sagas},
	"evidence": array.concat(stores, sagas),
	"fix": alternatives[0],
	"alternatives": [alternatives[1]],
} if {
	tx.pattern.value == "2pc"
	tied
}

owners := tx.owners if {
	count(tx.owners) > 1
} else := tx.teams

sagas := [o.addr | some o in tx.others; o.pattern.value == "saga"; count(o.services) > 0]

tied if count(sagas) > 0

tied if {
	count(owners) > 1
	not together
}

together if {
	count(tx.teams) == 1
	tx.one_server.value
}

couples := "{sagas} and this two-phase commit change the same services' data: two protocols decide about the same rows, and neither knows of the other." if {
	count(sagas) > 0
} else := "{stores} are private to {owners}. Held together by one commit, none of them can be released, restarted or restored without the others." if {
	count(tx.owners) > 1
} else := "{stores} are changed by services of {owners}. Held together by one commit, none of them can be released, restarted or restored without the others."
