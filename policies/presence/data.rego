# Where the patterns of this category are in place (rules.md §6.0). The results are no findings: archcheck lists them per
# pattern. A result on an api counts for its owner.
package archcheck.rules.presence.data

# METADATA
# title: cqrs is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.service}]
# custom: {id: PRE-017, severity: info, pattern: data/cqrs, subject: service}
cqrs contains "in place" if {
	not input.subject.cqrs.state in {"absent", "none", "unknown"}
	not one_store
}

# A model of one store is a name only; where the stores are not stated, the statement counts.
one_store if input.subject.cqrs.read.value == input.subject.cqrs.write.value

# METADATA
# title: event-sourcing is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.service}]
# custom: {id: PRE-018, severity: info, pattern: data/event-sourcing, subject: service}
event_sourcing contains "in place" if {
	not input.subject.event_sourcing.state in {"absent", "none", "unknown"}
}

# METADATA
# title: saga is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.transaction}]
# custom: {id: PRE-019, severity: info, pattern: data/saga, subject: transaction}
saga contains "in place" if {
	input.subject.pattern.value == "saga"
	input.subject.step_count.value >= 2
}

# METADATA
# title: two-phase-commit is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.transaction}]
# custom: {id: PRE-020, severity: info, pattern: data/two-phase-commit, subject: transaction}
two_phase_commit contains "in place" if {
	input.subject.pattern.value == "2pc"
	input.subject.step_count.value >= 2
}

# METADATA
# title: outbox is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.publish}]
# custom: {id: PRE-021, severity: info, pattern: data/outbox, subject: publish}
outbox contains "in place" if {
	not input.subject.outbox.state in {"absent", "none", "unknown"}
}

# METADATA
# title: outbox is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.publish}]
# custom: {id: PRE-022, severity: info, pattern: data/outbox, subject: publish}
change_stream contains "in place" if {
	input.from.type == "datastore"
}
