package dsl

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/archcheck/archcheck/dsl/model"
)

// callOf is the call of a caller with an engine to a callee, its body given.
func callOf(t *testing.T, caller, engine, to, body string) *model.Call {
	t.Helper()
	m := parsed(t, caller+` "u" {
  engine = "`+engine+`"
  call "v" {
    to = `+to+".v\n"+body+`
  }
}
`+to+` "v" {}
`)
	return at[*model.Call](t, m, model.Addr(caller+".u.call.v"))
}

// What proxies and always-on libraries do unasked (rules.md §1.4).
func TestProfilesThatNeedNoAsking(t *testing.T) {
	const ms, s = time.Millisecond, time.Second
	for _, x := range []struct {
		engine, caller, to                 string
		timeout, deadline, connect, backof time.Duration
		attempts, slots                    int
		on                                 string
	}{
		{"envoy", "gateway", "service", 15 * s, 15 * s, 5 * s, 0, 0, 1024, ""},
		{"kong", "gateway", "service", 60 * s, 0, 60 * s, 0, 6, 0, "connect timeout"}, // retries = 5
		{"nginx", "gateway", "service", 60 * s, 0, 60 * s, 0, 0, 0, ""},
		{"aws-alb", "gateway", "service", 60 * s, 0, 0, 0, 0, 0, ""},
		{"aws-apigw", "gateway", "service", 0, 29 * s, 0, 0, 0, 0, ""},
		{"dotnet", "service", "external", 10 * s, 30 * s, 0, 2 * s, 4, 1000, "connect 5xx timeout 429"}, // 3 retries
		{"dotnet", "service", "datastore", 0, 0, 0, 0, 0, 0, ""},                                        // an HTTP pipeline
		{"aws-sdk", "service", "external", 0, 0, 0, 100 * ms, 3, 0, "connect 5xx timeout 429"},
		{"aws-sdk", "service", "service", 0, 0, 0, 0, 0, 0, ""},
		{"temporal", "service", "service", 0, 0, 0, s, model.Unlimited, 0, "connect 5xx timeout"},
		{"grpc", "service", "service", 0, 0, 0, 0, 0, 0, ""},
		{"resilience4j", "service", "service", 0, 0, 0, 0, 0, 0, ""},
		{"polly", "service", "service", 0, 0, 0, 0, 0, 0, ""},
		{"microprofile", "service", "service", 0, 0, 0, 0, 0, 0, ""},
		{"istio", "service", "service", 0, 0, 0, 0, 0, 0, ""}, // a mesh, not a library
		{"linkerd", "service", "service", 0, 0, 0, 0, 0, 0, ""},
		{"finagle", "service", "service", 0, 0, 0, 0, 0, 0, ""},
	} {
		t.Run(x.engine+"/"+x.to, func(t *testing.T) {
			e := callOf(t, x.caller, x.engine, x.to, "")
			for what, pair := range map[string][2]any{
				"timeout": {e.Timeout.V, x.timeout}, "deadline": {e.Deadline.V, x.deadline}, "connect": {e.ConnectTimeout.V, x.connect},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s = %v, want %v", what, pair[0], pair[1])
				}
			}
			if e.Timeout.Has() {
				is(t, "timeout", e.Timeout, x.timeout, model.Profile, x.engine)
			}
			if (x.attempts > 0) != e.Retry.Has() || (x.slots > 0) != e.Bulkhead.Has() {
				t.Fatalf("retry %s, bulkhead %s", e.Retry.State, e.Bulkhead.State)
			}
			if x.attempts > 0 {
				is(t, "attempts", e.Retry.V.MaxAttempts, x.attempts, model.Profile, x.engine)
				is(t, "first pause", e.Retry.V.InitialBackoff, x.backof, model.Profile, x.engine)
				if got := strings.Join(e.Retry.V.On.V, " "); got != x.on {
					t.Errorf("on = %q, want %q", got, x.on)
				}
			}
			if x.slots > 0 {
				is(t, "slots", e.Bulkhead.V.MaxConcurrent, x.slots, model.Profile, x.engine)
			}
		})
	}
}

