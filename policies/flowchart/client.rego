# Leaves of the decision flowchart that are chosen on a client. A force has one value, a result without severity; its name is the
# leaf's id. It says what calls for the pattern, whether or not the pattern is there.

# METADATA
# scope: package
# schemas: [{input: schema.client}]
package archcheck.flowchart.client

import data.archcheck.lib

# D02 GraphQL: a mobile client, or one action that has to collect its data.
d02 := {
	"verdict": lib.any_of([
		lib.is(input.subject.kind, "mobile"),
		lib.at_least(input.subject.trips, 5),
		lib.at_least(input.subject.backends, 3),
	]),
	"say": collects,
	"facts": {"kind": input.subject.kind, "trips": input.subject.trips, "backends": input.subject.backends},
}

collects := "one action makes {trips} requests to {backends} places" if {
	input.subject.trips.value >= 2
} else := "it collects data from {backends} places" if {
	input.subject.backends.value >= 2
} else := "a {kind} client: its screens rarely match one resource"

# D04 WebSockets: both sides speak when they have something to say, or the client asks again and again.
d04 := {
	"verdict": lib.any_of([
		lib.is(input.subject.realtime, "bidirectional"),
		lib.at_most(input.subject.polls_every, 5000),
	]),
	"say": live,
	"facts": {"every": input.subject.polls_every},
}

live := "news travel both ways" if {
	input.subject.realtime.value == "bidirectional"
} else := "it polls every {every}"

# D18 Aggregator: one action waits for a slow network several times.
d18 := {
	"verdict": lib.all_of([
		lib.one_of(input.subject.network, {"wan", "cellular"}),
		lib.at_least(input.subject.backends, 3),
		lib.at_least(input.subject.trips, 3),
	]),
	"say": "one action calls {backends} backends over a {network} network",
	"facts": {"backends": input.subject.backends, "network": input.subject.network},
}
