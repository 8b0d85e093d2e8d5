package archcheck.rules.data.two_phase_commit_test

import data.archcheck.given
import data.archcheck.rules.data.two_phase_commit

part(name, xa) := {
	"addr": name, "type": "datastore", "engine": given.absent, "xa": xa, "pivot": given.derived(false),
	"step": "transaction.t.step.one",
}

# a strong commit over two stores that can prepare, rarely used
base := {
	"pattern": given.stated("2pc"),
	"consistency": given.stated("strong"),
	"engine": given.absent,
	"coordinator": given.control({"replicas": given.stated(3)}),
	"coordinator_survives": given.derived(true),
	"stores": [{"addr": "datastore.a"}, {"addr": "datastore.b"}],
	"participants": [part("datastore.a", given.stated(true)), part("datastore.b", given.stated(true))],
	"owners": ["service.a"],
	"teams": [],
	"regions": [],
	"externals": [],
	"others": [],
	"one_server": given.derived(false),
	"user_facing": given.derived(true),
	"financial": given.derived(false),
	"availability": given.derived(0.9984),
	"rate": given.derived(5),
	"lock_limit": given.stated(2000),
	"lock_time": given.derived(2),
	"row_rate": given.derived(500),
}

doc(facts) := {"subject": object.union(object.remove(base, object.keys(facts)), facts)}

unenforced(facts) := {[f.verdict, count(f.alternatives)] |
	some f in two_phase_commit.strong_unenforced with input as doc(object.union({"pattern": given.absent}, facts))
}

test_dat_040_strong_without_pattern_fires if unenforced({}) == {["violation", 2]}

test_dat_040_two_phase_commit_only_where_all_prepare if {
	unenforced({"participants": [part("datastore.a", given.unknown)]}) == {["violation", 1]}
}

test_dat_040_eventual_is_silent if unenforced({"consistency": given.default_value("eventual")}) == set()

test_dat_040_pattern_is_silent if unenforced({"pattern": given.stated("2pc")}) == set()

test_dat_040_one_store_is_silent if unenforced({"stores": [{"addr": "datastore.a"}]}) == set()

test_dat_040_unknown_pattern_asks if {r[0] | some r in unenforced({"pattern": given.unknown})} == {"question"}

prepare(facts) := {[f.verdict, f.say] | some f in two_phase_commit.cannot_prepare with input as doc(facts)}

verdicts(results) := {r[0] | some r in results}

outside(type) := {"participants": [object.union(part("x.y", given.derived(false)), {"type": type})]}

test_dat_041_external_fires if {
	prepare(outside("external")) == {["violation", "{participant} takes part in a two-phase commit, but an external system has no prepare phase: it has acted before the others have agreed."]}
}

test_dat_041_broker_fires if {
	prepare(outside("broker")) == {["violation", "{participant} takes part in a two-phase commit, but a message that is sent cannot be held back until the others have agreed."]}
}

test_dat_041_store_without_xa_fires if {
	prepare({"participants": [part("datastore.a", given.stated(false))]}) == {["violation", "{participant} takes part in a two-phase commit, but it cannot prepare: it commits, or fails to, on its own."]}
}

test_dat_041_unknown_xa_asks if verdicts(prepare({"participants": [part("datastore.a", given.unknown)]})) == {"question"}

test_dat_041_all_prepare_is_silent if prepare({}) == set()

test_dat_041_last_resource_is_silent if {
	prepare({"participants": [object.union(part("datastore.a", given.stated(false)), {"pivot": given.derived(true)})]}) == set()
}

test_dat_041_saga_is_silent if prepare(object.union(outside("external"), {"pattern": given.stated("saga")})) == set()

test_dat_041_fix_drops_what_a_saga_has_not if {
	some f in two_phase_commit.cannot_prepare with input as doc(outside("external"))
	f.fix == [{"set": "pattern", "value": "saga"}, {"unset": "coordinator"}, {"set": "consistency", "value": "eventual"}]
}

fragile(facts) := {[f.verdict, f.severity] | some f in two_phase_commit.fragile_coordinator with input as doc(facts)}

lost := {"coordinator_survives": given.derived(false)}

test_dat_042_single_coordinator_of_users_is_critical if {
	fragile(object.union(lost, {"coordinator": given.control({"replicas": given.stated(1)})})) == {["violation", "critical"]}
}

test_dat_042_forgetful_coordinator_is_high if {
	fragile(object.union(lost, {"user_facing": given.derived(false)})) == {["violation", "high"]}
}

