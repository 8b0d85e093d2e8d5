# Scenarios that show in one API. A force has one value, a result without severity; its name is the scenario's id.

# METADATA
# scope: package
# schemas: [{input: schema.api}]
package archcheck.scenarios.api

import data.archcheck.lib

# SCN-01 Building a public API: a published version is a promise to clients that nobody can release together with it.
scn_01 := {
	"verdict": lib.all_of([lib.is(input.subject.public, true), lib.present(input.subject.version)]),
	"say": "the versioned REST API of {owner} is open to {callers}",
	"facts": {"callers": lib.labels(input.subject.public_callers), "owner": lib.label(input.subject.owner)},
} if {
	input.subject.style == "rest"
}
