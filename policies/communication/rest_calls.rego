package archcheck.rules.communication.rest

import data.archcheck.lib

# METADATA
# scope: document
# title: A retry by a browser or a proxy can do the same thing twice
# description: Browsers, mobile SDKs, proxies and senders of webhooks repeat requests on their own when an answer is lost. Without a key the server cannot tell a repetition from a second order.
# related_resources:
#   - https://docs.stripe.com/api/idempotent_requests
#   - https://aws.amazon.com/builders-library/making-retries-safe-with-idempotent-APIs/
# schemas: [{input: schema.call}]
# custom:
#   id: COM-004
#   kind: misconfigured
#   severities:
#     high: the request writes financial data or starts a transaction
#     medium: anything else
#   pattern: communication/rest
#   subject: call
#   trade_offs: The key has to be stored with the answer for as long as clients may retry, a day as a rule.
#   waive_when: A business key, such as a number of the order that the client chose, does the same.
#   cleared_by: idempotency_key = true on the callee's api, idempotent = true on this call, or access = "read".
unsafe_repeat contains {
	"verdict": v,
	"severity": repeat_severity,
	"say": repeat,
	"facts": object.union(
		{
			"public": input.subject.outside_caller,
			"protocol": input.subject.over_rest,
			"access": input.subject.access,
			"idempotent": input.subject.idempotent,
			"key": input.subject.callee_idempotency_key,
		},
		lib.beside(v, {"rate": input.subject.rate}),
	),
	"fix": [{"at": input.subject.callee_api, "set": "idempotency_key", "value": true}, {"advise": "Accept a key with each write, store it with the answer for 24 h, and answer a repeated key from there."}],
} if {
	v := lib.all_of([
		lib.is(input.subject.outside_caller, true),
		lib.is(input.subject.over_rest, true),
		lib.is(input.subject.access, "write"),
		lib.unless(lib.is(input.subject.idempotent, true)),
		lib.unless(lib.is(input.subject.callee_idempotency_key, true)),
	])
	lib.fires(v)
}

default repeat_severity := "medium"

repeat_severity := "high" if true in {input.subject.financial.value, input.subject.reaches_step.value}

repeat := concat(" ", ["{from} delivers again until it sees a success, and {to} cannot tell the second delivery from a second event.", often]) if {
	input.subject.webhook.value
} else := concat(" ", ["The same write can happen twice: browsers, mobile SDKs and proxies repeat a request whose answer is lost, and {to} cannot tell that from a second one.", often])

often := "{rate} reach it this way." if {
	input.subject.rate.value
} else := "Nothing on this way recognises a repetition."

# METADATA
# scope: document
# title: Polling pays for news that mostly did not happen
# description: Each poll costs a request whether or not something changed, and a change is seen half an interval late on average.
# related_resources: [https://learn.microsoft.com/en-us/azure/architecture/patterns/async-request-reply]
# schemas: [{input: schema.call}]
# custom:
#   id: COM-005
#   kind: misuse
#   severity: medium
#   pattern: communication/rest
#   subject: call
#   trade_offs: Open connections need heartbeats, draining at deploys and a backplane between replicas.
#   waive_when: The clients cannot hold a connection open.
#   cleared_by: an interval of more than 5 s; polls below a fifth of all requests; or polling for the result of work that this client started.
polls_for_news contains {
	"verdict": v,
	"say": polling_message,
	"facts": object.union(
		{"interval": input.subject.polling, "share": input.subject.polling_share},
		lib.beside(v, {"polls": input.subject.polling_rate, "late": input.subject.polling_staleness}),
	),
	"fix": [{"advise": "Open a WebSocket, or a stream of server-sent events where only the server has news, and send changes as they happen."}],
	"alternatives": [[
		{"set": "polling", "value": "30s"},
		{"advise": "Only if the users can wait that long for news."},
	]],
} if {
	input.subject.polls_own_result.value == false
	v := lib.all_of([
		lib.at_most(input.subject.polling, 5000),
		lib.any_of([lib.at_least(input.subject.polling_share, 0.2), lib.present(input.subject.client_realtime)]),
	])
	lib.fires(v)
}

polling_message := "{polls} are polls, more than all requests that clients say they send, and still {from} sees a change {late} late on average." if {
	input.subject.polling_share.value > 1
} else := "{polls} are polls, {share} of what all clients send, and still {from} sees a change {late} late on average." if {
	input.subject.polling_share.value
} else := "{from} asks {to} every {interval} whether something changed, and still sees a change {late} late on average."

# METADATA
# scope: document
# title: The same answers are computed again and again
# description: Reads that change rarely reach the server each time, though any cache on the way could answer them.
# related_resources:
#   - https://learn.microsoft.com/en-us/azure/architecture/antipatterns/no-caching/
# schemas: [{input: schema.call}]
# custom:
#   id: COM-006
#   kind: conflict
#   severity: low
#   pattern: communication/rest
#   subject: call
#   trade_offs: Readers see data that is as old as the time to live.
#   waive_when: Every reader needs the very last state, or each gets an answer of its own.
#   cleared_by: cache_ttl on the callee's api, a CDN before it, a stated cache_hit, or a store of personal, financial or health data behind it.
uncached_reads contains {
	"verdict": v,
	"say": "{to} computes {rate} of answers that a cache could give, at {load} of what it can serve.",
	"facts": object.union(
		{"cache_ttl": input.subject.callee_cache_ttl, "access": input.subject.access},
		lib.beside(v, {"rate": input.subject.rate, "load": input.subject.callee_utilisation}),
	),
	"fix": [{"at": input.subject.callee_api, "set": "cache_ttl", "value": "30s"}],
} if {
	input.subject.outside_caller.value
	input.subject.over_rest.value
	input.subject.behind_cdn.value == false
	input.subject.sensitive.value == false
	not input.subject.cache_hit.value
	busy
	v := lib.all_of([
		lib.is(input.subject.access, "read"),
		lib.at_least(input.subject.rate, 100),
		lib.absent(input.subject.callee_cache_ttl),
	])
	lib.fires(v)
}

# Where nobody knows the load there is nothing to gain yet, so nothing to ask.
busy if lib.at_least(input.subject.callee_utilisation, 0.6) in {"violation", "risk"}
