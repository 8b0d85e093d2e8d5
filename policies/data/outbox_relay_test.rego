package archcheck.rules.data.outbox_relay_test

import data.archcheck.given
import data.archcheck.rules.data.outbox

polling := given.control({
	"relay": given.stated("polling"),
	"poll": given.stated(1000),
	"batch": given.stated(100),
	"cleanup": given.absent,
	"ordering_key": given.absent,
})

base := {
	"outbox": polling,
	"loss": given.default_value("intolerable"),
	"rate": given.derived(150),
	"relay_rate": given.derived(100),
	"relay_behind": given.derived(50),
	"rec_batch": given.derived(300),
	"rows_per_day": given.derived(12960000),
	"partitions": given.stated(6),
	"topic_ordering_key": given.absent,
	"outbox_store": {"addr": "datastore.db"},
	"consumers": [],
}

# a subject with these facts instead
with_facts(facts) := {"subject": object.union(object.remove(base, object.keys(facts)), facts)}

slow(facts) := {f.verdict | some f in outbox.relay_too_slow with input as with_facts(facts)}

test_dat_032_slow_relay_fires if slow({}) == {"violation"}

test_dat_032_fast_relay_is_silent if slow({"relay_rate": given.derived(300)}) == set()

test_dat_032_unknown_rate_asks if slow({"rate": given.unknown_number}) == {"question"}

test_dat_032_cdc_is_silent if slow({"outbox": given.control({"relay": given.stated("cdc")})}) == set()

grows(facts) := {[f.verdict, f.say] | some f in outbox.outbox_grows with input as with_facts(facts)}

test_dat_033_no_cleanup_fires if {
	grows({}) == {["violation", "Nothing deletes relayed events from the outbox: it grows by {rows} rows a day."]}
}

test_dat_033_unknown_rate_is_not_counted if {
	grows({"rows_per_day": given.unknown_number}) == {["violation", "Nothing deletes relayed events from the outbox: it grows by a row per message."]}
}

cleaned(fact) := given.control({"relay": given.stated("polling"), "cleanup": fact})

test_dat_033_cleanup_is_silent if grows({"outbox": cleaned(given.stated(604800000))}) == set()

test_dat_033_unknown_cleanup_asks if {
	some f in grows({"outbox": cleaned(given.unknown)})
	f[0] == "question"
}

consumer := {
	"addr": "service.b.consume.t", "node": "service.b", "idempotent": given.stated(false), "ordering": given.stated(true),
	"dedup_window": given.absent, "horizon": given.derived(604800000), "touches": ["datastore.x"],
}

taking(fact) := {"consumers": [object.union(object.remove(consumer, object.keys(fact)), fact)]}

twice(facts) := {[f.verdict, f.say] | some f in outbox.relayed_twice with input as with_facts(facts)}

verdicts(results) := {r[0] | some r in results}

test_dat_034_repeated_effect_fires if {
	twice(taking({})) == {["violation", "When the relay restarts it sends events again, and {consumer} does not recognise them: it then writes to {touches} a second time for the same event."]}
}

test_dat_034_without_a_store_it_acts_twice if {
	twice(taking({"touches": []})) == {["violation", "When the relay restarts it sends events again, and {consumer} does not recognise them: it then acts a second time on the same event."]}
}

test_dat_034_idempotent_is_silent if twice(taking({"idempotent": given.stated(true)})) == set()

test_dat_034_unknown_idempotence_asks if verdicts(twice(taking({"idempotent": given.unknown}))) == {"question"}

test_dat_034_long_window_is_silent if twice(taking({"dedup_window": given.stated(604800000)})) == set()

test_dat_034_short_window_fires if verdicts(twice(taking({"dedup_window": given.stated(1000)}))) == {"violation"}

test_dat_034_without_outbox_is_silent if twice(object.union(taking({}), {"outbox": given.absent})) == set()

ordered(facts) := {[f.verdict, f.fix[0].value] | some f in outbox.order_lost with input as with_facts(facts)}

test_dat_035_order_without_key_fires if ordered(taking({})) == {["violation", "aggregate_id"]}

test_dat_035_takes_the_topics_key if {
	ordered(object.union(taking({}), {"topic_ordering_key": given.stated("order_id")})) == {["violation", "order_id"]}
}

test_dat_035_key_is_silent if {
	ordered(object.union(taking({}), {"outbox": given.control({"ordering_key": given.stated("id")})})) == set()
}

test_dat_035_one_partition_is_silent if ordered(object.union(taking({}), {"partitions": given.stated(1)})) == set()

test_dat_035_unknown_partitions_ask if verdicts(ordered(object.union(taking({}), {"partitions": given.unknown_number}))) == {"question"}

test_dat_035_unordered_is_silent if ordered(taking({"ordering": given.stated(false)})) == set()

telemetry(facts) := {f.verdict | some f in outbox.outbox_for_telemetry with input as with_facts(facts)}

test_dat_037_telemetry_fires if telemetry({"loss": given.stated("tolerable"), "rate": given.derived(5000)}) == {"violation"}

test_dat_037_slow_telemetry_is_silent if telemetry({"loss": given.stated("tolerable")}) == set()

test_dat_037_events_that_count_are_silent if telemetry({"rate": given.derived(5000)}) == set()

test_dat_037_unknown_rate_asks if telemetry({"loss": given.stated("tolerable"), "rate": given.unknown_number}) == {"question"}
