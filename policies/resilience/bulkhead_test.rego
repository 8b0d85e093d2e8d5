package archcheck.rules.resilience.bulkhead_test

import data.archcheck.given
import data.archcheck.rules.resilience.bulkhead

stripe := {
	"addr": "service.pay.call.stripe",
	"to": "external.stripe",
	"worst_case": given.derived(4100),
	"rate_per_replica": given.derived(26.7),
	"hang_in_flight": given.derived(109),
	"exhaustion": given.derived(1200),
	"bounded": given.derived(false),
	"others": ["datastore.db"],
	"rec_bulkhead": {"max_concurrent": given.derived(14)},
	"rec_bulkhead_fits": given.derived(true),
}

# 109 calls hang in 32 slots; patches change the one call, or what surrounds it.
pool(call, around) := {"subject": object.union(
	{
		"slots": given.stated(32),
		"downstreams": given.derived(2),
		"triggers": given.derived(1),
		"calls": [object.union(stripe, call)],
		"worst_call": object.union(stripe, call),
	},
	around,
)}

hangs(call, around) := [f |
	some f in bulkhead.one_dependency_takes_all with input as pool(call, around)
]

verdict(fs) := {f.verdict | some f in fs}

test_res_020_a_hang_takes_all if {
	[f] := hangs({}, {})
	f.verdict == "violation"
	f.fix == [{"set": "bulkhead", "at": "service.pay.call.stripe", "value": {"max_concurrent": given.derived(14)}}]
	f.alternatives == []
	f.evidence == ["service.pay.call.stripe"]
	contains(f.say, "{others} can no longer be called")
}

test_res_020_bounded_calls_are_silent if hangs({"bounded": given.derived(true)}, {}) == []

test_res_020_enough_slots_are_silent if hangs({"hang_in_flight": given.derived(32)}, {}) == []

test_res_020_one_use_of_the_slots_is_silent if hangs({}, {"downstreams": given.derived(1)}) == []

test_res_020_another_operation_competes_too if {
	[f] := hangs({"others": []}, {"downstreams": given.derived(1), "triggers": given.derived(2)})
	contains(f.say, "also for requests that do not need {to}")
}

test_res_020_unknown_slots_ask if {
	slots := object.remove(pool({}, {}).subject, ["slots"])
	doc := {"subject": object.union(slots, {"slots": object.union(given.unknown_number, {"lo": 1})})}
	verdict(bulkhead.one_dependency_takes_all) == {"question"} with input as doc
}

test_res_020_unknown_bulkhead_asks if {
	call := object.union(object.remove(stripe, ["bounded"]), {"bounded": given.unknown})
	doc := {"subject": object.union(object.remove(pool({}, {}).subject, ["calls", "worst_call"]), {"calls": [call], "worst_call": call})}
	verdict(bulkhead.one_dependency_takes_all) == {"question"} with input as doc
}

test_res_020_a_bulkhead_that_does_not_fit_is_advice if {
	[f] := hangs({"rec_bulkhead_fits": given.derived(false)}, {})
	f.fix == []
	count(f.alternatives) == 1
}

lonely(patch) := [f |
	some f in bulkhead.nothing_to_isolate with input as object.union(
		{
			"subject": {
				"bulkhead": given.control({"max_concurrent": given.stated(20), "per": given.default_value("callee")}),
				"bulkhead_share": given.derived(0.3),
			},
			"from": {"type": "service", "downstreams": given.derived(1), "triggers": given.derived(1), "concurrency": given.stated(64)},
			"system": {"tenancy": given.default_value("single")},
		},
		patch,
	)
]

test_res_024_the_only_dependency if {
	[f] := lonely({})
	f.verdict == "violation"
	f.fix == [{"unset": "bulkhead"}]
}

test_res_024_inherited_bulkheads_are_switched_off if {
	[f] := lonely({"subject": {"bulkhead": {"state": "inherited"}}})
	f.fix == [{"set": "bulkhead", "value": "none"}]
}

test_res_024_two_dependencies_are_silent if lonely({"from": {"downstreams": given.derived(2)}}) == []

test_res_024_two_operations_are_silent if lonely({"from": {"triggers": given.derived(2)}}) == []

test_res_024_tenants_compete if lonely({"system": {"tenancy": given.stated("multi")}}) == []

test_res_024_unknown_slots_ask if {
	doc := {
		"subject": {
			"bulkhead": given.control({"max_concurrent": given.stated(20), "per": given.default_value("callee")}),
			"bulkhead_share": given.unknown_number,
		},
		"from": {"type": "service", "downstreams": given.derived(1), "triggers": given.derived(1), "concurrency": given.unknown_number},
		"system": {"tenancy": given.default_value("single")},
	}
	verdict(bulkhead.nothing_to_isolate) == {"question"} with input as doc
}

crowd := {
	"first_service": given.derived(true),
	"user_facing": given.derived(true),
	"tenant_limited": given.derived(false),
	"tenant_bulkhead": given.derived(false),
	"tenant_fills": given.derived(400),
	"rec_tenant_rps": given.derived(30),
	"rate_limit": given.absent,
	"gateways": ["gateway.edge"],
}

tenants(drop, patch) := [f |
	some f in bulkhead.tenants_share_pools with input as {
		"subject": object.union(object.remove(crowd, drop), patch),
		"system": {"tenancy": given.stated("multi")},
	}
]

test_res_025_nothing_tells_tenants_apart if {
	[f] := tenants([], {})
	f.verdict == "violation"
	f.fix == [{"set": "rate_limit", "value": {"rps": given.derived(30), "per": "tenant"}}]
	contains(f.say, "{fills}")
}

test_res_025_without_numbers_there_is_advice if {
	[f] := tenants(["tenant_fills", "rec_tenant_rps"], {"tenant_fills": given.unknown_number, "rec_tenant_rps": given.unknown_number})
	f.fix[0].advise
	not contains(f.say, "{fills}")
}

test_res_025_a_limit_for_all_is_not_replaced if {
	[f] := tenants([], {"rate_limit": given.control({"rps": given.stated(100)})})
	f.fix[0].advise
}

test_res_025_limited_tenants_are_silent if tenants([], {"tenant_limited": given.derived(true)}) == []

test_res_025_a_bulkhead_per_tenant_is_silent if tenants([], {"tenant_bulkhead": given.derived(true)}) == []

test_res_025_services_behind_services_are_silent if tenants([], {"first_service": given.derived(false)}) == []

test_res_025_an_unknown_limit_asks if {
	[f] := tenants(["tenant_limited"], {"tenant_limited": given.unknown})
	f.verdict == "question"
	object.keys(f.facts) == {"tenant_limited"}
}
