package facts

import "github.com/archcheck/archcheck/dsl/model"

// MigrationFacts is the replacement of a legacy service, with how far it is (Q18) and who goes around its facade.
type MigrationFacts struct {
	*model.Migration
	UserFacing   Flag           `fact:"user_facing" doc:"a user waits for the legacy service or the facade"`
	Blast        Num            `fact:"blast" unit:"ratio" doc:"share of all traffic that fails with the legacy service"`
	RouteCount   Num            `fact:"route_count" unit:"count" doc:"routes"`
	Progress     Num            `fact:"progress" unit:"ratio" doc:"traffic that the new side serves, weighted by the routes' rates; equally where these are unknown"`
	Expired      Flag           `fact:"past_finish" doc:"its end is past"`
	DaysLeft     Num            `fact:"days_left" unit:"count" doc:"days until its end, negative after it"`
	LegacyRate   Num            `fact:"legacy_rate" unit:"rps" doc:"what reaches the legacy service"`
	Bypass       []LegacyCaller `fact:"bypass" doc:"calls to the legacy service that do not come from the facade"`
	FacadeMisses []string       `fact:"facade_misses" doc:"legacy service and route targets that the facade does not call"`
	AllMigrated  Flag           `fact:"all_migrated" doc:"every route states that it is migrated"`
	Done         Flag           `fact:"done" doc:"every route is migrated, and the legacy service neither serves nor writes their data"`
	LegacyWrites []string       `fact:"legacy_writes" doc:"stores of the new side that the legacy service still writes"`
}

// LegacyCaller is a call to a legacy service beside the facade.
type LegacyCaller struct {
	Call      string `fact:"call" doc:"the call"`
	From      string `fact:"from" doc:"the caller"`
	Type      string `fact:"type" doc:"its kind"`
	Scheduled Flag   `fact:"scheduled" doc:"it is a scheduler"`
	NewSide   Flag   `fact:"new_side" doc:"it is the target of a route, or the anti-corruption layer"`
}

// RouteFacts is one route of a migration with what the legacy service still has of it.
type RouteFacts struct {
	*model.Route
	Migration     string   `fact:"migration" doc:"the migration"`
	Legacy        string   `fact:"legacy" doc:"the legacy service"`
	UserFacing    Flag     `fact:"user_facing" doc:"a user waits for its target"`
	Facade        Flag     `fact:"facade" doc:"the migration states a facade"`
	Sync          Word     `fact:"sync" doc:"how data is kept in step: cdc or dual_write"`
	Served        Num      `fact:"served" unit:"ratio" doc:"share that the target serves: traffic, else 0 of legacy and shadow, 1 of migrated"`
	Rate          Num      `fact:"rate" unit:"rps" doc:"rate of the calls with its label as operation"`
	LegacyCalls   []string `fact:"legacy_calls" doc:"calls with its label as operation that still reach the legacy service"`
	UnmarkedCalls []string `fact:"unmarked_calls" doc:"calls to the legacy service that name no operation"`
	SharedStores  []string `fact:"shared_stores" doc:"stores that both the legacy service and the target certainly write"`
	MaybeShared   []string `fact:"possible_shared_stores" doc:"stores that both use and of which one may write"`
	LegacyStores  []string `fact:"legacy_stores" doc:"stores that the legacy service writes"`
	TargetStores  []string `fact:"target_stores" doc:"stores that the target writes"`
	TwoStores     Flag     `fact:"two_stores" doc:"both write, and not the same store"`
	LegacyWrites  []string `fact:"legacy_writes" doc:"stores of the target that the legacy service writes too"`
}
