package archcheck.rules.deployment.feature_flags

import data.archcheck.lib

# METADATA
# scope: document
# title: A release flag has no end
# description: A flag that guards a release is done when the release is. One that stays is code that nobody tests and somebody may switch by mistake.
# related_resources: [https://martinfowler.com/articles/feature-toggles.html]
# schemas: [{input: schema.flag}]
# custom:
#   id: DEP-031
#   kind: misconfigured
#   severities:
#     medium: the day by which it was to be gone has passed
#     low: it has no such day, or no owner
#   pattern: deployment/feature-flags
#   subject: flag
#   trade_offs: Somebody has to remove the flag by that day.
#   waive_when: It is an operational switch that stays on purpose; state kind = "ops" then.
#   cleared_by: owner and a future expires, or kind = "ops" or "permission".
endless contains {
	"verdict": v,
	"severity": urgency,
	"say": overdue,
	"facts": {
		"expires": input.subject.expires, "owner": input.subject.owner, "kind": input.subject.kind,
		"used": lib.labels(used),
	},
	"asks": ["expires", "owner", "kind"],
	"evidence": used,
	"fix": [{"advise": remedy}],
	"alternatives": [[{"set": "kind", "value": "ops"}]],
} if {
	v := lib.all_of([
		lib.one_of(input.subject.kind, {"release", "experiment"}),
		lib.any_of([lib.absent(input.subject.expires), past, lib.absent(input.subject.owner)]),
	])
	lib.fires(v)
}

# The day of judgement is always known where a user asks.
default past := "pass"

past := "violation" if input.subject.expired.value

used := array.concat(input.subject.services, input.subject.clients)

default urgency := "low"

urgency := "medium" if input.subject.expired.value

overdue := "{subject} was to be gone by {expires}; the code on its other side is no longer tested, and one switch turns it on again." if {
	input.subject.expired.value
} else := "{subject} stays in {used} for good: it is a {kind} flag, has no end, and nobody owns it." if {
	ownerless
	lib.absent(input.subject.expires) == "violation"
	count(used) > 0
} else := "{subject} stays for good: it is a {kind} flag and has no end." if {
	lib.absent(input.subject.expires) == "violation"
} else := "Nobody will remove {subject}: it is a {kind} flag without an owner."

ownerless if lib.absent(input.subject.owner) == "violation"

remedy := "Remove the flag and the code on its dead side." if {
	input.subject.expired.value
} else := "State who owns the flag, and the day by which it is gone: some weeks after its release."

# METADATA
# scope: document
# title: The flag service is needed to answer
# description: If the flag service is down and the code has no value of its own, every request that asks for the flag fails with it.
# related_resources: [https://openfeature.dev/specification/sections/flag-evaluation/]
# schemas: [{input: schema.flag}]
# custom:
#   id: DEP-032
#   kind: misconfigured
#   severity: high
#   pattern: deployment/feature-flags
#   subject: flag
#   trade_offs: The value may differ from the flag service's while it is down.
#   cleared_by: default, the value that is used while the flag service is down.
no_default contains {
	"verdict": v,
	"say": dependent,
	"facts": {
		"provider": input.subject.provider, "availability": input.subject.provider_availability,
		"journeys": input.subject.journeys, "default": input.subject["default"],
	},
	"asks": ["default"],
	"evidence": [input.subject.provider.value],
	"fix": [{"set": "default", "value": false}],
} if {
	input.subject.provider.value
	v := lib.all_of([lib.is(input.subject.user_facing, true), lib.absent(input.subject["default"])])
	lib.fires(v)
}

default dependent := "Users fail whenever {provider} does: {subject} has no value of its own while it is down."

dependent := "Users fail whenever {provider} does, in {journeys} journeys: {subject} has no value of its own while it is down." if {
	input.subject.journeys.value > 1
}
