package archcheck.rules.gateway.bff

import data.archcheck.lib

# METADATA
# scope: document
# title: Mobile users pay for an API that was made for somebody else
# description: An API that serves clients with different needs fits one of them. The others make more trips, or load more than they show, over the slowest network.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/patterns/backends-for-frontends
#   - https://samnewman.io/patterns/architectural/bff/
# schemas: [{input: schema.workload}]
# custom:
#   id: GWY-010
#   kind: missing
#   severity: low
#   pattern: gateway/bff
#   subject: workload
#   trade_offs: One backend more to run, and logic that several of them need is written several times.
#   waive_when: The clients are about to get the same screens.
#   cleared_by: a BFF for the diverging client, a graphql api, or needs that differ by less than half.
diverging_clients contains {
	"verdict": v,
	"severity": diverging_severity,
	"say": diverging,
	"facts": object.union(
		{"trips": input.subject.constrained_trips, "other_trips": input.subject.frugal_trips},
		lib.beside(v, {
			"mobile": input.subject.constrained_client,
			"other": input.subject.frugal_client,
			"ratio": input.subject.trip_ratio,
			"payloads": input.subject.payload_ratio,
		}),
	),
	"fix": [{"advise": sprintf("Give %s a gateway of kind bff that answers each of its screens with one request.", [lib.label(input.subject.constrained_client)])}],
} if {
	input.subject.constrained_client != ""
	input.subject.frugal_client != ""
	input.subject.any_bff.value == false
	not "graphql" in input.subject.apis
	v := lib.any_of([
		lib.at_least(input.subject.constrained_trips, 5),
		lib.at_least(input.subject.trip_ratio, 2),
		lib.at_least(input.subject.payload_ratio, 2),
	])
	lib.fires(v)
}

default diverging_severity := "low"

diverging_severity := "medium" if input.subject.frontend_teams.value >= 2

diverging := "{mobile} needs {trips} trips to {subject} for one action where {other} needs {other_trips}: the API fits {other}." if {
	lib.above(input.subject.constrained_trips, input.subject.frugal_trips) in {"violation", "risk"}
} else := "{other} and {mobile} need different things from {subject}, and each loads what the other shows."

# METADATA
# scope: document
# title: A backend for one frontend serves several
# description: Clients with different needs pull such a backend in different directions until it is the general API that it was meant to replace, and every change needs all their teams.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/backends-for-frontends]
# schemas: [{input: schema.gateway}]
# custom:
#   id: GWY-011
#   kind: misuse
#   severity: medium
#   pattern: gateway/bff
#   subject: gateway
#   subsumes: [GWY-016]
#   trade_offs: One backend per client repeats what they have in common.
#   waive_when: The clients show the same screens.
#   cleared_by: one BFF per kind of client; kind = "api"; or web and desktop clients of one team.
shared_bff contains {
	"verdict": "violation",
	"say": "Every change of {subject} for one client has to suit the others: it is a backend for one frontend, and {kinds} use it.",
	"facts": {"kinds": input.subject.client_kinds, "clients": lib.labels(input.subject.clients)},
	"fix": [{"set": "kind", "value": "api"}, {"advise": "Or split it: one BFF per kind of client."}],
} if {
	input.subject.kind.value == "bff"
	input.subject.one_web_team.value == false
	count(input.subject.client_kinds) >= 2
}

# METADATA
# scope: document
# title: A backend per frontend where there is one frontend
# description: What makes a BFF worth its price is that other clients need something else. With one kind of client it is an ordinary API under another name.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/backends-for-frontends]
# schemas: [{input: schema.gateway}]
# custom:
#   id: GWY-012
#   kind: misuse
#   severity: low
#   pattern: gateway/bff
#   subject: gateway
#   trade_offs: None today.
#   waive_when: A second kind of client is being built.
#   cleared_by: kind = "api", or a client of a second kind.
only_frontend contains {
	"verdict": v,
	"say": "{subject} has nobody to be different from: all clients of the system are of one kind, {kinds}.",
	"facts": object.union({"known": input.subject.client_kinds_known}, lib.beside(v, {"kinds": input.subject.system_client_kinds})),
	"fix": [{"set": "kind", "value": "api"}],
} if {
	input.subject.kind.value == "bff"
	count(input.subject.system_client_kinds) == 1
	v := lib.is(input.subject.client_kinds_known, true)
	lib.fires(v)
}

# METADATA
# scope: document
# title: A backend for one frontend holds data of all
# description: Data that one client's backend writes is out of reach for the next client, and every rule about it lives where only that client's team looks.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/backends-for-frontends]
# schemas: [{input: schema.gateway}]
# custom:
#   id: GWY-013
#   kind: misuse
#   severity: medium
#   pattern: gateway/bff
#   subject: gateway
#   trade_offs: One hop more for these writes.
#   waive_when: The data concerns this client alone, such as its drafts.
#   cleared_by: writes to caches only, or a service behind the BFF that owns the store.
bff_owns_data contains {
	"verdict": v,
	"say": "No other client can rely on {stores}: {subject}, the backend of one frontend, writes it by rules of its own.",
	"facts": object.union({"writes": input.subject.store_may_be_written}, lib.beside(v, {"stores": lib.labels(input.subject.store_writes)})),
	"evidence": input.subject.store_write_calls,
	"fix": [{"advise": "Move the write behind a service that owns the store, and call that service."}],
} if {
	input.subject.kind.value == "bff"
	v := lib.is(input.subject.store_may_be_written, true)
	lib.fires(v)
}
