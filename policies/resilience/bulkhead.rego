package archcheck.rules.resilience.bulkhead

import data.archcheck.lib

# METADATA
# scope: document
# title: One hanging dependency takes every slot
# description: >-
#   A call that hangs keeps its slot until its time limit. Where one dependency can take all slots, its outage stops
#   everything else that the caller serves as well.
# related_resources:
#   - https://learn.microsoft.com/azure/architecture/patterns/bulkhead
#   - https://github.com/Netflix/Hystrix/wiki/Configuration
# schemas: [{input: schema.workload}]
# custom:
#   id: RES-020
#   kind: missing
#   severity: high
#   pattern: resilience/bulkhead
#   subject: workload
#   trade_offs: >-
#     Slots reserved for one callee stay idle while the others are busy, and a compartment that is too small refuses
#     healthy traffic. Size it by measured load and watch its rejections.
#   waive_when: The runtime has no fixed number of slots and memory for the waiting calls was load-tested.
#   cleared_by: A bulkhead on the call, a shorter timeout, or fewer attempts.
one_dependency_takes_all contains {
	"verdict": v,
	"say": message,
	"facts": {
		"to": worst.to,
		"hang": worst.hang_in_flight,
		"rate": worst.rate_per_replica,
		"wait": worst.worst_case,
		"slots": input.subject.slots,
		"exhaustion": worst.exhaustion,
		"others": worst.others,
		"bounded": worst.bounded,
	},
	"evidence": [c.addr | some c in input.subject.calls; drains(c) in {"risk", "violation"}],
	"fix": [{"set": "bulkhead", "at": c.addr, "value": c.rec_bulkhead} |
		some c in input.subject.calls
		c.rec_bulkhead_fits.value
		drains(c) in {"risk", "violation"}
	],
	"alternatives": [[{"advise": raise}] | some c in input.subject.calls; not c.rec_bulkhead_fits.value; drains(c) in {"risk", "violation"}],
} if {
	shares_its_slots
	worst := input.subject.worst_call
	v := drains(worst)
	lib.fires(v)
}

drains(c) := lib.all_of([lib.unless(lib.is(c.bounded, true)), lib.above(c.hang_in_flight, input.subject.slots)])

shares_its_slots if input.subject.downstreams.value > 1

shares_its_slots if input.subject.triggers.value > 1

message := concat("", [
	"If {to} hangs, each replica of {subject} collects {hang} waiting calls ({rate} for {wait}) in {slots} slots. They are ",
	"gone in {exhaustion}, and {others} can no longer be called either.",
]) if {
	count(input.subject.worst_call.others) > 0
} else := concat("", [
	"If {to} hangs, each replica of {subject} collects {hang} waiting calls ({rate} for {wait}) in {slots} slots. They are ",
	"gone in {exhaustion}, also for requests that do not need {to}.",
])

raise := "Raise concurrency or replicas first: the bulkhead that the traffic needs would take more than half of the slots."

# METADATA
# scope: document
# title: Bulkhead around the only dependency
# description: Slots are reserved against a competitor that does not exist; when it is full, slots that nothing else needs stay idle.
# related_resources: [https://learn.microsoft.com/azure/architecture/patterns/bulkhead]
# schemas: [{input: schema.call}]
# custom:
#   id: RES-024
#   kind: misuse
#   severity: low
#   pattern: resilience/bulkhead
#   subject: call
#   say: "{from} calls nothing but {to} and serves one kind of request: its {slots} slots are bound anyway, and the bulkhead of {places} leaves the rest idle."
#   trade_offs: A concurrency limit on the service refuses work earlier and says so to its callers.
#   waive_when: A second dependency is about to come.
nothing_to_isolate contains {
	"verdict": v,
	"facts": {"places": input.subject.bulkhead.max_concurrent, "slots": input.from.concurrency},
	"fix": [removal],
	"alternatives": [[{"advise": "Limit what reaches the service instead: a rate limit or a concurrency limit on it."}]],
} if {
	input.from.type == "service"
	input.from.downstreams.value == 1
	input.from.triggers.value == 1
	v := lib.all_of([
		lib.below(input.subject.bulkhead_share, 1),
		lib.is(input.subject.bulkhead.per, "callee"),
		lib.is(input.system.tenancy, "single"),
	])
	lib.fires(v)
}

default removal := {"set": "bulkhead", "value": "none"}

removal := {"unset": "bulkhead"} if input.subject.bulkhead.state == "stated"

# METADATA
# scope: document
# title: Tenants share every pool
# description: Nothing keeps one tenant's burst from the slots and connections of the others, so one noisy neighbour is an outage for all.
# related_resources: [https://learn.microsoft.com/azure/architecture/antipatterns/noisy-neighbor/noisy-neighbor]
# schemas: [{input: schema.service}]
# custom:
#   id: RES-025
#   kind: missing
#   severity: high
#   pattern: resilience/bulkhead
#   subject: service
#   trade_offs: Limits per tenant need a tenant's identity at the entry and a shared counter; cells cost duplicated capacity.
#   waive_when: Tenants are one organisation's departments and a shared outage is acceptable.
#   cleared_by: A rate limit per tenant on the service or on every way to it, or a bulkhead per tenant on a call of it.
tenants_share_pools contains {
	"verdict": v,
	"say": tenant_message,
	"facts": {"fills": input.subject.tenant_fills, "gateways": input.subject.gateways},
	"evidence": input.subject.gateways,
	"fix": [tenant_limit],
	"alternatives": [[{"advise": "Separate the tenants into cells, each with replicas and stores of its own."}]],
} if {
	v := tenants_mix
	lib.fires(v)
	v != "question"
}

# A question names only what decides it.
tenants_share_pools contains {"verdict": "question", "say": "", "facts": {"tenant_limited": input.subject.tenant_limited}} if {
	tenants_mix == "question"
}

tenants_mix := lib.all_of([
	lib.is(input.system.tenancy, "multi"),
	lib.is(input.subject.first_service, true),
	lib.is(input.subject.user_facing, true),
	lib.unless(lib.is(input.subject.tenant_limited, true)),
	lib.unless(lib.is(input.subject.tenant_bulkhead, true)),
])

default tenant_message := "Every tenant of {subject} draws from the same slots and connections: one that sends more than its share starves all others."

tenant_message := "Every tenant of {subject} draws from the same slots: one that sends {fills} takes all slots of a replica, and the others get none." if {
	input.subject.tenant_fills.value
}

# A first limit; what a tenant may have is a decision of the business.
tenant_limit := {"set": "rate_limit", "value": {"rps": input.subject.rec_tenant_rps, "per": "tenant"}} if {
	input.subject.rec_tenant_rps.value
	not input.subject.rate_limit.rps.value
} else := {"advise": "Give each tenant a limit at the entry: rate_limit = { rps = …, per = \"tenant\" }, and a bulkhead per tenant on shared calls."}
