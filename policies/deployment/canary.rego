package archcheck.rules.deployment.canary

import data.archcheck.lib

# METADATA
# scope: document
# title: A bad build reaches everybody
# description: A rolling release that nothing judges replaces every copy with the bad build before anybody looks.
# related_resources: [https://sre.google/workbook/canarying-releases/]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-010
#   kind: missing
#   severity: low
#   pattern: deployment/canary
#   subject: workload
#   trade_offs: A release takes as long as its steps, and something has to compare the versions.
#   waive_when: Releases are rare, and somebody watches each of them.
#   cleared_by: A canary, or analysis that stops a release.
blind_release contains {
	"verdict": v,
	"say": everybody,
	"facts": {
		"rate": input.subject.rate, "replicas": input.subject.replicas, "step": input.subject.rec_canary.first_step, "bake": input.subject.rec_canary.bake,
		"strategy": input.subject.release_strategy, "analysis": input.subject.deploy.analysis, "objective": input.subject.objective,
	},
	"asks": array.concat(["strategy", "analysis"], [x | some x in ["rate", "objective"]; how_it_is_released != "question"]),
	"fix": gradual,
	"alternatives": [[{"set": "deploy.analysis", "value": ["error_rate", "latency_p99"]}]],
} if {
	v := lib.all_of([
		lib.is(input.subject.user_facing, true),
		lib.at_least(input.subject.rate, 10),
		lib.at_least(input.subject.objective, 0.999),
		how_it_is_released,
	])
	lib.fires(v)
}

# How much is at stake is asked only of who releases so.
how_it_is_released := lib.all_of([lib.is(input.subject.release_strategy, "rolling"), lib.absent(input.subject.deploy.analysis)])

default everybody := "A bad build takes all of the {rate} that {subject} serves: nothing compares it with the old one on the way."

everybody := "A bad build takes all of the {rate} that {subject} serves: nothing compares it with the old one on the way. A first step of {step} for {bake} would show it on that share alone." if {
	input.subject.rec_canary.bake.value
}

default gradual := [{"set": "deploy.analysis", "value": ["error_rate", "latency_p99"]}]

gradual := [
	{"set": "deploy.strategy", "value": "canary"},
	{"set": "deploy.steps", "value": [percent(input.subject.rec_canary.first_step.value), "25%", "50%"]},
	{"set": "deploy.bake", "value": input.subject.rec_canary.bake},
	{"set": "deploy.analysis", "value": ["error_rate", "latency_p99"]},
] if {
	input.subject.rec_canary.bake.value
}

percent(share) := sprintf("%v%%", [round(share * 100)])

# METADATA
# scope: document
# title: Nobody judges the canary
# description: A canary that nothing compares with the old version is a slow release. The pauses pass, whatever happens in them.
# related_resources:
#   - https://sre.google/workbook/canarying-releases/
#   - https://argo-rollouts.readthedocs.io/en/stable/features/analysis/
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-011
#   kind: misconfigured
#   severities:
#     medium: nothing compares the versions
#     low: somebody looks, by hand
#   pattern: deployment/canary
#   subject: workload
#   trade_offs: An analysis that is too strict stops good releases.
#   cleared_by: analysis with the measures that are compared.
unjudged contains {
	"verdict": v,
	"severity": weight,
	"say": verdictless,
	"facts": {"strategy": input.subject.release_strategy, "analysis": input.subject.deploy.analysis},
	"fix": [{"set": "deploy.analysis", "value": ["error_rate", "latency_p99"]}],
} if {
	v := lib.all_of([lib.is(input.subject.release_strategy, "canary"), lib.any_of([lib.absent(input.subject.deploy.analysis), by_hand])])
	lib.fires(v)
}

default by_hand := "pass"

by_hand := "violation" if input.subject.deploy.analysis.value == ["manual"]

default weight := "medium"

weight := "low" if by_hand == "violation"

verdictless := "A bad build of {subject} goes on unless somebody happens to look: the canary is judged by hand." if {
	by_hand == "violation"
} else := "A bad build of {subject} passes every step of the canary: the pauses are timers, and nothing compares the versions."

