# Where the patterns of this category are in place (rules.md §6.0). The results are no findings: archcheck lists them per
# pattern. A result on an api counts for its owner.
package archcheck.rules.presence.gateway

# METADATA
# title: api-gateway is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.gateway}]
# custom: {id: PRE-006, severity: info, pattern: gateway/api-gateway, subject: gateway}
api_gateway contains "in place" if {
	input.subject.kind.value == "api"
	count(input.subject.clients) > 0
}

# METADATA
# title: bff is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.gateway}]
# custom: {id: PRE-007, severity: info, pattern: gateway/bff, subject: gateway}
bff contains "in place" if {
	input.subject.kind.value == "bff"
}

# METADATA
# title: aggregator is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.gateway}]
# custom: {id: PRE-008, severity: info, pattern: gateway/aggregator, subject: gateway}
aggregator_kind contains "in place" if {
	input.subject.kind.value == "aggregator"
}

# METADATA
# title: aggregator is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.gateway}]
# custom: {id: PRE-009, severity: info, pattern: gateway/aggregator, subject: gateway}
aggregator_logic contains "in place" if {
	input.subject.logic.value == "composition"
}
