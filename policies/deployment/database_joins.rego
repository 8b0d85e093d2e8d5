package archcheck.rules.deployment.database_joins

import data.archcheck.lib

# METADATA
# scope: document
# title: A join became calls, one per row
# description: Where services keep their data apart, a query over several of them is calls. Made one per row, they cost what the split was to save.
# related_resources:
#   - https://microservices.io/patterns/data/database-per-service.html
#   - https://microservices.io/patterns/data/cqrs.html
# schemas: [{input: schema.service}]
# custom:
#   id: DEP-053
#   kind: conflict
#   severity: medium
#   pattern: deployment/database-per-service
#   subject: service
#   subsumes: [SYS-010]
#   trade_offs: A view of one's own is a little old, and takes events of all whose data it holds.
#   waive_when: The rows are few, whatever the request.
#   cleared_by: A batch call (per_request below 10); a cache that answers nine in ten; a view that is read instead.
join_by_calls contains {
	"verdict": v,
	"say": told,
	"facts": {
		"total": j.total, "services": lib.labels(j.services), "most": j.most, "to": lib.label(j.most_to), "rate": j.rate,
		"count": j.service_count,
	},
	"asks": ["count", "most"],
	"evidence": j.calls,
	"fix": [{"advise": sprintf("Keep a view of what is needed from %s in a store of %s, and feed it from their events.", [concat(", ", lib.labels(j.services)), lib.label(input.addr)])}],
	"alternatives": batched(j),
} if {
	some j in input.subject.joins
	v := lib.all_of([lib.at_least(j.service_count, 3), lib.at_least(j.most, input.system.params.chatty)])
	lib.fires(v)
	told := message(j)
}

# One call for many rows is the smaller change.
batched(j) := [[{"at": j.most_at, "set": "per_request", "value": 1}, {"advise": sprintf("Give %s a call that answers for many rows at once.", [lib.label(j.most_to)])}]] if {
	j.most_at != ""
} else := []

message(j) := "One request to {subject} waits for {total} calls to {services}, {most} of them to {to}: what was a join in one database is a call per row, {rate} of them now." if {
	j.rate.value
} else := "One request to {subject} waits for {total} calls to {services}, {most} of them to {to}: what was a join in one database is a call per row."
