package dsl

import m "github.com/archcheck/archcheck/dsl/model"

// retryOn are the words of retry.on, by failure class: connect, server error, timeout, and those that no class holds.
var retryOn = []string{
	"connect", "connect-failure", "refused-stream", "unavailable", "cancelled",
	"5xx", "500", "501", "502", "503", "gateway-error", "internal",
	"timeout", "408", "504", "deadline_exceeded",
	"429", "resource_exhausted", "circuit_open", "4xx", "400", "401", "403", "404", "405", "406", "407", "409", "410",
	"411", "412", "413", "414", "415", "416", "417", "418", "421", "422", "423", "424", "425", "426", "428", "431", "451",
	"invalid_argument", "unauthenticated", "not_found",
}

// objectTypes are the objects that attributes hold, in the order of the reference.
func objectTypes() []*BlockType {
	return []*BlockType{
		{Object: "slo", Doc: "A service level objective.", Attrs: []Attr{
			ratio("availability", Control, "Share of requests that succeed.").above(0),
			dur("latency_p99", Control, "What 99 % of requests stay under."),
			dur("window", Measurement, "The period it holds for.").def(`"30d"`),
		}},
		{Object: "latency", Doc: "A latency distribution.", Attrs: []Attr{
			dur("p50", Measurement, "Median."), dur("p99", Measurement, "99th percentile."), dur("p999", Measurement, "99.9th percentile."),
		}},
		{Object: "scale", Doc: "How many copies run and what one can do.", Attrs: []Attr{
			count("replicas", Claim, "Copies that run; of a datastore, broker or registry its failover copies."),
			count("zones", Claim, "Zones that the copies are spread over."),
			attr("min", Int, Claim, "Fewest copies under autoscaling."),
			count("max", Control, "Most copies under autoscaling."),
			number("capacity", Measurement, "Requests per second that one replica sustains, measured.").above(0),
			count("concurrency", Measurement, "Requests that one replica works on at a time."),
			attr("cpu", CPU, Measurement, "CPU of one replica."),
			size("memory", Measurement, "Memory of one replica."),
		}},
		{Object: "retry", Doc: "A retry policy.", Attrs: []Attr{
			attr("max_attempts", Attempts, Measurement, "Attempts, the first one included.").min(1).def("3"),
			enum("backoff", Claim, "How the pause grows.", "exponential", "constant").def(`"exponential"`).none(),
			dur("initial_backoff", Measurement, "Pause before the second attempt.").min(0).def(`"100ms"`),
			number("multiplier", Measurement, "Factor by which the pause grows.").min(1).def("2"),
			dur("max_backoff", Measurement, "Longest pause.").min(0).computed("10 times initial_backoff"),
			enum("jitter", Claim, "Randomises the pause.", "full", "equal").def(`"full"`).none(),
			ratio("budget", Control, "Retries allowed as a share of requests.").over(),
			enum("on", Claim, "Failures that are retried: classes, status codes and their names.", retryOn...).list().computed("every failure"),
		}},
		{Object: "circuit_breaker", Doc: "A circuit breaker. In a mesh policy, {} takes the mesh product's outlier defaults.", Attrs: []Attr{
			ratio("failure_rate", Measurement, "Share of failures that opens it.").above(0).def(`"50%"`),
			attr("window", Window, Measurement, "What the share is measured over: a duration or a number of calls.").above(0).def("100"),
			count("min_calls", Measurement, "Calls before it judges.").def("100"),
			dur("slow_call", Control, "Calls slower than this count as slow."),
			ratio("slow_rate", Measurement, "Share of slow calls that opens it.").above(0).def(`"100%"`),
			dur("open_for", Measurement, "How long it stays open.").def(`"60s"`),
			count("half_open", Measurement, "Trial calls before it closes.").def("10"),
			enum("per", Claim, "What has a breaker of its own.", "callee", "shard", "tenant").def(`"callee"`),
		}},
		{Object: "bulkhead", Doc: "Bounds how much of the caller one call may occupy.", Attrs: []Attr{
			count("max_concurrent", Measurement, "Calls in flight per replica.").def("25"),
			attr("queue", Int, Measurement, "Calls that may wait for a slot.").def("0"),
			dur("max_wait", Measurement, "How long a call waits for a slot.").min(0).def(`"0s"`),
			enum("per", Claim, "What has slots of its own.", "callee", "tenant").def(`"callee"`),
		}},
		{Object: "rate_limit", Doc: "A rate limit.", Attrs: []Attr{
			number("rps", Claim, "Requests per second that pass.").above(0),
			number("burst", Measurement, "Requests that pass at once.").computed("rps"),
			enum("per", Claim, "What has a limit of its own.", "global", "client", "tenant", "ip").def(`"global"`),
			enum("scope", Claim, "One limit for all replicas, or one for each.", "global", "replica").def(`"global"`),
			enum("unit", Claim, "What is counted.", "request", "cost").def(`"request"`),
			enum("on_limit", Claim, "What happens to the rest.", "reject", "queue").def(`"reject"`),
			boolean("retry_after", Claim, "A rejection says when to come back."),
		}},
		{Object: "outbox", Doc: "The message is part of the store's own transaction.", Attrs: []Attr{
			ref("store", Identity, "The store that holds the outbox.", m.KindDatastore),
			enum("relay", Control, "How messages leave the store.", "cdc", "polling"),
			dur("poll", Claim, "How often a polling relay looks."),
			count("batch", Claim, "Messages that a polling relay takes at once."),
			str("ordering_key", Control, "The field that keeps related messages in order."),
			dur("cleanup", Control, "When relayed messages are deleted."),
		}},
		{Object: "schema", Doc: "The contract of a topic's messages.", Attrs: []Attr{
			str("format", Identity, "Format (avro, protobuf, json, …)."),
			enum("compatibility", Control, "What a new version must be able to read.", "backward", "forward", "full"),
		}},
		{Object: "coordinator", Doc: "The coordinator of a two-phase commit.", Attrs: []Attr{
			count("replicas", Claim, "Copies that run."), boolean("durable_log", Claim, "Decisions survive a crash."),
		}},
		{Object: "control_plane", Doc: "A mesh's control plane.", Attrs: []Attr{count("replicas", Claim, "Copies that run.")}},
		{Object: "deploy", Doc: "How a new version reaches production.", Attrs: []Attr{
			enum("strategy", Claim, "How old and new version change places.", "rolling", "blue_green", "canary", "recreate"),
			ratio("max_surge", Measurement, "Extra replicas while deploying.").over().def(`"25%"`),
			ratio("max_unavailable", Measurement, "Missing replicas while deploying.").def(`"25%"`),
			boolean("readiness", Control, "A replica gets requests only once it is ready. A question where no deploy is stated."),
			dur("drain", Control, "How long a stopping replica finishes its requests. A question where no deploy is stated.").min(0),
			dur("grace", Measurement, "Time from the stop signal to the kill.").min(0).def(`"30s"`),
			ratio("steps", Control, "Shares of traffic that a canary gets in turn.").list(),
			dur("bake", Control, "How long a step is watched."),
			str("analysis", Control, "What is compared before going on. A question where no deploy is stated.").list(),
			dur("start", Measurement, "Time until a new replica is ready."),
			boolean("router", Claim, "Something can split traffic by share.").computed("true if a mesh has it as member or a gateway calls it"),
			dur("keep_old", Measurement, "How long the old version stays for a way back.").min(0).def(`"30s"`),
			ratio("spare_capacity", Claim, "Room for a second version.").over(),
			boolean("shared_store", Claim, "Both versions use the same store."),
		}},
		{Object: "cqrs", Doc: "Separate stores for writing and reading.", Attrs: []Attr{
			ref("write", Identity, "The store that is written.", m.KindDatastore),
			ref("read", Identity, "The store that is read.", m.KindDatastore),
			ref("sync", Control, "How the read store follows.", m.KindTopic, m.KindQueue).words("cdc", "replica"),
			dur("max_staleness", Control, "How far the read store may lag behind."),
			boolean("read_your_writes", Claim, "A user sees an own change at once.").def("false"),
		}},
		{Object: "event_sourcing", Doc: "State kept as a log of events.", Attrs: []Attr{
			ref("store", Identity, "Where the log is.", m.KindDatastore, m.KindTopic),
			count("snapshot_every", Control, "Events between two snapshots."),
			count("events_per_entity", Measurement, "Events of a typical entity."),
			enum("versioning", Control, "How old events stay readable.", "upcast", "tolerant"),
			ref("projections", Control, "The stores that are built from the log.", m.KindDatastore).list(),
			ref("publishes", Identity, "The topic that carries its events.", m.KindTopic),
			boolean("integration_events", Claim, "What others get is translated, not the private events.").def("false"),
			boolean("replay", Claim, "Replay or temporal queries are needed.").def("false"),
		}},
		{Object: "assume", Doc: "Values that replace the documented assumptions and their ranges.", Attrs: []Attr{
			ratio("instance_availability", Identity, "Availability of one replica of a service or gateway (99.5%)."),
			ratio("common_cause", Identity, "Share of failures that all replicas have in common (2%)."),
			count("replicas", Identity, "Replicas of a service or gateway that states none, for availability (2)."),
			ratio("store_multi_zone", Identity, "Availability of a store, broker or registry in two zones or more (99.95%)."),
			ratio("store_single_zone", Identity, "Availability of the others (99.5%)."),
			ratio("external_availability", Identity, "Availability of an external without a contract."),
			number("tail_ratio", Identity, "p99 divided by p50 where only one is stated (4).").min(1),
			ratio("mean_share", Identity, "Mean divided by p99 where only p99 is stated (50%)."),
			dur("rtt_in_zone", Identity, "Round trip within a zone (0.3ms)."),
			dur("rtt_cross_zone", Identity, "Round trip between zones (1ms)."),
			dur("rtt_wan", Identity, "Round trip over a wide area (60ms)."),
			dur("rtt_cellular", Identity, "Round trip over a cellular network (120ms)."),
			dur("proxy_overhead", Identity, "Latency that a pair of proxies adds at p99 (3ms)."),
			number("peak_to_mean", Identity, "Peak rate divided by mean rate (3).").min(1),
			dur("consumer_outage", Identity, "Longest tolerated outage of a consumer (3d)."),
			number("deploys_per_week", Identity, "Deploys per week and service (5)."),
		}},
	}
}
