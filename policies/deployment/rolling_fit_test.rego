package archcheck.rules.deployment.rolling_fit_test

import data.archcheck.given
import data.archcheck.rules.deployment.rolling_fit as rules

a := {
	"addr": "service.a",
	"subject": {
		"user_facing": given.derived(true), "replicas": given.stated(4), "deploy": given.absent, "deploys_per_week": given.derived(5),
		"release_strategy": given.stated("rolling"),
		"rollback_time": given.derived(1200000), "objective": given.stated(0.9995), "release_flags": [],
	},
	"system": {"platform": given.stated("vm"), "zero_downtime": given.default_value(false)},
}

undeclared(patch) := {f.verdict | some f in rules.undeclared_release with input as given.patched(a, patch)}

test_dep_064_nothing_stated_fires if undeclared({}) == {"violation"}

test_dep_064_proposes_the_same_for_everybody if {
	some f in rules.undeclared_release with input as a
	{op.set | some op in f.fix} == {"deploy"}
	{[op.value.drain, op.value.grace] | some op in f.fix} == {["15s", "30s"]}
}

test_dep_064_stated_small_or_replaced_by_a_platform_is_silent if {
	undeclared({"subject": {"deploy": given.control({})}}) == set()
	undeclared({"subject": {"replicas": given.stated(1)}}) == set()
	undeclared({"subject": {"user_facing": given.derived(false)}}) == set()
	undeclared({"system": {"platform": given.stated("kubernetes")}}) == set()
	undeclared({"system": {"zero_downtime": given.stated(true)}}) == set()
}

test_dep_064_asks_nobody if undeclared({"system": {"platform": given.unknown}}) == set()

back(patch) := {f.verdict | some f in rules.slow_way_back with input as given.patched(a, {"subject": object.union({"deploy": given.control({"start": given.stated(120000)})}, patch)})}

test_dep_025_twenty_minutes_fire if back({}) == {"violation"}

test_dep_025_a_quarter_of_an_hour_is_silent if back({"rollback_time": given.derived(900000)}) == set()

test_dep_025_a_flag_is_a_faster_way_back if back({"release_flags": ["flag.f"]}) == set()

test_dep_025_a_weaker_objective_is_silent if {
	back({"objective": given.stated(0.999)}) == set()
	back({"objective": given.absent}) == set()
}

test_dep_025_asks_nobody if back({"rollback_time": given.absent}) == set()
