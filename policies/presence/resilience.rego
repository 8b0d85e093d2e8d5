# Where the patterns of this category are in place (rules.md §6.0). The results are no findings: archcheck lists them per
# pattern. A result on an api counts for its owner.
package archcheck.rules.presence.resilience

# METADATA
# title: circuit-breaker is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.call}]
# custom: {id: PRE-010, severity: info, pattern: resilience/circuit-breaker, subject: call}
circuit_breaker contains "in place" if {
	input.subject.any_breaker.value
}

# METADATA
# title: retry is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.call}]
# custom: {id: PRE-011, severity: info, pattern: resilience/retry, subject: call}
retry contains "in place" if {
	some layer in input.subject.attempts_by_layer
	layer.attempts >= 2 # whatever a budget leaves of it in the long run
}

# METADATA
# title: bulkhead is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.call}]
# custom: {id: PRE-012, severity: info, pattern: resilience/bulkhead, subject: call}
bulkhead contains "in place" if {
	not input.subject.bulkhead.state in {"absent", "none", "unknown"}
}

# METADATA
# title: bulkhead is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.call}]
# custom: {id: PRE-013, severity: info, pattern: resilience/bulkhead, subject: call}
bulkhead_pool contains "in place" if {
	input.subject.pool.value > 0
}

# METADATA
# title: rate-limiting is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.call}]
# custom: {id: PRE-014, severity: info, pattern: resilience/rate-limiting, subject: call}
rate_limit_call contains "in place" if {
	not input.subject.rate_limit.state in {"absent", "none", "unknown"}
}

# METADATA
# title: rate-limiting is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.workload}]
# custom: {id: PRE-015, severity: info, pattern: resilience/rate-limiting, subject: workload}
rate_limit_node contains "in place" if {
	not input.subject.rate_limit.state in {"absent", "none", "unknown"}
}

# METADATA
# title: timeout is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.call}]
# custom: {id: PRE-016, severity: info, pattern: resilience/timeout, subject: call}
timeout contains "in place" if {
	input.subject.limit.value > 0
}
