package archcheck.rules.mesh.service_registry

import data.archcheck.lib

# METADATA
# scope: document
# title: One lost node stops the registry
# description: A registry answers as long as a majority of its nodes agrees. One node has no majority without itself, and two have none without each other.
# related_resources: ["https://developer.hashicorp.com/consul/docs/concept/consensus"]
# schemas: [{input: schema.registry}]
# custom:
#   id: DSC-002
#   severities:
#     high: callers find nobody while the registry is away
#     medium: callers keep the last answer, so that only changes are lost
#   pattern: mesh/service-registry
#   subject: registry
#   trade_offs: Three nodes cost three times one, and each write waits for two of them.
#   waive_when: The registry is restarted faster than any caller's list gets old.
#   cleared_by: three or more replicas; a stated availability (a managed registry); no user who waits for what looks up in it.
registry_without_quorum contains {
	"verdict": v,
	"severity": quorum_severity,
	"say": quorum_message,
	"facts": {"replicas": input.subject.replicas, "users": user_labels, "cached": input.subject.cached_lookup},
	"evidence": [u.addr | some u in input.subject.users],
	"fix": [lib.amend("scale", input.subject.scale, {"replicas": 3, "zones": 3})],
} if {
	input.subject.user_count.value > 0
	v := lib.all_of([
		lib.below(input.subject.replicas, 3),
		lib.is(input.subject.user_facing, true),
		lib.unless(lib.is(input.subject.availability_stated, true)),
	])
	v in {"violation", "risk"} # copies that nobody states are no question here
}

user_labels := lib.labels([u.addr | some u in input.subject.users])

default quorum_severity := "high"

quorum_severity := "medium" if input.subject.cached_lookup.value

quorum_message := "The loss of one node stops {subject}: it runs on {replicas}, and no majority is left. {users} find nobody new until it is back, and live on the lists that they have." if {
	input.subject.cached_lookup.value
} else := "The loss of one node stops {subject}: it runs on {replicas}, and no majority is left. {users} find nobody until it is back."

# METADATA
# scope: document
# title: Dead instances stay in the registry
# description: An instance that is gone stays listed until its lease ends, the registry sweeps and callers fetch the new list. One that stops sooner than that leaves callers with an address where nobody answers.
# related_resources: ["https://cloud.spring.io/spring-cloud-netflix/reference/html/"]
# schemas: [{input: schema.registry}]
# custom:
#   id: DSC-003
#   severities:
#     high: more than 1,000 requests go to a dead instance each time
#     medium: fewer requests, or a rate that nobody states
#   pattern: mesh/service-registry
#   subject: registry
#   trade_offs: More heartbeats and fetches for the registry, and a release that takes longer by the drain.
#   waive_when: Instances sign off before they stop, and a crash is rare enough.
#   cleared_by: lease, eviction and fetch that add up to less than the shortest deploy.drain; calls that are tried again on another instance.
stale_entries contains {
	"verdict": v,
	"severity": stale_severity,
	"say": stale_message,
	"facts": {
		"stale": input.subject.stale, "drain": input.subject.least_drain, "requests": input.subject.stale_requests,
		"worst": input.subject.stale_at, "lease": input.subject.lease, "eviction": input.subject.eviction, "fetch": input.subject.fetch,
	},
	"asks": stale_asks,
	"evidence": [u.addr | some u in listed],
	"fix": array.concat(
		[{"set": "lease", "value": "15s"}, {"set": "eviction", "value": "5s"}, {"set": "fetch", "value": "5s"}],
		[{"at": u.addr, "set": "deploy.drain", "value": "30s"} | some u in listed; lib.at_least(u.drain, 30000) != "violation"],
	),
} if {
	v := lib.all_of([lib.above(input.subject.stale, input.subject.least_drain), lib.unless(retried_elsewhere)])
	lib.fires(v)
}

listed := [u | some u in input.subject.users; u.listed.value]

# Where nobody is known to call, "every call is tried again" says nothing.
retried_elsewhere := "question" if {
	input.subject.retried.value
	not input.subject.stale_requests.value
} else := lib.is(input.subject.retried, true)

stale_asks := ["drain"] if {
	input.subject.least_drain.state == "unknown"
} else := ["requests"]

default stale_severity := "medium"

stale_severity := "high" if input.subject.stale_requests.value > 1000

stale_message := "{requests} requests hit a copy of {worst} that is gone, at each crash or release: {subject} lists it for {stale}, and it stops after {drain}." if {
	input.subject.stale_requests.value >= 1
} else := "Callers are sent to copies that are gone: {subject} lists a dead one for {stale}, and one stops after {drain}." if {
	input.subject.least_drain.value >= 0
} else := "Callers may be sent to copies that are gone: {subject} lists a dead one for {stale}."

# METADATA
# scope: document
# title: The registry does not know whether instances work
# description: An instance that sends heartbeats and answers nothing else stays in the list. Callers keep getting its address.
# related_resources: ["https://microservices.io/patterns/observability/health-check-api.html"]
# schemas: [{input: schema.registry}]
# custom:
#   id: DSC-004
#   severity: medium
#   pattern: mesh/service-registry
#   subject: registry
#   trade_offs: A check that fails everywhere at once empties the list, so it must not depend on what all instances share.
#   cleared_by: health_check = true; a readiness check of every user on kubernetes.
unchecked_instances contains {
	"verdict": v,
	"say": "Callers are sent to copies of {users} that run but do not work: {subject} lists whatever has signed on, and no health check takes it off.",
	"facts": {"health_check": input.subject.health_check, "users": user_labels},
	"asks": ["health_check"],
	"evidence": [u.addr | some u in input.subject.users],
	"fix": [{"set": "health_check", "value": true}],
} if {
	input.subject.user_count.value > 0
	v := lib.all_of([
		lib.is(input.subject.health_check, false),
		lib.unless(lib.all_of([lib.is(input.system.platform, "kubernetes"), lib.is(input.subject.all_ready, true)])),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Every request waits for the registry
# description: A caller that asks the registry for each call fails whenever the registry does, although the callee is up.
# related_resources: ["https://aws.amazon.com/builders-library/static-stability-using-availability-zones/"]
# schemas: [{input: schema.registry}]
# custom:
#   id: DSC-007
#   severity: high
#   pattern: mesh/service-registry
#   subject: registry
#   trade_offs: A list that is kept is a little old.
#   cleared_by: cached_lookup = true; a client_cache of at least one lease.
lookup_per_request contains {
	"verdict": v,
	"say": lookup_message,
	"facts": {"cached_lookup": input.subject.cached_lookup, "availability": input.subject.own_availability, "users": user_labels},
	"asks": ["cached_lookup"],
	"evidence": [u.addr | some u in input.subject.users],
	"fix": [{"set": "cached_lookup", "value": true}],
} if {
	some u in input.subject.users
	u.looks_up.value
	v := lib.all_of([lib.is(input.subject.cached_lookup, false), lib.unless(lib.sure(outlives))])
	lib.fires(v)
}

default outlives := false

outlives if input.subject.cache_outlives_lease.value

lookup_message := "Requests fail when {subject} is away, although the callees are up: {users} look up for each call, and {subject} answers {availability} of the time." if {
	input.subject.own_availability.value
} else := "Requests fail when {subject} is away, although the callees are up: {users} look up for each call."
