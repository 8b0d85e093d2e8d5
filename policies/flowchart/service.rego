# Leaves of the decision flowchart that are chosen on a service. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.service}]
package archcheck.flowchart.service

import data.archcheck.lib

# D09 Pub/Sub: several callees are told, and none is asked.
d09 := {
	"verdict": lib.at_least(input.subject.listener_count, 3),
	"say": "it tells {callees} and waits for none of their answers",
	"facts": {"callees": lib.labels({l.service | some l in input.subject.listeners}), "n": input.subject.listener_count},
}
