package facts

import (
	"github.com/archcheck/archcheck/dsl/model"
)

// CallFacts is a call with everything that can be computed of it: rates, waiting, tries, what surrounds it, and fixes.
// Every number is the worst of the triggers that use the edge.
type CallFacts struct {
	*model.Call
	CallPlace
	CallLoad
	CallWaits
	CallTries
	CallLimits
	CallAround
	CallStyle
	Siblings Siblings    `fact:"siblings" doc:"the other calls of the caller"`
	Inner    []InnerCall `fact:"inner" doc:"the calls of the operation that this call invokes that are hard, or may be"`
	Other    *OtherFacts `fact:"fallback_node" doc:"the node that the call falls back to; not there if the fallback is no node"`
	Rec      CallRec     `fact:"rec" doc:"computed fixes (rules.md §4)"`
}

// CallPlace says where a call stands.
type CallPlace struct {
	Hard         Flag `fact:"hard" doc:"its failure fails the caller: fallback decides, whatever criticality says"`
	UserFacing   Flag `fact:"user_facing" doc:"a user waits for it"`
	Financial    Flag `fact:"financial" doc:"it, or something downstream of it, writes a store of financial data"`
	ReachesStep  Flag `fact:"reaches_step" doc:"it invokes, directly or further down, the service of a step of a transaction"`
	Entry        Flag `fact:"entry" doc:"it starts at a client or at an external"`
	PublicCaller Flag `fact:"public_caller" doc:"the caller is an external, or a client that anybody can be"`
	OnlyConsumes Flag `fact:"only_consumes" doc:"only messages set it off"`
	CrossRegion  Flag `fact:"cross_region" doc:"both ends state a region, and not the same one"`
	MTLS         Flag `fact:"mtls" doc:"a mesh that has both ends as members enforces mutual TLS"`
}

// CallLoad is what flows over a call.
type CallLoad struct {
	Requests        Num `fact:"requests" unit:"rps" doc:"what the caller asks for, before any cache"`
	Rate            Num `fact:"rate" unit:"rps" doc:"what reaches the callee"`
	RatePerReplica  Num `fact:"rate_per_replica" unit:"rps" doc:"what one replica of the caller sends"`
	RetriedRate     Num `fact:"retried_rate" unit:"rps" doc:"rate times attempts: what arrives when every try fails"`
	RetryExtra      Num `fact:"retry_extra" unit:"rps" doc:"what retries add when the callee fails: rate·(attempts−1)"`
	SpareCapacity   Num `fact:"spare_capacity" unit:"rps" doc:"what the callee can still serve: capacity minus rate"`
	Utilisation     Num `fact:"callee_utilisation" unit:"ratio" doc:"rate of the callee over its capacity"`
	InFlightMean    Num `fact:"in_flight_mean" unit:"count" doc:"calls under way per replica of the caller on average: rate_per_replica · mean"`
	RTT             Num `fact:"rtt" unit:"ms" doc:"round trip between the two ends"`
	RTTTotal        Num `fact:"rtt_total" unit:"ms" doc:"round trips of one request: per_request · rtt"`
	RTTShare        Num `fact:"rtt_share" unit:"ratio" doc:"rtt_total over budget"`
	PollingRate     Num `fact:"polling_rate" unit:"rps" doc:"what polling makes: connections over the interval"`
	PollingShare    Num `fact:"polling_share" unit:"ratio" doc:"polling_rate over the rate of all clients"`
	ProxyShare      Num `fact:"proxy_share" unit:"ratio" doc:"two proxies' overhead over budget, on an edge inside a mesh of sidecars"`
	Connections     Num `fact:"callers" unit:"count" doc:"copies that make this call: replicas of the caller; unbounded for a client"`
	CalleeExternals Num `fact:"callee_externals" unit:"count" doc:"externals that the callee calls"`
}

