package custom.acme_test

import data.archcheck.given
import data.custom.acme
import data.custom.ownership
import data.custom.wire

owner(team) := n if {
	n := count(acme.no_owner) with input as {"subject": {"team": team}}
}

test_owner if {
	owner(given.absent) == 1
	owner(given.stated("core")) == 0
}

store(from, to) := n if {
	n := count(ownership.foreign_store) with input as {
		"from": {"team": from},
		"to": {"addr": "datastore.db", "type": "datastore", "team": to},
	}
}

test_foreign_store if {
	store(given.stated("a"), given.stated("b")) == 1
	store(given.stated("b"), given.stated("b")) == 0
	store(given.stated("a"), given.unknown) == 0
}

verdicts(to, protocol, mtls) := {f.verdict |
	some f in wire.payments_wire with input as {
		"to": {"addr": to},
		"subject": {"protocol": protocol, "mtls": mtls},
	}
}

test_wire if {
	verdicts("service.payments", given.stated("grpc"), given.stated(true)) == set()
	verdicts("service.payments", given.stated("rest"), given.stated(true)) == {"violation"}
	verdicts("service.payments", given.unknown, given.stated(true)) == {"question"}
	verdicts("service.catalog", given.stated("rest"), given.absent) == set()
}
