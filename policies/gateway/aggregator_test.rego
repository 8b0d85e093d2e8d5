package archcheck.rules.gateway.aggregator_test

import data.archcheck.given
import data.archcheck.rules.gateway.aggregator

yes := given.derived(true)

no := given.derived(false)

client := {
	"network": given.default_value("cellular"), "trips": given.derived(4), "serial_trips": given.derived(4), "backends": given.derived(4),
	"network_time": given.derived(360), "network_share": given.absent, "rtt": given.derived(120), "calls_to": ["gateway.a", "gateway.b"],
}

fans_out(patch) := {f.verdict | some f in aggregator.client_fans_out with input as {"subject": given.lay(client, patch)}}

test_gwy_020_fires if fans_out({}) == {"violation"}

test_gwy_020_a_local_network_is_silent if fans_out({"network": given.stated("lan")}) == set()

test_gwy_020_two_backends_are_silent if fans_out({"backends": given.derived(2)}) == set()

test_gwy_020_side_by_side_in_time_is_silent if {
	fans_out({"serial_trips": given.derived(2), "network_share": given.derived(0.2)}) == set()
	fans_out({"serial_trips": given.derived(2), "network_share": given.derived(0.3)}) == {"violation"}
}

test_gwy_020_wide_area_side_by_side_counts_from_five if {
	wide := {"network": given.default_value("wan"), "serial_trips": given.derived(2)}
	fans_out(wide) == set()
	fans_out(given.lay(wide, {"backends": given.derived(5), "trips": given.derived(5)})) == {"violation"}
}

test_gwy_020_asks if {
	fans_out({"trips": {"state": "unknown", "lo": 1, "hi": 4}, "serial_trips": {"state": "unknown", "lo": 1, "hi": 4}}) == {"question"}
}

workload := {
	"type": "gateway", "user_facing": yes, "serial_reads": ["gateway.p.call.a", "gateway.p.call.b", "gateway.p.call.c"],
	"serial_sum": given.derived(360), "serial_longest": given.derived(120), "serial_saved": given.derived(240),
	"serial_limit": given.derived(600), "serial_share": given.derived(0.6),
	"hard_branches": ["gateway.p.call.a", "gateway.p.call.b", "gateway.p.call.c"], "branch_availability": given.derived(0.997),
	"objective": given.stated(0.999), "soften": ["gateway.p.call.a"],
	"parallel_branches": ["gateway.p.call.a", "gateway.p.call.b", "gateway.p.call.c"], "parallel_p99": given.derived(169),
	"parallel_budget": given.derived(150), "any_slow": given.derived(0.03), "leaf_quantile": given.derived(0.997),
	"sole_callee": "service.catalog", "sole_calls": given.derived(4), "sole_edges": ["gateway.p.call.a"],
}

doc(patch) := {"subject": given.lay(workload, patch)}

serial(patch) := {f.verdict | some f in aggregator.serial_reads with input as doc(patch)}

test_gwy_021_fires if serial({}) == {"violation"}

test_gwy_021_two_reads_are_silent if serial({"serial_reads": ["gateway.p.call.a", "gateway.p.call.b"]}) == set()

test_gwy_021_room_enough_is_silent if serial({"serial_share": given.derived(0.4)}) == set()

test_gwy_021_no_room_at_all_is_another_rules if serial({"serial_limit": given.derived(0)}) == set()

test_gwy_021_unmeasured_reads_are_no_question if serial({"serial_share": given.unknown_number}) == set()

test_gwy_021_assumed_tails_are_a_risk if serial({"serial_share": given.between(0.2, 0.6, 2)}) == {"risk"}

torn_down(patch) := {[f.verdict, f.severity] | some f in aggregator.all_or_nothing with input as doc(patch)}

test_gwy_022_fires if torn_down({}) == {["violation", "high"]}

test_gwy_022_on_assumptions_is_a_risk if torn_down({"branch_availability": given.between(0.99, 0.998, 0.9999)}) == {["risk", "medium"]}

test_gwy_022_enough_is_silent if torn_down({"branch_availability": given.derived(0.9995)}) == set()

test_gwy_022_nothing_optional_is_silent if torn_down({"soften": []}) == set()

test_gwy_022_no_user_waits_is_silent if torn_down({"user_facing": no}) == set()

test_gwy_022_no_objective_is_silent if torn_down({"objective": given.absent}) == set()

straggler(patch) := {f.verdict | some f in aggregator.fan_out_tail with input as doc(patch)}

test_gwy_023_fires if straggler({}) == {"violation"}

test_gwy_023_within_budget_is_silent if straggler({"parallel_budget": given.derived(200)}) == set()

test_gwy_023_two_are_silent if straggler({"parallel_branches": ["gateway.p.call.a", "gateway.p.call.b"]}) == set()

test_gwy_023_no_budget_is_silent if straggler({"parallel_budget": given.absent}) == set()

test_gwy_023_an_assumed_tail_is_a_risk if straggler({"parallel_p99": given.between(100, 169, 400)}) == {"risk"}

sole(patch) := {f.verdict | some f in aggregator.sole_service with input as doc(patch)}

test_gwy_024_fires if sole({}) == {"violation"}

test_gwy_024_two_calls_are_silent if sole({"sole_calls": given.derived(2)}) == set()

test_gwy_024_two_callees_are_silent if sole({"sole_callee": "", "sole_calls": given.absent}) == set()

test_gwy_024_a_service_is_judged_elsewhere if sole({"type": "service"}) == set()

gateway := {
	"kind": given.stated("aggregator"), "several_writes": yes, "branches_in_transaction": no,
	"write_branches": ["gateway.p.call.a", "gateway.p.call.b"], "write_branch_stores": ["datastore.a", "datastore.b"],
}

writes(patch) := {f.verdict | some f in aggregator.torn_writes with input as {"subject": given.lay(gateway, patch)}}

test_gwy_025_fires if writes({}) == {"violation"}

test_gwy_025_a_saga_clears if writes({"branches_in_transaction": yes}) == set()

test_gwy_025_one_store_is_silent if writes({"several_writes": no}) == set()

test_gwy_025_a_proxy_is_silent if writes({"kind": given.stated("proxy")}) == set()

test_gwy_025_asks if writes({"several_writes": given.unknown}) == {"question"}
