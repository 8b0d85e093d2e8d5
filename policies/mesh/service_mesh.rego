package archcheck.rules.mesh.service_mesh

import data.archcheck.lib

# METADATA
# scope: document
# title: Many services solve the same network problems one by one
# description: Encryption, limits, telemetry and routing of releases are missing in many places at once. A mesh sets them in one.
# related_resources: ["https://istio.io/latest/docs/concepts/what-is-istio/"]
# schemas: [{input: schema.system}]
# custom:
#   id: DSC-020
#   kind: missing
#   severities:
#     medium: three or more concerns of the network are solved once per language
#     low: fewer concerns
#   pattern: mesh/service-mesh
#   subject: system
#   trade_offs: A proxy beside every replica, a control plane to run, and a team that knows both.
#   waive_when: A library that all services share sets the same.
#   cleared_by: a mesh; fewer than ten services or twenty calls; at most one of the four concerns.
no_mesh contains {
	"verdict": v,
	"severity": mesh_severity,
	"say": "{n} services solve {concerns} concerns of the network one by one, over {calls} calls{details}. A mesh sets them in one place.",
	"facts": {
		"n": input.subject.services, "calls": input.subject.worker_calls, "concerns": input.subject.network_concerns,
		"details": mesh_details,
	},
	"evidence": array.concat(input.subject.tagged_data_without_mtls, input.subject.canary_without_router),
	"fix": [{"add": "mesh", "label": "main", "value": {"members": "all", "mtls": "strict"}}],
} if {
	v := lib.all_of([
		lib.at_least(input.subject.services, input.system.params.mesh_worth),
		lib.at_least(input.subject.worker_calls, 20),
		lib.at_most(input.subject.meshes, 0),
		lib.at_least(input.subject.network_concerns, 2),
		lib.unless(lib.sure(serverless)),
	])
	v in {"violation", "risk"}
}

default serverless := false

serverless if input.system.platform.value == "serverless"

default mesh_severity := "low"

mesh_severity := "medium" if input.subject.network_concerns.value >= 3

mesh_details := sprintf(": %s", [concat(", ", ds)]) if {
	ds := [sprintf("%d %s", [c.n, c.what]) | some c in mesh_concerns; c.n > 0]
	count(ds) > 0
} else := ""

mesh_concerns := [
	{"n": count([l | some l in input.subject.languages; count(input.subject.languages) > 2]), "what": "languages"},
	{"n": count(input.subject.tagged_data_without_mtls), "what": "with sensitive data in plain text"},
	{"n": count([c | some c in input.subject.calls_without_guard; input.subject.calls_without_guard_share.value >= 0.3]), "what": "of the calls without timeout or breaker"},
	{"n": count(input.subject.canary_without_router), "what": "with a canary that nothing routes"},
]

# METADATA
# scope: document
# title: Sensitive data travels in a mesh that accepts plain text
# description: A permissive mesh encrypts where both sides can, and still answers anybody in the network who does not.
# related_resources: ["https://istio.io/latest/docs/concepts/security/"]
# schemas: [{input: schema.mesh}]
# custom:
#   id: DSC-021
#   severity: high
#   pattern: mesh/service-mesh
#   subject: mesh
#   subsumes: [DSC-024]
#   trade_offs: Callers outside the mesh are refused, so they have to become members or come through a gateway.
#   waive_when: Members are being enrolled, and a date for strict is set.
#   cleared_by: mtls = "strict"; no member that uses a store of tagged data.
permissive_mtls contains {
	"verdict": v,
	"say": "Any process in the network can read {data} from {members} in plain text: {subject} encrypts where a caller offers it (permissive) and refuses nobody.",
	"facts": {"mtls": input.subject.mtls, "data": sensitive, "members": lib.labels(input.subject.data_members)},
	"evidence": input.subject.data_members,
	"fix": [{"set": "mtls", "value": "strict"}],
} if {
	count(sensitive) > 0
	v := lib.unless(lib.is(input.subject.mtls, "strict"))
	lib.fires(v)
}

sensitive := [d | some d in input.subject.data; d in {"pii", "financial", "health"}]

# METADATA
# scope: document
# title: A call comes from outside the mesh
# description: What a mesh does for a call takes a proxy at both ends. A service without one speaks plain text, which strict mutual TLS refuses, and nobody enforces the mesh's limits for it.
# related_resources: ["https://istio.io/latest/docs/concepts/security/"]
# schemas: [{input: schema.call}]
# custom:
#   id: DSC-023
#   kind: conflict
#   severities:
#     high: strict mutual TLS refuses the call
#     medium: the call works, and nobody enforces its limits
#   pattern: mesh/service-mesh
#   subject: call
#   trade_offs: A proxy beside the caller, or one more hop through a gateway.
#   waive_when: The callee makes an exception for this port, or a library of the caller reads the mesh's policy.
#   cleared_by: both ends in one mesh; a gateway in between; mtls = "permissive", and limits from elsewhere than the mesh's policy.
outside_the_mesh contains {
	"verdict": v,
	"severity": "high",
	"say": "Every call of {from} to {to} is refused: {to} is in {mesh}, whose mutual TLS is strict, and {from} is in no mesh.",
	"facts": {"mesh": lib.label(input.to.meshes[0]), "mtls": input.subject.callee_mesh_mtls, "crosses": input.subject.crosses_mesh},
	"evidence": input.to.meshes,
	"fix": [{"advise": enrol}],
	"alternatives": [[{"advise": sprintf("Let %s call through a gateway, or make an exception for its port.", [lib.label(input.from.addr)])}]],
} if {
	between_services
	v := lib.all_of([
		lib.is(input.subject.crosses_mesh, "to"),
		lib.is(input.subject.callee_mesh_mtls, "strict"),
	])
	lib.fires(v)
}

