package archcheck.rules.deployment.database_joins_test

import data.archcheck.given
import data.archcheck.rules.deployment.database_joins as rules

join := {
	"trigger": "list", "calls": ["service.a.call.b"], "services": ["service.b", "service.c", "service.d"], "service_count": given.derived(3),
	"most": given.derived(20), "most_at": "service.a.call.b", "most_to": "service.b", "total": given.derived(23), "rate": given.derived(230),
}

joins(js) := {f | some f in rules.join_by_calls with input as {"addr": "service.a", "subject": {"joins": js}, "system": {"params": {"chatty": 10}}}}

test_dep_053_fires if {
	some f in joins([join])
	f.verdict == "violation"
	f.alternatives[0][0] == {"at": "service.a.call.b", "set": "per_request", "value": 1}
}

test_dep_053_says_no_rate_that_nobody_knows if {
	some f in joins([given.lay(join, {"rate": given.unknown_number})])
	not contains(f.say, "{rate}")
}

test_dep_053_two_services_or_few_calls_are_silent if {
	joins([given.lay(join, {"service_count": given.derived(2)})]) == set()
	joins([given.lay(join, {"most": given.derived(9)})]) == set()
	joins([]) == set()
}

test_dep_053_asks_what_reads if {
	some f in joins([given.lay(join, {"service_count": {"state": "unknown", "lo": 1, "hi": 3}})])
	f.verdict == "question"
}
