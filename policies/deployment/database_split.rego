package archcheck.rules.deployment.database_split

import data.archcheck.lib

# METADATA
# scope: document
# title: Private databases share one server
# description: Databases on one server are private in name. They share its memory, its disk and its failures.
# related_resources: [https://microservices.io/patterns/data/database-per-service.html]
# schemas: [{input: schema.failure_set}]
# custom:
#   id: DEP-052
#   kind: misconfigured
#   severity: low
#   pattern: deployment/database-per-service
#   subject: failure_set
#   trade_offs: A second server costs money and somebody who looks after it.
#   waive_when: The services are useless without each other anyway.
#   cleared_by: A server of its own for the store that most traffic needs.
one_server contains {
	"verdict": "violation",
	"say": fate,
	"facts": {"owners": lib.labels(input.subject.owners), "stores": lib.labels(members), "blast": input.subject.blast},
	"evidence": members,
	"fix": [{"advise": sprintf("Move the store that most traffic needs to a server of its own; these share one now: %s.", [concat(", ", lib.labels(members))])}],
} if {
	input.subject.of.value == "server"
	count(input.subject.owners) > 1
	input.subject.user_facing.value
}

members := [m.addr | some m in input.subject.members]

fate := "One server's failure or heaviest query stops {owners} together, {blast} of all traffic: {stores} are on it." if {
	input.subject.blast.value > 0
} else := "One server's failure or heaviest query stops {owners} together: {stores} are on it."

# METADATA
# scope: document
# title: What must change together is split over two services
# description: Two services of one team that have to commit the same kind of data as one are one aggregate, cut in two and joined over a network.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/microservices/model/tactical-domain-driven-design]
# schemas: [{input: schema.transaction}]
# custom:
#   id: DEP-054
#   kind: misuse
#   severity: medium
#   pattern: deployment/database-per-service
#   subject: transaction
#   trade_offs: One service is released and scaled as a whole.
#   waive_when: The two scale or fail differently, by orders of magnitude.
#   cleared_by: One service for both, or consistency = "eventual" if the halves may differ for a while.
split_invariant contains {
	"verdict": v,
	"say": "Every {subject} pays a network round trip for what one commit did: {services} belong to {team} and must change together.",
	"facts": {
		"services": lib.labels(input.subject.services), "team": input.subject.teams[0],
		"consistency": input.subject.consistency, "same_data": input.subject.same_data,
	},
	"evidence": input.subject.services,
	"fix": [{"advise": sprintf("Merge %s into one service with one store.", [concat(" and ", lib.labels(input.subject.services))])}],
} if {
	count(input.subject.services) == 2
	count(input.subject.teams) == 1
	v := lib.all_of([lib.is(input.subject.consistency, "strong"), lib.is(input.subject.same_data, true)])
	lib.fires(v)
}
