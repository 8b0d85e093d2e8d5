package archcheck.rules.system.availability

import data.archcheck.lib

journey := input.subject

# METADATA
# scope: document
# title: The availability objective is out of reach
# description: Everything that a request cannot do without must be up at once. Multiplied, these parts promise less than the objective, whatever each team does on its own.
# related_resources:
#   - https://dl.acm.org/doi/10.1145/3080202
#   - https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/availability.html
# schemas: [{input: schema.journey}]
# custom:
#   id: SYS-001
#   kind: conflict
#   severities:
#     critical: the outage to be expected is more than three times the budget
#     high: it is more than the budget
#   subject: journey
#   subsumes: [SYS-002, GWY-022]
#   trade_offs: A part made soft or asynchronous can be wrong or late instead of absent; decide for each what the user sees then.
#   waive_when: The objective is a goal for a later quarter, and the waiver names the quarter.
#   cleared_by: an outbox, a fallback or an event instead of the waiting call at the heaviest parts; better contracts; a lower objective
objective_out_of_reach contains {
	"verdict": v,
	"severity": severity,
	"say": message,
	"facts": {
		"parts": journey.components,
		"availability": journey.availability,
		"objective": journey.objective,
		"loss": journey.loss_minutes,
		"window": journey.window,
		"budget": journey.budget_minutes,
		"heaviest": heaviest,
		"ladder": journey.rec.ladder,
		"assumed": journey.assumed_share,
		"settled": journey.settled,
	},
	"asks": ["settled", "availability", "objective"],
	"evidence": [part.addr | some i, part in journey.hard; i < 5],
	"fix": journey.rec.soften,
} if {
	v := lib.all_of([lib.below(journey.availability, journey.objective), trust])
	lib.fires(v)
}

# When most of the loss rests on assumed numbers, ask for them instead of accusing.
trust := lib.is(journey.settled, true)

default severity := "high"

severity := "critical" if journey.loss_over_budget.value > 3

heaviest := concat(", ", [sprintf("%s %d %%", [lib.label(part.addr), round(part.share * 100)]) |
	some i, part in journey.hard
	i < 3
])

message := "{parts} parts must all be up for this journey: {availability}, {loss} of outage in {window} against a budget of {budget}. Heaviest: {heaviest}. What helps, with the outage that is left after each step: {ladder}." if {
	journey.rec.ladder.value
} else := "{parts} parts must all be up for this journey: {availability}, {loss} of outage in {window} against a budget of {budget}. Heaviest: {heaviest}."

# METADATA
# scope: document
# title: One dependency spends the error budget
# description: A part that every request needs should fail ten times less than the objective allows, so that it leaves room for the others.
# related_resources: ["https://dl.acm.org/doi/10.1145/3080202"]
# schemas: [{input: schema.journey}]
# custom:
#   id: SYS-002
#   kind: conflict
#   severities:
#     medium: the part alone may spend more than a third of the budget
#     low: more than a tenth
#   subject: journey
#   trade_offs: A cache or a fallback answers with older data while the part is away; a better contract costs money.
#   waive_when: The part's real record is better than its contract, and a dashboard shows it.
#   cleared_by: a fallback or an outbox that makes the part soft, or a contract ten times better than the objective
dependency_spends_budget contains {
	"verdict": v,
	"severity": share_severity(part),
	"facts": {
		"part": lib.label(part.addr),
		"availability": part.availability,
		"objective": journey.objective,
		"share": part.budget_share,
	},
	"evidence": [part.addr],
	"fix": [{"at": part.addr, "advise": sprintf("Let the journey go on without %s (a cache, a queue or another fallback), or %s.", [lib.label(part.addr), stronger(part)])}],
	"say": "{part} promises {availability} under an objective of {objective}: it alone may spend {share} of the error budget.",
} if {
	some part in journey.hard
	part.availability.state == "stated"
	v := lib.above(part.budget_share, 0.1)
	lib.fires(v)
}

stronger(part) := "agree on more than its contract promises" if {
	startswith(part.addr, "external.")
} else := "raise its availability above what is stated"

share_severity(part) := "medium" if {
	part.budget_share.value > 1 / 3
} else := "low"

# METADATA
# scope: document
# title: No objective
# description: Without an objective nobody can say whether the availability and the latency of this entry are good enough, and a third of the checks has nothing to compare with.
# related_resources: ["https://sre.google/sre-book/service-level-objectives/"]
# schemas: [{input: schema.client}]
# custom:
#   id: SYS-014
#   kind: missing
#   severity: info
#   subject: client
#   waive_when: The client is not worth an objective of its own.
#   cleared_by: slo on the client or on the system
no_objective contains {
	"verdict": v,
	"facts": {"slo": input.system.slo.availability, "kind": input.subject.kind},
	"asks": ["kind", "slo"],
	"fix": [{"at": input.system.addr, "set": "slo", "value": {"availability": "99.9%"}}],
	"say": "Nobody said how good is good enough for {subject}: availability, latency and error budgets cannot be judged. 99.9% is an example, not advice.",
} if {
	count(input.subject.calls_to) > 0
	v := lib.all_of([
		lib.unless(lib.one_of(input.subject.kind, {"scheduler", "internal"})),
		lib.absent(input.subject.slo),
		lib.absent(input.system.slo.availability),
		lib.absent(input.system.slo.latency_p99),
	])
	lib.fires(v)
}
