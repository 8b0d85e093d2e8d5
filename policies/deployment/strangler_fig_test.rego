package archcheck.rules.deployment.strangler_fig_test

import data.archcheck.given
import data.archcheck.rules.deployment.strangler_fig as rules

m := {"subject": {
	"legacy": given.stated("service.old"), "facade": given.absent, "strategy": given.default_value("strangler"), "done": given.derived(false),
	"bypass": [], "facade_misses": [], "finish": given.absent, "past_finish": given.absent, "progress": given.derived(0.25),
	"days_left": given.absent, "blast": given.derived(1), "user_facing": given.derived(true), "route_count": given.derived(1),
	"legacy_rate": given.derived(50),
}}

doc(patch) := given.patched(m, {"subject": patch})

bang(patch) := {[f.verdict, f.severity] | some f in rules.big_bang with input as doc(object.union({"strategy": given.stated("big_bang")}, patch))}

test_dep_040_core_is_high if bang({}) == {["violation", "high"]}

test_dep_040_no_user_waits if bang({"user_facing": given.derived(false)}) == {["violation", "medium"]}

test_dep_040_no_traffic_is_medium if bang({"blast": given.derived(0)}) == {["violation", "medium"]}

test_dep_040_small_is_silent if bang({"legacy_rate": given.derived(0.5)}) == set()

test_dep_040_strangler_is_silent if bang({"strategy": given.stated("strangler")}) == set()

around(patch) := {f.say | some f in rules.facade_bypassed with input as doc(patch)}

way(from) := {"call": concat("", [from, ".call.old"]), "from": from, "new_side": given.derived(false), "scheduled": given.derived(false)}

behind := {"facade": given.stated("gateway.edge")}

test_dep_041_no_facade_fires if around({}) == {"Traffic cannot be moved away from {legacy} piece by piece: no facade stands before it."}

test_dep_041_all_through_it if around(behind) == set()

test_dep_041_one_goes_around if {
	some text in around(object.union(behind, {"bypass": [way("client.web")]}))
	contains(text, "{callers} sends")
}

test_dep_041_two_go_around if {
	some text in around(object.union(behind, {"bypass": [way("client.web"), way("client.app")]}))
	contains(text, "{callers} send ")
}

test_dep_041_misses_a_side if {
	some text in around(object.union(behind, {"facade_misses": ["service.old"]}))
	contains(text, "{missed}")
}

test_dep_041_new_side_and_jobs_may if {
	ways := [given.lay(way("service.new"), {"new_side": given.derived(true)}), given.lay(way("client.cron"), {"scheduled": given.derived(true)})]
	around(object.union(behind, {"bypass": ways})) == set()
}

test_dep_041_done_is_silent if around({"done": given.derived(true)}) == set()

endless(patch) := {f.say | some f in rules.endless_migration with input as doc(patch)}

test_dep_045_no_end_fires if count(endless({})) == 1

test_dep_045_done_is_silent if endless({"done": given.derived(true)}) == set()

ends(days) := {"finish": given.stated("2027-06-30"), "past_finish": given.derived(days < 0), "days_left": given.derived(days)}

test_dep_045_dated_is_silent if endless(ends(200)) == set()

test_dep_045_past_fires if endless(ends(-3)) == {"{legacy} should have been gone by {finish}; both systems still have to be run."}

test_dep_045_late_fires if {
	some text in endless(ends(80))
	startswith(text, "{legacy} will hardly")
}
