package drift

import "slices"

// The kinds of differences; an item's id begins with its kind.
const (
	UndeclaredComponent = "undeclared-component"
	VanishedComponent   = "vanished-component"
	OtherName           = "other-name"
	UndeclaredCall      = "undeclared-call"
	VanishedCall        = "vanished-call"
	SecondWriter        = "second-writer"
	UndeclaredMessage   = "undeclared-message"
	VanishedMessage     = "vanished-message"
	Timeout             = "timeout"
	Deadline            = "deadline"
	ConnectTimeout      = "connect-timeout"
	Retry               = "retry"
	Breaker             = "breaker"
	Bulkhead            = "bulkhead"
	RateLimit           = "rate-limit"
	Replicas            = "replicas"
	Strategy            = "strategy"
	Rollout             = "rollout"
	Readiness           = "readiness"
	Engine              = "engine"
	MTLS                = "mtls"
	Latency             = "latency"
	Rate                = "rate"
)

// KindDoc describes one kind of difference.
type KindDoc struct {
	Name  string
	Title string // headline, no final period
	Help  string // why it matters, whole sentences
}

var kinds = []KindDoc{
	{SecondWriter, "A store that somebody else uses too",
		"Two components on one store share its tables, its migrations and its locks: neither can change alone, and a slow query of one is an outage of the other."},
	{UndeclaredCall, "Undeclared call",
		"The sources show a call that the description does not have. Nothing judges its time limit, its retries or what it does to availability."},
	{UndeclaredComponent, "Undeclared component",
		"Something runs that the description does not have: every number about the system leaves it out."},
	{VanishedCall, "Call that nobody makes",
		"The description has a call that the sources would show and do not. Rates, latencies and availability still count it."},
	{VanishedComponent, "Component that is not there",
		"The description has a component that the sources do not show."},
	{OtherName, "Two names, perhaps of one component",
		"The description and the sources each have a component that the other lacks, with names that resemble each other. State aliases, so that they are compared."},
	{UndeclaredMessage, "Undeclared message",
		"The sources show that a component sends or receives messages, and the description does not."},
	{VanishedMessage, "Message that nobody sends or receives",
		"The description has a message that a recording would show and does not."},
	{Timeout, "Time limit of one try differs", "How long a caller waits decides how many of its slots a slow callee takes, and whether callers further out have given up before."},
	{Deadline, "Time limit of the whole call differs", "A deadline covers all tries: it decides when callers get an answer of any kind."},
	{ConnectTimeout, "Time limit of connecting differs", "While a callee is unreachable, this is how long each try takes."},
	{Retry, "Number of tries differs", "Every layer that tries again multiplies what reaches an ailing callee. Attempts are counted with the first try."},
	{Breaker, "Circuit breaker differs", "Without a breaker every request waits for a callee that is down."},
	{Bulkhead, "Bulkhead differs", "The bound on calls in flight decides how much of a caller one callee can take."},
	{RateLimit, "Rate limit differs", "What passes the limit has to be served."},
	{Replicas, "Number of replicas differs", "Availability and capacity are computed from the number of replicas."},
	{Strategy, "Deployment strategy differs", "How old and new version change places decides what a bad release costs."},
	{Rollout, "Rollout setting differs", "Surge, steps, pauses and grace decide how many replicas a deploy takes away and for how long."},
	{Readiness, "Readiness probe differs", "Without a readiness probe a new replica gets requests before it can answer them."},
	{Engine, "Another product", "Defaults and limits of a product count where nothing else is stated."},
	{MTLS, "Mutual TLS differs", "Permissive mode accepts plain text."},
	{Latency, "Measured latency is outside the stated one", "Time limits are judged by the stated latencies."},
	{Rate, "Measured rate is outside the stated one", "Load, capacity and the weight of every finding follow from the rates."},
}

// Kinds are all kinds of differences, in the order of reports.
func Kinds() []KindDoc { return slices.Clone(kinds) }

// KindOf is the description of a kind; the zero KindDoc if there is none of that name.
func KindOf(name string) KindDoc {
	for _, k := range kinds {
		if k.Name == name {
			return k
		}
	}
	return KindDoc{}
}

func order(kind string) int {
	return slices.IndexFunc(kinds, func(k KindDoc) bool { return k.Name == kind })
}
