# Where the patterns of this category are in place (rules.md §6.0). The results are no findings: archcheck lists them per
# pattern. A result on an api counts for its owner.
package archcheck.rules.presence.deployment

# METADATA
# title: blue-green is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.workload}]
# custom: {id: PRE-028, severity: info, pattern: deployment/blue-green, subject: workload}
blue_green contains "in place" if {
	input.subject.release_strategy.value == "blue_green"
}

# METADATA
# title: canary is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.workload}]
# custom: {id: PRE-029, severity: info, pattern: deployment/canary, subject: workload}
canary contains "in place" if {
	input.subject.release_strategy.value == "canary"
	count(input.subject.deploy.steps.value) >= 1
}

# METADATA
# title: rolling is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.workload}]
# custom: {id: PRE-030, severity: info, pattern: deployment/rolling, subject: workload}
rolling contains "in place" if {
	input.subject.release_strategy.value == "rolling"
}

# METADATA
# title: feature-flags is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.flag}]
# custom: {id: PRE-031, severity: info, pattern: deployment/feature-flags, subject: flag}
feature_flags contains "in place" if {
	count(input.subject.used.value) > 0
}

# METADATA
# title: strangler-fig is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.migration}]
# custom: {id: PRE-032, severity: info, pattern: deployment/strangler-fig, subject: migration}
strangler_fig contains "in place" if {
	input.subject.strategy.value == "strangler"
	input.subject.facade.value
	input.subject.route_count.value >= 1
}

# METADATA
# title: database-per-service is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.store}]
# custom: {id: PRE-033, severity: info, pattern: deployment/database-per-service, subject: store}
database_per_service contains "in place" if {
	input.subject.user_count.value == 1
	count(input.subject.known_writers) + count(input.subject.possible_writers) == 1
}
