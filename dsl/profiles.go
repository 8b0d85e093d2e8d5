package dsl

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// Profile is what a product does where nobody told it otherwise. `engine` and `platform` select one by name. Every
// value in it has state profile and names the product as its origin.
type Profile struct {
	Name   string
	Since  string // the versions that the values were taken from, empty where they have always been so
	Source string // where the product documents them

	// Calls are policies that every call of a caller with this engine has unasked.
	Calls model.CallPolicies
	// Callees limits Calls to calls to these kinds; nil means every kind. A policy that names the engine is not limited.
	Callees []model.Kind
	// WholeCall says that Calls.Timeout bounds all attempts together: it yields to a stated deadline.
	WholeCall bool

	// The next four complete an object that somebody stated: what it leaves out is the product's default.
	Retry     *model.Retry
	Breaker   *model.CircuitBreaker
	Bulkhead  *model.Bulkhead
	RateLimit *model.RateLimit

	// MeshRetry is what a mesh of this product does on every edge between members.
	MeshRetry *model.Retry
	// Outlier completes the circuit breaker of a mesh's policy.
	Outlier *model.CircuitBreaker

	// A gateway of this product.
	Cap         model.Value[time.Duration] // of a request
	CapIsTotal  bool                       // Cap holds for all attempts together, so it is the deadline of its calls
	IdleTimeout model.Value[time.Duration]
	Entry       model.Value[*model.RateLimit]
	Managed     bool // runs outside the platform

	// A platform.
	Deploy    model.Value[*model.Deploy]
	Discovery model.Value[string]

	// A broker or queue.
	Visibility  model.Value[time.Duration]
	MaxReceives model.Value[int]
	FIFODedup   model.Value[time.Duration]
	Retention   model.Value[time.Duration]
	Acks        model.Value[string]

	// A datastore.
	MaxConnections model.Value[int]

	// A registry.
	Heartbeat, Lease, Eviction, Fetch model.Value[time.Duration]
}

// profileAlias are other names that people write for a product.
var profileAlias = map[string]string{
	"alb": "aws-alb", "apigw": "aws-apigw", "aws-api-gateway": "aws-apigw", "ingress-nginx": "nginx", "postgres": "postgresql",
}

var profiles = sync.OnceValue(func() map[string]*Profile {
	out := map[string]*Profile{}
	for _, p := range Profiles() {
		out[p.Name] = p
	}
	for alias, name := range profileAlias {
		out[alias] = out[name]
	}
	return out
})

// Profiles returns the products whose defaults archcheck knows, sorted by name.
func Profiles() []*Profile {
	list := slices.Concat(proxyProfiles(), libraryProfiles(), infraProfiles())
	slices.SortFunc(list, func(a, b *Profile) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// profileOf returns the profile that an engine or platform selects, nil if there is none.
func profileOf(name model.Value[string]) *Profile {
	if !name.Has() {
		return nil
	}
	return profiles()[strings.ToLower(name.V)]
}

// covers reports whether the profile's call policies hold for calls to a kind.
func (p *Profile) covers(k model.Kind) bool { return p.Callees == nil || slices.Contains(p.Callees, k) }

// remote are the callees that an RPC or HTTP product reaches; a store or a registry has a client of its own.
var remote = []model.Kind{model.KindService, model.KindGateway, model.KindExternal}

// product starts a profile; set fills it with values that carry its origin.
func product(name, since, source string, set func(p *Profile, o *model.Origin)) *Profile {
	p := &Profile{Name: name, Since: since, Source: source}
	set(p, &model.Origin{From: name})
	return p
}

// as is one value of a profile.
func as[T any](o *model.Origin, v T) model.Value[T] {
	return model.Value[T]{V: v, State: model.Profile, Origin: o}
}

// lacks is a value of a profile for which the product has nothing by default, such as a jitter.
func lacks[T any](o *model.Origin) model.Value[T] {
	return model.Value[T]{State: model.None, Origin: o}
}

// retries is a retry policy; jitter and backoff "" mean none.
func retries(o *model.Origin, attempts int, backoff string, initial time.Duration, jitter string, on ...string) *model.Retry {
	r := &model.Retry{MaxAttempts: as(o, attempts), InitialBackoff: as(o, initial), Backoff: lacks[string](o), Jitter: lacks[string](o)}
	if backoff != "" {
		r.Backoff = as(o, backoff)
	}
	if jitter != "" {
		r.Jitter = as(o, jitter)
	}
	if on != nil {
		r.On = as(o, on)
	}
	return r
}
