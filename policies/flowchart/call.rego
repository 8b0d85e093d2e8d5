# Leaves of the decision flowchart that are chosen on a call. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.call}]
package archcheck.flowchart.call

import data.archcheck.lib

# D03 gRPC: any call between two services may use it; only a hot one should change to it.
d03 := {
	"verdict": "violation",
	"say": "one service calls another at {rate}",
	"facts": {"rate": input.subject.rate},
} if {
	input.from.type == "service"
	input.to.type == "service"
}

# D05 Circuit Breaker: the failure of the callee would travel.
d05 := {
	"verdict": lib.all_of([
		lib.is(input.subject.hard, true),
		lib.any_of([
			lib.sure(input.to.type == "external"),
			lib.at_least(input.subject.depth_below, 3),
			lib.above(input.subject.hang_share, 0.5),
		]),
	]),
	"say": failing,
	"facts": {
		"to": lib.label(input.to.addr), "hang": input.subject.hang_in_flight, "slots": input.from.concurrency,
		"depth": input.subject.depth_below,
	},
} if {
	input.from.type in {"service", "gateway"}
	input.to.type in {"service", "external"}
}

failing := "{to} belongs to somebody else, and its failure fails the caller" if {
	input.to.type == "external"
} else := "{depth} more calls wait behind {to}" if {
	input.subject.depth_below.value >= 3
} else := "{to}, hung, holds {hang} of {slots} slots"

# D06 Retry with Backoff: what fails now may succeed a moment later, and trying again does no harm.
d06 := {
	"verdict": lib.is(input.subject.idempotent, true),
	"say": "{to} is {far}, and the budget leaves room for {tries} attempts",
	"facts": {"to": lib.label(input.to.addr), "far": far, "tries": input.subject.rec.attempts},
} if {
	input.from.type in {"service", "gateway"}
	far != ""
	input.subject.rec.attempts.value >= 2
}

far := "outside" if {
	input.to.type == "external"
} else := "in another region" if {
	input.subject.cross_region.value
} else := ""

# D10 Message Queue: work that takes longer, or comes faster, than a request should wait for.
d10 := {
	"verdict": lib.any_of([
		lib.at_least(input.to.p99, 5000),
		lib.above(input.subject.rate, input.to.capacity),
		lib.above(input.subject.rate, input.to.rps_limit),
	]),
	"say": work,
	"facts": {
		"p99": input.to.p99, "rate": input.subject.rate, "capacity": input.to.capacity,
		"limit": input.to.rps_limit, "to": lib.label(input.to.addr),
	},
} if {
	input.from.type in {"service", "gateway", "client"}
	input.to.type in {"service", "external"}
	input.subject.access.value != "read"
}

work := "{to} takes {p99} for one in a hundred" if {
	input.to.p99.value >= 5000
} else := "{rate} exceed the {capacity} that {to} can do" if {
	input.subject.rate.value > input.to.capacity.value
} else := "{rate} exceed the {limit} that {to} allows"

# D19 Timeout: whatever leaves the process may never come back.
d19 := {
	"verdict": "violation",
	"say": "the answer of {to} may never come",
	"facts": {"to": lib.label(input.to.addr)},
} if {
	input.from.type in {"service", "gateway"}
}

# D21 Service Registry: an address in a file does not follow copies that come and go.
d21 := {
	"verdict": lib.all_of([
		lib.is(input.subject.discovery, "static"),
		lib.any_of([lib.at_least(input.to.replicas, 2), lib.at_least(input.to.max_replicas, 2)]),
	]),
	"say": "{to} has {copies} copies behind a written address",
	"facts": {"to": lib.label(input.to.addr), "copies": copies},
} if {
	input.from.type in {"service", "gateway"}
	input.to.type == "service"
}

copies := sprintf("up to %d", [input.to.max_replicas.value]) if {
	input.to.max_replicas.value
} else := input.to.replicas