outside_the_mesh contains {
	"verdict": v,
	"severity": "medium",
	"say": unenforced,
	"facts": {
		"limits": [replace(l, "_", " ") | some l in input.subject.claimed_from_mesh], "policy": lib.label(input.subject.claimed_policy),
		"mesh": lib.label(input.to.meshes[0]), "timeout": input.subject.timeout,
	},
	"evidence": array.concat([input.subject.claimed_policy], input.to.meshes),
	"fix": [{"advise": enrol}],
	"alternatives": [[{"advise": sprintf("Name a policy on the call that a library of %s enforces.", [lib.label(input.from.addr)])}]],
} if {
	between_services
	count(input.subject.claimed_from_mesh) > 0
	v := lib.unless(lib.is(input.subject.callee_mesh_mtls, "strict"))
	lib.fires(v)
}

between_services if {
	input.from.type == "service"
	input.to.type == "service"
}

enrol := sprintf("Add %s to the members of %s.", [input.from.addr, input.to.meshes[0]])

unenforced := "A hang of {to} holds {from} for as long as it lasts: a proxy of {mesh} would enforce the {limits} of {policy}, and {from} has no proxy." if {
	some limit in input.subject.claimed_from_mesh
	limit in {"timeout", "deadline"}
} else := "{from} goes on calling {to} while it fails: a proxy of {mesh} would enforce the {limits} of {policy}, and {from} has no proxy."

# METADATA
# scope: document
# title: A mesh for a few services
# description: A mesh is a control plane to upgrade and a proxy beside every replica. A few services of one team get limits and telemetry from a library.
# related_resources: ["https://istio.io/latest/docs/ops/deployment/performance-and-scalability/"]
# schemas: [{input: schema.mesh}]
# custom:
#   id: DSC-024
#   kind: misuse
#   severity: medium
#   pattern: mesh/service-mesh
#   subject: mesh
#   trade_offs: Each language needs its library, and encryption has to come from somewhere else.
#   waive_when: More services are about to join.
#   cleared_by: five or more services; mtls = "strict", which is a reason of its own; mode = "ambient"; members of several teams.
mesh_for_few contains {
	"verdict": v,
	"say": heavy_message,
	"facts": {"n": input.subject.services, "proxies": input.subject.proxies, "mtls": input.subject.mtls},
	"fix": [{"set": "mode", "value": "ambient"}],
	"alternatives": [[{"advise": "Set limits and retries in the services' own libraries, and leave the mesh out."}]],
} if {
	count(input.subject.teams) < 2
	v := lib.all_of([
		lib.below(input.subject.services, input.system.params.mesh_heavy),
		lib.unless(lib.is(input.subject.mtls, "strict")),
		lib.unless(lib.is(input.subject.mode, "ambient")),
	])
	lib.fires(v)
}

heavy_message := "A control plane and {proxies} proxies have to be run and upgraded for {n} services, and {subject} does not even enforce encryption." if {
	input.subject.proxies.value
} else := "A control plane and a proxy beside every replica have to be run and upgraded for {n} services, and {subject} does not even enforce encryption."

# METADATA
# scope: document
# title: One copy of the control plane
# description: Proxies keep working without it, but nobody new gets an address or a certificate until it is back.
# related_resources: ["https://istio.io/latest/docs/ops/deployment/architecture/"]
# schemas: [{input: schema.mesh}]
# custom:
#   id: DSC-025
#   severity: low
#   pattern: mesh/service-mesh
#   subject: mesh
#   trade_offs: A second copy takes the memory of the first.
#   cleared_by: two or more replicas of the control plane.
single_control_plane contains {
	"verdict": v,
	"say": "While the one copy of {subject}'s control plane is away, releases and scale-outs of its {members} members wait, and certificates are not renewed.",
	"facts": {"replicas": input.subject.control_plane_replicas, "members": input.subject.member_count},
	"fix": [lib.amend("control_plane", input.subject.control_plane, {"replicas": 2})],
} if {
	v := lib.is(input.subject.control_plane_replicas, 1)
	v in {"violation", "risk"} # a control plane that nobody describes is no question
}

# METADATA
# scope: document
# title: A mesh that limits nothing
# description: Proxies wait as long as the callee takes unless a policy says otherwise. The mesh is paid for, and a hang still spreads.
# related_resources: ["https://istio.io/latest/docs/concepts/traffic-management/"]
# schemas: [{input: schema.mesh}]
# custom:
#   id: DSC-026
#   severity: medium
#   pattern: mesh/service-mesh
#   subject: mesh
#   trade_offs: One limit for all calls is too long for some; calls with their own keep it.
#   cleared_by: a timeout in the mesh's policy; a timeout or deadline on every call between members.
mesh_without_policy contains {
	"verdict": v,
	"say": "A hang of one member reaches its callers: {subject} proxies {calls} and limits none of them, since proxies have no timeout unless a policy states one.",
	"facts": {"calls": lib.labels(input.subject.calls_without_limit), "timeout": input.subject.policy_timeout},
	"evidence": input.subject.calls_without_limit,
	"fix": [{"advise": "Name a policy of the mesh (policy) with a timeout above the slowest of these calls."}],
} if {
	count(input.subject.calls_without_limit) > 0
	v := lib.absent(input.subject.policy_timeout)
	lib.fires(v)
}
