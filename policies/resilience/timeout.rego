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
#   say: "{from} waits for {to} without any time limit. It makes {rate} calls per replica, and a replica has {slots} slots."
#   aliases: [COM-024, GWY-026]
call_without_limit contains {
	"verdict": v,
	"severity": severity,
	"facts": {"rate": input.subject.rate_per_replica, "slots": input.from.concurrency},
	"fix": [{"set": "timeout", "value": input.subject.rec.timeout}],
} if {
	input.from.type in {"service", "gateway"}
	v := lib.all_of([
		lib.absent(input.subject.timeout),
		lib.absent(input.subject.deadline),
		lib.absent(input.subject.circuit_breaker),
		lib.unless(bounded_stream),
		limit_may_be_hidden,
	])
	lib.fires(v)
}

# A stream lives as long as it is used; its idle timeout is what frees it.
bounded_stream := lib.all_of([lib.is(input.subject.stream, true), lib.present(input.subject.idle_timeout)])

# Every gateway product ships a route timeout: without the product nobody can tell. The same holds inside a vendor box.
default limit_may_be_hidden := "violation"

limit_may_be_hidden := "question" if {
	input.from.type == "gateway"
	lib.present(input.from.engine) != "violation"
}

limit_may_be_hidden := "question" if input.from.opaque.value

default severity := "medium"

severity := "critical" if {
	drains_within_a_minute
} else := "high" if {
	input.subject.user_facing.value
} else := "high" if {
	input.subject.financial.value
}

drains_within_a_minute if {
	input.subject.user_facing.value
	input.subject.rate_per_replica.value * 60 > input.from.concurrency.value
}