// CallWaits is what a call waits for.
type CallWaits struct {
	Limit          Num  `fact:"limit" unit:"ms" doc:"the longest that one attempt may take: min(timeout, deadline)"`
	HiddenLimit    Flag `fact:"hidden_limit" doc:"a limit that nobody stated may end it: that of a gateway's product, of a vendor box, or of a stream"`
	WorstCase      Num  `fact:"worst_case" unit:"ms" doc:"W: all attempts with their waits, cut at the deadline"`
	BackoffTotal   Num  `fact:"backoff_total" unit:"ms" doc:"the waits between the attempts"`
	Budget         Num  `fact:"budget" unit:"ms" doc:"what the most impatient caller leaves for this call"`
	BudgetLessP99  Num  `fact:"budget_less_p99" unit:"ms" doc:"budget minus the callee's p99, at least 0"`
	TimeoutOverP99 Num  `fact:"timeout_over_p99" unit:"count" doc:"limit over the callee's p99"`
	CalleeWorst    Num  `fact:"callee_worst_case" unit:"ms" doc:"S: what the operation that the call invokes may take with all its own waits"`
	CalleeHealthy  Num  `fact:"callee_healthy" unit:"ms" doc:"ℓ: the least p99 of that operation that its parts allow"`
	TriesTotal     Num  `fact:"tries_total" unit:"ms" doc:"max_attempts · (connect_timeout + timeout)"`
	TriesFit       Num  `fact:"tries_fit" unit:"count" doc:"attempts that the deadline leaves room for"`
	HangInFlight   Num  `fact:"hang_in_flight" unit:"count" doc:"H: calls waiting per replica of the caller when the callee hangs"`
	HangShare      Num  `fact:"hang_share" unit:"ratio" doc:"hang_in_flight over the caller's concurrency"`
	Exhaustion     Num  `fact:"exhaustion" unit:"ms" doc:"time in which a hanging callee takes all slots of a replica of the caller"`
	MinuteShare    Num  `fact:"minute_share" unit:"ratio" doc:"share of the caller's slots that one minute of hanging calls takes"`
}

// CallTries is how a call is tried again.
type CallTries struct {
	AnyRetry       Flag         `fact:"any_retry" doc:"some layer tries this call again"`
	RetryElsewhere Flag         `fact:"retry_elsewhere" doc:"an edge above or below this one tries again"`
	AppAttempts    Num          `fact:"app_attempts" unit:"count" doc:"tries of the application's layer"`
	MeshAttempts   Num          `fact:"mesh_attempts" unit:"count" doc:"tries of the mesh's layer"`
	Attempts       Num          `fact:"attempts" unit:"count" doc:"tries of all layers together, in the class in which they are most"`
	ByClass        TriesByClass `fact:"attempts_by_class" doc:"tries of all layers together per failure class"`
	Layers         []LayerFacts `fact:"attempts_by_layer" doc:"the layers that try again"`
	RetryLayers    Num          `fact:"retry_layers" unit:"count" doc:"layers that try again"`
	LayersDisjoint Flag         `fact:"layers_disjoint" doc:"no failure class is retried by two layers"`
	ConnectOnly    Flag         `fact:"connect_only" doc:"every layer that tries again does so only where the request was not sent"`
	Unlimited      Flag         `fact:"unlimited_attempts" doc:"max_attempts is unlimited"`
	Amplification  Num          `fact:"amplification" unit:"factor" doc:"F of the callee: attempts that reach it per request when it fails, over all layers and callers"`
	AnyBreaker     Word         `fact:"any_breaker" doc:"who breaks the circuit: application or mesh"`
}

