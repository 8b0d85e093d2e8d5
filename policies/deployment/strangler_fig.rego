package archcheck.rules.deployment.strangler_fig

import data.archcheck.lib

# METADATA
# scope: document
# title: The old system is replaced in one step
# description: A replacement in one cutover meets real traffic for the first time when there is no way back.
# related_resources:
#   - https://martinfowler.com/bliki/StranglerFigApplication.html
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/strangler-fig
# schemas: [{input: schema.migration}]
# custom:
#   id: DEP-040
#   kind: missing
#   severities:
#     high: half of all traffic or more hangs on the cutover
#     medium: less does
#   pattern: deployment/strangler-fig
#   subject: migration
#   trade_offs: Both systems run for a while, behind a facade that has to be built.
#   waive_when: The old system is small and its replacement was proven beside it.
#   cleared_by: strategy = "strangler" with routes that move one by one; interceptable = false, where that cannot be.
big_bang contains {
	"verdict": v,
	"severity": stakes,
	"say": cutover,
	"facts": {
		"legacy": input.subject.legacy, "blast": input.subject.blast, "routes": input.subject.route_count,
		"strategy": input.subject.strategy,
	},
	"asks": ["strategy"],
	"evidence": [input.subject.legacy.value],
	"fix": [{"set": "strategy", "value": "strangler"}, {"advise": "Move one route after the other, each behind a flag."}],
} if {
	redirectable
	v := lib.all_of([
		lib.is(input.subject.strategy, "big_bang"),
		lib.unless(lib.all_of([lib.at_most(input.subject.route_count, 2), lib.below(input.subject.legacy_rate, 1)])),
	])
	lib.fires(v)
}

# Where nothing can redirect requests, one cutover is the only way.
default redirectable := true

redirectable := false if input.subject.interceptable.value == false

default stakes := "medium"

stakes := "high" if {
	input.subject.user_facing.value
	input.subject.blast.value >= 0.5
}

cutover := "The first proof in production is the cutover, and {blast} of all traffic depends on it: {legacy} is replaced in one step." if {
	input.subject.blast.value > 0
} else := "The first proof in production is the cutover: {legacy} is replaced in one step."

# METADATA
# scope: document
# title: Traffic goes around the facade
# description: A facade moves what passes through it. What reaches the old system another way stays there.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/strangler-fig]
# schemas: [{input: schema.migration}]
# custom:
#   id: DEP-041
#   kind: misconfigured
#   severity: high
#   pattern: deployment/strangler-fig
#   subject: migration
#   trade_offs: Every request to the old system takes one hop more until it is gone.
#   cleared_by: A facade that calls the old service and each route's target, and that all callers use.
facade_bypassed contains {
	"verdict": v,
	"say": around,
	"facts": {
		"legacy": input.subject.legacy, "facade": input.subject.facade, "callers": lib.labels([c.from | some c in bypass]),
		"missed": lib.labels(input.subject.facade_misses),
	},
	"asks": ["facade"],
	"evidence": array.concat([c.call | some c in bypass], input.subject.facade_misses),
	"fix": [{"advise": reroute}],
} if {
	v := lib.all_of([
		lib.is(input.subject.strategy, "strangler"),
		lib.unless(lib.is(input.subject.done, true)),
		lib.any_of([
			lib.absent(input.subject.facade),
			lib.sure(count(bypass) > 0),
			lib.sure(count(input.subject.facade_misses) > 0),
		]),
	])
	lib.fires(v)
}

# What the new side calls is DEP-044's; a job of the night is no traffic to move.
bypass := [c |
	some c in input.subject.bypass
	new_side(c) == "pass"
	c.scheduled.value == false
]

new_side(c) := lib.is(c.new_side, true)

around := "Traffic cannot be moved away from {legacy} piece by piece: no facade stands before it." if {
	lib.absent(input.subject.facade) == "violation"
} else := "What {callers} sends cannot be moved away from {legacy}: it goes around {facade}." if {
	count(bypass) == 1
} else := "What {callers} send cannot be moved away from {legacy}: it goes around {facade}." if {
	count(bypass) > 0
} else := "{facade} cannot move any traffic to or from {missed}, which it does not call, so nothing leaves {legacy} route by route."

reroute := "Put a gateway before the old service that can send each route to either side, and state it as the facade." if {
	lib.absent(input.subject.facade) == "violation"
} else := "Let these callers use the facade instead of the old service." if {
	count(bypass) > 0
} else := "Let the facade call the old service and the target of each route, and send the callers of both through it."

# METADATA
# scope: document
# title: A migration has no end
# description: Two systems and the way between them cost more than either. Without a date nobody plans the rest.
# related_resources: [https://martinfowler.com/articles/patterns-legacy-displacement/transitional-architecture.html]
# schemas: [{input: schema.migration}]
# custom:
#   id: DEP-045
#   kind: misconfigured
#   severity: low
#   pattern: deployment/strangler-fig
#   subject: migration
#   cleared_by: A future finish that the progress so far can meet.
endless_migration contains {
	"verdict": v,
	"say": unfinished,
	"facts": {
		"legacy": input.subject.legacy, "finish": input.subject.finish, "progress": input.subject.progress, "days": input.subject.days_left,
	},
	"asks": ["finish"],
	"fix": [{"advise": "Agree on the next route and on the day on which the old service is switched off, and state it as finish."}],
} if {
	v := lib.all_of([
		lib.unless(lib.is(input.subject.done, true)),
		lib.any_of([lib.absent(input.subject.finish), past, late]),
	])
	lib.fires(v)
}

# The day of judgement is always known where a user asks.
default past := "pass"

past := "violation" if input.subject.past_finish.value

default late := "pass"

late := "violation" if {
	input.subject.progress.value < 0.5
	input.subject.days_left.value < 90
}

unfinished := "{legacy} should have been gone by {finish}; both systems still have to be run." if {
	input.subject.past_finish.value
} else := "{legacy} and what replaces it may both have to be run for good: the migration has no end, with {progress} of the traffic moved." if {
	lib.absent(input.subject.finish) == "violation"
} else := "{legacy} will hardly be gone by {finish}: {progress} of the traffic has moved, with {days} days left."
