package archcheck.rules.gateway.api_gateway_test

import data.archcheck.given
import data.archcheck.rules.gateway.api_gateway

yes := given.derived(true)

no := given.derived(false)

node := {
	"addr": "service.orders",
	"subject": {
		"type": "service", "opaque": given.default_value(false), "exposed": yes, "exposed_count": 2,
		"direct_from": ["client.web"], "direct_edges": ["client.web.call.orders"],
		"direct_parts": ["service.catalog", "service.orders"],
		"direct_calls": [
			{"addr": "client.web.call.catalog", "to": "service.catalog"},
			{"addr": "client.web.call.orders", "to": "service.orders"},
		],
		"gateways": [],
	},
}

direct(patch) := {f | some f in api_gateway.no_gateway with input as given.lay(node, {"subject": given.lay(node.subject, patch)})}

judged(patch) := {[f.verdict, f.severity] | some f in direct(patch)}

test_gwy_001_fires if judged({}) == {["violation", "high"]}

test_gwy_001_alone_is_low if judged({"exposed_count": 1}) == {["violation", "low"]}

test_gwy_001_behind_a_gateway_is_silent if judged({"exposed": no}) == set()

test_gwy_001_a_vendors_box_is_silent if judged({"opaque": given.stated(true)}) == set()

test_gwy_001_a_gateway_is_no_subject if judged({"type": "gateway"}) == set()

test_gwy_001_asks if judged({"exposed": given.unknown}) == {["question", "high"]}

test_gwy_001_fix_uses_the_gateway_that_is_there if {
	some f in direct({"gateways": ["gateway.edge"]})
	f.fix == [
		{"add": "call", "label": "catalog", "at": "gateway.edge", "value": {"to": "service.catalog"}},
		{"add": "call", "label": "orders", "at": "gateway.edge", "value": {"to": "service.orders"}},
		{"at": "client.web.call.catalog", "set": "to", "value": "gateway.edge"},
		{"at": "client.web.call.orders", "set": "to", "value": "gateway.edge"},
	]
}

test_gwy_001_fix_adds_one_where_there_is_none if {
	some f in direct({})
	f.fix[0].value == {
		"kind": "api", "auth": "oidc",
		"call catalog": {"to": "service.catalog"}, "call orders": {"to": "service.orders"},
	}
}

test_gwy_001_a_topic_gets_advice if {
	some f in direct({"type": "topic"})
	count(f.fix) == 1
	f.fix[0].advise
}

gateway := {
	"subject": {
		"user_facing": yes, "availability": given.absent, "replicas": given.stated(1), "zones": given.unknown_number,
		"objective": given.derived(0.999), "traffic_share": given.derived(1), "own_loss": given.derived(216),
		"loss_budget": given.derived(43.2), "scale": given.control({"replicas": given.stated(1)}),
		"kind": given.default_value("api"), "logic": given.default_value("routing"), "store_may_be_written": no,
		"store_writes": [], "store_write_calls": [], "publishes_to": [], "publish_edges": [], "auth": given.absent,
		"rate_limit": given.absent, "callers": ["client.web"], "callees": ["service.shop"], "own_styles": [],
		"offloads": [], "facade_of": [], "timeout": given.stated(29000), "slowest_to": "service.report",
		"cut_calls": ["gateway.edge.call.report"], "slowest_p99": given.stated(45000),
	},
	"system": {"platform": given.stated("kubernetes"), "params": {"spof_blast": 0.25}},
}

doc(patch) := given.lay(gateway, {"subject": given.lay(gateway.subject, patch)})

single(patch) := {[f.verdict, f.severity] | some f in api_gateway.single_gateway with input as doc(patch)}

test_gwy_002_fires if single({}) == {["violation", "critical"]}

test_gwy_002_little_traffic_is_high if single({"traffic_share": given.derived(0.1)}) == {["violation", "high"]}

test_gwy_002_one_zone_is_high if single({"replicas": given.stated(3), "zones": given.stated(1)}) == {["violation", "high"]}

test_gwy_002_one_zone_without_a_promise_is_silent if {
	single({"replicas": given.stated(3), "zones": given.stated(1), "objective": given.derived(0.99)}) == set()
	single({"replicas": given.stated(3), "zones": given.stated(1), "objective": given.absent}) == set()
}

test_gwy_002_managed_and_serverless_are_silent if {
	single({"availability": given.stated(0.9995)}) == set()
	serverless := given.lay(doc({}), {"system": {"platform": given.stated("serverless"), "params": {"spof_blast": 0.25}}})
	{f.verdict | some f in api_gateway.single_gateway with input as serverless} == set()
}

test_gwy_002_unstated_copies_are_silent if single({"replicas": {"state": "unknown", "lo": 1}}) == set()

