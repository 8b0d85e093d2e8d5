# METADATA
# description: |
#   The entrypoint for any OPA. archcheck itself dispatches in Go; "archcheck policy bundle" writes this file beside
#   archcheck_index, which lists for each kind the rules whose card names it. Input: {"subjects": [documents]}.
package archcheck.main

findings contains {"rule": e.id, "addr": s.addr, "result": f} if {
	some s in input.subjects
	some e in data.archcheck_index[s.kind]
	some f in data.archcheck.rules[e.category][e.pattern][e.rule] with input as s
}

findings contains {"rule": e.id, "addr": s.addr, "result": f} if {
	some s in input.subjects
	some e in data.archcheck_index[s.kind]
	some f in data.custom[e.package][e.rule] with input as s
}
