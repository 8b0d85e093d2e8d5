package archcheck.rules.gateway.api_gateway

import data.archcheck.lib

# METADATA
# scope: document
# title: Clients depend on how the system is cut into services
# description: Each part that faces the internet needs authentication, limits and certificates of its own, and a client that knows the parts breaks when one is split or moved.
# related_resources:
#   - https://microservices.io/patterns/apigateway.html
#   - https://learn.microsoft.com/en-us/azure/architecture/microservices/design/gateway
# schemas: [{input: schema.node}]
# custom:
#   id: GWY-001
#   kind: missing
#   severities:
#     high: clients reach two or more services, topics or queues directly
#     low: they reach one
#   pattern: gateway/api-gateway
#   subject: node
#   subsumes: [GWY-020, COM-010, GWY-010]
#   trade_offs: One more hop on every request, and one more part that has to be redundant.
#   waive_when: The part is made to face the internet, such as the receiver of a partner's webhooks.
#   cleared_by: a gateway of any kind before it, proxy and cdn included; public = false on the client; opaque = true.
no_gateway contains {
	"verdict": v,
	"severity": direct_severity,
	"say": direct,
	"facts": object.union(
		{"exposed": input.subject.exposed},
		lib.beside(v, {"callers": lib.labels(input.subject.direct_from), "parts": input.subject.exposed_count, "others": others}),
	),
	"evidence": array.concat(input.subject.direct_edges, input.subject.direct_from),
	"fix": gateway_fix,
} if {
	input.subject.type in {"service", "topic", "queue"}
	not input.subject.opaque.value
	v := lib.is(input.subject.exposed, true)
	lib.fires(v)
}

default direct_severity := "low"

direct_severity := "high" if input.subject.exposed_count >= 2

others := lib.labels([p | some p in input.subject.direct_parts; p != input.addr])

direct := "What is split or moved breaks {callers}: {subject} faces the internet, beside {others}, and each of these {parts} parts needs authentication, limits and certificates of its own." if {
	input.subject.exposed_count >= 2
} else := "What is split off from {subject} or moved later breaks {callers}: no gateway stands in between."

# One gateway for all parts: the findings on them have one cause, and share the change.
gateway_fix := array.concat(
	[{"add": "call", "label": lib.label(to), "at": gateway, "value": {"to": to}} | some to in direct_services],
	[{"at": c.addr, "set": "to", "value": gateway} | some c in input.subject.direct_calls],
) if {
	input.subject.type == "service"
	gateway := input.subject.gateways[0]
} else := array.concat(
	[{"add": "gateway", "label": "edge", "value": object.union(
		{"kind": "api", "auth": "oidc"},
		{concat(" ", ["call", lib.label(to)]): {"to": to} | some to in direct_services},
	)}],
	[{"at": c.addr, "set": "to", "value": "gateway.edge"} | some c in input.subject.direct_calls],
) if {
	input.subject.type == "service"
} else := [{"advise": "Let a service behind a gateway take the requests and use the channel for them."}]

direct_services := sort({c.to | some c in input.subject.direct_calls})

# METADATA
# scope: document
# title: All users go through one copy
# description: A gateway stands before everything. While its only copy restarts, is deployed or loses its zone, nobody gets in.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/gateway-routing
# schemas: [{input: schema.gateway}]
# custom:
#   id: GWY-002
#   kind: misconfigured
#   severities:
#     critical: one copy, and a quarter or more of the traffic goes through it
#     high: several copies that one event can take, or less traffic
#   pattern: gateway/api-gateway
#   subject: gateway
#   aliases: [DEP-042]
#   trade_offs: Copies cost what they cost, and state in the gateway has to move out of it.
#   waive_when: The product restarts within the objective, and a measurement shows it.
#   cleared_by: two or more replicas, in two or more zones where the objective is 99.9 % or higher; a stated availability (a managed gateway); a serverless platform.
single_gateway contains {
	"verdict": v,
	"severity": gateway_severity,
	"say": single,
	"facts": {
		"replicas": input.subject.replicas,
		"zones": input.subject.zones,
		"share": input.subject.traffic_share,
		"loss": input.subject.own_loss,
		"budget": input.subject.loss_budget,
	},
	"fix": scale_fix,
} if {
	input.subject.user_facing.value
	not input.subject.availability.value
	lib.is(input.system.platform, "serverless") != "violation"
	v := lib.any_of([stated_as(input.subject.replicas, 1), lib.all_of([stated_as(input.subject.zones, 1), lib.at_least(input.subject.objective, 0.999)])])
	v in {"violation", "risk"}
}

# Nobody is asked: of a copy that is not stated RES and DEP rules ask often enough.
stated_as(n, x) := "violation" if {
	n.value == x
	n.hi == x
} else := "pass"

gateway_severity := "critical" if {
	input.subject.replicas.value == 1
	input.subject.traffic_share.value >= input.system.params.spof_blast
} else := "high"

single := "While the one copy of {subject} restarts, {share} of the traffic fails. Its own outages alone take {loss} in the window of the objective, which allows {budget}." if {
	input.subject.replicas.value == 1
	input.subject.loss_budget.value
} else := "While the one copy of {subject} restarts, {share} of the traffic fails." if {
	input.subject.replicas.value == 1
} else := "The loss of one zone stops {share} of the traffic: all copies of {subject} stand in it."

scale_fix := [lib.amend("scale", input.subject.scale, {"replicas": max([3, input.subject.replicas.value]), "zones": 2})]

# METADATA
# scope: document
# title: Anybody on the internet gets through to your data
# description: The first node that the internet reaches does not ask who is calling, and neither does anything on the way to the store.
# related_resources:
#   - https://microservices.io/patterns/security/access-token.html
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/gatekeeper
# schemas: [{input: schema.workload}]
# custom:
#   id: GWY-003
#   kind: misconfigured
#   severity: high
#   pattern: gateway/api-gateway
#   subject: workload
#   subsumes: [GWY-006]
#   trade_offs: Every request needs a token, and the keys behind it have to be rotated.
#   waive_when: Everybody may do this by intent, such as a public form.
#   cleared_by: auth on the entry or on the callee of the route; public = true on a route of a gateway, as a decision.
anonymous_entry contains {
	"verdict": v,
	"say": anonymous,
	"facts": object.union(
		{
			"auth": input.subject.auth,
			"outside": input.subject.outside,
			"exposes": input.subject.exposes,
		},
		lib.beside(v, {"callers": lib.labels(input.subject.outside_callers), "store": input.subject.exposed_store}),
	),
	"evidence": [e | e := input.subject.exposed_via; e != ""],
	"fix": [{"set": "auth", "value": "oidc"}],
	"alternatives": [[{"advise": "State auth where it is checked, or public = true on a route that is open to everybody by decision."}]],
} if {
	v := lib.all_of([
		lib.is(input.subject.outside, true),
		lib.absent(input.subject.auth),
		lib.is(input.subject.exposes, true),
	])
	lib.fires(v)
}

anonymous := "Anybody on the internet can make {subject} write to {store}: nothing between {callers} and the store asks who is calling." if {
	input.subject.exposed_how == "write"
} else := "Anybody on the internet can read personal, financial or health data of {store} through {subject}: nothing in between asks who is calling."
