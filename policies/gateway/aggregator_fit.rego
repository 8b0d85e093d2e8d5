package archcheck.rules.gateway.aggregator

import data.archcheck.lib

# METADATA
# scope: document
# title: One slow part makes most pages slow
# description: Of many calls side by side the slowest decides. Each may be slow for one request in a hundred, and the page is slow for many more.
# related_resources:
#   - https://cacm.acm.org/research/the-tail-at-scale/
# schemas: [{input: schema.workload}]
# custom:
#   id: GWY-023
#   kind: misconfigured
#   severity: medium
#   pattern: gateway/aggregator
#   subject: workload
#   aliases: [SYS-007]
#   trade_offs: A short timeout leaves a part of the page out now and then.
#   waive_when: The parts are slow together, because they wait for the same thing.
#   cleared_by: a fallback on the slow parts with a timeout within the budget, fewer parts, or parts with a shorter tail.
fan_out_tail contains {
	"verdict": v,
	"say": "{slow} of the requests to {subject} wait for a straggler: with {branches} calls side by side its p99 is {p99}, and callers leave {budget}. Each part would have to meet the budget in {quantile} of its own calls.",
	"facts": {
		"slow": input.subject.any_slow,
		"branches": count(input.subject.parallel_branches),
		"p99": input.subject.parallel_p99,
		"budget": input.subject.parallel_budget,
		"quantile": input.subject.leaf_quantile,
	},
	"evidence": input.subject.parallel_branches,
	"fix": array.concat(
		[{"at": c, "set": "timeout", "value": input.subject.parallel_budget} | some c in input.subject.parallel_loose],
		[{"at": c, "set": "fallback", "value": "default"} | some c in input.subject.parallel_branches],
	),
	"alternatives": [[{"advise": "Send a second, hedged request for the slowest reads once they exceed their p95."}]],
} if {
	count(input.subject.parallel_branches) >= 3
	v := lib.above(input.subject.parallel_p99, input.subject.parallel_budget)
	v in {"violation", "risk"}
}

# METADATA
# scope: document
# title: One service is asked several times for one answer
# description: An aggregator that asks one service only joins what that service could have answered at once.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/gateway-aggregation]
# schemas: [{input: schema.workload}]
# custom:
#   id: GWY-024
#   kind: misuse
#   severity: low
#   pattern: gateway/aggregator
#   subject: workload
#   trade_offs: The service gets an operation that is made for one caller.
#   waive_when: The service belongs to somebody else.
#   cleared_by: a batch operation on the service, so that one call is enough, or a second callee.
sole_service contains {
	"verdict": v,
	"say": "{service} answers {calls} requests of {subject} where one would do: nothing else is joined here.",
	"facts": {"calls": input.subject.sole_calls, "service": input.subject.sole_callee},
	"evidence": input.subject.sole_edges,
	"fix": [{"advise": sprintf("Give %s one operation that answers all of this, and call that.", [lib.label(input.subject.sole_callee)])}],
} if {
	input.subject.type == "gateway"
	input.subject.sole_callee != ""
	v := lib.at_least(input.subject.sole_calls, 3)
	lib.fires(v)
}

# METADATA
# scope: document
# title: One half is written when the other fails
# description: A gateway that writes to several services in one request has nothing that undoes the first write when the second one fails.
# related_resources: [https://microservices.io/patterns/data/saga.html]
# schemas: [{input: schema.gateway}]
# custom:
#   id: GWY-025
#   kind: conflict
#   severity: high
#   pattern: gateway/aggregator
#   subject: gateway
#   trade_offs: The saga needs a service that keeps its state, and compensations.
#   waive_when: One of the writes may be lost or repeated without harm.
#   cleared_by: a saga in a service behind the gateway, with these writes as its steps; all but one of the writes idempotent and to caches or indexes.
torn_writes contains {
	"verdict": v,
	"say": "A failure between two calls leaves {stores} in disagreement: {subject} writes them one after the other in one request, and nothing undoes the first.",
	"facts": object.union({"writes": input.subject.several_writes}, lib.beside(v, {"stores": lib.labels(input.subject.write_branch_stores)})),
	"evidence": input.subject.write_branches,
	"fix": [{"advise": "Move these calls into a service that runs them as a saga: each write a step, with what undoes it as compensation."}],
} if {
	input.subject.kind.value in {"api", "bff", "aggregator"}
	input.subject.branches_in_transaction.value == false
	v := lib.is(input.subject.several_writes, true)
	lib.fires(v)
}
