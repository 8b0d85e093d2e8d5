package facts

// JourneyFacts is one way of a request through the system: an entry, one choice at every gateway that routes, and
// everything that the last call needs.
type JourneyFacts struct {
	Client     string   `fact:"client" doc:"the client or external that starts it"`
	Entry      string   `fact:"entry" doc:"its first call or publish"`
	Steps      []string `fact:"steps" doc:"the entry and the call chosen at every routing gateway"`
	EndsIn     string   `fact:"ends_in" doc:"the node that its last step reaches"`
	UserFacing Flag     `fact:"user_facing" doc:"a user starts it"`
	Financial  Flag     `fact:"financial" doc:"something on it writes a store of financial data"`
	Rate       Num      `fact:"rate" unit:"rps" doc:"requests that take it"`
	Share      Num      `fact:"share" unit:"ratio" doc:"its share of all journeys' traffic"`

	JourneyAvailability
	JourneyTime
	JourneyMessages
	Rec JourneyRec `fact:"rec" doc:"computed fixes"`
}

// JourneyAvailability is what Q3 says of a journey.
type JourneyAvailability struct {
	Objective      Num        `fact:"objective" unit:"ratio" doc:"availability that the client's objective, else the system's, asks for"`
	Availability   Num        `fact:"availability" unit:"ratio" doc:"product over everything it cannot do without, each component once"`
	Window         Num        `fact:"window" unit:"ms" doc:"the time over which the objective counts"`
	LossMinutes    Num        `fact:"loss_minutes" unit:"minutes" doc:"predicted loss in one window of the objective"`
	BudgetMinutes  Num        `fact:"budget_minutes" unit:"minutes" doc:"loss that the objective allows in one window"`
	LossOverBudget Num        `fact:"loss_over_budget" unit:"factor" doc:"loss over budget"`
	AssumedShare   Num        `fact:"assumed_share" unit:"ratio" doc:"share of the loss that rests on default assumptions"`
	Settled        Flag       `fact:"settled" doc:"less of the loss rests on default assumptions than the threshold assumed_share; else unknown, with what to state"`
	Components     Num        `fact:"components" unit:"count" doc:"components that it cannot do without"`
	Hard           []HardPart `fact:"hard" doc:"the components that lose most, heaviest first, at most 20"`
}

// HardPart is one component that a journey cannot do without.
type HardPart struct {
	Addr         string  `fact:"addr" doc:"the component"`
	Type         string  `fact:"type" doc:"its kind"`
	Availability Num     `fact:"availability" unit:"ratio" doc:"its own availability; not stated where state is not stated"`
	Share        float64 `fact:"share" unit:"ratio" doc:"its share of the journey's loss"`
	BudgetShare  Num     `fact:"budget_share" unit:"ratio" doc:"its loss over the journey's budget"`
	Needed       float64 `fact:"needed" unit:"ratio" doc:"share of the journey's requests that need it"`
}

// JourneyTime is how deep a journey goes and how long it takes.
type JourneyTime struct {
	Depth            Num         `fact:"depth" unit:"count" doc:"longest chain of hard calls from service to service"`
	Path             []string    `fact:"path" doc:"the nodes of that chain, from the client on"`
	LatencyObjective Num         `fact:"latency_objective" unit:"ms" doc:"p99 that the client's objective, else the system's, asks for"`
	WorstCase        Num         `fact:"worst_case" unit:"ms" doc:"S: time after which an answer has come or everybody has given up, behind the entry"`
	HealthyP99       Num         `fact:"healthy_p99" unit:"ms" doc:"ℓ: the least p99 that its parts allow"`
	HealthyShare     Num         `fact:"healthy_share" unit:"ratio" doc:"healthy_p99 over latency_objective"`
	EntryWorst       Num         `fact:"entry_worst_case" unit:"ms" doc:"W of the entry"`
	ClientDeadline   Num         `fact:"client_deadline" unit:"ms" doc:"how long the client waits"`
	SlowestAddr      string      `fact:"slowest" doc:"the node with the largest stated p99 among those that at least 5 % of requests need; empty for none"`
	SlowestP99       Num         `fact:"slowest_p99" unit:"ms" doc:"that p99"`
	Propagation      Propagation `fact:"propagation" doc:"how the remaining deadline travels down path"`
}

// Propagation says who on a journey's path hands the remaining deadline down.
type Propagation struct {
	Silent      []string `fact:"silent" doc:"services on path, but its last, that do not"`
	Unknown     []string `fact:"unknown" doc:"services on path, but its last, of which nobody knows"`
	Retried     []string `fact:"retried" doc:"calls on path that are tried again"`
	Slack       Flag     `fact:"slack" doc:"the limits on path fall by a fifth or more at every hop"`
	ExhaustedAt Word     `fact:"exhausted_at" doc:"the first call on path that may go on after its caller's caller has left"`
}

// JourneyMessages are waits for messages on a journey.
type JourneyMessages struct {
	EntryReply  Flag        `fact:"entry_reply" doc:"the client waits for the result of its call; no for an answer like 202"`
	EntryAccess Word        `fact:"entry_access" doc:"read or write"`
	Staleness   Num         `fact:"tolerates_staleness" unit:"ms" doc:"age of data that the client accepts"`
	StrongStep  Flag        `fact:"strong_step" doc:"it contains a step of a transaction that has to be strongly consistent"`
	Replies     []ReplyWait `fact:"replies" doc:"services on it that publish and wait for the answering message"`
}

// ReplyWait is a request and its reply over a channel in the middle of a synchronous request.
type ReplyWait struct {
	Service  string `fact:"service" doc:"who waits"`
	Publish  string `fact:"publish" doc:"the request"`
	To       string `fact:"to" doc:"where it goes"`
	ToType   string `fact:"to_type" doc:"topic or queue"`
	Consume  string `fact:"consume" doc:"the reply"`
	From     string `fact:"from" doc:"where it comes from"`
	FromType string `fact:"from_type" doc:"topic or queue"`
}

// JourneyRec are the computed fixes of a journey that misses its objective.
type JourneyRec struct {
	Soften []Op   `fact:"soften" doc:"what to soften, in this order, until the objective is met; empty where it is"`
	Rungs  []Rung `fact:"rungs" doc:"the loss after each of these"`
	Ladder Word   `fact:"ladder" doc:"the same as a phrase"`
	Meets  Flag   `fact:"meets" doc:"the objective is met after the last of them"`
}

// Rung is one step of a ladder of fixes.
type Rung struct {
	What        string   `fact:"what" doc:"what is done"`
	At          []string `fact:"at" doc:"where"`
	LossMinutes Num      `fact:"loss_minutes" unit:"minutes" doc:"loss that remains"`
}

// Op is one operation of a fix, as policies hand it on.
type Op struct {
	At     string    `fact:"at" doc:"the block to change"`
	Set    *string   `fact:"set" doc:"attribute to set"`
	Value  *OpOutbox `fact:"value" doc:"its value"`
	Advise *string   `fact:"advise" doc:"what only a person can do"`
}

// OpOutbox is an outbox to be set.
type OpOutbox struct {
	Store string `fact:"store" doc:"the store of the same unit of work"`
	Relay string `fact:"relay" doc:"how events leave it"`
}
