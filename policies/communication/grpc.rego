package archcheck.rules.communication.grpc

import data.archcheck.lib

# METADATA
# scope: document
# title: Hot internal calls spend their time on text
# description: At thousands of calls a second, or many per request within a tight budget, encoding JSON and opening connections is a measurable part of the latency and of the CPU bill.
# related_resources:
#   - https://grpc.io/docs/guides/performance/
#   - https://learn.microsoft.com/en-us/azure/architecture/microservices/design/interservice-communication
# schemas: [{input: schema.call}]
# custom:
#   id: COM-020
#   kind: missing
#   severity: low
#   pattern: communication/grpc
#   subject: call
#   trade_offs: Contracts become generated code, and a connection needs load balancing per request.
#   waive_when: The calls are few and large, or the callee cannot change.
#   cleared_by: protocol = "grpc", fewer than 1,000 calls a second, a payload of 1 MiB or more, a legacy or opaque callee.
hot_text_edge contains {
	"verdict": v,
	"say": hot,
	"facts": {"rate": input.subject.rate, "per_request": input.subject.per_request, "budget": input.subject.budget},
	"fix": [
		{"add": "api", "label": "grpc", "at": input.to.addr, "value": {}},
		{"set": "protocol", "value": "grpc"},
	],
} if {
	input.from.type == "service"
	input.to.type == "service"
	input.subject.over_rest.value
	not input.to.legacy.value
	not input.to.opaque.value
	not large_payload
	v := lib.any_of([
		lib.at_least(input.subject.rate, 1000),
		lib.all_of([lib.at_least(input.subject.per_request, 5), lib.at_most(input.subject.budget, 50)]),
	])
	v in {"violation", "risk"} # how fast an edge is that nobody measured is not worth a question
}

large_payload if input.subject.payload.value >= 1048576

hot := "{from} encodes and {to} decodes {rate} of text; a binary protocol over one connection takes a fraction of the CPU." if {
	input.subject.rate.value >= 1000
} else := "{from} calls {to} {per_request} times per request within {budget}, and each of these calls spends part of it on text and headers."

# METADATA
# scope: document
# title: Browsers cannot make this call at all
# description: A browser gives a page no access to the frames of HTTP/2 that gRPC is made of.
# related_resources: [https://github.com/grpc/grpc-web]
# schemas: [{input: schema.call}]
# custom:
#   id: COM-021
#   kind: misuse
#   severity: high
#   pattern: communication/grpc
#   subject: call
#   trade_offs: grpc-web needs a proxy that translates, and has no streams from the client.
#   waive_when: The client is a desktop program that is described as web.
#   cleared_by: grpc_web = true on the callee's api, or a rest or graphql API before it.
browser_speaks_grpc contains {
	"verdict": v,
	"say": "Nothing that a browser sends reaches {to}: its only API is gRPC, and browsers cannot speak it.",
	"facts": object.union({"kind": input.from.kind}, lib.beside(v, {"grpc_web": input.subject.callee_grpc_web})),
	"fix": [{"at": sprintf("%s.api.grpc", [input.to.addr]), "set": "grpc_web", "value": true}],
	"alternatives": [[{"advise": "Put a gateway with a rest or graphql API before it."}]],
} if {
	input.from.type == "client"
	input.to.apis == ["grpc"]
	v := lib.all_of([
		lib.is(input.from.kind, "web"),
		lib.is(input.subject.over_grpc, true),
		lib.unless(lib.is(input.subject.callee_grpc_web, true)),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: One replica may get all the traffic
# description: gRPC keeps one connection and sends everything over it. A balancer that distributes connections, such as a ClusterIP of Kubernetes, puts all of it on one replica.
# related_resources:
#   - https://grpc.io/blog/grpc-load-balancing/
#   - https://kubernetes.io/blog/2018/11/07/grpc-load-balancing-on-kubernetes-without-tears/
# schemas: [{input: schema.call}]
# custom:
#   id: COM-022
#   kind: misconfigured
#   severity: high
#   pattern: communication/grpc
#   subject: call
#   trade_offs: Balancing in the client needs the addresses of all replicas; a mesh needs a proxy beside each.
#   waive_when: Callers reconnect every few minutes, so that connections spread by themselves.
#   cleared_by: load_balancing = "client" or "l7" on the callee, one mesh around both ends, one replica, or a serverless platform.
one_connection contains {
	"verdict": v,
	"say": pinned,
	"facts": object.union(
		{"load_balancing": input.to.load_balancing, "replicas": input.to.replicas},
		lib.beside(v, {"rate": input.subject.rate, "capacity": input.to.capacity, "idle": input.subject.callee_other_replicas}),
	),
	"fix": [{"at": input.to.addr, "set": "load_balancing", "value": "client"}],
} if {
	input.from.type in {"service", "gateway"}
	input.to.type in {"service", "gateway"}
	input.subject.over_grpc.value
	input.subject.shared_mesh.value == false
	lib.is(input.system.platform, "serverless") != "violation"
	v := lib.all_of([
		lib.is(input.to.load_balancing, "l4"),
		lib.at_least(input.to.replicas, 2),
	])
	lib.fires(v)
}

pinned := "One replica of {to} may get all {rate} of {from} while {idle} others wait, and scaling out changes nothing: connections are balanced, and gRPC keeps one." if {
	input.subject.rate.value > 0
	input.subject.callee_other_replicas.value > 1
} else := "One replica of {to} may get everything that {from} sends, and scaling out changes nothing: connections are balanced, and gRPC keeps one."
