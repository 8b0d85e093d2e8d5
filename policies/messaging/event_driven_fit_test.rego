package archcheck.rules.messaging.event_driven_fit_test

import data.archcheck.given
import data.archcheck.rules.messaging.event_driven

# MSG-020

system(patch) := {"addr": "system.s", "subject": given.lay(
	{
		"depth": given.derived(5),
		"deepest_path": ["client.web", "service.a", "service.b"],
		"ignored_writes": ["service.a.call.b", "service.b.call.c"],
		"ignored_write_share": given.derived(0.5),
		"service_calls": given.derived(4),
		"async_edges": given.derived(0),
	},
	patch,
)}

coupled(patch) := {f.verdict | some f in event_driven.coupled_in_time with input as system(patch)}

test_a_chain_of_writes_that_nobody_reads if coupled({}) == {"violation"}

test_a_chain_that_may_be_shorter if coupled({"depth": object.union(given.unknown_number, {"lo": 2, "hi": 5})}) == {"question"}

test_a_chain_that_may_be_longer if coupled({"depth": object.union(given.unknown_number, {"lo": 4, "hi": 6})}) == {"violation"}

test_a_chain_of_two if coupled({"depth": given.derived(2)}) == set()

test_a_chain_whose_answers_are_read if coupled({"ignored_write_share": given.derived(0.25)}) == set()

test_some_messages_already if coupled({"async_edges": given.derived(1)}) == set()

# MSG-024

journey(patch) := {"addr": "journey.web.api", "subject": given.lay(
	{
		"replies": [{
			"service": "service.account", "from": "topic.balances", "publish": "service.account.publish.asks",
			"consume": "service.account.consume.balances",
		}],
		"user_facing": given.derived(true),
		"entry_access": given.derived("read"),
		"strong_step": given.derived(false),
		"tolerates_staleness": given.absent,
		"entry_reply": given.default_value(true),
	},
	patch,
)}

answers(patch) := {f.verdict | some f in event_driven.answer_by_event with input as journey(patch)}

test_a_balance_that_comes_by_event if answers({}) == {"violation"}

test_a_step_that_must_be_consistent if {
	answers({"entry_access": given.derived("write"), "strong_step": given.derived(true)}) == {"violation"}
}

test_a_write_may_be_confirmed_later if answers({"entry_access": given.derived("write")}) == set()

test_does_the_entry_only_read if answers({"entry_access": given.unknown}) == {"question"}

test_users_live_with_old_answers if answers({"tolerates_staleness": given.stated(60000)}) == set()

test_the_answer_comes_later if answers({"entry_reply": given.stated(false)}) == set()

test_no_user_waits if answers({"user_facing": given.derived(false)}) == set()

test_nothing_is_awaited if answers({"replies": []}) == set()

# MSG-023

back(patch) := given.lay(
	{
		"call": "service.b.call.a", "to": "service.a", "per_message": given.derived(1), "cached": given.derived(0),
		"states_write": given.derived(false), "rate_of_all": given.derived(240), "consumers": given.derived(3),
		"utilisation": given.derived(0.8),
	},
	patch,
)

consume(calls, payload) := {
	"addr": "service.b.consume.t",
	"subject": {"callbacks": calls, "payload": payload},
	"from": {"addr": "topic.t", "type": "topic"},
	"to": {"addr": "service.b", "type": "service"},
}

asks(patch, payload) := {f.verdict | some f in event_driven.asks_back with input as consume([back(patch)], payload)}

notification := given.stated("notification")

test_each_message_is_asked_about if asks({}, notification) == {"violation"}

test_the_message_carries_the_state if asks({}, given.stated("state")) == set()

test_what_do_messages_carry if asks({}, given.unknown) == {"question"}

test_a_queue_has_no_payload if asks({}, given.absent) == set()

test_one_message_in_ten_is_asked_about if asks({"per_message": given.derived(0.1)}, notification) == set()

test_a_cache_answers if asks({"cached": given.derived(0.95)}, notification) == set()

test_who_writes_reports_back if asks({"states_write": given.derived(true)}, notification) == set()

test_a_payload_that_is_assumed if asks({}, given.guess("notification")) == {"risk"}

test_the_message_counts_the_consumers if {
	some f in event_driven.asks_back with input as consume([back({})], notification)
	contains(f.say, "from 3 consumers")
	contains(f.say, "{use} busy")
	some g in event_driven.asks_back with input as consume(
		[back({"consumers": given.derived(1), "utilisation": given.unknown_number})],
		notification,
	)
	not contains(g.say, "consumers")
	not contains(g.say, "{use}")
}
