package archcheck.rules.deployment.canary_fit_test

import data.archcheck.given
import data.archcheck.rules.deployment.canary_fit as rules

a := {
	"addr": "service.a",
	"subject": {
		"release_strategy": given.stated("canary"), "canary_at_tenth": given.derived(110200000), "canary_samples_needed": given.derived(1102),
		"rate": given.derived(0.1), "incompatible_topics": [], "deploys_per_week": given.derived(5),
	},
}

doc(patch) := given.patched(a, {"subject": patch})

slow(patch) := {f.verdict | some f in rules.trickle with input as doc(patch)}

test_dep_015_a_trickle_fires if slow({}) == {"violation"}

test_dep_015_four_hours_are_silent if slow({"canary_at_tenth": given.derived(14400000)}) == set()

test_dep_015_rolling_and_no_objective_are_silent if {
	slow({"release_strategy": given.stated("rolling")}) == set()
	slow({"canary_at_tenth": given.absent}) == set()
}

test_dep_015_unknown_rate_asks if slow({"canary_at_tenth": given.unknown_number}) == {"question"}

mixed(patch) := {[f.verdict, f.fix] | some f in rules.mixed_messages with input as doc(object.union({"incompatible_topics": ["topic.t"]}, patch))}

test_dep_016_fires_on_canary_and_rolling if {
	want := {["violation", [{"at": "topic.t", "set": "schema.compatibility", "value": "backward"}]]}
	mixed({}) == want
	mixed({"release_strategy": given.profile("rolling")}) == want
}

test_dep_016_one_version_at_a_time_is_silent if mixed({"release_strategy": given.stated("recreate")}) == set()

test_dep_016_kept_contracts_are_silent if mixed({"incompatible_topics": []}) == set()

test_dep_016_unknown_strategy_asks if {
	{f.verdict | some f in rules.mixed_messages with input as doc({"incompatible_topics": ["topic.t"], "release_strategy": given.unknown})} == {"question"}
}
