package archcheck.rules.data.event_sourcing_test

import data.archcheck.given
import data.archcheck.rules.data.event_sourcing

replaced(base, facts) := object.union(object.remove(base, object.keys(facts)), facts)

store := {
	"audit": given.stated("required"), "audit_log": given.absent, "kind": given.stated("relational"), "event_sourced": given.derived(false),
	"owner": given.derived("service.a"), "log_of": [], "data": given.stated(["pii"]), "erasure": given.absent,
}

at_store(facts) := {"addr": "datastore.d", "subject": replaced(store, facts)}

history(facts) := {f.verdict | some f in event_sourcing.no_history with input as at_store(facts)}

test_dat_010_no_history_fires if history({}) == {"violation"}

test_dat_010_audit_table_is_silent if history({"audit_log": given.stated(true)}) == set()

test_dat_010_unknown_audit_table_asks if history({"audit_log": given.unknown}) == {"question"}

test_dat_010_event_store_is_silent if history({"kind": given.stated("event_store")}) == set()

test_dat_010_event_sourced_is_silent if history({"event_sourced": given.derived(true)}) == set()

test_dat_010_no_audit_is_silent if history({"audit": given.absent}) == set()

test_dat_010_offers_both if {
	some f in event_sourcing.no_history with input as at_store({})
	f.fix == [{"set": "audit_log", "value": true}]
	f.alternatives[0][0].at == "service.a"
}

erased(facts) := {f.verdict | some f in event_sourcing.never_erased with input as at_store(facts)}

log := {"log_of": ["service.a"]}

test_dat_014_personal_data_in_a_log_fires if erased(log) == {"violation"}

test_dat_014_event_store_fires if erased({"kind": given.stated("event_store"), "data": given.stated(["health"])}) == {"violation"}

test_dat_014_erasure_is_silent if erased(object.union(log, {"erasure": given.stated("crypto_shredding")})) == set()

test_dat_014_unknown_erasure_asks if erased(object.union(log, {"erasure": given.unknown})) == {"question"}

test_dat_014_other_data_is_silent if erased(object.union(log, {"data": given.stated(["financial"])})) == set()

test_dat_014_plain_store_is_silent if erased({}) == set()

es := given.control({
	"store": given.stated("datastore.log"),
	"projections": given.absent,
	"versioning": given.absent,
	"snapshot_every": given.absent,
	"integration_events": given.default_value(false),
	"replay": given.default_value(false),
	"publishes": given.absent,
})

service := {
	"event_sourcing": es,
	"cqrs": given.absent,
	"es_store_type": given.derived("datastore"),
	"es_retention": given.absent,
	"es_audit": given.absent,
	"es_data": given.absent,
	"es_writers": ["service.a"],
	"es_one_copy": given.derived(false),
	"es_write_rate": given.derived(20),
	"es_queried": given.derived(true),
	"es_queries": given.derived(20),
	"es_queried_by": ["service.b.call.a"],
	"es_replayed_events": given.derived(20000),
	"es_rebuild_time": given.derived(2000),
	"es_foreign_consumers": ["service.z"],
	"es_foreign": given.derived(true),
}

at_service(facts) := {"addr": "service.a", "subject": replaced(service, facts)}

with_es(facts) := {"event_sourcing": replaced(es, facts)}

asked(facts) := {[f.verdict, f.say] | some f in event_sourcing.log_unreadable with input as at_service(facts)}

verdicts(results) := {r[0] | some r in results}

test_dat_011_queried_log_fires if {
	asked({}) == {["violation", "{subject} is asked {queries} for what it knows, but {store} holds only events by entity: every other question has to read the whole log."]}
}

test_dat_011_unknown_rate_fires if {
	asked({"es_queries": given.unknown_number}) == {["violation", "{subject} is asked for what it knows, but {store} holds only events by entity: every other question has to read the whole log."]}
}

test_dat_011_empty_projections_fire if verdicts(asked(with_es({"projections": given.stated([])}))) == {"violation"}

