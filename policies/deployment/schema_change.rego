package archcheck.rules.deployment.schema_change

import data.archcheck.lib

# METADATA
# scope: document
# title: A schema change breaks the version that still runs
# description: While a release goes on, the old and the new version use one schema. A change that the old one cannot read breaks it, and with it the way back.
# related_resources:
#   - https://martinfowler.com/bliki/ParallelChange.html
#   - https://martinfowler.com/bliki/BlueGreenDeployment.html
# schemas: [{input: schema.schema_change}]
# custom:
#   id: DEP-060
#   kind: conflict
#   severity: critical
#   pattern: deployment/rolling
#   subject: schema_change
#   subsumes: [DEP-035, DEP-061]
#   aliases: [DEP-004, DEP-023]
#   trade_offs: Three releases instead of one, and code that knows both shapes in between.
#   cleared_by: Expand, migrate, contract as three releases; the contracting change with_release = false.
breaks_running_version contains {
	"verdict": v,
	"say": breaking,
	"facts": {
		"users": lib.labels(users), "store": lib.label(input.subject.store), "change": lib.label(input.addr), "phase": input.subject.phase,
		"kind": input.subject.kind, "strategy": unclear, "with_release": input.subject.with_release,
	},
	"evidence": users,
	"fix": [
		{"set": "phase", "value": "expand"},
		{"advise": "Add the new shape beside the old one first, move the data, and drop the old shape in a later release."},
	],
} if {
	v := lib.all_of([
		lib.is(input.subject.kind, "breaking"),
		lib.is(input.subject.versions_coexist, true),
		lib.unless(lib.is(input.subject.phase, "expand")),
		lib.unless(lib.all_of([lib.is(input.subject.phase, "contract"), lib.is(input.subject.with_release, false)])),
	])
	lib.fires(v)
}

users := input.subject.coexisting

# What to state where nobody knows whether the versions coexist: how the first such user is released.
unclear := [u.strategy | some u in input.subject.users; u.versions_coexist.state == "unknown"][0] if {
	input.subject.versions_coexist.state == "unknown"
} else := input.subject.versions_coexist

breaking := "{change} of {store} breaks the old version of {users}, which runs beside the new one during a release, and a way back breaks as well." if {
	count(users) == 1
} else := "{change} of {store} breaks the old versions of {users}, which run beside the new ones during a release, and a way back breaks as well."

# METADATA
# scope: document
# title: The old shape goes with the code that used it
# description: A release that drops a column together with the code that read it cannot be taken back, as the code before it needs the column.
# related_resources: [https://martinfowler.com/bliki/ParallelChange.html]
# schemas: [{input: schema.schema_change}]
# custom:
#   id: DEP-061
#   kind: misconfigured
#   severity: high
#   pattern: deployment/rolling
#   subject: schema_change
#   trade_offs: The old shape stays for one release more.
#   cleared_by: with_release = false, the drop in a release of its own.
contract_with_release contains {
	"verdict": v,
	"say": "Taking back the release finds what {change} has dropped from {store}: the old shape goes together with the code that used it.",
	"facts": {
		"change": lib.label(input.addr), "store": lib.label(input.subject.store), "phase": input.subject.phase,
		"with_release": input.subject.with_release, "coexist": input.subject.versions_coexist,
	},
	"fix": [{"set": "with_release", "value": false}],
} if {
	v := lib.all_of([
		lib.is(input.subject.phase, "contract"),
		lib.is(input.subject.with_release, true),
		lib.any_of([lib.is(input.subject.versions_coexist, true), lib.is(input.system.zero_downtime, true)]),
	])
	lib.fires(v)
}
