package archcheck.rules.resilience.circuit_breaker

import data.archcheck.lib

# METADATA
# scope: document
# title: Circuit breaker can never open
# description: Fewer calls arrive in the window than the breaker needs before it judges any of them, so it stays closed through an outage.
# related_resources: [https://resilience4j.readme.io/docs/circuitbreaker]
# schemas: [{input: schema.call}]
# custom:
#   id: RES-002
#   kind: misconfigured
#   severities: [high, medium]
#   pattern: resilience/circuit-breaker
#   subject: call
#   say: "The breaker needs {need} calls in {window}; this edge makes {seen} per replica."
breaker_never_opens contains {
	"verdict": v,
	"severity": "high",
	"facts": {"seen": input.subject.calls_per_window, "need": cb.min_calls, "window": cb.window},
	"fix": [{"set": "circuit_breaker", "value": input.subject.rec.circuit_breaker}],
} if {
	cb := input.subject.circuit_breaker
	cb.window_kind.value == "time"
	v := lib.below(input.subject.calls_per_window, cb.min_calls)
	lib.fires(v)
}
