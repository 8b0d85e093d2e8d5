package archcheck.words_test

import data.archcheck.given
import data.archcheck.lib

test_label if {
	lib.label("service.orders.call.charge") == "charge"
	lib.label("external.stripe") == "stripe"
}

test_labels if {
	lib.labels([]) == []
	lib.labels(["service.b", "service.a.call.c"]) == ["b", "c"]
	lib.labels(["x.d", "x.c", "x.b", "x.a"]) == ["a", "b", "2 others"]
}

retry := {
	"state": "stated",
	"max_attempts": given.stated(3),
	"jitter": given.none,
	"budget": given.absent,
	"backoff": given.default_value("exponential"),
}

test_amend_keeps_what_is_written if {
	lib.amend("retry", retry, {"on": ["5xx"]}) == {
		"set": "retry",
		"value": {"max_attempts": given.stated(3), "jitter": "none", "on": ["5xx"]},
	}
}

# A stated number carries the spelling of the file, a computed one may have none.
test_amend_replaces_a_fact_whole if {
	stated := {"state": "stated", "max_attempts": object.union(given.stated(11), {"text": "11"})}
	lib.amend("retry", stated, {"max_attempts": given.derived(5)}).value == {"max_attempts": given.derived(5)}
}

test_amend_goes_to_the_policy_that_hands_it_down if {
	handed := object.union(retry, {"state": "inherited", "from": "policy.rpc"})
	lib.amend("retry", handed, {"max_attempts": 1}).at == "policy.rpc"
	lib.amend("retry", handed, {"max_attempts": 1}).value.max_attempts == 1
}

test_amend_of_a_products_default_goes_to_the_subject if {
	op := lib.amend("retry", {"state": "profile", "from": "polly 8"}, {"jitter": "full"})
	op == {"set": "retry", "value": {"jitter": "full"}}
}

test_beside_a_finding_stands_everything if {
	lib.beside("risk", {"rate": given.unknown_number}) == {"rate": given.unknown_number}
}

test_beside_a_question_stands_nothing_that_it_does_not_ask if {
	got := lib.beside("question", {"rate": given.unknown_number, "n": given.stated(3), "to": "service.a"})
	got == {"rate": "unknown", "n": given.stated(3), "to": "service.a"}
}