test_dat_011_projections_are_silent if asked(with_es({"projections": given.stated(["datastore.v"])})) == set()

test_dat_011_cqrs_is_silent if asked({"cqrs": given.control({})}) == set()

test_dat_011_unknown_access_asks if verdicts(asked({"es_queried": given.unknown})) == {"question"}

test_dat_011_nobody_asks_is_silent if asked({"es_queried": given.derived(false)}) == set()

test_dat_011_without_event_sourcing_is_silent if asked({"event_sourcing": given.absent}) == set()

rebuild(facts) := {f.verdict | some f in event_sourcing.slow_rebuild with input as at_service(facts)}

test_dat_012_long_rebuild_fires if rebuild({}) == {"violation"}

test_dat_012_short_rebuild_is_silent if rebuild({"es_rebuild_time": given.derived(50)}) == set()

test_dat_012_unknown_events_ask if rebuild({"es_rebuild_time": given.unknown_number}) == {"question"}

versions(facts) := {f.verdict | some f in event_sourcing.no_versioning with input as at_service(facts)}

test_dat_013_no_versioning_fires if versions({}) == {"violation"}

test_dat_013_upcast_is_silent if versions(with_es({"versioning": given.stated("upcast")})) == set()

test_dat_013_unknown_asks if versions(with_es({"versioning": given.unknown})) == {"question"}

topic := {"es_store_type": given.derived("topic"), "event_sourcing": replaced(es, {"store": given.stated("topic.log")})}

broker(facts) := {[f.verdict, count(f.fix)] | some f in event_sourcing.broker_as_store with input as at_service(object.union(topic, facts))}

test_dat_015_topic_as_store_fires if broker({}) == {["violation", 3]}

test_dat_015_topic_for_others_stays if {
	kept := {"event_sourcing": replaced(es, {"store": given.stated("topic.log"), "publishes": given.stated("topic.log")})}
	verdicts(broker(kept)) == {"violation"}
}

test_dat_015_one_copy_is_silent if broker({"es_one_copy": given.derived(true)}) == set()

test_dat_015_datastore_is_silent if broker({"es_store_type": given.derived("datastore")}) == set()

expires(facts) := {f.verdict | some f in event_sourcing.events_expire with input as at_service(object.union(topic, facts))}

test_dat_017_finite_retention_fires if expires({"es_retention": given.profile(604800000)}) == {"violation"}

test_dat_017_for_ever_is_silent if expires({"es_retention": given.none}) == set()

test_dat_017_unknown_retention_asks if expires({"es_retention": given.unknown_number}) == {"question"}

test_dat_017_datastore_is_silent if {
	expires({"es_store_type": given.derived("datastore"), "es_retention": given.stated(1)}) == set()
}

reason(facts) := {f.verdict | some f in event_sourcing.no_reason with input as at_service(facts)}

test_dat_016_no_reason_fires if reason({}) == {"violation"}

test_dat_016_topic_is_judged_elsewhere if reason({"es_store_type": given.derived("topic")}) == set()

test_dat_016_replay_is_silent if reason(with_es({"replay": given.stated(true)})) == set()

test_dat_016_audit_is_silent if reason({"es_audit": given.stated("required")}) == set()

test_dat_016_money_is_silent if reason({"es_data": given.stated(["financial"])}) == set()

test_dat_016_high_rate_is_silent if reason({"es_write_rate": given.derived(900)}) == set()

test_dat_016_unknown_rate_asks if reason({"es_write_rate": given.unknown_number}) == {"question"}

private(facts) := {f.verdict | some f in event_sourcing.private_events with input as at_service(facts)}

test_dat_018_another_team_fires if private({}) == {"violation"}

test_dat_018_own_team_is_silent if private({"es_foreign": given.derived(false)}) == set()

test_dat_018_translated_is_silent if private(with_es({"integration_events": given.stated(true)})) == set()

test_dat_018_unknown_team_asks if private({"es_foreign": given.unknown}) == {"question"}
