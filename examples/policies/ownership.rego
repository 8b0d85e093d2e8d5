package custom.ownership

# METADATA
# title: Datastore of another team
# description: What two teams read and write, neither can change.
# schemas: [{input: schema.call}]
# custom: {id: OWN-001, kind: misuse, severity: high, subject: call}
foreign_store contains sprintf("%s belongs to team b: use its API", [input.to.addr]) if {
	input.to.type == "datastore"
	input.from.team.value == "a"
	input.to.team.value == "b"
}
