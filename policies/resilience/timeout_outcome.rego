package archcheck.rules.resilience.timeout_outcome

import data.archcheck.lib

# METADATA
# scope: document
# title: A timed-out write has an unknown outcome
# description: A timeout says nothing about what the callee did. Without a key to ask by or a job that compares both sides, the write is lost or done twice.
# related_resources: [https://aws.amazon.com/builders-library/making-retries-safe-with-idempotent-APIs/]
# schemas: [{input: schema.call}]
# custom:
#   id: RES-047
#   kind: conflict
#   severity: medium
#   pattern: resilience/timeout
#   subject: call
#   effect: duplication
#   say: "When {to} takes longer than {limit}, {from} does not know whether the write happened: repeating it may do it twice, giving up may lose it."
#   trade_offs: Keys and results have to be kept longer than the last retry; a reconciliation job finds differences late.
#   waive_when: The callee recognises duplicates by a business key and a test shows it.
#   cleared_by: A key that the callee enforces (idempotent = true), or a job that compares both sides (reconcile = true).
outcome_unknown contains {
	"verdict": v,
	"facts": {
		"limit": input.subject.limit,
		"access": input.subject.access,
		"idempotent": input.subject.idempotent,
		"reconcile": input.subject.reconcile,
	},
	"fix": [
		{"advise": "Send a key per write that the callee remembers, and only then state it:"},
		{"set": "idempotent", "value": true},
	],
	"alternatives": [[{"advise": "Compare both sides with a job, and then state it:"}, {"set": "reconcile", "value": true}]],
} if {
	remote_effect
	v := lib.all_of([
		lib.present(input.subject.limit),
		lib.is(input.subject.user_facing, true),
		lib.is(input.subject.access, "write"),
		lib.unless(lib.is(input.subject.idempotent, true)),
		lib.unless(lib.is(input.subject.reconcile, true)),
	])
	lib.fires(v)
}

remote_effect if input.to.type == "external"

remote_effect if input.to.transaction_step.value
