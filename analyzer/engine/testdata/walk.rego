package custom.acme

import data.archcheck.lib

# Every way of writing a condition that rules use, for the test of guards.

# METADATA
# title: Iterates
# custom: {id: ACME-001, severity: low, subject: call}
iterates contains {"verdict": v} if {
	some s in input.subject.stores
	s.kind.value == "sql"
	v := lib.is(s.tx, true)
	lib.fires(v)
}

# METADATA
# title: Negates
# custom: {id: ACME-002, severity: low, subject: call}
negates contains "x" if {
	not input.subject.team.value
	not input.subject.kind.value == "sql"
	not is_sql(input.subject.kind)
}

is_sql(f) if f.value == "sql"

# METADATA
# title: Chooses
# scope: document
# custom: {id: ACME-003, severities: [high, low], subject: call}
chooses contains {"verdict": v, "severity": severity} if {
	v := lib.any_of([lib.is(input.subject.team, "a"), bounded])
	lib.fires(v)
}

chooses contains {"verdict": "risk", "severity": grade(input.subject.rate)} if {
	input.subject.kind.value in {"sql", "cache"}
	input.subject.rate.value * 2 > input.from.slots.value
}

default severity := "low"

severity := "high" if {
	input.subject.rate.value > 10
} else := "low" if {
	input.subject.team.state == "unknown"
}

bounded := lib.all_of([lib.present(input.subject.team), lib.above(input.subject.rate, 3)])

default grade(_) := "low"

grade(f) := "high" if f.value > 4

# METADATA
# title: Compares
# custom: {id: ACME-004, severity: low, subject: call}
compares contains "x" if {
	s := input.subject
	t := s.rate
	count(s.stores) >= 1
	every x in s.stores { x.kind.state != "unknown" }
	[1 | some x in s.stores; x.kind.value == "sql"] != []
	lib.below(t, input.from.slots) != "pass"
	startswith(s.kind.value, "s")
}

# METADATA
# title: Names
# custom: {id: ACME-005, severity: low, subject: call}
names contains sprintf("%v", [k]) if {
	some k
	input.subject.stores[k].kind.value == input.subject.kind.value
	f := journey.rate
	f.value != 3
}

journey := input.subject

# METADATA
# title: Matches a word
# custom: {id: ACME-006, severity: low, subject: call}
words contains "x" if {
	word(input.subject.kind.value) == input.subject.team.value
	input.addr != "b"
}

word("sql") := "a"

word("cache") := "b"

# METADATA
# title: Makes an object
# custom: {id: ACME-007, severity: low, subject: call}
makes contains {"verdict": "risk", "facts": {"n": count(merged)}, "fix": [{"set": "x", "value": merged}]} if {
	count(merged) > 0
	every k, v in merged { k != v }
}

merged := {k: v.kind.value |
	some k, v in input.subject.stores
	v.kind.value
}

# METADATA
# title: Takes lists apart
# custom: {id: ACME-008, severity: low, subject: call}
pairs contains concat(" ", [why, word]) if {
	some [v, why, "x"] in table
	lib.fires(v)
	[word, _] := [input.subject.kind.value, input.subject.team.state]
	told([word, why]) != "a lot"
}

told(["sql", why]) := why

told([word, "busy"]) := "a lot" if word != "sql"

told([_, "nobody's"]) := "nobody's"

table := [
	[lib.absent(input.subject.team), "nobody's", "x"],
	[lib.above(input.subject.rate, 3), "busy", input.addr],
	[lib.above(input.subject.rate, 3), "busy"],
	[lib.present(input.subject.team), "somebody's", "x"],
]
