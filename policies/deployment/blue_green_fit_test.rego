package archcheck.rules.deployment.blue_green_fit_test

import data.archcheck.given
import data.archcheck.rules.deployment.blue_green_fit as rules

a := {
	"addr": "service.a",
	"subject": {
		"release_strategy": given.stated("blue_green"), "takes_from": ["topic.in"], "consumes_idempotent": given.derived(false),
		"consumes_write": given.derived(false), "replicas": given.stated(6), "stateful": given.default_value(false),
		"deploys_per_week": given.derived(5), "rec_canary": {"first_step": given.absent, "bake": given.absent},
	},
	"system": {"platform": given.stated("kubernetes")},
}

doc(patch) := given.patched(a, {"subject": patch})

early(patch) := {f.verdict | some f in rules.both_consume with input as doc(patch)}

harmless := {"consumes_idempotent": given.derived(true)}

test_dep_005_repeated_work_fires if early({}) == {"violation"}

test_dep_005_writes_fire if {
	early(object.union(harmless, {"consumes_write": given.derived(true)})) == {"violation"}
	some f in rules.both_consume with input as doc({"consumes_write": given.derived(true)})
	contains(f.say, "changes real data")
}

test_dep_005_harmless_repetition_is_silent if early(harmless) == set()

test_dep_005_requests_only_are_silent if early({"takes_from": []}) == set()

test_dep_005_rolling_is_silent if early({"release_strategy": given.stated("rolling")}) == set()

test_dep_005_unknown_asks if {
	early({"consumes_idempotent": given.unknown}) == {"question"}
	early(object.union(harmless, {"consumes_write": given.unknown})) == {"question"}
	early({"release_strategy": given.unknown}) == set()
}

doubled(patch) := {[f.verdict, f.fix[0].value] | some f in rules.doubled_fleet with input as doc(patch)}

test_dep_006_small_is_silent if doubled({}) == set()

test_dep_006_a_hundred_copies_fire if doubled({"replicas": given.stated(100)}) == {["violation", "rolling"]}

test_dep_006_state_fires if {
	doubled({"stateful": given.stated(true)}) == {["violation", "rolling"]}
	some f in rules.doubled_fleet with input as doc({"stateful": given.stated(true)})
	contains(f.say, "leaves it behind")
}

test_dep_006_a_canary_where_one_sees_enough if {
	rec := {"first_step": given.derived(0.05), "bake": given.derived(600000)}
	some f in rules.doubled_fleet with input as doc({"replicas": given.stated(200), "rec_canary": rec})
	f.fix[0].value == "canary"
	f.fix[1].value == ["5%", "25%", "50%"]
}

test_dep_006_asks_nobody if doubled({"replicas": given.unknown_number}) == set()

test_dep_006_serverless_is_silent if {
	serverless := given.patched(a, {"subject": {"replicas": given.stated(200)}, "system": {"platform": given.stated("serverless")}})
	found := rules.doubled_fleet with input as serverless
	found == set()
}
