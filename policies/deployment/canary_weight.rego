package archcheck.rules.deployment.canary_weight

import data.archcheck.lib

# METADATA
# scope: document
# title: The canary's share cannot be reached
# description: Without something that splits traffic by share, a canary gets what one copy among all gets, which may be far more than its step says.
# related_resources: [https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-014
#   kind: misconfigured
#   severity: medium
#   pattern: deployment/canary
#   subject: workload
#   trade_offs: Splitting by share takes a mesh or a gateway in front of every caller.
#   cleared_by: router = true once a mesh or gateway splits the traffic, or steps of whole copies.
share_out_of_reach contains {
	"verdict": v,
	"say": "A bad build of {subject} reaches {real} of its users instead of {step}: one of {replicas} copies is the smallest share while nothing splits traffic.",
	"facts": {
		"real": input.subject.replica_weight, "step": input.subject.first_step,
		"replicas": input.subject.replicas, "router": input.subject.deploy.router,
	},
	"fix": [{"set": "deploy.router", "value": true}, {"advise": "Let a mesh or a gateway split the traffic between the versions by share."}],
	"alternatives": [[{"advise": "Run so many copies that one of them is no more than the first step."}]],
} if {
	v := lib.all_of([
		lib.is(input.subject.release_strategy, "canary"),
		lib.is(input.subject.deploy.router, false),
		lib.below(input.subject.first_step, input.subject.replica_weight),
	])
	lib.fires(v)
}
