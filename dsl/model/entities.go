package model

import "time"

// Block is what every declared thing has: identity, place and owner.
type Block struct {
	Addr   Addr
	Kind   Kind
	Label  string
	Parent Addr          // the enclosing block's address, empty at the top level
	Decl   Range         // the header: block type and label
	Body   Range         // the whole block, header and braces included
	Team   Value[string] `hcl:"team"`
	Region Value[string] `hcl:"region"`

	// Aliases are what manifests and traces call it, where they use another name. No rule judges by them.
	Aliases Value[[]string] `hcl:"aliases" fact:"-"`

	// Comment is what an importer has to say about the block, one line or more; printed above it, never read back.
	Comment string
}

// Self returns the block itself, for code that treats all entities alike.
func (b *Block) Self() *Block { return b }

// Edges are the edges that start at a node.
type Edges struct {
	Calls     []*Call    `block:"call"`
	Publishes []*Publish `block:"publish"`
	Consumes  []*Consume `block:"consume"`
}

// Out returns the edges themselves, for code that treats all nodes alike.
func (e *Edges) Out() *Edges { return e }

// System is the one system a model describes; it also carries defaults for its services and gateways.
type System struct {
	Block
	Platform            Value[string]   `hcl:"platform"`
	SLO                 Value[*SLO]     `hcl:"slo"`
	Tenancy             Value[string]   `hcl:"tenancy"`
	ZeroDowntime        Value[bool]     `hcl:"zero_downtime"`
	Policy              Value[Addr]     `hcl:"policy"`
	Scenarios           Value[[]string] `hcl:"scenarios"`
	Assume              Value[*Assume]  `hcl:"assume"`
	Deploy              Value[*Deploy]  `hcl:"deploy"`
	Scale               Value[*Scale]   `hcl:"scale"`
	Discovery           Value[string]   `hcl:"discovery"`
	LoadBalancing       Value[string]   `hcl:"load_balancing"`
	DeadlinePropagation Value[bool]     `hcl:"deadline_propagation"`
	Auth                Value[string]   `hcl:"auth"`
}

// Policy is a named set of call policies.
type Policy struct {
	Block
	CallPolicies
	Engine Value[string] `hcl:"engine"`
}

// Client is a kind of user or caller outside the system; its rate is what drives everything.
type Client struct {
	Block
	Edges
	ClientKind         Value[string]        `hcl:"kind"`
	Public             Value[bool]          `hcl:"public"`
	Network            Value[string]        `hcl:"network"`
	RPS                Value[float64]       `hcl:"rps" unit:"rps"` // at peak
	Connections        Value[int]           `hcl:"connections"`
	Deadline           Value[time.Duration] `hcl:"deadline"`
	Realtime           Value[string]        `hcl:"realtime"`
	ToleratesStaleness Value[time.Duration] `hcl:"tolerates_staleness"`
	SLO                Value[*SLO]          `hcl:"slo"`
	Policy             Value[Addr]          `hcl:"policy"`
}

// Workload is what services and gateways have in common.
type Workload struct {
	Edges
	APIs                []*API            `block:"api"`
	Scale               Value[*Scale]     `hcl:"scale"`
	Latency             Value[*Latency]   `hcl:"latency"`
	Availability        Value[float64]    `hcl:"availability" unit:"ratio"`
	Deploy              Value[*Deploy]    `hcl:"deploy"`
	RateLimit           Value[*RateLimit] `hcl:"rate_limit"`
	Policy              Value[Addr]       `hcl:"policy"`
	Inbound             Value[Addr]       `hcl:"inbound"`
	Engine              Value[string]     `hcl:"engine"`
	Auth                Value[string]     `hcl:"auth"`
	Discovery           Value[string]     `hcl:"discovery"` // dns, static, or a registry's address
	LoadBalancing       Value[string]     `hcl:"load_balancing"`
	DeadlinePropagation Value[bool]       `hcl:"deadline_propagation"`
}

// Work returns the workload itself, for code that treats services and gateways alike.
func (w *Workload) Work() *Workload { return w }

