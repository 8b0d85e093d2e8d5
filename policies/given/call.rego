# A call for the tests of rules: service.a calls external.b over a plain connection, with nothing that could go wrong
# stated. A test patches the facts that it is about.
package archcheck.given

# patched(doc, p): the document with some facts of its sections replaced whole.
patched(doc, p) := {name: section(old, object.get(p, name, {})) | some name, old in doc}

section(old, new) := object.union(object.remove(old, object.keys(new)), new) if {
	is_object(old)
} else := old

call := {
	"kind": "call",
	"addr": "service.a.call.b",
	"subject": {
		"user_facing": derived(true),
		"financial": derived(false),
		"hard": derived(true),
		"timeout": stated(1000),
		"deadline": absent,
		"limit": stated(1000),
		"twice_limit": derived(2000),
		"worst_case": derived(1000),
		"budget": derived(3000),
		"fallback": default_value("fail"),
		"criticality": default_value("hard"),
		"access": stated("write"),
		"idempotent": stated(true),
		"circuit_breaker": absent,
		"any_breaker": absent,
		"rate_limit": absent,
		"retry": absent,
		"any_retry": derived(false),
		"hidden_limit": derived(false),
		"retry_elsewhere": derived(false),
		"attempts": derived(1),
		"app_attempts": derived(1),
		"mesh_attempts": derived(1),
		"attempts_by_layer": [],
		"attempts_by_class": {"connect": derived(1), "http_5xx": derived(1), "timeout": derived(1)},
		"retry_layers": derived(0),
		"layers_disjoint": derived(true),
		"connect_only": derived(false),
		"unlimited_attempts": derived(false),
		"only_consumes": derived(false),
		"cross_region": derived(false),
		"callers": stated(4),
		"rate": derived(80),
		"rate_per_replica": derived(20),
		"retried_rate": derived(80),
		"retry_extra": derived(0),
		"spare_capacity": unknown_number,
		"hang_in_flight": derived(20),
		"hang_share": derived(0.2),
		"exhaustion": derived(5000),
		"minute_share": derived(12),
		"calls_per_window": absent,
		"fill_time": absent,
		"failures_to_open": absent,
		"failure_floor": between(0.0003, 0.003, 0.03),
		"probe_share": absent,
		"backoff_total": absent,
		"siblings": {"hard": 1, "total": 1, "addrs": ["service.a.call.db"]},
		"rec": {
			"timeout": derived(800),
			"attempts": derived(1),
			"retry": {"max_attempts": derived(2), "budget": derived(0.1)},
			"rate_limit": {"rps": derived(80)},
			"circuit_breaker": {"min_calls": derived(100), "slow_call": derived(640), "open_for": derived(5000), "failure_rate": derived(0.5), "half_open": derived(3)},
			"circuit_breaker_fits": derived(true),
		},
	},
	"from": {
		"addr": "service.a",
		"type": "service",
		"engine": absent,
		"concurrency": stated(100),
		"user_facing": derived(true),
		"hard_calls": derived(2),
		"orchestrates": derived([]),
	},
	"to": {
		"addr": "external.b",
		"type": "external",
		"availability": between(0.99, 0.999, 0.9999),
		"rps_limit": absent,
		"shards": absent,
		"cached_lookup": absent,
		"transaction_step": derived(false),
	},
	"system": {"params": {"breaker_fill": 60000, "attempts": 3, "amplification_warn": 3, "amplification_high": 10}},
}

# A breaker of the language's defaults.
breaker := control({
	"failure_rate": default_value(0.5),
	"window_kind": derived("count"),
	"window": default_value(100),
	"min_calls": default_value(100),
	"slow_call": absent,
	"open_for": default_value(60000),
	"half_open": default_value(10),
	"per": default_value("callee"),
})

# A retry of the language's defaults.
retry := control({
	"max_attempts": default_value(3),
	"backoff": default_value("exponential"),
	"initial_backoff": default_value(100),
	"jitter": default_value("full"),
	"budget": absent,
	"on": default_value(["connect", "5xx", "timeout"]),
})

# with_facts(c, facts): a control with some of its facts replaced.
with_facts(c, facts) := object.union(object.remove(c, object.keys(facts)), facts)
