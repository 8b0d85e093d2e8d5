package archcheck.rules.data.saga

import data.archcheck.lib

# METADATA
# scope: document
# title: Several stores are written without a transaction
# description: A crash in the middle leaves some of the stores changed and others not, and nothing in the system knows which.
# related_resources:
#   - https://microservices.io/patterns/data/saga.html
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/saga
# schemas: [{input: schema.write_set}]
# custom:
#   id: DAT-020
#   kind: missing
#   severities:
#     critical: one of the stores holds financial data
#     high: none does
#   pattern: data/saga
#   subject: write_set
#   aliases: [DEP-055]
#   subsumes: [DAT-022, DAT-023, DAT-024, DAT-025, DAT-026, DAT-027, DAT-028, DAT-029]
#   trade_offs: Each step needs an operation that undoes it, and readers see states in between.
#   waive_when: A nightly reconciliation repairs what is left half done, and nobody acts on it meanwhile.
#   cleared_by: A transaction with a pattern whose steps name these services, one store for all of it, or a second store that the first one's change stream feeds.
torn_write contains {
	"verdict": v,
	"severity": severity,
	"say": concat(" ", array.concat([torn], [b | some b in [broken]])),
	"facts": {
		"stores": lib.labels([s.addr | some s in set.stores]), "first": set.first, "rest": lib.labels(set.rest), "service": set.service, "rate": set.rate,
		"broken": set.broken_per_day, "pattern": set.pattern, "one_unit": set.one_unit,
	},
	"asks": ["pattern"],
	"evidence": {s.via | some s in set.stores},
	"fix": fix,
	"alternatives": [[{"advise": "Keep in one store of one service what must change together."}]],
} if {
	at_least_two.value
	v := lib.all_of([
		unnamed,
		lib.is(set.one_unit, true),
	])
	lib.fires(v)
}

set := input.subject

at_least_two := {"value": true} if set.independent.value >= 2

# A transaction without a pattern; where it must be strong, DAT-040 speaks. A trigger counts if users set it off and no
# transaction names what it writes.
default unnamed := "pass"

unnamed := lib.absent(set.pattern) if {
	set.of.value == "transaction"
	set.consistency.value != "strong"
}

unnamed := lib.all_of([lib.is(set.user_facing, true), lib.is(set.named, false)]) if set.of.value == "trigger"

default severity := "high"

severity := "critical" if set.financial.value

torn := "{service} writes {stores} as one unit of work, and nothing ties them together: a crash after {first} leaves it changed and {rest} not." if {
	set.service != ""
} else := "This transaction writes {stores}, and nothing ties them together: a crash after {first} leaves it changed and {rest} not."

broken := "At {rate} and 99.9 % success per write, {broken} a day are left half done." if set.broken_per_day.value >= 1

fix := [{"set": "pattern", "value": "saga"}] if {
	set.of.value == "transaction"
} else := [{
	"add": "transaction", "label": sprintf("%s_saga", [lib.label(set.service)]),
	"value": {"pattern": "saga", "orchestrator": set.service, "timeout": "15m", "step": steps},
}]

steps := [{"label": step_label(s), "in": s.service, "writes": s.addr} |
	some s in set.stores
	s.derived.value == false
]

# Steps are called after the service, or after the store where one service writes several.
step_label(s) := lib.label(s.service) if {
	count([1 | some o in set.stores; o.service == s.service]) == 1
} else := lib.label(s.addr)
