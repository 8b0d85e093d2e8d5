# The leaves on stores, transactions, releases and migrations.
package archcheck.flowchart.leaves_test

import data.archcheck.flowchart
import data.archcheck.given

yes := given.derived(true)

no := given.derived(false)

on(subject) := {"addr": "x.y", "subject": subject}

strong(consistency, xa) := on({
	"store_count": given.derived(2), "consistency": consistency,
	"participants": [{"addr": "datastore.a", "type": "datastore", "xa": given.stated(true)}, {"addr": "datastore.b", "type": "datastore", "xa": xa}],
})

test_d13_stores_that_agree_at_once if {
	flowchart.transaction.d13.verdict == "violation" with input as strong(given.stated("strong"), given.stated(true))
	flowchart.transaction.d13.facts.stores == ["a", "b"] with input as strong(given.stated("strong"), given.stated(true))
	flowchart.transaction.d13.verdict == "question" with input as strong(given.stated("strong"), given.unknown)
	flowchart.transaction.d13.verdict == "pass" with input as strong(given.stated("strong"), given.stated(false))
	flowchart.transaction.d13.verdict == "pass" with input as strong(given.default_value("eventual"), given.stated(true))
}

store(ratio, use, writers) := on({"reads_per_write": ratio, "utilisation": use, "known_writers": writers})

test_d14_many_reads_on_a_busy_store if {
	flowchart.store.d14.verdict == "violation" with input as store(given.derived(12), given.derived(0.8), [])
	flowchart.store.d14.verdict == "pass" with input as store(given.derived(12), given.derived(0.5), [])
	flowchart.store.d14.verdict == "pass" with input as store(given.derived(4), given.derived(0.8), [])
	flowchart.store.d14.verdict == "question" with input as store(given.unknown_number, given.derived(0.8), [])
}

test_d29_two_writers if {
	flowchart.store.d29.verdict == "violation" with input as store(given.unknown_number, given.unknown_number, ["service.a", "service.b"])
	flowchart.store.d29.verdict == "pass" with input as store(given.unknown_number, given.unknown_number, ["service.a"])
}

test_d15_an_audit_trail if {
	flowchart.datastore.d15.verdict == "violation" with input as on({"audit": given.stated("required")})
	flowchart.datastore.d15.verdict == "pass" with input as on({"audit": given.absent})
}

test_d16_several_parts_face_the_internet if {
	flowchart.node.d16.verdict == "violation" with input as on({"exposed": yes, "exposed_count": 2})
	flowchart.node.d16.verdict == "pass" with input as on({"exposed": no, "exposed_count": 2})
	not flowchart.node.d16 with input as on({"exposed": yes, "exposed_count": 1})
}

publish(writes, loss) := {"addr": "service.a.publish.t", "subject": {"loss": loss}, "from": {"writes": writes}}

test_d20_a_write_that_is_announced if {
	sure := [{"addr": "datastore.a", "certain": yes}]
	perhaps := [{"addr": "datastore.a", "certain": given.unknown}]
	flowchart.publish.d20.verdict == "violation" with input as publish(sure, given.default_value("intolerable"))
	flowchart.publish.d20.verdict == "question" with input as publish(perhaps, given.default_value("intolerable"))
	flowchart.publish.d20.verdict == "pass" with input as publish(sure, given.stated("tolerable"))
	not flowchart.publish.d20 with input as publish([], given.default_value("intolerable"))
}

system(patch) := {
	"addr": "system.s",
	"subject": given.lay({"languages": ["go", "java"], "cross_cutting_needs": ["mutual TLS"], "services": 12, "network_concerns": given.derived(2)}, patch),
	"system": {"params": {"mesh_worth": 10}},
}

test_d22_one_concern_in_several_languages if {
	flowchart.system.d22.verdict == "violation" with input as system({})
	flowchart.system.d22.verdict == "pass" with input as system({"languages": ["go"]})
	flowchart.system.d22.verdict == "pass" with input as system({"cross_cutting_needs": []})
}

test_d23_many_services_with_needs if {
	flowchart.system.d23.verdict == "violation" with input as system({})
	flowchart.system.d23.verdict == "pass" with input as system({"services": 9})
	flowchart.system.d23.verdict == "pass" with input as system({"network_concerns": given.derived(1)})
}

route(status) := on({"status": given.stated(status)})