// What a stated, empty object means under each library.
func TestProfilesCompleteStatedObjects(t *testing.T) {
	const ms, s = time.Millisecond, time.Second
	none := model.Value[string]{State: model.None}
	word := func(w string) model.Value[string] { return model.Of(w, model.Profile) }
	for _, x := range []struct {
		engine          string
		attempts        int
		backoff, jitter model.Value[string]
		first           time.Duration
		budget          float64
		rate            float64
		window          model.Window
		calls           int
		open            time.Duration
		slots           int
	}{
		{"resilience4j", 3, word("constant"), none, 500 * ms, 0, 0.5, model.Window{Count: 100}, 100, 60 * s, 25},
		{"polly", 4, word("constant"), none, 2 * s, 0, 0.1, model.Window{Time: 30 * s}, 100, 5 * s, 1000},
		{"dotnet", 4, word("exponential"), word("full"), 2 * s, 0, 0.1, model.Window{Time: 30 * s}, 100, 5 * s, 1000},
		{"microprofile", 4, word("constant"), word("full"), 0, 0, 0.5, model.Window{Count: 20}, 20, 5 * s, 10},
		{"aws-sdk", 3, word("exponential"), word("full"), 100 * ms, 0.2, 0.5, model.Window{Count: 100}, 100, 60 * s, 25},
		{"finagle", 3, word("exponential"), word("full"), 100 * ms, 0.2, 0.5, model.Window{Count: 100}, 100, 60 * s, 25},
		{"kong", 6, none, none, 0, 0, 0.5, model.Window{Count: 100}, 100, 60 * s, 25},
		{"nginx", 3, none, none, 0, 0, 0.5, model.Window{Count: 100}, 100, 60 * s, 25},
		{"grpc", 3, word("exponential"), word("full"), 100 * ms, 0, 0.5, model.Window{Count: 100}, 100, 60 * s, 25},
		{"temporal", model.Unlimited, word("exponential"), word("full"), s, 0, 0.5, model.Window{Count: 100}, 100, 60 * s, 25},
	} {
		t.Run(x.engine, func(t *testing.T) {
			e := callOf(t, "service", x.engine, "service", "retry = {}\ncircuit_breaker = {}\nbulkhead = {}")
			r, b := e.Retry.V, e.CircuitBreaker.V
			if e.Retry.State != model.Stated || r.MaxAttempts.V != x.attempts || r.InitialBackoff.V != x.first || r.Budget.V != x.budget {
				t.Errorf("retry %s: %v attempts, first pause %v, budget %v", e.Retry.State, r.MaxAttempts.V, r.InitialBackoff.V, r.Budget.V)
			}
			for what, pair := range map[string][2]model.Value[string]{"backoff": {r.Backoff, x.backoff}, "jitter": {r.Jitter, x.jitter}} {
				if (pair[0].State == model.None) != (pair[1].State == model.None) || pair[0].V != pair[1].V {
					t.Errorf("%s = %q (%s), want %q", what, pair[0].V, pair[0].State, pair[1].V)
				}
			}
			if b.FailureRate.V != x.rate || b.Window.V != x.window || b.MinCalls.V != x.calls || b.OpenFor.V != x.open {
				t.Errorf("breaker: %v of %v, at least %v calls, open for %v", b.FailureRate.V, b.Window.V, b.MinCalls.V, b.OpenFor.V)
			}
			if e.Bulkhead.V.MaxConcurrent.V != x.slots {
				t.Errorf("bulkhead: %v", e.Bulkhead.V.MaxConcurrent.V)
			}
		})
	}
	slow := callOf(t, "service", "resilience4j", "service", "circuit_breaker = {}").CircuitBreaker.V.SlowCall
	is(t, "slow_call of resilience4j", slow, time.Minute, model.Profile, "resilience4j")
	is(t, "slow_call of polly", callOf(t, "service", "polly", "service", "circuit_breaker = {}").CircuitBreaker.V.SlowCall, 0, model.Absent, "")
}

// A route timeout bounds all attempts: it yields to a stated limit of the whole call.
func TestRouteTimeout(t *testing.T) {
	e := callOf(t, "gateway", "envoy", "service", `deadline = "30s"`)
	is(t, "deadline", e.Deadline, 30*time.Second, model.Stated, "")
	is(t, "timeout", e.Timeout, 0, model.Absent, "")
	e = callOf(t, "gateway", "envoy", "service", `timeout = "2s"`)
	is(t, "deadline", e.Deadline, 15*time.Second, model.Profile, "envoy")
	is(t, "timeout", e.Timeout, 2*time.Second, model.Stated, "")
}

// The nearest stated engine counts, wherever a policy was written.
func TestEngineOfACall(t *testing.T) {
	m := parsed(t, `
system "shop" { policy = policy.all }
policy "all" {
  engine = "polly"
  retry  = {}
}
policy "bare" { retry = {} }
policy "near" { engine = "dotnet" }
service "a" {
  engine = "resilience4j"
  call "bare" {
    to     = service.z
    policy = policy.bare
  }
  call "all" { to = service.z }
  call "near" {
    to     = datastore.d
    policy = policy.near
  }
}
service "b" {
  call "z" { to = service.z }
  call "own" {
    to    = service.z
    retry = {}
  }
}
service "z" {}
datastore "d" {}
`)
	for addr, want := range map[model.Addr]string{"service.a.call.bare": "resilience4j", "service.a.call.all": "polly",
		"service.b.call.z": "polly", "service.b.call.own": "polly"} {
		if got := at[*model.Call](t, m, addr).Retry.V.InitialBackoff.From(); got != want {
			t.Errorf("%s: the pause is that of %q, want %q", addr, got, want)
		}
	}
	// A policy of the call itself names the product on purpose, also for a store.
	is(t, "near", at[*model.Call](t, m, "service.a.call.near").Deadline, 30*time.Second, model.Profile, "dotnet")
}

