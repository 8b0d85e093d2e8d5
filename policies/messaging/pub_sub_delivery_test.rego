package archcheck.rules.messaging.pub_sub_delivery_test

import data.archcheck.given
import data.archcheck.rules.messaging.pub_sub

consume(patch) := {
	"addr": "service.b.consume.orders",
	"subject": given.lay(
		{
			"idempotent": given.stated(false),
			"delivery": given.default_value("at-least-once"),
			"dedup_window": given.absent,
			"repeats_per_week": given.derived(20),
			"sinks": [{"addr": "datastore.mails"}],
			"writes_financial": given.derived(false),
			"redelivery_horizon": given.derived(1500000),
			"ordering": given.stated(true),
			"retry": given.with_facts(given.retry, {"max_attempts": given.stated("unlimited")}),
			"channel_dead_letter": given.absent,
		},
		object.remove(patch, {"from", "to"}),
	),
	"from": object.get(patch, "from", {"addr": "topic.orders", "type": "topic"}),
	"to": object.get(patch, "to", {"addr": "service.b", "type": "service"}),
}

a_queue := {"addr": "queue.mails", "type": "queue"}

a_client := {"addr": "client.web", "type": "client"}

# MSG-030

repeats(patch) := {[f.verdict, f.severity] | some f in pub_sub.repeated_effect with input as consume(patch)}

test_effects_that_are_repeated if repeats({}) == {["violation", "high"]}

test_money_that_is_moved_twice if repeats({"writes_financial": given.derived(true)}) == {["violation", "critical"]}

test_a_consumer_that_recognises_messages if repeats({"idempotent": given.stated(true)}) == set()

test_a_window_that_recognises_them if repeats({"dedup_window": given.stated(300000)}) == set()

test_messages_that_never_come_again if repeats({"delivery": given.stated("at-most-once")}) == set()

test_does_it_recognise_them if repeats({"idempotent": given.unknown}) == {["question", "high"]}

test_a_client_repeats_nothing if repeats({"to": a_client}) == set()

test_the_message_says_what_is_done_again if {
	some f in pub_sub.repeated_effect with input as consume({})
	contains(f.say, "{sinks}")
	contains(f.say, "{repeats}")
}

test_the_message_without_sinks_and_replicas if {
	some f in pub_sub.repeated_effect with input as consume({"sinks": [], "repeats_per_week": given.unknown_number})
	not contains(f.say, "{sinks}")
	contains(f.say, "Every release")
}

# MSG-031

topic(patch) := {
	"addr": "topic.orders",
	"subject": given.lay(
		{
			"delivery": given.stated("at-most-once"),
			"loss_said": given.stated("intolerable"),
			"financial": given.derived(false),
			"publishers": [{"addr": "service.a.publish.orders"}],
		},
		patch,
	),
}

lost(patch) := {[f.verdict, f.severity] | some f in pub_sub.lossy with input as topic(patch)}

test_loss_that_somebody_says_does_harm if lost({}) == {["violation", "high"]}

test_loss_of_money if lost({"financial": given.derived(true)}) == {["violation", "critical"]}

test_does_loss_do_harm if lost({"loss_said": given.unknown}) == {["question", "high"]}

test_loss_does_no_harm if lost({"loss_said": given.stated("tolerable")}) == set()

test_delivered_at_least_once if lost({"delivery": given.default_value("at-least-once")}) == set()

# MSG-033

forgets(patch) := {f.verdict | some f in pub_sub.window_too_short with input as consume(patch)}

test_a_window_of_five_minutes if forgets({"dedup_window": given.stated(300000)}) == {"violation"}

test_a_window_of_a_week if forgets({"dedup_window": given.stated(604800000)}) == set()

test_no_window_at_all if forgets({}) == set()

test_a_horizon_of_unknown_length if forgets({"dedup_window": given.stated(300000), "redelivery_horizon": given.unknown_number}) == set()

test_a_horizon_that_is_estimated if {
	forgets({"dedup_window": given.stated(300000), "redelivery_horizon": given.between(200000, 400000, 600000)}) == {"risk"}
}

test_the_window_becomes_the_horizon if {
	some f in pub_sub.window_too_short with input as consume({"dedup_window": given.stated(300000)})
	f.fix[0].value.value == 1500000
}

test_a_client_remembers_for_itself if forgets({"dedup_window": given.stated(300000), "to": a_client}) == set()

# MSG-034

blocks(patch) := {f.verdict | some f in pub_sub.head_of_line with input as consume(patch)}

attempts(n) := {"retry": given.with_facts(given.retry, {"max_attempts": n})}

test_a_bad_message_is_tried_for_ever if blocks({}) == {"violation"}

test_ten_tries_in_place if blocks(attempts(given.stated(10))) == {"violation"}

test_three_tries_in_place if blocks(attempts(given.stated(3))) == set()

test_bad_messages_are_put_aside if blocks({"channel_dead_letter": given.stated("queue.dead")}) == set()

test_without_order_others_go_on if blocks({"ordering": given.stated(false)}) == set()

test_is_order_needed if blocks({"ordering": given.unknown}) == {"question"}

test_how_often_is_it_tried if blocks(attempts(given.unknown_number)) == {"question"}

test_a_queue_hands_out_the_next_one if blocks({"from": a_queue}) == set()
