package archcheck.rules.deployment.schema_change_test

import data.archcheck.given
import data.archcheck.rules.deployment.schema_change as rules

change := {
	"addr": "datastore.db.schema_change.rename",
	"subject": {
		"kind": given.stated("breaking"), "phase": given.stated("migrate"), "with_release": given.stated(true), "store": "datastore.db",
		"versions_coexist": given.derived(true), "coexisting": ["service.a"],
		"users": [{"addr": "service.a", "versions_coexist": given.derived(true), "strategy": given.stated("rolling")}],
	},
	"system": {"zero_downtime": given.default_value(false)},
}

doc(patch) := given.patched(change, {"subject": patch})

breaks(patch) := {f.verdict | some f in rules.breaks_running_version with input as doc(patch)}

test_dep_060_rolling_rename_fires if breaks({}) == {"violation"}

test_dep_060_additive_is_silent if breaks({"kind": given.stated("additive")}) == set()

test_dep_060_expand_is_silent if breaks({"phase": given.stated("expand")}) == set()

test_dep_060_late_contract_is_silent if breaks({"phase": given.stated("contract"), "with_release": given.stated(false)}) == set()

test_dep_060_one_version_is_silent if breaks({"versions_coexist": given.derived(false)}) == set()

test_dep_060_unknown_release_asks if {
	users := [{"addr": "service.a", "versions_coexist": given.unknown, "strategy": given.unknown}]
	found := rules.breaks_running_version with input as doc({"versions_coexist": given.unknown, "users": users})
	{[f.verdict, f.facts.strategy] | some f in found} == {["question", given.unknown]}
}

test_dep_060_names_several if {
	some f in rules.breaks_running_version with input as doc({"coexisting": ["service.a", "service.b"]})
	contains(f.say, "versions of")
}

dropped(patch) := {f.verdict | some f in rules.contract_with_release with input as doc(patch)}

test_dep_061_with_the_code_fires if dropped({"phase": given.stated("contract")}) == {"violation"}

test_dep_061_later_is_silent if dropped({"phase": given.stated("contract"), "with_release": given.stated(false)}) == set()

test_dep_061_other_phase_is_silent if dropped({}) == set()

test_dep_061_one_version_is_silent if dropped({"phase": given.stated("contract"), "versions_coexist": given.derived(false)}) == set()
