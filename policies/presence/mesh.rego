# Where the patterns of this category are in place (rules.md §6.0). The results are no findings: archcheck lists them per
# pattern. A result on an api counts for its owner.
package archcheck.rules.presence.mesh

# METADATA
# title: service-registry is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.registry}]
# custom: {id: PRE-025, severity: info, pattern: mesh/service-registry, subject: registry}
registry contains "in place" if {
	input.subject.user_count.value > 0
}

# METADATA
# title: service-registry is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.workload}]
# custom: {id: PRE-026, severity: info, pattern: mesh/service-registry, subject: workload}
discovery contains "in place" if {
	input.subject.discovery.value != "static"
}

# METADATA
# title: service-mesh is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.mesh}]
# custom: {id: PRE-027, severity: info, pattern: mesh/service-mesh, subject: mesh}
mesh contains "in place" if {
	input.subject.member_count.value >= 2
}

# METADATA
# title: sidecar is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.service}]
# custom: {id: PRE-102, severity: info, pattern: mesh/sidecar, subject: service}
sidecar contains "in place" if count(input.subject.sidecars) > 0

# METADATA
# title: sidecar is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.service}]
# custom: {id: PRE-103, severity: info, pattern: mesh/sidecar, subject: service}
mesh_proxy contains "in place" if count(input.subject.proxied_by) > 0
