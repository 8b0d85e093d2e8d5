package archcheck.rules.messaging.message_queue_wait_test

import data.archcheck.given
import data.archcheck.rules.messaging.message_queue

# MSG-016

journey(patch) := {"addr": "journey.web.api", "subject": given.lay(
	{
		"replies": [{
			"service": "service.login", "to": "queue.asks", "to_type": "queue", "publish": "service.login.publish.asks",
			"consume": "service.login.consume.answers",
		}],
		"latency_objective": given.stated(500),
		"user_facing": given.derived(true),
		"entry_reply": given.default_value(true),
	},
	patch,
)}

waits(patch) := {f.verdict | some f in message_queue.waits_for_queue with input as journey(patch)}

test_a_user_waits_for_a_queue if waits({}) == {"violation"}

test_the_answer_comes_later if waits({"entry_reply": given.stated(false)}) == set()

test_nobody_waits if waits({"user_facing": given.derived(false)}) == set()

test_an_objective_of_a_minute if waits({"latency_objective": given.stated(60000)}) == set()

test_no_objective if waits({"latency_objective": given.absent}) == set()

test_does_the_user_wait if waits({"entry_reply": given.unknown}) == {"question"}

test_no_queue_on_the_way if waits({"replies": []}) == set()

# MSG-010

call(patch) := {
	"addr": "service.shop.call.report",
	"subject": given.lay(
		{
			"user_facing": given.derived(true),
			"access": given.stated("write"),
			"reply": given.default_value(true),
			"rate": given.derived(50),
			"mean_utilisation": given.derived(0.4),
			"rate_limit": {"state": "stated"},
			"hard": given.derived(true),
			"stream": given.default_value(false),
			"inner": [],
		},
		object.remove(patch, {"to", "from"}),
	),
	"from": object.get(patch, "from", {"addr": "service.shop", "type": "service"}),
	"to": given.lay(
		{
			"addr": "service.report", "type": "service", "p99": given.stated(200),
			"capacity": given.stated(100), "rps_limit": given.absent,
		},
		object.get(patch, "to", {}),
	),
}

work(patch) := {f.verdict | some f in message_queue.slow_work with input as call(patch)}

says(patch, words) if {
	some f in message_queue.slow_work with input as call(patch)
	contains(f.say, words)
}

twelve_seconds := {"p99": given.stated(12000)}

test_a_report_of_twelve_seconds if {
	work({"to": twelve_seconds}) == {"violation"}
	says({"to": twelve_seconds}, "waits up to {p99}")
}

test_a_quick_callee_with_room if work({}) == set()

test_a_peak_beyond_its_capacity if {
	work({"rate": given.derived(150)}) == {"violation"}
	says({"rate": given.derived(150)}, "plenty to spare")
}

test_a_callee_that_is_always_busy_needs_capacity if work({"rate": given.derived(150), "mean_utilisation": given.derived(0.9)}) == set()

test_a_quota_below_the_rate if {
	work({"to": {"type": "external", "rps_limit": given.stated(10)}}) == {"violation"}
	says({"to": {"type": "external", "rps_limit": given.stated(10)}}, "its contract allows {limit}")
}

test_a_result_that_nobody_reads if work({"access": given.derived("read"), "reply": given.stated(false), "to": twelve_seconds}) == {"violation"}

test_a_slow_read_is_no_work if work({"access": given.derived("read"), "to": twelve_seconds}) == set()

test_does_it_write if work({"access": given.unknown, "to": twelve_seconds}) == {"question"}

test_whether_a_quick_call_writes_does_not_matter if work({"access": given.unknown}) == set()

test_a_client_that_was_answered_with_202 if {
	work({"from": {"addr": "client.web", "type": "client"}, "reply": given.stated(false), "to": twelve_seconds}) == set()
	work({"from": {"addr": "client.web", "type": "client"}, "to": twelve_seconds}) == {"violation"}
}

test_an_upload_that_streams if work({"stream": given.stated(true), "to": twelve_seconds}) == set()

test_the_slow_work_is_further_down if {
	deep := {"to": "external.bank", "p99": given.stated(11000), "writes": given.derived(true)}
	work({"inner": [deep], "to": twelve_seconds}) == set()
	work({"inner": [object.union(deep, {"p99": given.stated(4900)})], "to": twelve_seconds}) == {"violation"}
	work({"inner": [object.union(deep, {"writes": given.derived(false)})], "to": twelve_seconds}) == {"violation"}
	work({"inner": [object.union(deep, {"to": "datastore.bank"})], "to": twelve_seconds}) == {"violation"}
}

test_a_quota_that_no_limit_keeps_is_the_quotas_finding if {
	work({"rate_limit": given.absent, "to": {"type": "external", "rps_limit": given.stated(10)}}) == set()
}

test_beyond_the_quota_a_fallback_answers if {
	work({"hard": given.derived(false), "to": {"type": "external", "rps_limit": given.stated(10)}}) == set()
}

test_no_user_waits if work({"user_facing": given.derived(false), "to": twelve_seconds}) == set()

test_a_store_is_no_worker if work({"to": {"type": "datastore", "p99": given.stated(12000)}}) == set()

test_an_access_that_is_assumed if work({"access": given.guess("write"), "to": twelve_seconds}) == {"risk"}

test_nothing_is_known_of_the_callee if {
	work({"to": {"p99": given.unknown_number, "capacity": given.unknown_number}}) == set()
}
