package archcheck.rules.messaging.message_queue_fit_test

import data.archcheck.given
import data.archcheck.rules.messaging.message_queue

queue(patch) := {"addr": "queue.codes", "subject": given.lay(
	{
		"client_deadline": given.derived(3000),
		"age_limit": given.unknown_number,
		"max_length": given.absent,
		"consumers": [{"addr": "service.mailer.consume.codes"}],
		"loss_stated_intolerable": given.derived(false),
		"max_receives": given.stated(5),
		"dead_letter_consumed": given.derived(false),
		"services": ["service.audit", "service.mailer"],
		"service_count": given.derived(2),
		"all_compete": given.derived(false),
	},
	patch,
)}

consume(patch) := {
	"addr": "service.mailer.consume.codes",
	"subject": given.lay(
		{
			"drain": given.derived(36000000),
			"rate": given.derived(100),
			"service_rate": given.derived(110),
			"slots": given.derived(2),
			"concurrency": given.default_value(1),
			"needed_slots": given.derived(3),
			"loss_tolerable": given.derived(false),
			"retry": given.with_facts(given.retry, {"max_attempts": given.stated(3)}),
			"max_receives": given.stated(5),
			"executions": given.derived(15),
			"retry_time": given.derived(2000),
			"visibility": given.stated(30000),
			"extends": given.default_value(false),
		},
		object.remove(patch, {"from", "to"}),
	),
	"from": object.get(patch, "from", {"addr": "queue.codes", "type": "queue"}),
	"to": object.get(patch, "to", {"addr": "service.mailer", "type": "service"}),
}

a_client := {"addr": "client.web", "type": "client"}

a_topic := {"addr": "topic.codes", "type": "topic"}

# MSG-017

stale(patch) := {f.verdict | some f in message_queue.stale_work with input as queue(patch)}

test_are_old_messages_worth_anything if stale({}) == {"question"}

test_old_messages_are_dropped if stale({"age_limit": given.stated(300000)}) == set()

test_their_owner_wants_them_kept if stale({"age_limit": given.none}) == set()

test_the_queue_is_short if stale({"max_length": given.stated(100)}) == set()

test_every_message_counts if stale({"loss_stated_intolerable": given.derived(true)}) == set()

test_no_client_gives_up if stale({"client_deadline": given.absent}) == set()

test_nobody_works_them_off if stale({"consumers": []}) == set()

# MSG-018

drains(patch) := {f.verdict | some f in message_queue.slow_drain with input as consume(patch)}

test_ten_hours_for_one if drains({}) == {"violation"}

test_two_hours_for_one if drains({"drain": given.derived(7200000)}) == set()

test_never_is_another_rule if drains({"service_rate": given.derived(90)}) == set()

test_a_rate_that_is_estimated if drains({"drain": given.between(7200000, 36000000, 72000000)}) == {"risk"}

test_loss_does_no_harm if drains({"loss_tolerable": given.derived(true)}) == set()

test_nobody_says_how_fast if drains({"drain": given.unknown_number, "service_rate": given.unknown_number}) == set()

test_a_client_drains_nothing if drains({"to": a_client}) == set()

test_slots_for_a_quarter_more if {
	some f in message_queue.slow_drain with input as consume({})
	f.fix == [{"set": "concurrency", "value": 2}]
}

# MSG-019

multiplied(patch) := {f.verdict | some f in message_queue.retries_multiply with input as consume(patch)}

with_retry(facts) := {"retry": given.with_facts(given.retry, facts)}

test_three_times_five if multiplied({}) == {"violation"}

test_two_times_two if {
	multiplied(object.union(with_retry({"max_attempts": given.stated(2)}), {
		"executions": given.derived(4), "max_receives": given.stated(2),
	})) == set()
}

test_tries_that_outlast_the_visibility if {
	multiplied({"executions": given.derived(6), "retry_time": given.derived(60000)}) == {"violation"}
	some f in message_queue.retries_multiply with input as consume({"executions": given.derived(6), "retry_time": given.derived(60000)})
	contains(f.say, "two of them do the same work")
}

test_tries_that_may_outlast_it if {
	multiplied({"executions": given.derived(6), "retry_time": given.between(10000, 60000, 90000)}) == {"risk"}
}

test_the_consumer_prolongs_the_visibility if {
	multiplied({"executions": given.derived(6), "retry_time": given.derived(60000), "extends": given.stated(true)}) == set()
}

test_one_try_in_place if multiplied(with_retry({"max_attempts": given.stated(1)})) == set()

test_only_connections_are_tried_again if multiplied(with_retry({"on": given.stated(["connect"])})) == set()

test_how_often_the_queue_delivers_nobody_says if multiplied({"max_receives": given.unknown_number}) == set()

test_a_topic_counts_no_deliveries if multiplied({"from": a_topic}) == set()

# MSG-014

extreme(patch) := {f.verdict | some f in message_queue.receives_extreme with input as queue(patch)}

test_one_delivery if {
	extreme({"max_receives": given.stated(1)}) == {"violation"}
	some f in message_queue.receives_extreme with input as queue({"max_receives": given.stated(1)})
	contains(f.say, "delivered once")
}

test_fifty_deliveries if {
	extreme({"max_receives": given.stated(50)}) == {"violation"}
	some f in message_queue.receives_extreme with input as queue({"max_receives": given.stated(50)})
	contains(f.say, "circulates for hours")
}

test_a_products_twenty_are_not_too_many if extreme({"max_receives": given.profile(20)}) == set()

test_five_deliveries if extreme({}) == set()

test_a_ladder_of_queues if extreme({"max_receives": given.stated(1), "dead_letter_consumed": given.derived(true)}) == set()

test_nobody_counts_deliveries if extreme({"max_receives": given.unknown_number}) == set()

# MSG-015

shared(patch) := {f.verdict | some f in message_queue.shared_queue with input as queue(patch)}

test_two_services_take_each_others_messages if shared({}) == {"violation"}

test_nobody_says_whether_they_share if shared({"all_compete": given.unknown}) == {"question"}

test_they_share_on_purpose if shared({"all_compete": given.derived(true)}) == set()

test_one_service if shared({"service_count": given.derived(1)}) == set()
