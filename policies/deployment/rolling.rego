package archcheck.rules.deployment.rolling

import data.archcheck.lib

# METADATA
# scope: document
# title: A release sends requests to copies that are not there
# description: A copy gets requests before it is ready if nothing says when it is, and after it has stopped if it does not wait until the last caller has heard of it.
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
#   - https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-020
#   kind: misconfigured
#   severities:
#     high: who is refused does not try again
#     medium: callers try again and find another copy
#   pattern: deployment/rolling
#   subject: workload
#   trade_offs: Every copy takes some seconds longer to stop, so a release takes longer.
#   cleared_by: readiness = true, a drain of 10 s or more, and a grace that outlasts it.
lost_in_release contains {
	"verdict": v,
	"severity": exposure,
	"say": race,
	"facts": {
		"race": input.subject.requests_in_race, "deploys": input.subject.deploys_per_week, "strategy": input.subject.release_strategy,
		"readiness": input.subject.deploy.readiness, "drain": input.subject.deploy.drain,
	},
	"asks": array.concat(["strategy", "readiness", "drain"], ["race" | "question" != lib.any_of([unready, undrained])]),
	"fix": array.concat(
		[{"set": "deploy.readiness", "value": true} | unready != "pass"],
		array.concat(
			[{"set": "deploy.drain", "value": input.subject.rec_drain} | undrained != "pass"],
			[{"set": "deploy.grace", "value": input.subject.rec_grace} | lib.below(input.subject.deploy.grace, input.subject.rec_grace) == "violation"],
		),
	),
} if {
	has_copies
	v := lib.all_of([
		lib.is(input.subject.release_strategy, "rolling"),
		lib.if_reached(lib.above(input.subject.requests_in_race, 0), input.subject.requests_in_race, input.subject.user_facing),
		lib.any_of([unready, undrained]),
	])
	lib.fires(v)
}

# A serverless platform has no copies that anybody could drain.
default has_copies := true

has_copies := false if input.system.platform.value == "serverless"

unready := lib.any_of([lib.absent(input.subject.deploy.readiness), lib.is(input.subject.deploy.readiness, false)])

undrained := lib.absent(input.subject.deploy.drain)

default exposure := "high"

# Who is refused and tries again finds another copy.
exposure := "medium" if count(input.subject.retrying_callers) > 0

race := "About {race} requests of every release race the end of a copy of {subject} that does not drain, {deploys} times a week: callers go on sending to it until they have heard that it is gone." if {
	unready == "pass"
} else := "New copies of {subject} get requests before they can answer, in each of {deploys} releases a week: nothing says when they are ready." if {
	undrained == "pass"
} else := "Copies of {subject} get requests before they are ready and after they have stopped: about {race} of every release, {deploys} times a week."

# METADATA
# scope: document
# title: A release takes away capacity that is needed
# description: While a release replaces copies the others carry the load. If they cannot, every release at a busy hour is an overload.
# related_resources: [https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-021
#   kind: misconfigured
#   severities:
#     high: the copies that are left cannot carry the rate
#     medium: they can, but are busier than is safe
#   pattern: deployment/rolling
#   subject: workload
#   trade_offs: New copies come before old ones go, which needs room for them in the cluster.
#   waive_when: Releases happen only when traffic is far below its peak.
#   cleared_by: max_unavailable = "0%" with a surge, or more copies.
capacity_removed contains {
	"verdict": v,
	"severity": strain,
	"say": overload,
	"facts": {
		"removed": input.subject.removed, "replicas": input.subject.replicas, "rate": input.subject.rate,
		"utilisation": input.subject.utilisation_rolling, "capacity": input.subject.scale.capacity,
	},
	"asks": ["capacity", "utilisation"],
	"fix": array.concat(
		[{"set": "deploy.max_unavailable", "value": "0%"}],
		[{"set": "deploy.max_surge", "value": "25%"} | lib.above(input.subject.deploy.max_surge, 0) != "violation"],
	),
} if {
	v := lib.all_of([
		lib.at_least(input.subject.removed, 1),
		lib.at_least(input.subject.utilisation_rolling, 0.8),
	])
	lib.fires(v)
}

default strain := "medium"

strain := "high" if input.subject.utilisation_rolling.value >= 1

default overload := "Every release at peak takes {removed} of the {replicas} copies of {subject} away, which leaves the others {utilisation} busy with {rate}."

overload := "Every release at peak overloads {subject}: it takes {removed} of the {replicas} copies away, and {rate} keep the others {utilisation} busy." if {
	input.subject.utilisation_rolling.value >= 1
}

# METADATA
# scope: document
# title: The only copy is stopped for every release
# description: One copy that is stopped before the next one starts makes every release an outage.
# related_resources: [https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#recreate-deployment]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-022
#   kind: misuse
#   severity: medium
#   pattern: deployment/rolling
#   subject: workload
#   waive_when: Nobody uses it at the hours of its releases.
#   cleared_by: strategy = "rolling" with a surge of one copy.
only_copy_stopped contains {
	"verdict": v,
	"say": "{subject} is down for each of {deploys} releases a week: its only copy is stopped before the new one starts.",
	"facts": {
		"deploys": input.subject.deploys_per_week, "replicas": input.subject.replicas,
		"strategy": input.subject.release_strategy,
	},
	"asks": ["strategy", "replicas"],
	"fix": [{"set": "deploy.strategy", "value": "rolling"}],
} if {
	v := lib.all_of([
		lib.is(input.subject.user_facing, true),
		lib.is(input.subject.release_strategy, "recreate"),
		lib.at_most(input.subject.replicas, 1),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Work is killed halfway
# description: A copy that is told to stop finishes what it has begun. If the grace ends first, that work is cut off.
# related_resources: [https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-024
#   kind: misconfigured
#   severity: medium
#   pattern: deployment/rolling
#   subject: workload
#   trade_offs: A longer grace makes releases and node repairs slower.
#   waive_when: Whatever is cut off is tried again and harmless when it is.
#   cleared_by: A grace of the drain and the longest work together.
killed_halfway contains {
	"verdict": v,
	"say": "Every release may cut off work of {subject}: it is killed {grace} after it was told to stop, and what it has begun then takes up to {needed}, draining included.",
	"facts": {"grace": input.subject.deploy.grace, "needed": input.subject.stop_time, "work": input.subject.longest_work},
	"fix": [{"set": "deploy.grace", "value": input.subject.rec_grace}],
} if {
	input.subject.deploy.grace.value
	v := lib.all_of([
		lib.below(input.subject.deploy.grace, input.subject.stop_time),
		lib.unless(lib.is(input.subject.only_idempotent_consumes, true)),
	])
	lib.fires(v)
}
