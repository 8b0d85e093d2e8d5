package archcheck.rules.deployment.strangler_fit

import data.archcheck.lib

# METADATA
# scope: document
# title: The old model grows into the new service
# description: A new service that calls the old one speaks its language. The names and rules of the old system then outlive it.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/anti-corruption-layer]
# schemas: [{input: schema.call}]
# custom:
#   id: DEP-044
#   kind: misconfigured
#   severity: low
#   pattern: deployment/strangler-fig
#   subject: call
#   trade_offs: One more service to build for as long as the migration lasts.
#   waive_when: The call goes away with the next route.
#   cleared_by: anti_corruption of the migration, a service that calls the old one in the new one's stead.
leaking_model contains {
	"verdict": v,
	"say": "{from} keeps names and rules of {to} after {to} is gone: it calls it in its own model, and {migration} states no layer that translates.",
	"facts": {"migration": lib.label(input.subject.migration.value), "layer": input.subject.anti_corruption},
	"asks": ["layer"],
	"evidence": [input.subject.migration.value],
	"fix": [{"advise": sprintf("Put a service between %s and %s that translates, and state it as anti_corruption of %s.", [lib.label(input.from.addr), lib.label(input.to.addr), lib.label(input.subject.migration.value)])}],
} if {
	input.subject.migration.value
	v := lib.all_of([lib.is(input.subject.new_side, true), lib.absent(input.subject.anti_corruption)])
	lib.fires(v)
}

# METADATA
# scope: document
# title: A facade that does not pay
# description: A migration piece by piece needs requests that can be redirected, and enough of them to be worth two systems and a facade.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/strangler-fig]
# schemas: [{input: schema.migration}]
# custom:
#   id: DEP-046
#   kind: misuse
#   severities:
#     high: requests to the old system cannot be redirected
#     low: there is one route, and hardly any traffic
#   pattern: deployment/strangler-fig
#   subject: migration
#   subsumes: [DEP-041]
#   trade_offs: One cutover has no small first step, so it has to be rehearsed.
#   waive_when: The facade is there anyway.
#   cleared_by: strategy = "big_bang"; interceptable = true; a second route.
pays_not contains {
	"verdict": "violation",
	"severity": cost,
	"say": reason,
	"facts": {
		"legacy": input.subject.legacy, "rate": input.subject.legacy_rate, "routes": input.subject.route_count,
		"interceptable": input.subject.interceptable,
	},
	"evidence": [input.subject.legacy.value],
	"fix": one_step,
} if {
	lib.is(input.subject.strategy, "strangler") == "violation"
	lib.is(input.subject.done, true) == "pass"
	cost
}

# Nobody is asked whether requests can be redirected: a facade that works says so.
cost := "high" if {
	input.subject.interceptable.value == false
	planned == "pass"
} else := "low" if {
	input.subject.route_count.value == 1
	lib.below(input.subject.legacy_rate, 1) == "violation"
}

# Several routes and a day on which the last one is done: somebody has found another way.
planned := lib.all_of([lib.present(input.subject.finish), lib.at_least(input.subject.route_count, 2)])

reason := "No route of {legacy} can be moved by itself: its requests cannot be redirected, so a facade has nothing to choose." if {
	cost == "high"
} else := "Two systems and a facade are run for {rate} to one route of {legacy}: replacing it in one step costs less."

one_step := [{"advise": "Replace it in one step, rehearsed on a copy of its data, or put something before it first that can redirect its requests."}] if {
	cost == "high"
} else := [{"set": "strategy", "value": "big_bang"}, {"advise": "Rehearse the cutover, and keep the way back until the new side has proven itself."}]
