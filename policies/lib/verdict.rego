# METADATA
# description: |
#   Verdicts over facts: pass < unlikely < question < risk < violation.
#   all_of is the least, any_of the greatest, unless the mirror: Kleene's algebra on a chain.
#   Every function answers for every fact, whatever its state: no condition is lost for want of a value.
package archcheck.lib

names := ["pass", "unlikely", "question", "risk", "violation"]

mirror := {"pass": "violation", "unlikely": "risk", "question": "question", "risk": "unlikely", "violation": "pass"}

# The least of the verdicts. A chain of else stops at the first match, which is cheaper than a minimum over ranks.
all_of(vs) := "pass" if {
	"pass" in vs
} else := "unlikely" if {
	"unlikely" in vs
} else := "question" if {
	"question" in vs
} else := "risk" if {
	"risk" in vs
} else := "violation"

# The greatest of the verdicts.
any_of(vs) := "violation" if {
	"violation" in vs
} else := "risk" if {
	"risk" in vs
} else := "question" if {
	"question" in vs
} else := "unlikely" if {
	"unlikely" in vs
} else := "pass"

unless(v) := mirror[v]

# The last line of a rule. "unlikely" fires too: it is counted as cleared by assumption and never shown as a finding.
fires(v) if v != "pass"

# sure(b): a plain yes or no, derived without doubt, as a verdict.
sure(b) := "violation" if {
	b == true
} else := "pass"

# absent(f): nobody provides f. Absent and none (stated absence) are certain, unknown is open.
absent(f) := "violation" if {
	f.state in {"absent", "none"}
} else := "question" if {
	f.state == "unknown"
} else := "pass"

present(f) := mirror[absent(f)]

# is(f, x): the value of f is x; for words and yes/no. What is absent has no value, so it passes.
is(f, x) := "question" if {
	f.state == "unknown"
} else := v if {
	v := same(f.state, f.value, x)
} else := "pass"

# one_of(f, xs): the value of f is a member of xs.
one_of(f, xs) := "question" if {
	f.state == "unknown"
} else := v if {
	v := same(f.state, f.value in xs, true)
} else := "pass"

# has(f, x): the list f contains x.
has(f, x) := "question" if {
	f.state == "unknown"
} else := v if {
	v := same(f.state, x in f.value, true)
} else := "pass"

same(state, a, b) := "violation" if {
	a == b
	state != "assumed"
} else := "risk" if {
	a == b
} else := "unlikely" if {
	state == "assumed"
} else := "pass"

# below(a, b): a < b over their ranges; facts or plain numbers. Against a fact without a range (an absent one, a word) it
# passes: guard with present. Ranges count as independent: a little too wide, never a false violation.
below(a, b) := "violation" if {
	hi(a) < lo(b)
} else := "pass" if {
	lo(a) >= hi(b)
} else := "risk" if {
	mid(a) < mid(b)
} else := "unlikely" if {
	mid(a) >= mid(b)
} else := "question" if {
	ranged(a, b)
} else := "pass"

above(a, b) := below(b, a)

# at_least(a, b): a >= b; at_most(a, b): a <= b.
at_least(a, b) := mirror[below(a, b)] if {
	ranged(a, b)
} else := "pass"

at_most(a, b) := at_least(b, a)

ranged(a, b) if {
	is_number(lo(a))
	is_number(lo(b))
}

# The ends of a range and the default between them. Undefined where there is none: hi of what is unbounded, all three
# of what is absent.
lo(x) := x if {
	is_number(x)
} else := x.lo if {
	is_number(x.lo)
}

hi(x) := x if {
	is_number(x)
} else := x.hi if {
	is_number(x.hi)
}

mid(x) := x if {
	is_number(x)
} else := x.value if {
	is_number(x.lo)
}
