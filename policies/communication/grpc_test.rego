package archcheck.rules.communication.grpc_test

import data.archcheck.given
import data.archcheck.rules.communication.grpc

yes := given.derived(true)

no := given.derived(false)

base := {
	"subject": {
		"over_rest": no, "over_grpc": yes, "rate": given.derived(3000), "per_request": given.default_value(1),
		"budget": given.derived(500), "payload": given.unknown_number, "callee_grpc_web": given.default_value(false),
		"shared_mesh": no, "callee_other_replicas": given.derived(3), "callee_max_message": given.default_value(4194304),
		"stream": given.default_value(false), "public_caller": yes,
	},
	"from": {"type": "service", "kind": given.absent},
	"to": {
		"type": "service", "addr": "service.b", "apis": ["grpc"], "legacy": given.default_value(false), "opaque": given.default_value(false),
		"load_balancing": given.stated("l4"), "replicas": given.stated(4), "capacity": given.derived(400),
	},
	"system": {"platform": given.stated("kubernetes")},
}

doc(patch) := {section: given.lay(facts, object.get(patch, section, {})) | some section, facts in base}

text := {"subject": {"over_rest": yes, "over_grpc": no}}

hot(patch) := {f.verdict | some f in grpc.hot_text_edge with input as doc(object.union(text, patch))}

test_com_020_fires if hot({}) == {"violation"}

test_com_020_many_calls_in_a_tight_budget_fire if {
	hot({"subject": {"rate": given.derived(1), "per_request": given.stated(5), "budget": given.derived(50)}}) == {"violation"}
}

test_com_020_slow_edges_are_silent if hot({"subject": {"rate": given.derived(50)}}) == set()

test_com_020_an_unmeasured_edge_is_no_question if hot({"subject": {"rate": given.unknown_number}}) == set()

test_com_020_an_assumed_rate_is_a_risk if hot({"subject": {"rate": given.assumed(10, 2000, 5000)}}) == {"risk"}

test_com_020_large_payloads_are_silent if hot({"subject": {"payload": given.stated(2097152)}}) == set()

test_com_020_legacy_and_vendors_are_silent if {
	hot({"to": {"legacy": given.stated(true)}}) == set()
	hot({"to": {"opaque": given.stated(true)}}) == set()
	hot({"to": {"type": "external"}}) == set()
}

browser(patch) := {f.verdict | some f in grpc.browser_speaks_grpc with input as doc(object.union({"from": {"type": "client", "kind": given.stated("web")}}, patch))}

test_com_021_fires if browser({}) == {"violation"}

test_com_021_grpc_web_clears if browser({"subject": {"callee_grpc_web": given.stated(true)}}) == set()

test_com_021_another_api_clears if browser({"to": {"apis": ["grpc", "rest"]}}) == set()

test_com_021_an_app_is_silent if browser({"from": {"kind": given.stated("mobile")}}) == set()

test_com_021_asks if {
	d := given.lay(doc({}), {"from": {"type": "client", "kind": given.unknown}})
	{f.verdict | some f in grpc.browser_speaks_grpc with input as d} == {"question"}
}

pinned(patch) := {f.verdict | some f in grpc.one_connection with input as doc(patch)}

test_com_022_fires if pinned({}) == {"violation"}

test_com_022_l7_and_client_clear if {
	pinned({"to": {"load_balancing": given.stated("l7")}}) == set()
	pinned({"to": {"load_balancing": given.stated("client")}}) == set()
}

test_com_022_one_mesh_clears if pinned({"subject": {"shared_mesh": yes}}) == set()

test_com_022_one_replica_is_silent if pinned({"to": {"replicas": given.stated(1)}}) == set()

test_com_022_serverless_is_silent if pinned({"system": {"platform": given.stated("serverless")}}) == set()

test_com_022_a_clients_call_is_silent if pinned({"from": {"type": "client"}}) == set()

test_com_022_asks if {
	pinned({"to": {"load_balancing": given.unknown}}) == {"question"}
	pinned({"to": {"replicas": {"state": "unknown", "lo": 1}}}) == {"question"}
}

too_large(patch) := {f.verdict | some f in grpc.message_too_large with input as doc(patch)}

test_com_023_fires if too_large({"subject": {"payload": given.stated(8388608)}}) == {"violation"}

test_com_023_a_stream_clears if too_large({"subject": {"payload": given.stated(8388608), "stream": given.stated(true)}}) == set()

test_com_023_small_and_unmeasured_messages_are_silent if {
	too_large({"subject": {"payload": given.stated(102400)}}) == set()
	too_large({}) == set()
}

partners(patch) := {f.verdict | some f in grpc.partners_speak_grpc with input as doc(object.union({"from": {"type": "client", "kind": given.stated("partner")}}, patch))}

test_com_025_fires if partners({}) == {"violation"}

test_com_025_a_facade_clears if partners({"to": {"apis": ["grpc", "rest"]}}) == set()

test_com_025_by_contract_is_silent if partners({"subject": {"public_caller": no}}) == set()

test_com_025_an_app_is_silent if partners({"from": {"kind": given.stated("mobile")}}) == set()

test_com_022_counts_where_it_can if {
	some counted in grpc.one_connection with input as doc({})
	contains(counted.say, "{idle} others wait")
	some uncounted in grpc.one_connection with input as doc({"subject": {"rate": given.unknown_number}})
	contains(uncounted.say, "everything that {from} sends")
}
