package archcheck.rules.deployment.database_per_service

import data.archcheck.lib

# METADATA
# scope: document
# title: Several services write one database
# description: A table that several services write has no owner. Every change of its schema is a joint release, and one service's locks and failures stop the others.
# related_resources:
#   - https://microservices.io/patterns/data/database-per-service.html
#   - https://microservices.io/patterns/data/shared-database.html
# schemas: [{input: schema.store}]
# custom:
#   id: DEP-050
#   kind: missing
#   severities:
#     critical: the writers belong to different teams, or users wait for one of them
#     high: neither
#   pattern: deployment/database-per-service
#   subject: store
#   subsumes: [DEP-051]
#   trade_offs: What was one statement over two tables becomes a call or an event, and may be seen late.
#   waive_when: The services are released together anyway and by one team, so they are one service in all but name.
#   cleared_by: One service that writes; the others use its API or its events, or access = "read" where that is all they do.
shared_writers contains {
	"verdict": shared,
	"severity": weight,
	"say": joint,
	"facts": {
		"writers": independent, "possible": lib.labels(input.subject.possible_writers), "writing": lib.labels(independent),
		"blast": input.subject.blast, "owner": input.subject.owner,
	},
	"evidence": array.concat(independent, input.subject.possible_writers),
	"fix": [{"advise": sprintf("Let %s alone write %s; the others use its API or its events. Begin with a private schema for each service.", [
		lib.label(keeper),
		lib.label(input.addr),
	])}],
} if {
	lib.fires(shared)
}

# A purge job of the same team that only schedulers start is part of the service whose data it clears.
independent := [w |
	some w in input.subject.known_writers
	not w in jobs
]

jobs := {u.addr |
	some u in input.subject.users
	input.subject.one_team.value
	u.scheduled.value
}

default shared := "pass"

shared := "violation" if {
	holds_state
	count(independent) > 1
} else := "risk" if {
	holds_state
	count(independent) + count(input.subject.possible_writers) > 1
}

# A cache has no schema that anybody owns; a migration that states its end shares the store until then, which DEP-043 judges.
default holds_state := true

holds_state := false if input.subject.kind.value == "cache"

holds_state := false if {
	input.subject.migration.value
	input.subject.migration_finish.value
}

default weight := "high"

weight := "critical" if input.subject.writer_teams_differ.value

weight := "critical" if input.subject.writer_user_facing.value

keeper := input.subject.owner.value if {
	input.subject.owner.value
} else := array.concat(independent, input.subject.possible_writers)[0]

joint := concat(" ", [alone, "Losing it stops {blast} of all traffic."]) if {
	input.subject.blast.value > 0
} else := alone

alone := "A change of {subject}'s schema is a joint release of {writing}: they write it together, and the locks and failures of one stop the others." if {
	count(independent) > 1
} else := "{possible} may write {subject} beside {writing}: nobody says that it only reads, so a change of the schema is a joint release." if {
	count(independent) == 1
} else := "{possible} may all write {subject}: nobody says who only reads, so a change of the schema is a joint release."

# METADATA
# scope: document
# title: Others read a service's tables
# description: Who reads another service's tables depends on every column of them. The owner cannot change its schema without asking.
# related_resources: [https://microservices.io/patterns/data/database-per-service.html]
# schemas: [{input: schema.store}]
# custom:
#   id: DEP-051
#   kind: misconfigured
#   severity: medium
#   pattern: deployment/database-per-service
#   subject: store
#   trade_offs: An API costs the owner calls; a read model fed by events is a little late.
#   waive_when: The readers use views that the owner keeps stable on purpose.
#   cleared_by: An API of the owner, or a read model of the reader's own that events or a change stream feed.
foreign_readers contains {
	"verdict": "violation",
	"say": "{writer} cannot change the schema of {subject} without breaking {readers}, which read its tables.",
	"facts": {"writer": lib.label(sole_writer), "readers": lib.labels(strangers)},
	"evidence": strangers,
	"fix": [{"advise": sprintf("Give %s an API of %s for what they read, or a read model of their own that its events feed.", [
		concat(" and ", lib.labels(strangers)),
		lib.label(sole_writer),
	])}],
} if {
	readable
	count(all_writers) == 1
	count(strangers) > 0
}

all_writers := array.concat(input.subject.known_writers, input.subject.possible_writers)

sole_writer := all_writers[0]

default readable := true

# These are there to be read by others.
readable := false if input.subject.kind.value in {"warehouse", "search", "cache"}

strangers := [u.addr |
	some u in input.subject.users
	u.addr in input.subject.readers
	not u.addr in all_writers
	not u.addr in same_team
]

same_team := {u.addr |
	some u in input.subject.users
	some w in input.subject.users
	w.addr == sole_writer
	u.team.value == w.team.value
}

# METADATA
# scope: document
# title: Nobody owns a datastore
# description: A store of several services without a named owner has nobody who decides on its schema, its size and its backups.
# related_resources: [https://microservices.io/patterns/data/database-per-service.html]
# schemas: [{input: schema.store}]
# custom:
#   id: DEP-056
#   kind: misconfigured
#   severity: low
#   pattern: deployment/database-per-service
#   subject: store
#   cleared_by: owner on the datastore.
ownerless contains {
	"verdict": v,
	"say": "Nobody decides on the schema, the size and the backups of {subject}: {users} use it, and none of them owns it.",
	"facts": {"users": lib.labels(all_users), "owner": input.subject.owner},
	"evidence": all_users,
	"fix": [{"set": "owner", "value": services[0]}],
} if {
	not_cache
	shared == "pass"
	count(all_writers) != 1
	count(services) > 0
	v := lib.absent(input.subject.owner)
	lib.fires(v)
}

default not_cache := true

not_cache := false if input.subject.kind.value == "cache"

all_users := sort([u.addr | some u in input.subject.users])

# Those that write come first: one of them is the owner.
services := array.concat(
	[u.addr | some u in input.subject.users; u.type == "service"; u.addr in all_writers],
	[u.addr | some u in input.subject.users; u.type == "service"; not u.addr in all_writers],
)
