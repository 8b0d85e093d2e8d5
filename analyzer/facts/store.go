package facts

import "github.com/archcheck/archcheck/dsl/model"

// StoreFacts is a datastore seen from all that use it (Q10, and the connection and cache arithmetic of Q5).
type StoreFacts struct {
	*model.Datastore
	StoreUsers
	StoreLoad
	StoreConnections
	UserFacing Flag `fact:"user_facing" doc:"a user waits for it"`
	Blast      Num  `fact:"blast" unit:"ratio" doc:"share of all traffic that fails when it is lost"`
}

// StoreUsers are the nodes that use a store.
type StoreUsers struct {
	Users          []StoreUser `fact:"users" doc:"nodes that use it, by address"`
	UserCount      Num         `fact:"user_count" unit:"count" doc:"services and gateways among them"`
	Writers        Num         `fact:"writers" unit:"count" doc:"services and gateways that write it; the value counts those of which nobody knows, the lower bound does not"`
	KnownWriters   []string    `fact:"known_writers" doc:"who certainly writes"`
	PossibleWriter []string    `fact:"possible_writers" doc:"who may write: its access is unknown"`
	Readers        []string    `fact:"readers" doc:"who only reads"`
	TeamsDiffer    Flag        `fact:"writer_teams_differ" doc:"two that certainly write have different stated teams"`
	OneTeam        Flag        `fact:"one_team" doc:"all users state one and the same team"`
	WriterWaits    Flag        `fact:"writer_user_facing" doc:"a user waits for one that certainly writes"`
	Migration      Word        `fact:"migration" doc:"the migration whose legacy and new side both use it"`
	Finish         Word        `fact:"migration_finish" doc:"that migration's end"`
	ReadModelOf    []string    `fact:"read_model_of" doc:"services with separated reads whose read store it is"`
	Foreign        []string    `fact:"foreign_writers" doc:"of a read model: those that certainly write it, neither its service nor fed by its stream"`
	ForeignMaybe   []string    `fact:"foreign_possible" doc:"the same of those that may write it"`
	SeparatesReads Flag        `fact:"separates_reads" doc:"a service that uses it has separate read and write models"`
}

// StoreUser is one node that uses a store.
type StoreUser struct {
	Addr       string   `fact:"addr" doc:"the node"`
	Type       string   `fact:"type" doc:"its kind"`
	Via        []string `fact:"via" doc:"its calls; empty for an outbox or a projection"`
	Access     Word     `fact:"access" doc:"write, read or unknown; the strongest of its uses"`
	Team       Word     `fact:"team" doc:"who runs it"`
	Legacy     Flag     `fact:"legacy" doc:"a legacy service"`
	UserFacing Flag     `fact:"user_facing" doc:"a user waits for it"`
	Scheduled  Flag     `fact:"scheduled" doc:"only schedulers call it"`
	Owner      Flag     `fact:"owner" doc:"it owns the store"`
	Replicas   Num      `fact:"replicas" unit:"count" doc:"copies that run"`
	Pool       Num      `fact:"pool" unit:"count" doc:"connections of one copy, all its calls together"`
	Surge      Num      `fact:"surge" unit:"count" doc:"copies more during a release"`
	Strategy   Word     `fact:"strategy" doc:"how it is released"`
	Rate       Num      `fact:"rate" unit:"rps" doc:"what it sends to the store"`
}

// StoreLoad is what reaches a store, with and without the caches in front of it.
type StoreLoad struct {
	Rate            Num        `fact:"rate" unit:"rps" doc:"what reaches it"`
	ReadRate        Num        `fact:"read_rate" unit:"rps" doc:"reads"`
	WriteRate       Num        `fact:"write_rate" unit:"rps" doc:"writes"`
	ReadsPerWrite   Num        `fact:"reads_per_write" unit:"count" doc:"reads over writes"`
	TotalCapacity   Num        `fact:"total_capacity" unit:"rps" doc:"what it can serve"`
	Utilisation     Num        `fact:"utilisation" unit:"ratio" doc:"rate over capacity"`
	IfCached        Num        `fact:"utilisation_if_cached" unit:"ratio" doc:"utilisation if a cache answered 90 % of the reads"`
	WithReplicas    Num        `fact:"utilisation_with_replicas" unit:"ratio" doc:"utilisation of the primary if reads spread over it and its read replicas"`
	Joined          Num        `fact:"joined" unit:"count" doc:"most services that one read at 50 rps or more composes, this store's reader among them"`
	JoinedBy        Word       `fact:"joined_by" doc:"the node that composes them"`
	CacheLosses     []CacheUse `fact:"cache_losses" doc:"what each cache in front of it would let through, heaviest first"`
	RateUncached    Num        `fact:"rate_without_caches" unit:"rps" doc:"what would reach it if the cache that spares it most were lost, limits on the miss path included"`
	UtilUncached    Num        `fact:"utilisation_without_caches" unit:"ratio" doc:"that over capacity"`
	UncachedLimited Flag       `fact:"miss_path_limited" doc:"a rate limit or bulkhead of unknown size stands on the miss path of that cache"`
}

// CacheUse is a cache in front of a store.
type CacheUse struct {
	Call    string `fact:"call" doc:"the call behind the cache, or the call to the cache that falls back to the store"`
	Cache   string `fact:"cache" doc:"the cache: a datastore, or the caller's own where the call states a hit ratio"`
	Hit     Num    `fact:"hit" unit:"ratio" doc:"share of requests that it answers"`
	Extra   Num    `fact:"extra" unit:"rps" doc:"what its loss adds"`
	Rate    Num    `fact:"rate" unit:"rps" doc:"what reaches the store then"`
	Limited Flag   `fact:"limited" doc:"a rate limit or bulkhead stands on the call, and nobody knows how much it lets through"`
	Room    Num    `fact:"rec_rate_limit" unit:"rps" doc:"80 % of what the store has left for this call, whole requests; absent where its ordinary misses need more"`
}

// StoreConnections are the connections that pools open.
type StoreConnections struct {
	Connections   Num    `fact:"connections" unit:"count" doc:"pools of all copies of all callers"`
	AtSurge       Num    `fact:"connections_at_surge" unit:"count" doc:"the same while all of them are released at once"`
	Usable        Num    `fact:"usable_connections" unit:"count" doc:"max_connections less the reserve"`
	RecPool       Num    `fact:"rec_pool" unit:"count" doc:"pool per copy that fits during a release, the same for every caller"`
	SurgeStrategy Word   `fact:"surge_strategy" doc:"release strategy of the caller that adds most"`
	SurgeBy       string `fact:"surge_by" doc:"that caller; empty for none"`
}
