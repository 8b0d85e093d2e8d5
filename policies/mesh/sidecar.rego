package archcheck.rules.mesh.sidecar

import data.archcheck.lib

# METADATA
# scope: document
# title: The same plumbing in many languages
# description: What every service needs and no language shares is written, tested and upgraded once for each of them. A sidecar does it once for all.
# related_resources: ["https://learn.microsoft.com/en-us/azure/architecture/patterns/sidecar"]
# schemas: [{input: schema.system}]
# custom:
#   id: DSC-010
#   kind: missing
#   severity: low
#   pattern: mesh/sidecar
#   subject: system
#   trade_offs: A second container beside every replica takes memory, and starts and stops with it.
#   waive_when: A library that is kept up in all of these languages does it.
#   cleared_by: a sidecar on any service; fewer than three languages or six services.
many_languages contains {
	"verdict": v,
	"say": "Each of {n} languages ({languages}) needs its own {needs}, and every change to it is made {n} times. A sidecar beside each replica does it once.",
	"facts": {
		"languages": input.subject.languages, "n": count(input.subject.languages),
		"needs": input.subject.cross_cutting_needs, "services": input.subject.services,
	},
	"fix": [{"advise": "Put a sidecar such as an OpenTelemetry collector beside each service, with cpu = \"50m\", memory = \"64MiB\" and starts_first = true."}],
	"alternatives": [[{"advise": "Make the services members of one mesh, which does it for all of them."}]],
} if {
	count(input.subject.cross_cutting_needs) > 0
	v := lib.all_of([
		lib.at_least(count(input.subject.languages), 3),
		lib.at_least(input.subject.services, 6),
		lib.at_most(input.subject.sidecars, 0),
	])
	lib.fires(v)
}

# METADATA
# scope: document
# title: Proxies eat the time of a fast call
# description: A call between two services with sidecars goes through two proxies. Where callers leave a few milliseconds, the proxies are a large part of them.
# related_resources: ["https://learn.microsoft.com/en-us/azure/architecture/patterns/sidecar"]
# schemas: [{input: schema.call}]
# custom:
#   id: DSC-013
#   kind: misuse
#   severity: medium
#   pattern: mesh/sidecar
#   subject: call
#   trade_offs: What the proxies did for this call, a library has to do.
#   waive_when: The latency has been measured with the proxies in place, and is fine.
#   cleared_by: mode = "ambient" on the mesh; a budget of more than five times the proxies' share.
proxies_on_fast_call contains {
	"verdict": v,
	"say": "Two proxies take {share} of the {budget} that callers leave for {from} to ask {to}.",
	"facts": {"share": input.subject.proxy_share, "budget": input.subject.budget},
	"fix": [{"advise": sprintf("Leave %s out of what the proxies intercept, and let a library set its limits.", [lib.label(input.to.addr)])}],
	"alternatives": [[{"advise": "Run the mesh with mode = \"ambient\"."}]],
} if {
	v := lib.all_of([lib.above(input.subject.budget, 0), lib.at_least(input.subject.proxy_share, 0.2)])
	v in {"violation", "risk", "unlikely"}
}
