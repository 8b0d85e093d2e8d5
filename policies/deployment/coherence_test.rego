package archcheck.rules.deployment.coherence_test

import data.archcheck.given
import data.archcheck.rules.deployment.coherence as rules

topic := {"addr": "topic.placed", "subject": {
	"breaking_change": "datastore.db.schema_change.rename", "schema": given.control({"compatibility": given.stated("backward")}),
	"teams_differ": given.derived(true), "services": ["service.mailer"], "publishers": [{"node": "service.orders"}], "teams": ["mail"],
}}

order(patch) := {[f.facts.first, f.facts.second] | some f in rules.release_order with input as given.patched(topic, {"subject": patch})}

compatibility(word) := {"schema": given.control({"compatibility": given.stated(word)})}

test_dep_062_backward_releases_consumers_first if order({}) == {[["mailer"], ["orders"]]}

test_dep_062_forward_releases_publishers_first if order(compatibility("forward")) == {[["orders"], ["mailer"]]}

test_dep_062_full_one_team_and_no_change_are_silent if {
	order(compatibility("full")) == set()
	order({"teams_differ": given.derived(false)}) == set()
	order({"breaking_change": ""}) == set()
	order({"schema": given.absent}) == set()
}

call := {
	"addr": "service.a.call.b",
	"from": {"addr": "service.a"},
	"to": {"addr": "service.b", "type": "service", "apis": ["rest"]},
	"subject": {"protocol": given.stated("soap"), "protocol_declared": given.derived(false)},
}

gone(patch) := {f.fix[0] | some f in rules.api_gone with input as given.patched(call, patch)}

test_dep_063_fires if gone({}) == {{"set": "protocol", "value": "rest"}}

test_dep_063_of_several_somebody_chooses if {
	some op in gone({"to": {"apis": ["grpc", "rest"]}})
	op.advise
}

test_dep_063_declared_derived_or_unstated_is_silent if {
	gone({"subject": {"protocol_declared": given.derived(true)}}) == set()
	gone({"subject": {"protocol": given.derived("soap")}}) == set()
	gone({"to": {"apis": []}}) == set()
	gone({"to": {"type": "external"}}) == set()
}
