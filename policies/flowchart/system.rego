# Leaves of the decision flowchart that are chosen on a system. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.system}]
package archcheck.flowchart.system

import data.archcheck.lib

# D11 Event-Driven Architecture: a long chain of writes stands together only because nobody publishes.
d11 := {
	"verdict": lib.all_of([
		lib.at_least(input.subject.depth, 4),
		lib.at_least(input.subject.ignored_write_share, 0.5),
	]),
	"say": "a chain {depth} calls deep, of which {n} write and wait for no answer",
	"facts": {"depth": input.subject.depth, "n": count(input.subject.ignored_writes)},
}

# D22 Sidecar: the same concern in every language.
d22 := {
	"verdict": lib.all_of([
		lib.at_least(count(input.subject.languages), 2),
		lib.at_least(count(input.subject.cross_cutting_needs), 1),
	]),
	"say": "{languages} services each need {needs}",
	"facts": {"languages": input.subject.languages, "needs": input.subject.cross_cutting_needs},
}

# D23 Service Mesh: many services, and needs that the network could meet for all of them.
d23 := {
	"verdict": lib.all_of([
		lib.at_least(input.subject.services, input.system.params.mesh_worth),
		lib.at_least(input.subject.network_concerns, 2),
	]),
	"say": "{services} services share {concerns} concerns of the network",
	"facts": {"services": input.subject.services, "concerns": input.subject.network_concerns},
}
