# What answers while the callee does not.
package archcheck.rules.resilience.circuit_breaker

import data.archcheck.lib

# METADATA
# scope: document
# title: An optional dependency can still fail its caller
# description: Declaring a call soft changes nothing at run time. Without a fallback its failure is the caller's failure.
# related_resources:
#   - https://queue.acm.org/detail.cfm?id=3096459
# schemas: [{input: schema.call}]
# custom:
#   id: RES-008
#   kind: conflict
#   severity: medium
#   pattern: resilience/circuit-breaker
#   subject: call
#   trade_offs: A fallback answers with less or older data, and somebody has to agree that this is better than an error.
#   waive_when: The caller ignores the error by other means, and a test shows it.
#   cleared_by: a fallback on the call, or criticality = "hard".
soft_without_fallback contains {
	"verdict": v,
	"say": "{from} declares {to} optional, but states no answer for when it fails, so its failure fails {from} too. The availability of {from} is computed with {to} as a hard dependency.",
	"facts": {"criticality": input.subject.criticality, "fallback": input.subject.fallback},
	"fix": [{"set": "fallback", "value": answer}],
	"alternatives": [[{"set": "criticality", "value": "hard"}]],
} if {
	input.subject.criticality.value # nobody declares what is unknown
	v := lib.all_of([lib.is(input.subject.criticality, "soft"), lib.is(input.subject.hard, true)])
	lib.fires(v)
}

# Reads can be answered from a cache, writes can wait in a queue; where nobody says which, a default is neither.
answer := "cache" if {
	input.subject.access.value == "read"
} else := "queue" if {
	input.subject.access.value == "write"
} else := "default"

# METADATA
# scope: document
# title: The fallback falls with what it replaces
# description: A fallback that needs what has just failed, or that cannot carry the traffic that moves to it, turns one failure into two.
# related_resources:
#   - https://aws.amazon.com/builders-library/avoiding-fallback-in-distributed-systems/
# schemas: [{input: schema.call}]
# custom:
#   id: RES-009
#   kind: misuse
#   severity: medium
#   pattern: resilience/circuit-breaker
#   subject: call
#   trade_offs: A cached or fixed answer is older or poorer than the other node's.
#   waive_when: The fallback is exercised all the time, with the full traffic.
#   cleared_by: a fallback that shares nothing with the callee and has room for its traffic, or a cached or default answer.
fallback_shares_fate contains {
	"verdict": "violation",
	"say": "{other} is to answer when {to} fails, but both need {shared}. When that fails, there is no fallback.",
	"facts": {"other": other.addr, "shared": other.shared},
	"evidence": [other.addr],
	"fix": [{"set": "fallback", "value": answer}],
} if {
	other := input.subject.fallback_node
	count(other.shared) > 0
}

fallback_shares_fate contains {
	"verdict": v,
	"say": "When {to} fails, {extra} move to {other}. It then has {load} to answer, and serves {capacity} at most.",
	"facts": {"other": other.addr, "extra": input.subject.rate, "load": other.load, "capacity": other.capacity},
	"evidence": [other.addr],
	"fix": [{"set": "fallback", "value": answer}],
} if {
	other := input.subject.fallback_node
	count(other.shared) == 0
	not behind_its_cache
	v := lib.above(other.load, other.capacity)
	lib.fires(v)
}

# How much a store can take without its cache is judged where the store is.
behind_its_cache if {
	input.to.kind.value == "cache"
	input.subject.fallback_node.type == "datastore"
}
