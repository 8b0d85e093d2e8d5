package dsl

import m "github.com/archcheck/archcheck/dsl/model"

var apiStyles = []string{"rest", "graphql", "grpc", "websocket", "sse", "html", "soap", "other"}

func perRequest(what string) Attr {
	return number("per_request", Measurement, "Times "+what+" per triggering request or message; below 1 a probability.").def("1")
}

func onTriggers() Attr {
	return str("on", Identity, "The triggers that use this edge: labels of the node's consume blocks, or operations that its callers name.").list()
}

func criticality() Attr {
	return enum("criticality", Claim, "Whether its failure is meant to fail the caller.", "hard", "soft")
}

// edgeTypes are the edges and what else stands inside a node.
func edgeTypes() []*BlockType {
	return []*BlockType{
		{Kind: m.KindAPI, Doc: "An interface that a service or gateway offers; the label is its style.", Labels: apiStyles,
			Attrs: []Attr{
				str("version", Control, "Version that callers name."),
				enum("pagination", Control, "How lists are cut into pages.", "cursor", "offset"),
				boolean("lists", Claim, "Returns lists that grow with the data.").def("false"),
				boolean("idempotency_key", Claim, "Recognises a repeated request by its key."),
				dur("cache_ttl", Claim, "How long replies may be cached.").min(0),
				count("max_depth", Control, "Deepest query that is accepted."),
				count("max_cost", Control, "Most expensive query that is accepted."),
				enum("batching", Control, "How look-ups of one query are combined.", "dataloader"),
				boolean("persisted_queries", Control, "Only known queries are accepted."),
				dur("heartbeat", Control, "How often a quiet connection is kept alive."),
				ref("backplane", Control, "The topic that carries messages between replicas.", m.KindTopic),
				count("max_connections", Measurement, "Connections that one replica holds."),
				boolean("reconnect_jitter", Claim, "Clients spread their reconnects at random."),
				boolean("grpc_web", Claim, "Browsers can call it.").def("false"),
				size("max_message", Measurement, "Largest message that is accepted.").def(`"4MiB"`),
			}},
		{Kind: m.KindSidecar, Doc: "A helper container beside every replica of a service.",
			Attrs: []Attr{
				enum("purpose", Identity, "What it does.", "proxy", "logging", "config", "telemetry", "auth", "cache"),
				attr("cpu", CPU, Control, "CPU that it may use."),
				size("memory", Control, "Memory that it may use."),
				boolean("starts_first", Control, "Is ready before the service starts and stops after it."),
				count("replicas", Identity, "Copies, only if it scales on its own."),
				ref("store", Identity, "The store it keeps state in, only if it has one of its own.", m.KindDatastore),
			}},
		{Kind: m.KindCall, Doc: "A synchronous edge: somebody waits for a reply.",
			Attrs: cat([]Attr{
				ref("to", Identity, "The callee.", m.KindService, m.KindGateway, m.KindDatastore, m.KindExternal, m.KindRegistry).required(),
				onTriggers(),
				str("op", Identity, "The operation of the callee that it invokes."),
				enum("access", Claim, "Whether it changes data; derived where the model shows it.", "read", "write"),
				ratio("write_ratio", Measurement, "Share of its requests that change data."),
				perRequest("it is made"),
				str("parallel", Identity, "Calls with the same group name run side by side."),
				str("any_of", Identity, "Calls with the same group name are alternatives: one success is enough."),
			}, callPolicies()[:3], []Attr{
				ref("policy", Identity, "The policy that it inherits before its caller's.", m.KindPolicy),
				discovery(),
			}, callPolicies()[3:], []Attr{
				criticality().computed(`"soft" if fallback is not "fail", unknown if that is unknown, else "hard"`),
				boolean("idempotent", Claim, "The callee recognises a repeated request; reads are idempotent unless stated otherwise."),
				ratio("cache_hit", Measurement, "Share of requests that a cache in front of the callee answers."),
				size("payload", Measurement, "Size of a request or reply, the larger one."),
				str("after", Identity, "Calls of the same node whose replies it needs.").list(),
				boolean("reply", Claim, "The caller uses the result.").def("true"),
				boolean("reconcile", Control, "A job finds out later what a timed-out call did."),
				count("pool", Measurement, "Connections per replica."),
				dur("polling", Identity, "Interval at which it asks for news."),
				boolean("stream", Claim, "Stays open; limits of requests do not apply.").def("false"),
				enum("protocol", Claim, "The callee's api that it speaks.", apiStyles...).computed("the callee's api if it has only one"),
				boolean("public", Claim, "A gateway's route that is open to anonymous callers.").def("false"),
			})},
		{Kind: m.KindPublish, Doc: "An asynchronous edge into a topic or queue.",
			Attrs: []Attr{
				ref("to", Identity, "The topic or queue.", m.KindTopic, m.KindQueue).required(),
				onTriggers(),
				perRequest("it publishes"),
				object("outbox", Control, "The message is written in the store's own transaction and relayed from there."),
				enum("loss", Claim, "Whether a message may be lost.", "tolerable", "intolerable").def(`"intolerable"`),
				enum("acks", Claim, "Whose acknowledgement the publisher waits for.", "all", "leader"),
			}},
		{Kind: m.KindConsume, Doc: "An asynchronous edge out of a topic or queue.",
			Attrs: []Attr{
				ref("from", Identity, "The topic or queue.", m.KindTopic, m.KindQueue).required(),
				boolean("idempotent", Claim, "A repeated message has no second effect."),
				dur("dedup_window", Control, "How long repeated messages are recognised."),
				object("latency", Measurement, "Time to process one message."),
				object("batch_latency", Measurement, "Time to process a whole batch, where that was measured instead.").object("latency"),
				count("batch", Measurement, "Messages taken at once.").def("1"),
				count("concurrency", Measurement, "Messages or batches that one replica works on at a time.").def("1"),
				object("retry", Control, "Repeats failed messages."),
				boolean("ordering", Claim, "Needs messages in order."),
				ref("dead_letter", Control, "Where messages go that cannot be processed.", m.KindTopic, m.KindQueue),
				boolean("extends", Claim, "Extends the visibility timeout while it works.").def("false"),
				boolean("competing", Claim, "Its messages are shared on purpose: by several services, or by the copies of the only one.").def("false").unknown(),
				boolean("broadcast", Claim, "Every replica gets every message.").def("false"),
				criticality().def(`"hard"`),
				boolean("awaits_reply", Claim, "Synchronous requests of this node publish and wait for this message.").def("false"),
			}},
		{Kind: m.KindSchemaChange, Doc: "A pending change of a datastore's schema.",
			Attrs: []Attr{
				enum("kind", Claim, "Whether the running version breaks.", "additive", "breaking"),
				enum("phase", Claim, "The step of expand, migrate, contract.", "expand", "migrate", "contract"),
				boolean("with_release", Claim, "Ships together with the code that needs it."),
			}},
		{Kind: m.KindStep, Doc: "One step of a transaction.",
			Attrs: []Attr{
				ref("in", Identity, "The service that does it.", m.KindService).required(),
				ref("writes", Identity, "The store that it writes.", m.KindDatastore),
				str("compensate", Control, "What undoes it."),
				enum("type", Claim, "Its place in the saga.", "compensatable", "pivot", "retriable"),
				boolean("idempotent", Claim, "Running it twice has no second effect."),
				ref("via", Identity, "The topic or queue that carries its command.", m.KindTopic, m.KindQueue),
			}},
		{Kind: m.KindRoute, Doc: "One route of a migration; calls whose op is its label are its traffic.",
			Attrs: []Attr{
				ref("to", Identity, "The service that replaces the legacy here.", m.KindService).required(),
				enum("status", Claim, "How far it has moved.", "legacy", "shadow", "canary", "migrated").def(`"legacy"`),
				ratio("traffic", Measurement, "Share of the route's requests that the new service answers; 0% for legacy and shadow, 100% for migrated."),
				ref("flag", Control, "The flag that moves it.", m.KindFlag),
			}},
	}
}
