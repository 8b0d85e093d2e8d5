# Leaves of the decision flowchart that are chosen on a migration. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.migration}]
package archcheck.flowchart.migration

import data.archcheck.lib

# D28 Strangler Fig: the old system serves while it is replaced.
d28 := {
	"verdict": lib.unless(lib.is(input.subject.done, true)),
	"say": "{legacy} keeps serving while it is replaced",
	"facts": {"legacy": lib.label(input.subject.legacy.value)},
}
