package archcheck.rules.messaging.pub_sub_test

import data.archcheck.given
import data.archcheck.rules.messaging.pub_sub

topic(patch) := {
	"addr": "topic.orders",
	"subject": given.lay(
		{
			"loss": given.stated("intolerable"),
			"replication": given.stated(3),
			"min_insync": given.stated(2),
			"weakest_acks": given.stated("all"),
			"publishers": [{"addr": "service.a.publish.orders", "acks": given.stated("all")}],
			"consumers": [{"addr": "service.b.consume.orders"}],
			"retention": given.stated(604800000),
			"services": ["service.b", "service.c"],
			"service_count": given.derived(2),
			"teams_differ": given.derived(false),
			"one_team": given.derived(false),
			"step_consumes": given.derived(false),
			"schema": given.absent,
		},
		patch,
	),
}

consume(patch) := {
	"addr": "service.b.consume.orders",
	"subject": given.lay(
		{
			"ordering": given.stated(true),
			"ordered": given.derived(false),
			"partitions": given.stated(6),
			"rate": given.derived(80),
			"user_facing": given.derived(true),
			"partition_rate": given.derived(60),
			"rec_partitions": given.derived(12),
			"slots": given.derived(4),
			"broadcast": given.default_value(false),
		},
		object.remove(patch, {"from", "to"}),
	),
	"from": object.get(patch, "from", {"addr": "topic.orders", "type": "topic"}),
	"to": object.get(patch, "to", {"addr": "service.b", "type": "service"}),
}

a_queue := {"addr": "queue.mails", "type": "queue"}

a_client := {"addr": "client.web", "type": "client"}

# MSG-002

durable(patch) := {f.verdict | some f in pub_sub.not_durable with input as topic(patch)}

test_three_copies_of_which_two_acknowledge if durable({}) == set()

test_a_single_copy if durable({"replication": given.stated(1)}) == {"violation"}

test_one_acknowledgement_is_enough if durable({"min_insync": given.stated(1)}) == {"violation"}

test_who_waits_for_the_leader_only_is_evidence if {
	some f in pub_sub.not_durable with input as topic({
		"weakest_acks": given.stated("leader"),
		"publishers": [{"addr": "service.a.publish.orders", "acks": given.stated("leader")}],
	})
	f.verdict == "violation"
	f.evidence == ["service.a.publish.orders"]
	f.fix == [{"at": "service.a.publish.orders", "set": "acks", "value": "all"}]
}

test_loss_does_no_harm if durable({"replication": given.stated(1), "loss": given.stated("tolerable")}) == set()

test_nobody_says_how_many_copies if durable({"replication": given.unknown_number}) == {"question"}

test_nobody_says_who_acknowledges if durable({"weakest_acks": given.unknown}) == {"question"}

test_copies_that_are_assumed if durable({"replication": given.assumed(1, 2, 3)}) == {"risk"}

test_the_fix_changes_only_what_is_too_little if {
	some f in pub_sub.not_durable with input as topic({"replication": given.stated(2)})
	f.fix == [{"set": "replication", "value": 3}]
}

# MSG-003

short(patch) := {f.verdict | some f in pub_sub.short_retention with input as topic(patch)}

test_a_week_outlasts_a_weekend if short({}) == set()

test_six_hours_do_not if short({"retention": given.stated(21600000)}) == {"violation"}

test_a_retention_that_is_assumed if short({"retention": given.assumed(86400000, 172800000, 604800000)}) == {"risk"}

test_kept_for_ever if short({"retention": given.none}) == set()

test_nobody_says_how_long if short({"retention": given.unknown_number}) == set()

test_short_and_no_harm if short({"retention": given.stated(21600000), "loss": given.stated("tolerable")}) == set()

# MSG-006

order(patch) := {f.verdict | some f in pub_sub.order_not_kept with input as consume(patch)}

test_order_without_a_key if order({}) == {"violation"}

test_order_with_a_key if order({"ordered": given.derived(true)}) == set()

test_order_that_nobody_needs if order({"ordering": given.stated(false)}) == set()

test_does_it_need_order if order({"ordering": given.unknown}) == {"question"}

test_does_the_topic_keep_it if order({"ordered": given.unknown}) == {"question"}

test_a_client_is_no_worker if order({"to": a_client}) == set()

test_a_queue_keeps_order_by_being_one_in_order if {
	some f in pub_sub.order_not_kept with input as consume({"from": a_queue})
	f.fix == [{"at": "queue.mails", "set": "fifo", "value": true}]
}

# MSG-007

parts(patch) := {[f.verdict, f.severity] | some f in pub_sub.partitions_misfit with input as consume(patch)}

test_more_arrives_than_the_partitions_carry if parts({}) == {["violation", "high"]}

test_consumers_without_a_partition_idle if parts({"partition_rate": given.derived(200), "slots": given.derived(12)}) == {["violation", "low"]}

test_nobody_is_idle_where_partitions_carry_too_little if {
	parts({"slots": given.derived(12)}) == {["violation", "high"]}
}

test_partitions_that_fit if parts({"partition_rate": given.derived(200)}) == set()

test_the_time_of_a_message_is_assumed if {
	parts({"partition_rate": given.between(20, 60, 100)}) == {["risk", "high"]}
	parts({"partition_rate": given.between(20, 90, 100)}) == {["unlikely", "high"]}
}

test_how_much_do_users_send if parts({"rate": given.unknown_number}) == {["question", "high"]}

test_nobody_says_who_publishes if parts({"rate": given.unknown_number, "user_facing": given.derived(false)}) == set()

test_nobody_says_how_many_partitions if parts({"partitions": given.unknown_number, "partition_rate": given.unknown_number}) == set()

test_a_broadcast_has_no_share if parts({"broadcast": given.stated(true)}) == set()

# MSG-008

contract(patch) := {[f.verdict, f.severity] | some f in pub_sub.no_contract with input as topic(patch)}

test_two_readers_and_no_schema if contract({}) == {["violation", "medium"]}

test_a_step_of_a_transaction_reads_it if contract({"step_consumes": given.derived(true)}) == {["violation", "high"]}

test_one_reader_of_another_team if contract({"service_count": given.derived(1), "teams_differ": given.derived(true)}) == {["violation", "medium"]}

test_one_reader if contract({"service_count": given.derived(1)}) == set()

test_one_team_on_all_sides if contract({"one_team": given.derived(true)}) == set()

test_a_schema_that_nothing_checks if contract({"schema": given.control({"compatibility": given.none})}) == {["violation", "medium"]}

test_a_schema_with_the_registrys_default if contract({"schema": given.control({"compatibility": given.absent})}) == set()

test_a_schema_whose_check_nobody_knows if contract({"schema": given.control({"compatibility": given.unknown})}) == {["question", "medium"]}

test_a_schema_with_compatibility if contract({"schema": given.control({"compatibility": given.stated("backward")})}) == set()

test_a_schema_that_nobody_knows_of if contract({"schema": given.unknown}) == {["question", "medium"]}
