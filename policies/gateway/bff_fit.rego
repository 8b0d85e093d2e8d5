package archcheck.rules.gateway.bff

import data.archcheck.lib

# METADATA
# scope: document
# title: Every change has to be made twice
# description: Two backends that make the same calls differ in name only. What one learns the other forgets.
# related_resources: [https://samnewman.io/patterns/architectural/bff/]
# schemas: [{input: schema.bff}]
# custom:
#   id: GWY-014
#   kind: misuse
#   severity: low
#   pattern: gateway/bff
#   subject: bff
#   subsumes: [GWY-012]
#   trade_offs: Clients that share a backend have to agree on its changes.
#   waive_when: The clients are about to part.
#   cleared_by: one BFF for both, calls that differ, or different auth.
twin_bffs contains {
	"verdict": "violation",
	"say": "Whatever changes in {twin} has to change in {subject} as well: both make the same calls.",
	"facts": {"twin": input.subject.twin, "similarity": input.subject.similarity, "calls": input.subject.calls},
	"evidence": [input.subject.twin],
	"fix": [{"advise": sprintf("Let the clients of both use %s, and remove this one.", [lib.label(input.subject.twin)])}],
} if {
	input.subject.twin != ""
	input.subject.similarity.value >= 0.9
	input.subject.same_auth.value
}

# METADATA
# scope: document
# title: Answers are shaped twice on one way
# description: GraphQL lets the client say what it needs. A BFF before it shapes once more what was shaped already.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/backends-for-frontends]
# schemas: [{input: schema.call}]
# custom:
#   id: GWY-015
#   kind: conflict
#   severity: info
#   pattern: gateway/bff
#   subject: call
#   trade_offs: Without the BFF the client has to know the schema.
#   waive_when: The BFF does something else too, such as sessions.
#   cleared_by: a BFF that offers graphql itself, or clients that call the graphql API directly.
shaped_twice contains {
	"verdict": "violation",
	"say": "{from} costs its clients a hop and gives them nothing: {to} behind it lets them ask for what they need anyway.",
	"facts": {"protocol": input.subject.protocol},
	"fix": [{"advise": "Let the clients call the graphql API themselves, or offer graphql on the BFF."}],
} if {
	input.from.kind.value == "bff"
	input.from.type == "gateway"
	input.subject.caller_serves_clients.value
	input.to.type == "gateway"
	"graphql" in input.to.apis
	not "graphql" in input.from.apis
	lib.is(input.subject.protocol, "graphql") != "pass"
}

# METADATA
# scope: document
# title: A backend is used by others than it says
# description: Whoever changes a BFF asks the clients that it names. One that uses it unnamed breaks with the next release.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/backends-for-frontends]
# schemas: [{input: schema.gateway}]
# custom:
#   id: GWY-016
#   kind: misconfigured
#   severity: low
#   pattern: gateway/bff
#   subject: gateway
#   trade_offs: None.
#   waive_when: A client is moving from one backend to another.
#   cleared_by: serves with exactly the clients that call it.
audience_differs contains {
	"verdict": "violation",
	"say": audience,
	"facts": {"callers": lib.labels(input.subject.clients), "others": lib.labels(input.subject.called_by_only), "serves": lib.labels(input.subject.serves.value)},
	"evidence": array.concat(input.subject.called_by_only, input.subject.serves_only),
	"fix": [{"set": "serves", "value": input.subject.clients}],
} if {
	input.subject.kind.value == "bff"
	count(input.subject.serves.value) > 0
	count(input.subject.clients) > 0
	count(input.subject.called_by_only) + count(input.subject.serves_only) > 0
}

audience := "The next change for {serves} may break {others}: {subject} says that it serves {serves}, and its callers are {callers}." if {
	count(input.subject.called_by_only) > 0
} else := "{subject} is kept for clients that do not use it: it says that it serves {serves}, and its callers are {callers}."
