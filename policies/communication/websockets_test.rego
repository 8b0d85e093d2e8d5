package archcheck.rules.communication.websockets_test

import data.archcheck.given
import data.archcheck.rules.communication.websockets

yes := given.derived(true)

no := given.derived(false)

client := {
	"realtime": given.stated("bidirectional"), "first_nodes": ["service.chat"], "push_channels": [],
	"tolerates_staleness": given.absent, "polls_every": given.stated(5000),
}

waits(patch) := {f.verdict | some f in websockets.no_push_channel with input as {"subject": given.lay(client, patch)}}

test_com_030_fires if waits({}) == {"violation"}

test_com_030_a_socket_clears if waits({"push_channels": ["websocket"]}) == set()

test_com_030_events_clear_push_only if {
	waits({"push_channels": ["sse"], "realtime": given.stated("push")}) == set()
	waits({"push_channels": ["sse"]}) == {"violation"}
}

test_com_030_half_a_minute_is_fine if waits({"tolerates_staleness": given.stated(30000)}) == set()

test_com_030_no_need_is_silent if waits({"realtime": given.absent}) == set()

test_com_030_asks if waits({"realtime": given.unknown}) == {"question"}

api := {
	"style": "websocket", "owner": "service.chat", "terminates": yes, "replicas": given.stated(3), "backplane": given.absent,
	"connected_elsewhere": given.derived(0.667), "consumed_topics": [], "idle_timeout": given.stated(60000),
	"idle_hop": "gateway.lb", "heartbeat": given.stated(60000), "rec_heartbeat": given.derived(30000),
	"connections": given.derived(50000), "max_connections": given.stated(20000), "connections_after_loss": given.derived(25000),
	"rec_replicas": given.derived(4), "needs_push": yes, "reached": yes, "strategy": given.stated("rolling"), "drain": given.absent,
	"reconnect_jitter": given.stated(true), "reconnect_rate": given.derived(1667), "grace": given.default_value(30000),
	"capacity": given.derived(300), "deploy_stated": yes, "rec_drain": given.derived(24000),
}

elsewhere(patch) := {f.verdict | some f in websockets.no_backplane with input as {"subject": given.lay(api, patch)}}

test_com_031_fires if elsewhere({}) == {"violation"}

test_com_031_a_backplane_clears if elsewhere({"backplane": given.stated("topic.rooms")}) == set()

test_com_031_one_replica_is_silent if elsewhere({"replicas": given.stated(1)}) == set()

test_com_031_a_gateway_that_hands_on_is_silent if elsewhere({"terminates": no}) == set()

test_com_031_asks if elsewhere({"replicas": {"state": "unknown", "lo": 1}}) == {"question"}

test_com_031_fix_takes_a_topic_that_is_consumed if {
	some f in websockets.no_backplane with input as {"subject": given.lay(api, {"consumed_topics": ["topic.rooms"]})}
	f.fix == [{"set": "backplane", "value": "topic.rooms"}]
}

idle(patch) := {f.verdict | some f in websockets.idle_cut with input as {"subject": given.lay(api, patch)}}

test_com_032_as_slow_as_the_timeout_fires if idle({}) == {"violation"}

test_com_032_no_heartbeat_fires if idle({"heartbeat": given.absent}) == {"violation"}

test_com_032_in_time_is_silent if idle({"heartbeat": given.stated(25000)}) == set()

test_com_032_nothing_in_between_is_silent if idle({"idle_timeout": given.absent, "idle_hop": "", "heartbeat": given.absent}) == set()

test_com_032_asks if {
	idle({"idle_timeout": given.unknown_number}) == {"question"}
	idle({"idle_timeout": given.unknown_number, "heartbeat": given.absent}) == {"question"}
}

crowded(patch) := {f.verdict | some f in websockets.too_few_after_loss with input as {"subject": given.lay(api, patch)}}

test_com_033_fires if crowded({}) == {"violation"}

test_com_033_enough_is_silent if crowded({"connections_after_loss": given.derived(16667)}) == set()

test_com_033_asks if {
	crowded({"max_connections": given.unknown_number}) == {"question"}
	crowded({"connections_after_loss": given.unknown_number}) == {"question"}
}

needless(patch) := {f.verdict | some f in websockets.needless_sockets with input as {"subject": given.lay(api, patch)}}

test_com_034_fires if needless({"needs_push": no}) == {"violation"}

test_com_034_a_need_is_silent if needless({}) == set()

test_com_034_nobody_calls_it if needless({"needs_push": no, "reached": no}) == set()

test_com_034_asks if needless({"needs_push": given.unknown}) == {"question"}

herd(patch) := {f.verdict | some f in websockets.dropped_at_once with input as {"subject": given.lay(api, patch)}}

test_com_035_fires_without_drain if herd({}) == {"violation"}

test_com_035_fires_without_jitter if herd({"drain": given.stated(24000), "reconnect_jitter": given.stated(false)}) == {"violation"}

test_com_035_both_clear if herd({"drain": given.stated(24000)}) == set()

test_com_035_a_canary_is_silent if herd({"strategy": given.stated("canary")}) == set()

test_com_035_asks if {
	herd({"strategy": given.unknown}) == {"question"}
	herd({"drain": given.unknown_number}) == {"question"}
	herd({"drain": given.stated(24000), "reconnect_jitter": given.unknown}) == {"question"}
}

stream := {
	"subject": {
		"stream": given.stated(true), "over_socket": no, "stream_limit": given.derived(15000), "stream_hop": "envoy",
		"deadline": given.absent,
	},
	"from": {"type": "gateway"},
}

cut(patch) := {f.verdict | some f in websockets.stream_cut with input as given.lay(stream, {"subject": given.lay(stream.subject, patch)})}

test_com_036_fires if cut({}) == {"violation"}

test_com_036_sockets_fire if cut({"stream": given.default_value(false), "over_socket": yes}) == {"violation"}

test_com_036_no_limit_is_silent if cut({"stream_limit": given.absent}) == set()

test_com_036_a_request_is_silent if cut({"stream": given.default_value(false)}) == set()

test_com_036_asks if cut({"stream": given.default_value(false), "over_socket": given.unknown}) == {"question"}

test_com_036_fix_lifts_the_cap_of_a_gateway_too if {
	with_cap := given.lay(stream, {"subject": given.lay(stream.subject, {"deadline": given.inherited(15000)})})
	some f in websockets.stream_cut with input as with_cap
	f.fix == [{"set": "timeout", "value": "none"}, {"set": "deadline", "value": "none"}]
}

news(patch) := {f | some f in websockets.no_push_channel with input as {"subject": given.lay(client, patch)}}

test_com_030_says_how_late_news_come if {
	some polled in news({})
	contains(polled.say, "up to {polls} late")
	some never in news({"polls_every": given.absent})
	contains(never.say, "until it asks")
}

test_com_030_news_in_one_direction_need_no_socket if {
	some both in news({})
	both.fix[0].label == "websocket"
	some pushed in news({"realtime": given.stated("push")})
	pushed.fix[0].label == "sse"
}

herd_words(patch) := {f.say | some f in websockets.dropped_at_once with input as {"subject": given.lay(api, patch)}}

test_com_035_says_what_comes_back if {
	some full in herd_words({})
	contains(full, "it serves {capacity}")
	some unmeasured in herd_words({"capacity": given.unknown_number})
	contains(unmeasured, "on top of its work")
	some uncounted in herd_words({"reconnect_rate": given.unknown_number})
	contains(uncounted, "in the same moment")
}
