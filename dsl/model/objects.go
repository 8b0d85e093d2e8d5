package model

import (
	"math"
	"time"
)

// Unlimited is the number of attempts of `max_attempts = "unlimited"`.
const Unlimited = math.MaxInt32

// Window is a circuit breaker's observation window: a duration, or a number of calls where Time is zero.
type Window struct {
	Time  time.Duration
	Count int
}

// SLO is a service level objective of a client, a service or the system.
type SLO struct {
	Availability Value[float64]       `hcl:"availability" unit:"ratio"`
	LatencyP99   Value[time.Duration] `hcl:"latency_p99"`
	Window       Value[time.Duration] `hcl:"window"`
}

// Latency is an observed latency distribution, downstream included unless it is own_latency.
type Latency struct {
	P50  Value[time.Duration] `hcl:"p50"`
	P99  Value[time.Duration] `hcl:"p99"`
	P999 Value[time.Duration] `hcl:"p999"`
}

// Scale is how many copies run and what one of them can do.
type Scale struct {
	Replicas    Value[int]     `hcl:"replicas"`
	Zones       Value[int]     `hcl:"zones"`
	Min         Value[int]     `hcl:"min"`
	Max         Value[int]     `hcl:"max"`
	Capacity    Value[float64] `hcl:"capacity" unit:"rps"` // measured maximum, requests per second per replica
	Concurrency Value[int]     `hcl:"concurrency"`         // in-flight slots per replica
	CPU         Value[string]  `hcl:"cpu"`
	Memory      Value[string]  `hcl:"memory"`
}

// Retry is a retry policy. MaxAttempts counts the first try.
type Retry struct {
	MaxAttempts    Value[int]           `hcl:"max_attempts"`
	Backoff        Value[string]        `hcl:"backoff"`
	InitialBackoff Value[time.Duration] `hcl:"initial_backoff"`
	Multiplier     Value[float64]       `hcl:"multiplier" unit:"count"`
	MaxBackoff     Value[time.Duration] `hcl:"max_backoff"`
	Jitter         Value[string]        `hcl:"jitter"`
	Budget         Value[float64]       `hcl:"budget" unit:"ratio"`
	On             Value[[]string]      `hcl:"on"`
}

// CircuitBreaker is a circuit breaker policy.
type CircuitBreaker struct {
	FailureRate Value[float64]       `hcl:"failure_rate" unit:"ratio"`
	Window      Value[Window]        `hcl:"window"`
	MinCalls    Value[int]           `hcl:"min_calls"`
	SlowCall    Value[time.Duration] `hcl:"slow_call"`
	SlowRate    Value[float64]       `hcl:"slow_rate" unit:"ratio"`
	OpenFor     Value[time.Duration] `hcl:"open_for"`
	HalfOpen    Value[int]           `hcl:"half_open"`
	Per         Value[string]        `hcl:"per"`
}

// Bulkhead limits how much of the caller one call may occupy.
type Bulkhead struct {
	MaxConcurrent Value[int]           `hcl:"max_concurrent"`
	Queue         Value[int]           `hcl:"queue"`
	MaxWait       Value[time.Duration] `hcl:"max_wait"`
	Per           Value[string]        `hcl:"per"`
}

// RateLimit is a rate limit on what reaches an entry node, or on one call.
type RateLimit struct {
	RPS        Value[float64] `hcl:"rps" unit:"rps"`
	Burst      Value[float64] `hcl:"burst" unit:"count"`
	Per        Value[string]  `hcl:"per"`
	Scope      Value[string]  `hcl:"scope"`
	Unit       Value[string]  `hcl:"unit"`
	OnLimit    Value[string]  `hcl:"on_limit"`
	RetryAfter Value[bool]    `hcl:"retry_after"`
}

// Outbox says that an event is written in the store's own transaction and relayed from there.
type Outbox struct {
	Store       Value[Addr]          `hcl:"store"`
	Relay       Value[string]        `hcl:"relay"`
	Poll        Value[time.Duration] `hcl:"poll"`
	Batch       Value[int]           `hcl:"batch"`
	OrderingKey Value[string]        `hcl:"ordering_key"`
	Cleanup     Value[time.Duration] `hcl:"cleanup"`
}

