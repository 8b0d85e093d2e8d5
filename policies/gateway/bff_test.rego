package archcheck.rules.gateway.bff_test

import data.archcheck.given
import data.archcheck.rules.gateway.bff

yes := given.derived(true)

no := given.derived(false)

shared := {
	"constrained_client": "client.app", "frugal_client": "client.web", "constrained_trips": given.derived(6),
	"frugal_trips": given.derived(1), "trip_ratio": given.derived(6), "payload_ratio": given.absent,
	"frontend_teams": given.derived(0), "any_bff": no, "apis": ["rest"],
}

diverges(patch) := {[f.verdict, f.severity] | some f in bff.diverging_clients with input as {"subject": given.lay(shared, patch)}}

test_gwy_010_fires if diverges({}) == {["violation", "low"]}

test_gwy_010_two_teams_are_medium if diverges({"frontend_teams": given.derived(2)}) == {["violation", "medium"]}

test_gwy_010_payloads_fire if {
	diverges({"constrained_trips": given.derived(1), "trip_ratio": given.derived(1), "payload_ratio": given.derived(10)}) == {["violation", "low"]}
}

test_gwy_010_equal_needs_are_silent if diverges({"constrained_trips": given.derived(1), "trip_ratio": given.derived(1)}) == set()

test_gwy_010_one_kind_is_silent if diverges({"frugal_client": ""}) == set()

test_gwy_010_a_bff_or_a_graph_clears if {
	diverges({"any_bff": yes}) == set()
	diverges({"apis": ["graphql"]}) == set()
}

test_gwy_010_asks if {
	diverges({"constrained_trips": {"state": "unknown", "lo": 1, "hi": 2}, "trip_ratio": {"state": "unknown", "lo": 1, "hi": 2}}) == {["question", "low"]}
}

gateway := {
	"kind": given.stated("bff"), "one_web_team": no, "client_kinds": ["mobile", "web"], "clients": ["client.app", "client.web"],
	"system_client_kinds": ["web"], "client_kinds_known": yes, "store_may_be_written": yes, "store_writes": ["datastore.orders"],
	"store_write_calls": ["gateway.bff.call.db"], "serves": given.stated(["client.app"]), "called_by_only": ["client.web"],
	"serves_only": [],
}

doc(patch) := {"subject": given.lay(gateway, patch)}

serves_several(patch) := {f.verdict | some f in bff.shared_bff with input as doc(patch)}

test_gwy_011_fires if serves_several({}) == {"violation"}

test_gwy_011_one_kind_is_silent if serves_several({"client_kinds": ["mobile"]}) == set()

test_gwy_011_web_and_desktop_of_a_team_are_silent if serves_several({"one_web_team": yes}) == set()

test_gwy_011_an_api_is_silent if serves_several({"kind": given.default_value("api")}) == set()

alone(patch) := {f.verdict | some f in bff.only_frontend with input as doc(patch)}

test_gwy_012_fires if alone({}) == {"violation"}

test_gwy_012_a_second_kind_is_silent if alone({"system_client_kinds": ["mobile", "web"]}) == set()

test_gwy_012_asks if alone({"client_kinds_known": given.unknown}) == {"question"}

owns(patch) := {f.verdict | some f in bff.bff_owns_data with input as doc(patch)}

test_gwy_013_fires if owns({}) == {"violation"}

test_gwy_013_nothing_written_is_silent if owns({"store_may_be_written": no}) == set()

test_gwy_013_an_api_is_judged_elsewhere if owns({"kind": given.default_value("api")}) == set()

test_gwy_013_asks if owns({"store_may_be_written": given.unknown}) == {"question"}

twin := {"twin": "gateway.ios", "similarity": given.derived(0.95), "calls": given.derived(4), "same_auth": yes}

twins(patch) := {f.verdict | some f in bff.twin_bffs with input as {"subject": given.lay(twin, patch)}}

test_gwy_014_fires if twins({}) == {"violation"}

test_gwy_014_less_alike_is_silent if twins({"similarity": given.derived(0.8)}) == set()

test_gwy_014_another_login_is_silent if twins({"same_auth": no}) == set()

test_gwy_014_no_other_is_silent if twins({"twin": "", "similarity": given.derived(0)}) == set()

twice := {
	"subject": {"caller_serves_clients": yes, "protocol": given.derived("graphql")},
	"from": {"type": "gateway", "kind": given.stated("bff"), "apis": ["rest"]},
	"to": {"type": "gateway", "apis": ["graphql"]},
}

shaped(patch) := {f.verdict | some f in bff.shaped_twice with input as given.lay(twice, patch)}

test_gwy_015_fires if shaped({}) == {"violation"}

test_gwy_015_a_bff_with_graphql_is_silent if shaped({"from": given.lay(twice.from, {"apis": ["graphql"]})}) == set()

test_gwy_015_no_graph_behind_is_silent if shaped({"to": {"type": "gateway", "apis": ["rest"]}}) == set()

test_gwy_015_another_protocol_is_silent if shaped({"subject": {"caller_serves_clients": yes, "protocol": given.stated("rest")}}) == set()

differs(patch) := {f | some f in bff.audience_differs with input as doc(patch)}

test_gwy_016_fires if {
	some f in differs({})
	f.verdict == "violation"
	f.fix == [{"set": "serves", "value": ["client.app", "client.web"]}]
}

test_gwy_016_equal_sets_are_silent if differs({"called_by_only": []}) == set()

test_gwy_016_unstated_is_silent if differs({"serves": given.stated([])}) == set()

test_gwy_016_nobody_calls if differs({"clients": [], "called_by_only": [], "serves_only": ["client.app"]}) == set()

test_gwy_016_says_on_which_side_the_difference_is if {
	some called in differs({})
	startswith(called.say, "The next change")
	some idle in differs({"called_by_only": [], "serves_only": ["client.tv"]})
	contains(idle.say, "clients that do not use it")
}
