package archcheck.rules.communication.websockets

import data.archcheck.lib

# METADATA
# scope: document
# title: Users wait for news that nobody can send them
# description: A client that needs live updates has no channel over which the server can speak first, so it asks again and again or shows old data.
# related_resources:
#   - https://developer.mozilla.org/en-US/docs/Web/API/WebSockets_API
#   - https://developer.mozilla.org/en-US/docs/Web/API/Server-sent_events
# schemas: [{input: schema.client}]
# custom:
#   id: COM-030
#   kind: missing
#   severity: medium
#   pattern: communication/websockets
#   subject: client
#   subsumes: [COM-005]
#   trade_offs: Open connections need heartbeats, draining at deploys and a backplane between replicas.
#   waive_when: A push service of the platform delivers the news.
#   cleared_by: api "websocket" on the way of the client (for push, api "sse" is enough), a consume of its own, or tolerates_staleness of 30 s or more.
no_push_channel contains {
	"verdict": v,
	"say": no_news,
	"facts": object.union({"realtime": input.subject.realtime}, lib.beside(v, {"polls": input.subject.polls_every, "nodes": lib.labels(input.subject.first_nodes)})),
	"fix": channel_fix,
} if {
	count(input.subject.first_nodes) > 0
	not channel
	not relaxed
	v := lib.present(input.subject.realtime)
	lib.fires(v)
}

channel if {
	some c in input.subject.push_channels
	c in {"websocket", "message", "stream"}
}

channel if {
	input.subject.realtime.value == "push"
	"sse" in input.subject.push_channels
}

relaxed if input.subject.tolerates_staleness.value >= 30000

no_news := "{subject} hears of a change up to {polls} late: it needs live updates and can only ask again and again." if {
	input.subject.polls_every.value
} else := "{subject} hears of no change until it asks: it needs live updates, and nothing on its way to {nodes} can send any."

channel_fix := [{"add": "api", "label": style, "at": input.subject.first_nodes[0], "value": channel_value[style]}] if {
	style := channel_style
}

channel_style := "sse" if {
	input.subject.realtime.value == "push"
} else := "websocket"

channel_value := {"sse": {"heartbeat": "25s"}, "websocket": {"heartbeat": "25s", "reconnect_jitter": true}}

# METADATA
# scope: document
# title: Messages do not reach most connected users
# description: A connection lives on one replica. What another replica learns stays there unless something carries it to all of them.
# related_resources: [https://socket.io/docs/v4/adapter/]
# schemas: [{input: schema.api}]
# custom:
#   id: COM-031
#   kind: misconfigured
#   severity: high
#   pattern: communication/websockets
#   subject: api
#   trade_offs: Every message goes to every replica, whether or not it holds a client for it.
#   waive_when: Messages only ever answer the connection that they came over.
#   cleared_by: backplane = a topic, or one replica.
no_backplane contains {
	"verdict": v,
	"say": "A message that one replica of {owner} receives never reaches {elsewhere} of the connected users: they are connected to other replicas, and nothing carries it there.",
	"facts": object.union(
		{"backplane": input.subject.backplane, "replicas": input.subject.replicas},
		lib.beside(v, {"elsewhere": input.subject.connected_elsewhere, "owner": input.subject.owner}),
	),
	"fix": backplane_fix,
} if {
	input.subject.style == "websocket"
	input.subject.terminates.value
	v := lib.all_of([lib.at_least(input.subject.replicas, 2), lib.absent(input.subject.backplane)])
	lib.fires(v)
}

backplane_fix := [{"set": "backplane", "value": input.subject.consumed_topics[0]}] if {
	count(input.subject.consumed_topics) > 0
} else := [{"advise": "Publish every message to a topic that each replica consumes (broadcast = true), and name it as backplane."}]

# METADATA
# scope: document
# title: Quiet connections are cut off
# description: A gateway closes a connection on which nothing moved for its idle timeout. Without a ping well within that time, users who just listen are disconnected again and again.
# related_resources:
#   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
#   - https://nginx.org/en/docs/http/websocket.html
# schemas: [{input: schema.api}]
# custom:
#   id: COM-032
#   kind: misconfigured
#   severity: high
#   pattern: communication/websockets
#   subject: api
#   trade_offs: Each ping wakes mobile radios up.
#   waive_when: Every connection carries data more often than that anyway.
#   cleared_by: a heartbeat of at most half the shortest idle timeout on the way, or a longer idle_timeout.
idle_cut contains {
	"verdict": v,
	"say": idle_message,
	"facts": object.union(
		{"idle": input.subject.idle_timeout, "heartbeat": input.subject.heartbeat},
		lib.beside(v, {"hop": input.subject.idle_hop, "owner": input.subject.owner}),
	),
	"evidence": hops,
	"fix": [{"set": "heartbeat", "value": input.subject.rec_heartbeat}],
} if {
	input.subject.style in {"websocket", "sse"}
	input.subject.terminates.value
	v := lib.all_of([
		lib.present(input.subject.idle_timeout),
		lib.any_of([lib.absent(input.subject.heartbeat), lib.at_most(input.subject.idle_timeout, input.subject.heartbeat)]),
	])
	lib.fires(v)
}

hops := [h | h := input.subject.idle_hop; h != ""]

idle_message := "{hop} disconnects every user who is quiet for {idle}: the heartbeat of {owner} comes only after {heartbeat}." if {
	input.subject.heartbeat.value
} else := "{hop} disconnects every user who is quiet for {idle}: {owner} sends no heartbeat."

# METADATA
# scope: document
# title: The loss of one replica is more than the others can take
# description: Connections do not wait for a replica to come back. They move to the others at once, and what those cannot hold stays out.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/guide/technology-choices/messaging]
# schemas: [{input: schema.api}]
# custom:
#   id: COM-033
#   kind: misconfigured
#   severity: medium
#   pattern: communication/websockets
#   subject: api
#   trade_offs: One replica more than the connections need.
#   waive_when: Clients can stay away until a replica has started.
#   cleared_by: enough replicas that all but one hold every connection.
too_few_after_loss contains {
	"verdict": v,
	"say": "After the loss of one replica of {owner}, some users stay out: {connections} connections over the others make {each} each, and one holds {most}.",
	"facts": object.union(
		{"connections": input.subject.connections, "most": input.subject.max_connections, "replicas": input.subject.replicas},
		lib.beside(v, {"each": input.subject.connections_after_loss, "owner": input.subject.owner}),
	),
	"fix": [{"at": input.subject.owner, "set": "scale.replicas", "value": input.subject.rec_replicas}],
} if {
	input.subject.style in {"websocket", "sse"}
	input.subject.terminates.value
	input.subject.needs_push.value
	v := lib.all_of([
		lib.at_least(input.subject.replicas, 2),
		lib.above(input.subject.connections_after_loss, input.subject.max_connections),
	])
	lib.fires(v)
}
