package archcheck.rules.deployment.canary_fit

import data.archcheck.lib

# METADATA
# scope: document
# title: Too little traffic for a canary
# description: A canary proves a build by the requests that it serves. With few of them each step takes hours or proves nothing.
# related_resources: [https://sre.google/workbook/canarying-releases/]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-015
#   kind: misuse
#   severity: low
#   pattern: deployment/canary
#   subject: workload
#   trade_offs: Tests before the switch find what they were written for, and real traffic nothing of it.
#   waive_when: Releases may take days.
#   cleared_by: strategy = "blue_green" with tests before the switch; more traffic.
trickle contains {
	"verdict": v,
	"say": "A release of {subject} proves nothing for hours: a step of 10 % needs {time} to see {needed} requests at {rate}.",
	"facts": {
		"time": input.subject.canary_at_tenth, "needed": input.subject.canary_samples_needed, "rate": input.subject.rate,
		"strategy": input.subject.release_strategy,
	},
	"asks": ["time"],
	"fix": [
		{"set": "deploy.strategy", "value": "blue_green"}, {"set": "deploy.spare_capacity", "value": "100%"},
		{"set": "deploy.keep_old", "value": "1h"}, {"set": "deploy.analysis", "value": ["smoke"]},
	],
} if {
	input.subject.release_strategy.value == "canary"
	v := lib.above(input.subject.canary_at_tenth, 14400000)
	lib.fires(v)
}

# METADATA
# scope: document
# title: Two versions publish messages that promise nothing to each other
# description: While a release runs the old and the new version side by side, consumers get the messages of both. A contract without compatibility lets the two differ in ways that one of them cannot read.
# related_resources: [https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html]
# schemas: [{input: schema.workload}]
# custom:
#   id: DEP-016
#   kind: conflict
#   severity: high
#   pattern: deployment/canary
#   subject: workload
#   subsumes: [MSG-008]
#   trade_offs: A change that cannot be compatible needs a new topic, or a time in which both shapes are published.
#   waive_when: Consumers drop what they cannot read, and nobody misses it.
#   cleared_by: A compatibility of the topic's schema; strategy = "recreate" or "blue_green" with paused consumers.
mixed_messages contains {
	"verdict": v,
	"say": mixed,
	"facts": {"topics": lib.labels(input.subject.incompatible_topics), "strategy": input.subject.release_strategy, "deploys": input.subject.deploys_per_week},
	"asks": ["strategy"],
	"evidence": input.subject.incompatible_topics,
	"fix": [{"at": t, "set": "schema.compatibility", "value": "backward"} | some t in input.subject.incompatible_topics],
	"alternatives": [[{"advise": "Publish a changed message to a topic of its own, and the old one beside it until nobody reads it."}]],
} if {
	count(input.subject.incompatible_topics) > 0
	v := lib.one_of(input.subject.release_strategy, {"canary", "rolling"})
	lib.fires(v)
}

mixed := "Consumers of {topics} get two shapes of a changed message, mixed, while a release of {subject} goes on: it runs both versions side by side ({strategy}), and the contract promises no compatibility."
