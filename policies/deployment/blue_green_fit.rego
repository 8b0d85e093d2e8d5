package archcheck.rules.deployment.blue_green_fit

import data.archcheck.lib

# METADATA
# scope: document
# title: The new version takes messages before the switch
# description: Blue-green holds requests back from the new version until somebody switches. Nothing holds messages back, so a new version that consumes works on real ones as soon as it starts.
# related_resources: [https://argo-rollouts.readthedocs.io/en/stable/features/bluegreen/]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-005
#   kind: misuse
#   severity: medium
#   pattern: deployment/blue-green
#   subject: workload
#   trade_offs: Consumers that wait for the switch have to be started and stopped by the release.
#   waive_when: The release pauses the consumers of the new version until the switch.
#   cleared_by: Another strategy; consumers in a service of their own; messages that only read, idempotent = true on each consume.
both_consume contains {
	"verdict": v,
	"say": early,
	"facts": {
		"channels": lib.labels(input.subject.takes_from), "strategy": input.subject.release_strategy,
		"idempotent": input.subject.consumes_idempotent, "writes": input.subject.consumes_write,
	},
	"asks": ["idempotent", "writes"],
	"evidence": input.subject.takes_from,
	"fix": [{"advise": "Pause the consumers of the new version until the switch, and those of the old one after it."}],
	"alternatives": [[{"advise": sprintf("Move the consumers of %s into a service of their own, and release that one by one.", [lib.label(input.addr)])}]],
} if {
	count(input.subject.takes_from) > 0
	input.subject.release_strategy.value == "blue_green" # who states no strategy is asked for it by DEP-002
	v := lib.any_of([
		lib.unless(lib.is(input.subject.consumes_idempotent, true)),
		lib.is(input.subject.consumes_write, true),
	])
	lib.fires(v)
}

default early := "Code that nobody has switched to works on real messages: the new version of {subject} takes from {channels} as soon as it starts."

early := "Code that nobody has switched to changes real data: the new version of {subject} takes from {channels} as soon as it starts, and what it does there stays if the release is called off." if {
	input.subject.consumes_write.value
}

# METADATA
# scope: document
# title: What is doubled is too large, or holds state
# description: Blue-green runs everything twice for a while. For a very large fleet that is the price of the release, and state in the old copies does not come along.
# related_resources: [https://martinfowler.com/bliki/BlueGreenDeployment.html]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-006
#   kind: misuse
#   severity: low
#   pattern: deployment/blue-green
#   subject: workload
#   trade_offs: The way back takes as long as the way forward, copy by copy.
#   waive_when: The second fleet is there anyway, such as a standby in another region.
#   cleared_by: strategy = "canary" or "rolling"; fewer than 100 copies that keep no state.
doubled_fleet contains {
	"verdict": v,
	"say": doubled,
	"facts": {
		"replicas": input.subject.replicas, "stateful": input.subject.stateful, "strategy": input.subject.release_strategy,
		"deploys": input.subject.deploys_per_week,
	},
	"fix": step_by_step,
} if {
	own_machines
	v := lib.all_of([
		lib.is(input.subject.release_strategy, "blue_green"),
		lib.any_of([lib.at_least(input.subject.replicas, 100), lib.is(input.subject.stateful, true)]),
	])
	v in {"violation", "risk"} # a release that nobody describes is asked about elsewhere
}

default own_machines := true

own_machines := false if input.system.platform.value == "serverless"

default doubled := "{replicas} more copies of {subject} run for each of {deploys} releases a week, until the old ones are removed."

doubled := "What {subject} keeps in its copies is gone after each of {deploys} releases a week: the switch leaves it behind in the old ones." if {
	input.subject.stateful.value
}

default step_by_step := [{"set": "deploy.strategy", "value": "rolling"}]

step_by_step := [
	{"set": "deploy.strategy", "value": "canary"},
	{"set": "deploy.steps", "value": [sprintf("%v%%", [round(input.subject.rec_canary.first_step.value * 100)]), "25%", "50%"]},
	{"set": "deploy.bake", "value": input.subject.rec_canary.bake},
] if {
	input.subject.rec_canary.bake.value
}
