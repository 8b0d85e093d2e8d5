package archcheck.rules.data.saga

import data.archcheck.lib

# METADATA
# scope: document
# title: Nothing undoes this step
# description: When a later step fails the saga has to take back what the earlier ones did. Without a compensation this step stays done, and somebody finds out later.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/compensating-transaction
#   - https://microservices.io/patterns/data/saga.html
# schemas: [{input: schema.step}]
# custom:
#   id: DAT-021
#   severity: high
#   effect: loss
#   pattern: data/saga
#   subject: step
#   trade_offs: A compensation is an operation of its own that must succeed in the end, whatever happened in between.
#   waive_when: What the step does has no effect until the saga ends, and expires by itself.
#   cleared_by: compensate, type = "retriable" on a step that always succeeds in the end, or a place after all that can fail.
cannot_undo contains {
	"verdict": v,
	"say": undone,
	"facts": {
		"step": label, "service": input.subject["in"], "stores": input.subject.stores, "compensate": input.subject.compensate,
		"reads": input.subject.read_only,
	},
	"fix": [{"set": "compensate", "value": sprintf("undo_%s", [label])}],
	"alternatives": [[{"set": "type", "value": "retriable"}]],
} if {
	input.subject.pattern.value == "saga"
	compensatable
	v := lib.all_of([
		lib.is(input.subject.before_pivot, true),
		lib.absent(input.subject.compensate),
		lib.unless(lib.is(input.subject.read_only, true)),
	])
	lib.fires(v)
}

label := lib.label(input.addr)

# A step of unstated type can fail and be undone, as most can.
default compensatable := true

compensatable := false if input.subject.type.value in {"pivot", "retriable"}

undone := "If a step after {step} fails, nothing takes back what {service} has written to {stores}: it stays done for a transaction that failed." if {
	count(input.subject.stores) > 0
} else := "If a step after {step} fails, nothing takes back what {service} has done: it stays done for a transaction that failed."

# METADATA
# scope: document
# title: A saga step runs twice if it is sent twice
# description: A saga sends a command again when it does not know whether the first one arrived. A step that does not recognise the repetition does its work twice, and so does its compensation.
# related_resources: [https://docs.temporal.io/activities#idempotency]
# schemas: [{input: schema.step}]
# custom:
#   id: DAT-022
#   severity: high
#   effect: duplication
#   pattern: data/saga
#   subject: step
#   trade_offs: The service keeps the ids of the sagas that it has served for as long as one may be sent again.
#   cleared_by: idempotent = true once the service recognises a saga's id.
step_twice contains {
	"verdict": v,
	"say": repeated,
	"facts": {
		"step": label, "service": input.subject["in"], "stores": input.subject.stores, "idempotent": input.subject.idempotent,
		"reads": input.subject.read_only,
	},
	"fix": [{"set": "idempotent", "value": true}],
} if {
	input.subject.pattern.value == "saga"
	v := lib.all_of([
		lib.is(input.subject.idempotent, false),
		lib.unless(lib.is(input.subject.read_only, true)),
	])
	lib.fires(v)
}

repeated := "The command for {step} is sent again when its reply is lost, and {service} does not recognise the repetition: it writes to {stores} twice for one transaction." if {
	count(input.subject.stores) > 0
} else := "The command for {step} is sent again when its reply is lost, and {service} does not recognise the repetition: it does its work twice for one transaction."

# METADATA
# scope: document
# title: A step after the point of no return can fail
# description: After the pivot a saga can only go forward. A step there that may fail for good leaves it neither done nor undone.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/saga]
# schemas: [{input: schema.transaction}]
# custom:
#   id: DAT-023
#   severity: high
#   effect: loss
#   pattern: data/saga
#   subject: transaction
#   cleared_by: Compensatable steps first, one pivot, then steps that are repeated until they succeed.
unsafe_order contains {
	"verdict": "violation",
	"say": "After {pivot}, the point of no return, {steps} can still fail for good: the transaction is then neither done nor undone.",
	"facts": {"steps": [lib.label(a) | some a in tx.misordered], "pivot": lib.label(tx.pivots[0])},
	"evidence": array.concat(tx.misordered, tx.pivots),
	"fix": [{"advise": sprintf("Move %s before %s: what may fail comes first, what is repeated until it succeeds comes last.", [
		concat(" and ", [lib.label(a) | some a in tx.misordered]),
		lib.label(tx.pivots[0]),
	])}],
	"alternatives": [[{"at": a, "set": "type", "value": "retriable"} | some a in tx.misordered]],
} if {
	tx.pattern.value == "saga"
	count(tx.misordered) > 0
}

tx := input.subject