test_dat_042_money_is_critical if {
	fragile(object.union(lost, {"user_facing": given.derived(false), "financial": given.derived(true)})) == {["violation", "critical"]}
}

test_dat_042_unknown_asks if {r[0] | some r in fragile({"coordinator_survives": given.unknown})} == {"question"}

test_dat_042_sturdy_is_silent if fragile({}) == set()

test_dat_042_engine_is_silent if fragile(object.union(lost, {"engine": given.stated("narayana")})) == set()

busy(facts) := {[f.verdict, f.fix] | some f in two_phase_commit.busy_commit with input as doc(facts)}

test_dat_043_many_requests_fire if verdicts(busy({"rate": given.derived(200)})) == {"violation"}

test_dat_043_three_participants_fire if {
	verdicts(busy({"participants": [part("a", given.stated(true)), part("b", given.stated(true)), part("c", given.stated(true))]})) == {"violation"}
}

test_dat_043_two_regions_fire if verdicts(busy({"regions": ["eu", "us"], "row_rate": given.absent})) == {"violation"}

test_dat_043_rare_is_silent if busy({}) == set()

test_dat_043_nobody_waits_is_silent if busy({"rate": given.derived(200), "user_facing": given.derived(false)}) == set()

test_dat_043_unknown_rate_asks if verdicts(busy({"rate": given.unknown_number})) == {"question"}

test_dat_043_strong_moves_data_first if {
	some r in busy({"rate": given.derived(200)})
	r[1] == [{"advise": "Move what must change together into one store of one service."}]
}

test_dat_043_eventual_becomes_a_saga if {
	some r in busy({"rate": given.derived(200), "consistency": given.default_value("eventual")})
	r[1][0] == {"set": "pattern", "value": "saga"}
}

unneeded(facts) := {[f.verdict, f.severity] | some f in two_phase_commit.unneeded_commit with input as doc(facts)}

test_dat_044_stated_eventual_fires if unneeded({"consistency": given.stated("eventual")}) == {["violation", "medium"]}

test_dat_044_unstated_is_low if unneeded({"consistency": given.default_value("eventual")}) == {["violation", "low"]}

test_dat_044_strong_is_silent if unneeded({}) == set()

test_dat_044_one_server_is_silent if {
	unneeded({"consistency": given.stated("eventual"), "one_server": given.derived(true)}) == set()
}

locks(facts) := {[f.verdict, f.say] | some f in two_phase_commit.long_locks with input as doc(facts)}

test_dat_045_external_fires if {
	locks({"externals": ["external.x"]}) == {["violation", "{stores} hold their locks for as long as a call to {externals} takes."]}
}

test_dat_045_long_timeout_fires if {
	locks({"lock_limit": given.stated(60000)}) == {["violation", "{stores} may hold their locks for {limit}, and everybody who needs the same rows waits as long."]}
}

test_dat_045_no_timeout_fires if {
	locks({"lock_limit": given.derived(1.7e308)}) == {["violation", "Nothing limits how long {stores} hold their locks, and everybody who needs the same rows waits as long."]}
}

test_dat_045_short_is_silent if locks({}) == set()

test_dat_045_unstated_timeout_asks if verdicts(locks({"lock_limit": given.unknown_number})) == {"question"}

tied(facts) := {[f.verdict, f.say] | some f in two_phase_commit.tied_databases with input as doc(facts)}

test_dat_046_two_owners_fire if {
	tied({"owners": ["service.a", "service.b"]}) == {["violation", "{stores} are private to {owners}. Held together by one commit, none of them can be released, restarted or restored without the others."]}
}

test_dat_046_two_teams_fire if {
	tied({"teams": ["x", "y"]}) == {["violation", "{stores} are changed by services of {owners}. Held together by one commit, none of them can be released, restarted or restored without the others."]}
}

test_dat_046_a_saga_beside_it_fires if {
	others := [{"addr": "transaction.s", "pattern": given.stated("saga"), "services": ["service.a"], "stores": []}]
	tied({"others": others}) == {["violation", "{sagas} and this two-phase commit change the same services' data: two protocols decide about the same rows, and neither knows of the other."]}
}

test_dat_046_one_owner_is_silent if tied({}) == set()

test_dat_046_one_team_on_one_server_is_silent if {
	tied({"owners": ["service.a", "service.b"], "teams": ["x"], "one_server": given.derived(true)}) == set()
}

test_dat_042_a_coordinator_without_copies_is_none if {
	some f in two_phase_commit.fragile_coordinator with input as doc(object.union(lost, {"coordinator": given.absent}))
	f.facts.replicas == 0
}
