# Scenarios that show in one service or gateway. A force has one value, a result without severity; its name is the scenario's id.

# METADATA
# scope: package
# schemas: [{input: schema.workload}]
package archcheck.scenarios.workload

import data.archcheck.lib

# SCN-01 Building a public API: a partner is a public client whatever the API looks like.
scn_01 := {
	"verdict": "violation",
	"say": "a partner calls {entry}",
	"facts": {"entry": lib.label(input.addr)},
} if {
	"partner" in input.subject.outside_kinds
}

# SCN-09 Zero-downtime deployments: nobody is there to notice a release of what no user waits for.
scn_09 := {
	"verdict": lib.all_of([
		lib.is(input.subject.user_facing, true),
		lib.any_of([lib.is(input.system.zero_downtime, true), lib.at_least(input.subject.objective, 0.9995)]),
	]),
	"say": reason,
	"facts": {"objective": input.subject.objective},
}

reason := "releases must not interrupt users" if {
	input.system.zero_downtime.value
} else := "the availability objective is {objective}"
