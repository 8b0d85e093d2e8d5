# Scenarios that show in one service. A force has one value, a result without severity; its name is the scenario's id.

# METADATA
# scope: package
# schemas: [{input: schema.service}]
package archcheck.scenarios.service

import data.archcheck.lib

# SCN-10 Legacy modernization. A vendor's box is nobody's to modernise.
scn_10 := {
	"verdict": lib.is(input.subject.legacy, true),
	"say": "{service} is legacy",
	"facts": {"service": lib.label(input.addr)},
} if {
	not input.subject.opaque.value
}
