package archcheck.rules.resilience.timeout

import data.archcheck.lib

# METADATA
# scope: document
# title: Call without a time limit
# description: When the callee hangs, callers wait for ever and hold a slot each, until none is left for anything else they serve.
# related_resources:
#   - https://grpc.io/docs/guides/deadlines/
#   - https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
# schemas: [{input: schema.call}]
# custom:
#   id: RES-040
#   kind: missing
#   severities: [critical, high, medium]
#   pattern: resilience/timeout
#   subject: call
#   aliases: [COM-024, GWY-026]
call_without_limit contains {
	"verdict": v,
	"severity": severity,
	"say": message,
	"facts": known(v),
	"fix": [{"set": "timeout", "value": input.subject.rec.timeout}],
} if {
	input.from.type in {"service", "gateway"}
	v := lib.all_of([
		lib.absent(input.subject.timeout),
		lib.absent(input.subject.deadline),
		lib.absent(input.subject.circuit_breaker),
		limit_may_be_hidden,
	])
	lib.fires(v)
}

# A question names what settles it, a finding what it costs.
known("question") := {"timeout": input.subject.timeout, "product": input.from.engine}

known(v) := {
	"rate": input.subject.rate_per_replica,
	"slots": input.from.concurrency,
	"exhaustion": input.subject.exhaustion,
} if {
	v != "question"
}

default message := "{from} can wait for {to} for ever: every request that needs it then hangs as long as it does."

message := "{from} can wait for {to} for ever. At {rate} per replica, all {slots} slots are gone {exhaustion} after it hangs." if {
	input.subject.exhaustion.value
}

# Every gateway product ships a route timeout, a vendor box may have one, and a stream lives as long as it is used.
default limit_may_be_hidden := "violation"

limit_may_be_hidden := "question" if {
	input.from.type == "gateway"
	lib.present(input.from.engine) != "violation"
}

limit_may_be_hidden := "question" if input.from.opaque.value

limit_may_be_hidden := "question" if input.subject.stream.value

default severity := "medium"

severity := "critical" if {
	input.subject.user_facing.value
	input.subject.minute_share.value > 1
} else := "high" if {
	input.subject.user_facing.value
} else := "high" if {
	input.subject.financial.value
}
