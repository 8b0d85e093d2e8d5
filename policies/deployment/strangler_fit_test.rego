package archcheck.rules.deployment.strangler_fit_test

import data.archcheck.given
import data.archcheck.rules.deployment.strangler_fig
import data.archcheck.rules.deployment.strangler_fit as rules

call := {
	"addr": "service.new.call.old",
	"from": {"addr": "service.new"},
	"to": {"addr": "service.old"},
	"subject": {"migration": given.derived("migration.m"), "new_side": given.derived(true), "anti_corruption": given.absent},
}

leaks(patch) := {f.verdict | some f in rules.leaking_model with input as given.patched(call, {"subject": patch})}

test_dep_044_fires if leaks({}) == {"violation"}

test_dep_044_a_layer_another_caller_and_another_callee_are_silent if {
	leaks({"anti_corruption": given.stated("service.adapter")}) == set()
	leaks({"new_side": given.derived(false)}) == set()
	leaks({"migration": given.absent}) == set()
}

test_dep_044_asks if leaks({"anti_corruption": given.unknown}) == {"question"}

m := {"addr": "migration.m", "subject": {
	"legacy": given.stated("service.old"), "strategy": given.default_value("strangler"), "done": given.derived(false),
	"interceptable": given.unknown, "route_count": given.derived(1), "legacy_rate": given.derived(0.2), "finish": given.absent,
	"blast": given.derived(1), "user_facing": given.derived(true),
}}

doc(patch) := given.patched(m, {"subject": patch})

costs(patch) := {[f.severity, f.say] | some f in rules.pays_not with input as doc(patch)}

severities(patch) := {c[0] | some c in costs(patch)}

uninterceptable := {"interceptable": given.stated(false), "route_count": given.derived(5), "legacy_rate": given.derived(100)}

test_dep_046_hardly_any_traffic_is_low if severities({}) == {"low"}

test_dep_046_nothing_to_redirect_is_high if {
	severities(uninterceptable) == {"high"}
	some c in costs(uninterceptable)
	contains(c[1], "cannot be redirected")
}

test_dep_046_several_routes_and_a_day_are_a_plan if {
	severities(object.union(uninterceptable, {"finish": given.stated("2027-06-30")})) == set()
	severities(object.union(uninterceptable, {"finish": given.stated("2027-06-30"), "route_count": given.derived(1)})) == {"high"}
}

test_dep_046_worth_it_is_silent if {
	severities({"legacy_rate": given.derived(1)}) == set()
	severities({"route_count": given.derived(2)}) == set()
	severities({"strategy": given.stated("big_bang")}) == set()
	severities({"done": given.derived(true)}) == set()
}

test_dep_046_traffic_that_nobody_knows_is_silent if severities({"legacy_rate": given.unknown_number}) == set()

# Its advice is not the next finding.
test_dep_040_one_cutover_is_the_only_way if {
	big := doc(object.union(uninterceptable, {"strategy": given.stated("big_bang")}))
	found := strangler_fig.big_bang with input as big
	found == set()
}
