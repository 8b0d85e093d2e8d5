package archcheck.rules.data.saga_run_test

import data.archcheck.given
import data.archcheck.rules.data.saga

# a saga of two steps that a runs for users, 80 times a second
base := {
	"pattern": given.stated("saga"),
	"engine": given.absent,
	"timeout": given.absent,
	"state": given.absent,
	"coordination": given.derived("orchestration"),
	"consistency": given.default_value("eventual"),
	"isolation": given.absent,
	"orchestrator": given.stated("service.a"),
	"orchestrator_store": given.derived("datastore.a"),
	"one_store": given.absent,
	"services": ["service.b", "service.c"],
	"service_count": given.derived(2),
	"step_count": given.derived(2),
	"event_loop": given.derived(false),
	"stores": [{"addr": "datastore.b"}, {"addr": "datastore.c"}],
	"first_step": "transaction.t.step.one",
	"first_service": "service.b",
	"user_facing": given.derived(true),
	"synchronous": given.derived(true),
	"worst_case": given.derived(2650),
	"latency_objective": given.stated(1000),
	"rate": given.derived(80),
	"duration": given.derived(2650),
	"in_flight": given.derived(212),
	"others": [],
}

doc(facts) := {
	"subject": object.union(object.remove(base, object.keys(facts)), facts),
	"system": {"params": {"choreography": 4}},
}

hangs(facts) := {[f.verdict, f.severity, f.say] | some f in saga.saga_hangs with input as doc(facts)}

test_dat_024_neither_timeout_nor_state_fires if {
	hangs({}) == {[
		"violation", "high",
		"A lost reply leaves a saga waiting for ever, since no timeout ends it. A restart of {orchestrator} forgets the sagas under way, {in_flight} at a time, with whatever their steps have done.",
	]}
}

test_dat_024_only_the_timeout_is_missing if {
	hangs({"state": given.stated("datastore.a")}) == {["violation", "medium", "A lost reply leaves a saga waiting for ever, since no timeout ends it."]}
}

test_dat_024_only_the_state_is_missing if {
	hangs({"timeout": given.stated(900000), "in_flight": given.unknown_number}) == {["violation", "high", "A restart of {orchestrator} forgets the sagas under way, with whatever their steps have done."]}
}

test_dat_024_choreography_needs_no_state if {
	{r[1] | some r in hangs({"coordination": given.derived("choreography")})} == {"medium"}
}

test_dat_024_both_are_silent if hangs({"timeout": given.stated(900000), "state": given.stated("datastore.a")}) == set()

test_dat_024_engine_is_silent if hangs({"engine": given.stated("temporal")}) == set()

test_dat_024_unknown_timeout_asks if {
	{r[0] | some r in hangs({"timeout": given.unknown, "state": given.stated("datastore.a")})} == {"question"}
}

test_dat_024_fixes_what_is_missing if {
	some f in saga.saga_hangs with input as doc({"timeout": given.stated(900000)})
	f.fix == [{"set": "state", "value": given.derived("datastore.a")}]
}

wide(facts) := {[f.verdict, f.say] | some f in saga.wide_choreography with input as doc(object.union({"coordination": given.derived("choreography")}, facts))}

test_dat_025_many_participants_fire if {
	wide({"service_count": given.derived(6)}) == {["violation", "{n} services react to each other's events, and no place shows how far a transaction has come."]}
}

test_dat_025_loop_fires if {
	wide({"event_loop": given.derived(true)}) == {["violation", "{circle} react to each other's events in a circle, and no place shows how far a transaction has come."]}
}

test_dat_025_an_engine_knows_how_far_it_has_come if wide({"service_count": given.derived(6), "engine": given.stated("temporal")}) == set()

test_dat_025_few_are_silent if wide({}) == set()

test_dat_025_orchestrated_is_silent if wide({"coordination": given.derived("orchestration"), "service_count": given.derived(6)}) == set()

test_dat_025_unknown_coordination_asks if {
	{r[0] | some r in wide({"coordination": given.unknown, "service_count": given.derived(6)})} == {"question"}
}

local(facts) := {f.verdict | some f in saga.saga_in_one_store with input as doc(facts)}

test_dat_026_one_store_fires if local({"one_store": given.derived("datastore.b")}) == {"violation"}

test_dat_026_two_stores_are_silent if local({}) == set()

test_dat_026_long_process_is_silent if local({"one_store": given.derived("datastore.b"), "timeout": given.stated(900000)}) == set()

test_dat_026_unknown_timeout_asks if {
	local({"one_store": given.derived("datastore.b"), "timeout": given.unknown_number}) == {"question"}
}

strong(facts) := {f.verdict | some f in saga.saga_strong with input as doc(object.union({"consistency": given.stated("strong")}, facts))}

test_dat_027_strong_fires if strong({}) == {"violation"}

test_dat_027_eventual_is_silent if strong({"consistency": given.default_value("eventual")}) == set()

test_dat_027_one_store_is_silent if strong({"one_store": given.derived("datastore.b")}) == set()

waits(facts) := {f.verdict | some f in saga.saga_waits with input as doc(facts)}

test_dat_028_slow_saga_fires if waits({}) == {"violation"}

test_dat_028_fast_saga_is_silent if waits({"worst_case": given.derived(900)}) == set()

test_dat_028_no_objective_is_silent if waits({"latency_objective": given.absent}) == set()

test_dat_028_steps_over_a_queue_are_silent if waits({"synchronous": given.derived(false)}) == set()

test_dat_028_engine_is_silent if waits({"engine": given.stated("temporal")}) == set()

test_dat_028_nobody_waits_is_silent if waits({"user_facing": given.derived(false)}) == set()

test_dat_028_unknown_time_asks if waits({"worst_case": given.unknown_number}) == {"question"}

meets(facts) := {[f.verdict, f.say] | some f in saga.saga_interleaves with input as doc(facts)}

test_dat_029_meets_itself_fires if {
	meets({}) == {["violation", "At {rate} and {duration} each, {in_flight} of these sagas are under way at once on {stores}: what one has changed and may still take back, another reads and overwrites."]}
}

other := {"addr": "transaction.cancel", "stores": ["datastore.b"]}

test_dat_029_meets_another_fires if {
	meets({"in_flight": given.derived(0.1), "others": [other]}) == {["violation", "Its stores are also written by {others}. What one of them has changed and may still take back, another reads and overwrites."]}
}

test_dat_029_rare_is_silent if meets({"in_flight": given.derived(0.1)}) == set()

test_dat_029_lock_is_silent if meets({"isolation": given.stated(["semantic_lock"])}) == set()

test_dat_029_unknown_rate_asks if {
	meets({"in_flight": given.unknown_number}) == {["question", "Several of these sagas can be under way at once on {stores}: what one has changed and may still take back, another reads and overwrites."]}
}
