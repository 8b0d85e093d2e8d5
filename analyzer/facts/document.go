package facts

import "github.com/archcheck/archcheck/dsl/model"

// Format is the version of the documents: new fields keep it, a changed meaning raises it.
const Format = "archcheck.facts/1"

// Document is what the policies of one kind see of one subject.
//
// Subject, From, To and System point to structs. A field with a `fact:"name"` tag is a fact or a plain value; an
// embedded pointer to a model block contributes every attribute of the language under its own name, and a `fact` field
// of the same name replaces it. Further tags: `unit` (ms, bytes, rps, ratio, minutes, none) and `doc` (one line).
type Document struct {
	Kind    string
	Addr    model.Addr
	Subject any
	From    *End // edges only
	To      *End // edges only
	System  *SystemFacts
}

// End is one end of an edge, resolved: the facts that rules about edges need. What does not apply to a type of node is absent.
type End struct {
	Addr string `fact:"addr" doc:"address of this end"`
	Type string `fact:"type" doc:"service, gateway, client, datastore, external, registry, topic or queue"`

	Team        Word     `fact:"team" doc:"who owns it"`
	Region      Word     `fact:"region" doc:"where it runs"`
	Platform    Word     `fact:"platform" doc:"kubernetes, vm or serverless"`
	Kind        Word     `fact:"kind" doc:"the kind attribute of a client, gateway or datastore"`
	Network     Word     `fact:"network" doc:"the network of a client: lan, wan or cellular"`
	Engine      Word     `fact:"engine" doc:"its product"`
	Legacy      Flag     `fact:"legacy" doc:"a legacy service"`
	Opaque      Flag     `fact:"opaque" doc:"a vendor box whose inside nobody can state"`
	UserFacing  Flag     `fact:"user_facing" doc:"a user waits for it, directly or through synchronous calls"`
	Financial   Flag     `fact:"financial" doc:"it, or something downstream of it, writes a store of financial data"`
	TxStep      Flag     `fact:"transaction_step" doc:"it is the service of a step of a transaction"`
	Propagates  Flag     `fact:"deadline_propagation" doc:"it hands the remaining deadline down"`
	MeshMembers []string `fact:"meshes" doc:"meshes of which it is a member"`
	APIs        []string `fact:"apis" doc:"API styles that it offers"`
	Data        List     `fact:"data" doc:"classes of data in a datastore: pii, financial, health"`

	Replicas     Num `fact:"replicas" unit:"count" doc:"copies that run"`
	MaxReplicas  Num `fact:"max_replicas" unit:"count" doc:"upper end of autoscaling"`
	Zones        Num `fact:"zones" unit:"count" doc:"zones it is spread over"`
	Concurrency  Num `fact:"concurrency" unit:"count" doc:"in-flight slots of one replica"`
	Capacity     Num `fact:"capacity" unit:"rps" doc:"what all its replicas together can serve"`
	Rate         Num `fact:"rate" unit:"rps" doc:"what reaches it"`
	Availability Num `fact:"availability" unit:"ratio" doc:"its own availability (Q3)"`
	P50          Num `fact:"p50" unit:"ms" doc:"median latency, downstream included"`
	P99          Num `fact:"p99" unit:"ms" doc:"99th percentile of latency, downstream included"`
	Mean         Num `fact:"mean" unit:"ms" doc:"mean latency (Q5)"`
	RPSLimit     Num `fact:"rps_limit" unit:"rps" doc:"contractual limit of an external"`
	Shards       Num `fact:"shards" unit:"count" doc:"shards of a datastore"`

	LoadBalancing  Word       `fact:"load_balancing" doc:"l4, l7 or client"`
	IdempotencyKey Flag       `fact:"idempotency_key" doc:"an external that recognises repeated requests by a key"`
	CachedLookup   Flag       `fact:"cached_lookup" doc:"a registry whose clients keep the last answer"`
	Delivery       Word       `fact:"delivery" doc:"delivery guarantee of a topic or queue"`
	Triggers       Num        `fact:"triggers" unit:"count" doc:"operations, the plain request and consumes that make it act"`
	HardCalls      Num        `fact:"hard_calls" unit:"count" doc:"distinct nodes that it calls and cannot do without"`
	Downstreams    Num        `fact:"downstreams" unit:"count" doc:"distinct nodes that it calls"`
	Orchestrates   List       `fact:"orchestrates" doc:"workflow engines of the transactions that it orchestrates"`
	FromEventLog   Flag       `fact:"publishes_from_event_log" doc:"its event store publishes, so state and event are one write"`
	Writes         []StoreUse `fact:"writes" doc:"datastores that the same trigger writes (edges of kind publish)"`
}

// StoreUse is a datastore as one trigger of a node uses it.
type StoreUse struct {
	Addr       string `fact:"addr" doc:"the datastore"`
	Via        string `fact:"via" doc:"the call that uses it"`
	Certain    Flag   `fact:"certain" doc:"it surely writes; unknown where the call's access is"`
	Kind       Word   `fact:"kind" doc:"kind of datastore"`
	Data       List   `fact:"data" doc:"classes of data in it"`
	FeedsByCDC Flag   `fact:"feeds_topic_by_cdc" doc:"its change stream already feeds the topic"`
	Tx         Flag   `fact:"transactions" doc:"it has local transactions"`
}

// SystemFacts is the one system a model describes, as every document shows it.
type SystemFacts struct {
	Addr         string   `fact:"addr" doc:"address of the system"`
	SLO          SLOFacts `fact:"slo" doc:"the system's objective"`
	Tenancy      Word     `fact:"tenancy" doc:"single or multi"`
	Platform     Word     `fact:"platform" doc:"kubernetes, vm or serverless"`
	ZeroDowntime Flag     `fact:"zero_downtime" doc:"releases must not interrupt users"`
	Params       *Params  `fact:"params" doc:"thresholds in force"`
}

// SLOFacts is a service level objective, key by key.
type SLOFacts struct {
	Availability Num `fact:"availability" unit:"ratio" doc:"share of good minutes"`
	LatencyP99   Num `fact:"latency_p99" unit:"ms" doc:"99th percentile of latency"`
	Window       Num `fact:"window" unit:"ms" doc:"window of the objective"`
}
