package dsl

import (
	"fmt"
	"testing"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// One attribute of each class, unstated and stated none or unknown.
func TestClasses(t *testing.T) {
	m := parsed(t, `
service "a" {
  call "b" { to = service.b }
  call "silent" {
    to           = external.x
    timeout      = unknown
    retry        = none
    idempotent   = unknown
  }
  publish "t" { to = topic.t }
  consume "t" { from = topic.t }
}
service "b" {}
external "x" {}
topic "t" {
  broker    = broker.k
  retention = none
}
broker "k" {}
policy "says_little" { timeout = "1s" }
`)
	e, a := at[*model.Call](t, m, "service.a.call.b"), at[*model.Service](t, m, "service.a")
	is(t, "control", e.Timeout, 0, model.Absent, "")
	is(t, "control object", e.Retry, nil, model.Absent, "")
	is(t, "claim", a.LoadBalancing, "", model.Unknown, "")
	is(t, "measurement", e.Payload, 0, model.Unknown, "")
	is(t, "default number", e.PerRequest, 1, model.Default, "")
	is(t, "default word", e.Fallback, "fail", model.Default, "")
	is(t, "default yes", e.Reply, true, model.Default, "")
	is(t, "identity", a.Language, "", model.Absent, "")
	is(t, "claim in an object nobody stated", a.Scale.V.Replicas, 0, model.Unknown, "")
	is(t, "measurement in an object nobody stated", a.Latency.V.P99, 0, model.Unknown, "")
	if a.Scale.State != model.Unknown || a.OwnLatency.State != model.Unknown || a.Deploy.State != model.Absent || a.SLO.State != model.Absent {
		t.Errorf("scale %s, own_latency %s, deploy %s, slo %s", a.Scale.State, a.OwnLatency.State, a.Deploy.State, a.SLO.State)
	}
	silent := at[*model.Call](t, m, "service.a.call.silent")
	is(t, "unknown control", silent.Timeout, 0, model.Unknown, "")
	is(t, "no control", silent.Retry, nil, model.None, "")
	is(t, "unknown claim", silent.Idempotent, false, model.Unknown, "")
	is(t, "loss", at[*model.Publish](t, m, "service.a.publish.t").Loss, "intolerable", model.Default, "")
	is(t, "batch", at[*model.Consume](t, m, "service.a.consume.t").Batch, 1, model.Default, "")
	is(t, "consume's criticality", at[*model.Consume](t, m, "service.a.consume.t").Criticality, "hard", model.Default, "")
	is(t, "no retention limit", at[*model.Topic](t, m, "topic.t").Retention, 0, model.None, "")
	is(t, "a policy's silence", at[*model.Policy](t, m, "policy.says_little").Fallback, "", model.Absent, "")
}

func TestObjectDefaults(t *testing.T) {
	m := parsed(t, `
service "a" {
  rate_limit = { rps = 50 }
  call "b" {
    to              = service.b
    retry           = { initial_backoff = "50ms", max_attempts = "unlimited" }
    circuit_breaker = { window = "10s" }
    bulkhead        = {}
  }
}
service "b" { slo = { availability = "99.9%" } }
`)
	e := at[*model.Call](t, m, "service.a.call.b")
	r, b := e.Retry.V, e.CircuitBreaker.V
	is(t, "unlimited", r.MaxAttempts, model.Unlimited, model.Stated, "")
	is(t, "max_backoff", r.MaxBackoff, 500*time.Millisecond, model.Default, "")
	is(t, "multiplier", r.Multiplier, 2, model.Default, "")
	is(t, "jitter", r.Jitter, "full", model.Default, "")
	is(t, "budget", r.Budget, 0, model.Absent, "")
	if r.On.State != model.Default || !r.Retries(model.FailConnect) || !r.Retries(model.FailServer) || !r.Retries(model.FailTimeout) {
		t.Errorf("on %v", r.On)
	}
	is(t, "window", b.Window, model.Window{Time: 10 * time.Second}, model.Stated, "")
	is(t, "failure_rate", b.FailureRate, 0.5, model.Default, "")
	is(t, "open_for", b.OpenFor, time.Minute, model.Default, "")
	is(t, "slow_call", b.SlowCall, 0, model.Absent, "")
	is(t, "max_concurrent", e.Bulkhead.V.MaxConcurrent, 25, model.Default, "")
	limit := at[*model.Service](t, m, "service.a").RateLimit.V
	is(t, "burst", limit.Burst, 50, model.Default, "")
	is(t, "retry_after", limit.RetryAfter, false, model.Unknown, "")
	slo := at[*model.Service](t, m, "service.b").SLO.V
	is(t, "slo window", slo.Window, 720*time.Hour, model.Default, "")
	is(t, "slo latency", slo.LatencyP99, 0, model.Absent, "")
}

// A vendor's box: what nobody states of it is unknown; what it inherits counts.
func TestOpaque(t *testing.T) {
	m := parsed(t, `
system "shop" { policy = policy.rpc }
policy "rpc" { timeout = "1s" }
service "box" {
  opaque = true
  deploy = { strategy = "rolling" }
  call "x" {
    to       = external.x
    deadline = none
  }
  publish "t" { to = topic.t }
  consume "t" { from = topic.t }
}
service "open" {
  call "box" { to = service.box }
  call "shut" { to = service.shut }
}
service "shut" { opaque = true }
external "x" {}
topic "t" { broker = broker.k }
broker "k" {}
`)
	e, s := at[*model.Call](t, m, "service.box.call.x"), at[*model.Service](t, m, "service.box")
	is(t, "timeout", e.Timeout, time.Second, model.Inherited, "policy.rpc")
	is(t, "deadline", e.Deadline, 0, model.None, "")
	is(t, "breaker", e.CircuitBreaker, nil, model.Unknown, "")
	is(t, "fallback", e.Fallback, "", model.Unknown, "")
	is(t, "outbox", at[*model.Publish](t, m, "service.box.publish.t").Outbox, nil, model.Unknown, "")
	is(t, "consumer's retry", at[*model.Consume](t, m, "service.box.consume.t").Retry, nil, model.Unknown, "")
	is(t, "rate limit", s.RateLimit, nil, model.Unknown, "")
	is(t, "readiness", s.Deploy.V.Readiness, false, model.Unknown, "")
	is(t, "an open caller's breaker", at[*model.Call](t, m, "service.open.call.box").CircuitBreaker, nil, model.Absent, "")
	// Nobody knows what it writes either.
	is(t, "access", at[*model.Call](t, m, "service.open.call.shut").Access, "", model.Unknown, "")
}

func TestDerivedFromKind(t *testing.T) {
	text := ""
	clients := map[string][2]string{"web": {"yes", "wan"}, "mobile": {"yes", "cellular"}, "desktop": {"no", "wan"}, "iot": {"yes", "cellular"},
		"partner": {"yes", "wan"}, "internal": {"no", "lan"}, "scheduler": {"no", "lan"}}
	for kind := range clients {
		text += fmt.Sprintf("client %q { kind = %q }\n", kind, kind)
	}
	stores := map[string]bool{"relational": true, "document": false, "kv": false, "cache": false, "search": false, "event_store": true,
		"object": false, "warehouse": false}
	for kind := range stores {
		text += fmt.Sprintf("datastore %q { kind = %q }\n", kind, kind)
	}
	m := parsed(t, text+`
client "plain" {}
client "closed" {
  kind   = "web"
  public = false
}
datastore "plain" {}
gateway "api" {}
gateway "sum" { kind = "aggregator" }
`)
	for kind, want := range clients {
		c := at[*model.Client](t, m, model.Addr("client."+kind))
		is(t, kind+" public", c.Public, want[0] == "yes", model.Default, "")
		is(t, kind+" network", c.Network, want[1], model.Default, "")
	}
	for kind, want := range stores {
		is(t, kind+" transactions", at[*model.Datastore](t, m, model.Addr("datastore."+kind)).Transactions, want, model.Default, "")
	}
	is(t, "public of a client of no kind", at[*model.Client](t, m, "client.plain").Public, false, model.Unknown, "")
	is(t, "stated public", at[*model.Client](t, m, "client.closed").Public, false, model.Stated, "")
	is(t, "transactions of a store of no kind", at[*model.Datastore](t, m, "datastore.plain").Transactions, false, model.Unknown, "")
	is(t, "logic", at[*model.Gateway](t, m, "gateway.api").Logic, "routing", model.Default, "")
	is(t, "aggregator's logic", at[*model.Gateway](t, m, "gateway.sum").Logic, "composition", model.Default, "")
}

func TestDerivedFacts(t *testing.T) {
	m := parsed(t, `
gateway "g" {
  call "behind" { to = service.behind }
}
service "behind" {
  api "grpc" {}
  call "cached" {
    to       = service.member
    fallback = "cache"
  }
}
service "member" {
  api "rest" {}
  api "grpc" {}
  call "alone" { to = service.alone }
}
service "alone" {
  deploy = { router = true }
}
service "bare" {}
mesh "m" { members = [service.member] }
transaction "led" { orchestrator = service.alone }
transaction "danced" {}
migration "old" {
  legacy = service.bare
  route "a" { to = service.alone }
  route "b" {
    to     = service.alone
    status = "migrated"
  }
  route "c" {
    to     = service.alone
    status = "canary"
  }
}
`)
	for name, want := range map[string]bool{"behind": true, "member": true, "bare": false} {
		is(t, name+" router", at[*model.Service](t, m, model.Addr("service."+name)).Deploy.V.Router, want, model.Derived, "")
	}
	is(t, "stated router", at[*model.Service](t, m, "service.alone").Deploy.V.Router, true, model.Stated, "")
	cached := at[*model.Call](t, m, "service.behind.call.cached")
	is(t, "criticality with a fallback", cached.Criticality, "soft", model.Derived, "")
	is(t, "criticality", at[*model.Call](t, m, "gateway.g.call.behind").Criticality, "hard", model.Default, "")
	is(t, "the only api", at[*model.Call](t, m, "gateway.g.call.behind").Protocol, "grpc", model.Derived, "")
	is(t, "one of two apis", cached.Protocol, "", model.Unknown, "")
	is(t, "orchestrated", at[*model.Transaction](t, m, "transaction.led").Coordination, "orchestration", model.Derived, "")
	is(t, "choreographed", at[*model.Transaction](t, m, "transaction.danced").Coordination, "choreography", model.Derived, "")
	is(t, "legacy traffic", at[*model.Route](t, m, "migration.old.route.a").Traffic, 0, model.Derived, "")
	is(t, "migrated traffic", at[*model.Route](t, m, "migration.old.route.b").Traffic, 1, model.Derived, "")
	is(t, "canary traffic", at[*model.Route](t, m, "migration.old.route.c").Traffic, 0, model.Unknown, "")
}