func TestGatewayProfiles(t *testing.T) {
	for engine, want := range map[string][2]time.Duration{"envoy": {15 * time.Second, 5 * time.Minute}, "nginx": {time.Minute, time.Minute},
		"kong": {time.Minute, time.Minute}, "aws-alb": {time.Minute, time.Minute}, "aws-apigw": {29 * time.Second, 0}} {
		g := at[*model.Gateway](t, parsed(t, `gateway "g" { engine = "`+engine+`" }`), "gateway.g")
		is(t, engine+" cap", g.Timeout, want[0], model.Profile, engine)
		if g.IdleTimeout.V != want[1] || (want[1] == 0) != g.IdleTimeout.IsUnknown() {
			t.Errorf("%s: idle timeout %v", engine, g.IdleTimeout)
		}
	}
	g := at[*model.Gateway](t, parsed(t, `gateway "g" { engine = "apigw" }`), "gateway.g")
	is(t, "throttle", g.RateLimit.V.RPS, 10000, model.Profile, "aws-apigw")
	is(t, "burst", g.RateLimit.V.Burst, 5000, model.Profile, "aws-apigw")
	is(t, "on_limit", g.RateLimit.V.OnLimit, "reject", model.Default, "")
}

func TestPlatformProfile(t *testing.T) {
	m := parsed(t, `
system "shop" { platform = "kubernetes" }
service "plain" {}
service "partly" { deploy = { readiness = true } }
service "canary" { deploy = { strategy = "canary", max_surge = "50%" } }
gateway "in" {}
gateway "out" { engine = "aws-alb" }
gateway "cdn" { kind = "cdn" }
`)
	plain := at[*model.Service](t, m, "service.plain")
	is(t, "discovery", plain.Discovery, "dns", model.Profile, "kubernetes")
	is(t, "load balancing", plain.LoadBalancing, "", model.Unknown, "")
	is(t, "strategy", plain.Deploy.V.Strategy, "rolling", model.Profile, "kubernetes")
	is(t, "readiness", plain.Deploy.V.Readiness, false, model.Unknown, "")
	is(t, "drain", plain.Deploy.V.Drain, 0, model.Unknown, "")
	is(t, "analysis", model.Value[bool]{State: plain.Deploy.V.Analysis.State}, false, model.Unknown, "")
	is(t, "grace", plain.Deploy.V.Grace, 30*time.Second, model.Profile, "kubernetes")
	if plain.Deploy.State != model.Profile {
		t.Errorf("deploy: %s", plain.Deploy.State)
	}
	partly := at[*model.Service](t, m, "service.partly").Deploy
	is(t, "partly: strategy", partly.V.Strategy, "rolling", model.Profile, "kubernetes")
	is(t, "partly: drain", partly.V.Drain, 0, model.Absent, "")
	is(t, "canary: surge", at[*model.Service](t, m, "service.canary").Deploy.V.MaxSurge, 0.5, model.Stated, "")
	is(t, "gateway: strategy", at[*model.Gateway](t, m, "gateway.in").Deploy.V.Strategy, "rolling", model.Profile, "kubernetes")
	for _, managed := range []model.Addr{"gateway.out", "gateway.cdn"} {
		g := at[*model.Gateway](t, m, managed)
		is(t, string(managed), g.Deploy.V.Strategy, "", model.Unknown, "")
		if g.Deploy.State != model.Absent {
			t.Errorf("%s: deploy %s", managed, g.Deploy.State)
		}
	}
}

