package archcheck.rules.data.saga

import data.archcheck.lib

# METADATA
# scope: document
# title: A saga can hang or be forgotten
# description: A saga whose reply is lost waits for ever unless a timeout ends it, and one whose orchestrator restarts is forgotten unless its state is stored.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/saga
#   - https://docs.temporal.io/workflow-execution
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-024
#   severities:
#     high: "no stored state: a restart forgets sagas"
#     medium: only the timeout is missing
#   pattern: data/saga
#   subject: transaction
#   trade_offs: One write per step, and somebody must decide what a saga does that has timed out.
#   cleared_by: A timeout and a store for the state, or a workflow engine, which brings both.
saga_hangs contains {
	"verdict": v,
	"severity": gravity,
	"say": concat(" ", [s | some s in array.concat([s | some s in [hangs]], [s | some s in [forgotten]])]),
	"facts": {
		"timeout": tx.timeout, "state": tx.state, "engine": tx.engine, "step": lib.label(tx.first_step),
		"orchestrator": tx.orchestrator, "in_flight": tx.in_flight,
	},
	"asks": ["timeout", "state", "orchestrator"],
	"fix": array.concat([{"set": "timeout", "value": "15m"} | no_timeout != "pass"], [{"set": "state", "value": tx.orchestrator_store} | no_state != "pass"]),
	"alternatives": [[{"advise": "Run the saga on a workflow engine, which keeps its state and its time."}] | no_state != "pass"],
} if {
	tx.pattern.value == "saga"
	v := lib.all_of([lib.absent(tx.engine), lib.any_of([no_timeout, no_state])])
	lib.fires(v)
}

no_timeout := lib.absent(tx.timeout)

no_state := lib.all_of([lib.is(tx.coordination, "orchestration"), lib.absent(tx.state)])

default gravity := "medium"

gravity := "high" if no_state != "pass"

hangs := "A lost reply leaves a saga waiting for ever, since no timeout ends it." if no_timeout != "pass"

forgotten := "A restart of {orchestrator} forgets the sagas under way, {in_flight} at a time, with whatever their steps have done." if {
	no_state != "pass"
	tx.in_flight.value >= 1
} else := "A restart of {orchestrator} forgets the sagas under way, with whatever their steps have done." if {
	no_state != "pass"
}

# METADATA
# scope: document
# title: Too many services react to each other
# description: In a choreographed saga no place knows how far it has come. With many participants, or when they answer each other's events, nobody can say what a change to one of them breaks.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/saga]
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-025
#   kind: misuse
#   severity: medium
#   pattern: data/saga
#   subject: transaction
#   trade_offs: The orchestrator is one more part to run, and every step depends on it.
#   cleared_by: An orchestrator or a workflow engine, or fewer participants that do not react to each other.
wide_choreography contains {
	"verdict": v,
	"say": crowd,
	"facts": {"circle": [lib.label(s) | some s in tx.event_loop_services], "n": tx.service_count, "coordination": tx.coordination},
	"evidence": tx.services,
	"fix": [{"set": "orchestrator", "value": tx.first_service}],
} if {
	tx.pattern.value == "saga"
	v := lib.all_of([
		lib.is(tx.coordination, "choreography"),
		lib.absent(tx.engine), # a workflow engine is the place that knows
		lib.any_of([lib.above(tx.service_count, input.system.params.choreography), lib.is(tx.event_loop, true)]),
	])
	lib.fires(v)
}

crowd := "{circle} react to each other's events in a circle, and no place shows how far a transaction has come." if {
	tx.event_loop.value
} else := "{n} services react to each other's events, and no place shows how far a transaction has come."

# METADATA
# scope: document
# title: A saga inside one database
# description: All steps write one database. A local transaction does the same at once, isolated, and with nothing to compensate.
# related_resources: [https://microservices.io/patterns/data/saga.html]
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-026
#   kind: misuse
#   severity: low
#   pattern: data/saga
#   subject: transaction
#   cleared_by: Steps that write different stores, or a timeout of more than a minute on a process that is long for other reasons.
saga_in_one_store contains {
	"verdict": v,
	"say": "Every step writes {store}, where one local transaction does the same without compensations and states in between.",
	"facts": {"store": tx.one_store, "n": tx.step_count, "timeout": tx.timeout},
	"evidence": [tx.one_store.value],
	"fix": [{"advise": sprintf("Do the writes in one transaction of %s, and drop the saga.", [lib.label(tx.one_store.value)])}],
} if {
	tx.pattern.value == "saga"
	tx.one_store.value
	v := lib.unless(lib.above(tx.timeout, 60000))
	lib.fires(v)
}

