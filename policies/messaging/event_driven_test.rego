package archcheck.rules.messaging.event_driven_test

import data.archcheck.given
import data.archcheck.rules.messaging.event_driven

# MSG-022

cycle(patch) := {"addr": "cycle.service.a/service.b", "subject": given.lay(
	{
		"waits": given.derived(false),
		"level": given.derived("trigger"),
		"gain": given.derived(1),
		"members": ["service.a", "service.b"],
		"edges": ["service.a.publish.t1", "service.b.publish.t2"],
	},
	patch,
)}

loops(patch) := {f.verdict | some f in event_driven.event_loop with input as cycle(patch)}

test_each_message_makes_another if loops({}) == {"violation"}

test_a_loop_that_fades if loops({"gain": given.derived(0.5)}) == set()

test_a_gain_that_is_estimated if loops({"gain": given.between(0.5, 1.2, 2)}) == {"risk"}

test_operations_that_nobody_names if loops({"level": given.derived("service")}) == {"question"}

test_calls_that_wait_are_another_rule if loops({"waits": given.derived(true)}) == set()

# MSG-032

consume(patch) := {
	"addr": "service.b.consume.t",
	"subject": given.lay(
		{
			"delivery": given.stated("exactly-once"),
			"idempotent": given.stated(false),
			"outside_broker": ["external.stripe"],
		},
		object.remove(patch, {"to"}),
	),
	"from": {"addr": "topic.t", "type": "topic"},
	"to": object.get(patch, "to", {"addr": "service.b", "type": "service"}),
}

once(patch) := {f.verdict | some f in event_driven.exactly_once with input as consume(patch)}

test_the_promise_ends_at_stripe if once({}) == {"violation"}

test_all_sinks_are_the_brokers if once({"outside_broker": []}) == set()

test_a_consumer_that_recognises_messages if once({"idempotent": given.stated(true)}) == set()

test_does_it_recognise_them if once({"idempotent": given.unknown}) == {"question"}

test_nothing_is_promised if once({"delivery": given.default_value("at-least-once")}) == set()

test_a_client_has_no_effect if once({"to": {"addr": "client.web", "type": "client"}}) == set()

# MSG-021

topic(patch) := {"addr": "topic.t", "subject": given.lay({"path_length": given.derived(3), "trace_context": given.stated(false)}, patch)}

traced(patch) := {f.verdict | some f in event_driven.untraceable with input as topic(patch)}

test_three_hops_without_trace if traced({}) == {"violation"}

test_two_hops_without_trace if traced({"path_length": given.derived(2)}) == set()

test_three_hops_with_trace if traced({"trace_context": given.stated(true)}) == set()

test_do_messages_carry_a_trace if traced({"trace_context": given.unknown}) == {"question"}

# MSG-025

system(patch) := {"addr": "system.s", "subject": given.lay(
	{
		"topics": given.derived(6),
		"teams": ["one", "two"],
		"topics_without_schema": ["topic.a", "topic.b"],
	},
	patch,
)}

bare(patch) := {f.verdict | some f in event_driven.no_catalog with input as system(patch)}

test_two_of_six_topics_without_schema if bare({}) == {"violation"}

test_all_topics_with_schema if bare({"topics_without_schema": []}) == set()

test_one_team_knows_its_topics if bare({"teams": ["one"]}) == set()

test_four_topics_are_few if bare({"topics": given.derived(4)}) == set()

test_the_fix_is_a_schema_for_each if {
	some f in event_driven.no_catalog with input as system({})
	f.fix == [{"at": t, "set": "schema", "value": {"compatibility": "backward"}} | some t in ["topic.a", "topic.b"]]
}
