package archcheck.rules.resilience.retry_test

import data.archcheck.given
import data.archcheck.rules.resilience.retry

owed(p) := {f.verdict | some f in retry.no_retry with input as given.patched(given.patched(given.call, {"subject": {"rec": rec}}), p)}

rec := given.with_facts(given.call.subject.rec, {"attempts": given.derived(2)})

test_res_011_external_fires if owed({}) == {"violation"}

test_res_011_without_a_budget_says_less if {
	i := given.patched(given.call, {"subject": {"rec": rec, "budget": given.absent}})
	[f.say | some f in retry.no_retry with input as i] == ["A single lost packet on the way to {to} is an error that a user sees. A second attempt would hide it."]
}

test_res_011_silent if {
	owed({"subject": {"rec": given.call.subject.rec}}) == set() # no time for a second attempt
	owed({"to": {"type": "service"}}) == set()
	owed({"subject": {"retry_elsewhere": given.derived(true)}}) == set()
	owed({"subject": {"any_retry": given.derived(true)}}) == set()
	owed({"subject": {"user_facing": given.derived(false)}}) == set()
	owed({"subject": {"hard": given.derived(false)}}) == set()
	owed({"to": {"availability": given.stated(0.9999)}}) == set()
}

test_res_011_another_region_fires if {
	owed({"to": {"type": "service"}, "subject": {"cross_region": given.derived(true)}}) == {"violation"}
}

test_res_011_none_does_not_suppress if owed({"subject": {"retry": given.none}}) == {"violation"}

test_res_011_unknown_retry_asks if owed({"subject": {"retry": given.unknown}}) == {"question"}

# A write that the caller tries twice, of which nobody says that it may be repeated.
twice := {
	"retry": given.retry,
	"attempts": given.derived(3),
	"app_attempts": given.derived(3),
	"attempts_by_layer": [{"at": "application", "attempts": 3, "classes": ["connect", "5xx", "timeout"], "from": ""}],
	"idempotent": given.stated(false),
}

repeated(subject, to) := {[f.verdict, f.severity] |
	patch := {"subject": given.with_facts(twice, subject), "to": to}
	some f in retry.repeated_write with input as given.patched(given.call, patch)
}

test_res_012_severity if {
	repeated({}, {}) == {["violation", "high"]}
	repeated({"financial": given.derived(true)}, {}) == {["violation", "critical"]}
	repeated({}, {"transaction_step": given.derived(true)}) == {["violation", "critical"]}
	repeated({"idempotent": given.absent, "financial": given.derived(true)}, {}) == {["violation", "high"]}
}

test_res_012_silent if {
	repeated({"idempotent": given.stated(true)}, {}) == set()
	repeated({"access": given.derived("read")}, {}) == set()
	repeated({"attempts": given.derived(1)}, {}) == set()
	repeated({"connect_only": given.derived(true)}, {}) == set()
}

test_res_012_asks if {
	repeated({"idempotent": given.unknown}, {}) == {["question", "high"]}
	repeated({"access": given.unknown}, {}) == {["question", "high"]}
	repeated({"attempts": object.union(given.unknown_number, {"lo": 1})}, {}) == {["question", "high"]}
}

message(subject) := concat("", [f.say |
	patch := {"subject": given.with_facts(twice, subject)}
	some f in retry.repeated_write with input as given.patched(given.call, patch)
])

test_res_012_message_knows_what_is_known if {
	contains(message({}), "does not recognise")
	contains(message({}), "takes over {limit}")
	contains(message({}), "At {rate}")
	contains(message({"idempotent": given.absent}), "Nobody states")
	contains(message({"limit": given.absent}), "when the first fails")
	not contains(message({"rate": given.unknown_number}), "{rate}")
}

# The fix ends the retries of every layer that repeats what was sent.
test_res_012_fix_reaches_the_mesh if {
	mesh := {"at": "mesh", "attempts": 3, "classes": ["connect", "5xx"], "from": "policy.mesh"}
	i := given.patched(given.call, {"subject": given.with_facts(twice, {"attempts_by_layer": [mesh]})})
	[[f.fix, f.facts.repeated_by] | some f in retry.repeated_write with input as i] == [[
		[{"at": "policy.mesh", "set": "retry.on", "value": ["connect-failure"]}],
		{"the mesh"},
	]]
}

many(p) := {[f.verdict, object.get(f, "severity", "")] | some f in retry.too_many_attempts with input as given.patched(given.call, p)}

test_res_013 if {
	many({"subject": {"retry": given.retry, "app_attempts": given.derived(10)}}) == {["violation", ""]}
	many({"subject": {"retry": given.retry, "app_attempts": given.derived(10), "worst_case": given.absent}}) == {["violation", ""]}
	many({"subject": {"retry": given.retry, "app_attempts": given.derived(3)}}) == set()
	many({"subject": {"app_attempts": given.derived(10), "user_facing": given.derived(false)}}) == set()
	many({"subject": {"app_attempts": given.derived(10), "only_consumes": given.derived(true)}}) == set()
	many({"subject": {"app_attempts": object.union(given.unknown_number, {"lo": 1})}}) == {["question", ""]}
}

test_res_013_mesh if {
	layer := {"at": "mesh", "attempts": 6, "classes": ["connect"], "from": "policy.mesh"}
	i := given.patched(given.call, {"subject": {"mesh_attempts": given.derived(6), "attempts_by_layer": [layer]}})
	[f.fix | some f in retry.too_many_attempts with input as i] == [[{"at": "policy.mesh", "set": "retry.max_attempts", "value": 3}]]
}

test_res_013_unlimited if {
	endless := {"retry": given.retry, "unlimited_attempts": given.derived(true)}
	many({"subject": endless}) == {["violation", "high"]}
	temporal := {"orchestrates": given.derived(["temporal"])}
	many({"subject": endless, "from": temporal}) == {["violation", "high"]}
	many({"subject": object.union(endless, {"deadline": given.stated(60000)}), "from": temporal}) == set()
}
