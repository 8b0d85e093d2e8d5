package archcheck.rules.data.cqrs_test

import data.archcheck.given
import data.archcheck.rules.data.cqrs

# two stores, the read side fed by a topic, with 2 s promised
feed := given.control({
	"write": given.stated("datastore.w"),
	"read": given.stated("datastore.r"),
	"sync": given.stated("topic.t"),
	"max_staleness": given.stated(2000),
	"read_your_writes": given.default_value(false),
})

base := {
	"cqrs": feed,
	"cqrs_separate": given.derived(true),
	"cqrs_sync_type": given.derived("topic"),
	"cqrs_two_writes": given.derived(false),
	"cqrs_two_calls": [],
	"cqrs_relays": [],
	"cqrs_consumers": ["service.a.consume.t"],
	"cqrs_poll": given.derived(0),
	"cqrs_apply": given.derived(100),
	"cqrs_lag": given.derived(100),
	"cqrs_rec_poll": given.derived(500),
	"cqrs_sync_utilisation": given.derived(0.3),
	"strong_transactions": given.derived([]),
	"staleness_tolerated": given.absent,
	"event_sourcing": given.absent,
	"cqrs_read_kind": given.stated("relational"),
	"cqrs_rate": given.derived(5),
	"user_facing": given.derived(true),
	"cqrs_reads_per_write": given.derived(2),
	"cqrs_readers": given.derived(1),
}

doc(facts) := {"subject": object.union(object.remove(base, object.keys(facts)), facts)}

with_cqrs(facts) := {"cqrs": object.union(object.remove(feed, object.keys(facts)), facts)}

fed(facts) := {[f.verdict, f.fix] | some f in cqrs.unreliable_feed with input as doc(facts)}

verdicts(results) := {r[0] | some r in results}

test_dat_002_two_writes_fire if {
	both := {"cqrs_two_writes": given.derived(true), "cqrs_two_calls": ["service.a.call.w", "service.a.call.r"]}
	fed(both) == {["violation", [{"at": "service.a.call.r", "set": "access", "value": "read"}]]}
}

test_dat_002_no_sync_fires if {
	fed(object.union(with_cqrs({"sync": given.absent}), {"cqrs_sync_type": given.absent})) == {["violation", [{"set": "cqrs.sync", "value": "cdc"}]]}
}

test_dat_002_topic_is_silent if fed({}) == set()

test_dat_002_replica_is_silent if fed({"cqrs_two_writes": given.derived(true), "cqrs_two_calls": ["a", "b"], "cqrs_sync_type": given.derived("replica")}) == set()

test_dat_002_one_store_is_silent if fed(object.union(with_cqrs({"sync": given.absent}), {"cqrs_separate": given.derived(false)})) == set()

test_dat_002_unknown_sync_asks if verdicts(fed(with_cqrs({"sync": given.unknown}))) == {"question"}

stale(facts) := {[f.verdict, f.say, f.fix] | some f in cqrs.stale_reads with input as doc(facts)}

polled := {"cqrs_relays": ["service.a.publish.t"], "cqrs_poll": given.derived(5000), "cqrs_lag": given.derived(5100)}

test_dat_003_slow_poll_fires if {
	stale(polled) == {[
		"violation",
		"The relay looks every {poll}, and a change takes {apply} to apply: {read} can be {lag} old, and {max} is promised.",
		[{"at": "service.a.publish.t", "set": "outbox.relay", "value": "cdc"}],
	]}
}

test_dat_003_unknown_time_to_apply if {
	slow := object.union(polled, {"cqrs_apply": given.unknown_number, "cqrs_lag": {"state": "unknown", "lo": 5000}})
	stale(slow) == {[
		"violation",
		"The relay looks every {poll} only, so {read} can be older than the promised {max}.",
		[{"at": "service.a.publish.t", "set": "outbox.relay", "value": "cdc"}],
	]}
}

test_dat_003_slow_consumer_fires if {
	stale({"cqrs_apply": given.derived(3000), "cqrs_lag": given.derived(3000)}) == {[
		"violation",
		"A change takes {apply} to apply, so {read} can be older than the promised {max}.",
		[{"advise": "Make applying a change faster than the promise."}],
	]}
}

test_dat_003_overloaded_consumer_fires if {
	{r[1] | some r in stale({"cqrs_sync_utilisation": given.derived(1.4)})} == {"More changes come than the consumer can apply, so {read} falls behind without end; {max} is promised."}
}

test_dat_003_fresh_is_silent if stale({}) == set()

test_dat_003_no_promise_is_silent if stale(object.union(polled, with_cqrs({"max_staleness": given.absent}))) == set()

test_dat_003_replica_is_silent if stale(object.union(polled, {"cqrs_sync_type": given.derived("replica")})) == set()

test_dat_003_unknown_lag_asks if verdicts(stale({"cqrs_lag": given.unknown_number})) == {"question"}

unseen(facts) := {[f.verdict, f.say] | some f in cqrs.own_write_unseen with input as doc(facts)}

own := with_cqrs({"read_your_writes": given.stated(true)})

test_dat_006_own_writes_fire if {
	unseen(own) == {["violation", "{subject} promises users their own changes at once, but they read {read}, which follows up to {max} later."]}
}

test_dat_006_strong_transaction_fires if {
	facts := object.union(with_cqrs({"max_staleness": given.absent}), {"strong_transactions": given.derived(["transaction.t"])})
	unseen(facts) == {["violation", "{strong} needs strong consistency, but reads of {subject} go to {read}, which follows later, nobody says how much."]}
}

test_dat_006_nobody_needs_it_is_silent if unseen({}) == set()

test_dat_006_replica_is_silent if unseen(object.union(own, {"cqrs_sync_type": given.derived("replica")})) == set()

