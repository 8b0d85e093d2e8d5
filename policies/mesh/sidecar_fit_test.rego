package archcheck.rules.mesh.sidecar_fit_test

import data.archcheck.given
import data.archcheck.rules.mesh.sidecar_fit as rules

otel := {
	"addr": "service.a.sidecar.otel", "purpose": given.stated("telemetry"), "cpu": given.stated(0.05), "memory": given.stated(67108864),
	"starts_first": given.absent, "replicas": given.absent, "store": given.absent,
}

envoy := given.lay(otel, {"addr": "service.a.sidecar.envoy", "purpose": given.stated("proxy"), "starts_first": given.stated(true)})

a := {"addr": "service.a", "subject": {
	"containers": [otel], "proxied_by": [], "opaque": given.default_value(false), "replicas": given.stated(4),
	"system_sidecar_copies": given.derived(20), "system_services": given.derived(2), "system_language": given.derived("go"),
	"sidecar_cpu_share": given.derived(0.1), "sidecar_memory_share": given.derived(0.1),
	"sidecar_cpu_total": given.derived(0.2), "sidecar_memory_total": given.derived(268435456),
}}

doc(patch) := given.patched(a, {"subject": patch})

unbounded(cs) := {f | some f in rules.unbounded_sidecar with input as doc({"containers": cs})}

test_dsc_011_bounded_is_silent if unbounded([otel, envoy]) == set()

test_dsc_011_no_memory_fires if {
	some f in unbounded([given.lay(otel, {"memory": given.absent})])
	f.severity == "medium"
	f.fix == [{"at": "service.a.sidecar.otel", "set": "memory", "value": "64MiB"}]
}

test_dsc_011_no_cpu_alone_is_low if {
	some f in unbounded([given.lay(otel, {"cpu": given.none})])
	f.severity == "low"
	f.fix[0].set == "cpu"
}

test_dsc_011_a_proxy_that_may_start_late_fires if {
	some none in unbounded([given.lay(envoy, {"starts_first": given.absent})])
	some no in unbounded([given.lay(envoy, {"starts_first": given.stated(false)})])
	none.severity == "medium"
	no.fix == [{"at": "service.a.sidecar.envoy", "set": "starts_first", "value": true}]
}

test_dsc_011_asks_nobody if unbounded([given.lay(otel, {"memory": given.unknown_number, "cpu": given.unknown_number})]) == set()

test_dsc_011_a_second_proxy_has_no_limits_to_set if {
	beside_a_mesh := doc({"containers": [given.lay(envoy, {"memory": given.absent})], "proxied_by": ["mesh.m"]})
	found := rules.unbounded_sidecar with input as beside_a_mesh
	found == set()
}

dwarfed(patch) := {[f.verdict, f.say] | some f in rules.dwarfing_sidecar with input as doc(patch)}

test_dsc_012_small_is_silent if dwarfed({}) == set()

test_dsc_012_half_of_the_memory_fires if {
	some found in dwarfed({"sidecar_memory_share": given.derived(0.5)})
	found[0] == "violation"
	startswith(found[1], "{memory}")
}

test_dsc_012_half_of_the_cpu_fires if {
	some found in dwarfed({"sidecar_cpu_share": given.derived(0.6)})
	startswith(found[1], "{cpu}")
}

test_dsc_012_one_without_limit_takes_more if {
	some found in dwarfed({"sidecar_cpu_share": {"state": "unknown", "lo": 0.6}})
	contains(found[1], "at least half")
}

test_dsc_012_few_copies_are_silent if dwarfed({"sidecar_memory_share": given.derived(0.9), "system_sidecar_copies": given.derived(19)}) == set()

test_dsc_012_asks_nobody if dwarfed({"sidecar_memory_share": given.unknown_number, "sidecar_cpu_share": given.unknown_number}) == set()

logger := given.lay(otel, {"addr": "service.a.sidecar.log", "purpose": given.stated("logging")})

spare(patch) := {f.verdict | some f in rules.library_enough with input as doc(object.union({"containers": [logger]}, patch))}

test_dsc_014_fires if {
	spare({}) == {"violation"}
	spare({"sidecar_memory_total": given.unknown_number}) == {"violation"}
}

test_dsc_014_needs_few_services_in_one_language if {
	spare({"system_services": given.derived(4)}) == set()
	spare({"system_language": given.absent}) == set()
	spare({"containers": [otel]}) == set()
	spare({"opaque": given.stated(true)}) == set()
}

apart(cs) := {f.say | some f in rules.independent_sidecar with input as doc({"containers": cs})}

test_dsc_015_copies_of_its_own_fire if {
	some text in apart([given.lay(otel, {"replicas": given.stated(3)})])
	startswith(text, "The copies that")
}

test_dsc_015_state_of_its_own_fires if {
	some text in apart([given.lay(otel, {"store": given.stated("datastore.d")})])
	contains(text, "{stores}")
}

test_dsc_015_a_cache_and_an_ordinary_one_are_silent if {
	apart([otel]) == set()
	apart([given.lay(otel, {"purpose": given.stated("cache"), "replicas": given.stated(3)})]) == set()
}

doubled(patch) := {f.evidence | some f in rules.two_proxies with input as doc(object.union({"containers": [otel, envoy], "proxied_by": ["mesh.m"]}, patch))}

test_dsc_016_fires if doubled({}) == {["service.a.sidecar.envoy", "mesh.m"]}

test_dsc_016_one_proxy_is_silent if {
	doubled({"proxied_by": []}) == set()
	doubled({"containers": [otel]}) == set()
}

test_dsc_011_a_proxy_takes_more_than_a_collector if {
	some f in unbounded([given.lay(envoy, {"cpu": given.absent, "memory": given.absent})])
	values := {op.value | some op in f.fix}
	values == {"200m", "128MiB"}
}
