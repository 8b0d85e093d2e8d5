package archcheck.rules.data.outbox_test

import data.archcheck.given
import data.archcheck.rules.data.outbox

db := {
	"addr": "datastore.db", "via": "service.a.call.db", "certain": given.derived(true), "kind": given.stated("relational"),
	"data": given.stated(["pii"]), "transactions": given.default_value(true), "feeds_topic_by_cdc": given.derived(false),
}

# a commits to db and publishes t beside it, which b takes
bare := {
	"subject": {
		"outbox": given.absent,
		"loss": given.default_value("intolerable"),
		"rate": given.derived(80),
		"lost_per_outage": given.derived(2400),
		"feeds_step": given.derived(false),
		"topic_ordering_key": given.absent,
		"consumers": [{"node": "service.b"}],
		"outbox_store": {"addr": "", "committed": given.absent, "same_server": given.absent, "transactions": given.absent},
	},
	"from": {"addr": "service.a", "writes": [db], "publishes_from_event_log": given.derived(false)},
	"to": {"addr": "topic.t"},
}

dual(patch) := {[f.verdict, f.severity] | some f in outbox.dual_write with input as object.union(bare, patch)}

of(fact) := {"from": {"writes": [object.union(db, fact)]}}

test_dat_030_dual_write_fires if dual({}) == {["violation", "high"]}

test_dat_030_financial_data_is_critical if dual(of({"data": given.stated(["financial"])})) == {["violation", "critical"]}

test_dat_030_a_step_waits if dual({"subject": {"feeds_step": given.derived(true)}}) == {["violation", "critical"]}

test_dat_030_unstated_data_is_high if dual(of({"data": given.absent})) == {["violation", "high"]}

test_dat_030_outbox_clears if dual({"subject": {"outbox": given.control({})}}) == set()

test_dat_030_unknown_outbox_asks if dual({"subject": {"outbox": given.unknown}}) == {["question", "high"]}

test_dat_030_tolerable_loss_clears if dual({"subject": {"loss": given.stated("tolerable")}}) == set()

test_dat_030_cdc_clears if dual(of({"feeds_topic_by_cdc": given.derived(true)})) == set()

test_dat_030_event_log_clears if dual({"from": {"publishes_from_event_log": given.derived(true)}}) == set()

test_dat_030_cache_clears if dual(of({"kind": given.stated("cache")})) == set()

test_dat_030_unstated_kind_holds_state if {
	doc := object.union(bare, {"from": {"writes": [object.union(object.remove(db, ["kind"]), {"kind": given.unknown})]}})
	{f.verdict | some f in outbox.dual_write with input as doc} == {"violation"}
}

test_dat_030_unknown_access_asks if {
	doc := object.union(bare, {"from": {"writes": [object.union(object.remove(db, ["certain"]), {"certain": given.unknown})]}})
	{f.verdict | some f in outbox.dual_write with input as doc} == {"question"}
}

test_dat_030_nothing_written_is_silent if dual({"from": {"writes": []}}) == set()

test_dat_030_names_who_misses_it if {
	says({}) == {"{from} commits to {store} and publishes to {to} separately. A crash or a broker outage between the two loses the event, or announces a change that was rolled back. One outage of 30 s costs {lost} messages that {takers} never gets."}
}

test_dat_030_counts_without_a_single_taker if {
	some text in says({"subject": {"consumers": []}})
	endswith(text, "One outage of 30 s costs {lost} messages.")
}

test_dat_030_counts_nothing_it_does_not_know if {
	subject := object.union(object.remove(bare.subject, ["lost_per_outage"]), {"lost_per_outage": given.unknown_number})
	doc := object.union(object.remove(bare, ["subject"]), {"subject": subject})
	some f in outbox.dual_write with input as doc
	endswith(f.say, "rolled back.")
}

says(patch) := {f.say | some f in outbox.dual_write with input as object.union(bare, patch)}

fixes(patch) := {f.fix[0] | some f in outbox.dual_write with input as object.union(bare, patch)}

test_dat_030_offers_an_outbox if fixes({}) == {{"set": "outbox", "value": {"store": "datastore.db", "relay": "cdc"}}}

test_dat_030_keeps_the_topics_key if {
	some f in fixes({"subject": {"topic_ordering_key": given.stated("order_id")}})
	f.value.ordering_key.value == "order_id"
}

test_dat_030_without_transactions_the_store_publishes if {
	fixes(of({"transactions": given.default_value(false)})) == {{"at": "datastore.db", "add": "publish", "label": "t", "value": {"to": "topic.t"}}}
}

# the outbox is in another store
elsewhere := {"subject": {
	"outbox": given.control({}),
	"outbox_store": {
		"addr": "datastore.o", "committed": given.derived(false), "same_server": given.derived(false), "transactions": given.default_value(true),
	},
}}

apart(patch) := {f.verdict | some f in outbox.outbox_elsewhere with input as object.union(object.union(bare, elsewhere), patch)}

store(fact) := {"subject": {"outbox_store": fact}}

test_dat_031_another_database_fires if apart({}) == {"violation"}

test_dat_031_same_database_is_silent if apart(store({"committed": given.derived(true)})) == set()

test_dat_031_same_server_is_silent if apart(store({"same_server": given.derived(true)})) == set()

test_dat_031_without_state_is_silent if apart({"from": {"writes": []}}) == set()

test_dat_031_without_outbox_is_silent if apart(store({"addr": ""})) == set()

test_dat_031_unknown_write_asks if {
	at := object.union(object.remove(elsewhere.subject.outbox_store, ["committed"]), {"committed": given.unknown})
	subject := object.union(object.remove(bare.subject, ["outbox_store"]), {"outbox_store": at})
	doc := object.union(object.remove(bare, ["subject"]), {"subject": subject})
	{f.verdict | some f in outbox.outbox_elsewhere with input as doc} == {"question"}
}

loose(fact) := {f.verdict |
	some f in outbox.outbox_without_transactions with input as object.union(
		object.remove(bare, ["subject"]),
		{"subject": {"outbox_store": object.union(elsewhere.subject.outbox_store, fact)}},
	)
}

test_dat_036_no_transactions_fires if loose({"transactions": given.default_value(false)}) == {"violation"}

test_dat_036_transactions_are_silent if loose({}) == set()

test_dat_036_unknown_kind_asks if {
	at := {"addr": "datastore.o", "transactions": given.unknown}
	{f.verdict | some f in outbox.outbox_without_transactions with input as object.union(
		object.remove(bare, ["subject"]),
		{"subject": {"outbox_store": at}},
	)} == {"question"}
}

test_dat_036_without_outbox_is_silent if loose({"addr": ""}) == set()

test_dat_036_offers_the_store_with_transactions if {
	some f in outbox.outbox_without_transactions with input as object.union(
		object.remove(bare, ["subject"]),
		{"subject": {"outbox_store": {"addr": "datastore.o", "transactions": given.default_value(false)}}},
	)
	f.alternatives == [[{"set": "outbox.store", "value": "datastore.db"}]]
}