test_dat_006_tolerant_clients_are_silent if unseen(object.union(own, {"staleness_tolerated": given.stated(5000)})) == set()

test_dat_006_less_tolerant_clients_fire if verdicts(unseen(object.union(own, {"staleness_tolerated": given.stated(500)}))) == {"violation"}

test_dat_006_unknown_need_asks if verdicts(unseen(with_cqrs({"read_your_writes": given.unknown}))) == {"question"}

needless(facts) := {f.verdict | some f in cqrs.needless_models with input as doc(facts)}

test_dat_004_simple_service_fires if needless({}) == {"violation"}

test_dat_004_many_reads_are_silent if needless({"cqrs_reads_per_write": given.derived(30)}) == set()

test_dat_004_busy_is_silent if needless({"cqrs_rate": given.derived(200)}) == set()

test_dat_004_two_readers_are_silent if needless({"cqrs_readers": given.derived(2)}) == set()

test_dat_004_search_index_is_silent if needless({"cqrs_read_kind": given.stated("search")}) == set()

test_dat_004_event_sourcing_is_silent if needless({"event_sourcing": given.control({})}) == set()

test_dat_004_unknown_rate_asks if needless({"cqrs_rate": given.unknown_number}) == {"question"}

everywhere(facts) := {[f.verdict, f.fix] |
	some f in cqrs.models_everywhere with input as {"subject": object.union(
		{
			"cqrs_share": given.derived(0.8), "stateful_services": given.derived(5), "cqrs_services": given.derived(4),
			"cqrs_used_by": ["service.a"], "cqrs_without_force": [],
		},
		facts,
	)}
}

test_dat_005_four_of_five_fire if {
	everywhere({}) == {["violation", [{"advise": "Go back to one model where there are fewer than three reads per write."}]]}
}

test_dat_005_names_the_needless if {
	everywhere({"cqrs_without_force": ["service.a"]}) == {["violation", [{"at": "service.a", "unset": "cqrs"}]]}
}

test_dat_005_few_are_silent if everywhere({"cqrs_share": given.derived(0.2)}) == set()

test_dat_005_small_system_is_silent if everywhere({"stateful_services": given.derived(3)}) == set()

store := {
	"separates_reads": given.derived(false),
	"utilisation_with_replicas": given.derived(0.85),
	"reads_per_write": given.derived(30),
	"joined": given.derived(0),
	"joined_by": given.absent,
	"total_capacity": given.stated(1100),
	"known_writers": ["service.a"],
	"foreign_writers": [],
	"read_model_of": [],
	"kind": given.stated("relational"),
	"users": [],
}

at_store(facts) := {
	"addr": "datastore.d",
	"subject": object.union(object.remove(store, object.keys(facts)), facts),
	"system": {"params": {"cqrs_ratio": 10, "utilisation_warn": 0.7, "utilisation_high": 0.8}},
}

compete(facts) := {[f.verdict, f.severity, f.say] | some f in cqrs.reads_compete with input as at_store(facts)}

busy := "{subject} answers {ratio} reads for each write at {use} of its capacity, and both wait for each other."

test_dat_001_busy_store_fires if compete({}) == {["violation", "medium", busy]}

test_dat_001_less_busy_store_is_low if compete({"utilisation_with_replicas": given.derived(0.72)}) == {["violation", "low", busy]}

test_dat_001_joined_services_fire if {
	compete({"utilisation_with_replicas": given.unknown_number, "joined": given.derived(3)}) == {[
		"violation", "low",
		"One read of {by} puts together the answers of {joined} services, {subject} behind one of them; each write is read {ratio} times.",
	]}
}

test_dat_001_few_reads_are_silent if compete({"reads_per_write": given.derived(3)}) == set()

test_dat_001_idle_store_is_silent if compete({"utilisation_with_replicas": given.derived(0.3)}) == set()

test_dat_001_separate_models_are_silent if compete({"separates_reads": given.derived(true)}) == set()

test_dat_001_unknown_capacity_is_silent if compete({"utilisation_with_replicas": given.unknown_number}) == set()

test_dat_001_unknown_ratio_asks if {r[0] | some r in compete({"reads_per_write": given.unknown_number})} == {"question"}

test_dat_001_splits_the_writers_model if {
	some f in cqrs.reads_compete with input as at_store({})
	f.fix == [
		{"add": "datastore", "label": "d_view", "value": {"kind": "document"}},
		{"at": "service.a", "set": "cqrs", "value": {"write": "datastore.d", "read": "datastore.d_view", "sync": "cdc", "max_staleness": "2s"}},
	]
}

test_dat_001_several_writers_get_advice if {
	some f in cqrs.reads_compete with input as at_store({"known_writers": ["service.a", "service.b"]})
	f.fix == [{"advise": "Let its owner feed a read model of its own from its change stream."}]
}

foreign(facts) := {[f.verdict, f.fix[0]] |
	some f in cqrs.foreign_write with input as at_store(object.union(
		{
			"foreign_writers": ["service.x"], "read_model_of": ["service.a"],
			"users": [{"addr": "service.x", "via": ["service.x.call.d"]}, {"addr": "service.a", "via": ["service.a.call.d"]}],
		},
		facts,
	))
}

test_dat_007_foreign_writer_fires if foreign({}) == {["violation", {"at": "service.x.call.d", "set": "access", "value": "read"}]}

test_dat_007_own_writers_are_silent if foreign({"foreign_writers": []}) == set()

test_dat_007_cache_is_silent if foreign({"kind": given.stated("cache")}) == set()

test_dat_003_a_consumer_of_unknown_speed_is_asked_for_elsewhere if {
	stale({"cqrs_sync_utilisation": given.unknown_number}) == set()
}
