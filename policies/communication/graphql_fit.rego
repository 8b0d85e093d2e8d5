package archcheck.rules.communication.graphql

import data.archcheck.lib

# METADATA
# scope: document
# title: Free queries for callers that ask for the same every time
# description: A handful of services with fixed needs gains nothing from a query language, and loses timeouts per operation and caching.
# related_resources: [https://graphql.org/learn/performance/]
# schemas: [{input: schema.api}]
# custom:
#   id: COM-013
#   kind: misuse
#   severity: low
#   pattern: communication/graphql
#   subject: api
#   trade_offs: One operation per need has to be added by hand.
#   waive_when: The API is a subgraph that a router joins with others.
#   cleared_by: a gateway or a client that calls it, or more than two services that do.
graphql_between_services contains {
	"verdict": "violation",
	"say": "The calls of {services} to {owner} cannot be timed or cached by operation: they go through one graphql endpoint, though they always ask for the same.",
	"facts": {"services": lib.labels(input.subject.services), "owner": input.subject.owner},
	"fix": [{"advise": "Offer one operation per need over gRPC or REST, move the callers, and remove the graphql api."}],
} if {
	input.subject.style == "graphql"
	input.subject.other_callers.value == 0
	count(input.subject.services) > 0
	count(input.subject.services) <= 2
}

# METADATA
# scope: document
# title: The rate limit counts queries, whatever they cost
# description: One query may be a thousand times as expensive as another. A limit that counts requests admits as many expensive ones as cheap ones.
# related_resources:
#   - https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html
# schemas: [{input: schema.api}]
# custom:
#   id: COM-014
#   kind: conflict
#   severity: medium
#   pattern: communication/graphql
#   subject: api
#   trade_offs: The cost of a query has to be estimated before it runs.
#   waive_when: All queries cost about the same.
#   cleared_by: unit = "cost" in the limit; max_cost on the api; persisted queries only.
limit_counts_queries contains {
	"verdict": v,
	"say": admitted,
	"facts": object.union(
		{"max_cost": input.subject.max_cost, "persisted_queries": input.subject.persisted_queries, "unit": input.subject.limit_unit},
		lib.beside(v, {"rps": input.subject.limit_rps, "owner": input.subject.owner}),
	),
	"fix": [{"set": "max_cost", "value": 1000}],
	"alternatives": [[object.union(lib.amend("rate_limit", input.subject.rate_limit, {"unit": "cost"}), {"at": input.subject.owner})]],
} if {
	input.subject.style == "graphql"
	v := lib.all_of([
		lib.is(input.subject.limit_unit, "request"),
		lib.absent(input.subject.max_cost),
		lib.unless(lib.is(input.subject.persisted_queries, true)),
	])
	lib.fires(v)
}

admitted := "{owner} can be overloaded within its limit: {rps} are admitted, and each of them may be as expensive as it likes." if {
	input.subject.limit_rps.value
} else := "{owner} can be overloaded within its limit: it counts requests, and each of them may be as expensive as it likes."

# METADATA
# scope: document
# title: The cache before this API never answers anything
# description: GraphQL sends its queries as POST bodies, and no HTTP cache keeps the answer to a POST.
# related_resources: [https://graphql.org/learn/caching/]
# schemas: [{input: schema.api}]
# custom:
#   id: COM-015
#   kind: conflict
#   severity: low
#   pattern: communication/graphql
#   subject: api
#   trade_offs: Every query has to be registered before a release can send it.
#   waive_when: The cache keys on the body, which some products can.
#   cleared_by: persisted_queries = true, so that a query is a GET with an address of its own; or no cache_ttl.
cache_never_answers contains {
	"verdict": v,
	"say": "None of the answers of {owner} is cached for {ttl} as its API says: queries travel as POST bodies, and {cache} cannot cache those.",
	"facts": object.union(
		{"persisted_queries": input.subject.persisted_queries, "ttl": input.subject.cache_ttl},
		lib.beside(v, {"cache": cache_name, "owner": input.subject.owner}),
	),
	"fix": [{"set": "persisted_queries", "value": true}],
} if {
	input.subject.style == "graphql"
	input.subject.cache_ttl.value > 0
	v := lib.unless(lib.is(input.subject.persisted_queries, true))
	lib.fires(v)
}

cache_name := lib.labels(input.subject.caches) if {
	count(input.subject.caches) > 0
} else := "an HTTP cache"
