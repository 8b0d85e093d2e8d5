# A pattern is in place where its smallest form is stated, and nowhere else.
package archcheck.rules.presence.presence_test

import data.archcheck.given
import data.archcheck.rules.presence

on(subject) := {"addr": "service.a", "subject": subject, "from": {"type": "service"}}

in_place := {"in place"}

# api(style) is the document of an api block, called by its style.
api(style) := {"addr": sprintf("gateway.edge.api.%s", [style]), "subject": {}}

test_styles_are_told_by_their_block if {
	presence.communication.rest == in_place with input as api("rest")
	presence.communication.graphql == in_place with input as api("graphql")
	presence.communication.websockets == in_place with input as api("websocket")
	presence.communication.grpc_api == in_place with input as api("grpc")
	presence.communication.rest == set() with input as api("grpc")
	presence.communication.grpc_api == set() with input as api("rest")
	presence.communication.graphql == set() with input as api("rest")
	presence.communication.websockets == set() with input as api("sse")
}

test_a_call_may_speak_grpc if {
	presence.communication.grpc_call == in_place with input as on({"protocol": given.derived("grpc")})
	presence.communication.grpc_call == set() with input as on({"protocol": given.unknown})
}

test_gateways_are_told_by_kind_and_callers if {
	presence.gateway.api_gateway == in_place with input as on({"kind": given.default_value("api"), "clients": ["client.web"]})
	presence.gateway.api_gateway == set() with input as on({"kind": given.default_value("api"), "clients": []})
	presence.gateway.api_gateway == set() with input as on({"kind": given.stated("proxy"), "clients": ["client.web"]})
	presence.gateway.bff == in_place with input as on({"kind": given.stated("bff")})
	presence.gateway.bff == set() with input as on({"kind": given.default_value("api")})
}

test_an_aggregator_composes if {
	presence.gateway.aggregator_kind == in_place with input as on({"kind": given.stated("aggregator")})
	presence.gateway.aggregator_logic == in_place with input as on({"logic": given.stated("composition")})
	presence.gateway.aggregator_kind == set() with input as on({"kind": given.stated("api")})
	presence.gateway.aggregator_logic == set() with input as on({"logic": given.default_value("routing")})
}

test_controls_of_a_call if {
	presence.resilience.circuit_breaker == in_place with input as on({"any_breaker": given.stated(true)})
	presence.resilience.circuit_breaker == set() with input as on({"any_breaker": given.absent})
	presence.resilience.retry == in_place with input as on({"attempts_by_layer": [{"attempts": 1}, {"attempts": 3}]})
	presence.resilience.retry == set() with input as on({"attempts_by_layer": [{"attempts": 1}]})
	presence.resilience.bulkhead == in_place with input as on({"bulkhead": given.control({})})
	presence.resilience.bulkhead == set() with input as on({"bulkhead": given.unknown})
	presence.resilience.bulkhead_pool == in_place with input as on({"pool": given.stated(20)})
	presence.resilience.bulkhead_pool == set() with input as on({"pool": given.unknown_number})
	presence.resilience.timeout == in_place with input as on({"limit": given.stated(300)})
	presence.resilience.timeout == set() with input as on({"limit": given.absent})
}

test_a_rate_limit_may_stand_on_a_call_or_a_node if {
	presence.resilience.rate_limit_call == in_place with input as on({"rate_limit": given.control({})})
	presence.resilience.rate_limit_call == set() with input as on({"rate_limit": given.none})
	presence.resilience.rate_limit_node == in_place with input as on({"rate_limit": given.control({})})
	presence.resilience.rate_limit_node == set() with input as on({"rate_limit": given.absent})
}

model(read) := on({"cqrs": given.control({"write": given.stated("datastore.w"), "read": read})})

test_separated_models_have_two_stores if {
	presence.data.cqrs == in_place with input as model(given.stated("datastore.r"))
	presence.data.cqrs == in_place with input as model(given.unknown)
	presence.data.cqrs == set() with input as model(given.stated("datastore.w"))
	presence.data.cqrs == set() with input as on({"cqrs": given.absent})
}

test_event_sourcing_is_stated if {
	presence.data.event_sourcing == in_place with input as on({"event_sourcing": given.control({})})
	presence.data.event_sourcing == set() with input as on({"event_sourcing": given.none})
}

transaction(pattern, steps) := on({"pattern": given.stated(pattern), "step_count": given.derived(steps)})

