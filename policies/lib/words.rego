package archcheck.lib

# What rules need to word messages and fixes.

# label(a): the last part of an address, as people call the thing: "charge" for service.orders.call.charge.
label(a) := parts[count(parts) - 1] if parts := split(a, ".")

# labels(addrs): the labels of some addresses; of more than three, two and how many others.
labels(addrs) := sort([label(a) | some a in addrs]) if {
	count(addrs) <= 3
} else := array.concat(array.slice(all, 0, 2), [sprintf("%d others", [count(all) - 2])]) if {
	all := sort([label(a) | some a in addrs])
}

# amend(name, control, changes): the operation that changes a control where it is written, with everything else that is
# written there kept: on the subject, or on the policy that hands it down.
amend(name, control, changes) := {"at": control.from, "set": name, "value": merged(control, changes)} if {
	control.state == "inherited"
	startswith(control.from, "policy.")
} else := {"set": name, "value": merged(control, changes)}

# What somebody wrote inside a control stays; `none` is a word there. What changes goes first: a union goes into facts, and
# would leave the old number's spelling on the new one.
merged(control, changes) := object.union(
	{k: word(v) |
		some k, v in object.remove(control, object.keys(changes))
		is_object(v)
		v.state in {"stated", "inherited", "none"}
	},
	changes,
)

word(fact) := "none" if {
	fact.state == "none"
} else := fact

# beside(v, facts): what stands beside a verdict for the reader. A question asks for what it lists and nothing else, so
# what nobody knows of the rest is no fact there.
beside(v, facts) := {name: settled(f) | some name, f in facts} if {
	v == "question"
} else := facts

settled(f) := "unknown" if {
	f.state == "unknown"
} else := f
