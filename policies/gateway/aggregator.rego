package archcheck.rules.gateway.aggregator

import data.archcheck.lib

# METADATA
# scope: document
# title: Users wait for their network again and again
# description: A client that asks several backends for one action pays a round trip for each, over a network on which no server can make it faster.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/gateway-aggregation
#   - https://microservices.io/patterns/data/api-composition.html
# schemas: [{input: schema.client}]
# custom:
#   id: GWY-020
#   kind: missing
#   severity: medium
#   pattern: gateway/aggregator
#   subject: client
#   subsumes: [COM-010, GWY-010, SYS-010]
#   trade_offs: The aggregator knows all of these backends, and has to decide what it answers when one of them fails.
#   waive_when: The client shows each part as it comes.
#   cleared_by: network = "lan", fewer than three backends, an endpoint that answers for all of them, or calls in one parallel group that together stay below a quarter of the latency objective.
client_fans_out contains {
	"verdict": v,
	"say": "Each action of {subject} spends {time} on its network before any server has done anything: it makes {trips} requests to {nodes}.",
	"facts": object.union(
		{"trips": input.subject.trips, "backends": input.subject.backends},
		lib.beside(v, {
			"time": input.subject.network_time,
			"rtt": input.subject.rtt,
			"nodes": lib.labels(input.subject.calls_to),
		}),
	),
	"evidence": input.subject.calls_to,
	"fix": [{"advise": "Offer one endpoint that collects these answers inside the system, and let the client make one request."}],
} if {
	input.subject.network.value in {"wan", "cellular"}
	not beside_each_other
	v := lib.all_of([
		lib.at_least(input.subject.trips, 3),
		lib.at_least(input.subject.serial_trips, 2),
		lib.at_least(input.subject.backends, 3),
	])
	lib.fires(v)
}

beside_each_other if {
	parallel
	input.subject.network_share.value < 0.25
}

beside_each_other if {
	parallel
	input.subject.network.value == "wan"
	input.subject.backends.value < 5
}

parallel if input.subject.serial_trips.value < input.subject.trips.value

# METADATA
# scope: document
# title: Reads wait for each other though nothing makes them
# description: Calls that do not need each other's answers take as long as the slowest one when they run side by side, and as long as all of them when they do not.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/gateway-aggregation
# schemas: [{input: schema.workload}]
# custom:
#   id: GWY-021
#   kind: misconfigured
#   severity: medium
#   pattern: gateway/aggregator
#   subject: workload
#   trade_offs: More calls are under way at once, for the caller and for what it calls.
#   waive_when: One call decides whether the next is made.
#   cleared_by: parallel with the same name on these calls, after = [] with what a call really needs, or a sum below half of what callers leave.
serial_reads contains {
	"verdict": v,
	"say": "Requests to {subject} take {sum} at p99 for reads that need {longest} side by side: of the {limit} that callers leave, {saved} go by while one read waits for another that it does not need.",
	"facts": {
		"sum": input.subject.serial_sum,
		"longest": input.subject.serial_longest,
		"saved": input.subject.serial_saved,
		"limit": input.subject.serial_limit,
	},
	"evidence": input.subject.serial_reads,
	"fix": [{"at": c, "set": "parallel", "value": "page"} | some c in input.subject.serial_reads],
} if {
	count(input.subject.serial_reads) >= 3
	input.subject.serial_limit.value > 0 # where callers leave nothing at all, order is not what is wrong
	v := lib.above(input.subject.serial_share, 0.5)
	v in {"violation", "risk"} # of latencies that nobody measured other rules ask
}

# METADATA
# scope: document
# title: Optional content takes the whole page down
# description: An answer that is put together from several parts is as available as all of them at once, unless it may be given without some.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/gateway-aggregation
#   - https://queue.acm.org/detail.cfm?id=3096459
# schemas: [{input: schema.workload}]
# custom:
#   id: GWY-022
#   kind: misconfigured
#   severity: medium
#   pattern: gateway/aggregator
#   subject: workload
#   trade_offs: Users see an answer with a part missing, or a stale one.
#   waive_when: No part of the answer means anything without the others.
#   cleared_by: a fallback on enough of the reads, criticality = "hard" on each that is needed, or branches that together meet the objective.
all_or_nothing contains {
	"verdict": v,
	"severity": all_severity,
	"say": "A failure of any of {branches} parts fails the whole answer of {subject}: together they have {together}, and the objective is {objective}. Optional content takes the page down.",
	"facts": {
		"branches": count(input.subject.hard_branches),
		"together": input.subject.branch_availability,
		"objective": input.subject.objective,
	},
	"evidence": input.subject.hard_branches,
	"fix": [{"at": c, "set": "fallback", "value": "default"} | some c in input.subject.soften],
} if {
	input.subject.user_facing.value # the objective is the users'
	count(input.subject.soften) > 0
	v := lib.below(input.subject.branch_availability, input.subject.objective)
	v in {"violation", "risk"}
}

default all_severity := "medium"

all_severity := "high" if lib.below(input.subject.branch_availability, input.subject.objective) == "violation"