// Gateway is an entry point in front of services.
type Gateway struct {
	Block
	Workload
	GatewayKind Value[string]        `hcl:"kind"`
	Serves      Value[[]Addr]        `hcl:"serves"`
	Timeout     Value[time.Duration] `hcl:"timeout"`
	IdleTimeout Value[time.Duration] `hcl:"idle_timeout"`
	Logic       Value[string]        `hcl:"logic"`
}

// Service is a deployable unit that answers requests or handles messages.
type Service struct {
	Block
	Workload
	Sidecars      []*Sidecar            `block:"sidecar"`
	OwnLatency    Value[*Latency]       `hcl:"own_latency"` // without downstream
	SLO           Value[*SLO]           `hcl:"slo"`
	Language      Value[string]         `hcl:"language"`
	Legacy        Value[bool]           `hcl:"legacy"`
	Opaque        Value[bool]           `hcl:"opaque"`
	Stateful      Value[bool]           `hcl:"stateful"`
	CQRS          Value[*CQRS]          `hcl:"cqrs"`
	EventSourcing Value[*EventSourcing] `hcl:"event_sourcing"`
}

// Datastore keeps state.
type Datastore struct {
	Block
	SchemaChanges  []*SchemaChange `block:"schema_change"`
	Publishes      []*Publish      `block:"publish"` // its CDC stream
	StoreKind      Value[string]   `hcl:"kind"`
	Engine         Value[string]   `hcl:"engine"`
	Owner          Value[Addr]     `hcl:"owner"`
	Availability   Value[float64]  `hcl:"availability" unit:"ratio"`
	Latency        Value[*Latency] `hcl:"latency"`
	Scale          Value[*Scale]   `hcl:"scale"`
	ReadReplicas   Value[int]      `hcl:"read_replicas"`
	MaxConnections Value[int]      `hcl:"max_connections"`
	Capacity       Value[float64]  `hcl:"capacity" unit:"rps"` // total, requests per second
	Transactions   Value[bool]     `hcl:"transactions"`
	XA             Value[bool]     `hcl:"xa"`
	Data           Value[[]string] `hcl:"data"`
	Audit          Value[string]   `hcl:"audit"`
	AuditLog       Value[bool]     `hcl:"audit_log"`
	Erasure        Value[string]   `hcl:"erasure"`
	Shards         Value[int]      `hcl:"shards"`
	Server         Value[string]   `hcl:"server"`
}

// Broker carries topics and queues.
type Broker struct {
	Block
	Engine       Value[string]  `hcl:"engine"`
	Scale        Value[*Scale]  `hcl:"scale"`
	Availability Value[float64] `hcl:"availability" unit:"ratio"`
}

// Topic gives every consuming service every message.
type Topic struct {
	Block
	Broker       Value[Addr]          `hcl:"broker"`
	Partitions   Value[int]           `hcl:"partitions"`
	Retention    Value[time.Duration] `hcl:"retention"`
	Delivery     Value[string]        `hcl:"delivery"`
	OrderingKey  Value[string]        `hcl:"ordering_key"`
	Replication  Value[int]           `hcl:"replication"`
	MinInsync    Value[int]           `hcl:"min_insync"`
	Schema       Value[*Schema]       `hcl:"schema"`
	DedupWindow  Value[time.Duration] `hcl:"dedup_window"`
	TraceContext Value[bool]          `hcl:"trace_context"`
	Payload      Value[string]        `hcl:"payload"`
}

// Queue gives every message to one consumer.
type Queue struct {
	Block
	Broker            Value[Addr]          `hcl:"broker"`
	Engine            Value[string]        `hcl:"engine"`
	VisibilityTimeout Value[time.Duration] `hcl:"visibility_timeout"`
	MaxReceives       Value[int]           `hcl:"max_receives"`
	DeadLetter        Value[Addr]          `hcl:"dead_letter"`
	FIFO              Value[bool]          `hcl:"fifo"`
	DedupWindow       Value[time.Duration] `hcl:"dedup_window"`
	MaxAge            Value[time.Duration] `hcl:"max_age"`
	MaxLength         Value[int]           `hcl:"max_length"`
}

