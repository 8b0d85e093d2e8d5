package archcheck.rules.deployment.feature_flags_fit_test

import data.archcheck.given
import data.archcheck.rules.deployment.feature_flags_fit as rules

flag := {"addr": "flag.can", "subject": {
	"kind": given.stated("permission"), "clients": ["client.web"], "services": [], "first_services": ["service.a"],
	"enforced": given.derived(false), "gates": given.stated("datastore.db.schema_change.drop"), "gates_kind": given.stated("breaking"),
	"gates_phase": given.stated("contract"),
}}

doc(patch) := given.patched(flag, {"subject": patch})

hidden(patch) := {f.fix[0] | some f in rules.client_permission with input as doc(patch)}

test_dep_033_fires_and_names_the_one_service if hidden({}) == {{"set": "used", "value": ["client.web", "service.a"]}}

test_dep_033_of_several_services_somebody_chooses if {
	some op in hidden({"first_services": ["service.a", "service.b"]})
	op.advise
}

test_dep_033_enforced_or_another_kind_is_silent if {
	hidden({"enforced": given.derived(true)}) == set()
	hidden({"kind": given.default_value("release")}) == set()
	hidden({"clients": []}) == set()
}

many(n) := [sprintf("flag.f%d", [i]) | some i in numbers.range(1, n)]

flags(n, expired) := {f | some f in rules.flag_explosion with input as {"addr": "service.a", "subject": {"release_flags": many(n), "expired_flags": expired}}}

test_dep_034_eleven_fire if {
	some f in flags(11, [])
	f.facts.ways == 2048
	startswith(f.fix[0].advise, "Remove the flags whose release is over")
}

test_dep_034_the_expired_ones_go_first if {
	some f in flags(14, ["flag.f1"])
	endswith(f.fix[0].advise, ": f1.")
}

test_dep_034_ten_are_silent if flags(10, []) == set()

back(patch) := {f.verdict | some f in rules.no_way_off with input as doc(patch)}

test_dep_035_fires if {
	back({}) == {"violation"}
	some f in rules.no_way_off with input as flag
	f.facts.store == "db"
	f.fix[0].at == "datastore.db.schema_change.drop"
}

test_dep_035_additive_expand_or_nothing_gated_is_silent if {
	back({"gates_kind": given.stated("additive")}) == set()
	back({"gates_phase": given.stated("expand")}) == set()
	back({"gates": given.absent}) == set()
}

test_dep_035_asks if back({"gates_phase": given.unknown}) == {"question"}
