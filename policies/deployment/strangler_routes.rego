package archcheck.rules.deployment.strangler_routes

import data.archcheck.lib

# METADATA
# scope: document
# title: The old and the new service write the same data
# description: Two writers that do not know of each other overwrite each other's changes. Nobody can say afterwards which one was right.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/strangler-fig]
# schemas: [{input: schema.route}]
# custom:
#   id: DEP-043
#   kind: misconfigured
#   severity: critical
#   effect: loss
#   pattern: deployment/strangler-fig
#   subject: route
#   trade_offs: Until the cutover of its route, one side sees changes late.
#   cleared_by: One writer per route, with sync = "cdc" to the other side.
two_writers contains {
	"verdict": v,
	"say": both,
	"facts": {
		"legacy": lib.label(input.subject.legacy), "target": input.subject.to, "stores": lib.labels(shared), "sync": input.subject.sync,
		"status": input.subject.status, "apart": input.subject.two_stores,
	},
	"asks": ["status", "sync", "apart"],
	"evidence": array.concat([input.subject.legacy], shared),
	"fix": [{"advise": one_writer}],
} if {
	v := lib.all_of([
		lib.one_of(input.subject.status, {"shadow", "canary", "migrated"}),
		lib.any_of([
			lib.sure(count(input.subject.shared_stores) > 0),
			possibly,
			lib.all_of([
				lib.is(input.subject.two_stores, true),
				lib.any_of([lib.absent(input.subject.sync), lib.is(input.subject.sync, "dual_write")]),
			]),
		]),
	])
	lib.fires(v)
}

default possibly := "pass"

possibly := "risk" if count(input.subject.possible_shared_stores) > 0

shared := input.subject.shared_stores if {
	count(input.subject.shared_stores) > 0
} else := input.subject.possible_shared_stores

both := "{legacy} and {target} overwrite each other's changes in {stores}: both write it, and no rule says who is right." if {
	count(input.subject.shared_stores) > 0
} else := "{legacy} and {target} may overwrite each other's changes in {stores}: both use it, and nobody says that only one of them writes." if {
	count(shared) > 0
} else := "What {legacy} and {target} know of the same data drifts apart: each writes a store of its own, and nothing carries the changes over without loss."

one_writer := "Let one side write until its route is cut over, and carry its changes to the other side by change data capture."

# METADATA
# scope: document
# title: A migrated route still needs the old service
# description: A route that is said to be migrated while the old service serves or writes its data is neither here nor there. The old service cannot be switched off, and going back is not prepared.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/strangler-fig]
# schemas: [{input: schema.route}]
# custom:
#   id: DEP-047
#   kind: conflict
#   severity: medium
#   pattern: deployment/strangler-fig
#   subject: route
#   cleared_by: status = "canary" until nothing of the old service is left on the route.
half_migrated contains {
	"verdict": v,
	"say": residue,
	"facts": {
		"legacy": lib.label(input.subject.legacy), "route": lib.label(input.addr), "stores": lib.labels(input.subject.legacy_writes),
		"calls": lib.labels(input.subject.legacy_calls), "status": input.subject.status,
	},
	"asks": ["status"],
	"evidence": array.concat(input.subject.legacy_calls, input.subject.legacy_writes),
	"fix": [{"set": "status", "value": "canary"}],
	"alternatives": [[{"advise": sprintf("Take the rest of the route from %s.", [lib.label(input.subject.legacy)])}]],
} if {
	count(input.subject.legacy_calls) + count(input.subject.legacy_writes) > 0
	v := lib.is(input.subject.status, "migrated")
	lib.fires(v)
}

residue := "{legacy} cannot be switched off, though {route} is said to be migrated: it still writes {stores}." if {
	count(input.subject.legacy_writes) > 0
} else := "{legacy} cannot be switched off, though {route} is said to be migrated: {calls} still reaches it."
