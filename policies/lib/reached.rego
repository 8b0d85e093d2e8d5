package archcheck.lib

# if_reached(v, rate, users): the verdict v of a comparison with a rate. A rate that nobody knows can be stated where users
# reach the place, at their client; of what no client reaches there is none to state, so nobody is asked for it.
if_reached(v, rate, users) := "pass" if {
	v == "question"
	rate.state == "unknown"
	not users.value
} else := v
