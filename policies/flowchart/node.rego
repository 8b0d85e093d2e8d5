# Leaves of the decision flowchart that are chosen on a service, topic or queue. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.node}]
package archcheck.flowchart.node

import data.archcheck.lib

# D16 API Gateway: several parts face the internet on their own.
d16 := {
	"verdict": lib.is(input.subject.exposed, true),
	"say": "{n} parts face the internet with no gateway between",
	"facts": {"n": input.subject.exposed_count},
} if {
	input.subject.exposed_count >= 2
}
