# Leaves of the decision flowchart that are chosen on a transaction. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.transaction}]
package archcheck.flowchart.transaction

import data.archcheck.lib

# D13 Two-Phase Commit: stores that must agree at once, and all of them can prepare.
d13 := {
	"verdict": lib.all_of(array.concat(
		[lib.at_least(input.subject.store_count, 2), lib.is(input.subject.consistency, "strong")],
		[lib.is(p.xa, true) | some p in input.subject.participants],
	)),
	"say": "{stores} must agree at once, and all can prepare",
	"facts": {"stores": lib.labels([s.addr | some s in input.subject.participants; s.type == "datastore"])},
}
