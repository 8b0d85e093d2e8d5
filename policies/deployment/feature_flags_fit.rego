package archcheck.rules.deployment.feature_flags_fit

import data.archcheck.lib

# METADATA
# scope: document
# title: A flag in the client stands for a permission
# description: What runs at the user can be changed by the user. A permission that only the client checks is a button that is hidden, and no more.
# related_resources: [https://martinfowler.com/articles/feature-toggles.html]
# schemas: [{input: schema.flag}]
# custom:
#   id: DEP-033
#   kind: misuse
#   severity: medium
#   pattern: deployment/feature-flags
#   subject: flag
#   trade_offs: The service has to know the user's permissions at each request.
#   waive_when: The services check the permission by other means than this flag.
#   cleared_by: A service that the client reaches among the users of the flag.
client_permission contains {
	"verdict": v,
	"say": "Whoever changes {clients} has the permission {permission}: no service that it reaches asks for it.",
	"facts": {"permission": lib.label(input.addr), "clients": lib.labels(input.subject.clients), "kind": input.subject.kind},
	"evidence": input.subject.clients,
	"fix": enforce,
} if {
	count(input.subject.clients) > 0
	v := lib.all_of([lib.is(input.subject.kind, "permission"), lib.unless(lib.is(input.subject.enforced, true))])
	lib.fires(v)
}

# Where one service takes all requests of the client, it is the place to check; of several somebody has to choose.
default enforce := [{"advise": "Check the permission in the service that acts on it, and state that service as a user of the flag."}]

enforce := [
	{"set": "used", "value": array.concat(input.subject.services, array.concat(input.subject.clients, input.subject.first_services))},
	{"advise": sprintf("Check the permission in %s.", [lib.label(input.subject.first_services[0])])},
] if {
	count(input.subject.first_services) == 1
}

# METADATA
# scope: document
# title: Too many release flags in one service
# description: Each flag doubles the number of ways in which a service can run. Beyond a few, most of them have never been tried.
# related_resources: [https://martinfowler.com/articles/feature-toggles.html]
# schemas: [{input: schema.service}]
# custom:
#   id: DEP-034
#   kind: misuse
#   severity: low
#   pattern: deployment/feature-flags
#   subject: service
#   waive_when: The flags belong to parts of the service that have nothing to do with each other.
#   cleared_by: Ten release flags or fewer; kind = "ops" or "permission" of those that stay on purpose.
flag_explosion contains {
	"verdict": v,
	"say": "An error that needs two or three of the {n} release flags of {subject} together is found by users: they can stand in {ways} ways, and no test tries them all.",
	"facts": {"n": n, "ways": bits.lsh(1, min([n, 40])), "expired": lib.labels(input.subject.expired_flags)},
	"evidence": input.subject.release_flags,
	"fix": [{"advise": clean_up}],
} if {
	v := lib.above(n, 10)
	lib.fires(v)
}

n := count(input.subject.release_flags)

default clean_up := "Remove the flags whose release is over, with the code on their dead sides."

clean_up := sprintf("Remove the flags whose end is past, with the code on their dead sides: %s.", [concat(", ", lib.labels(input.subject.expired_flags))]) if {
	count(input.subject.expired_flags) > 0
}

# METADATA
# scope: document
# title: The flag cannot be switched back
# description: A flag promises a way back to the old code. After a change that the old code cannot read, that way leads into errors.
# related_resources: [https://martinfowler.com/bliki/ParallelChange.html]
# schemas: [{input: schema.flag}]
# custom:
#   id: DEP-035
#   kind: conflict
#   severity: high
#   pattern: deployment/feature-flags
#   subject: flag
#   trade_offs: Both shapes are kept until the flag is gone.
#   cleared_by: phase = "expand" of the change that it guards, or a change of kind = "additive".
no_way_off contains {
	"verdict": v,
	"say": "Switching {subject} off breaks the code behind it: the old side cannot read what {change} of {store} leaves.",
	"facts": {
		"change": lib.label(input.subject.gates.value), "store": lib.label(substring(input.subject.gates.value, 0, indexof(input.subject.gates.value, ".schema_change"))),
		"kind": input.subject.gates_kind, "phase": input.subject.gates_phase,
	},
	"asks": ["kind", "phase"],
	"evidence": [input.subject.gates.value],
	"fix": [
		{"at": input.subject.gates.value, "set": "phase", "value": "expand"},
		{"advise": "Add the new shape beside the old one, let the flag choose which one is read, and drop the old shape when the flag is gone."},
	],
} if {
	input.subject.gates.value
	v := lib.all_of([lib.is(input.subject.gates_kind, "breaking"), lib.unless(lib.is(input.subject.gates_phase, "expand"))])
	lib.fires(v)
}