func TestInfrastructureProfiles(t *testing.T) {
	m := parsed(t, `
broker "kafka" { engine = "Kafka" }
broker "rabbit" { engine = "rabbitmq4" }
topic "t" { broker = broker.kafka }
topic "own" {
  broker    = broker.kafka
  retention = "1d"
}
queue "r" { broker = broker.rabbit }
queue "s" { engine = "sqs" }
queue "f" {
  engine = "sqs"
  fifo   = true
}
queue "o" { engine = "other" }
datastore "pg" { engine = "postgres" }
datastore "other" { engine = "other" }
registry "e" { engine = "eureka" }
registry "c" { engine = "consul" }
service "a" {
  publish "t" { to = topic.t }
  publish "s" { to = queue.s }
}
`)
	queue := func(name string) *model.Queue { return at[*model.Queue](t, m, model.Addr("queue."+name)) }
	is(t, "retention", at[*model.Topic](t, m, "topic.t").Retention, 168*time.Hour, model.Profile, "kafka")
	is(t, "own retention", at[*model.Topic](t, m, "topic.own").Retention, 24*time.Hour, model.Stated, "")
	is(t, "acks", at[*model.Publish](t, m, "service.a.publish.t").Acks, "all", model.Profile, "kafka")
	is(t, "acks of sqs", at[*model.Publish](t, m, "service.a.publish.s").Acks, "", model.Unknown, "")
	is(t, "rabbit deliveries", queue("r").MaxReceives, 20, model.Profile, "rabbitmq4")
	is(t, "rabbit visibility", queue("r").VisibilityTimeout, 30*time.Minute, model.Profile, "rabbitmq4")
	is(t, "sqs visibility", queue("s").VisibilityTimeout, 30*time.Second, model.Profile, "sqs")
	is(t, "sqs deduplication", queue("s").DedupWindow, 0, model.Absent, "")
	is(t, "fifo deduplication", queue("f").DedupWindow, 5*time.Minute, model.Profile, "sqs")
	is(t, "other visibility", queue("o").VisibilityTimeout, 0, model.Unknown, "")
	is(t, "connections", at[*model.Datastore](t, m, "datastore.pg").MaxConnections, 100, model.Profile, "postgresql")
	is(t, "other connections", at[*model.Datastore](t, m, "datastore.other").MaxConnections, 0, model.Unknown, "")
	is(t, "lease", at[*model.Registry](t, m, "registry.e").Lease, 90*time.Second, model.Profile, "eureka")
	is(t, "default lease", at[*model.Registry](t, m, "registry.c").Lease, 90*time.Second, model.Default, "")
}

// Every profile names where its product documents it, and every value in it names the product.
func TestProfilesAreSourced(t *testing.T) {
	list, values := Profiles(), 0
	if !slices.IsSortedFunc(list, func(a, b *Profile) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("not sorted")
	}
	for _, p := range list {
		if !strings.HasPrefix(p.Source, "https://") {
			t.Errorf("%s: source %q", p.Name, p.Source)
		}
		eachFact(p, func(where string, f model.Fact) {
			if !f.Unstated() {
				values++
			}
			if !f.Unstated() && (f.Source() == nil || f.Source().From != p.Name || f.Status() != model.Profile && f.Status() != model.None) {
				t.Errorf("%s: %s is %s from %v", p.Name, where, f.Status(), f.Source())
			}
		})
	}
	if values < 100 {
		t.Errorf("only %d values seen", values)
	}
}

// Profiles are shared by all models: completing one must not write into them.
func TestProfilesStayAsTheyAre(t *testing.T) {
	snapshot := func() string {
		var out strings.Builder
		for _, shared := range slices.Sorted(maps.Keys(profiles())) {
			eachFact(profiles()[shared], func(where string, f model.Fact) {
				if v := f.Any(); v == nil || reflect.TypeOf(v).Kind() != reflect.Pointer {
					fmt.Fprintf(&out, "%s%s %s %v\n", shared, where, f.Status(), v)
				}
			})
		}
		return out.String()
	}
	before := snapshot()
	for name := range profiles() {
		parsed(t, `
system "shop" { platform = "kubernetes" }
gateway "g" {
  engine = "`+name+`"
  call "a" {
    to = service.a
  }
}
service "a" {
  engine = "`+name+`"
  call "x" {
    to              = external.x
    retry           = {}
    circuit_breaker = {}
    bulkhead        = {}
  }
  call "b" { to = service.b }
}
service "b" {}
external "x" {}
policy "mesh" {
  retry           = {}
  circuit_breaker = {}
}
mesh "m" {
  engine  = "`+name+`"
  members = "all"
  policy  = policy.mesh
}
mesh "n" {
  engine  = "`+name+`"
  members = "all"
}
`)
	}
	if diff := cmp.Diff(before, snapshot()); diff != "" {
		t.Error(diff)
	}
}

// eachFact visits every fact in a struct and in the objects that they hold.
func eachFact(object any, visit func(where string, f model.Fact)) {
	var walk func(where string, v reflect.Value)
	walk = func(where string, v reflect.Value) {
		if f, ok := v.Addr().Interface().(model.Fact); ok {
			visit(where, f)
			v = v.Field(0)
		}
		if v.Kind() == reflect.Pointer && !v.IsNil() && v.Elem().Kind() == reflect.Struct {
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[model.Window]() {
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(where+"."+v.Type().Field(i).Name, v.Field(i))
			}
		}
	}
	walk("", reflect.ValueOf(object).Elem())
}
