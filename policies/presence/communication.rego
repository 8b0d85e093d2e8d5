# Where the patterns of this category are in place (rules.md §6.0). The results are no findings: archcheck lists them per
# pattern. A result on an api counts for its owner.
package archcheck.rules.presence.communication

# METADATA
# title: rest is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.api}]
# custom: {id: PRE-001, severity: info, pattern: communication/rest, subject: api}
rest contains "in place" if {
	endswith(input.addr, ".api.rest")
}

# METADATA
# title: graphql is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.api}]
# custom: {id: PRE-002, severity: info, pattern: communication/graphql, subject: api}
graphql contains "in place" if {
	endswith(input.addr, ".api.graphql")
}

# METADATA
# title: websockets is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.api}]
# custom: {id: PRE-003, severity: info, pattern: communication/websockets, subject: api}
websockets contains "in place" if {
	endswith(input.addr, ".api.websocket")
}

# METADATA
# title: grpc is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.api}]
# custom: {id: PRE-004, severity: info, pattern: communication/grpc, subject: api}
grpc_api contains "in place" if {
	endswith(input.addr, ".api.grpc")
}

# METADATA
# title: grpc is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.call}]
# custom: {id: PRE-005, severity: info, pattern: communication/grpc, subject: call}
grpc_call contains "in place" if {
	input.subject.protocol.value == "grpc"
}
