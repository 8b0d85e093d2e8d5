# Leaves of the decision flowchart that are chosen on a store. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.store}]
package archcheck.flowchart.store

import data.archcheck.lib

# D14 CQRS: many reads for each write, on a store that has little left.
d14 := {
	"verdict": lib.all_of([lib.at_least(input.subject.reads_per_write, 10), lib.at_least(input.subject.utilisation, 0.7)]),
	"say": "{ratio} reads for each write, and the store is {use} busy",
	"facts": {"ratio": input.subject.reads_per_write, "use": input.subject.utilisation},
}

# D29 Database Per Service: two writers have to agree on every change of the schema.
d29 := {
	"verdict": lib.at_least(count(input.subject.known_writers), 2),
	"say": "{writers} write it",
	"facts": {"writers": lib.labels(input.subject.known_writers)},
}
