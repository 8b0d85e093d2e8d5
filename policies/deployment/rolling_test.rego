package archcheck.rules.deployment.rolling_test

import data.archcheck.given
import data.archcheck.rules.deployment.rolling as rules

deploy := {
	"readiness": given.absent, "drain": given.absent, "grace": given.stated(30000), "max_surge": given.stated(0.25), "max_unavailable": given.stated(0.25),
}

a := {
	"addr": "service.a",
	"subject": {
		"user_facing": given.derived(true), "release_strategy": given.stated("rolling"), "deploy": deploy, "rate": given.derived(80),
		"requests_in_race": given.derived(400), "deploys_per_week": given.derived(5), "retrying_callers": [],
		"rec_drain": given.derived(10000), "rec_grace": given.derived(20000), "removed": given.derived(1), "replicas": given.stated(4),
		"utilisation_rolling": given.derived(0.89), "scale": {"capacity": given.stated(30)}, "stop_time": given.derived(70000),
		"longest_work": given.derived(60000), "only_idempotent_consumes": given.derived(false),
	},
	"system": {"platform": given.stated("kubernetes"), "zero_downtime": given.default_value(false)},
}

doc(patch) := given.patched(a, {"subject": patch})

with_deploy(facts) := {"deploy": given.lay(deploy, facts)}

lost(patch) := {[f.verdict, f.severity] | some f in rules.lost_in_release with input as doc(patch)}

fixed(patch) := {o.set | some f in rules.lost_in_release with input as doc(patch); some o in f.fix}

test_dep_020_neither_fires if lost({}) == {["violation", "high"]}

test_dep_020_callers_that_retry_find_another_copy if lost({"retrying_callers": [{"addr": "service.b.call.a"}]}) == {["violation", "medium"]}

test_dep_020_both_are_silent if lost(with_deploy({"readiness": given.stated(true), "drain": given.stated(15000)})) == set()

test_dep_020_unstated_asks if lost(with_deploy({"readiness": given.unknown, "drain": given.unknown})) == {["question", "high"]}

test_dep_020_canary_is_silent if lost({"release_strategy": given.stated("canary")}) == set()

test_dep_020_no_traffic_is_silent if lost({"requests_in_race": given.derived(0)}) == set()

test_dep_020_serverless_is_silent if {
	serverless := given.patched(a, {"system": {"platform": given.stated("serverless")}})
	found := rules.lost_in_release with input as serverless
	found == set()
}

test_dep_020_sets_both if fixed({}) == {"deploy.readiness", "deploy.drain"}

test_dep_020_sets_the_grace_too if fixed(with_deploy({"grace": given.stated(5000)})) == {"deploy.readiness", "deploy.drain", "deploy.grace"}

test_dep_020_says_what_misses if {
	{f.say | some f in rules.lost_in_release with input as doc(with_deploy({"readiness": given.stated(true)}))} != {f.say |
		some f in rules.lost_in_release with input as doc(with_deploy({"drain": given.stated(15000)}))
	}
}

removed(patch) := {[f.verdict, f.severity] | some f in rules.capacity_removed with input as doc(patch)}

test_dep_021_known_answer if removed({}) == {["violation", "medium"]}

test_dep_021_overload_is_high if removed({"utilisation_rolling": given.derived(1.33)}) == {["violation", "high"]}

test_dep_021_room_is_silent if removed({"utilisation_rolling": given.derived(0.79)}) == set()

test_dep_021_nothing_removed_is_silent if removed({"removed": given.derived(0)}) == set()

test_dep_021_unknown_capacity_asks if removed({"utilisation_rolling": given.unknown_number}) == {["question", "medium"]}

test_dep_021_needs_a_surge if {
	some f in rules.capacity_removed with input as doc(with_deploy({"max_surge": given.stated(0)}))
	count(f.fix) == 2
}

stopped(patch) := {f.verdict | some f in rules.only_copy_stopped with input as doc(patch)}

recreated := {"release_strategy": given.stated("recreate"), "replicas": given.stated(1)}

test_dep_022_only_copy_fires if stopped(recreated) == {"violation"}

test_dep_022_rolling_is_silent if stopped({"replicas": given.stated(1)}) == set()

test_dep_022_more_copies_are_silent if stopped({"release_strategy": given.stated("recreate")}) == set()

killed(patch) := {f.verdict | some f in rules.killed_halfway with input as doc(patch)}

test_dep_024_short_grace_fires if killed({}) == {"violation"}

test_dep_024_slow_messages_are_a_risk if killed({"stop_time": given.between(20000, 40000, 80000)}) == {"risk"}

test_dep_024_long_grace_is_silent if killed(with_deploy({"grace": given.stated(90000)})) == set()

test_dep_024_harmless_repetition_is_silent if killed({"only_idempotent_consumes": given.derived(true)}) == set()

test_dep_024_unknown_grace_is_silent if killed(with_deploy({"grace": given.unknown_number})) == set()
