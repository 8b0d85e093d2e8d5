package archcheck.rules.system.capacity_test

import data.archcheck.given
import data.archcheck.rules.system.capacity

node(patch) := {
	"addr": "service.orders",
	"subject": given.lay(
		{
			"type": "service",
			"rate": given.derived(80),
			"capacity": given.derived(120),
			"utilisation": given.derived(0.67),
			"utilisation_zone_loss": given.derived(1.33),
			"utilisation_at_max": given.absent,
			"utilisation_zone_loss_at_max": given.absent,
			"replicas": given.stated(4),
			"zones": given.stated(2),
			"rec_replicas": given.derived(8),
			"stable_rate": given.derived(140),
			"retry_edges": [{"addr": "gateway.edge.call.checkout", "attempts": 2}],
		},
		patch,
	),
	"system": {"params": {"utilisation_high": 0.8}},
}

small(patch) := {[f.verdict, f.severity] | some f in capacity.too_small with input as node(patch)}

test_zone_loss_beyond_capacity_is_high if small({}) == {["violation", "high"]}

test_beyond_capacity_is_critical if small({"utilisation": given.derived(1.1)}) == {["violation", "critical"]}

test_busy_is_high if small({"utilisation": given.derived(0.85), "utilisation_zone_loss": given.absent}) == {["violation", "high"]}

test_tight_after_zone_loss_is_medium if small({"utilisation_zone_loss": given.derived(0.9)}) == {["violation", "medium"]}

test_room_is_silent if small({"utilisation_zone_loss": given.derived(0.72)}) == set()

test_autoscaling_covers_it if small({"utilisation_at_max": given.derived(0.4), "utilisation_zone_loss_at_max": given.derived(0.7)}) == set()

test_autoscaling_may_be_too_little if small({"utilisation_zone_loss_at_max": given.derived(1.1)}) == {["violation", "high"]}

unknown_use := {"utilisation": given.unknown_number, "utilisation_zone_loss": given.unknown_number}

test_a_load_without_a_capacity_asks if {
	small(object.union(unknown_use, {"capacity": given.unknown_number})) == {["question", "medium"]}
}

test_a_capacity_without_a_load_asks if {
	small(object.union(unknown_use, {"rate": given.unknown_number})) == {["question", "medium"]}
}

test_neither_load_nor_capacity_is_silent if {
	small(object.union(unknown_use, {"rate": given.unknown_number, "capacity": given.unknown_number})) == set()
}

test_zones_that_nobody_counts_ask if small({"utilisation_zone_loss": given.unknown_number}) == {["question", "medium"]}

test_a_rate_that_is_assumed if {
	small({"utilisation_zone_loss": given.between(0.5, 0.9, 1.2)}) == {["risk", "medium"]}
}

meta(patch) := {f.verdict | some f in capacity.metastable with input as node(patch)}

test_retries_beyond_capacity if meta({}) == {"violation"}

test_retries_against_an_unknown_capacity_ask if meta({"capacity": given.unknown_number}) == {"question"}

test_no_retries_against_an_unknown_capacity if meta({"capacity": given.unknown_number, "stable_rate": given.derived(80)}) == set()

test_bounded_retries_are_silent if meta({"stable_rate": given.derived(100)}) == set()

test_overload_without_retries_is_another_rule if meta({"rate": given.derived(130)}) == set()

store(patch) := {
	"addr": "datastore.orders_db",
	"subject": given.lay(
		{
			"engine": given.unknown,
			"connections": given.derived(80),
			"connections_at_surge": given.derived(100),
			"usable_connections": given.derived(90),
			"max_connections": given.stated(100),
			"rec_pool": given.derived(18),
			"users": [{"addr": "service.orders", "via": ["service.orders.call.db"], "pool": given.stated(20)}],
			"rate": given.derived(50),
			"rate_without_caches": given.derived(1000),
			"total_capacity": given.stated(80),
			"utilisation_without_caches": given.derived(12.5),
			"miss_path_limited": given.derived(false),
			"cache_losses": [{
				"cache": "datastore.cache", "call": "service.a.call.db", "extra": given.derived(950),
				"rec_rate_limit": given.derived(64),
			}],
		},
		patch,
	),
}

connections(patch) := {f.verdict | some f in capacity.too_many_connections with input as store(patch)}

test_surge_beyond_the_limit if connections({}) == {"violation"}

test_pools_that_fit_are_silent if connections({"connections_at_surge": given.derived(60)}) == set()

test_pools_that_nobody_states_ask if connections({"connections_at_surge": given.unknown_number}) == {"question"}

test_nothing_is_known_of_the_connections if {
	connections({
		"connections_at_surge": given.unknown_number, "usable_connections": given.unknown_number,
		"max_connections": given.unknown_number, "users": [{"addr": "service.orders", "via": [], "pool": given.unknown_number}],
	}) == set()
}

test_a_pooler_in_front if connections({"engine": given.stated("pgbouncer")}) == set()

test_the_fix_shrinks_the_pool if {
	some f in capacity.too_many_connections with input as store({})
	f.fix[0].at == "service.orders.call.db"
}

cache(patch) := {f.verdict | some f in capacity.cache_loss with input as store(patch)}

test_losing_the_cache if cache({}) == {"violation"}

test_unknown_capacity_asks if cache({"total_capacity": given.unknown_number}) == {"question"}

test_a_limited_miss_path if cache({"miss_path_limited": given.derived(true)}) == set()

test_a_store_that_serves_it_all if cache({"total_capacity": given.stated(2000)}) == set()