entry := {
	"auth": given.absent, "outside": yes, "outside_callers": ["client.web"], "exposes": yes, "exposed_store": "datastore.orders",
	"exposed_via": "service.orders.call.db", "exposed_how": "write",
}

anonymous(patch) := {f.verdict | some f in api_gateway.anonymous_entry with input as {"subject": given.lay(entry, patch)}}

test_gwy_003_fires if anonymous({}) == {"violation"}

test_gwy_003_auth_clears if anonymous({"auth": given.stated("oidc")}) == set()

test_gwy_003_nothing_worth_it_is_silent if anonymous({"exposes": no}) == set()

test_gwy_003_inside_is_silent if anonymous({"outside": no}) == set()

test_gwy_003_asks if {
	anonymous({"auth": given.unknown}) == {"question"}
	anonymous({"exposes": given.unknown}) == {"question"}
	anonymous({"outside": given.unknown}) == {"question"}
}

owns(patch) := {f | some f in api_gateway.gateway_owns with input as doc(patch)}

test_gwy_004_fires if {
	{f.verdict | some f in owns({"logic": given.stated("business")})} == {"violation"}
	{f.verdict | some f in owns({"publishes_to": ["topic.placed"]})} == {"violation"}
	{f.verdict | some f in owns({"store_may_be_written": yes, "store_writes": ["datastore.orders"]})} == {"violation"}
}

test_gwy_004_says_what_it_does if {
	some f in owns({"logic": given.stated("business"), "publishes_to": ["topic.placed"]})
	contains(f.say, "decides what only a service should know and publishes to {channels} itself")
}

test_gwy_004_routing_is_silent if owns({}) == set()

test_gwy_004_a_bff_is_judged_elsewhere if owns({"kind": given.stated("bff"), "logic": given.stated("business")}) == set()

test_gwy_004_asks if {f.verdict | some f in owns({"store_may_be_written": given.unknown})} == {"question"}

hairpin(from, public) := {f.verdict |
	some f in api_gateway.hairpin with input as {
		"subject": {"callee_public": public, "rate": given.derived(10)},
		"from": {"type": from},
		"to": {"type": "gateway", "kind": given.default_value("api")},
	}
}

test_gwy_005_fires if hairpin("service", yes) == {"violation"}

test_gwy_005_an_internal_gateway_is_silent if hairpin("service", no) == set()

test_gwy_005_a_webhook_is_silent if hairpin("external", yes) == set()

test_gwy_005_asks if hairpin("service", given.unknown) == {"question"}

useless(patch) := {f.verdict | some f in api_gateway.idle_gateway with input as doc(patch)}

test_gwy_006_fires if useless({}) == {"violation"}

test_gwy_006_any_purpose_clears if {
	useless({"auth": given.stated("oidc")}) == set()
	useless({"rate_limit": given.control({})}) == set()
	useless({"own_styles": ["graphql"]}) == set()
	useless({"offloads": ["retries"]}) == set()
	useless({"facade_of": ["migration.old"]}) == set()
	useless({"callees": ["service.a", "service.b"]}) == set()
	useless({"callers": ["client.a", "client.b"]}) == set()
	useless({"kind": given.stated("proxy")}) == set()
}

test_gwy_006_asks if useless({"auth": given.unknown}) == {"question"}

hangs_up(patch) := {f.verdict | some f in api_gateway.slow_work_cut with input as doc(patch)}

test_gwy_007_fires if hangs_up({}) == {"violation"}

test_gwy_007_an_assumed_tail_is_a_risk if hangs_up({"slowest_p99": given.assumed(20000, 40000, 100000)}) == {"risk"}

test_gwy_007_in_time_is_silent if hangs_up({"slowest_p99": given.stated(2000)}) == set()

test_gwy_007_no_limit_is_silent if hangs_up({"timeout": given.absent}) == set()

test_gwy_007_unmeasured_callees_are_silent if hangs_up({"slowest_to": "", "slowest_p99": given.absent}) == set()

test_gwy_007_asks if hangs_up({"timeout": given.unknown_number}) == {"question"}

words(patch) := {f.say | some f in api_gateway.single_gateway with input as doc(patch)}

test_gwy_002_says_what_its_outages_take if {
	some own in words({})
	contains(own, "{loss} in the window")
	some unpromised in words({"loss_budget": given.absent})
	endswith(unpromised, "{share} of the traffic fails.")
	some zone in words({"replicas": given.stated(3), "zones": given.stated(1)})
	contains(zone, "one zone")
}

test_gwy_003_says_what_strangers_can_do if {
	some written in api_gateway.anonymous_entry with input as {"subject": given.lay(entry, {"exposed_how": "write"})}
	contains(written.say, "make {subject} write to {store}")
	some read in api_gateway.anonymous_entry with input as {"subject": given.lay(entry, {"exposed_how": "read"})}
	contains(read.say, "personal, financial or health data")
}
