package archcheck.lib_test

import data.archcheck.given
import data.archcheck.lib

test_de_morgan if {
	every a in lib.names {
		every b in lib.names {
			lib.unless(lib.all_of([a, b])) == lib.any_of([lib.unless(a), lib.unless(b)])
		}
	}
}

test_all_of_is_the_least_and_any_of_the_greatest if {
	every i, a in lib.names {
		every j, b in lib.names {
			lib.all_of([a, b]) == lib.names[min([i, j])]
			lib.any_of([a, b]) == lib.names[max([i, j])]
		}
	}
	lib.all_of([]) == "violation"
	lib.any_of([]) == "pass"
}

test_below if {
	lib.below(1, 2) == "violation"
	lib.below(2, 2) == "pass"
	lib.below(3, given.stated(2)) == "pass"
	lib.below(given.assumed(1, 3, 9), 5) == "risk"
	lib.below(given.assumed(1, 7, 9), 5) == "unlikely"
	lib.below(given.unknown_number, 5) == "question"
	lib.below(object.union(given.unknown_number, {"lo": 6}), 5) == "pass"
	lib.below(given.absent, 5) == "pass"
	lib.below(5, given.absent) == "pass"
	lib.below(given.stated("a word"), 5) == "pass"
	lib.above(object.union(given.unknown_number, {"lo": 6}), 5) == "violation"
}

test_at_least if {
	lib.at_least(2, 2) == "violation"
	lib.at_least(1, 2) == "pass"
	lib.at_least(given.assumed(1, 3, 9), 5) == "unlikely"
	lib.at_least(given.assumed(1, 7, 9), 5) == "risk"
	lib.at_least(given.unknown_number, 5) == "question"
	lib.at_least(given.absent, 5) == "pass"
	lib.at_most(2, 2) == "violation"
	lib.at_most(given.stated(3), 2) == "pass"
}

test_is if {
	lib.is(given.stated(true), true) == "violation"
	lib.is(given.stated(false), true) == "pass"
	lib.is(given.stated(false), false) == "violation"
	lib.is(given.absent, true) == "pass"
	lib.is(given.none, true) == "pass"
	lib.is(given.unknown, true) == "question"
	lib.is(given.guess(true), true) == "risk"
	lib.is(given.guess(false), true) == "unlikely"
	lib.unless(lib.is(given.guess(false), true)) == "risk"
}

test_one_of if {
	lib.one_of(given.stated("kafka"), {"kafka", "nats"}) == "violation"
	lib.one_of(given.stated("sqs"), {"kafka", "nats"}) == "pass"
	lib.one_of(given.unknown, {"kafka"}) == "question"
	lib.one_of(given.absent, {"kafka"}) == "pass"
	lib.one_of(given.guess("kafka"), {"kafka"}) == "risk"
}

test_has if {
	lib.has(given.stated(["pii", "financial"]), "financial") == "violation"
	lib.has(given.stated(["pii"]), "financial") == "pass"
	lib.has(given.unknown, "financial") == "question"
	lib.has(given.absent, "financial") == "pass"
}

test_absent if {
	lib.absent(given.absent) == "violation"
	lib.absent(given.none) == "violation"
	lib.absent(given.unknown) == "question"
	lib.absent(given.default_value(1)) == "pass"
	lib.present(given.stated(1)) == "violation"
}

test_sure if {
	lib.sure(true) == "violation"
	lib.sure(false) == "pass"
}

test_fires if {
	fired := [v | some v in lib.names; lib.fires(v)]
	fired == ["unlikely", "question", "risk", "violation"]
}
