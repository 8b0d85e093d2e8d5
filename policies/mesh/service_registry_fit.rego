package archcheck.rules.mesh.service_registry_fit

import data.archcheck.lib

# METADATA
# scope: document
# title: The address of a service is written down
# description: A service that scales out or is replaced at a release gets new addresses. A caller that knows one by heart reaches the wrong copy, or none.
# related_resources: ["https://microservices.io/patterns/service-registry.html"]
# schemas: [{input: schema.call}]
# custom:
#   id: DSC-001
#   kind: missing
#   severities:
#     medium: the callee scales, moves or is released by replacing its copies
#     low: its copies seldom change
#   pattern: mesh/service-registry
#   subject: call
#   trade_offs: A name has to be looked up, and the answer kept for as long as it holds.
#   waive_when: The address is that of a load balancer that stays.
#   cleared_by: discovery = "dns" or a registry; a proxy or a mesh in between.
static_address contains {
	"verdict": v,
	"severity": static_severity,
	"say": static_message,
	"facts": {"discovery": input.subject.discovery, "most": input.to.max_replicas, "strategy": input.subject.callee_strategy},
	"asks": ["discovery"],
	"fix": [{"set": "discovery", "value": "dns"}],
} if {
	input.from.type in {"service", "gateway"}
	input.to.type == "service"
	input.subject.shared_mesh.value == false
	v := lib.is(input.subject.discovery, "static")
	worth_saying(v)
}

# How callers find a service that stays where it is asks nobody.
worth_saying(v) if v in {"violation", "risk"}

worth_saying(v) if {
	v == "question"
	moves
	lib.one_of(input.system.platform, {"kubernetes", "serverless"}) == "pass"
}

moves if scales_out

moves if replaced

moves if replaced_by_platform

scales_out if lib.above(input.to.max_replicas, input.to.replicas) in {"violation", "risk"}

replaced if lib.one_of(input.subject.callee_strategy, {"blue_green", "canary"}) in {"violation", "risk"}

replaced_by_platform if lib.one_of(input.system.platform, {"kubernetes", "serverless"}) in {"violation", "risk"}

default static_severity := "low"

static_severity := "medium" if moves

static_message := "{from} misses the new copies of {to}, which scales out to {most}: the address is written down." if {
	scales_out
} else := "{from} loses {to} at a release, which replaces its copies ({strategy}): the address is written down." if {
	replaced
} else := "{from} loses {to} at a release, which replaces its copies: the address is written down." if {
	replaced_by_platform
} else := "{from} has to be changed and released when {to} moves: the address is written down."

# METADATA
# scope: document
# title: A second registry beside the platform's own
# description: Kubernetes already knows where every copy runs and whether it is ready. A second list has to be kept equal to the first, and differs from it at the worst time.
# related_resources: ["https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"]
# schemas: [{input: schema.registry}]
# custom:
#   id: DSC-005
#   kind: conflict
#   severity: low
#   pattern: mesh/service-registry
#   subject: registry
#   subsumes: [DSC-006]
#   trade_offs: DNS answers are kept by callers for a while, and carry no metadata.
#   waive_when: The registry keeps more than addresses, such as configuration, or is being left.
#   cleared_by: discovery = "dns"; a legacy user or one in another region, which the platform does not know.
second_registry contains {
	"verdict": v,
	"say": "Two lists of addresses have to agree, and only one is needed: {users} look up in {subject}, and all of them run on kubernetes, whose DNS knows every copy that is ready.",
	"facts": {"users": users, "platform": input.system.platform, "replicas": input.subject.replicas},
	"evidence": [u.addr | some u in input.subject.users],
	"fix": [{"at": u.addr, "set": "discovery", "value": "dns"} | some u in input.subject.users],
} if {
	input.subject.user_count.value > 0
	v := lib.all_of([
		lib.is(input.system.platform, "kubernetes"),
		lib.is(input.subject.legacy_user, false),
		lib.is(input.subject.other_region, false),
	])
	v in {"violation", "risk"}
}

users := lib.labels([u.addr | some u in input.subject.users])

# METADATA
# scope: document
# title: A registry for a handful of names
# description: A registry is a cluster of its own to run, to upgrade and to watch. For a few services that stay where they are, names in DNS do the same.
# related_resources: ["https://microservices.io/patterns/service-registry.html"]
# schemas: [{input: schema.registry}]
# custom:
#   id: DSC-006
#   kind: misuse
#   severity: low
#   pattern: mesh/service-registry
#   subject: registry
#   trade_offs: Names in DNS have to be changed by somebody when a service moves.
#   waive_when: More services are about to come.
#   cleared_by: four or more services; scale.max on one of them; a legacy user.
registry_for_few contains {
	# How many there will be, nobody states: today's number is the assumption.
	"verdict": "risk",
	"say": "{subject} is one more cluster to run and to watch, and it keeps the names of {n} services, none of which scales out. Unless there will be more, DNS names do the same.",
	"facts": {"n": input.subject.services, "users": users},
	"evidence": [u.addr | some u in input.subject.users],
	"fix": [{"at": u.addr, "set": "discovery", "value": "dns"} | some u in input.subject.users],
} if {
	input.subject.user_count.value > 0
	v := lib.all_of([
		lib.at_most(input.subject.services, 3),
		lib.is(input.subject.autoscaled, false),
		lib.is(input.subject.legacy_user, false),
	])
	v in {"violation", "risk"}
}
