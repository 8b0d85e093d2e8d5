package archcheck.rules.communication.grpc

import data.archcheck.lib

# METADATA
# scope: document
# title: Messages are refused as too large
# description: A gRPC server refuses a message that is larger than its limit, 4 MiB unless configured, with RESOURCE_EXHAUSTED. A retry is refused as well.
# related_resources: [https://grpc.io/docs/guides/performance/]
# schemas: [{input: schema.call}]
# custom:
#   id: COM-023
#   kind: misconfigured
#   severity: medium
#   pattern: communication/grpc
#   subject: call
#   trade_offs: A stream has to be reassembled; a larger limit lets one call take that much memory.
#   waive_when: The payload is stated before compression, and the wire size is below the limit.
#   cleared_by: stream = true, a smaller payload, or max_message above it.
message_too_large contains {
	"verdict": v,
	"say": "{to} refuses what {from} sends: {payload} is more than the {most} that it accepts in one message.",
	"facts": {"payload": input.subject.payload, "most": input.subject.callee_max_message},
	"fix": [{"set": "stream", "value": true}],
	"alternatives": [[{"advise": "Put the content into an object store and send its address."}]],
} if {
	input.subject.over_grpc.value
	input.subject.payload.value # nobody asks after the size of every message
	v := lib.all_of([
		lib.above(input.subject.payload, input.subject.callee_max_message),
		lib.unless(lib.is(input.subject.stream, true)),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Partners have to generate code to call you
# description: A partner needs your proto files, a code generator for his language, and a network that lets HTTP/2 out, before the first request.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/microservices/design/api-design]
# schemas: [{input: schema.call}]
# custom:
#   id: COM-025
#   kind: misuse
#   severity: low
#   pattern: communication/grpc
#   subject: call
#   trade_offs: A second API in front has to follow the first.
#   waive_when: The partners asked for gRPC.
#   cleared_by: a rest API on the callee or before it; public = false on the client.
partners_speak_grpc contains {
	"verdict": v,
	"say": "{from} needs your proto files and a code generator before its first request: {to} offers partners nothing but gRPC.",
	"facts": {"kind": input.from.kind, "public": input.subject.public_caller},
	"fix": [{"add": "api", "label": "rest", "at": input.to.addr, "value": {"version": "v1"}}],
} if {
	input.from.type == "client"
	input.to.apis == ["grpc"]
	input.from.kind.value == "partner"
	v := lib.all_of([
		lib.is(input.subject.over_grpc, true),
		lib.is(input.subject.public_caller, true),
	])
	lib.fires(v)
}
