package archcheck.rules.deployment.blue_green_test

import data.archcheck.given
import data.archcheck.rules.deployment.blue_green as rules

deploy := {
	"start": given.unknown_number, "keep_old": given.default_value(30000), "bake": given.absent, "spare_capacity": given.stated(0.5),
}

a := {
	"addr": "service.a",
	"subject": {
		"user_facing": given.derived(true), "release_strategy": given.stated("blue_green"), "deploy": deploy, "rate": given.derived(80),
		"objective": given.stated(0.99), "deploys_per_week": given.derived(5), "rec_canary": {"bake": given.derived(1380000)},
	},
	"system": {"platform": given.absent, "zero_downtime": given.stated(true)},
}

doc(patch) := given.patched(a, {"subject": patch})

with_deploy(facts) := {"deploy": given.lay(deploy, facts)}

recreated := {"release_strategy": given.stated("recreate")}

down(patch) := {f.verdict | some f in rules.outage_by_release with input as doc(object.union(recreated, patch))}

test_dep_001_recreate_fires if down({}) == {"violation"}

test_dep_001_blue_green_is_silent if down({"release_strategy": given.stated("blue_green")}) == set()

test_dep_001_no_user_waits if down({"user_facing": given.derived(false)}) == set()

test_dep_001_unknown_strategy_asks if {
	{f.verdict | some f in rules.outage_by_release with input as doc({"release_strategy": given.unknown})} == {"question"}
}

test_dep_001_nobody_asked_for_it if {
	found := rules.outage_by_release with input as given.patched(doc(recreated), {"system": {"zero_downtime": given.default_value(false)}})
	found == set()
}

test_dep_001_says_how_long if {
	some f in rules.outage_by_release with input as doc(object.union(recreated, with_deploy({"start": given.stated(120000)})))
	contains(f.say, "down for {start}")
	count(f.alternatives) == 2
}

green(patch) := {f.verdict | some f in rules.green_too_small with input as doc(patch)}

test_dep_002_half_fires if green({}) == {"violation"}

test_dep_002_room_is_silent if green(with_deploy({"spare_capacity": given.stated(1)})) == set()

test_dep_002_unknown_asks if green(with_deploy({"spare_capacity": given.unknown_number})) == {"question"}

test_dep_002_rate_unknown if {
	some f in rules.green_too_small with input as doc({"rate": given.unknown_number})
	not contains(f.say, "{rate}")
}

test_dep_002_serverless_is_silent if {
	found := rules.green_too_small with input as given.patched(a, {"system": {"platform": given.stated("serverless")}})
	found == set()
}

back(facts) := {f.verdict | some f in rules.no_way_back with input as doc(with_deploy(facts))}

test_dep_003_half_a_minute_fires if back({}) == {"violation"}

test_dep_003_an_hour_is_silent if back({"keep_old": given.stated(3600000)}) == set()

test_dep_003_quick_start_is_silent if back({"start": given.stated(120000)}) == set()

test_dep_003_slow_start_fires if back({"start": given.stated(180000)}) == {"violation"}
