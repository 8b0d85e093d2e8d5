package archcheck.rules.resilience.rate_limit_size

import data.archcheck.lib

# METADATA
# scope: document
# title: Rate limit admits more than the system can serve
# description: A limit above the capacity behind it protects nothing; overload comes before the first refusal.
# related_resources: [https://aws.amazon.com/builders-library/using-load-shedding-to-avoid-overload/]
# schemas: [{input: schema.workload}]
# custom:
#   id: RES-031
#   kind: misconfigured
#   severity: high
#   pattern: resilience/rate-limiting
#   subject: workload
#   trade_offs: A lower limit refuses peaks earlier; more replicas of the bottleneck cost money instead.
#   waive_when: The bottleneck sheds load by itself and its callers have an answer without it.
#   cleared_by: A lower limit, or more capacity at the bottleneck.
admits_too_much contains {
	"verdict": v,
	"say": message,
	"facts": {
		"admitted": input.subject.admitted,
		"bottleneck": input.subject.bottleneck,
		"at": input.subject.bottleneck_at,
		"load": input.subject.bottleneck_load,
		"capacity": input.subject.bottleneck_capacity,
	},
	"evidence": [input.subject.bottleneck_at | input.subject.bottleneck_at != ""],
	"fix": [limit],
	"alternatives": [[{"advise": more_capacity}]],
} if {
	v := lib.all_of([
		lib.above(input.subject.admitted, input.subject.bottleneck),
		lib.unless(lib.is(input.subject.rate_limit.unit, "cost")),
	])
	lib.fires(v)
	decided(v)
}

# How many clients, tenants or addresses there will be nobody can state.
decided(v) if v != "question"

decided(_) if input.subject.rate_limit.per.value == "global"

default message := "{subject} admits {admitted}, {bottleneck} of which can be served."

message := "{subject} admits {admitted} and can serve {capacity} itself, so it is overloaded before the limit refuses anything." if {
	input.subject.bottleneck_at == input.addr
	input.subject.admitted.value
} else := concat("", [
	"At the {admitted} that {subject} admits, {load} reach {at} (what others send included), which can serve {capacity}. It ",
	"saturates at {bottleneck} of these requests, before the limit refuses any.",
]) if {
	input.subject.bottleneck_load.value
}

more_capacity := sprintf("Add capacity to %s until the limit is the first thing that gives way.", [input.subject.bottleneck_at])

limit := {"set": "rate_limit.rps", "value": input.subject.rec.rate_limit_rps} if {
	input.subject.rec.rate_limit_fits.value
	input.subject.rate_limit.scope.value == "global"
} else := {"advise": "Count requests for all replicas together (scope = \"global\") and admit at most 80 % of what the bottleneck leaves."} if {
	input.subject.rec.rate_limit_fits.value
} else := {"advise": "Add capacity before lowering the limit: 80 % of the bottleneck is less than the expected peak."}

# METADATA
# scope: document
# title: Rate limit refuses the expected peak
# description: Legitimate requests are refused every day at the busiest hour.
# related_resources: [https://sre.google/sre-book/handling-overload/]
# schemas: [{input: schema.workload}]
# custom:
#   id: RES-032
#   kind: misconfigured
#   severity: medium
#   pattern: resilience/rate-limiting
#   subject: workload
#   say: "At peak {rate} reach {subject}, and it admits {admitted}: the rest of an ordinary day's traffic is refused."
#   waive_when: The refused share is traffic that should not be there, such as crawlers.
#   cleared_by: A limit above the peak, or on_limit = "queue".
refuses_the_peak contains {
	"verdict": v,
	"facts": {"rate": input.subject.rate, "admitted": input.subject.admitted},
	"fix": [higher],
} if {
	v := lib.all_of([
		lib.is(input.subject.rate_limit.per, "global"),
		lib.if_reached(lib.below(input.subject.admitted, input.subject.rate), input.subject.rate, input.subject.user_facing),
		lib.is(input.subject.rate_limit.on_limit, "reject"),
	])
	lib.fires(v)
}

higher := {"set": "rate_limit.rps", "value": input.subject.rec.rate_limit_rps} if {
	input.subject.rec.rate_limit_fits.value
	input.subject.rec.rate_limit_rps.value
	input.subject.rate_limit.scope.value == "global"
} else := {"advise": "Add capacity, then raise the limit above the peak."}

# METADATA
# scope: document
# title: Burst exceeds the free slots
# description: A burst that the limiter lets through meets fewer free slots than it has requests; the rest waits or fails behind the limit.
# related_resources: [https://aws.amazon.com/builders-library/fairness-in-multi-tenant-systems/]
# schemas: [{input: schema.workload}]
# custom:
#   id: RES-033
#   kind: misconfigured
#   severity: low
#   pattern: resilience/rate-limiting
#   subject: workload
#   say: "A burst of {burst} passes the limiter of {subject} at once and meets {spare} free slots."
#   cleared_by: A burst within the slots that are free on average.
burst_exceeds_slots contains {
	"verdict": v,
	"facts": {"burst": input.subject.rate_limit.burst.value, "spare": input.subject.spare_slots},
	"fix": [{"set": "rate_limit.burst", "value": floor(input.subject.spare_slots.value)} | input.subject.spare_slots.value > 0],
	"alternatives": [[{"advise": "Raise concurrency or add replicas until a burst finds room."}]],
} if {
	input.subject.rate_limit.burst.state == "stated"
	v := lib.above(input.subject.rate_limit.burst, input.subject.spare_slots)
	lib.fires(v)
}

# METADATA
# scope: document
# title: Each replica counts its own limit
# description: What one tenant or client may send grows with every replica, so the limit changes with each scaling step and protects nobody.
# related_resources: [https://learn.microsoft.com/azure/architecture/antipatterns/noisy-neighbor/noisy-neighbor]
# schemas: [{input: schema.workload}]
# custom:
#   id: RES-036
#   kind: misconfigured
#   severity: medium
#   pattern: resilience/rate-limiting
#   subject: workload
#   say: "One {key} gets {rps} from each replica of {subject}: {fleet} from all {replicas}, and more with every scaling step."
#   trade_offs: A shared counter is one more dependency on the path; when it fails, decide whether to admit or to refuse.
#   cleared_by: One counter for all replicas, scope = "global".
replicas_count_apart contains {
	"verdict": v,
	"facts": {
		"key": input.subject.rate_limit.per,
		"rps": input.subject.rate_limit.rps,
		"fleet": input.subject.fleet_limit,
		"replicas": input.subject.most_replicas,
	},
	"fix": [{"set": "rate_limit.scope", "value": "global"}],
} if {
	v := lib.all_of([
		lib.is(input.subject.rate_limit.scope, "replica"),
		lib.one_of(input.subject.rate_limit.per, {"tenant", "client"}),
		lib.above(input.subject.most_replicas, 1),
	])
	lib.fires(v)
}
