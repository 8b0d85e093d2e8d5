package archcheck.rules.resilience.retry_load_test

import data.archcheck.given
import data.archcheck.rules.resilience.retry

again := {"retry": given.retry, "app_attempts": given.derived(2), "retried_rate": given.derived(160)}

refused(subject, limit) := {f.verdict |
	some f in retry.retry_into_limit with input as given.patched(given.call, {"subject": given.with_facts(again, subject), "to": {"rps_limit": limit}})
}

on(words) := given.with_facts(given.retry, {"on": given.stated(words)})

test_res_016 if {
	refused({}, given.stated(100)) == {"violation"}
	refused({}, given.stated(200)) == set()
	refused({}, given.absent) == set()
	refused({"app_attempts": given.derived(1)}, given.stated(100)) == set()
	refused({"rate_limit": given.control({})}, given.stated(100)) == set()
	refused({"retry": on(["5xx"])}, given.stated(100)) == set()
	refused({"retry": on(["5xx", "429"])}, given.stated(100)) == {"violation"}
	refused({"retried_rate": given.unknown_number}, given.stated(100)) == {"question"}
}

# Three tries of the application over three of the mesh.
mesh(classes) := {"at": "mesh", "attempts": 3, "classes": classes, "from": ""}

stacked(classes, words) := {
	"retry": given.with_facts(given.retry, {"max_attempts": given.stated(3), "on": given.stated(words)}),
	"attempts": given.derived(9),
	"app_attempts": given.derived(3),
	"mesh_attempts": given.derived(3),
	"retry_layers": given.derived(2),
	"layers_disjoint": given.derived(false),
	"attempts_by_layer": [{"at": "application", "attempts": 3, "classes": words, "from": ""}, mesh(classes)],
}

layered(subject) := [f | some f in retry.two_layers with input as given.patched(given.call, {"subject": subject})]

test_res_018_mesh_repeats_what_was_not_sent if {
	[f] := layered(stacked(["connect"], ["connect", "5xx", "timeout"]))
	f.verdict == "violation"
	contains(f.say, "On an HTTP 500")
	f.fix == [{"set": "retry", "value": {"max_attempts": given.stated(3), "on": ["5xx", "timeout"]}}]
}

test_res_018_mesh_repeats_everything if {
	[f] := layered(stacked(["connect", "5xx"], ["connect", "5xx"]))
	f.fix == [{"set": "retry", "value": {"max_attempts": 1}}]
	not contains(f.say, "HTTP 500")
}

test_res_018_nothing_left_for_the_application if {
	[f] := layered(stacked(["connect"], ["unavailable"]))
	f.fix == [{"set": "retry", "value": {"max_attempts": 1}}]
}

test_res_018_silent if {
	layered({}) == []
	layered(given.with_facts(stacked(["connect"], ["5xx"]), {"layers_disjoint": given.derived(true)})) == []
}

hot := {
	"retry": given.retry,
	"app_attempts": given.derived(3),
	"rate": given.derived(2000),
	"retry_extra": given.derived(4000),
	"spare_capacity": given.derived(500),
}

bounded(subject) := [[f.verdict, contains(f.say, "no room")] |
	some f in retry.no_budget with input as given.patched(given.call, {"subject": given.with_facts(hot, subject)})
]

test_res_019 if {
	bounded({}) == [["violation", false]]
	bounded({"spare_capacity": given.derived(-100)}) == [["violation", true]]
	bounded({"spare_capacity": given.derived(5000)}) == []
	bounded({"rate": given.derived(80)}) == []
	bounded({"app_attempts": given.derived(1)}) == []
	bounded({"retry": given.with_facts(given.retry, {"budget": given.stated(0.1)})}) == []
	bounded({"retry": given.absent}) == []
	bounded({"spare_capacity": given.unknown_number}) == [["question", true]]
}
