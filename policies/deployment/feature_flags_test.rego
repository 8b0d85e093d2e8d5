package archcheck.rules.deployment.feature_flags_test

import data.archcheck.given
import data.archcheck.rules.deployment.feature_flags as rules
import data.archcheck.rules.deployment.feature_flags_route

flag := {"subject": {
	"kind": given.default_value("release"), "expires": given.absent, "expired": given.absent, "owner": given.absent, "services": ["service.a"],
	"clients": [], "provider": given.stated("external.flags"), "provider_availability": given.stated(0.999), "journeys": given.derived(2),
	"default": given.absent, "user_facing": given.derived(true),
}}

doc(patch) := given.patched(flag, {"subject": patch})

dated := {"expires": given.stated("2027-03-01"), "expired": given.derived(false), "owner": given.stated("shop")}

endless(patch) := {[f.verdict, f.severity] | some f in rules.endless with input as doc(patch)}

says(patch) := {f.say | some f in rules.endless with input as doc(patch)}

test_dep_031_no_end_fires if endless({}) == {["violation", "low"]}

test_dep_031_dated_is_silent if endless(dated) == set()

test_dep_031_expired_is_medium if endless(object.union(dated, {"expired": given.derived(true)})) == {["violation", "medium"]}

test_dep_031_ops_is_silent if endless({"kind": given.stated("ops")}) == set()

test_dep_031_unknown_end_asks if endless({"expires": given.unknown, "owner": given.stated("shop")}) == {["question", "low"]}

test_dep_031_expired_is_removed if {
	some f in rules.endless with input as doc(given.lay(dated, {"expired": given.derived(true)}))
	startswith(f.fix[0].advise, "Remove")
	contains(f.say, "{expires}")
}

test_dep_031_says_what_misses if {
	says({"owner": given.stated("shop")}) == {"{subject} stays for good: it is a {kind} flag and has no end."}
	says(given.lay(dated, {"owner": given.absent})) == {"Nobody will remove {subject}: it is a {kind} flag without an owner."}
}

needed(patch) := {f.verdict | some f in rules.no_default with input as doc(patch)}

test_dep_032_no_default_fires if needed({}) == {"violation"}

test_dep_032_default_is_silent if needed({"default": given.stated(false)}) == set()

test_dep_032_no_provider_is_silent if needed({"provider": given.absent}) == set()

test_dep_032_no_user_waits if needed({"user_facing": given.derived(false)}) == set()

test_dep_032_counts_several_journeys if {
	some one in rules.no_default with input as doc({"journeys": given.derived(1)})
	some two in rules.no_default with input as doc({})
	not contains(one.say, "{journeys}")
	contains(two.say, "{journeys}")
}

route := {
	"addr": "migration.m.route.stock",
	"subject": {
		"to": given.stated("service.new"), "flag": given.absent, "status": given.stated("canary"), "facade": given.derived(true),
		"traffic": given.derived(0),
	},
}

switch(patch) := {f.verdict | some f in feature_flags_route.no_switch with input as given.patched(route, {"subject": patch})}

test_dep_030_no_switch_fires if switch({}) == {"violation"}

test_dep_030_flag_is_silent if switch({"flag": given.stated("flag.f")}) == set()

test_dep_030_migrated_is_silent if switch({"status": given.stated("migrated")}) == set()

test_dep_030_weight_on_a_facade_is_silent if switch({"traffic": given.stated(0.25)}) == set()
