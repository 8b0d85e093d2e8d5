package archcheck.rules.resilience.timeout_outcome_test

import data.archcheck.given
import data.archcheck.rules.resilience.timeout_outcome

charge := {
	"limit": given.stated(2000),
	"user_facing": given.derived(true),
	"access": given.stated("write"),
	"idempotent": given.stated(false),
	"reconcile": given.absent,
}

unsure(patch, to) := {f.verdict |
	some f in timeout_outcome.outcome_unknown with input as {
		"subject": object.union(object.remove(charge, object.keys(patch)), patch),
		"to": to,
	}
}

psp := {"type": "external", "transaction_step": given.derived(false)}

step := {"type": "service", "transaction_step": given.derived(true)}

test_res_047_a_charge_without_a_key if unsure({}, psp) == {"violation"}

test_res_047_a_step_of_a_transaction if unsure({}, step) == {"violation"}

test_res_047_another_service_is_silent if unsure({}, {"type": "service", "transaction_step": given.derived(false)}) == set()

test_res_047_a_key_is_silent if unsure({"idempotent": given.stated(true)}, psp) == set()

test_res_047_a_reconciliation_is_silent if unsure({"reconcile": given.stated(true)}, psp) == set()

test_res_047_a_read_is_silent if unsure({"access": given.stated("read")}, psp) == set()

test_res_047_without_a_limit_it_is_silent if unsure({"limit": given.absent}, psp) == set()

test_res_047_nobody_waits if unsure({"user_facing": given.derived(false)}, psp) == set()

test_res_047_an_unknown_key_asks if unsure({"idempotent": given.unknown}, psp) == {"question"}

test_res_047_an_unknown_access_asks if unsure({"access": given.unknown}, psp) == {"question"}
