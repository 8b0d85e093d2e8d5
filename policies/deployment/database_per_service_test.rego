package archcheck.rules.deployment.database_per_service_test

import data.archcheck.given
import data.archcheck.rules.deployment.database_per_service as rules

user(addr, facts) := object.union(
	{
		"addr": addr, "type": "service", "scheduled": given.derived(false), "team": given.absent,
	},
	facts,
)

db := {
	"addr": "datastore.db",
	"subject": {
		"kind": given.unknown, "owner": given.absent, "blast": given.derived(0.5), "migration": given.absent, "migration_finish": given.absent,
		"known_writers": ["service.a", "service.b"], "possible_writers": [], "readers": [], "one_team": given.derived(false),
		"writer_teams_differ": given.derived(false), "writer_user_facing": given.derived(false),
		"users": [user("service.a", {}), user("service.b", {})],
	},
}

doc(patch) := given.patched(db, {"subject": patch})

shared(patch) := {[f.verdict, f.severity] | some f in rules.shared_writers with input as doc(patch)}

says(patch) := {f.say | some f in rules.shared_writers with input as doc(patch)}

test_dep_050_two_writers_fire if shared({}) == {["violation", "high"]}

test_dep_050_two_teams_are_critical if shared({"writer_teams_differ": given.derived(true)}) == {["violation", "critical"]}

test_dep_050_users_are_critical if shared({"writer_user_facing": given.derived(true)}) == {["violation", "critical"]}

test_dep_050_one_writer_is_silent if shared({"known_writers": ["service.a"]}) == set()

test_dep_050_one_more_may_write if shared({"known_writers": ["service.a"], "possible_writers": ["service.b"]}) == {["risk", "high"]}

test_dep_050_cache_is_silent if shared({"kind": given.stated("cache")}) == set()

test_dep_050_migration_with_an_end_is_silent if {
	shared({"migration": given.derived("migration.m"), "migration_finish": given.stated("2027-06-30")}) == set()
}

test_dep_050_migration_without_an_end_fires if shared({"migration": given.derived("migration.m")}) == {["violation", "high"]}

test_dep_050_purge_job_of_the_team_is_silent if {
	users := [user("service.a", {}), user("service.b", {"scheduled": given.derived(true)})]
	shared({"one_team": given.derived(true), "users": users}) == set()
}

test_dep_050_says_what_a_loss_costs if {
	some text in says({})
	endswith(text, "Losing it stops {blast} of all traffic.")
}

test_dep_050_says_nothing_of_no_loss if {
	some text in says({"blast": given.derived(0)})
	endswith(text, "stop the others.")
}

test_dep_050_says_who_may_write if {
	some text in says({"known_writers": [], "possible_writers": ["service.a", "service.b"]})
	startswith(text, "{possible} may all write")
}

test_dep_050_the_owner_keeps_it if {
	some f in rules.shared_writers with input as doc({"owner": given.stated("service.b")})
	startswith(f.fix[0].advise, "Let b alone")
}

read := {"known_writers": ["service.a"], "readers": ["service.b"]}

readers(patch) := {f.facts.readers | some f in rules.foreign_readers with input as doc(object.union(read, patch))}

test_dep_051_foreign_reader_fires if readers({}) == {["b"]}

test_dep_051_two_writers_are_silent if readers({"known_writers": ["service.a", "service.b"]}) == set()

test_dep_051_warehouse_is_silent if readers({"kind": given.stated("warehouse")}) == set()

test_dep_051_same_team_is_silent if {
	readers({"users": [user("service.a", {"team": given.stated("t")}), user("service.b", {"team": given.stated("t")})]}) == set()
}

unowned(patch) := {[f.verdict, f.fix[0].value] | some f in rules.ownerless with input as doc(object.union({"known_writers": []}, patch))}

test_dep_056_nobody_owns if unowned({}) == {["violation", "service.a"]}

test_dep_056_stated_owner_is_silent if unowned({"owner": given.stated("service.b")}) == set()

test_dep_056_unknown_owner_asks if unowned({"owner": given.unknown}) == {["question", "service.a"]}

test_dep_056_cache_is_silent if unowned({"kind": given.stated("cache")}) == set()

test_dep_056_shared_writers_say_it if unowned({"known_writers": ["service.a", "service.b"]}) == set()
