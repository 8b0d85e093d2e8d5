package archcheck.rules.resilience.bulkhead_size

import data.archcheck.lib

# METADATA
# scope: document
# title: Bulkhead refuses healthy traffic
# description: A compartment smaller than the calls that are under way on an ordinary day turns requests away although nothing is wrong.
# related_resources:
#   - https://resilience4j.readme.io/docs/bulkhead
#   - https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_B_formula
# schemas: [{input: schema.call}]
# custom:
#   id: RES-021
#   kind: misconfigured
#   severity: high
#   pattern: resilience/bulkhead
#   subject: call
#   say: "On average {load} calls from {from} to {to} are under way in each replica; {places} places refuse {blocked} of them although nothing is wrong."
#   trade_offs: A larger compartment lets a hanging callee take more of the caller's slots.
#   waive_when: Refusing this share is intended and the caller has an answer without the callee.
#   cleared_by: More places, a faster callee, or a rate limit on the call that admits less than the places serve.
refuses_healthy contains {
	"verdict": v,
	"facts": {"load": input.subject.in_flight_mean, "places": input.subject.bulkhead.max_concurrent, "blocked": input.subject.bulkhead_blocking},
	"fix": [{"set": "bulkhead.max_concurrent", "value": input.subject.rec.bulkhead.max_concurrent}],
} if {
	v := lib.all_of([
		lib.above(input.subject.bulkhead_blocking, input.system.params.blocking),
		lib.unless(sheds_on_purpose),
	])
	lib.fires(v)
}

# A limiter that lets through no more than the slots serve means to refuse the rest.
sheds_on_purpose := lib.at_most(input.subject.rate_limit_per_replica, input.subject.bulkhead_rate)

# METADATA
# scope: document
# title: Bulkhead as large as the hull
# description: A compartment that may fill the whole pool isolates nothing, and compartments that add up to much more than the pool do not either.
# related_resources: [https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking]
# schemas: [{input: schema.call}]
# custom:
#   id: RES-022
#   kind: misconfigured
#   severity: medium
#   pattern: resilience/bulkhead
#   subject: call
#   trade_offs: Small compartments refuse peaks; a rejection needs an answer, such as a fallback.
#   cleared_by: Fewer places than half of the caller's slots.
too_large_to_isolate contains {
	"verdict": v,
	"say": "{to} may hold {places} of the {slots} slots that a replica of {from} has, so a hang of it still stops everything else.",
	"facts": {"places": input.subject.bulkhead.max_concurrent, "slots": input.from.concurrency, "share": input.subject.bulkhead_share},
	"fix": [{"set": "bulkhead.max_concurrent", "value": input.subject.rec.bulkhead.max_concurrent}],
	"alternatives": [[{"advise": "Raise the caller's concurrency above the bulkheads it holds."}]],
} if {
	input.subject.siblings.total > 0
	v := lib.at_least(input.subject.bulkhead_share, 1)
	lib.fires(v)
}

