# Leaves of the decision flowchart that are chosen on a datastore. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.datastore}]
package archcheck.flowchart.datastore

import data.archcheck.lib

# D15 Event Sourcing: the trail is the requirement.
d15 := {
	"verdict": lib.is(input.subject.audit, "required"),
	"say": "an audit trail is required",
	"facts": {"audit": input.subject.audit},
}