// External is a system that somebody else runs.
type External struct {
	Block
	Calls          []*Call         `block:"call"` // webhooks in
	Availability   Value[float64]  `hcl:"availability" unit:"ratio"`
	Latency        Value[*Latency] `hcl:"latency"`
	RPSLimit       Value[float64]  `hcl:"rps_limit" unit:"rps"`
	RPS            Value[float64]  `hcl:"rps" unit:"rps"` // requests it starts
	IdempotencyKey Value[bool]     `hcl:"idempotency_key"`
}

// Registry is a service registry.
type Registry struct {
	Block
	Engine       Value[string]        `hcl:"engine"`
	Scale        Value[*Scale]        `hcl:"scale"`
	Availability Value[float64]       `hcl:"availability" unit:"ratio"`
	Heartbeat    Value[time.Duration] `hcl:"heartbeat"`
	Lease        Value[time.Duration] `hcl:"lease"`
	Eviction     Value[time.Duration] `hcl:"eviction"`
	Fetch        Value[time.Duration] `hcl:"fetch"`
	ClientCache  Value[time.Duration] `hcl:"client_cache"`
	HealthCheck  Value[bool]          `hcl:"health_check"`
	CachedLookup Value[bool]          `hcl:"cached_lookup"`
}

// Mesh is a service mesh. Members holds every service where the author wrote "all".
type Mesh struct {
	Block
	Members      Value[[]Addr]        `hcl:"members"`
	Engine       Value[string]        `hcl:"engine"`
	Mode         Value[string]        `hcl:"mode"`
	MTLS         Value[string]        `hcl:"mtls"`
	Policy       Value[Addr]          `hcl:"policy"`
	Overhead     Value[time.Duration] `hcl:"overhead"`
	ControlPlane Value[*ControlPlane] `hcl:"control_plane"`
}

// Transaction spans several steps that belong together.
type Transaction struct {
	Block
	Steps        []*Step              `block:"step"`
	Pattern      Value[string]        `hcl:"pattern"`
	Consistency  Value[string]        `hcl:"consistency"`
	Engine       Value[string]        `hcl:"engine"`
	Orchestrator Value[Addr]          `hcl:"orchestrator"`
	Coordination Value[string]        `hcl:"coordination"`
	Timeout      Value[time.Duration] `hcl:"timeout"`
	Durable      Value[Addr]          `hcl:"state"`
	Coordinator  Value[*Coordinator]  `hcl:"coordinator"`
	Isolation    Value[[]string]      `hcl:"isolation"`
}

// Migration replaces a legacy service route by route.
type Migration struct {
	Block
	Routes         []*Route      `block:"route"`
	Legacy         Value[Addr]   `hcl:"legacy"`
	Facade         Value[Addr]   `hcl:"facade"`
	Strategy       Value[string] `hcl:"strategy"`
	Sync           Value[string] `hcl:"sync"`
	AntiCorruption Value[Addr]   `hcl:"anti_corruption"`
	Finish         Value[string] `hcl:"finish"` // date, 2027-01-31
	Interceptable  Value[bool]   `hcl:"interceptable"`
}

// Flag is a feature flag.
type Flag struct {
	Block
	FlagKind Value[string] `hcl:"kind"`
	Used     Value[[]Addr] `hcl:"used"`
	Owner    Value[string] `hcl:"owner"`
	Expires  Value[string] `hcl:"expires"` // date, 2027-01-31
	Default  Value[bool]   `hcl:"default"`
	Provider Value[Addr]   `hcl:"provider"`
	Gates    Value[Addr]   `hcl:"gates"`
}

// Waiver accepts one rule's finding on one subject, with a reason, an owner and an end. Its label is the rule's id.
type Waiver struct {
	Block
	Subject    Value[string] `hcl:"subject"` // an address, or a pattern with *
	Reason     Value[string] `hcl:"reason"`
	Owner      Value[string] `hcl:"owner"`
	Ticket     Value[string] `hcl:"ticket"`
	Expires    Value[string] `hcl:"expires"` // date, 2027-01-31
	MaxMatches Value[int]    `hcl:"max_matches"`
}
