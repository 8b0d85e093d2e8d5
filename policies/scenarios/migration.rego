# Scenarios that show in one migration. A force has one value, a result without severity; its name is the scenario's id.

# METADATA
# scope: package
# schemas: [{input: schema.migration}]
package archcheck.scenarios.migration

import data.archcheck.lib

# SCN-10 Legacy modernization.
scn_10 := {
	"verdict": "violation",
	"say": "{migration} replaces {legacy}",
	"facts": {"migration": lib.label(input.addr), "legacy": lib.label(input.subject.legacy.value)},
}
