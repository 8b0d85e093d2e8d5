# Leaves of the decision flowchart that are chosen on a service or gateway. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.workload}]
package archcheck.flowchart.workload

import data.archcheck.lib

# D01 REST: everybody outside speaks it, and the flowchart leads nowhere else for these callers.
d01 := {
	"verdict": lib.is(input.subject.outside, true),
	"say": "it is open to {callers}, and none of them needs news as it happens",
	"facts": {"callers": lib.labels(input.subject.outside_callers)},
} if {
	input.subject.leaf == "rest"
	some kind in input.subject.outside_kinds
	kind in {"web", "partner", "desktop"}
}

# D07 Bulkhead: one callee could hold what all of them need.
d07 := {
	"verdict": lib.any_of([lib.above(c.hang_in_flight, input.subject.slots) | some c in input.subject.calls]),
	"say": "{to}, hung, holds {hang} of {slots} slots; {n} callees share them",
	"facts": {
		"to": lib.label(input.subject.calls[0].to), "hang": input.subject.calls[0].hang_in_flight,
		"slots": input.subject.slots, "n": input.subject.downstreams,
	},
} if {
	input.subject.downstreams.value >= 2
}

# D08 Rate Limiting: nobody controls how much comes from outside; inside, a peak of three times the usual must fit.
d08 := {
	"verdict": lib.any_of([lib.is(input.subject.outside, true), triple]),
	"say": spikes,
	"facts": {
		"callers": lib.labels(input.subject.outside_callers), "rate": input.subject.rate,
		"capacity": input.subject.capacity,
	},
}

triple := lib.below(input.subject.capacity, input.subject.rate.value * 3) if {
	input.subject.user_facing.value
} else := "pass"

spikes := "it is open to {callers}, and nobody controls how much comes" if {
	input.subject.outside.value
} else := "three times its {rate} exceed {capacity}"

# D17 Backend for Frontend: kinds of clients whose needs differ by two, or one that needs five trips.
d17 := {
	"verdict": lib.any_of([
		lib.at_least(input.subject.constrained_trips, 5),
		lib.at_least(input.subject.trip_ratio, 2),
		lib.at_least(input.subject.payload_ratio, 2),
	]),
	"say": "{mobile} and {other} need different things of it",
	"facts": {
		"mobile": lib.label(input.subject.constrained_client),
		"other": lib.label(input.subject.frugal_client),
	},
} if {
	input.subject.constrained_client != ""
	input.subject.frugal_client != ""
}

# D24 Blue-Green: users must not notice a release, and replacing the copies again takes longer than they would wait.
d24 := {
	"verdict": lib.all_of([
		lib.is(input.subject.user_facing, true),
		lib.any_of([lib.is(input.system.zero_downtime, true), lib.at_least(input.subject.objective, 0.999)]),
		lib.any_of([
			lib.is(input.subject.release_strategy, "recreate"),
			lib.above(input.subject.rollback_time, 60000),
		]),
	]),
	"say": back,
	"facts": {"time": input.subject.rollback_time},
}

back := "each release stops it" if {
	input.subject.release_strategy.value == "recreate"
} else := "going back copy by copy takes {time}"

# D25 Canary: enough requests that a small share of them proves a release.
d25 := {
	"verdict": lib.all_of([lib.is(input.subject.user_facing, true), lib.at_least(input.subject.rate, 10)]),
	"say": "{rate} of users: a small share proves a release",
	"facts": {"rate": input.subject.rate},
}

# D26 Rolling: more than one copy, so that some can serve while others are replaced.
d26 := {
	"verdict": lib.at_least(input.subject.replicas, 2),
	"say": "{replicas} copies can be replaced one after the other",
	"facts": {"replicas": input.subject.replicas},
}