# METADATA
# scope: document
# title: A saga cannot give the consistency that is asked for
# description: Between two steps everybody can read a state that never should have been seen, and that a compensation may still take back.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/saga]
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-027
#   kind: conflict
#   severity: high
#   pattern: data/saga
#   subject: transaction
#   cleared_by: consistency = "eventual", one store for what must change together, or a two-phase commit over stores that can prepare.
saga_strong contains {
	"verdict": v,
	"say": "consistency = \"strong\" is asked for, but a saga commits {stores} one after the other: readers see some of them changed and others not yet, or not any more.",
	"facts": {"stores": [s.addr | some s in tx.stores], "consistency": tx.consistency},
	"fix": [{"set": "consistency", "value": "eventual"}],
	"alternatives": [
		[{"advise": "Move what must change together into one store of one service."}],
		[{"set": "pattern", "value": "2pc"}],
	],
} if {
	tx.pattern.value == "saga"
	not tx.one_store.value
	v := lib.is(tx.consistency, "strong")
	lib.fires(v)
}

# METADATA
# scope: document
# title: A user waits for the whole saga
# description: All steps run one after the other while the user waits. The time of each adds up, and a slow step makes the whole request fail after earlier steps are done.
# related_resources: [https://microservices.io/patterns/data/saga.html]
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-028
#   kind: conflict
#   severity: high
#   pattern: data/saga
#   subject: transaction
#   trade_offs: The user gets an answer before the outcome is known, and has to be told later.
#   cleared_by: A step that a topic or queue carries (via), a workflow engine, or limits that add up to less than the objective.
saga_waits contains {
	"verdict": v,
	"say": "A user can wait {worst} for all steps of this saga, and {slo} is the objective.",
	"facts": {"worst": tx.worst_case, "slo": tx.latency_objective, "steps": tx.step_count},
	"fix": [{"advise": sprintf("Answer after %s, and let the other steps follow over a queue (via), each sent through an outbox.", [lib.label(tx.first_step)])}],
} if {
	tx.pattern.value == "saga"
	tx.user_facing.value
	v := lib.all_of([
		lib.is(tx.synchronous, true),
		lib.absent(tx.engine),
		lib.above(tx.worst_case, tx.latency_objective),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Sagas read each other's unfinished work
# description: What a saga has changed and may still take back is visible to everybody. A second one that reads or overwrites it meanwhile builds on something that never happened.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/saga]
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-029
#   severity: medium
#   pattern: data/saga
#   subject: transaction
#   trade_offs: A semantic lock makes others wait or fail; a version check makes them try again.
#   waive_when: Two sagas never touch the same entity at once.
#   cleared_by: One or more of semantic_lock, reread, commutative, version, by_value in isolation.
saga_interleaves contains {
	"verdict": v,
	"say": meets,
	"facts": {
		"others": [o.addr | some o in sharing], "stores": [s.addr | some s in tx.stores], "rate": tx.rate, "duration": tx.duration,
		"in_flight": tx.in_flight, "isolation": tx.isolation,
	},
	"asks": ["isolation", "in_flight"],
	"evidence": {s | some o in sharing; some s in o.stores},
	"fix": [{"set": "isolation", "value": ["semantic_lock"]}],
	"alternatives": [[{"set": "isolation", "value": ["version"]}]],
} if {
	tx.pattern.value == "saga"
	v := lib.all_of([
		lib.absent(tx.isolation),
		lib.any_of([lib.sure(count(sharing) > 0), lib.above(tx.in_flight, 1)]),
	])
	lib.fires(v)
}

sharing := [o | some o in tx.others; count(o.stores) > 0]

meets := "Its stores are also written by {others}. What one of them has changed and may still take back, another reads and overwrites." if {
	count(sharing) > 0
} else := "At {rate} and {duration} each, {in_flight} of these sagas are under way at once on {stores}: what one has changed and may still take back, another reads and overwrites." if {
	tx.in_flight.value
} else := "Several of these sagas can be under way at once on {stores}: what one has changed and may still take back, another reads and overwrites."
