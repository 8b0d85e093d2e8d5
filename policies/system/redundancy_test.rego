package archcheck.rules.system.redundancy_test

import data.archcheck.given
import data.archcheck.rules.system.redundancy

node(patch) := {
	"addr": "service.catalog",
	"subject": given.lay(
		{
			"type": "service",
			"user_facing": given.derived(true),
			"availability_stated": given.derived(false),
			"single_copy": given.derived(true),
			"blast": given.derived(0.8),
			"traffic_known": given.derived(true),
			"journeys_lost": given.derived(2),
			"journeys_all": given.derived(4),
			"outage": {"expected": given.absent, "allowed": given.absent, "redundant": given.absent, "window": given.absent},
			"replicas": given.stated(1),
			"zones": given.unknown_number,
			"journeys": ["journey.web.api/browse"],
			"hard_callers": given.derived(11),
			"cached_callers": given.derived(0),
			"utilisation_zone_loss": given.derived(0.5),
		},
		patch,
	),
	"system": {"addr": "system.shop", "params": {"spof_blast": 0.25}},
}

spof(patch) := {[f.verdict, f.severity] | some f in redundancy.single_point with input as node(patch)}

test_single_copy_of_most_traffic_is_critical if spof({}) == {["violation", "critical"]}

test_single_copy_of_some_traffic_is_high if spof({"blast": given.derived(0.3)}) == {["violation", "high"]}

test_copies_in_one_zone_are_lost_together if {
	[f] := [f | some f in redundancy.single_point with input as node({"replicas": given.stated(3), "zones": given.stated(1)})]
	f.severity == "high"
	contains(f.say, "stand in one zone")
	[op.set | some op in f.fix] == ["scale.zones"] # three copies stay three
}

says(patch) := f.say if some f in redundancy.single_point with input as node(patch)

promise(expected) := {"outage": {
	"expected": given.derived(expected), "allowed": given.derived(216),
	"redundant": given.derived(31.3), "window": given.default_value(2592000000),
}}

test_what_scales_by_itself_gets_a_higher_lower_end if {
	some f in redundancy.single_point with input as node({"replicas": given.between(1, 1, 10)})
	contains(f.say, "at little load it runs once")
	f.fix[0].set == "scale.min"
}

test_a_broken_promise_is_said if contains(says(promise(241.8)), "the objective allows {allowed}; with two copies")

test_a_kept_promise_is_not if {
	not contains(says(promise(100)), "allows")
	not contains(says({}), "allows")
}

test_what_unknown_fallbacks_decide_is_asked if {
	spof({"blast": maybe(0, 1)}) == {["question", "critical"]}
	spof({"blast": maybe(0, 0.3)}) == {["question", "high"]}
	spof({"blast": maybe(0.1, 0.2)}) == set()
}

test_what_is_certain_is_said if {
	spof({"blast": maybe(0.3, 1)}) == {["violation", "high"]}
	spof({"blast": maybe(0.5, 1)}) == {["violation", "critical"]}
	contains(says({"blast": maybe(0.5, 1)}), "fails {blast} of the traffic")
}

maybe(lo, hi) := object.union(given.unknown_number, {"lo": lo, "hi": hi})

unrated := {"traffic_known": given.derived(false)}

test_without_rates_journeys_are_counted if {
	spof(object.union(unrated, {"blast": given.derived(0.5)})) == {["violation", "high"]}
	contains(says(object.union(unrated, {"blast": given.derived(0.5)})), "fails {lost} of {all} journeys")
	spof(object.union(unrated, {"blast": given.derived(1)})) == {["violation", "critical"]}
	contains(says(object.union(unrated, {"blast": given.derived(1)})), "fails all traffic")
}

test_little_traffic_is_silent if spof({"blast": given.derived(0.1)}) == set()

test_stated_availability_is_the_owners_business if spof({"availability_stated": given.derived(true)}) == set()

test_unstated_replicas_ask if spof({"single_copy": given.unknown}) == {["question", "critical"]}

test_unstated_replicas_of_little_traffic_do_not if spof({"single_copy": given.unknown, "blast": given.derived(0.1)}) == set()

test_a_vendors_answer_is_enough if spof({"single_copy": given.unknown, "availability_stated": given.derived(true)}) == set()

test_nobody_waits_is_silent if spof({"user_facing": given.derived(false)}) == set()

test_two_copies_are_silent if spof({"single_copy": given.derived(false)}) == set()

test_the_fix_is_where_the_scale_comes_from if {
	some f in redundancy.single_point with input as node({"replicas": object.union(given.inherited(1), {"from": "system.shop"})})
	f.fix[0].at == "system.shop"
}

test_all_traffic_is_said_so if {
	some f in redundancy.single_point with input as node({"blast": given.derived(1)})
	contains(f.say, "all traffic")
}

set_of(patch) := {f.verdict |
	some f in redundancy.falls_together with input as {"addr": "server.one", "subject": given.lay(
		{
			"of": given.derived("server"),
			"user_facing": given.derived(true),
			"together": given.derived(true),
			"count": given.derived(3),
			"blast": given.derived(0.9),
			"worst_alone": given.derived(0.5),
			"single_part": given.derived(false),
			"redundant": given.derived(false),
			"traffic_known": given.derived(true),
			"journeys_lost": given.derived(2),
			"journeys_all": given.derived(4),
			"members": [{"addr": "datastore.a"}, {"addr": "datastore.b"}],
		},
		patch,
	)}
}

test_one_server_under_all_databases if set_of({}) == {"violation"}

test_without_rates_a_set_counts_journeys if {
	some f in redundancy.falls_together with input as {"addr": "server.one", "subject": {
		"of": given.derived("server"), "user_facing": given.derived(true), "together": given.derived(true),
		"count": given.derived(3), "blast": given.derived(0.5), "worst_alone": given.derived(0.25),
		"single_part": given.derived(false), "redundant": given.derived(false), "members": [],
		"traffic_known": given.derived(false), "journeys_lost": given.derived(2), "journeys_all": given.derived(4),
	}}
	contains(f.say, "{lost} of {all} journeys")
}

test_a_zone_is_assumed_to_be_shared if set_of({"together": given.guess(true)}) == {"risk"}

test_a_member_that_is_a_single_point_speaks_for_itself if set_of({"single_part": given.derived(true)}) == set()

test_a_set_that_takes_no_more_than_its_worst_member if set_of({"worst_alone": given.derived(0.9)}) == set()

test_redundant_members_are_silent if set_of({"redundant": given.derived(true)}) == set()

hub(patch) := {f.verdict | some f in redundancy.hub with input as node(patch)}

test_hub_of_most_traffic if hub({}) == {"violation"}

test_hub_of_little_traffic_may_be_full if {
	hub({"blast": given.derived(0.2), "utilisation_zone_loss": given.unknown_number}) == {"question"}
}

test_few_callers_are_no_hub if hub({"hard_callers": given.derived(3)}) == set()

test_callers_with_a_cache_do_without if hub({"cached_callers": given.derived(2)}) == set()

test_room_and_little_traffic_is_silent if hub({"blast": given.derived(0.2)}) == set()
