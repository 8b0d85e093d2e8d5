package facts

import (
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// TransactionFacts is a transaction over several steps (Q11), with who takes part, what it writes and how long it takes.
type TransactionFacts struct {
	*model.Transaction
	TransactionData
	UserFacing   Flag            `fact:"user_facing" doc:"a user sets it off"`
	StepCount    Num             `fact:"step_count" unit:"count" doc:"steps"`
	Services     []string        `fact:"services" doc:"services of its steps"`
	ServiceCount Num             `fact:"service_count" unit:"count" doc:"services of its steps"`
	Stores       []WriteStore    `fact:"stores" doc:"stores that its steps write"`
	StoreCount   Num             `fact:"store_count" unit:"count" doc:"stores that its steps write"`
	Owners       []string        `fact:"owners" doc:"owners of these stores"`
	Teams        []string        `fact:"teams" doc:"teams of its services and stores"`
	Regions      []string        `fact:"regions" doc:"regions of its services and stores"`
	OneServer    Flag            `fact:"one_server" doc:"all its stores state one and the same server"`
	SameData     Flag            `fact:"same_data" doc:"all its stores hold the same classes of data"`
	Participants []TxParticipant `fact:"participants" doc:"what has to prepare in a two-phase commit: stores, externals that its services call for more than reading, brokers that its steps go through"`
	Availability Num             `fact:"availability" unit:"ratio" doc:"all services and stores of it up together"`
	Trigger      Word            `fact:"trigger" doc:"the trigger of the orchestrator that calls its steps: its address, or the consume block's"`
	Rate         Num             `fact:"rate" unit:"rps" doc:"transactions per second"`
	WorstCase    Num             `fact:"worst_case" unit:"ms" doc:"S of that trigger: time that a caller may wait"`
	Duration     Num             `fact:"duration" unit:"ms" doc:"timeout, else worst_case"`
	InFlight     Num             `fact:"in_flight" unit:"count" doc:"transactions under way at once: rate · duration"`
	Synchronous  Flag            `fact:"synchronous" doc:"all its steps run by calls within one request"`
	LatencySLO   Num             `fact:"latency_objective" unit:"ms" doc:"p99 that the strictest client that reaches it, else the system, asks for"`
	Via          []string        `fact:"via" doc:"topics and queues that carry its steps"`
	Others       []SharedTx      `fact:"others" doc:"other transactions that write one of its stores, or share a step's service"`
	Pivots       []string        `fact:"pivots" doc:"its pivot steps"`
	Misordered   []string        `fact:"misordered" doc:"steps that may fail after the point of no return"`
	EventLoop    Flag            `fact:"event_loop" doc:"its services cause each other's messages in a circle"`
	LoopServices []string        `fact:"event_loop_services" doc:"the services of that circle"`
	Externals    []string        `fact:"externals" doc:"externals that its steps' services call"`
	StepsHeld    []string        `fact:"first_steps" doc:"steps that stay done if a later one fails and nothing compensates"`
}

// TxParticipant is one resource of a two-phase commit.
type TxParticipant struct {
	Addr   string `fact:"addr" doc:"the resource"`
	Type   string `fact:"type" doc:"datastore, external or broker; topic or queue without one"`
	Engine Word   `fact:"engine" doc:"its product"`
	XA     Flag   `fact:"xa" doc:"it can prepare; never an external or a broker"`
	Pivot  Flag   `fact:"pivot" doc:"it belongs to a step stated as pivot: the last resource"`
	Step   string `fact:"step" doc:"the step that brings it in"`
}

// SharedTx is a transaction that meets another one.
type SharedTx struct {
	Addr     string   `fact:"addr" doc:"the other transaction"`
	Pattern  Word     `fact:"pattern" doc:"its pattern"`
	Stores   []string `fact:"stores" doc:"stores that both write"`
	Services []string `fact:"services" doc:"services that have a step in both"`
}

// StepFacts is one step of a transaction.
type StepFacts struct {
	*model.Step
	Transaction string   `fact:"transaction" doc:"the transaction"`
	Pattern     Word     `fact:"pattern" doc:"its pattern"`
	TxEngine    Word     `fact:"transaction_engine" doc:"the workflow product that runs it"`
	UserFacing  Flag     `fact:"user_facing" doc:"a user waits for its service"`
	Position    Num      `fact:"position" unit:"count" doc:"place among the steps, from 1"`
	Last        Flag     `fact:"last" doc:"it is the last step"`
	BeforePivot Flag     `fact:"before_pivot" doc:"a pivot comes after it, or no pivot is declared and it is not the last"`
	AfterPivot  Flag     `fact:"after_pivot" doc:"a pivot comes before it"`
	ReadOnly    Flag     `fact:"read_only" doc:"its service certainly writes nothing; unknown while a call's access is, assumed not where no call of it is described"`
	Stores      []string `fact:"stores" doc:"stores that it certainly writes"`
}

// compact sorts words and drops repetitions and empty ones.
func compact(words []string) []string {
	slices.Sort(words)
	words = slices.Compact(words)
	if len(words) > 0 && words[0] == "" {
		words = words[1:]
	}
	if words == nil {
		return []string{}
	}
	return words
}