// Schema is the contract of a topic's messages.
type Schema struct {
	Format        Value[string] `hcl:"format"`
	Compatibility Value[string] `hcl:"compatibility"`
}

// Coordinator is the coordinator of a two-phase commit.
type Coordinator struct {
	Replicas   Value[int]  `hcl:"replicas"`
	DurableLog Value[bool] `hcl:"durable_log"`
}

// ControlPlane is a mesh's control plane.
type ControlPlane struct {
	Replicas Value[int] `hcl:"replicas"`
}

// Deploy is how a new version reaches production.
type Deploy struct {
	Strategy       Value[string]        `hcl:"strategy"`
	MaxSurge       Value[float64]       `hcl:"max_surge" unit:"ratio"`
	MaxUnavailable Value[float64]       `hcl:"max_unavailable" unit:"ratio"`
	Readiness      Value[bool]          `hcl:"readiness"`
	Drain          Value[time.Duration] `hcl:"drain"`
	Grace          Value[time.Duration] `hcl:"grace"`
	Steps          Value[[]float64]     `hcl:"steps" unit:"count"`
	Bake           Value[time.Duration] `hcl:"bake"`
	Analysis       Value[[]string]      `hcl:"analysis"`
	Start          Value[time.Duration] `hcl:"start"`
	Router         Value[bool]          `hcl:"router"`
	KeepOld        Value[time.Duration] `hcl:"keep_old"`
	SpareCapacity  Value[float64]       `hcl:"spare_capacity" unit:"ratio"`
	SharedStore    Value[bool]          `hcl:"shared_store"`
}

// CQRS separates a service's write store from its read store. Sync is "cdc", "replica", or a topic's or queue's address.
type CQRS struct {
	Write          Value[Addr]          `hcl:"write"`
	Read           Value[Addr]          `hcl:"read"`
	Sync           Value[string]        `hcl:"sync"`
	MaxStaleness   Value[time.Duration] `hcl:"max_staleness"`
	ReadYourWrites Value[bool]          `hcl:"read_your_writes"`
}

// EventSourcing keeps a service's state as a log of events.
type EventSourcing struct {
	Store             Value[Addr]   `hcl:"store"`
	SnapshotEvery     Value[int]    `hcl:"snapshot_every"`
	EventsPerEntity   Value[int]    `hcl:"events_per_entity"`
	Versioning        Value[string] `hcl:"versioning"`
	Projections       Value[[]Addr] `hcl:"projections"`
	Publishes         Value[Addr]   `hcl:"publishes"`
	IntegrationEvents Value[bool]   `hcl:"integration_events"`
	Replay            Value[bool]   `hcl:"replay"`
}

// Assume overrides the default assumptions of rules.md §2.4 for one system.
type Assume struct {
	InstanceAvailability Value[float64]       `hcl:"instance_availability" unit:"ratio"`
	CommonCause          Value[float64]       `hcl:"common_cause" unit:"ratio"`
	Replicas             Value[int]           `hcl:"replicas"`
	StoreMultiZone       Value[float64]       `hcl:"store_multi_zone" unit:"ratio"`
	StoreSingleZone      Value[float64]       `hcl:"store_single_zone" unit:"ratio"`
	ExternalAvailability Value[float64]       `hcl:"external_availability" unit:"ratio"`
	TailRatio            Value[float64]       `hcl:"tail_ratio" unit:"factor"`
	MeanShare            Value[float64]       `hcl:"mean_share" unit:"ratio"`
	RTTInZone            Value[time.Duration] `hcl:"rtt_in_zone"`
	RTTCrossZone         Value[time.Duration] `hcl:"rtt_cross_zone"`
	RTTWan               Value[time.Duration] `hcl:"rtt_wan"`
	RTTCellular          Value[time.Duration] `hcl:"rtt_cellular"`
	ProxyOverhead        Value[time.Duration] `hcl:"proxy_overhead"`
	PeakToMean           Value[float64]       `hcl:"peak_to_mean" unit:"factor"`
	ConsumerOutage       Value[time.Duration] `hcl:"consumer_outage"`
	DeploysPerWeek       Value[float64]       `hcl:"deploys_per_week" unit:"count"`
}
