package archcheck.rules.deployment.blue_green

import data.archcheck.lib

# METADATA
# scope: document
# title: Every release is an outage
# description: What stops the old version before it starts the new one is down in between. Users or the objective allow that no longer.
# related_resources: [https://martinfowler.com/bliki/BlueGreenDeployment.html]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-001
#   kind: missing
#   severity: medium
#   pattern: deployment/blue-green
#   subject: workload
#   subsumes: [DEP-022]
#   trade_offs: Both versions run for a while, so they must understand the same data and messages.
#   waive_when: Releases happen in a maintenance window that the objective does not count.
#   cleared_by: strategy = "canary", "blue_green" or "rolling".
outage_by_release contains {
	"verdict": v,
	"say": down,
	"facts": {
		"strategy": input.subject.release_strategy, "start": input.subject.deploy.start,
		"deploys": input.subject.deploys_per_week, "objective": input.subject.objective,
	},
	"asks": array.concat(["strategy"], ["objective" | input.subject.release_strategy.value]),
	"fix": [{"set": "deploy.strategy", "value": "blue_green"}, {"set": "deploy.spare_capacity", "value": "100%"}],
	"alternatives": array.concat(staged, [[{"set": "deploy.strategy", "value": "rolling"}]]),
} if {
	v := lib.all_of([
		lib.is(input.subject.user_facing, true),
		lib.is(input.subject.release_strategy, "recreate"),
		lib.any_of([asked_for, lib.at_least(input.subject.objective, 0.999)]),
	])
	lib.fires(v)
}

asked_for := lib.is(input.system.zero_downtime, true)

# A canary sees enough only where there is traffic enough for it.
staged := [[{"set": "deploy.strategy", "value": "canary"}, {"set": "deploy.bake", "value": input.subject.rec_canary.bake}] |
	input.subject.rec_canary.bake.value
]

down := "{subject} is down for {start} at each of {deploys} releases a week: the old version stops before the new one starts." if {
	input.subject.deploy.start.value
} else := "{subject} is down at each of {deploys} releases a week until the new version has started: the old one stops before."

# METADATA
# scope: document
# title: Green has less room than blue
# description: The switch moves all traffic at once. What was enough for blue has to be there for green before that.
# related_resources: [https://argo-rollouts.readthedocs.io/en/stable/features/bluegreen/]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-002
#   kind: misconfigured
#   severity: high
#   pattern: deployment/blue-green
#   subject: workload
#   subsumes: [DEP-006]
#   trade_offs: Twice the capacity for as long as both versions run.
#   waive_when: Green is scaled out to full size before the switch, and the switch waits for it.
#   cleared_by: spare_capacity = "100%".
green_too_small contains {
	"verdict": v,
	"say": switch,
	"facts": {
		"spare": input.subject.deploy.spare_capacity, "strategy": input.subject.release_strategy, "rate": input.subject.rate,
	},
	"asks": ["strategy", "spare"],
	"fix": [{"set": "deploy.spare_capacity", "value": "100%"}],
	"alternatives": [[{"advise": "Start green small for tests, and scale it to full size before the switch."}]],
} if {
	own_machines
	v := lib.all_of([
		lib.is(input.subject.release_strategy, "blue_green"),
		lib.below(input.subject.deploy.spare_capacity, 1),
	])
	lib.fires(v)
}

default own_machines := true

own_machines := false if input.system.platform.value == "serverless"

default switch := "The switch may overload the new version of {subject}: there is room for {spare} of the copies that serve it now."

switch := "The switch may overload the new version of {subject}: it takes {rate} at once, with room for {spare} of the copies that serve it now." if {
	input.subject.rate.value > 0
}

# METADATA
# scope: document
# title: The way back is gone before problems show
# description: Blue-green promises an instant way back. It ends when the old version is removed, which should not be before an alert had time to come.
# related_resources:
#   - https://argo-rollouts.readthedocs.io/en/stable/features/bluegreen/
#   - https://sre.google/workbook/alerting-on-slos/
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-003
#   kind: misconfigured
#   severity: medium
#   pattern: deployment/blue-green
#   subject: workload
#   trade_offs: Twice the copies for an hour after every release.
#   waive_when: The old version starts again within minutes.
#   cleared_by: keep_old = "1h", or a start of at most 2 minutes stated.
no_way_back contains {
	"verdict": v,
	"say": "A problem of {subject} that shows {kept} after the switch finds no old version to go back to; an alert on the error budget may take an hour.",
	"facts": {"kept": input.subject.deploy.keep_old, "strategy": input.subject.release_strategy, "bake": input.subject.deploy.bake},
	"asks": ["strategy", "kept"],
	"fix": [{"set": "deploy.keep_old", "value": "1h"}],
} if {
	slow_start
	v := lib.all_of([
		lib.is(input.subject.release_strategy, "blue_green"),
		lib.below(input.subject.deploy.keep_old, 3600000),
	])
	lib.fires(v)
}

# What starts within two minutes is brought back by another release.
default slow_start := true

slow_start := false if {
	input.subject.deploy.start.state in {"stated", "inherited"}
	input.subject.deploy.start.value <= 120000
}
