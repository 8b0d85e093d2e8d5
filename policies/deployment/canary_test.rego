package archcheck.rules.deployment.canary_test

import data.archcheck.given
import data.archcheck.rules.deployment.canary as rules
import data.archcheck.rules.deployment.canary_weight

deploy := {
	"analysis": given.absent, "bake": given.stated(600000), "steps": given.stated([0.05, 0.5]), "router": given.stated(false),
}

a := {
	"addr": "service.a",
	"subject": {
		"user_facing": given.derived(true), "release_strategy": given.stated("canary"), "deploy": deploy, "rate": given.derived(80),
		"replicas": given.stated(4), "objective": given.stated(0.999), "first_step": given.derived(0.05), "replica_weight": given.derived(0.25),
		"canary_samples": given.derived(60), "canary_samples_needed": given.derived(1102), "canary_bake_needed": given.derived(11020000),
		"canary_budget_burnt": given.derived(0.0116), "canary_at_tenth": given.derived(5510000), "rec_canary": {"first_step": given.derived(0.01), "bake": given.derived(1380000)},
	},
}

doc(patch) := given.patched(a, {"subject": patch})

with_deploy(facts) := {"deploy": given.lay(deploy, facts)}

rolling := {"release_strategy": given.stated("rolling")}

blind(patch) := {f.verdict | some f in rules.blind_release with input as doc(object.union(rolling, patch))}

test_dep_010_blind_fires if blind({}) == {"violation"}

test_dep_010_canary_is_silent if {
	found := rules.blind_release with input as doc({})
	found == set()
}

test_dep_010_trickle_is_silent if blind({"rate": given.derived(2)}) == set()

test_dep_010_low_objective_is_silent if blind({"objective": given.stated(0.99)}) == set()

test_dep_010_unknown_analysis_asks if blind(with_deploy({"analysis": given.unknown})) == {"question"}

test_dep_010_begins_small if {
	some f in rules.blind_release with input as doc(rolling)
	f.fix[1].value == ["1%", "25%", "50%"]
}

test_dep_010_too_little_for_a_canary if {
	some f in rules.blind_release with input as doc(object.union(rolling, {"rec_canary": {"first_step": given.absent, "bake": given.absent}}))
	{o.set | some o in f.fix} == {"deploy.analysis"}
	endswith(f.say, "on the way.")
}

unjudged(facts) := {[f.verdict, f.severity] | some f in rules.unjudged with input as doc(with_deploy(facts))}

test_dep_011_nothing_compares if unjudged({}) == {["violation", "medium"]}

test_dep_011_by_hand_is_low if unjudged({"analysis": given.stated(["manual"])}) == {["violation", "low"]}

test_dep_011_judged_is_silent if unjudged({"analysis": given.stated(["error_rate"])}) == set()

test_dep_011_unknown_asks if unjudged({"analysis": given.unknown}) == {["question", "medium"]}

small(patch) := {[f.verdict, f.fix[0]] | some f in rules.sees_too_little with input as doc(patch)}

# 11,020,000 ms are 183.7 minutes.
test_dep_012_known_answer if small({}) == {["violation", {"set": "deploy.bake", "value": "184m"}]}

test_dep_012_enough_is_silent if small({"canary_samples": given.derived(2400)}) == set()

# 1 % would take 28 hours, 10 % 2 h 48 min.
test_dep_012_a_larger_step_sees_enough if {
	some f in rules.sees_too_little with input as doc({"canary_bake_needed": given.derived(100800000), "canary_at_tenth": given.derived(10080000)})
	f.fix == [{"set": "deploy.steps", "value": ["10%", "50%"]}, {"set": "deploy.bake", "value": "168m"}]
}

test_dep_012_a_trickle_is_no_canary if {
	some f in rules.sees_too_little with input as doc({"canary_bake_needed": given.derived(100000000), "canary_at_tenth": given.derived(50000000)})
	f.fix[0] == {"set": "deploy.strategy", "value": "blue_green"}
	f.alternatives == []
}

test_dep_012_unknown_rate_asks if {
	{f.verdict | some f in rules.sees_too_little with input as doc({"canary_samples": given.unknown_number})} == {"question"}
}

large(patch) := {[f.verdict, f.fix] | some f in rules.first_step_large with input as doc(patch)}

half := {"first_step": given.derived(0.5), "canary_budget_burnt": given.derived(0.347)}

# 0.347 * 0.05 / 0.5 = 0.0347: a tenth of the step, a tenth of the budget
test_dep_013_known_answer if large(half) == {["violation", [{"set": "deploy.steps", "value": ["5%", "50%"]}]]}

test_dep_013_small_is_silent if large({}) == set()

test_dep_013_too_long if {
	some f in rules.first_step_large with input as doc({"canary_budget_burnt": given.derived(0.2)})
	startswith(f.fix[0].advise, "Begin with")
}

test_dep_013_burn_unknown if {
	some f in rules.first_step_large with input as doc({"first_step": given.derived(0.5), "canary_budget_burnt": given.unknown_number})
	endswith(f.say, "before anybody can tell.")
	f.fix[0].set == "deploy.steps"
}

weight(patch) := {f.verdict | some f in canary_weight.share_out_of_reach with input as doc(patch)}

test_dep_014_known_answer if weight({}) == {"violation"}

test_dep_014_many_copies_are_silent if weight({"replica_weight": given.derived(0.05)}) == set()

test_dep_014_router_is_silent if weight(with_deploy({"router": given.stated(true)})) == set()
