package archcheck.rules.resilience.rate_limit_size_test

import data.archcheck.given
import data.archcheck.rules.resilience.rate_limit_size

# Five hundred requests a second can be served, 450 are admitted, 400 come.
sound := {
	"rate_limit": given.control({
		"rps": given.stated(450),
		"burst": given.default_value(450),
		"per": given.default_value("global"),
		"scope": given.default_value("global"),
		"unit": given.default_value("request"),
		"on_limit": given.default_value("reject"),
	}),
	"rate": given.derived(400),
	"user_facing": given.derived(true),
	"admitted": given.stated(450),
	"bottleneck": given.derived(500),
	"bottleneck_at": "service.orders",
	"bottleneck_load": given.derived(110),
	"bottleneck_capacity": given.derived(120),
	"spare_slots": given.derived(90.5),
	"fleet_limit": given.absent,
	"most_replicas": given.stated(3),
	"rec": {"rate_limit_rps": given.derived(400), "rate_limit_fits": given.derived(true)},
}

doc(patch) := {"addr": "gateway.edge", "subject": object.union(object.remove(sound, object.keys(patch)), patch)}

limit(patch) := {"rate_limit": object.union(sound.rate_limit, patch)}

test_sound_limits_are_silent if {
	count(rate_limit_size.admits_too_much) == 0 with input as doc({})
	count(rate_limit_size.refuses_the_peak) == 0 with input as doc({})
	count(rate_limit_size.burst_exceeds_slots) == 0 with input as doc({})
	count(rate_limit_size.replicas_count_apart) == 0 with input as doc({})
}

admits(patch) := [f | some f in rate_limit_size.admits_too_much with input as doc(patch)]

much := {"admitted": given.derived(600)}

test_res_031_more_than_the_bottleneck if {
	[f] := admits(much)
	f.verdict == "violation"
	f.fix == [{"set": "rate_limit.rps", "value": given.derived(400)}]
	f.evidence == ["service.orders"]
	contains(f.say, "{load}")
}

test_res_031_more_than_itself if {
	[f] := admits(object.union(much, {"bottleneck_at": "gateway.edge"}))
	contains(f.say, "can serve {capacity} itself")
}

test_res_031_an_unknown_load_is_not_printed if {
	[f] := admits(object.union(much, {"bottleneck_load": given.unknown_number}))
	not contains(f.say, "{load}")
}

test_res_031_limits_per_replica_need_one_counter if {
	[f] := admits(object.union(much, limit({"scope": given.stated("replica")})))
	contains(f.fix[0].advise, "all replicas together")
}

test_res_031_too_little_capacity_for_the_peak if {
	[f] := admits(object.union(much, {"rec": {"rate_limit_rps": given.derived(300), "rate_limit_fits": given.derived(false)}}))
	contains(f.fix[0].advise, "Add capacity")
}

test_res_031_cost_units_are_no_requests if admits(object.union(much, limit({"unit": given.stated("cost")}))) == []

test_res_031_limits_per_client_ask if {
	[f] := admits({"admitted": given.unknown_number, "bottleneck_load": given.unknown_number})
	f.verdict == "question"
}

test_res_031_without_a_bottleneck_it_asks if {
	[f] := admits(object.union(much, {"bottleneck": given.unknown_number, "bottleneck_at": ""}))
	f.verdict == "question"
	f.evidence == []
}

peak(patch) := [f | some f in rate_limit_size.refuses_the_peak with input as doc(patch)]

busy := {"rate": given.derived(480)}

test_res_032_the_peak_is_refused if {
	[f] := peak(object.union(busy, {"rec": {"rate_limit_rps": given.derived(490), "rate_limit_fits": given.derived(true)}}))
	f.verdict == "violation"
	f.fix == [{"set": "rate_limit.rps", "value": given.derived(490)}]
}

test_res_032_without_capacity_there_is_advice if {
	[f] := peak(object.union(busy, {"rec": {"rate_limit_rps": given.absent, "rate_limit_fits": given.derived(true)}}))
	f.fix[0].advise
}

test_res_032_waiting_requests_are_silent if peak(object.union(busy, limit({"on_limit": given.stated("queue")}))) == []

test_res_032_one_clients_share_is_silent if peak(object.union(busy, limit({"per": given.stated("client")}))) == []

test_res_032_an_unknown_peak_asks if {
	[f] := peak({"rate": given.unknown_number})
	f.verdict == "question"
}

burst(patch) := [f | some f in rate_limit_size.burst_exceeds_slots with input as doc(patch)]

test_res_033_a_burst_meets_too_few_slots if {
	[f] := burst(limit({"burst": given.stated(1000)}))
	f.verdict == "violation"
	f.fix == [{"set": "rate_limit.burst", "value": 90}]
}

test_res_033_the_default_burst_is_not_judged if burst(limit({"burst": given.default_value(1000)})) == []

test_res_033_no_free_slots_leave_advice if {
	[f] := burst(object.union(limit({"burst": given.stated(1000)}), {"spare_slots": given.derived(0)}))
	f.fix == []
	f.alternatives[0][0].advise
}

test_res_033_unknown_slots_ask if {
	[f] := burst(object.union(limit({"burst": given.stated(1000)}), {"spare_slots": given.unknown_number}))
	f.verdict == "question"
}

apart(patch) := [f | some f in rate_limit_size.replicas_count_apart with input as doc(patch)]

each(per) := object.union(limit({"scope": given.stated("replica"), "per": given.stated(per)}), {"fleet_limit": given.derived(1350)})

test_res_036_three_replicas_count_for_themselves if {
	[f] := apart(each("tenant"))
	f.verdict == "violation"
	f.fix == [{"set": "rate_limit.scope", "value": "global"}]
}

test_res_036_one_limit_for_all_is_silent if apart(each("global")) == []

test_res_036_one_replica_is_silent if apart(object.union(each("client"), {"most_replicas": given.stated(1)})) == []

test_res_036_unknown_replicas_ask if {
	[f] := apart(object.union(each("client"), {"most_replicas": object.union(given.unknown_number, {"lo": 1})}))
	f.verdict == "question"
}
