package archcheck.rules.resilience.bulkhead_size_test

import data.archcheck.given
import data.archcheck.rules.resilience.bulkhead_size

# A call with a bulkhead and a pool of which nothing is wrong; patches replace facts.
sound := {
	"bulkhead": given.control({
		"max_concurrent": given.stated(14),
		"queue": given.default_value(0),
		"max_wait": given.default_value(0),
	}),
	"fallback": given.default_value("fail"),
	"user_facing": given.derived(true),
	"limit": given.stated(600),
	"budget": given.derived(800),
	"budget_less_p99": given.derived(500),
	"in_flight_mean": given.derived(6.1),
	"rate": given.derived(30),
	"bulkhead_blocking": given.derived(0.003),
	"bulkhead_rate": given.derived(61),
	"rate_limit_per_replica": given.absent,
	"bulkhead_share": given.derived(0.4),
	"bulkheads_total_share": given.derived(0.8),
	"bulkhead_largest": given.derived(true),
	"queue_wait": given.derived(0),
	"wait_and_timeout": given.derived(600),
	"pool": given.stated(20),
	"pool_blocking": given.derived(0.0001),
	"slots_per_connection": given.derived(2),
	"siblings": {"total": 1, "addrs": ["service.a.call.c"]},
	"rec": {"bulkhead": {"max_concurrent": given.derived(14)}, "pool": given.derived(30), "pool_fits": given.derived(true)},
}

doc(patch) := {
	"subject": object.union(object.remove(sound, object.keys(patch)), patch),
	"from": {"addr": "service.a", "concurrency": given.stated(32)},
	"to": {"type": "datastore"},
	"system": {"params": {"blocking": 0.01}},
}

test_sound_calls_are_silent if {
	count(bulkhead_size.refuses_healthy) == 0 with input as doc({})
	count(bulkhead_size.too_large_to_isolate) == 0 with input as doc({})
	count(bulkhead_size.queue_eats_deadline) == 0 with input as doc({})
	count(bulkhead_size.pool_smaller_than_hull) == 0 with input as doc({})
}

refuses(patch) := {f.verdict | some f in bulkhead_size.refuses_healthy with input as doc(patch)}

test_res_021_one_in_eight_is_refused if refuses({"bulkhead_blocking": given.derived(0.127)}) == {"violation"}

test_res_021_an_assumed_mean_is_a_risk if refuses({"bulkhead_blocking": given.between(0.001, 0.02, 0.3)}) == {"risk"}

test_res_021_an_unknown_mean_asks if refuses({"bulkhead_blocking": given.unknown_number}) == {"question"}

test_res_021_load_is_shed_on_purpose if {
	refuses({"bulkhead_blocking": given.derived(0.127), "rate_limit_per_replica": given.derived(30)}) == set()
}

test_res_021_a_limiter_above_the_places_is_no_excuse if {
	refuses({"bulkhead_blocking": given.derived(0.127), "rate_limit_per_replica": given.derived(90)}) == {"violation"}
}

large(patch) := {[f.verdict, contains(f.say, "add up")] | some f in bulkhead_size.too_large_to_isolate with input as doc(patch)}

test_res_022_as_large_as_the_hull if large({"bulkhead_share": given.derived(1)}) == {["violation", false]}

test_res_022_together_twice_the_hull if large({"bulkheads_total_share": given.derived(2)}) == {["violation", true]}

test_res_022_only_the_largest_speaks_for_all if {
	large({"bulkheads_total_share": given.derived(2), "bulkhead_largest": given.derived(false)}) == set()
}

test_res_022_nothing_beside_it_is_silent if {
	large({"bulkhead_share": given.derived(2), "siblings": {"total": 0, "addrs": []}}) == set()
}

test_res_022_unknown_slots_ask if large({"bulkhead_share": given.unknown_number}) == {["question", false]}

waits(patch) := {[f.verdict, f.fix[0].set] | some f in bulkhead_size.queue_eats_deadline with input as doc(patch)}

test_res_023_waiting_eats_the_deadline if {
	slow := given.control({"max_concurrent": given.stated(14), "queue": given.default_value(0), "max_wait": given.stated(500)})
	waits({"bulkhead": slow, "wait_and_timeout": given.derived(1100)}) == {["violation", "bulkhead.max_wait"]}
	waits({"bulkhead": slow, "wait_and_timeout": given.derived(800)}) == set()
	waits({"bulkhead": slow, "wait_and_timeout": given.derived(1100), "user_facing": given.derived(false)}) == set()
	waits({"bulkhead": slow, "wait_and_timeout": given.derived(1100), "budget": given.unknown_number}) == {["question", "bulkhead.max_wait"]}
}

test_res_023_a_long_queue_eats_the_deadline if {
	long := given.control({"max_concurrent": given.stated(14), "queue": given.stated(40), "max_wait": given.default_value(0)})
	waits({"bulkhead": long, "queue_wait": given.derived(900)}) == {["violation", "bulkhead.queue"]}
	waits({"bulkhead": long, "queue_wait": given.derived(100)}) == set()
}

small(patch) := {f | some f in bulkhead_size.pool_smaller_than_hull with input as doc(patch)}

crowded := {"pool_blocking": given.derived(0.2)}

test_res_026_queries_wait_for_connections if {
	fs := small(crowded)
	{f.verdict | some f in fs} == {"violation"}
	{f.fix[0].value | some f in fs} == {given.derived(30)}
}

test_res_026_without_a_known_maximum_the_traffic_decides if {
	rec := {"bulkhead": {"max_concurrent": given.derived(24)}, "pool": given.absent, "pool_fits": given.derived(true)}
	{f.fix[0].value | some f in small(object.union(crowded, {"rec": rec}))} == {given.derived(24)}
}

test_res_026_a_database_too_small_needs_a_pooler if {
	rec := {"bulkhead": {"max_concurrent": given.derived(24)}, "pool": given.derived(10), "pool_fits": given.derived(false)}
	every f in small(object.union(crowded, {"rec": rec})) { f.fix[0].advise }
}

test_res_026_ten_slots_for_a_connection if {
	crowd := {"slots_per_connection": given.derived(10)}
	fs := {f | some f in small(object.union(crowd, {"pool_blocking": given.unknown_number})); f.verdict == "violation"}
	{f.fix[0] | some f in fs} == {{"set": "scale.concurrency", "at": "service.a", "value": 180}}
	small(crowd) == set() # a measured load that fits says more
}

test_res_026_queued_writes_do_not_wait if small(object.union(crowded, {"fallback": given.stated("queue")})) == set()

test_res_026_an_unknown_database_asks if {
	{f.verdict | some f in small({"pool_blocking": given.unknown_number})} == {"question"}
}
