# Where the patterns of this category are in place (rules.md §6.0). The results are no findings: archcheck lists them per
# pattern. A result on an api counts for its owner.
package archcheck.rules.presence.messaging

# METADATA
# title: pub-sub is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.topic}]
# custom: {id: PRE-023, severity: info, pattern: messaging/pub-sub, subject: topic}
pub_sub contains "in place" if {
	count(input.subject.publishers) > 0
	count(input.subject.consumers) > 0
}

# METADATA
# title: message-queue is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.queue}]
# custom: {id: PRE-024, severity: info, pattern: messaging/message-queue, subject: queue}
message_queue contains "in place" if {
	count(input.subject.publishers) > 0
	count(input.subject.consumers) > 0
}

# METADATA
# title: event-driven is in place
# description: A place of the pattern; no finding comes of it.
# schemas: [{input: schema.service}]
# custom: {id: PRE-101, severity: info, pattern: messaging/event-driven, subject: service}
event_driven contains "in place" if count(input.subject.reacts_to) > 0
