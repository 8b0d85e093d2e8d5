# Scenarios that show in one transaction. A force has one value, a result without severity; its name is the scenario's id.

# METADATA
# scope: package
# schemas: [{input: schema.transaction}]
package archcheck.scenarios.transaction

import data.archcheck.lib

# SCN-05 E-commerce checkout: a charge at a provider is a write that no rollback takes back.
scn_05 := {
	"verdict": lib.all_of([lib.is(input.subject.user_facing, true), lib.at_least(input.subject.service_count, 2)]),
	"say": "{transaction} runs through {services} services and {external}",
	"facts": {
		"transaction": lib.label(input.addr), "services": input.subject.service_count,
		"external": lib.labels(input.subject.externals),
	},
} if {
	count(input.subject.externals) > 0
}
