package archcheck.rules.deployment.database_split_test

import data.archcheck.given
import data.archcheck.rules.deployment.database_split as rules

server := {"subject": {
	"of": given.derived("server"), "owners": ["service.a", "service.b"], "user_facing": given.derived(true), "blast": given.derived(1),
	"members": [{"addr": "datastore.a"}, {"addr": "datastore.b"}],
}}

fate(patch) := {f.say | some f in rules.one_server with input as given.patched(server, {"subject": patch})}

test_dep_052_one_server_fires if {
	fate({}) == {"One server's failure or heaviest query stops {owners} together, {blast} of all traffic: {stores} are on it."}
}

test_dep_052_no_traffic_is_not_counted if {
	fate({"blast": given.derived(0)}) == {"One server's failure or heaviest query stops {owners} together: {stores} are on it."}
}

test_dep_052_one_owner_is_silent if fate({"owners": ["service.a"]}) == set()

test_dep_052_a_zone_is_silent if fate({"of": given.derived("zone")}) == set()

test_dep_052_no_user_waits if fate({"user_facing": given.derived(false)}) == set()

tx := {"subject": {
	"services": ["service.a", "service.b"], "teams": ["t"], "consistency": given.stated("strong"), "same_data": given.derived(true),
}}

split(patch) := {f.verdict | some f in rules.split_invariant with input as given.patched(tx, {"subject": patch})}

test_dep_054_split_aggregate_fires if split({}) == {"violation"}

test_dep_054_other_data_is_silent if split({"same_data": given.derived(false)}) == set()

test_dep_054_eventual_is_silent if split({"consistency": given.stated("eventual")}) == set()

test_dep_054_unknown_consistency_asks if split({"consistency": given.unknown}) == {"question"}

test_dep_054_two_teams_are_silent if split({"teams": ["t", "u"]}) == set()