test_d27_a_share_goes_the_new_way if {
	flowchart.route.d27.verdict == "violation" with input as route("canary")
	flowchart.route.d27.verdict == "pass" with input as route("migrated")
}

test_d28_the_old_system_still_serves if {
	flowchart.migration.d28.verdict == "violation" with input as on({"done": no, "legacy": given.stated("service.erp")})
	flowchart.migration.d28.verdict == "pass" with input as on({"done": yes, "legacy": given.stated("service.erp")})
}

workload(patch) := given.patched(
	{
		"addr": "service.a",
		"subject": {
			"leaf": "rest", "outside": yes, "outside_kinds": ["web"], "outside_callers": ["client.web"], "slots": given.stated(32),
			"calls": [{"to": "service.b", "hang_in_flight": given.derived(40)}], "downstreams": given.derived(2),
			"rate": given.derived(80), "capacity": given.derived(400), "user_facing": yes, "constrained_client": "client.app",
			"frugal_client": "client.web", "constrained_trips": given.derived(6), "trip_ratio": given.derived(1),
			"payload_ratio": given.absent, "objective": given.stated(0.999), "release_strategy": given.stated("rolling"),
			"rollback_time": given.derived(30000), "replicas": given.stated(4),
		},
		"system": {"zero_downtime": given.default_value(false)},
	},
	patch,
)

subject(patch) := workload({"subject": patch})

test_d01_everybody_outside_speaks_it if {
	flowchart.workload.d01.verdict == "violation" with input as subject({})
	not flowchart.workload.d01 with input as subject({"leaf": "graphql"})
	not flowchart.workload.d01 with input as subject({"outside_kinds": ["iot"]})
	flowchart.workload.d01.verdict == "question" with input as subject({"outside": given.unknown})
}

test_d07_one_callee_could_hold_all_slots if {
	flowchart.workload.d07.verdict == "violation" with input as subject({})
	flowchart.workload.d07.verdict == "pass" with input as subject({"slots": given.stated(64)})
	not flowchart.workload.d07 with input as subject({"downstreams": given.derived(1)})
}

test_d08_nobody_controls_what_comes if {
	contains(flowchart.workload.d08.say, "open to {callers}") with input as subject({})
	inside := {"outside": no, "outside_callers": []}
	flowchart.workload.d08.verdict == "pass" with input as subject(inside)
	full := object.union(inside, {"capacity": given.derived(200)})
	flowchart.workload.d08.verdict == "violation" with input as subject(full)
	contains(flowchart.workload.d08.say, "three times") with input as subject(full)
	flowchart.workload.d08.verdict == "pass" with input as subject(object.union(full, {"user_facing": no}))
}

test_d17_clients_whose_needs_differ if {
	flowchart.workload.d17.verdict == "violation" with input as subject({})
	flowchart.workload.d17.verdict == "pass" with input as subject({"constrained_trips": given.derived(1)})
	flowchart.workload.d17.verdict == "violation" with input as subject({"constrained_trips": given.derived(1), "payload_ratio": given.derived(4)})
	not flowchart.workload.d17 with input as subject({"frugal_client": ""})
}

test_d24_releases_that_users_must_not_notice if {
	flowchart.workload.d24.verdict == "pass" with input as subject({})
	slow := {"rollback_time": given.derived(600000)}
	flowchart.workload.d24.verdict == "violation" with input as subject(slow)
	contains(flowchart.workload.d24.say, "{time}") with input as subject(slow)
	stopped := {"release_strategy": given.stated("recreate")}
	flowchart.workload.d24.say == "each release stops it" with input as subject(stopped)
	flowchart.workload.d24.verdict == "pass" with input as subject(object.union(slow, {"objective": given.stated(0.99)}))
	promised := workload({"subject": object.union(slow, {"objective": given.absent}), "system": {"zero_downtime": given.stated(true)}})
	flowchart.workload.d24.verdict == "violation" with input as promised
}

test_d25_enough_requests_for_a_small_share if {
	flowchart.workload.d25.verdict == "violation" with input as subject({})
	flowchart.workload.d25.verdict == "pass" with input as subject({"rate": given.derived(2)})
	flowchart.workload.d25.verdict == "question" with input as subject({"rate": given.unknown_number})
}

test_d26_some_serve_while_others_are_replaced if {
	flowchart.workload.d26.verdict == "violation" with input as subject({})
	flowchart.workload.d26.verdict == "pass" with input as subject({"replicas": given.stated(1)})
}
