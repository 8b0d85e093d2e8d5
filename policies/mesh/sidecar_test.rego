package archcheck.rules.mesh.sidecar_test

import data.archcheck.given
import data.archcheck.rules.mesh.sidecar

system := {
	"addr": "system.s",
	"subject": {
		"languages": ["go", "java", "rust"], "services": given.derived(6), "sidecars": given.derived(0),
		"cross_cutting_needs": ["trace context"],
	},
}

plumbing(patch) := {f.verdict | some f in sidecar.many_languages with input as given.patched(system, {"subject": patch})}

test_dsc_010_fires if plumbing({}) == {"violation"}

test_dsc_010_needs_languages_services_and_a_need if {
	plumbing({"languages": ["go", "java"]}) == set()
	plumbing({"services": given.derived(5)}) == set()
	plumbing({"cross_cutting_needs": []}) == set()
	plumbing({"sidecars": given.derived(1)}) == set()
}

call := {
	"addr": "service.a.call.b",
	"subject": {"proxy_share": given.derived(0.6), "budget": given.derived(10)},
	"from": {"addr": "service.a"},
	"to": {"addr": "service.b"},
}

slow(patch) := {f.verdict | some f in sidecar.proxies_on_fast_call with input as given.patched(call, {"subject": patch})}

test_dsc_013_fires if {
	slow({}) == {"violation"}
	slow({"proxy_share": given.stated(0.2)}) == {"violation"}
}

test_dsc_013_an_assumed_share_is_a_risk if slow({"proxy_share": given.assumed(0.05, 0.3, 1)}) == {"risk"}

test_dsc_013_room_is_silent if slow({"proxy_share": given.derived(0.19)}) == set()

test_dsc_013_no_budget_and_no_mesh_are_silent if {
	slow({"budget": given.derived(0)}) == set()
	slow({"budget": given.unknown_number}) == set()
	slow({"proxy_share": given.absent}) == set()
}
