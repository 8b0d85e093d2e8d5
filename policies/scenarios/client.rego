# Scenarios that show in one client. A force has one value, a result without severity; its name is the scenario's id.

# METADATA
# scope: package
# schemas: [{input: schema.client}]
package archcheck.scenarios.client

import data.archcheck.lib

# SCN-02 Mobile app with complex data needs.
scn_02 := {
	"verdict": lib.all_of([
		lib.is(input.subject.kind, "mobile"),
		lib.any_of([lib.at_least(input.subject.trips, 5), lib.at_least(input.subject.services_per_action, 3)]),
	]),
	"say": needs,
	"facts": {
		"client": lib.label(input.addr), "services": input.subject.services_per_action,
		"trips": input.subject.trips,
	},
}

needs := "one action of {client} needs {services} services, in {trips} requests" if {
	input.subject.trips.value >= 2
} else := "one action of {client} needs {services} services"

# SCN-04 Real-time features: stated, or many open connections. Where only news is pushed, server-sent events are enough.
scn_04 := {
	"verdict": lib.any_of([lib.present(input.subject.realtime), many_streams]),
	"say": "{client} needs news as it happens",
	"facts": {"client": lib.label(input.addr)},
} if {
	not only_pushed
}

many_streams := lib.at_least(input.subject.connections, 1000) if {
	"stream" in input.subject.push_channels
} else := "pass"

only_pushed if {
	input.subject.realtime.value == "push"
	"sse" in input.subject.push_channels
}
