package archcheck.rules.system.shape

import data.archcheck.lib

# METADATA
# scope: document
# title: Services wait for each other in a circle
# description: Each side holds a thread while it waits for the other. Under load both pools fill and neither can answer; and no order of deployment is safe.
# related_resources: ["https://arxiv.org/abs/1908.04101"]
# schemas: [{input: schema.cycle}]
# custom:
#   id: SYS-005
#   kind: conflict
#   severities:
#     critical: each round makes as much load again, or more
#     high: one request holds slots on both sides
#     medium: the services form a circle, but none of their operations does
#   subject: cycle
#   trade_offs: An event instead of the call back makes one side learn later.
#   waive_when: The operations that form the circle are never called by each other, and a test holds that.
#   cleared_by: one of the calls turned into an event, or operations (op, on) that show there is no circle
synchronous_cycle contains {
	"verdict": "violation",
	"severity": cycle_severity,
	"say": cycle_message,
	"facts": {"members": [lib.label(m) | some m in input.subject.members], "gain": input.subject.gain},
	"evidence": input.subject.edges,
	"fix": [{"advise": "Turn one of these calls into an event that the other side keeps a copy of."}],
} if {
	input.subject.waits.value
}

cycle_severity := "critical" if {
	input.subject.level.value == "trigger"
	input.subject.gain.value >= 1
} else := "medium" if {
	input.subject.level.value != "trigger"
} else := "high"

cycle_message := "{members} call each other, and each request causes {gain} more of its own kind: the load has no bound." if {
	input.subject.level.value == "trigger"
	input.subject.gain.value >= 1
	count(input.subject.members) > 1
} else := "{members} calls itself, and each call makes {gain} more: the load has no bound." if {
	input.subject.level.value == "trigger"
	input.subject.gain.value >= 1
} else := "{members} call each other and wait: both sides hold a slot for one request." if {
	input.subject.level.value == "trigger"
} else := "{members} call each other, by operations that do not form a circle today. One more call does."

# METADATA
# scope: document
# title: Deep synchronous chain
# description: Every hop adds its tail latency and its outages, and the first one waits for all of them.
# related_resources: ["https://dl.acm.org/doi/10.1145/3080202"]
# schemas: [{input: schema.journey}]
# custom:
#   id: SYS-006
#   kind: conflict
#   severities:
#     medium: six hops or more
#     low: four or five
#   subject: journey
#   trade_offs: A local copy is older than the original; merged services share a release.
#   waive_when: The journey is rare, or its latency has been measured and is fine.
#   cleared_by: an event, a local read model or a merge that shortens the chain; room in latency and error budget
deep_chain contains {
	"verdict": v,
	"severity": depth_severity,
	"facts": {
		"depth": input.subject.depth,
		"latency": input.subject.healthy_p99,
		"objective": input.subject.latency_objective,
		"availability": input.subject.availability,
		"share": input.subject.healthy_share,
		"loss": input.subject.loss_over_budget,
	},
	"asks": ["depth", "loss", "share"],
	"evidence": input.subject.path,
	"fix": [{"advise": "Replace the call that changes least by an event or a local read model, or merge two services that always change together."}],
	"say": "{depth} services wait for each other in a row: {latency} at the 99th percentile before anything goes wrong, and {availability} of the requests find all of them up.",
} if {
	v := lib.all_of([
		lib.at_least(input.subject.depth, input.system.params.depth_warn),
		lib.any_of([lib.above(input.subject.healthy_share, 0.7), lib.above(input.subject.loss_over_budget, 0.5)]),
	])
	lib.fires(v)
}

depth_severity := "medium" if {
	input.subject.depth.lo >= input.system.params.depth_high
} else := "low"

# METADATA
# scope: document
# title: Chatty call
# description: Many small calls for one request pay the round trip each time and multiply the load on the callee.
# related_resources: ["https://learn.microsoft.com/en-us/azure/architecture/antipatterns/chatty-io/"]
# schemas: [{input: schema.call}]
# custom:
#   id: SYS-010
#   kind: misuse
#   severity: medium
#   subject: call
#   trade_offs: A batch endpoint is one more contract, and its slowest item sets the pace.
#   waive_when: The calls run in parallel and the callee is sized for them.
#   cleared_by: a batch endpoint (per_request below 10), a cache that answers nine in ten
chatty contains {
	"verdict": v,
	"facts": {"n": input.subject.per_request, "trips": input.subject.rtt_total, "rate": input.subject.rate, "share": input.subject.rtt_share},
	"asks": ["share"],
	"fix": [{"set": "per_request", "value": 1}],
	"say": "{from} asks {to} {n} times for one request: {trips} of round trips, and {rate} on {to}. A batch endpoint asks once.",
} if {
	v := lib.all_of([
		lib.at_least(input.subject.per_request, limit),
		lib.unless(cached),
		lib.unless(cheap),
	])
	lib.fires(v)
}

# A cache that nobody states is none.
default cached := "pass"

cached := lib.at_least(input.subject.cache_hit, 0.9) if input.subject.cache_hit.value

limit := 3 if {
	input.from.type == "client"
	input.from.network.value == "cellular"
} else := 5 if {
	input.from.type == "client"
} else := input.system.params.chatty

# On a local network the round trips may not matter against the time there is.
default cheap := "pass"

cheap := lib.below(input.subject.rtt_share, 0.05) if {
	input.from.type != "client"
} else := lib.below(input.subject.rtt_share, 0.05) if {
	input.from.network.value == "lan"
}

# METADATA
# scope: document
# title: Chatter between regions
# description: Every call over a long distance costs a round trip that no tuning removes.
# related_resources: ["https://learn.microsoft.com/en-us/azure/architecture/antipatterns/chatty-io/"]
# schemas: [{input: schema.call}]
# custom:
#   id: SYS-016
#   kind: conflict
#   severity: medium
#   subject: call
#   trade_offs: A copy in the other region is older; moving a service moves its other calls too.
#   waive_when: The callee may not leave its region, and users accept the wait.
#   cleared_by: both ends in one region, reads from a local copy, an event instead of the call
far_away contains {
	"verdict": v,
	"facts": {"n": input.subject.per_request, "rtt": input.subject.rtt, "budget": input.subject.budget, "share": input.subject.rtt_share, "hard": input.subject.hard},
	"asks": ["share", "hard"],
	"fix": [{"advise": "Move both ends into one region, read from a local copy, or send an event."}],
	"say": "{from} and {to} run in different regions: {n} round trips of {rtt} take {share} of the {budget} that callers leave.",
} if {
	v := lib.all_of([
		lib.is(input.subject.cross_region, true),
		lib.is(input.subject.hard, true),
		lib.above(input.subject.rtt_share, 0.2),
	])
	lib.fires(v)
}
