package archcheck.rules.mesh.service_mesh_test

import data.archcheck.given
import data.archcheck.rules.mesh.service_mesh

system := {
	"addr": "system.s",
	"subject": {
		"services": given.derived(25), "worker_calls": given.derived(20), "meshes": given.derived(0),
		"network_concerns": given.derived(2), "languages": ["go", "java", "rust"], "tagged_data_without_mtls": [],
		"calls_without_guard": ["service.a.call.b"], "canary_without_router": [], "calls_without_guard_share": given.derived(0.3),
	},
	"system": {"platform": given.unknown, "params": {"mesh_worth": 10, "mesh_heavy": 5}},
}

unmeshed(patch) := {[f.verdict, f.severity, f.facts.details] | some f in service_mesh.no_mesh with input as given.patched(system, patch)}

test_dsc_020_fires if {
	unmeshed({}) == {["violation", "low", ": 3 languages, 1 of the calls without timeout or breaker"]}
}

test_dsc_020_three_concerns_are_medium if {
	some f in unmeshed({"subject": {"network_concerns": given.derived(3), "languages": [], "calls_without_guard": []}})
	f == ["violation", "medium", ""]
}

test_dsc_020_small_meshed_or_serverless_is_silent if {
	unmeshed({"subject": {"services": given.derived(9)}}) == set()
	unmeshed({"subject": {"worker_calls": given.derived(19)}}) == set()
	unmeshed({"subject": {"meshes": given.derived(1)}}) == set()
	unmeshed({"subject": {"network_concerns": given.derived(1)}}) == set()
	unmeshed({"system": {"platform": given.stated("serverless")}}) == set()
}

mesh := {
	"addr": "mesh.m",
	"subject": {
		"mtls": given.default_value("permissive"), "mode": given.default_value("sidecar"), "data": ["pii"],
		"data_members": ["service.a"], "teams": [], "services": given.derived(3), "proxies": given.derived(6),
		"control_plane_replicas": given.stated(1), "control_plane": given.control({"replicas": given.stated(1)}),
		"member_count": given.derived(2), "calls_without_limit": ["service.a.call.b"], "policy_timeout": given.absent,
	},
	"system": {"params": {"mesh_worth": 10, "mesh_heavy": 5}},
}

doc(patch) := given.patched(mesh, {"subject": patch})

strict := {"mtls": given.stated("strict")}

plain(patch) := {f.verdict | some f in service_mesh.permissive_mtls with input as doc(patch)}

test_dsc_021_fires_by_default if plain({}) == {"violation"}

test_dsc_021_strict_or_nothing_sensitive_is_silent if {
	plain(strict) == set()
	plain({"data": []}) == set()
	plain({"data": ["public"]}) == set()
}

heavy(patch) := {f.verdict | some f in service_mesh.mesh_for_few with input as doc(patch)}

test_dsc_024_fires if heavy({}) == {"violation"}

test_dsc_024_without_copies_says_no_number if {
	some f in service_mesh.mesh_for_few with input as doc({"proxies": given.unknown_number})
	not contains(f.say, "{proxies}")
}

test_dsc_024_large_strict_ambient_or_shared_is_silent if {
	heavy({"services": given.derived(5)}) == set()
	heavy(strict) == set()
	heavy({"mode": given.stated("ambient")}) == set()
	heavy({"teams": ["x", "y"]}) == set()
}

plane(patch) := {f.verdict | some f in service_mesh.single_control_plane with input as doc(patch)}

test_dsc_025_fires if plane({}) == {"violation"}

test_dsc_025_two_or_unstated_is_silent if {
	plane({"control_plane_replicas": given.stated(2)}) == set()
	plane({"control_plane_replicas": given.absent}) == set()
	plane({"control_plane_replicas": given.unknown_number}) == set()
}

unlimited(patch) := {f.verdict | some f in service_mesh.mesh_without_policy with input as doc(patch)}

test_dsc_026_fires if unlimited({}) == {"violation"}

test_dsc_026_a_policy_or_limits_are_silent if {
	unlimited({"policy_timeout": given.stated(1000)}) == set()
	unlimited({"calls_without_limit": []}) == set()
}

test_dsc_026_asks if unlimited({"policy_timeout": given.unknown_number}) == {"question"}

call := {
	"addr": "service.erp.call.stock",
	"subject": {
		"crosses_mesh": given.derived("to"), "callee_mesh_mtls": given.stated("strict"), "claimed_from_mesh": [], "claimed_policy": "",
		"timeout": given.inherited(2000),
	},
	"from": {"addr": "service.erp", "type": "service", "meshes": []},
	"to": {"addr": "service.stock", "type": "service", "meshes": ["mesh.m"]},
}

refused(patch) := {f.severity | some f in service_mesh.outside_the_mesh with input as given.patched(call, patch)}

test_dsc_023_fires if refused({}) == {"high"}

claimed(words) := {"claimed_from_mesh": words, "claimed_policy": "policy.mesh"}

permissive := {"callee_mesh_mtls": given.stated("permissive")}

test_dsc_023_limits_of_the_mesh_are_claimed_outside if {
	refused({"subject": object.union(permissive, claimed(["timeout"]))}) == {"medium"}
	refused({"subject": claimed(["timeout"])}) == {"high"}
}

test_dsc_023_says_what_is_not_enforced if {
	hang := given.patched(call, {"subject": object.union(permissive, claimed(["timeout"]))})
	some one in service_mesh.outside_the_mesh with input as hang
	startswith(one.say, "A hang")
	failing := given.patched(call, {"subject": object.union(permissive, claimed(["circuit_breaker"]))})
	some two in service_mesh.outside_the_mesh with input as failing
	contains(two.say, "goes on calling")
	two.facts.limits == ["circuit breaker"]
}

test_dsc_023_members_gateways_and_permissive_are_silent if {
	refused({"subject": {"crosses_mesh": given.absent}}) == set()
	refused({"subject": {"crosses_mesh": given.derived("from")}}) == set()
	refused({"subject": {"callee_mesh_mtls": given.stated("permissive")}}) == set()
	refused({"from": {"type": "gateway"}}) == set()
}
