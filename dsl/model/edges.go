package model

import "time"

// CallPolicies are the per-call policies that a policy block, a caller's policy, a callee's inbound, a mesh or the
// system can hand down to a call.
type CallPolicies struct {
	Timeout        Value[time.Duration]   `hcl:"timeout"`
	Deadline       Value[time.Duration]   `hcl:"deadline"`
	ConnectTimeout Value[time.Duration]   `hcl:"connect_timeout"`
	Retry          Value[*Retry]          `hcl:"retry"`
	CircuitBreaker Value[*CircuitBreaker] `hcl:"circuit_breaker"`
	Bulkhead       Value[*Bulkhead]       `hcl:"bulkhead"`
	RateLimit      Value[*RateLimit]      `hcl:"rate_limit"`
	Fallback       Value[string]          `hcl:"fallback"` // default, cache, queue, fail, or the address of another node
}

// Call is a synchronous edge: somebody waits for a reply.
type Call struct {
	Block
	CallPolicies
	To          Value[Addr]          `hcl:"to"`
	On          Value[[]string]      `hcl:"on"`
	Op          Value[string]        `hcl:"op"`
	Access      Value[string]        `hcl:"access"`
	WriteRatio  Value[float64]       `hcl:"write_ratio" unit:"ratio"`
	PerRequest  Value[float64]       `hcl:"per_request" unit:"count"`
	Parallel    Value[string]        `hcl:"parallel"`
	AnyOf       Value[string]        `hcl:"any_of"`
	Policy      Value[Addr]          `hcl:"policy"`
	Discovery   Value[string]        `hcl:"discovery"` // dns, static, or a registry's address
	Criticality Value[string]        `hcl:"criticality"`
	Idempotent  Value[bool]          `hcl:"idempotent"`
	CacheHit    Value[float64]       `hcl:"cache_hit" unit:"ratio"`
	Payload     Value[int64]         `hcl:"payload"` // bytes
	After       Value[[]string]      `hcl:"after"`
	Reply       Value[bool]          `hcl:"reply"`
	Reconcile   Value[bool]          `hcl:"reconcile"`
	Pool        Value[int]           `hcl:"pool"` // connections per replica
	Polling     Value[time.Duration] `hcl:"polling"`
	Stream      Value[bool]          `hcl:"stream"`
	Protocol    Value[string]        `hcl:"protocol"`
	Public      Value[bool]          `hcl:"public"`

	// MeshRetry is the mesh layer's own retry on this edge (Q1); it is never the application's.
	MeshRetry Value[*Retry]
	// MeshBreaker is the mesh's outlier detection on this edge; it counts as a breaker per host.
	MeshBreaker Value[*CircuitBreaker]
	// Mesh is the mesh of which both ends are members, empty if there is none.
	Mesh Addr
	// LimitFromClient says that Deadline is the client's own, taken because the call states no limit.
	LimitFromClient bool
}

// Publish is an asynchronous edge into a topic or a queue.
type Publish struct {
	Block
	To         Value[Addr]     `hcl:"to"`
	On         Value[[]string] `hcl:"on"`
	PerRequest Value[float64]  `hcl:"per_request" unit:"count"`
	Outbox     Value[*Outbox]  `hcl:"outbox"`
	Loss       Value[string]   `hcl:"loss"`
	Acks       Value[string]   `hcl:"acks"`
}

// Consume is an asynchronous edge out of a topic or a queue.
type Consume struct {
	Block
	From         Value[Addr]          `hcl:"from"`
	Idempotent   Value[bool]          `hcl:"idempotent"`
	DedupWindow  Value[time.Duration] `hcl:"dedup_window"`
	Latency      Value[*Latency]      `hcl:"latency"` // one message
	BatchLatency Value[*Latency]      `hcl:"batch_latency"`
	Batch        Value[int]           `hcl:"batch"`
	Concurrency  Value[int]           `hcl:"concurrency"`
	Retry        Value[*Retry]        `hcl:"retry"`
	Ordering     Value[bool]          `hcl:"ordering"`
	DeadLetter   Value[Addr]          `hcl:"dead_letter"`
	Extends      Value[bool]          `hcl:"extends"`
	Competing    Value[bool]          `hcl:"competing"`
	Broadcast    Value[bool]          `hcl:"broadcast"`
	Criticality  Value[string]        `hcl:"criticality"`
	AwaitsReply  Value[bool]          `hcl:"awaits_reply"`
}

// API is an interface style that a service or gateway offers; its label is the style.
type API struct {
	Block
	Version          Value[string]        `hcl:"version"`
	Pagination       Value[string]        `hcl:"pagination"`
	Lists            Value[bool]          `hcl:"lists"`
	IdempotencyKey   Value[bool]          `hcl:"idempotency_key"`
	CacheTTL         Value[time.Duration] `hcl:"cache_ttl"`
	MaxDepth         Value[int]           `hcl:"max_depth"`
	MaxCost          Value[int]           `hcl:"max_cost"`
	Batching         Value[string]        `hcl:"batching"`
	PersistedQueries Value[bool]          `hcl:"persisted_queries"`
	Heartbeat        Value[time.Duration] `hcl:"heartbeat"`
	Backplane        Value[Addr]          `hcl:"backplane"`
	MaxConnections   Value[int]           `hcl:"max_connections"`
	ReconnectJitter  Value[bool]          `hcl:"reconnect_jitter"`
	GRPCWeb          Value[bool]          `hcl:"grpc_web"`
	MaxMessage       Value[int64]         `hcl:"max_message"` // bytes
}

// Sidecar is a helper container beside every replica of a service.
type Sidecar struct {
	Block
	Purpose     Value[string] `hcl:"purpose"`
	CPU         Value[string] `hcl:"cpu"`
	Memory      Value[string] `hcl:"memory"`
	StartsFirst Value[bool]   `hcl:"starts_first"`
	Replicas    Value[int]    `hcl:"replicas"`
	Store       Value[Addr]   `hcl:"store"`
}

// SchemaChange is a pending change of a datastore's schema.
type SchemaChange struct {
	Block
	Change      Value[string] `hcl:"kind"` // additive or breaking
	Phase       Value[string] `hcl:"phase"`
	WithRelease Value[bool]   `hcl:"with_release"`
}

// Step is one step of a transaction.
type Step struct {
	Block
	In         Value[Addr]   `hcl:"in"`
	Writes     Value[Addr]   `hcl:"writes"`
	Compensate Value[string] `hcl:"compensate"`
	Type       Value[string] `hcl:"type"`
	Idempotent Value[bool]   `hcl:"idempotent"`
	Via        Value[Addr]   `hcl:"via"`
}

// Route is one route of a migration; a call whose op is the route's label is that route's traffic.
type Route struct {
	Block
	To      Value[Addr]    `hcl:"to"`
	Status  Value[string]  `hcl:"status"`
	Traffic Value[float64] `hcl:"traffic" unit:"ratio"`
	Flag    Value[Addr]    `hcl:"flag"`
}
