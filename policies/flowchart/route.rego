# Leaves of the decision flowchart that are chosen on a route. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.route}]
package archcheck.flowchart.route

import data.archcheck.lib

# D27 Feature Flags: a share of the traffic already goes the new way.
d27 := {
	"verdict": lib.one_of(input.subject.status, {"shadow", "canary"}),
	"say": "its status is {status}: who takes the new way must be decided while it runs",
	"facts": {"status": input.subject.status},
}
