# METADATA
# description: |
#   Facts for the tests of rules, so that a test reads like the sentence it proves: given.stated("grpc"), given.unknown,
#   given.assumed(10, 50, 500). Rules themselves never use this package.
package archcheck.given

stated(x) := fact("stated", x)

inherited(x) := fact("inherited", x)

profile(x) := fact("profile", x)

default_value(x) := fact("default", x)

derived(x) := fact("derived", x)

# A number is certain here: lo = value = hi.
fact(state, x) := {"state": state, "value": x, "lo": x, "hi": x} if {
	is_number(x)
} else := {"state": state, "value": x}

# A derived number of which the range is known.
between(low, value, high) := {"state": "derived", "value": value, "lo": low, "hi": high}

# A number of the table of default assumptions.
assumed(low, value, high) := {"state": "assumed", "value": value, "lo": low, "hi": high}

# A word or a yes/no that an assumption decides.
guess(x) := {"state": "assumed", "value": x}

absent := {"state": "absent"}

none := {"state": "none"}

# A word, a yes/no or a control that nobody stated.
unknown := {"state": "unknown"}

# A number that nobody stated: from zero, unbounded.
unknown_number := {"state": "unknown", "lo": 0}

# A control that is there, with these facts inside.
control(facts) := object.union({"state": "stated"}, facts)

# The facts of base with those of patch in their place, whole: nothing of a replaced fact stays.
lay(base, patch) := object.union(object.remove(base, object.keys(patch)), patch)
