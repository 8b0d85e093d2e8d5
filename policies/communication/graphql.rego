package archcheck.rules.communication.graphql

import data.archcheck.lib

# METADATA
# scope: document
# title: Every screen waits for one round trip after the other
# description: A mobile client that collects its data piece by piece pays the latency of its network for each piece.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/backends-for-frontends
#   - https://graphql.org/learn/
# schemas: [{input: schema.client}]
# custom:
#   id: COM-010
#   kind: missing
#   severity: low
#   pattern: communication/graphql
#   subject: client
#   trade_offs: GraphQL needs limits on depth and cost, and HTTP caches understand it only with persisted queries.
#   waive_when: The client keeps its data locally and collects it in the background.
#   cleared_by: a BFF, an aggregator or a graphql api that the client calls; network = "lan"; or fewer than five trips to fewer than three backends.
mobile_assembles contains {
	"verdict": v,
	"say": "{subject} waits {time} for its network alone on every action: it makes {trips} requests to collect what one query could ask for.",
	"facts": object.union(
		{"trips": input.subject.trips, "kind": input.subject.kind},
		lib.beside(v, {"time": input.subject.network_time, "network": input.subject.network}),
	),
	"fix": [{"advise": "Put a BFF with a graphql api before these services, so that one query returns what a screen needs."}],
} if {
	input.subject.composed.value == false
	input.subject.network.value != "lan"
	v := lib.all_of([
		lib.is(input.subject.kind, "mobile"),
		lib.any_of([
			lib.at_least(input.subject.trips, 5),
			lib.all_of([lib.at_least(input.subject.trips, 3), lib.at_least(input.subject.backends, 3)]),
		]),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: One query can bring the API down
# description: GraphQL engines ship without limits. A client that nests a query deeply enough, by intent or by mistake, makes the server fetch without end.
# related_resources:
#   - https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html
#   - https://graphql.org/learn/security/
# schemas: [{input: schema.api}]
# custom:
#   id: COM-011
#   kind: misconfigured
#   severity: high
#   pattern: communication/graphql
#   subject: api
#   subsumes: [COM-014]
#   trade_offs: A legitimate query may be refused; measure the deepest one that your clients send first.
#   waive_when: A product before the server limits queries, and the description cannot say so.
#   cleared_by: max_depth, max_cost or persisted_queries = true; an API that nobody outside reaches.
query_unlimited contains {
	"verdict": v,
	"say": "One nested query from {callers} can bring {owner} down: nothing limits how deep a query goes or what it may cost.",
	"facts": object.union(
		{
			"public": input.subject.public,
			"max_depth": input.subject.max_depth,
			"max_cost": input.subject.max_cost,
			"persisted_queries": input.subject.persisted_queries,
		},
		lib.beside(v, {"callers": lib.labels(input.subject.public_callers), "owner": input.subject.owner}),
	),
	"fix": [{"set": "max_depth", "value": 8}, {"set": "max_cost", "value": 1000}],
	"alternatives": [[{"set": "persisted_queries", "value": true}]],
} if {
	input.subject.style == "graphql"
	v := lib.all_of([
		lib.is(input.subject.public, true),
		lib.absent(input.subject.max_depth),
		lib.absent(input.subject.max_cost),
		lib.unless(lib.is(input.subject.persisted_queries, true)),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: One query becomes a call per item
# description: A resolver that fetches items one by one multiplies each query into as many calls as it returns items.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/antipatterns/chatty-io/
#   - https://github.com/graphql/dataloader
# schemas: [{input: schema.api}]
# custom:
#   id: COM-012
#   kind: misconfigured
#   severity: medium
#   pattern: communication/graphql
#   subject: api
#   subsumes: [DEP-053, SYS-010]
#   trade_offs: Batching adds a short wait in which calls are collected.
#   waive_when: The items come from different places, and no batch call could return them.
#   cleared_by: batching = "dataloader"; fewer than ten calls per query; or a cache that answers nine of ten.
call_per_item contains {
	"verdict": v,
	"say": one_by_one,
	"facts": object.union(
		{"batching": input.subject.batching, "calls": input.subject.busiest_calls},
		lib.beside(v, {"to": input.subject.busiest_to, "rate": input.subject.busiest_rate, "owner": input.subject.owner}),
	),
	"evidence": [input.subject.busiest_call],
	"fix": [{"set": "batching", "value": "dataloader"}, {"advise": batch_advice}],
} if {
	input.subject.style == "graphql"
	v := lib.all_of([
		lib.at_least(input.subject.busiest_calls, input.system.params.chatty),
		lib.absent(input.subject.batching),
	])
	lib.fires(v)
}

batch_advice := sprintf("Give %s a call that returns many items at once, and state per_request = 1 once it is used.", [lib.label(input.subject.busiest_to)])

one_by_one := "{to} gets {rate} from here, because each query to {owner} makes {calls} calls where a batch would be one." if {
	input.subject.busiest_rate.value
} else := "Each query to {owner} becomes {calls} calls to {to}, where a batch would be one."
