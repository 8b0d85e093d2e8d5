package archcheck.rules.resilience.timeout_journey

import data.archcheck.lib

# METADATA
# scope: document
# title: Latency objective cannot be met
# description: The healthy parts of the journey alone take longer than the objective allows, so no timeout, retry or replica can meet it.
# related_resources: [https://sre.google/workbook/implementing-slos/]
# schemas: [{input: schema.journey}]
# custom:
#   id: RES-046
#   kind: misconfigured
#   severity: high
#   pattern: resilience/timeout
#   subject: journey
#   aliases: [SYS-011]
#   trade_offs: Work that moves behind the answer needs a place to wait and a way to tell its outcome.
#   waive_when: The objective holds for another percentile or another client than the description says.
#   cleared_by: A faster or asynchronous slowest part, or an objective that its parts can meet.
objective_infeasible contains {
	"verdict": v,
	"say": objective_message,
	"facts": {
		"bound": input.subject.healthy_p99,
		"objective": input.subject.latency_objective,
		"slowest": input.subject.slowest,
		"p99": input.subject.slowest_p99,
	},
	"evidence": [input.subject.slowest | input.subject.slowest != ""],
	"fix": [{"advise": softer}],
} if {
	v := lib.any_of([
		lib.above(input.subject.slowest_p99, input.subject.latency_objective),
		no_more_than_risk(lib.above(input.subject.healthy_p99, input.subject.latency_objective)),
	])
	lib.fires(v)
}

objective_infeasible contains {
	"verdict": v,
	"say": "The client gives up after {deadline}, and its own attempts may take {worst}: the last ones never end.",
	"facts": {"deadline": input.subject.client_deadline, "worst": input.subject.entry_worst_case},
	"evidence": [input.subject.entry],
	"fix": [{"at": input.subject.entry, "advise": "Let the client try less often, or shorten the timeout of its attempts, until they fit its deadline."}],
} if {
	v := lib.above(input.subject.entry_worst_case, input.subject.client_deadline)
	lib.fires(v)
}

# Sums of percentiles are bounds, not measurements.
no_more_than_risk(v) := "risk" if {
	v == "violation"
} else := v

objective_message := "When all is well, {slowest} alone takes {p99} at the 99th percentile; the objective is {objective}. No timeout mends that." if {
	input.subject.slowest_p99.value > input.subject.latency_objective.value
} else := "When all is well, the calls of this journey add up to {bound} at the 99th percentile ({slowest}: {p99}); the objective is {objective}. No timeout mends that." if {
	input.subject.slowest_p99.value
} else := "When all is well, the calls of this journey add up to {bound} at the 99th percentile; the objective is {objective}. No timeout mends that."

softer := sprintf("Answer before %s is done (202 and a queue), call in parallel what does not depend on each other, or cache; else state an objective that the parts can meet.", [input.subject.slowest]) if {
	input.subject.slowest != ""
} else := "Call in parallel what does not depend on each other, cache, or answer before the slow part is done; else state an objective that the parts can meet."

# METADATA
# scope: document
# title: Remaining time is not passed down
# description: Services far down the chain do not know that the user's deadline has passed and go on working; retries above make that work pile up.
# related_resources: [https://sre.google/sre-book/addressing-cascading-failures/]
# schemas: [{input: schema.journey}]
# custom:
#   id: RES-048
#   kind: conflict
#   severity: medium
#   pattern: resilience/timeout
#   subject: journey
#   say: "{silent} start work without knowing how much time is left: this journey is {depth} calls deep, {retried} try again, and {exhausted} may begin after its caller's caller has left."
#   trade_offs: Every hop has to read and forward the deadline; grpc does so by itself in most languages.
#   cleared_by: deadline_propagation on the services of the chain or on the system, or limits that fall by a fifth at every hop.
deadline_not_propagated contains {
	"verdict": v,
	"facts": {
		"silent": input.subject.propagation.silent,
		"retried": input.subject.propagation.retried,
		"depth": input.subject.depth,
		"exhausted": input.subject.propagation.exhausted_at,
	},
	"evidence": array.concat(input.subject.propagation.silent, input.subject.propagation.retried),
	"fix": [{"set": "deadline_propagation", "at": input.system.addr, "value": true}],
	"alternatives": [[{"set": "deadline_propagation", "at": s, "value": true} | some s in input.subject.propagation.silent]],
} if {
	count(input.subject.propagation.silent) > 0
	count(input.subject.propagation.retried) > 0
	v := lib.all_of([
		lib.at_least(input.subject.depth, 3),
		lib.is(input.subject.propagation.slack, false),
		lib.present(input.subject.propagation.exhausted_at),
	])
	lib.fires(v)
}
