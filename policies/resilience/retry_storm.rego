# What retries of several layers come to.
package archcheck.rules.resilience.retry

import data.archcheck.lib

# METADATA
# scope: document
# title: Retries multiply along the chain
# description: Every layer that tries again multiplies the attempts of the layers above it. When something at the end of the chain fails, it gets many times its load and cannot recover.
# related_resources:
#   - https://sre.google/sre-book/addressing-cascading-failures/
#   - https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
#   - https://learn.microsoft.com/en-us/azure/architecture/antipatterns/retry-storm/
# schemas: [{input: schema.node}]
# custom:
#   id: RES-015
#   kind: conflict
#   severities:
#     critical: more arrives than the target can serve, or than its contract allows
#     high: ten times the load or more
#     medium: three times the load or more
#   pattern: resilience/retry
#   subject: node
#   subsumes: [RES-016, RES-018, SYS-015]
#   trade_offs: The layers that no longer try again pass short failures on; the one that remains has to be next to the failure to hide them.
#   waive_when: The callee sheds what it cannot serve, and a test with everything above it retrying shows that it recovers.
#   cleared_by: one retrying layer on every path, a retry budget on each, or a fallback, which stops the failure from spreading upward.
storm contains {
	"verdict": v,
	"severity": storm_severity,
	"say": concat("", [storm_size, storm_limit, " Who tries again: {repeated_by}.", storm_answered]),
	"facts": {
		"amplification": input.subject.amplification,
		"rate": input.subject.rate,
		"load_when_failing": input.subject.amplified_rate,
		"load_on_http_500": input.subject.amplified_rate_by_class.http_5xx,
		"capacity": input.subject.capacity,
		"contract": input.subject.rps_limit,
		"repeated_by": storm_edges,
	},
	"asks": ["amplification"],
	"evidence": array.concat([e.addr | some e in input.subject.retry_edges], input.subject.covers),
	"fix": storm_fix,
	"alternatives": storm_alternatives,
} if {
	not input.subject.covered_by.value # else that target's finding speaks for this one
	v := lib.all_of([
		lib.at_least(input.subject.amplification, input.system.params.amplification_warn),
		lib.at_least(input.subject.retry_layers, 2),
	])
	lib.fires(v)
}

storm_severity := "critical" if {
	too_much
} else := "high" if {
	input.subject.amplification.value >= input.system.params.amplification_high
} else := "medium"

too_much if input.subject.amplified_rate.value > input.subject.capacity.value

too_much if input.subject.amplified_rate.value > input.subject.rps_limit.value

storm_size := concat("", [failure, "{rate} become {load_when_failing}, {amplification} as many"]) if {
	input.subject.amplified_rate.value
} else := concat("", [failure, "every request is tried {amplification}"])

# Where a mesh repeats what could not be sent, an unreachable callee gets more than one that answers with errors.
unreachable_is_worse if not errors_count_as_much

errors_count_as_much if "5xx" in input.subject.amplification_classes.value

failure := "When {subject} cannot be reached, " if {
	unreachable_is_worse
} else := "When {subject} fails, "

storm_limit := ", and its contract allows {contract}." if {
	input.subject.amplified_rate.value > input.subject.rps_limit.value
} else := ", and it serves {capacity} at most." if {
	input.subject.amplified_rate.value > input.subject.capacity.value
} else := "."

storm_answered := " When it answers with HTTP 500, it gets {load_on_http_500}." if {
	unreachable_is_worse
	input.subject.amplified_rate_by_class.http_5xx.value > input.subject.rate.value
} else := ""

storm_edges := array.concat(array.slice(all, 0, most), rest) if {
	all := [sprintf("%s (%v tries)", [edge_name(e.addr), e.attempts]) | some e in input.subject.retry_edges]
	most := 5
	rest := [sprintf("%d more", [count(all) - most]) | count(all) > most]
}

# "orders/charge" for service.orders.call.charge
edge_name(addr) := concat("/", [split(addr, ".")[1], lib.label(addr)])

# A change of more calls than a reader can weigh is a plan, not a fix.
readable := 8

storm_fix := shared_budget if {
	shared_budget
} else := one_layer_left

storm_alternatives := [one_layer_left] if {
	shared_budget
} else := [ops | ops := array.concat(budgets, mesh_off); count(ops) <= readable]

# Where one policy hands down every retry, it is the cause: a budget there is one change for all targets.
shared_budget := [{"at": from, "set": "retry.budget", "value": "10%"}] if {
	count(unique_meshes) == 0
	[from] := [f | some f in {e.from | some e in input.subject.retry_edges; e.own > 1}]
	startswith(from, "policy.")
}

one_layer_left := ops if {
	ops := array.concat(others_once, mesh_off)
	count(ops) <= readable
} else := [{"advise": sprintf("Let one layer try again, the one next to the failure: max_attempts = 1 on the %d calls above it, or a retry budget of 10%% in the policies that they share.", [count(others_once)])}]

# One layer stays, the one next to the failure: of the others the callers stop, and the mesh where it is not that one.
others_once := [{"at": e.addr, "set": "retry", "value": {"max_attempts": 1}} |
	some e in input.subject.retry_edges
	e.own > 1
	not e.last
]

mesh_off := [op |
	not mesh_is_last
	some e in unique_meshes
	some op in silence(e)
]

mesh_is_last if {
	every e in input.subject.retry_edges {
		mesh_only_last(e)
	}
}

mesh_only_last(e) if e.mesh == ""

mesh_only_last(e) if {
	e.last
	e.own == 1
}

unique_meshes := {[e.mesh, e.mesh_policy] | some e in input.subject.retry_edges; e.mesh != ""}

silence([mesh, policy]) := [{"at": policy, "set": "retry", "value": "none"}] if {
	policy != ""
} else := [
	{"add": "policy", "label": label, "value": {"retry": "none"}},
	{"at": mesh, "set": "policy", "value": concat(".", ["policy", label])},
] if {
	label := concat("_", [lib.label(mesh), "calls"])
}

budgets := [{"at": e.addr, "set": "retry", "value": {"max_attempts": 2, "budget": "10%"}} |
	some e in input.subject.retry_edges
	e.own > 1
]
