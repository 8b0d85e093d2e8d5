package archcheck.rules.communication.rest_test

import data.archcheck.given
import data.archcheck.rules.communication.rest

yes := given.derived(true)

no := given.derived(false)

entry := {
	"addr": "service.shop",
	"subject": {
		"apis": [], "opaque": given.default_value(false), "outside": yes, "outside_callers": ["client.web"], "leaf": "rest",
	},
}

undeclared(patch) := {f.verdict | some f in rest.api_undeclared with input as given.lay(entry, {"subject": given.lay(entry.subject, patch)})}

test_com_001_fires if undeclared({}) == {"violation"}

test_com_001_any_api_clears if undeclared({"apis": ["html"]}) == set()

test_com_001_a_vendors_box_is_silent if undeclared({"opaque": given.stated(true)}) == set()

test_com_001_nobody_outside_is_silent if undeclared({"outside": no}) == set()

test_com_001_asks_whose_the_client_is if undeclared({"outside": given.unknown}) == {"question"}

test_com_001_fix_declares_the_leaf if {
	some f in rest.api_undeclared with input as given.lay(entry, {"subject": given.lay(entry.subject, {"leaf": "graphql"})})
	f.fix == [{"add": "api", "label": "graphql", "at": "service.shop", "value": {"max_depth": 8}}]
}

api := {
	"style": "rest", "owner": "gateway.edge", "public": yes, "public_callers": ["client.partner"], "public_kinds": ["partner"],
	"only_own_web": no, "version": given.absent, "lists": given.default_value(false), "pagination": given.absent,
	"slots": given.stated(64),
}

unversioned(patch) := {[f.verdict, f.severity] | some f in rest.api_unversioned with input as {"subject": given.lay(api, patch)}}

test_com_002_fires_for_partners if unversioned({}) == {["violation", "high"]}

test_com_002_web_pages_are_medium if unversioned({"public_kinds": ["web"]}) == {["violation", "medium"]}

test_com_002_webhooks_are_high if unversioned({"public_kinds": ["web", "webhook"]}) == {["violation", "high"]}

test_com_002_a_version_clears if unversioned({"version": given.stated("v1")}) == set()

test_com_002_none_fires if unversioned({"version": given.none}) == {["violation", "high"]}

test_com_002_released_together_is_silent if unversioned({"only_own_web": yes, "public_kinds": ["web"]}) == set()

test_com_002_html_is_silent if unversioned({"style": "html"}) == set()

test_com_002_asks if {
	unversioned({"version": given.unknown}) == {["question", "high"]}
	unversioned({"public": given.unknown}) == {["question", "high"]}
}

unbounded(patch) := {f.verdict | some f in rest.unbounded_lists with input as {"subject": given.lay(api, patch)}}

lists := {"lists": given.stated(true)}

test_com_003_fires if unbounded(lists) == {"violation"}

test_com_003_pages_clear if unbounded(object.union(lists, {"pagination": given.stated("offset")})) == set()

test_com_003_no_lists_is_silent if unbounded({}) == set()

test_com_003_asks if unbounded(object.union(lists, {"pagination": given.unknown})) == {"question"}

words(patch) := {f.say | some f in rest.api_undeclared with input as given.lay(entry, {"subject": given.lay(entry.subject, patch)})}

test_com_001_news_are_named if {
	some say in words({"leaf": "websocket"})
	contains(say, "Live updates")
	some pages in words({})
	contains(pages, "paged, retried or cached")
}

test_com_003_counts_slots_where_they_are_known if {
	some counted in rest.unbounded_lists with input as {"subject": given.lay(api, lists)}
	contains(counted.say, "{slots}")
	some uncounted in rest.unbounded_lists with input as {"subject": given.lay(api, object.union(lists, {"slots": given.unknown_number}))}
	contains(uncounted.say, "until the data has grown")
}
