package dsl

import "github.com/archcheck/archcheck/dsl/model"

// The constructors below keep the table readable: one attribute, one line. A class letter decides which keywords are
// legal: `unknown` for controls, claims and measurements, `none` for controls and claims.

func attr(name string, t Type, c Class, doc string) Attr {
	return Attr{Name: name, Type: t, Class: c, Doc: doc,
		UnknOK: c == Control || c == Claim || c == Measurement, NoneOK: c == Control || c == Claim}
}

func str(name string, c Class, doc string) Attr     { return attr(name, String, c, doc) }
func boolean(name string, c Class, doc string) Attr { return attr(name, Bool, c, doc) }
func number(name string, c Class, doc string) Attr  { return attr(name, Number, c, doc) }
func ratio(name string, c Class, doc string) Attr   { return attr(name, Ratio, c, doc) }
func size(name string, c Class, doc string) Attr    { return attr(name, Size, c, doc).above(0) }
func date(name string, c Class, doc string) Attr    { return attr(name, Date, c, doc) }

// count is an integer of at least 1.
func count(name string, c Class, doc string) Attr { return attr(name, Int, c, doc).min(1) }

// dur is a duration above zero: a limit of 0 means "no limit" in one product and "at once" in the next.
func dur(name string, c Class, doc string) Attr { return attr(name, Duration, c, doc).above(0) }

func enum(name string, c Class, doc string, values ...string) Attr {
	a := attr(name, Enum, c, doc)
	a.Values = values
	return a
}

func ref(name string, c Class, doc string, kinds ...model.Kind) Attr {
	a := attr(name, Ref, c, doc)
	a.Refs = kinds
	return a
}

func object(name string, c Class, doc string) Attr {
	a := attr(name, Object, c, doc)
	a.Object = name
	return a
}

func (a Attr) min(v float64) Attr        { a.Min, a.Above = v, false; return a }
func (a Attr) above(v float64) Attr      { a.Min, a.Above = v, true; return a }
func (a Attr) over() Attr                { a.Over = true; return a }
func (a Attr) list() Attr                { a.List = true; return a }
func (a Attr) required() Attr            { a.Required = true; return a }
func (a Attr) none() Attr                { a.NoneOK = true; return a }
func (a Attr) unknown() Attr             { a.UnknOK = true; return a }
func (a Attr) words(v ...string) Attr    { a.Values = v; return a }
func (a Attr) object(name string) Attr   { a.Object = name; return a }
func (a Attr) doc(doc string) Attr       { a.Doc = doc; return a }
func (a Attr) def(text string) Attr      { return a.defaulted(text, "") }
func (a Attr) computed(text string) Attr { return a.defaulted("", text) }

func (a Attr) defaulted(text, computed string) Attr {
	a.Class, a.Default, a.Computed, a.UnknOK, a.NoneOK = Defaulted, text, computed, false, false
	return a
}

// identity is what every block at the top of a file takes.
func identity() []Attr {
	return []Attr{
		str("team", Identity, "The team that owns it; decides which changes need two teams."),
		str("region", Identity, "Where it runs; two different regions add a round trip."),
		str("aliases", Identity, "What manifests and traces call it, where they use another name; drift matches by them.").list(),
	}
}

// callPolicies are what a call states itself or takes from a policy.
func callPolicies() []Attr {
	return []Attr{
		dur("timeout", Control, "Time limit of one attempt."),
		dur("deadline", Control, "Time limit of the whole call, retries and backoff included."),
		dur("connect_timeout", Control, "Time limit of setting up a connection."),
		object("retry", Control, "Repeats failed attempts."),
		object("circuit_breaker", Control, "Stops calling while the callee fails."),
		object("bulkhead", Control, "Bounds how much of the caller this call may occupy."),
		object("rate_limit", Control, "Bounds the rate of this call."),
		ref("fallback", Control, "What answers when the call fails: a word, or another node. A fallback other than \"fail\" makes the call soft; unknown leaves it open whether it is.",
			model.KindService, model.KindDatastore, model.KindExternal).words("default", "cache", "queue", "fail").def(`"fail"`).none().unknown(),
	}
}

func discovery() Attr {
	return ref("discovery", Claim, "How an instance is found: a word, or a registry.", model.KindRegistry).words("dns", "static")
}

func loadBalancing() Attr {
	return enum("load_balancing", Claim, "Who spreads requests: per connection (l4), per request (l7), or the caller (client).", "l4", "l7", "client")
}

func deadlinePropagation() Attr {
	return boolean("deadline_propagation", Control, "Passes the caller's remaining time on to its own calls.")
}

func auth() Attr {
	return enum("auth", Control, "How callers prove who they are.", "oidc", "jwt", "api_key", "mtls")
}

func latency() Attr {
	return object("latency", Measurement, "Observed latency, downstream included.")
}

func availability() Attr {
	return ratio("availability", Measurement, "Contracted or observed availability.").above(0)
}

func policyRef() Attr {
	return ref("policy", Identity, "The policy that its calls inherit.", model.KindPolicy)
}

// workload is what gateways and services share.
func workload() []Attr {
	return []Attr{
		object("scale", Claim, "How many copies run and what one can do."),
		latency(), availability(),
		object("deploy", Control, "How a new version reaches production."),
		object("rate_limit", Control, "Bounds the rate of what reaches it."),
		policyRef(),
		ref("inbound", Identity, "The policy of every call that reaches it.", model.KindPolicy),
		str("engine", Identity, "Product whose defaults apply (envoy, kong, grpc, resilience4j, …)."),
		auth(), discovery(), loadBalancing(), deadlinePropagation(),
	}
}

func cat(lists ...[]Attr) []Attr {
	var out []Attr
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}
