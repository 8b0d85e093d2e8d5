package archcheck.lib_test

import data.archcheck.given
import data.archcheck.lib

users := given.derived(true)

nobody := given.derived(false)

test_the_rate_of_what_users_reach_is_asked_for if lib.if_reached("question", given.unknown_number, users) == "question"

test_the_rate_of_what_nothing_reaches_is_not if lib.if_reached("question", given.unknown_number, nobody) == "pass"

test_something_else_is_open if lib.if_reached("question", given.derived(5), nobody) == "question"

test_a_bound_that_decides if {
	lib.if_reached("violation", given.unknown_number, nobody) == "violation"
	lib.if_reached("unlikely", given.unknown_number, nobody) == "unlikely"
}
