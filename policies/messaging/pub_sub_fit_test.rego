package archcheck.rules.messaging.pub_sub_fit_test

import data.archcheck.given
import data.archcheck.rules.messaging.pub_sub

# MSG-009

channel(patch) := {
	"addr": "topic.orders",
	"subject": given.lay(
		{
			"type": "topic",
			"backplane": given.derived(false),
			"dead_letter": given.derived(false),
			"publishers": given.derived(1),
			"consumers": given.derived(1),
		},
		patch,
	),
}

one_sided(patch) := {f.say | some f in pub_sub.dangling with input as channel(patch)}

test_both_sides_are_there if one_sided({}) == set()

test_nobody_consumes if {
	some say in one_sided({"consumers": given.derived(0)})
	contains(say, "nothing consumes it")
}

test_nobody_publishes if {
	some say in one_sided({"publishers": given.derived(0)})
	contains(say, "nothing publishes to it")
}

test_a_dead_letter_queue_needs_neither if {
	one_sided({"publishers": given.derived(0), "dead_letter": given.derived(true)}) == set()
	one_sided({"consumers": given.derived(0), "dead_letter": given.derived(true)}) == set()
}

test_a_backplane_needs_neither if one_sided({"consumers": given.derived(0), "backplane": given.derived(true)}) == set()

test_what_has_no_side_at_all_is_unused if {
	one_sided({"consumers": given.derived(0), "publishers": given.derived(0)}) == set()
}

test_a_service_is_no_channel if one_sided({"type": "service", "consumers": given.derived(0)}) == set()

# MSG-005

journey(patch) := {"addr": "journey.web.api", "subject": given.lay(
	{
		"replies": [{
			"service": "service.a", "to": "topic.asks", "to_type": "topic", "publish": "service.a.publish.asks",
			"consume": "service.a.consume.answers",
		}],
		"latency_objective": given.stated(800),
		"user_facing": given.derived(true),
		"entry_reply": given.default_value(true),
	},
	patch,
)}

asks(patch) := {f.verdict | some f in pub_sub.asks_by_topic with input as journey(patch)}

test_a_user_waits_for_two_messages if asks({}) == {"violation"}

test_a_user_who_does_not_wait if asks({"entry_reply": given.stated(false)}) == set()

test_a_job_may_wait if asks({"user_facing": given.derived(false)}) == set()

test_an_objective_of_a_minute if asks({"latency_objective": given.stated(60000)}) == set()

test_no_objective if asks({"latency_objective": given.absent}) == set()

test_does_the_user_wait if asks({"entry_reply": given.unknown}) == {"question"}

test_by_queue_is_another_rule if {
	asks({"replies": [{
		"service": "service.a", "to": "queue.asks", "to_type": "queue", "publish": "service.a.publish.asks",
		"consume": "service.a.consume.answers",
	}]}) == set()
}

# MSG-001

listener(name) := {"call": sprintf("service.users.call.%s", [name]), "service": sprintf("service.%s", [name])}

service(patch) := {"addr": "service.users", "subject": given.lay(
	{
		"listeners": [listener("mailer"), listener("loyalty"), listener("analytics")],
		"listener_count": given.derived(3),
		"listeners_availability": given.derived(0.97),
		"only_broker": "broker.bus",
	},
	patch,
)}

tells(patch) := {f.verdict | some f in pub_sub.told_one_by_one with input as service(patch)}

test_three_are_told if tells({}) == {"violation"}

test_two_are_told if tells({"listener_count": given.derived(2)}) == set()

test_the_third_may_only_read if tells({"listener_count": {"state": "unknown", "lo": 2, "hi": 3}}) == {"question"}

test_the_fourth_may_only_read if tells({"listener_count": {"state": "unknown", "lo": 3, "hi": 4}}) == {"violation"}

test_the_topic_stands_on_the_only_broker if {
	some f in pub_sub.told_one_by_one with input as service({})
	{"add": "topic", "label": "users_events", "value": {"broker": "broker.bus"}} in f.fix
	{"add": "publish", "label": "users_events", "at": "service.users", "value": {"to": "topic.users_events"}} in f.fix
	{"add": "consume", "label": "users_events", "at": "service.loyalty", "value": {"from": "topic.users_events"}} in f.fix
}

test_without_a_broker_the_topic_names_none if {
	some f in pub_sub.told_one_by_one with input as service({"only_broker": ""})
	{"add": "topic", "label": "users_events", "value": {}} in f.fix
}

test_availability_is_told_where_listeners_must_be_up if {
	some f in pub_sub.told_one_by_one with input as service({})
	contains(f.say, "{availability}")
	some g in pub_sub.told_one_by_one with input as service({"listeners_availability": given.absent})
	not contains(g.say, "{availability}")
}

# MSG-004

topic(patch) := {"addr": "topic.resize", "subject": given.lay(
	{
		"work_queue": given.unknown,
		"one_slot": given.derived(false),
		"ordering_wanted": given.derived(false),
		"broadcast": given.derived(false),
		"ordering_key": given.absent,
		"partitions": given.stated(6),
		"services": ["service.resizer"],
	},
	patch,
)}

queued(patch) := {f.verdict | some f in pub_sub.may_be_a_queue with input as topic(patch)}

test_one_subscriber_with_copies if queued({}) == {"question"}

test_partitions_that_nobody_counted if queued({"partitions": given.unknown_number}) == {"question"}

test_the_owner_answered if {
	queued({"work_queue": given.stated(true)}) == set()
	queued({"work_queue": given.stated(false)}) == set()
}

test_several_subscribers if queued({"work_queue": given.absent}) == set()

test_one_message_at_a_time if queued({"one_slot": given.derived(true)}) == set()

test_copies_that_nobody_counted if queued({"one_slot": given.unknown}) == set()

test_a_log_in_order if {
	queued({"ordering_key": given.stated("photo")}) == set()
	queued({"partitions": given.stated(1)}) == set()
	queued({"ordering_wanted": given.derived(true)}) == set()
}

test_every_copy_gets_all_of_them if queued({"broadcast": given.derived(true)}) == set()
