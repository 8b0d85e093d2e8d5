package archcheck.rules.deployment.coherence

import data.archcheck.lib

# METADATA
# scope: document
# title: Two teams release a change of messages in no order
# description: A contract that is compatible in one direction tells who has to be released first. A change that ships with everybody's release has no first.
# related_resources: [https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html]
# schemas: [{input: schema.topic}]
# custom:
#   id: DEP-062
#   kind: misconfigured
#   severity: high
#   pattern: deployment/rolling
#   subject: topic
#   trade_offs: The teams have to agree on a day, or the change on both shapes.
#   waive_when: All of them are released at one moment in which nothing is published.
#   cleared_by: with_release = false on the change; compatibility = "full"; one team.
release_order contains {
	"verdict": v,
	"say": "Messages of {topic} fail in whoever is released too late: with {compatibility} compatibility {first} must be released before {second}, which belong to another team, and {change} ships with one release of both.",
	"facts": {
		"topic": lib.label(input.addr), "compatibility": input.subject.schema.compatibility, "first": parties[0], "second": parties[1],
		"change": lib.label(input.subject.breaking_change), "teams": input.subject.teams,
	},
	"evidence": [input.subject.breaking_change],
	"fix": [
		{"at": input.subject.breaking_change, "set": "with_release", "value": false},
		{"advise": sprintf("Release %s first, then %s, then the change.", [concat(" and ", parties[0]), concat(" and ", parties[1])])},
	],
} if {
	input.subject.breaking_change != ""
	v := lib.all_of([
		lib.one_of(input.subject.schema.compatibility, {"backward", "forward"}),
		lib.is(input.subject.teams_differ, true),
	])
	lib.fires(v)
}

# Backward: new readers read old messages, so readers go first. Forward: old readers read new ones.
parties := [readers, writers] if {
	input.subject.schema.compatibility.value == "backward"
} else := [writers, readers]

readers := lib.labels(input.subject.services)

writers := lib.labels([p.node | some p in input.subject.publishers])

# METADATA
# scope: document
# title: A caller speaks an API that is gone
# description: An API that is removed while somebody still calls it fails that caller with the release, and a contract that nobody keeps fails it some day.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/best-practices/api-design]
# schemas: [{input: schema.call}]
# custom:
#   id: DEP-063
#   kind: misconfigured
#   severity: medium
#   pattern: deployment/rolling
#   subject: call
#   trade_offs: An API that is kept for its last caller has to be run and secured until then.
#   cleared_by: A protocol that the callee declares, or an api block of that style on it.
api_gone contains {
	"verdict": v,
	"say": "Calls of {from} to {to} fail, or go to an API that nobody keeps any more: {from} speaks {protocol}, and {to} declares {apis}.",
	"facts": {"protocol": input.subject.protocol, "apis": input.to.apis, "declared": input.subject.protocol_declared},
	"evidence": [input.to.addr],
	"fix": move,
	"alternatives": [[{"at": input.to.addr, "add": "api", "label": input.subject.protocol.value, "value": {}}]],
} if {
	input.to.type in {"service", "gateway"}
	count(input.to.apis) > 0
	input.subject.protocol.state == "stated"
	v := lib.is(input.subject.protocol_declared, false)
	lib.fires(v)
}

default move := [{"advise": "Let the caller speak one of the styles that the callee declares, and state it as protocol."}]

move := [{"set": "protocol", "value": input.to.apis[0]}] if count(input.to.apis) == 1
