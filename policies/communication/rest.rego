package archcheck.rules.communication.rest

import data.archcheck.lib

# METADATA
# scope: document
# title: Nobody has decided how clients talk to this entry
# description: The style of an API decides how clients page, retry, cache and get news. Where it is not written down, none of that can be judged, and every client guesses.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/best-practices/api-design]
# schemas: [{input: schema.workload}]
# custom:
#   id: COM-001
#   kind: missing
#   severity: medium
#   pattern: communication/rest
#   subject: workload
#   subsumes: [COM-030]
#   trade_offs: An API that is declared has to be kept; each further style is one more surface to version and to secure.
#   waive_when: The entry serves something that is no API, such as files.
#   cleared_by: any api block on the entry; kind proxy or cdn, where the node behind it is the entry; opaque = true.
api_undeclared contains {
	"verdict": v,
	"say": undeclared,
	"severity": weight,
	"facts": object.union({"outside": input.subject.outside}, lib.beside(v, {"callers": lib.labels(input.subject.outside_callers), "style": input.subject.leaf})),
	"evidence": input.subject.outside_callers,
	"fix": [{"add": "api", "label": input.subject.leaf, "at": input.addr, "value": object.get(starter, input.subject.leaf, {})}],
} if {
	count(input.subject.apis) == 0
	not input.subject.opaque.value
	v := lib.is(input.subject.outside, true)
	lib.fires(v)
}

# Every entry speaks something: without a need that it fails, only the description is incomplete.
default weight := "low"

weight := "medium" if input.subject.leaf in {"websocket", "sse"}

default undeclared := "Nobody can tell how requests of {callers} are paged, retried or cached: {subject} declares no API style. For callers like these the decision flowchart leads to {style}."

undeclared := "Live updates for {callers} have no way through {subject}: it declares no API style at all. For callers like these the decision flowchart leads to {style}." if {
	input.subject.leaf in {"websocket", "sse"}
}

# A graphql api without limits would be the next finding.
starter := {"rest": {"version": "v1"}, "graphql": {"max_depth": 8}}

# METADATA
# scope: document
# title: A breaking change is an outage for clients
# description: Clients outside your releases keep calling the API that they were built for. Without a version there is no way to change it beside them.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/best-practices/api-design
# schemas: [{input: schema.api}]
# custom:
#   id: COM-002
#   kind: misconfigured
#   severity: medium
#   pattern: communication/rest
#   subject: api
#   trade_offs: A version that is published has to be served until its last client is gone.
#   waive_when: Every client is released together with the API.
#   cleared_by: version on the api; or one web client alone, with the same team as the API's owner.
api_unversioned contains {
	"verdict": v,
	"severity": unversioned_severity,
	"say": unversioned,
	"facts": object.union(
		{"public": input.subject.public, "version": input.subject.version},
		lib.beside(v, {"callers": lib.labels(input.subject.public_callers), "owner": input.subject.owner, "style": input.subject.style}),
	),
	"fix": [{"set": "version", "value": "v1"}],
} if {
	input.subject.style in {"rest", "soap"}
	input.subject.only_own_web.value == false
	v := lib.all_of([lib.is(input.subject.public, true), lib.absent(input.subject.version)])
	lib.fires(v)
}

unversioned := "The next breaking change of {owner} is an outage for {callers}: its {style} API has no version, and you cannot release them together with it." if {
	unversioned_severity == "high"
} else := "The next breaking change of {owner} is an outage for every page of {callers} that is still open: its {style} API has no version to keep beside the new one."

# Apps in a store, devices and other companies' systems are out there for years; a web page is new after a reload.
default unversioned_severity := "medium"

unversioned_severity := "high" if {
	some kind in input.subject.public_kinds
	kind in {"partner", "mobile", "iot", "webhook"}
}

# METADATA
# scope: document
# title: One request can ask for the whole table
# description: A list without pages grows with the data behind it, in time, memory and payload, until it times out.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/best-practices/api-design
# schemas: [{input: schema.api}]
# custom:
#   id: COM-003
#   kind: misconfigured
#   severity: medium
#   pattern: communication/rest
#   subject: api
#   trade_offs: Clients that need everything make several requests; a cursor keeps them consistent, an offset does not.
#   waive_when: The list has a small and fixed upper bound.
#   cleared_by: pagination = "cursor" or "offset"; lists = false.
unbounded_lists contains {
	"verdict": v,
	"say": unbounded,
	"facts": object.union(
		{"public": input.subject.public, "pagination": input.subject.pagination},
		lib.beside(v, {"owner": input.subject.owner, "slots": input.subject.slots}),
	),
	"fix": [{"set": "pagination", "value": "cursor"}],
} if {
	v := lib.all_of([
		lib.is(input.subject.lists, true),
		lib.is(input.subject.public, true),
		lib.absent(input.subject.pagination),
	])
	lib.fires(v)
}

unbounded := "A list of {owner} takes as long as its table is large, because nothing pages it. One client that asks for a few lists at once can hold all {slots} slots of a replica." if {
	input.subject.slots.value
} else := "A list of {owner} takes as long as its table is large, because nothing pages it. It works until the data has grown."
