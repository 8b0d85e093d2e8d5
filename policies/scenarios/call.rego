# Scenarios that show in one call. A force has one value, a result without severity; its name is the scenario's id.

# METADATA
# scope: package
# schemas: [{input: schema.call}]
package archcheck.scenarios.call

import data.archcheck.lib

# SCN-03 High-performance internal services: by rate, or by the time that is left for the call. No time at all
# is a mistake in the limits above it, not a fast system.
scn_03 := {
	"verdict": lib.any_of([
		lib.at_least(input.subject.rate, 1000),
		lib.all_of([lib.at_most(input.subject.budget, 50), lib.above(input.subject.budget, 0)]),
	]),
	"say": reason,
	"facts": {"call": input.addr, "rate": input.subject.rate, "budget": input.subject.budget},
} if {
	input.from.type == "service"
	input.to.type == "service"
}

reason := "{call} carries {rate}" if {
	input.subject.rate.value >= 1000
} else := "{call} has a budget of {budget}"