// CallLimits is how breakers, bulkheads, pools and caches of a call are sized.
type CallLimits struct {
	CallsPerWindow  Num  `fact:"calls_per_window" unit:"count" doc:"calls per replica in a breaker's time window"`
	FillTime        Num  `fact:"fill_time" unit:"ms" doc:"time in which the breaker sees min_calls"`
	FailuresToOpen  Num  `fact:"failures_to_open" unit:"count" doc:"failures in a count window that open the breaker"`
	FailureFloor    Num  `fact:"failure_floor" unit:"ratio" doc:"three times the failure rate that the callee's availability implies"`
	TwiceLimit      Num  `fact:"twice_limit" unit:"ms" doc:"twice the limit: what a circuit must stay open for so that its probes do not meet the same hang"`
	ProbeShare      Num  `fact:"probe_share" unit:"ratio" doc:"half-open probes of all replicas over what the callee serves in a second"`
	BulkheadBlocked Num  `fact:"bulkhead_blocking" unit:"ratio" doc:"share of healthy traffic that the bulkhead refuses (Erlang B)"`
	BulkheadRate    Num  `fact:"bulkhead_rate" unit:"rps" doc:"what the bulkhead's slots in one replica can serve: max_concurrent / mean"`
	LimitPerReplica Num  `fact:"rate_limit_per_replica" unit:"rps" doc:"what the call's rate limit leaves to one replica: rps, over the replicas where they count together"`
	BulkheadShare   Num  `fact:"bulkhead_share" unit:"ratio" doc:"max_concurrent over the caller's concurrency"`
	BulkheadsTotal  Num  `fact:"bulkheads_total_share" unit:"ratio" doc:"all bulkheads of the caller over its concurrency"`
	BulkheadLargest Flag `fact:"bulkhead_largest" doc:"no bulkhead of the caller is larger, and none as large comes before it"`
	QueueWait       Num  `fact:"queue_wait" unit:"ms" doc:"wait at the end of a full bulkhead queue: queue · mean / max_concurrent"`
	WaitAndTimeout  Num  `fact:"wait_and_timeout" unit:"ms" doc:"max_wait plus limit"`
	PoolBlocked     Num  `fact:"pool_blocking" unit:"ratio" doc:"share of requests that find all connections of the pool taken (Erlang B)"`
	SlotsPerConn    Num  `fact:"slots_per_connection" unit:"count" doc:"the caller's concurrency over its pool"`
}

// TriesByClass are tries per failure class.
type TriesByClass struct {
	Connect Num `fact:"connect" unit:"count" doc:"the request was not sent"`
	Server  Num `fact:"http_5xx" unit:"count" doc:"the callee answered with an error of its own"`
	Timeout Num `fact:"timeout" unit:"count" doc:"the callee did not answer in time"`
}

// LayerFacts is one layer that tries again.
type LayerFacts struct {
	At       string   `fact:"at" doc:"application, mesh, or the product whose default it is"`
	Attempts float64  `fact:"attempts" unit:"count" doc:"tries, the first one included"`
	Classes  []string `fact:"classes" doc:"failure classes that it retries"`
	Budget   bool     `fact:"budget" doc:"a retry budget bounds it"`
	From     string   `fact:"from" doc:"the policy or product that hands it down; empty if it is written on the call"`
}

// Siblings are the other calls of a caller.
type Siblings struct {
	Hard  int      `fact:"hard" doc:"how many of them are hard"`
	Total int      `fact:"total" doc:"how many there are"`
	Addrs []string `fact:"addrs" doc:"their addresses"`
}

// InnerCall is a call that the callee makes for this one and that is hard, or may be.
type InnerCall struct {
	Addr      string `fact:"addr" doc:"the call"`
	To        string `fact:"to" doc:"its callee"`
	Hard      Flag   `fact:"hard" doc:"its failure fails the callee; unknown where its fallback is"`
	P99       Num    `fact:"p99" unit:"ms" doc:"p99 of its callee"`
	Writes    Flag   `fact:"writes" doc:"it writes: stated, derived, or nobody reads its result"`
	Limit     Num    `fact:"limit" unit:"ms" doc:"its min(timeout, deadline)"`
	Budget    Num    `fact:"budget" unit:"ms" doc:"what its callers leave for it"`
	WorstCase Num    `fact:"worst_case" unit:"ms" doc:"its W"`
	Attempts  Num    `fact:"attempts" unit:"count" doc:"its tries over all layers"`
	Repeats   Num    `fact:"app_attempts" unit:"count" doc:"tries of the application's layer, one after the other"`
	Fitting   Num    `fact:"fitting_attempts" unit:"count" doc:"tries of the application's layer that leave the callee time to finish, everything else as it is; 1 if no number does"`
	RecLimit  Num    `fact:"rec_limit" unit:"ms" doc:"a limit within what its callers leave that the callee's healthy answers meet; absent where there is none"`
	CacheHit  Num    `fact:"cache_hit" unit:"ratio" doc:"share that a cache answers"`
}

