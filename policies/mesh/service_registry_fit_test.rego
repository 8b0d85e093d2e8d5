package archcheck.rules.mesh.service_registry_fit_test

import data.archcheck.given
import data.archcheck.rules.mesh.service_registry_fit

yes := given.derived(true)

no := given.derived(false)

call := {
	"addr": "service.a.call.b",
	"subject": {"discovery": given.stated("static"), "shared_mesh": no, "callee_strategy": given.absent},
	"from": {"addr": "service.a", "type": "service"},
	"to": {"addr": "service.b", "type": "service", "replicas": given.stated(2), "max_replicas": given.stated(6)},
	"system": {"platform": given.stated("vm")},
}

pinned(patch) := {[f.verdict, f.severity] | some f in service_registry_fit.static_address with input as given.patched(call, patch)}

one_machine := {"to": {"max_replicas": given.absent}}

test_dsc_001_fires if pinned({}) == {["violation", "medium"]}

test_dsc_001_one_machine_is_low if pinned(one_machine) == {["violation", "low"]}

test_dsc_001_replaced_is_medium if {
	pinned({"to": {"max_replicas": given.absent}, "subject": {"callee_strategy": given.stated("canary")}}) == {["violation", "medium"]}
	pinned({"to": {"max_replicas": given.absent}, "system": {"platform": given.stated("kubernetes")}}) == {["violation", "medium"]}
}

test_dsc_001_by_name_in_a_mesh_or_from_a_client_is_silent if {
	pinned({"subject": {"discovery": given.stated("dns")}}) == set()
	pinned({"subject": {"shared_mesh": yes}}) == set()
	pinned({"from": {"type": "client"}}) == set()
}

test_dsc_001_asks_only_where_the_callee_moves if {
	pinned({"subject": {"discovery": given.unknown}}) == {["question", "medium"]}
	pinned({"to": {"max_replicas": given.absent}, "subject": {"discovery": given.unknown}}) == set()
	pinned({"subject": {"discovery": given.unknown}, "system": {"platform": given.stated("kubernetes")}}) == set()
}

registry := {
	"addr": "registry.names",
	"subject": {
		"user_count": given.derived(2), "users": [{"addr": "service.a"}, {"addr": "service.b"}], "legacy_user": no,
		"other_region": no, "replicas": given.stated(3), "services": given.derived(3), "autoscaled": no,
	},
	"system": {"platform": given.stated("kubernetes")},
}

second(patch) := {f.verdict | some f in service_registry_fit.second_registry with input as given.patched(registry, patch)}

test_dsc_005_fires if second({}) == {"violation"}

test_dsc_005_hybrid_is_silent if {
	second({"subject": {"legacy_user": yes}}) == set()
	second({"subject": {"other_region": yes}}) == set()
}

test_dsc_005_no_or_unknown_platform_is_silent if {
	second({"system": {"platform": given.stated("vm")}}) == set()
	second({"system": {"platform": given.unknown}}) == set()
}

test_dsc_005_unused_is_silent if second({"subject": {"user_count": given.derived(0)}}) == set()

few(patch) := {f.verdict | some f in service_registry_fit.registry_for_few with input as given.patched(registry, {"subject": patch})}

test_dsc_006_fires if few({}) == {"risk"}

test_dsc_006_more_or_scaled_or_legacy_is_silent if {
	few({"services": given.derived(4)}) == set()
	few({"autoscaled": yes}) == set()
	few({"legacy_user": yes}) == set()
	few({"user_count": given.derived(0)}) == set()
}