# METADATA
# scope: document
# title: The canary is too small or too short to see a failure
# description: A canary sees a rise of errors only in enough requests. Below that number a bad build looks like a good one.
# related_resources: [https://sre.google/workbook/canarying-releases/]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-012
#   kind: misconfigured
#   severity: medium
#   pattern: deployment/canary
#   subject: workload
#   subsumes: [DEP-015]
#   trade_offs: A longer step makes releases slower; a larger one lets more users meet a bad build.
#   cleared_by: A longer bake or a larger first step.
sees_too_little contains {
	"verdict": v,
	"say": "A build that fails five times as often as {subject} may would probably pass: the first step sees {samples} requests, and telling the two apart takes {needed}.",
	"facts": {
		"samples": input.subject.canary_samples, "needed": input.subject.canary_samples_needed, "rate": input.subject.rate,
		"step": input.subject.first_step, "bake": input.subject.deploy.bake,
	},
	"asks": ["samples", "needed", "rate", "step", "bake"],
	"fix": longer,
	"alternatives": [[{"advise": "Take a larger first step, if the error budget allows it."}] | input.subject.canary_at_tenth.value <= 14400000],
} if {
	v := lib.all_of([
		lib.is(input.subject.release_strategy, "canary"),
		lib.below(input.subject.canary_samples, input.subject.canary_samples_needed),
	])
	lib.fires(v)
}

# A longer step, else a larger one, else no canary: this traffic would take more than four hours at 10 %.
longer := [{"set": "deploy.bake", "value": minutes(input.subject.canary_bake_needed)}] if {
	input.subject.canary_bake_needed.value <= 14400000
} else := [
	{"set": "deploy.steps", "value": array.concat(["10%"], [percent(w) | some w in input.subject.deploy.steps.value; w > 0.1])},
	{"set": "deploy.bake", "value": minutes(input.subject.canary_at_tenth)},
] if {
	input.subject.canary_at_tenth.value <= 14400000
} else := [
	{"set": "deploy.strategy", "value": "blue_green"}, {"set": "deploy.spare_capacity", "value": "100%"},
	{"set": "deploy.keep_old", "value": "1h"}, {"set": "deploy.analysis", "value": ["smoke"]},
]

minutes(time) := sprintf("%vm", [ceil(time.value / 60000)])

# METADATA
# scope: document
# title: The first step risks too much
# description: Whatever the first step breaks is broken for real users until it is seen. A small share for a short time costs little of the error budget.
# related_resources: [https://sre.google/workbook/canarying-releases/]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-013
#   kind: misconfigured
#   severity: medium
#   pattern: deployment/canary
#   subject: workload
#   trade_offs: A smaller step takes longer to see enough requests.
#   cleared_by: A first step of at most 10 % that spends at most 10 % of the error budget.
first_step_large contains {
	"verdict": v,
	"say": risked,
	"facts": {
		"step": input.subject.first_step, "bake": input.subject.deploy.bake,
		"burnt": input.subject.canary_budget_burnt, "rate": input.subject.rate,
	},
	"asks": ["step", "bake"],
	"fix": smaller,
} if {
	v := lib.all_of([
		lib.is(input.subject.user_facing, true),
		lib.is(input.subject.release_strategy, "canary"),
		lib.any_of([lib.above(input.subject.first_step, 0.1), lib.above(input.subject.canary_budget_burnt, 0.1)]),
	])
	lib.fires(v)
}

default risked := "A broken build of {subject} fails {step} of all its requests before anybody can tell."

risked := "A broken build of {subject} fails {step} of its requests for {bake} and spends {burnt} of the error budget before the first step is over." if {
	input.subject.canary_budget_burnt.value > 0
}

# A step of 5 % helps unless it burns too much even so.
default smaller := [{"advise": "Begin with 1 % or shorten the bake: even 5 % for that long would spend more than a tenth of the error budget."}]

smaller := [{"set": "deploy.steps", "value": array.concat(["5%"], later)}] if {
	input.subject.first_step.value > 0.05
	burn_at_five <= 0.1
}

default burn_at_five := 0

burn_at_five := (input.subject.canary_budget_burnt.value * 0.05) / input.subject.first_step.value

later := [percent(w) | some w in input.subject.deploy.steps.value; w > 0.05]
