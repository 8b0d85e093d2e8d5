package archcheck.rules.gateway.api_gateway

import data.archcheck.lib

# METADATA
# scope: document
# title: Every team's release waits for the gateway
# description: What a gateway decides, writes or publishes itself cannot be released with the service that it belongs to. It becomes the part that everybody changes and nobody owns.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/microservices/design/gateway]
# schemas: [{input: schema.gateway}]
# custom:
#   id: GWY-004
#   kind: misuse
#   severity: medium
#   pattern: gateway/api-gateway
#   subject: gateway
#   trade_offs: One more service, and one more hop for what moves into it.
#   waive_when: The team of the gateway owns that data.
#   cleared_by: logic = "routing" and no writes to stores but caches; the same work in a service behind it.
gateway_owns contains {
	"verdict": v,
	"say": sprintf("What changes here waits for a release of {subject}, which all teams share: it %s itself.", [concat(" and ", works)]),
	"facts": object.union(
		{"logic": input.subject.logic, "writes": input.subject.store_may_be_written},
		lib.beside(v, {"stores": lib.labels(input.subject.store_writes), "channels": lib.labels(input.subject.publishes_to)}),
	),
	"evidence": array.concat(input.subject.store_write_calls, input.subject.publish_edges),
	"fix": [{"advise": "Move this into a service behind the gateway, and leave routing, authentication and limits here."}],
} if {
	input.subject.kind.value == "api"
	v := lib.any_of([
		lib.is(input.subject.logic, "business"),
		lib.is(input.subject.store_may_be_written, true),
		lib.sure(count(input.subject.publishes_to) > 0),
	])
	lib.fires(v)
}

works := [w |
	some [w, does] in [
		["decides what only a service should know", input.subject.logic.value == "business"],
		["publishes to {channels}", count(input.subject.publishes_to) > 0],
		["writes to {stores}", count(input.subject.store_writes) > 0],
	]
	does
]

# METADATA
# scope: document
# title: Internal calls compete with users at the front door
# description: A call between services that goes out through the edge and back in takes a hop more, shares the limits and the fate of the users' traffic, and can close a circle.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/microservices/design/interservice-communication]
# schemas: [{input: schema.call}]
# custom:
#   id: GWY-005
#   kind: misuse
#   severity: medium
#   pattern: gateway/api-gateway
#   subject: call
#   trade_offs: What the gateway checks for internal callers has to be checked elsewhere, by a mesh as a rule.
#   waive_when: The caller belongs to another system that only shares the file.
#   cleared_by: a call to the service itself, or a gateway that nobody outside reaches.
hairpin contains {
	"verdict": v,
	"say": "{from} leaves the system and comes back in through {to}: a hop more on each call, and it fails whenever the limits that users share are used up.",
	"facts": object.union({"callee_public": input.subject.callee_public}, lib.beside(v, {"rate": input.subject.rate})),
	"fix": [{"advise": "Call the service behind the gateway directly, and let discovery or a mesh do what the gateway did for this call."}],
} if {
	input.from.type == "service"
	input.to.type == "gateway"
	input.to.kind.value == "api"
	v := lib.is(input.subject.callee_public, true)
	lib.fires(v)
}

# METADATA
# scope: document
# title: A hop that takes nothing off anybody
# description: A gateway between one client and one service that neither authenticates nor limits nor translates adds latency and a part that can fail, and gives nothing for it.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/gateway-offloading]
# schemas: [{input: schema.gateway}]
# custom:
#   id: GWY-006
#   kind: misuse
#   severity: low
#   pattern: gateway/api-gateway
#   subject: gateway
#   trade_offs: Without it the client depends on the service itself.
#   waive_when: More clients or services are about to follow.
#   cleared_by: auth, a rate limit, an API that the service does not offer, retries, a cache, a migration that uses it as façade; kind proxy or cdn; a second client or callee.
idle_gateway contains {
	"verdict": v,
	"say": "{client} reaches {service} one hop later, and {subject} does nothing for either: it does not authenticate, limit, translate or cache.",
	"facts": object.union(
		{"auth": input.subject.auth, "rate_limit": input.subject.rate_limit},
		lib.beside(v, {"client": lib.labels(input.subject.callers), "service": lib.labels(input.subject.callees)}),
	),
	"fix": [{"set": "auth", "value": "oidc"}],
	"alternatives": [[{"advise": "Remove the gateway and let the client call the service."}]],
} if {
	input.subject.kind.value in {"api", "bff", "aggregator"}
	count(input.subject.callers) == 1
	count(input.subject.callees) == 1
	startswith(input.subject.callers[0], "client.")
	startswith(input.subject.callees[0], "service.")
	count(input.subject.own_styles) == 0
	count(input.subject.offloads) == 0
	count(input.subject.facade_of) == 0
	v := lib.all_of([lib.absent(input.subject.auth), lib.absent(input.subject.rate_limit)])
	lib.fires(v)
}

# METADATA
# scope: document
# title: The gateway hangs up before slow work is done
# description: A gateway ends every request after its own timeout. Work that takes longer is done for nobody, and the client tries again.
# related_resources:
#   - https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/async-request-reply
# schemas: [{input: schema.gateway}]
# custom:
#   id: GWY-007
#   kind: conflict
#   severity: high
#   pattern: gateway/api-gateway
#   subject: gateway
#   subsumes: [RES-041]
#   trade_offs: The client has to ask for the result, or be told.
#   waive_when: Nobody calls the slow operation through this gateway.
#   cleared_by: a timeout above the callee's p99, work that is accepted with 202 and done from a queue, or stream = true.
slow_work_cut contains {
	"verdict": v,
	"say": "{subject} hangs up after {cap}, and at least one request in a hundred to {slow} takes longer: its p99 is {p99}. The work goes on for nobody, and clients send it again.",
	"facts": {"cap": input.subject.timeout, "p99": input.subject.slowest_p99, "slow": input.subject.slowest_to},
	"evidence": input.subject.cut_calls,
	"fix": [{"advise": "Accept the work with 202 and a place to ask, do it from a queue, and answer from there."}],
} if {
	input.subject.slowest_to != ""
	v := lib.below(input.subject.timeout, input.subject.slowest_p99)
	lib.fires(v)
}
