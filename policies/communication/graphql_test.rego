package archcheck.rules.communication.graphql_test

import data.archcheck.given
import data.archcheck.rules.communication.graphql

yes := given.derived(true)

no := given.derived(false)

client := {
	"kind": given.stated("mobile"), "network": given.default_value("cellular"), "composed": no, "trips": given.derived(6),
	"backends": given.derived(1), "network_time": given.derived(600),
}

assembles(patch) := {f.verdict | some f in graphql.mobile_assembles with input as {"subject": given.lay(client, patch)}}

test_com_010_fires if assembles({}) == {"violation"}

test_com_010_three_backends_fire if assembles({"trips": given.derived(3), "backends": given.derived(3)}) == {"violation"}

test_com_010_few_trips_are_silent if assembles({"trips": given.derived(4)}) == set()

test_com_010_a_bff_clears if assembles({"composed": yes}) == set()

test_com_010_a_local_network_is_silent if assembles({"network": given.stated("lan")}) == set()

test_com_010_the_web_is_silent if assembles({"kind": given.stated("web")}) == set()

test_com_010_asks_how_often if assembles({"trips": {"state": "unknown", "lo": 1, "hi": 6}}) == {"question"}

api := {
	"style": "graphql", "owner": "gateway.bff", "public": yes, "public_callers": ["client.app"], "max_depth": given.absent,
	"max_cost": given.absent, "persisted_queries": given.absent, "batching": given.absent, "busiest_calls": given.stated(25),
	"busiest_call": "gateway.bff.call.price", "busiest_to": "service.prices", "busiest_rate": given.derived(250),
	"services": ["service.a"], "other_callers": given.derived(0), "caches": ["gateway.cdn"], "cache_ttl": given.stated(60000),
	"limit_unit": given.default_value("request"),
	"limit_rps": given.stated(100),
	"rate_limit": given.control({"rps": given.stated(100), "unit": given.default_value("request")}),
}

system := {"params": {"chatty": 10}}

doc(patch) := {"subject": given.lay(api, patch), "system": system}

unlimited(patch) := {f.verdict | some f in graphql.query_unlimited with input as doc(patch)}

test_com_011_fires if unlimited({}) == {"violation"}

test_com_011_false_is_no_control if unlimited({"persisted_queries": given.stated(false)}) == {"violation"}

test_com_011_any_control_clears if {
	unlimited({"max_depth": given.stated(8)}) == set()
	unlimited({"max_cost": given.stated(1000)}) == set()
	unlimited({"persisted_queries": given.stated(true)}) == set()
}

test_com_011_nobody_outside_is_silent if unlimited({"public": no}) == set()

test_com_011_asks if unlimited({"max_cost": given.unknown_number}) == {"question"}

one_by_one(patch) := {f.verdict | some f in graphql.call_per_item with input as doc(patch)}

test_com_012_fires if one_by_one({}) == {"violation"}

test_com_012_batching_clears if one_by_one({"batching": given.stated("dataloader")}) == set()

test_com_012_nine_calls_are_silent if one_by_one({"busiest_calls": given.stated(9)}) == set()

test_com_012_no_calls_are_silent if one_by_one({"busiest_calls": given.absent}) == set()

test_com_012_asks if one_by_one({"batching": given.unknown}) == {"question"}

between(patch) := {f.verdict | some f in graphql.graphql_between_services with input as doc(patch)}

test_com_013_fires if between({}) == {"violation"}

test_com_013_three_services_are_silent if between({"services": ["service.a", "service.b", "service.c"]}) == set()

test_com_013_a_gateway_is_silent if between({"other_callers": given.derived(1)}) == set()

test_com_013_nobody_is_silent if between({"services": []}) == set()

counted(patch) := {f.verdict | some f in graphql.limit_counts_queries with input as doc(patch)}

test_com_014_fires if counted({}) == {"violation"}

test_com_014_by_cost_is_silent if {
	counted({"limit_unit": given.stated("cost")}) == set()
}

test_com_014_a_bounded_query_is_silent if counted({"max_cost": given.stated(500)}) == set()

test_com_014_no_limit_is_silent if counted({"limit_unit": given.absent}) == set()

test_com_014_an_unknown_limit_asks if counted({"limit_unit": given.unknown}) == {"question"}

test_com_014_asks if counted({"persisted_queries": given.unknown}) == {"question"}

cached(patch) := {f.verdict | some f in graphql.cache_never_answers with input as doc(patch)}

test_com_015_fires if cached({}) == {"violation"}

test_com_015_registered_queries_clear if cached({"persisted_queries": given.stated(true)}) == set()

test_com_015_no_cache_is_silent if cached({"cache_ttl": given.unknown_number}) == set()

test_com_015_asks if cached({"persisted_queries": given.unknown}) == {"question"}

test_com_012_counts_where_it_can if {
	some counted in graphql.call_per_item with input as doc({})
	contains(counted.say, "{to} gets {rate}")
	some uncounted in graphql.call_per_item with input as doc({"busiest_rate": given.unknown_number})
	contains(uncounted.say, "becomes {calls} calls")
}

test_com_015_names_the_cache_if_there_is_one if {
	some named in graphql.cache_never_answers with input as doc({})
	named.facts.cache == ["cdn"]
	some any in graphql.cache_never_answers with input as doc({"caches": []})
	any.facts.cache == "an HTTP cache"
}