test_transactions_have_two_steps if {
	presence.data.saga == in_place with input as transaction("saga", 2)
	presence.data.saga == set() with input as transaction("saga", 1)
	presence.data.saga == set() with input as transaction("2pc", 2)
	presence.data.two_phase_commit == in_place with input as transaction("2pc", 2)
	presence.data.two_phase_commit == set() with input as transaction("2pc", 1)
}

test_a_change_stream_is_an_outbox if {
	presence.data.outbox == in_place with input as on({"outbox": given.control({})})
	presence.data.outbox == set() with input as on({"outbox": given.absent})
	presence.data.change_stream == in_place with input as {"from": {"type": "datastore"}}
	presence.data.change_stream == set() with input as on({})
}

channel(publishers, consumers) := on({"publishers": publishers, "consumers": consumers})

test_channels_have_two_sides if {
	presence.messaging.pub_sub == in_place with input as channel([{"addr": "a"}], [{"addr": "b"}])
	presence.messaging.pub_sub == set() with input as channel([{"addr": "a"}], [])
	presence.messaging.message_queue == in_place with input as channel([{"addr": "a"}], [{"addr": "b"}])
	presence.messaging.message_queue == set() with input as channel([], [{"addr": "b"}])
	presence.messaging.event_driven == in_place with input as on({"reacts_to": ["topic.t"]})
	presence.messaging.event_driven == set() with input as on({"reacts_to": []})
}

test_what_stands_beside_services if {
	presence.mesh.registry == in_place with input as on({"user_count": given.derived(3)})
	presence.mesh.registry == set() with input as on({"user_count": given.derived(0)})
	presence.mesh.discovery == in_place with input as on({"discovery": given.stated("dns")})
	presence.mesh.discovery == set() with input as on({"discovery": given.stated("static")})
	presence.mesh.discovery == set() with input as on({"discovery": given.unknown})
	presence.mesh.mesh == in_place with input as on({"member_count": given.derived(2)})
	presence.mesh.mesh == set() with input as on({"member_count": given.derived(1)})
	presence.mesh.sidecar == in_place with input as on({"sidecars": ["envoy"]})
	presence.mesh.sidecar == set() with input as on({"sidecars": []})
	presence.mesh.mesh_proxy == in_place with input as on({"proxied_by": ["mesh.m"]})
	presence.mesh.mesh_proxy == set() with input as on({"proxied_by": []})
}

release(strategy, steps) := on({
	"release_strategy": given.stated(strategy),
	"deploy": given.control({"strategy": given.stated(strategy), "steps": steps}),
})

test_releases_are_told_by_strategy if {
	presence.deployment.blue_green == in_place with input as release("blue_green", given.absent)
	presence.deployment.rolling == in_place with input as release("rolling", given.absent)
	presence.deployment.canary == in_place with input as release("canary", given.stated([0.05]))
	presence.deployment.canary == set() with input as release("canary", given.absent)
	presence.deployment.canary == set() with input as release("rolling", given.stated([0.05]))
	presence.deployment.blue_green == set() with input as release("rolling", given.absent)
	presence.deployment.rolling == set() with input as release("recreate", given.absent)
}

test_a_flag_is_used if {
	presence.deployment.feature_flags == in_place with input as on({"used": given.stated(["service.a"])})
	presence.deployment.feature_flags == set() with input as on({"used": given.absent})
}

fig(facade, routes) := on({"strategy": given.default_value("strangler"), "facade": facade, "route_count": given.derived(routes)})

test_a_strangler_has_a_facade_and_routes if {
	presence.deployment.strangler_fig == in_place with input as fig(given.stated("gateway.edge"), 1)
	presence.deployment.strangler_fig == set() with input as fig(given.absent, 1)
	presence.deployment.strangler_fig == set() with input as fig(given.stated("gateway.edge"), 0)
}

store(users, writers) := on({"user_count": given.derived(users), "known_writers": writers, "possible_writers": []})

test_a_database_of_one_service if {
	presence.deployment.database_per_service == in_place with input as store(1, ["service.a"])
	presence.deployment.database_per_service == set() with input as store(2, ["service.a"])
	presence.deployment.database_per_service == set() with input as store(1, [])
	presence.deployment.database_per_service == in_place with input as on({"user_count": given.derived(1), "known_writers": [], "possible_writers": ["service.a"]})
}
