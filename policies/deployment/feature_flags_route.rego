package archcheck.rules.deployment.feature_flags_route

import data.archcheck.lib

# METADATA
# scope: document
# title: A risky path has no off switch
# description: A route that is being tried on real traffic goes wrong some day. Without a switch the way back is a release.
# related_resources: [https://martinfowler.com/articles/feature-toggles.html]
# schemas: [{input: schema.route}]
# custom:
#   id: DEP-030
#   kind: missing
#   severity: low
#   pattern: deployment/feature-flags
#   subject: route
#   trade_offs: One more flag, to be removed when the route is migrated.
#   cleared_by: flag on the route, or a share of traffic on the facade that can be changed while it runs.
no_switch contains {
	"verdict": v,
	"say": "Taking {route} back from {target} needs a release: nothing switches it off while it runs.",
	"facts": {
		"route": lib.label(input.addr), "target": input.subject.to, "flag": input.subject.flag, "status": input.subject.status,
	},
	"asks": ["flag", "status"],
	"fix": [{"advise": "Declare a release flag with an owner and an end, and name it as the route's flag."}],
} if {
	fixed_share
	v := lib.all_of([
		lib.one_of(input.subject.status, {"shadow", "canary"}),
		lib.absent(input.subject.flag),
	])
	lib.fires(v)
}

# A share that a facade gives the new side is changed while it runs.
default fixed_share := true

fixed_share := false if {
	input.subject.facade.value
	input.subject.traffic.state == "stated"
}
