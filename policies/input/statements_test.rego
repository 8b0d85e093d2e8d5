package archcheck.rules.input.statements_test

import data.archcheck.given
import data.archcheck.rules.input.statements

node(patch) := {
	"addr": "service.a",
	"subject": given.lay({"type": "service", "contradictions": [], "connected": given.derived(true), "unsupported": []}, patch),
	"system": {"addr": "system.s"},
}

test_contradiction if {
	found := statements.contradiction with input as node({"contradictions": [{"what": "latency", "at": "service.b", "says": "p99 is 10 ms, and b alone takes 50 ms"}]})
	count(found) == 1
}

test_no_contradiction if {
	found := statements.contradiction with input as node({})
	found == set()
}

unused(patch) := {f.severity | some f in statements.unused with input as node(patch)}

test_unused_service_is_low if unused({"connected": given.derived(false)}) == {"low"}

test_unused_policy_is_medium if unused({"connected": given.derived(false), "type": "policy"}) == {"medium"}

test_a_mesh_needs_no_edges if unused({"connected": given.derived(false), "type": "mesh"}) == set()

test_connected_is_silent if unused({}) == set()

test_ended_waiver if {
	count(statements.ended) == 1 with input as {"subject": {"expired": given.derived(true), "days_left": given.derived(-7)}}
	count(statements.ended) == 0 with input as {"subject": {"expired": given.derived(false), "days_left": given.derived(7)}}
}

test_claim_without_evidence if {
	count(statements.no_evidence) == 1 with input as node({"unsupported": ["saga with one step"]})
	count(statements.no_evidence) == 0 with input as node({})
}
