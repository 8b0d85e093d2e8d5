# Leaves of the decision flowchart that are chosen on a publish. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.publish}]
package archcheck.flowchart.publish

import data.archcheck.lib

# D20 Outbox: the same unit of work changes a store and announces it.
d20 := {
	"verdict": lib.all_of([
		lib.any_of([lib.is(w.certain, true) | some w in input.from.writes]),
		lib.unless(lib.is(input.subject.loss, "tolerable")),
	]),
	"say": "it announces what the same request writes to {stores}",
	"facts": {"stores": lib.labels([w.addr | some w in input.from.writes])},
} if {
	count(input.from.writes) > 0
}
