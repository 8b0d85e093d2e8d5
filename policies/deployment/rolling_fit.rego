package archcheck.rules.deployment.rolling_fit

import data.archcheck.lib

# METADATA
# scope: document
# title: Nobody has decided how this service is released
# description: Copies that are replaced by hand, or all at once, are an outage whenever somebody releases. Replacing them one after the other costs nothing but the time of the release.
# related_resources: [https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-064
#   kind: missing
#   severity: medium
#   pattern: deployment/rolling
#   subject: workload
#   trade_offs: Old and new version run side by side for a while, so they have to understand the same data and messages.
#   waive_when: It is no longer released.
#   cleared_by: deploy, on the workload or on the system; a platform that replaces copies by itself.
undeclared_release contains {
	"verdict": v,
	"say": "Users of {subject} find out at each of {deploys} releases a week how its {replicas} copies are replaced: no deploy states it, and plain machines do nothing by themselves.",
	"facts": {
		"replicas": input.subject.replicas, "deploys": input.subject.deploys_per_week, "platform": input.system.platform,
		"deploy": input.subject.deploy,
	},
	"fix": [{"set": "deploy", "value": starter}],
} if {
	v := lib.all_of([
		lib.is(input.subject.user_facing, true),
		lib.at_least(input.subject.replicas, 2),
		lib.absent(input.subject.deploy),
		lib.is(input.system.platform, "vm"),
		lib.unless(lib.is(input.system.zero_downtime, true)),
	])
	v in {"violation", "risk"} # where nobody states the platform, DEP-020 asks for the strategy
}

# The same for everybody, so that the system can state it once; who needs longer to stop hears it from DEP-024.
starter := {"strategy": "rolling", "max_surge": "25%", "max_unavailable": "0%", "readiness": true, "drain": "15s", "grace": "30s"}

# METADATA
# scope: document
# title: Taking a release back takes too long
# description: Taking a rolling release back is a release. Until it is done, users meet the bad version, and a strict objective does not have that many minutes.
# related_resources: [https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-025
#   kind: misconfigured
#   severity: low
#   pattern: deployment/rolling
#   subject: workload
#   trade_offs: The old version is kept until the new one has proven itself, which takes room for both.
#   waive_when: A canary in front of it has found every bad build so far.
#   cleared_by: A release flag that names it; a larger surge or a shorter start; strategy = "blue_green" with the old version kept.
slow_way_back contains {
	"verdict": v,
	"say": "A bad version of {subject} stays for {time} after somebody decides to take it back, under an objective of {objective}: {replicas} copies are replaced a few at a time, and each takes {start} to start.",
	"facts": {
		"time": input.subject.rollback_time, "objective": input.subject.objective, "replicas": input.subject.replicas,
		"start": input.subject.deploy.start, "strategy": input.subject.release_strategy,
	},
	"fix": [
		{"set": "deploy.strategy", "value": "blue_green"}, {"set": "deploy.spare_capacity", "value": "100%"},
		{"set": "deploy.keep_old", "value": "1h"},
	],
	"alternatives": [[{"set": "deploy.max_surge", "value": "100%"}], [{"advise": "Put what is risky behind a release flag, which is switched off in seconds."}]],
} if {
	count(input.subject.release_flags) == 0
	v := lib.all_of([
		lib.is(input.subject.release_strategy, "rolling"),
		lib.above(input.subject.rollback_time, 900000),
		lib.at_least(input.subject.objective, 0.9995),
	])
	v in {"violation", "risk"} # nobody is asked how long each copy takes to start
}
