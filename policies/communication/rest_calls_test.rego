package archcheck.rules.communication.rest_test

import data.archcheck.given
import data.archcheck.rules.communication.rest

call := {
	"outside_caller": yes, "over_rest": yes, "access": given.stated("write"), "idempotent": given.stated(false),
	"callee_idempotency_key": given.stated(false), "callee_api": "service.orders.api.rest", "rate": given.derived(20),
	"financial": no, "reaches_step": no, "webhook": no, "behind_cdn": no, "sensitive": no,
	"cache_hit": given.unknown, "callee_cache_ttl": given.none, "callee_utilisation": given.derived(0.8),
	"polling": given.stated(2000), "polling_share": given.derived(0.5), "polling_rate": given.derived(100),
	"polling_staleness": given.derived(1000), "client_realtime": given.absent, "polls_own_result": no,
}

repeated(patch) := {[f.verdict, f.severity] | some f in rest.unsafe_repeat with input as {"subject": given.lay(call, patch)}}

test_com_004_fires if repeated({}) == {["violation", "medium"]}

test_com_004_money_or_a_step_is_high if {
	repeated({"financial": yes}) == {["violation", "high"]}
	repeated({"reaches_step": yes}) == {["violation", "high"]}
}

test_com_004_idempotent_clears if repeated({"idempotent": given.stated(true)}) == set()

test_com_004_a_key_clears if repeated({"callee_idempotency_key": given.stated(true)}) == set()

test_com_004_a_read_clears if repeated({"access": given.derived("read")}) == set()

test_com_004_another_style_is_silent if repeated({"over_rest": no}) == set()

test_com_004_where_absent_is_no_excuse if repeated({"idempotent": given.absent}) == {["violation", "medium"]}

test_com_004_asks if {
	repeated({"access": given.unknown}) == {["question", "medium"]}
	repeated({"idempotent": given.unknown}) == {["question", "medium"]}
	repeated({"callee_idempotency_key": given.unknown}) == {["question", "medium"]}
}

polls(patch) := {f.verdict | some f in rest.polls_for_news with input as {"subject": given.lay(call, patch)}}

test_com_005_fires if polls({}) == {"violation"}

test_com_005_a_need_for_news_fires if {
	polls({"polling_share": given.derived(0.01), "client_realtime": given.stated("push")}) == {"violation"}
}

test_com_005_few_polls_are_silent if polls({"polling_share": given.derived(0.1)}) == set()

test_com_005_slow_polls_are_silent if polls({"polling": given.stated(30000)}) == set()

test_com_005_no_polls_are_silent if polls({"polling": given.absent}) == set()

test_com_005_an_own_result_is_silent if polls({"polls_own_result": yes}) == set()

test_com_005_asks_how_many if polls({"polling_share": given.unknown_number}) == {"question"}

reads(patch) := {f.verdict |
	some f in rest.uncached_reads with input as {"subject": given.lay(call, object.union({"access": given.stated("read"), "rate": given.derived(160)}, patch))}
}

test_com_006_fires if reads({}) == {"violation"}

test_com_006_asks_for_the_time_to_live if reads({"callee_cache_ttl": given.unknown_number}) == {"question"}

test_com_006_a_cache_clears if {
	reads({"callee_cache_ttl": given.stated(30000)}) == set()
	reads({"cache_hit": given.stated(0.9)}) == set()
	reads({"behind_cdn": yes}) == set()
}

test_com_006_personal_data_is_silent if reads({"sensitive": yes}) == set()

test_com_006_no_load_is_silent if {
	reads({"callee_utilisation": given.derived(0.5)}) == set()
	reads({"callee_utilisation": given.unknown_number}) == set()
	reads({"rate": given.derived(50)}) == set()
}

repeat_words(patch) := {f.say | some f in rest.unsafe_repeat with input as {"subject": given.lay(call, patch)}}

test_com_004_a_webhook_is_delivered_again if {
	some say in repeat_words({"webhook": yes})
	contains(say, "{from} delivers again until it sees a success")
}

test_com_004_counts_where_it_can if {
	some counted in repeat_words({})
	endswith(counted, "{rate} reach it this way.")
	some uncounted in repeat_words({"rate": given.unknown_number})
	endswith(uncounted, "recognises a repetition.")
}
