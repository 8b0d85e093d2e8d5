# Each leaf of the flowchart: what calls for it, what does not, and where nobody knows.
package archcheck.flowchart.flowchart_test

import data.archcheck.flowchart
import data.archcheck.given

yes := given.derived(true)

no := given.derived(false)

# call

call(patch) := given.patched(
	{
		"addr": "service.a.call.b",
		"subject": {
			"rate": given.derived(80), "hard": yes, "depth_below": given.derived(1), "hang_share": given.derived(0.2),
			"hang_in_flight": given.derived(20), "idempotent": given.stated(true), "cross_region": no, "access": given.stated("write"),
			"rec": {"attempts": given.derived(2)}, "discovery": given.stated("static"),
		},
		"from": {"addr": "service.a", "type": "service", "concurrency": given.stated(100)},
		"to": {
			"addr": "service.b", "type": "service", "p99": given.stated(200), "capacity": given.derived(100), "rps_limit": given.absent,
			"replicas": given.stated(1), "max_replicas": given.absent,
		},
	},
	patch,
)

outside := {"to": {"type": "external"}}

test_d03_between_services_only if {
	flowchart.call.d03.verdict == "violation" with input as call({})
	not flowchart.call.d03 with input as call(outside)
}

test_d05_a_failure_that_would_travel if {
	flowchart.call.d05.verdict == "violation" with input as call(outside)
	contains(flowchart.call.d05.say, "somebody else") with input as call(outside)
	deep := call({"subject": {"depth_below": given.derived(3)}})
	contains(flowchart.call.d05.say, "more calls wait") with input as deep
	hung := call({"subject": {"hang_share": given.derived(0.6)}})
	flowchart.call.d05.verdict == "violation" with input as hung
	contains(flowchart.call.d05.say, "holds {hang} of {slots} slots") with input as hung
}

test_d05_a_failure_that_stays_where_it_is if {
	flowchart.call.d05.verdict == "pass" with input as call({})
	flowchart.call.d05.verdict == "pass" with input as call(object.union(outside, {"subject": {"hard": no}}))
	flowchart.call.d05.verdict == "question" with input as call({"subject": {"hang_share": given.unknown_number}})
	not flowchart.call.d05 with input as call({"to": {"type": "datastore"}})
}

test_d06_far_away_and_harmless_to_repeat if {
	flowchart.call.d06.verdict == "violation" with input as call(outside)
	flowchart.call.d06.facts.far == "outside" with input as call(outside)
	flowchart.call.d06.facts.far == "in another region" with input as call({"subject": {"cross_region": yes}})
	flowchart.call.d06.verdict == "question" with input as call(object.union(outside, {"subject": {"idempotent": given.unknown}}))
	not flowchart.call.d06 with input as call({})
	not flowchart.call.d06 with input as call(object.union(outside, {"subject": {"rec": {"attempts": given.derived(1)}}}))
}

test_d10_work_that_is_slow_or_too_much if {
	slow := call({"to": {"p99": given.stated(8000)}})
	flowchart.call.d10.verdict == "violation" with input as slow
	contains(flowchart.call.d10.say, "takes {p99}") with input as slow
	busy := call({"subject": {"rate": given.derived(150)}})
	contains(flowchart.call.d10.say, "exceed the {capacity}") with input as busy
	quota := call({"to": {"type": "external", "rps_limit": given.stated(50)}})
	contains(flowchart.call.d10.say, "exceed the {limit}") with input as quota
	flowchart.call.d10.verdict == "pass" with input as call({})
	flowchart.call.d10.verdict == "question" with input as call({"to": {"capacity": given.unknown_number}})
	not flowchart.call.d10 with input as call({"subject": {"access": given.derived("read")}, "to": {"p99": given.stated(8000)}})
}

test_d19_any_call_that_leaves_the_process if {
	flowchart.call.d19.verdict == "violation" with input as call({})
	not flowchart.call.d19 with input as call({"from": {"type": "client"}})
}

test_d21_an_address_in_a_file if {
	flowchart.call.d21.verdict == "violation" with input as call({"to": {"replicas": given.stated(3)}})
	grows := call({"to": {"max_replicas": given.stated(9)}})
	flowchart.call.d21.facts.copies == "up to 9" with input as grows
	flowchart.call.d21.verdict == "pass" with input as call({})
	flowchart.call.d21.verdict == "pass" with input as call({"subject": {"discovery": given.stated("dns")}, "to": {"replicas": given.stated(3)}})
	flowchart.call.d21.verdict == "question" with input as call({"subject": {"discovery": given.unknown}, "to": {"replicas": given.stated(3)}})
}

