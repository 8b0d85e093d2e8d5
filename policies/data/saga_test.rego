package archcheck.rules.data.saga_test

import data.archcheck.given
import data.archcheck.rules.data.saga

replaced(base, facts) := {"subject": object.union(object.remove(base, object.keys(facts)), facts)}

store(name, service) := {"addr": name, "via": sprintf("service.a.call.%s", [service]), "service": service, "derived": given.derived(false)}

# one request of a makes b and c write
trigger := {
	"of": given.derived("trigger"),
	"service": "service.a",
	"pattern": given.absent,
	"consistency": given.absent,
	"stores": [store("datastore.b", "service.b"), store("datastore.c", "service.c")],
	"independent": given.derived(2),
	"one_unit": given.derived(true),
	"named": given.derived(false),
	"user_facing": given.derived(true),
	"financial": given.derived(false),
	"rate": given.derived(80),
	"broken_per_day": given.derived(13817),
	"first": "datastore.b",
	"rest": ["datastore.c"],
}

transaction := {
	"of": given.derived("transaction"), "consistency": given.default_value("eventual"), "named": given.derived(true),
	"service": "",
}

torn(facts) := {[f.verdict, f.severity] | some f in saga.torn_write with input as replaced(trigger, facts)}

test_dat_020_writes_of_one_request_fire if torn({}) == {["violation", "high"]}

test_dat_020_financial_is_critical if torn({"financial": given.derived(true)}) == {["violation", "critical"]}

test_dat_020_unstated_request_is_risk if torn({"one_unit": given.guess(true)}) == {["risk", "high"]}

test_dat_020_named_is_silent if torn({"named": given.derived(true)}) == set()

test_dat_020_no_user_is_silent if torn({"user_facing": given.derived(false)}) == set()

test_dat_020_one_owner_is_silent if torn({"independent": given.derived(1)}) == set()

test_dat_020_transaction_without_pattern_fires if torn(transaction) == {["violation", "high"]}

test_dat_020_saga_is_silent if torn(object.union(transaction, {"pattern": given.stated("saga")})) == set()

test_dat_020_unknown_pattern_asks if torn(object.union(transaction, {"pattern": given.unknown})) == {["question", "high"]}

test_dat_020_strong_is_judged_elsewhere if {
	torn(object.union(object.remove(transaction, ["consistency"]), {"consistency": given.stated("strong")})) == set()
}

test_dat_020_names_the_steps if {
	some f in saga.torn_write with input as replaced(trigger, {})
	f.fix[0].label == "a_saga"
	f.fix[0].value.step == [
		{"label": "b", "in": "service.b", "writes": "datastore.b"},
		{"label": "c", "in": "service.c", "writes": "datastore.c"},
	]
	contains(f.say, "{broken} a day")
}

test_dat_020_one_service_has_a_step_per_store if {
	stores := [store("datastore.x", "service.a"), store("datastore.y", "service.a")]
	some f in saga.torn_write with input as replaced(trigger, {"stores": stores})
	[s.label | some s in f.fix[0].value.step] == ["x", "y"]
}

test_dat_020_says_what_it_knows if {
	some f in saga.torn_write with input as replaced(trigger, object.union(transaction, {"broken_per_day": given.unknown_number}))
	f.fix == [{"set": "pattern", "value": "saga"}]
	f.say == "This transaction writes {stores}, and nothing ties them together: a crash after {first} leaves it changed and {rest} not."
}

step := {
	"pattern": given.stated("saga"), "type": given.unknown, "before_pivot": given.derived(true), "compensate": given.absent,
	"idempotent": given.stated(false), "read_only": given.derived(false), "stores": ["datastore.x"], "in": "service.x",
}

at_step(facts) := object.union(replaced(step, facts), {"addr": "transaction.t.step.reserve"})

undo(facts) := {f.verdict | some f in saga.cannot_undo with input as at_step(facts)}

test_dat_021_no_compensation_fires if {
	some f in saga.cannot_undo with input as at_step({})
	f.verdict == "violation"
	f.fix == [{"set": "compensate", "value": "undo_reserve"}]
	contains(f.say, "has written to {stores}")
}

test_dat_021_without_known_stores if {
	some f in saga.cannot_undo with input as at_step({"stores": []})
	contains(f.say, "what {service} has done")
}

test_dat_021_compensation_is_silent if undo({"compensate": given.stated("release")}) == set()

test_dat_021_unknown_compensation_asks if undo({"compensate": given.unknown}) == {"question"}

test_dat_021_last_step_is_silent if undo({"before_pivot": given.derived(false)}) == set()

test_dat_021_pivot_is_silent if undo({"type": given.stated("pivot")}) == set()

test_dat_021_reads_only_is_silent if undo({"read_only": given.derived(true)}) == set()

test_dat_021_may_only_read_asks if undo({"read_only": given.unknown}) == {"question"}

test_dat_021_two_phase_commit_is_silent if undo({"pattern": given.stated("2pc")}) == set()

twice(facts) := {f.verdict | some f in saga.step_twice with input as at_step(facts)}

test_dat_022_repeated_command_fires if twice({}) == {"violation"}

test_dat_022_without_known_stores if {
	some f in saga.step_twice with input as at_step({"stores": []})
	contains(f.say, "does its work twice")
}

test_dat_022_idempotent_is_silent if twice({"idempotent": given.stated(true)}) == set()

test_dat_022_unknown_asks if twice({"idempotent": given.unknown}) == {"question"}

test_dat_022_reads_only_is_silent if twice({"read_only": given.derived(true)}) == set()

order(facts) := {[f.verdict, f.fix[0].advise] |
	some f in saga.unsafe_order with input as replaced(
		{"pattern": given.stated("saga"), "pivots": ["transaction.t.step.ship"], "misordered": ["transaction.t.step.charge"]},
		facts,
	)
}

test_dat_023_failing_after_the_pivot_fires if {
	order({}) == {["violation", "Move charge before ship: what may fail comes first, what is repeated until it succeeds comes last."]}
}

test_dat_023_good_order_is_silent if order({"misordered": []}) == set()

test_dat_023_two_phase_commit_is_silent if order({"pattern": given.stated("2pc")}) == set()