// OtherFacts is the node that a call falls back to.
type OtherFacts struct {
	Addr        string   `fact:"addr" doc:"the node"`
	Type        string   `fact:"type" doc:"its kind"`
	Shared      []string `fact:"shared" doc:"what both the callee and this node need, or a server that both stand on"`
	Capacity    Num      `fact:"capacity" unit:"rps" doc:"what it can serve"`
	Rate        Num      `fact:"rate" unit:"rps" doc:"what reaches it already"`
	Load        Num      `fact:"load" unit:"rps" doc:"what reaches it while the callee fails"`
	Utilisation Num      `fact:"utilisation" unit:"ratio" doc:"load over capacity"`
}

// CallRec are the computed fixes of a call; each is a fact, unknown or absent where it cannot be computed. The
// numbers carry the language's spelling as text.
type CallRec struct {
	Timeout      Num         `fact:"timeout" unit:"ms" doc:"p99.9 of the callee, rounded up"`
	TimeoutFits  Flag        `fact:"timeout_fits" doc:"the timeout is within the budget"`
	Deadline     Num         `fact:"deadline" unit:"ms" doc:"min(budget, worst case with the recommended attempts)"`
	Attempts     Num         `fact:"attempts" unit:"count" doc:"tries that fit the budget; 1 if not idempotent or if another layer retries"`
	Retry        RecRetry    `fact:"retry" doc:"a retry policy"`
	Breaker      RecBreaker  `fact:"circuit_breaker" doc:"a circuit breaker"`
	BreakerFits  Flag        `fact:"circuit_breaker_fits" doc:"there are enough calls for a breaker to learn from"`
	Bulkhead     RecBulkhead `fact:"bulkhead" doc:"a bulkhead"`
	BulkheadFits Flag        `fact:"bulkhead_fits" doc:"the bulkhead takes at most half of the caller's slots"`
	Pool         Num         `fact:"pool" unit:"count" doc:"connections per replica: the caller's share of what the database allows"`
	PoolFits     Flag        `fact:"pool_fits" doc:"the pool is large enough for the traffic; where not, a pooler is due"`
	RateLimit    RecLimit    `fact:"rate_limit" doc:"a limit at 80 % of the callee's quota"`
}

// RecRetry is a retry policy.
type RecRetry struct {
	MaxAttempts    Num  `fact:"max_attempts" unit:"count" doc:"tries, the first one included"`
	Backoff        Word `fact:"backoff" doc:"schedule of the waits"`
	InitialBackoff Num  `fact:"initial_backoff" unit:"ms" doc:"first wait: the callee's median within 25 ms and 1 s"`
	MaxBackoff     Num  `fact:"max_backoff" unit:"ms" doc:"longest wait"`
	Jitter         Word `fact:"jitter" doc:"spread of the waits"`
	Budget         Num  `fact:"budget" unit:"ratio" doc:"retries per request over time"`
}

// RecBreaker is a circuit breaker.
type RecBreaker struct {
	FailureRate Num `fact:"failure_rate" unit:"ratio" doc:"share of failures that opens it"`
	Window      Num `fact:"window" unit:"ms" doc:"what it looks at"`
	MinCalls    Num `fact:"min_calls" unit:"count" doc:"calls before it judges"`
	SlowCall    Num `fact:"slow_call" unit:"ms" doc:"a call that counts as slow"`
	SlowRate    Num `fact:"slow_rate" unit:"ratio" doc:"share of slow calls that opens it"`
	OpenFor     Num `fact:"open_for" unit:"ms" doc:"how long it stays open"`
	HalfOpen    Num `fact:"half_open" unit:"count" doc:"probes after that"`
}

// RecBulkhead is a bulkhead.
type RecBulkhead struct {
	MaxConcurrent Num `fact:"max_concurrent" unit:"count" doc:"slots: R̄+3√R̄, at least 4"`
}

// RecLimit is a rate limit.
type RecLimit struct {
	RPS     Num  `fact:"rps" unit:"rps" doc:"what it lets through"`
	Scope   Word `fact:"scope" doc:"shared by all replicas"`
	OnLimit Word `fact:"on_limit" doc:"what happens to the rest"`
}
