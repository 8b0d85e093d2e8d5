# Scenarios that show in one unit of work. A force has one value, a result without severity; its name is the scenario's id.

# METADATA
# scope: package
# schemas: [{input: schema.write_set}]
package archcheck.scenarios.write_set

import data.archcheck.lib

# SCN-05 E-commerce checkout: what costs money when it is half done, whatever it is called.
scn_05 := {
	"verdict": lib.all_of([
		lib.is(input.subject.user_facing, true),
		lib.is(input.subject.financial, true),
		lib.at_least(input.subject.count, 2),
		lib.at_least(count(input.subject.services), 2),
	]),
	"say": "{services} write {stores} in one unit of work",
	"facts": {
		"services": lib.labels(input.subject.services),
		"stores": lib.labels([s.addr | some s in input.subject.stores]),
	},
}
