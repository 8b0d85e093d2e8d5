package archcheck.rules.input.statements

# METADATA
# scope: document
# title: Statements contradict each other
# description: Two of the numbers cannot both be true. What is computed from them takes the worse one.
# related_resources: ["https://en.wikipedia.org/wiki/Little%27s_law"]
# schemas: [{input: schema.node}]
# custom:
#   id: INP-001
#   kind: conflict
#   severity: medium
#   subject: node
#   waive_when: Never for long; one of the numbers is wrong.
#   cleared_by: numbers that fit together
contradiction contains {
	"verdict": "violation",
	"facts": {"what": concat("; ", [c.says | some c in input.subject.contradictions])},
	"evidence": [c.at | some c in input.subject.contradictions; c.at != input.addr],
	"fix": [{"advise": "Measure again, and state what the dashboard shows."}],
	"say": "{what}.",
} if {
	input.subject.type in {"service", "gateway"}
	count(input.subject.contradictions) > 0
}

# METADATA
# scope: document
# title: Nobody says who uses it
# description: Nothing leads to it, nothing starts from it and nothing refers to it. Either an edge is missing or it is a leftover.
# related_resources: []
# schemas: [{input: schema.node}]
# custom:
#   id: INP-003
#   kind: conflict
#   severities:
#     medium: "a policy: somebody believes that it is in force"
#     low: anything else
#   subject: node
#   waive_when: Its users follow in a change that is on its way.
#   cleared_by: an edge or a reference, or its removal
unused contains {
	"verdict": "violation",
	"severity": severity,
	"say": message,
	"facts": {},
	"fix": fix,
} if {
	input.subject.connected.value == false
	input.subject.type in {"client", "gateway", "service", "datastore", "broker", "topic", "queue", "external", "registry", "policy"}
}

severity := "medium" if {
	input.subject.type == "policy"
} else := "low"

message := "Nobody uses {subject}: what it limits is unlimited." if {
	input.subject.type == "policy"
} else := "Nothing leads to {subject} or away from it."

fix := [{"at": input.system.addr, "set": "policy", "value": input.addr}] if {
	input.subject.type == "policy"
} else := [{"advise": "Say who calls or uses it, or whom it calls; or remove the block."}]

# METADATA
# scope: document
# title: Waiver has ended
# description: The finding that it accepted is gone. The block only misleads whoever reads it.
# related_resources: []
# schemas: [{input: schema.waiver}]
# custom:
#   id: INP-004
#   kind: conflict
#   severity: medium
#   subject: waiver
#   cleared_by: removal of the block
ended contains {
	"verdict": "violation",
	"facts": {"days": input.subject.days_left},
	"fix": [{"advise": "Remove the waiver."}],
	"say": "This waiver has ended, and what it accepted no longer fires.",
} if {
	input.subject.expired.value
}

# METADATA
# scope: document
# title: Pattern claimed without what it consists of
# description: The description says that a pattern is in place, and nothing of it can be seen.
# related_resources: []
# schemas: [{input: schema.node}]
# custom:
#   id: INP-005
#   kind: misuse
#   severity: medium
#   subject: node
#   cleared_by: the missing parts, or the claim removed
no_evidence contains {
	"verdict": "violation",
	"facts": {"claims": input.subject.unsupported},
	"fix": [{"advise": "State the parts of the pattern, or remove the claim."}],
	"say": "{subject} claims what nothing shows: {claims}.",
} if {
	count(input.subject.unsupported) > 0
}
