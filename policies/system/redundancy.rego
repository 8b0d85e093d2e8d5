package archcheck.rules.system.redundancy

import data.archcheck.lib

node := input.subject

# METADATA
# scope: document
# title: Single point of failure
# description: One copy answers. Each restart, deploy or loss of its machine or zone is an outage for everything that needs it.
# related_resources: ["https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/use-fault-isolation-to-protect-your-workload.html"]
# schemas: [{input: schema.node}]
# custom:
#   id: SYS-003
#   kind: missing
#   severities:
#     critical: it runs once, and half of the traffic or more fails with it
#     high: a quarter or more does, or several copies stand in one zone
#   subject: node
#   subsumes: [GWY-002, DEP-022]
#   trade_offs: A second copy in a second zone costs its resources and, for state, replication; what is stateless needs nothing else.
#   waive_when: The outage of a restart is accepted, by the people who feel it.
#   cleared_by: two replicas in two zones, a stated availability, or a fallback at the callers
single_point contains {
	"verdict": v,
	"severity": severity(v),
	"facts": {
		"blast": node.blast,
		"lost": node.journeys_lost,
		"all": node.journeys_all,
		"replicas": node.replicas,
		"zones": node.zones,
		"single": node.single_copy,
		"expected": node.outage.expected,
		"allowed": node.outage.allowed,
		"redundant": node.outage.redundant,
		"window": node.outage.window,
	},
	"asks": ["single", "blast"],
	"evidence": node.journeys,
	"fix": array.concat([{"at": scaled_at, "set": copies, "value": 2} | runs_once], [{"at": scaled_at, "set": "scale.zones", "value": 2}]),
	"say": message,
} if {
	node.type in {"service", "gateway", "datastore", "broker", "registry"}
	node.user_facing.value
	lib.is(node.availability_stated, true) != "violation"
	v := lib.all_of([
		lib.is(node.single_copy, true),
		lib.at_least(node.blast, input.system.params.spof_blast),
	])
	lib.fires(v)
}

# Where the system hands the scale down, that is the place to change it.
scaled_at := node.replicas.from if {
	startswith(node.replicas.from, "system.")
} else := input.addr

runs_once if node.replicas.value == 1

always_once if node.replicas.hi == 1

# What scales by itself runs once while little is asked of it: its lower end is what to raise.
copies := "scale.replicas" if {
	always_once
} else := "scale.min"

once := "it runs once" if {
	always_once
} else := "at little load it runs once"

lost := "Losing {subject} fails all traffic" if {
	node.blast.lo > 0.999
} else := "Losing {subject} fails {blast} of the traffic" if {
	node.traffic_known.value
} else := "Losing {subject} fails {lost} of {all} journeys"

message := concat("", [lost, ", and ", once, ": each restart, deploy or loss of its host is an outage.", cost]) if {
	runs_once
} else := concat("", [lost, ", and all its copies stand in one zone: they are lost together."])

default cost := ""

# Worth a sentence where it breaks a promise.
cost := " {expected} of outage in {window} are to be expected, where the objective allows {allowed}; with two copies in two zones {redundant} are left." if {
	node.outage.expected.value > node.outage.allowed.value
	node.outage.redundant.value < node.outage.expected.value
}

severity(v) := "critical" if {
	runs_once
	reach(v) >= most
} else := "high"

# Half of the traffic; where nobody states any, half of the journeys may be nearly none of it.
default most := 1

most := 0.5 if node.traffic_known.value

# A question weighs what the answer may turn out to be, a finding what is certain.
reach(v) := node.blast.hi if {
	v == "question"
} else := node.blast.lo

# METADATA
# scope: document
# title: Components that fall together take most of the traffic
# description: A zone, a server, a broker or a registry is one event. What shares it is not redundant, however many copies it has.
# related_resources: ["https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/use-fault-isolation-to-protect-your-workload.html"]
# schemas: [{input: schema.failure_set}]
# custom:
#   id: SYS-004
#   kind: conflict
#   severity: medium
#   subject: failure_set
#   trade_offs: Spreading over servers and zones costs latency between them and some money.
#   waive_when: The provider promises redundancy below what is described, and the contract says so.
#   cleared_by: two zones for the members, servers of their own, or cells
falls_together contains {
	"verdict": v,
	"facts": {
		"what": input.subject.of,
		"count": input.subject.count,
		"blast": input.subject.blast,
		"alone": input.subject.worst_alone,
		"lost": input.subject.journeys_lost,
		"all": input.subject.journeys_all,
	},
	"evidence": [m.addr | some m in input.subject.members],
	"fix": [{"advise": "Spread the members over two zones or servers, or split the traffic into cells that share nothing."}],
	"say": together,
} if {
	input.subject.user_facing.value
	input.subject.count.value >= 2
	not input.subject.single_part.value
	not input.subject.redundant.value
	v := lib.all_of([
		lib.at_least(input.subject.blast, 0.5),
		lib.above(input.subject.blast, input.subject.worst_alone),
		lib.is(input.subject.together, true),
	])
	lib.fires(v)
}

together := "{count} components stand on one {what}: losing it fails {blast} of the traffic, though the worst of them alone would take {alone}." if {
	input.subject.traffic_known.value
} else := "{count} components stand on one {what}: losing it fails {lost} of {all} journeys, more than the worst of them alone would."

# METADATA
# scope: document
# title: Hub that everything needs
# description: Many callers and little room above their load. One team's release or one caller's peak is everybody's outage.
# related_resources: ["https://arxiv.org/abs/1908.04101"]
# schemas: [{input: schema.node}]
# custom:
#   id: SYS-012
#   kind: conflict
#   severity: medium
#   subject: node
#   trade_offs: Splitting a hub by class of caller costs a deployment each; events cost freshness.
#   waive_when: The hub is a platform service with its own objective and on-call.
#   cleared_by: fewer hard callers (fallback to a cache, data by events), or room above the load after a zone loss
hub contains {
	"verdict": v,
	"facts": {"callers": node.hard_callers, "blast": node.blast, "after": node.utilisation_zone_loss},
	"asks": ["after", "callers", "blast"],
	"fix": [{"advise": "Split it by class of caller (bulkheads, cells), or publish its data as events that callers keep a copy of."}],
	"say": "{callers} callers cannot do without {subject}, and {blast} of the traffic needs it.",
} if {
	node.type == "service"
	v := lib.all_of([
		lib.at_least(node.hard_callers, 8),
		lib.unless(lib.above(node.cached_callers, 0)),
		lib.any_of([lib.at_least(node.utilisation_zone_loss, 0.8), lib.at_least(node.blast, 0.5)]),
	])
	lib.fires(v)
}
