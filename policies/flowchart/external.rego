# Leaves of the decision flowchart that are chosen on a external. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.external}]
package archcheck.flowchart.external

import data.archcheck.lib

# D08 Rate Limiting: a contract limits what it takes.
d08 := {
	"verdict": lib.present(input.subject.rps_limit),
	"say": "its contract allows {limit}",
	"facts": {"limit": input.subject.rps_limit},
}
