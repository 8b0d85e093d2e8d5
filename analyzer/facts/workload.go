package facts

import "github.com/archcheck/archcheck/dsl/model"

// WorkloadFacts is a service or a gateway as something that runs: who may send it requests, what it and everything
// behind it can serve, and what it waits for.
type WorkloadFacts struct {
	*model.Workload
	WorkloadEntry
	WorkloadLoad
	WorkloadLimit
	WorkloadOutside
	WorkloadFanOut
	Rollout
	ReleaseEffects
	Calls []ChildCall `fact:"calls" doc:"what it calls, the call first of which a hang holds most of its slots"`
	Worst ChildCall   `fact:"worst_call" doc:"the first of them that nothing bounds; empty where there is none"`
	Rec   WorkloadRec `fact:"rec" doc:"computed fixes (rules.md §4)"`
}

// WorkloadEntry says who sends requests to a workload.
type WorkloadEntry struct {
	Type            string         `fact:"type" doc:"service or gateway"`
	Kind            Word           `fact:"kind" doc:"the kind of a gateway"`
	Opaque          Flag           `fact:"opaque" doc:"a vendor box whose inside nobody can state"`
	UserFacing      Flag           `fact:"user_facing" doc:"a user waits for it, directly or through synchronous calls"`
	PublicEntry     Flag           `fact:"public_entry" doc:"the first node behind proxies and CDNs that somebody outside reaches, on a way without a rate limit before it"`
	OnlyPartners    Flag           `fact:"only_partners" doc:"everybody outside who reaches it first is a partner"`
	PublicCallers   []string       `fact:"public_callers" doc:"clients and externals that reach it first, on a way without a rate limit before it"`
	RetryingCallers []RetryingCall `fact:"retrying_callers" doc:"calls to it that are tried again when it refuses them"`
	TenantLimited   Flag           `fact:"tenant_limited" doc:"a rate limit per tenant stands on it or on every way to it"`
}

// RetryingCall is a call that a refusal sends off again.
type RetryingCall struct {
	Addr     string `fact:"addr" doc:"the call"`
	From     string `fact:"from" doc:"its caller"`
	Attempts Num    `fact:"attempts" unit:"count" doc:"tries of the caller, the first one included"`
	Breaker  Word   `fact:"any_breaker" doc:"who breaks the circuit: application or mesh"`
}

// WorkloadLoad is what flows through a workload, and what it has room for.
type WorkloadLoad struct {
	Rate        Num `fact:"rate" unit:"rps" doc:"what reaches it"`
	Capacity    Num `fact:"capacity" unit:"rps" doc:"what all its replicas together can serve"`
	Mean        Num `fact:"mean" unit:"ms" doc:"mean latency (Q5)"`
	Slots       Num `fact:"slots" unit:"count" doc:"in-flight slots of one replica"`
	SpareSlots  Num `fact:"spare_slots" unit:"count" doc:"slots of all replicas that are free on average: concurrency·replicas − rate·mean"`
	Replicas    Num `fact:"replicas" unit:"count" doc:"copies that run"`
	MostCopies  Num `fact:"most_replicas" unit:"count" doc:"copies that may run: the upper end of autoscaling, else replicas"`
	Downstreams Num `fact:"downstreams" unit:"count" doc:"distinct nodes that it calls"`
	Triggers    Num `fact:"triggers" unit:"count" doc:"operations, the plain request and consumes that make it act"`
}

// WorkloadLimit compares what a rate limit admits with what the system behind can serve (Q13).
type WorkloadLimit struct {
	Admitted      Num    `fact:"admitted" unit:"rps" doc:"what its rate limit lets in from all callers together; unknown where the number of keys decides"`
	AdmittedShare Num    `fact:"admitted_share" unit:"ratio" doc:"admitted over rate"`
	Bottleneck    Num    `fact:"bottleneck" unit:"rps" doc:"requests to it at which the first node at or behind it saturates; capacities nobody stated do not count"`
	At            string `fact:"bottleneck_at" doc:"that node; empty where no capacity is known"`
	AtCapacity    Num    `fact:"bottleneck_capacity" unit:"rps" doc:"what that node can serve, fully scaled out"`
	AtLoad        Num    `fact:"bottleneck_load" unit:"rps" doc:"what reaches that node when the limit is used up"`
	FleetLimit    Num    `fact:"fleet_limit" unit:"rps" doc:"what one key gets from all replicas together where each counts for itself"`
}

// ChildCall is one call of a workload.
type ChildCall struct {
	Addr         string      `fact:"addr" doc:"the call"`
	To           string      `fact:"to" doc:"its callee"`
	Limit        Num         `fact:"limit" unit:"ms" doc:"the longest that one attempt may take: min(timeout, deadline)"`
	WorstCase    Num         `fact:"worst_case" unit:"ms" doc:"W: all attempts with their waits, cut at the deadline"`
	PerReplica   Num         `fact:"rate_per_replica" unit:"rps" doc:"what one replica of the caller sends"`
	HangInFlight Num         `fact:"hang_in_flight" unit:"count" doc:"H: calls waiting per replica when the callee hangs"`
	Exhaustion   Num         `fact:"exhaustion" unit:"ms" doc:"time in which a hanging callee takes all slots of a replica"`
	Bounded      Flag        `fact:"bounded" doc:"a bulkhead, or a pool of connections, bounds what it may take of the caller"`
	Others       []string    `fact:"others" doc:"the other nodes that the workload calls"`
	RecBulkhead  RecBulkhead `fact:"rec_bulkhead" doc:"a bulkhead"`
	BulkheadFits Flag        `fact:"rec_bulkhead_fits" doc:"that bulkhead takes at most half of the slots"`
}

// WorkloadRec are the computed fixes of a workload.
type WorkloadRec struct {
	RateLimit RecEntryLimit `fact:"rate_limit" doc:"80 % of what the first bottleneck behind it leaves for it"`
	Fits      Flag          `fact:"rate_limit_fits" doc:"that limit admits the expected peak"`
	Keeps     Num           `fact:"rate_limit_rps" unit:"rps" doc:"the rate of that limit"`
}

// RecEntryLimit is a rate limit at an entry.
type RecEntryLimit struct {
	RPS        Num  `fact:"rps" unit:"rps" doc:"requests per second it admits"`
	Burst      Num  `fact:"burst" unit:"count" doc:"requests that may come at once: the free slots, at most rps"`
	RetryAfter Flag `fact:"retry_after" doc:"refused callers are told when to come back"`
}
