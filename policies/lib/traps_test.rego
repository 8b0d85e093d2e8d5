# What Rego itself does: the reasons why facts are objects that omit what they do not know.
package archcheck.traps_test

import data.archcheck.lib

# Unmarshalled, so that the type checker cannot tell what it lacks.
unknown := json.unmarshal(`{"state": "unknown", "lo": 0}`)

# A null sorts before every number, so the documents hold none.
test_null_is_less_than_any_number if {
	missing := json.unmarshal("null")
	missing < 5
}

# An object sorts after every number, so policy check refuses to order whole facts.
test_whole_fact_is_greater_than_any_number if {
	fact := object.union({"value": 1}, unknown)
	5 < fact
}

# An omitted value makes a comparison undefined rather than false.
test_omitted_value_is_undefined if not five_is_less

five_is_less if 5 < unknown.value

# "not" before == turns "nobody said" into "yes": an accusation from ignorance. lib asks.
test_not_equal_accuses if {
	not unknown.value == 5
	lib.is(unknown, 5) == "question"
}

# "not" before < <= > >= != or a call evaluates the operands first, so an omitted value undoes the whole body and a
# finding is lost in silence. lib asks.
test_not_over_comparison_loses_the_finding if not at_most_five

at_most_five if not unknown.value > 5

test_not_over_call_loses_the_finding if not quiet

quiet if not value(unknown) > 5

value(f) := f.value

test_lib_asks_instead if lib.unless(lib.above(unknown, 5)) == "question"
