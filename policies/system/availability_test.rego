package archcheck.rules.system.availability_test

import data.archcheck.given
import data.archcheck.rules.system.availability

journey(patch) := {
	"addr": "journey.web.api/checkout",
	"subject": given.lay(
		{
			"components": given.derived(9),
			"objective": given.stated(0.999),
			"availability": given.derived(0.9964),
			"loss_minutes": given.derived(154),
			"window": given.default_value(2592000000),
			"budget_minutes": given.derived(43.2),
			"loss_over_budget": given.derived(3.56),
			"assumed_share": given.derived(0.16),
			"settled": given.derived(true),
			"hard": [part(0.5, given.stated(0.9995))],
			"rec": {"soften": [], "ladder": given.absent},
		},
		patch,
	),
	"system": {"params": {"assumed_share": 0.5}},
}

part(share, a) := {
	"addr": "datastore.orders_db",
	"availability": a,
	"share": 0.28,
	"budget_share": given.derived(share),
}

out(patch) := {[f.verdict, f.severity] | some f in availability.objective_out_of_reach with input as journey(patch)}

test_far_beyond_the_budget_is_critical if out({}) == {["violation", "critical"]}

test_beyond_the_budget_is_high if out({"loss_over_budget": given.derived(1.5)}) == {["violation", "high"]}

test_met_objective_is_silent if out({"availability": given.derived(0.9995)}) == set()

test_no_objective_is_silent if out({"objective": given.absent}) == set()

test_mostly_assumed_loss_asks if out({"settled": given.unknown}) == {["question", "critical"]}

test_a_risk_where_the_range_meets_it if out({"availability": given.between(0.995, 0.9964, 0.9995)}) == {["risk", "critical"]}

test_ladder_is_told if {
	some f in availability.objective_out_of_reach with input as journey({"rec": {"soften": [], "ladder": given.derived("outbox 132 min")}})
	contains(f.say, "What helps")
}

spends(patch) := {[f.verdict, f.severity] | some f in availability.dependency_spends_budget with input as journey(patch)}

test_half_the_budget_is_medium if spends({}) == {["violation", "medium"]}

test_a_fifth_of_the_budget_is_low if spends({"hard": [part(0.2, given.stated(0.9998))]}) == {["violation", "low"]}

test_an_extra_nine_is_silent if spends({"hard": [part(0.05, given.stated(0.99995))]}) == set()

test_assumed_availability_is_silent if spends({"hard": [part(0.5, given.assumed(0.99, 0.9995, 0.9999))]}) == set()

client(kind, slo, system_slo) := {v |
	some f in availability.no_objective with input as {
		"addr": "client.web",
		"subject": {"calls_to": ["service.shop"], "kind": kind, "slo": slo},
		"system": {"addr": "system.shop", "slo": {"availability": system_slo, "latency_p99": given.absent}},
	}
	v := f.verdict
}

test_no_objective_anywhere if client(given.stated("web"), given.absent, given.absent) == {"violation"}

test_system_objective_is_enough if client(given.stated("web"), given.absent, given.stated(0.999)) == set()

test_is_it_a_job if client(given.unknown, given.absent, given.absent) == {"question"}

test_an_objective_that_somebody_looks_up if client(given.stated("web"), given.unknown, given.absent) == {"question"}

test_schedulers_need_none if client(given.stated("scheduler"), given.absent, given.absent) == set()