too_large_to_isolate contains {
	"verdict": v,
	"say": "The bulkheads of {from} add up to {total} of its {slots} slots: two hanging callees stop everything else, this one with {places} first.",
	"facts": {"places": input.subject.bulkhead.max_concurrent, "slots": input.from.concurrency, "total": input.subject.bulkheads_total_share},
	"evidence": input.subject.siblings.addrs,
	"fix": [{"advise": "Give every callee the slots that its own traffic needs, so that together they stay within one and a half times the pool."}],
} if {
	input.subject.bulkhead_largest.value
	v := lib.all_of([
		lib.above(input.subject.bulkheads_total_share, 1.5),
		lib.below(input.subject.bulkhead_share, 1),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Waiting for a slot eats the deadline
# description: Time spent in the bulkhead's queue is missing for the call; requests that wait longest are those that nobody waits for any more.
# related_resources:
#   - https://sre.google/sre-book/addressing-cascading-failures/
#   - https://aws.amazon.com/builders-library/avoiding-insurmountable-queue-backlogs/
# schemas: [{input: schema.call}]
# custom:
#   id: RES-023
#   kind: misconfigured
#   severity: medium
#   pattern: resilience/bulkhead
#   subject: call
#   trade_offs: Without a queue short bursts are refused instead of delayed.
#   cleared_by: A wait not longer than the callee's mean latency, or none.
queue_eats_deadline contains {
	"verdict": v,
	"say": "A call from {from} to {to} may wait {wait} for a slot and then take {limit}: {sum} in all, of {budget} that its callers leave.",
	"facts": {
		"wait": input.subject.bulkhead.max_wait,
		"limit": input.subject.limit,
		"sum": input.subject.wait_and_timeout,
		"budget": input.subject.budget,
	},
	"fix": [{"set": "bulkhead.max_wait", "value": "0s"}],
} if {
	input.subject.bulkhead.max_wait.value > 0
	v := lib.all_of([
		lib.above(input.subject.wait_and_timeout, input.subject.budget),
		lib.is(input.subject.user_facing, true),
	])
	lib.fires(v)
}

queue_eats_deadline contains {
	"verdict": v,
	"say": "At the end of the queue of {queue} a call from {from} to {to} waits {wait}; its callers leave {left} beyond the callee's own p99.",
	"facts": {"queue": input.subject.bulkhead.queue, "wait": input.subject.queue_wait, "left": input.subject.budget_less_p99},
	"fix": [{"set": "bulkhead.queue", "value": 0}],
} if {
	input.subject.bulkhead.queue.value > 0
	input.subject.bulkhead.state != "profile" # a queue that a product ships fills only where its limit is reached
	v := lib.all_of([
		lib.above(input.subject.queue_wait, input.subject.budget_less_p99),
		lib.is(input.subject.user_facing, true),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Requests queue for database connections
# description: Slots without a connection wait in front of the pool, where no dashboard of the database shows them.
# related_resources: [https://github.com/brettwooldridge/HikariCP/wiki/About-Pool-Sizing]
# schemas: [{input: schema.call}]
# custom:
#   id: RES-026
#   kind: conflict
#   severity: medium
#   pattern: resilience/bulkhead
#   subject: call
#   trade_offs: More connections cost the database memory and context switches; past its cores they no longer add throughput.
#   waive_when: Most requests of the caller do not touch the database.
#   cleared_by: A pool that the traffic fills less than once in a hundred requests, and fewer than ten slots per connection.
pool_smaller_than_hull contains {
	"verdict": v,
	"say": "The pool of {from} to {to} holds {pool} per replica. On average {load} queries are under way, and {blocked} of them wait for a connection.",
	"facts": {"pool": input.subject.pool, "load": input.subject.in_flight_mean, "blocked": input.subject.pool_blocking},
	"fix": [larger_pool],
} if {
	input.to.type == "datastore"
	v := lib.all_of([
		lib.if_reached(
			lib.above(input.subject.pool_blocking, input.system.params.blocking),
			input.subject.rate, input.subject.user_facing,
		),
		lib.unless(lib.is(input.subject.fallback, "queue")),
	])
	lib.fires(v)
}

pool_smaller_than_hull contains {
	"verdict": v,
	"say": "{slots} requests at a time share {pool} connections of {from} to {to}: most of them can only wait, and the wait shows in no figure of the database.",
	"facts": {"pool": input.subject.pool, "slots": input.from.concurrency, "per_connection": input.subject.slots_per_connection},
	"fix": [{"set": "scale.concurrency", "at": input.from.addr, "value": input.subject.pool.value * 9}],
	"alternatives": [[larger_pool]],
} if {
	input.to.type == "datastore"
	v := lib.all_of([
		lib.at_least(input.subject.slots_per_connection, 10),
		lib.is(input.subject.user_facing, true),
		lib.unless(traffic_fits),
		lib.unless(lib.is(input.subject.fallback, "queue")),
	])
	lib.fires(v)
}

# Slots per connection stand for a load that nobody measured; a measured one that fits says more.
default traffic_fits := "pass"

traffic_fits := "violation" if lib.at_most(input.subject.pool_blocking, input.system.params.blocking) in {"risk", "violation"}

# The caller's share of what the database allows; where that is not enough, a pooler lets many clients share it.
larger_pool := {"set": "pool", "value": input.subject.rec.pool} if {
	input.subject.rec.pool.value > input.subject.pool.value
	input.subject.rec.pool_fits.value
} else := {"set": "pool", "value": input.subject.rec.bulkhead.max_concurrent} if {
	input.subject.rec.pool.state == "absent"
	input.subject.rec.bulkhead.max_concurrent.value > input.subject.pool.value
} else := {"advise": "Put a pooler in front of the database: its connections do not suffice for this traffic, however they are shared."}
