package archcheck.rules.communication.websockets

import data.archcheck.lib

# METADATA
# scope: document
# title: Open connections that nobody needs
# description: Connections that stay open take memory, stick to replicas and have to be drained at every release. Where each message is a question with one answer, they buy nothing.
# related_resources: [https://developer.mozilla.org/en-US/docs/Web/API/WebSockets_API]
# schemas: [{input: schema.api}]
# custom:
#   id: COM-034
#   kind: misuse
#   severity: low
#   pattern: communication/websockets
#   subject: api
#   trade_offs: The server can no longer speak first.
#   waive_when: A need for live updates is planned.
#   cleared_by: realtime or connections on a client that reaches it, or stream = true on a call to it.
needless_sockets contains {
	"verdict": v,
	"say": "{owner} pays for open connections, with memory, sticky replicas and a drain at every release, and nobody who reaches it needs live updates.",
	"facts": object.union({"needs_push": input.subject.needs_push}, lib.beside(v, {"owner": input.subject.owner})),
	"fix": [{"advise": "Offer the same as a rest api, and remove the websocket api once its callers have moved."}],
} if {
	input.subject.style == "websocket"
	input.subject.reached.value
	v := lib.unless(lib.is(input.subject.needs_push, true))
	lib.fires(v)
}

# METADATA
# scope: document
# title: Every release disconnects all users at once
# description: A replica that stops drops its connections. Without time to let them go one by one, and without a random pause before they return, all of them come back in the same moment.
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
# schemas: [{input: schema.api}]
# custom:
#   id: COM-035
#   kind: conflict
#   severity: medium
#   pattern: communication/websockets
#   subject: api
#   trade_offs: A release takes longer by the drain of each replica.
#   waive_when: Releases happen while nobody is connected.
#   cleared_by: deploy.drain together with reconnect_jitter = true, or deploy.strategy = "canary".
dropped_at_once contains {
	"verdict": v,
	"say": herd,
	"facts": object.union(
		{
			"strategy": input.subject.strategy,
			"drain": input.subject.drain,
			"reconnect_jitter": input.subject.reconnect_jitter,
		},
		lib.beside(v, {
			"connections": input.subject.connections,
			"peak": input.subject.reconnect_rate,
			"grace": input.subject.grace,
			"capacity": input.subject.capacity,
			"owner": input.subject.owner,
		}),
	),
	"fix": array.concat(jitter_fix, drain_fix),
} if {
	input.subject.style == "websocket"
	input.subject.terminates.value
	v := lib.all_of([
		lib.one_of(input.subject.strategy, {"rolling", "blue_green", "recreate"}),
		lib.any_of([lib.absent(input.subject.drain), lib.is(input.subject.reconnect_jitter, false)]),
	])
	lib.fires(v)
}

jitter_fix := [] if {
	input.subject.reconnect_jitter.value
} else := [{"set": "reconnect_jitter", "value": true}]

drain_fix := [{"at": input.subject.owner, "set": "deploy.drain", "value": input.subject.rec_drain}] if {
	input.subject.drain.state in {"absent", "none"}
	input.subject.deploy_stated.value
} else := []

herd := "Each release of {owner} sends its {connections} clients back within {grace}: {peak} handshakes, and it serves {capacity}." if {
	input.subject.reconnect_rate.value
	input.subject.capacity.value
} else := "Each release of {owner} sends its {connections} clients back within {grace}, {peak} handshakes on top of its work." if {
	input.subject.reconnect_rate.value
} else := "Each release of {owner} drops its connections at once, and all clients come back in the same moment."

# METADATA
# scope: document
# title: A stream is cut off by the timeout of a request
# description: A timeout that is meant for one answer ends a connection that is meant to stay open, whatever moves on it.
# related_resources:
#   - https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts
# schemas: [{input: schema.call}]
# custom:
#   id: COM-036
#   kind: conflict
#   severity: high
#   pattern: communication/websockets
#   subject: call
#   trade_offs: Without a limit only an idle timeout ends a connection whose other end has gone.
#   waive_when: The clients are built to reconnect after that time.
#   cleared_by: timeout = none on the stream, with an idle_timeout on the gateway; or a deadline on the call itself, as a bound that is meant.
stream_cut contains {
	"verdict": v,
	"say": "{hop} ends every stream from {from} to {to} after {limit}, in the middle of whatever moves on it.",
	"facts": object.union(
		{"stream": input.subject.stream, "socket": input.subject.over_socket},
		lib.beside(v, {"limit": input.subject.stream_limit, "hop": input.subject.stream_hop}),
	),
	"fix": [{"set": a, "value": "none"} | some a in limits],
} if {
	v := lib.all_of([
		lib.any_of([lib.is(input.subject.stream, true), lib.is(input.subject.over_socket, true)]),
		lib.present(input.subject.stream_limit),
	])
	lib.fires(v)
}

# A gateway's cap on requests is the deadline of its calls. A client's deadline ends its patience, not a stream.
limits := ["timeout", "deadline"] if {
	input.subject.deadline.value
	input.subject.deadline.state != "profile"
	input.from.type != "client"
} else := ["timeout"]
