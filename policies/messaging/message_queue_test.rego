package archcheck.rules.messaging.message_queue_test

import data.archcheck.given
import data.archcheck.rules.messaging.message_queue

# MSG-011

queue(patch) := {"addr": "queue.mails", "subject": given.lay(
	{
		"services": ["service.mailer"],
		"consumers": [{"addr": "service.mailer.consume.mails"}],
		"dead_letter_for": [],
		"failed_to": given.absent,
		"max_receives": given.unknown_number,
		"engine": given.unknown,
		"broker": given.stated("broker.bus"),
		"loss": given.default_value("intolerable"),
	},
	patch,
)}

poison(patch) := {[f.verdict, f.severity] | some f in message_queue.no_dead_letter with input as queue(patch)}

test_failed_messages_have_no_place if poison({}) == {["violation", "high"]}

test_rabbitmq_drops_them if {
	poison({"engine": given.stated("rabbitmq4"), "max_receives": given.profile(20)}) == {["violation", "critical"]}
}

test_what_rabbitmq_drops_does_no_harm if {
	poison({"engine": given.stated("rabbitmq4"), "loss": given.stated("tolerable")}) == set()
}

test_failed_messages_are_kept if poison({"failed_to": given.stated("queue.dead")}) == set()

test_a_dead_letter_queue_needs_none_itself if poison({"dead_letter_for": ["queue.other"]}) == set()

test_nobody_consumes_it if poison({"consumers": []}) == set()

test_are_they_kept if poison({"failed_to": given.unknown}) == {["question", "high"]}

test_does_loss_do_harm if poison({"loss": given.unknown}) == {["question", "high"]}

test_stated_none_is_none if poison({"failed_to": given.none}) == {["violation", "high"]}

test_the_new_queue_stands_where_the_old_one_does if {
	some f in message_queue.no_dead_letter with input as queue({})
	f.fix[0] == {"add": "queue", "label": "mails_dead", "value": {"broker": "broker.bus"}}
	some g in message_queue.no_dead_letter with input as queue({"broker": given.absent, "engine": given.stated("sqs")})
	g.fix[0].value == {"engine": "sqs"}
}

says(patch, words) if {
	some f in message_queue.no_dead_letter with input as queue(patch)
	contains(f.say, words)
}

test_the_message_tells_what_happens_to_them if {
	says({}, "again and again until it expires")
	says({"max_receives": given.stated(5)}, "no dead-letter queue that keeps it then")
	says({"max_receives": given.profile(20), "engine": given.stated("rabbitmq4")}, "then dropped")
}

# MSG-012 and MSG-013

consume(patch) := {
	"addr": "service.mailer.consume.mails",
	"subject": given.lay(
		{
			"visibility": given.stated(30000),
			"needed_time": given.derived(60000),
			"p99": given.stated(60000),
			"mean": given.derived(30000),
			"batch": given.default_value(1),
			"extends": given.default_value(false),
			"rec_visibility": given.derived(120000),
			"rate": given.derived(80),
			"service_rate": given.derived(40),
			"growth": given.derived(40),
			"slots": given.derived(2),
			"concurrency": given.default_value(1),
			"needed_slots": given.derived(6),
			"too_old_in": given.absent,
			"publisher_scheduled": given.derived(false),
		},
		object.remove(patch, {"from", "to"}),
	),
	"from": object.get(patch, "from", {"addr": "queue.mails", "type": "queue"}),
	"to": object.get(patch, "to", {"addr": "service.mailer", "type": "service"}),
}

a_client := {"addr": "client.web", "type": "client"}

hidden(patch) := {f.verdict | some f in message_queue.visibility_too_short with input as consume(patch)}

test_messages_come_back_while_they_are_handled if hidden({}) == {"violation"}

test_messages_stay_hidden_long_enough if hidden({"visibility": given.stated(120000)}) == set()

test_the_consumer_prolongs_it if hidden({"extends": given.stated(true)}) == set()

test_between_the_mean_and_the_bound_of_a_batch if {
	hidden({"batch": given.stated(10), "visibility": given.stated(120000), "needed_time": given.between(30000, 600000, 600000)}) == {"risk"}
}

test_how_long_are_they_hidden if hidden({"visibility": given.unknown_number}) == {"question"}

test_nobody_says_how_long_they_take if hidden({"needed_time": given.unknown_number}) == set()

test_a_topic_hides_nothing if hidden({"from": {"addr": "topic.t", "type": "topic"}}) == set()

test_a_client_takes_what_it_wants if hidden({"to": a_client}) == set()

visibility_says(patch, words) if {
	some f in message_queue.visibility_too_short with input as consume(patch)
	contains(f.say, words)
}

test_the_message_counts_the_batch if {
	visibility_says({"batch": given.stated(10)}, "a batch of {batch}")
	visibility_says({}, "may take {needed} for it")
	visibility_says({"visibility": given.unknown_number}, "is not stated")
}

slow(patch) := {f.verdict | some f in message_queue.too_slow with input as consume(patch)}

test_more_arrives_than_is_worked_off if slow({}) == {"violation"}

test_the_consumer_keeps_up if slow({"service_rate": given.derived(120)}) == set()

test_a_mean_that_is_assumed if slow({"service_rate": given.between(40, 60, 120)}) == {"risk"}

test_how_long_does_a_message_take if slow({"service_rate": given.unknown_number}) == {"question"}

test_a_batch_window_ends if slow({"publisher_scheduled": given.derived(true)}) == set()

test_a_rate_that_nobody_states if slow({"rate": given.unknown_number}) == set()

test_a_client_has_no_backlog if slow({"to": a_client}) == set()

test_messages_that_expire_are_told if {
	some f in message_queue.too_slow with input as consume({"too_old_in": given.derived(3600000)})
	contains(f.say, "expire unread")
}

test_concurrency_grows_to_the_slots_needed if {
	some f in message_queue.too_slow with input as consume({})
	f.fix == [{"set": "concurrency", "value": 3}]
	some g in message_queue.too_slow with input as consume({"slots": given.unknown_number})
	g.fix[0].advise
}