# client

client(patch) := {"addr": "client.app", "subject": given.lay(
	{
		"kind": given.stated("web"), "trips": given.derived(1), "backends": given.derived(1), "realtime": given.absent,
		"polls_every": given.absent, "network": given.default_value("wan"),
	},
	patch,
)}

test_d02_screens_that_collect_data if {
	flowchart.client.d02.verdict == "violation" with input as client({"kind": given.stated("mobile")})
	contains(flowchart.client.d02.say, "a {kind} client") with input as client({"kind": given.stated("mobile")})
	contains(flowchart.client.d02.say, "makes {trips} requests") with input as client({"trips": given.derived(5)})
	contains(flowchart.client.d02.say, "collects data from {backends}") with input as client({"backends": given.derived(3)})
	flowchart.client.d02.verdict == "pass" with input as client({})
	flowchart.client.d02.verdict == "question" with input as client({"kind": given.unknown})
}

test_d04_news_on_both_sides if {
	flowchart.client.d04.say == "news travel both ways" with input as client({"realtime": given.stated("bidirectional")})
	flowchart.client.d04.verdict == "violation" with input as client({"polls_every": given.stated(2000)})
	contains(flowchart.client.d04.say, "polls every") with input as client({"polls_every": given.stated(2000)})
	flowchart.client.d04.verdict == "pass" with input as client({"polls_every": given.stated(60000)})
	flowchart.client.d04.verdict == "pass" with input as client({"realtime": given.stated("push")})
}

test_d18_a_slow_network_several_times if {
	flowchart.client.d18.verdict == "violation" with input as client({"trips": given.derived(3), "backends": given.derived(3)})
	flowchart.client.d18.verdict == "pass" with input as client({"trips": given.derived(3), "backends": given.derived(3), "network": given.stated("lan")})
	flowchart.client.d18.verdict == "pass" with input as client({"trips": given.derived(2), "backends": given.derived(3)})
}

on(subject) := {"addr": "x.y", "subject": subject}

test_d08_a_contract_limits_an_external if {
	flowchart.external.d08.verdict == "violation" with input as on({"rps_limit": given.stated(100)})
	flowchart.external.d08.verdict == "question" with input as on({"rps_limit": given.unknown_number})
	flowchart.external.d08.verdict == "pass" with input as on({"rps_limit": given.none})
}

listeners(n) := on({"listeners": [{"service": "service.mail"}], "listener_count": n})

test_d09_three_are_told if {
	flowchart.service.d09.verdict == "violation" with input as listeners(given.derived(3))
	flowchart.service.d09.verdict == "pass" with input as listeners(given.derived(2))
	flowchart.service.d09.verdict == "question" with input as listeners({"state": "unknown", "lo": 2, "hi": 3})
}

chain(depth, share) := on({"depth": given.derived(depth), "ignored_write_share": given.derived(share), "ignored_writes": ["a", "b"]})

test_d11_a_chain_of_writes if {
	flowchart.system.d11.verdict == "violation" with input as chain(4, 0.5)
	flowchart.system.d11.facts.n == 2 with input as chain(4, 0.5)
	flowchart.system.d11.verdict == "pass" with input as chain(3, 0.5)
	flowchart.system.d11.verdict == "pass" with input as chain(4, 0.3)
}

unit(patch) := on(given.lay(
	{
		"independent": given.derived(2), "one_unit": yes, "consistency": given.default_value("eventual"),
		"stores": [{"addr": "datastore.a"}, {"addr": "datastore.b"}],
	},
	patch,
))

test_d12_stores_that_agree_in_time if {
	flowchart.write_set.d12.verdict == "violation" with input as unit({})
	flowchart.write_set.d12.verdict == "risk" with input as unit({"one_unit": given.guess(true)})
	flowchart.write_set.d12.verdict == "pass" with input as unit({"consistency": given.stated("strong")})
	flowchart.write_set.d12.verdict == "pass" with input as unit({"independent": given.derived(1)})
}
