# Leaves of the decision flowchart that are chosen on a unit of work. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.write_set}]
package archcheck.flowchart.write_set

import data.archcheck.lib

# D12 Saga: one unit of work, several stores that no local transaction spans, and time to agree.
d12 := {
	"verdict": lib.all_of([
		lib.at_least(input.subject.independent, 2),
		lib.is(input.subject.one_unit, true),
		lib.unless(lib.is(input.subject.consistency, "strong")),
	]),
	"say": "one unit of work writes {stores}",
	"facts": {"stores": lib.labels([s.addr | some s in input.subject.stores])},
}
