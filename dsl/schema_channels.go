package dsl

import m "github.com/archcheck/archcheck/dsl/model"

// channelTypes are the blocks that connect, span or accompany nodes.
func channelTypes() []*BlockType {
	return []*BlockType{
		{Kind: m.KindBroker, Doc: "Carries topics and queues.",
			Attrs: cat(identity(), []Attr{
				str("engine", Identity, "Product whose defaults apply (kafka, rabbitmq, sqs, …)."),
				object("scale", Claim, "Its copies."), availability(),
			})},
		{Kind: m.KindTopic, Doc: "Gives every consuming service every message.",
			Attrs: cat(identity(), []Attr{
				ref("broker", Identity, "The broker that carries it.", m.KindBroker),
				count("partitions", Measurement, "Partitions; order holds within one."),
				dur("retention", Measurement, "How long messages are kept; none: for ever.").none(),
				enum("delivery", Claim, "How often a message may arrive.", "at-most-once", "at-least-once", "exactly-once").def(`"at-least-once"`),
				str("ordering_key", Control, "The field that keeps related messages in order."),
				count("replication", Claim, "Copies of each partition."),
				count("min_insync", Claim, "Copies that must have a message before it is acknowledged."),
				object("schema", Control, "The contract of its messages."),
				dur("dedup_window", Control, "How long repeated messages are recognised."),
				boolean("trace_context", Claim, "Messages carry the trace of the request that caused them."),
				enum("payload", Claim, "A hint that something happened, or the new state itself.", "notification", "state"),
			})},
		{Kind: m.KindQueue, Doc: "Gives every message to one consumer, at least once. Needs a broker or an engine.",
			Attrs: cat(identity(), []Attr{
				ref("broker", Identity, "The broker that carries it.", m.KindBroker),
				str("engine", Identity, "Managed product (sqs, …) where there is no broker block."),
				dur("visibility_timeout", Claim, "How long a message stays hidden while a consumer works on it."),
				count("max_receives", Claim, "Deliveries before a message is given up."),
				ref("dead_letter", Control, "Where given-up messages go.", m.KindQueue),
				boolean("fifo", Claim, "Keeps messages in order.").def("false"),
				dur("dedup_window", Control, "How long repeated messages are recognised."),
				dur("max_age", Control, "How long a message may wait."),
				count("max_length", Control, "Messages that may wait."),
			})},
		{Kind: m.KindTransaction, Doc: "Several steps that belong together.", Blocks: []m.Kind{m.KindStep},
			Attrs: cat(identity(), []Attr{
				enum("pattern", Control, "What makes the steps belong together.", "saga", "2pc"),
				enum("consistency", Claim, "Whether others may see half of it.", "eventual", "strong").def(`"eventual"`),
				str("engine", Identity, "Workflow product (temporal, …)."),
				ref("orchestrator", Control, "The service that drives the steps.", m.KindService),
				enum("coordination", Claim, "One service drives, or each reacts to the other.", "orchestration", "choreography").computed("orchestration if there is an orchestrator"),
				dur("timeout", Control, "When it is given up."),
				ref("state", Control, "Where the orchestrator keeps its progress.", m.KindDatastore),
				object("coordinator", Control, "The coordinator of a two-phase commit."),
				enum("isolation", Control, "What keeps two of them apart.", "semantic_lock", "reread", "commutative", "version", "by_value").list(),
			})},
		{Kind: m.KindMigration, Doc: "Replaces a legacy service route by route.", Blocks: []m.Kind{m.KindRoute},
			Attrs: cat(identity(), []Attr{
				ref("legacy", Identity, "The service that is replaced.", m.KindService).required(),
				ref("facade", Control, "The gateway that decides who answers.", m.KindGateway),
				enum("strategy", Claim, "Route by route, or all at once.", "strangler", "big_bang").def(`"strangler"`),
				enum("sync", Control, "How old and new data stay in step.", "cdc", "dual_write"),
				ref("anti_corruption", Control, "The service that translates the legacy's model.", m.KindService),
				date("finish", Control, "When the legacy is gone."),
				boolean("interceptable", Claim, "Requests to the legacy can be redirected."),
			})},
		{Kind: m.KindFlag, Doc: "A feature flag.",
			Attrs: cat(identity(), []Attr{
				enum("kind", Claim, "What it is for.", "release", "experiment", "ops", "permission").def(`"release"`),
				ref("used", Identity, "The services and clients that read it.", m.KindService, m.KindClient).list(),
				str("owner", Control, "Who removes it."),
				date("expires", Control, "When it is gone."),
				boolean("default", Control, "Its value when the provider is away."),
				ref("provider", Identity, "The flag service.", m.KindExternal),
				ref("gates", Identity, "The schema change that it guards.", m.KindSchemaChange),
			})},
		{Kind: m.KindWaiver, Doc: "Accepts one rule's finding on one subject; the label is the rule's id.",
			Attrs: []Attr{
				attr("subject", Subject, Identity, "A block, or an address in quotes; a * needs max_matches.").required(),
				str("reason", Identity, "Why it is accepted.").required(),
				str("owner", Identity, "Who answers for it.").required(),
				str("ticket", Identity, "Where the work is tracked."),
				date("expires", Identity, "The last day it holds.").required(),
				count("max_matches", Identity, "Findings that a subject with * may cover."),
			}},
	}
}

// blockTypes is the whole list in the order of the reference.
func blockTypes() []*BlockType {
	nodes, channels, edges := nodeTypes(), channelTypes(), edgeTypes()
	return append(append(nodes, channels...), edges...)
}
