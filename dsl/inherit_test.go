package dsl

import (
	"strings"
	"testing"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// parsed loads a text that has to be free of errors. The system block is added where the text has none.
func parsed(t testing.TB, text string) *model.Model {
	t.Helper()
	if !strings.Contains(text, "system \"") {
		text = "system \"shop\" {}\n" + text
	}
	m, diags := Parse([]model.File{{Name: "system.hcl", Bytes: []byte(text)}})
	for _, d := range diags {
		if d.Range.Start.Line > 0 {
			t.Errorf("line %d: %s: %s", d.Range.Start.Line, d.Summary, d.Detail)
		} else {
			t.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
	return m
}

// at finds an entity of a model.
func at[T model.Entity](t testing.TB, m *model.Model, addr model.Addr) T {
	t.Helper()
	e, ok := m.Lookup(addr).(T)
	if !ok {
		t.Fatalf("%s: not found, or of another kind: %T", addr, m.Lookup(addr))
	}
	return e
}

// is compares value, state and origin of one fact.
func is[T comparable](t *testing.T, what string, got model.Value[T], want T, state model.State, from string) {
	t.Helper()
	if got.State != state || got.Has() && got.V != want || got.From() != from {
		t.Errorf("%s = %v (%s from %q), want %v (%s from %q)", what, got.V, got.State, got.From(), want, state, from)
	}
}

// The chain of rules.md §1.1.7, one level at a time: each model states a timeout on every level from the one under test
// outward.
func TestInheritanceOrder(t *testing.T) {
	levels := []struct {
		name, text string // what states the level
		want       time.Duration
		state      model.State
		from       string
	}{
		{"edge", `timeout = "1s"`, time.Second, model.Stated, ""},
		{"edge policy", `policy = policy.edge`, 2 * time.Second, model.Inherited, "policy.edge"},
		{"caller", `policy = policy.caller`, 3 * time.Second, model.Inherited, "policy.caller"},
		{"inbound", `inbound = policy.inbound`, 4 * time.Second, model.Inherited, "policy.inbound"},
		{"mesh", `policy = policy.mesh`, 5 * time.Second, model.Inherited, "policy.mesh"},
		{"system", `policy = policy.system`, 6 * time.Second, model.Inherited, "policy.system"},
		{"profile", `engine = "kong"`, time.Minute, model.Profile, "kong"},
		{"nothing", ``, 0, model.Absent, ""},
	}
	for first, l := range levels {
		stated := map[string]string{}
		for _, outer := range levels[first:] {
			stated[outer.name] = outer.text
		}
		text := strings.NewReplacer("EDGEPOLICY", stated["edge policy"], "EDGE", stated["edge"], "CALLER", stated["caller"], "INBOUND",
			stated["inbound"], "MESH", stated["mesh"], "SYSTEM", stated["system"], "PROFILE", stated["profile"]).Replace(`
system "shop" { SYSTEM }
service "a" {
  CALLER
  PROFILE
  call "b" {
    to = service.b
    EDGE
    EDGEPOLICY
  }
}
service "b" { INBOUND }
mesh "m" {
  members = "all"
  MESH
}
policy "edge" { timeout = "2s" }
policy "caller" { timeout = "3s" }
policy "inbound" { timeout = "4s" }
policy "mesh" { timeout = "5s" }
policy "system" { timeout = "6s" }
`)
		t.Run(l.name, func(t *testing.T) {
			e := at[*model.Call](t, parsed(t, text), "service.a.call.b")
			is(t, "timeout", e.Timeout, l.want, l.state, l.from)
			if e.Timeout.Written != (l.name == "edge") {
				t.Error("Written is wrong")
			}
		})
	}
}

// What an inherited value says of its place: where it was written, and on which block.
func TestInheritedOrigin(t *testing.T) {
	e := at[*model.Call](t, parsed(t, `
policy "rpc" {
  timeout = "300ms"
  retry   = { max_attempts = 2 }
  circuit_breaker = none
  deadline = unknown
}
service "a" {
  policy = policy.rpc
  call "b" { to = service.b }
}
service "b" {}
`), "service.a.call.b")
	if e.Timeout.Range().Start.Line != 4 || e.Timeout.Text() != "300ms" {
		t.Errorf("timeout: %+v", e.Timeout.Origin)
	}
	is(t, "retry.max_attempts", e.Retry.V.MaxAttempts, 2, model.Inherited, "policy.rpc")
	is(t, "retry.jitter", e.Retry.V.Jitter, "full", model.Default, "")
	is(t, "circuit_breaker", e.CircuitBreaker, nil, model.None, "policy.rpc")
	is(t, "deadline", e.Deadline, 0, model.Unknown, "policy.rpc")
}

// An object is inherited whole; a stated none ends the search.
func TestNearestWinsEntirely(t *testing.T) {
	m := parsed(t, `
system "shop" { policy = policy.rpc }
policy "rpc" {
  retry = { max_attempts = 5, budget = "10%" }
  circuit_breaker = {}
}
service "a" {
  call "own" {
    to    = service.b
    retry = { max_attempts = 2 }
  }
  call "refuses" {
    to    = service.b
    retry = none
  }
}
service "b" {}
`)
	own := at[*model.Call](t, m, "service.a.call.own")
	is(t, "own retry.budget", own.Retry.V.Budget, 0, model.Absent, "")
	is(t, "own retry.max_attempts", own.Retry.V.MaxAttempts, 2, model.Stated, "")
	is(t, "own breaker.min_calls", own.CircuitBreaker.V.MinCalls, 100, model.Default, "")
	is(t, "refused retry", at[*model.Call](t, m, "service.a.call.refuses").Retry, nil, model.None, "")
}

func TestClientCalls(t *testing.T) {
	m := parsed(t, `
system "shop" { policy = policy.rpc }
policy "rpc" { timeout = "300ms" }
policy "sdk" { timeout = "700ms" }
policy "in" { deadline = "900ms" }
client "web" {
  deadline = "3s"
  call "plain" { to = service.a }
  call "own" {
    to      = service.a
    timeout = "1s"
  }
  call "none" {
    to       = service.a
    deadline = none
  }
  call "guarded" { to = service.b }
}
client "app" {
  policy   = policy.sdk
  deadline = "3s"
  call "a" { to = service.a }
}
service "a" {}
service "b" { inbound = policy.in }
external "hook" {
  call "a" { to = service.a }
}
`)
	plain := at[*model.Call](t, m, "client.web.call.plain")
	is(t, "plain deadline", plain.Deadline, 3*time.Second, model.Inherited, "client.web")
	is(t, "plain timeout", plain.Timeout, 0, model.Absent, "")
	if !plain.LimitFromClient {
		t.Error("LimitFromClient is not set")
	}
	for addr, limit := range map[model.Addr]time.Duration{"client.web.call.own": time.Second, "client.web.call.guarded": 900 * time.Millisecond,
		"client.app.call.a": 700 * time.Millisecond} {
		e := at[*model.Call](t, m, addr)
		if e.LimitFromClient || e.Limit().V != limit {
			t.Errorf("%s: limit %v, from client %v", addr, e.Limit().V, e.LimitFromClient)
		}
	}
	is(t, "refused deadline", at[*model.Call](t, m, "client.web.call.none").Deadline, 0, model.None, "")
	is(t, "webhook timeout", at[*model.Call](t, m, "external.hook.call.a").Timeout, 0, model.Absent, "")
}

func TestStreamsInheritNoRequestLimits(t *testing.T) {
	m := parsed(t, `
system "shop" { policy = policy.rpc }
policy "rpc" { timeout = "300ms" }
policy "mesh" { deadline = "1s" }
policy "own" { connect_timeout = "1s" }
mesh "m" {
  members = "all"
  policy  = policy.mesh
}
service "a" {
  policy = policy.own
  call "b" {
    to     = service.b
    stream = true
  }
}
service "b" {}
`)
	e := at[*model.Call](t, m, "service.a.call.b")
	is(t, "timeout", e.Timeout, 0, model.Absent, "")
	is(t, "deadline", e.Deadline, 0, model.Absent, "")
	is(t, "connect_timeout", e.ConnectTimeout, time.Second, model.Inherited, "policy.own")
	if e.Mesh != "mesh.m" || !e.MeshRetry.Unstated() {
		t.Errorf("mesh %q, retry %s", e.Mesh, e.MeshRetry.State)
	}
}

func TestGatewayTimeoutIsADeadline(t *testing.T) {
	m := parsed(t, `
policy "rpc" { deadline = "2s" }
gateway "g" {
  timeout = "5s"
  call "plain" { to = service.a }
  call "attempt" {
    to      = service.a
    timeout = "1s"
  }
  call "policy" {
    to     = service.a
    policy = policy.rpc
  }
}
gateway "managed" {
  engine = "aws-apigw"
  call "a" { to = service.a }
}
service "a" {}
`)
	is(t, "plain", at[*model.Call](t, m, "gateway.g.call.plain").Deadline, 5*time.Second, model.Inherited, "gateway.g")
	is(t, "attempt", at[*model.Call](t, m, "gateway.g.call.attempt").Deadline, 5*time.Second, model.Inherited, "gateway.g")
	is(t, "policy", at[*model.Call](t, m, "gateway.g.call.policy").Deadline, 2*time.Second, model.Inherited, "policy.rpc")
	is(t, "managed", at[*model.Call](t, m, "gateway.managed.call.a").Deadline, 29*time.Second, model.Profile, "aws-apigw")
}

// A mesh's retry and breaker are a layer of their own.
func TestMeshLayer(t *testing.T) {
	m := parsed(t, `
policy "mesh" {
  timeout         = "2s"
  retry           = none
  circuit_breaker = { open_for = "10s" }
}
mesh "plain" { members = [service.a, service.b] }
mesh "stated" {
  members = [service.c, service.d]
  policy  = policy.mesh
}
mesh "other" {
  members = [service.e, service.f]
  engine  = "linkerd"
}
service "a" {
  call "b" { to = service.b }
  call "c" { to = service.c }
}
service "b" {}
service "c" {
  call "d" { to = service.d }
}
service "d" {}
service "e" {
  call "f" { to = service.f }
}
service "f" {}
`)
	plain := at[*model.Call](t, m, "service.a.call.b")
	is(t, "istio attempts", plain.MeshRetry.V.MaxAttempts, 3, model.Profile, "istio")
	if plain.Mesh != "mesh.plain" || !plain.Retry.Unstated() || !plain.MeshBreaker.Unstated() {
		t.Errorf("mesh %q, retry %s, breaker %s", plain.Mesh, plain.Retry.State, plain.MeshBreaker.State)
	}
	if r := plain.MeshRetry.V; !r.Retries(model.FailConnect) || r.Retries(model.FailServer) || r.Retries(model.FailTimeout) {
		t.Errorf("istio retries %v", r.On.V)
	}
	if out := at[*model.Call](t, m, "service.a.call.c"); out.Mesh != "" || !out.MeshRetry.Unstated() {
		t.Errorf("an edge that leaves the mesh has its retry: %q %s", out.Mesh, out.MeshRetry.State)
	}
	stated := at[*model.Call](t, m, "service.c.call.d")
	is(t, "timeout", stated.Timeout, 2*time.Second, model.Inherited, "policy.mesh")
	is(t, "mesh retry", stated.MeshRetry, nil, model.None, "policy.mesh")
	is(t, "ejection", stated.MeshBreaker.V.OpenFor, 10*time.Second, model.Inherited, "policy.mesh")
	is(t, "errors in a row", stated.MeshBreaker.V.MinCalls, 5, model.Profile, "istio")
	is(t, "breaker", stated.CircuitBreaker, nil, model.Absent, "")
	is(t, "linkerd retry", at[*model.Call](t, m, "service.e.call.f").MeshRetry, nil, model.Absent, "")
}

func TestSystemDefaults(t *testing.T) {
	m := parsed(t, `
system "shop" {
  deploy               = { strategy = "canary", steps = ["5%"] }
  scale                = { replicas = 3, zones = 3 }
  discovery            = registry.r
  load_balancing       = "l7"
  deadline_propagation = true
  auth                 = "jwt"
  team                 = "core"
  region               = "eu"
}
registry "r" {}
service "plain" {
  call "own" { to = service.own }
}
service "own" {
  scale     = { replicas = 2 }
  team      = "pay"
  discovery = "dns"
  deploy    = none
  call "plain" { to = service.plain }
  call "named" {
    to        = service.plain
    discovery = "static"
  }
}
gateway "g" {
  call "plain" { to = service.plain }
}
datastore "d" { owner = service.own }
topic "t" {
  broker = broker.b
}
broker "b" {}
`)
	const from = "system.shop"
	for _, w := range []*model.Workload{&at[*model.Service](t, m, "service.plain").Workload, &at[*model.Gateway](t, m, "gateway.g").Workload} {
		is(t, "strategy", w.Deploy.V.Strategy, "canary", model.Inherited, from)
		is(t, "readiness in a stated deploy", w.Deploy.V.Readiness, false, model.Absent, "")
		is(t, "zones", w.Scale.V.Zones, 3, model.Inherited, from)
		is(t, "discovery", w.Discovery, "registry.r", model.Inherited, from)
		is(t, "load_balancing", w.LoadBalancing, "l7", model.Inherited, from)
		is(t, "deadline_propagation", w.DeadlinePropagation, true, model.Inherited, from)
		is(t, "auth", w.Auth, "jwt", model.Inherited, from)
	}
	// Each has a deploy of its own: whether something can split its traffic differs.
	is(t, "router behind a gateway", at[*model.Service](t, m, "service.plain").Deploy.V.Router, true, model.Derived, "")
	is(t, "router of the gateway", at[*model.Gateway](t, m, "gateway.g").Deploy.V.Router, false, model.Derived, "")
	is(t, "system's strategy", m.System.Deploy.V.Strategy, "canary", model.Stated, "")
	own := at[*model.Service](t, m, "service.own")
	is(t, "own zones", own.Scale.V.Zones, 0, model.Unknown, "")
	is(t, "own replicas", own.Scale.V.Replicas, 2, model.Stated, "")
	is(t, "own team", own.Team, "pay", model.Stated, "")
	is(t, "own deploy", own.Deploy, nil, model.None, "")
	is(t, "store's team", at[*model.Datastore](t, m, "datastore.d").Team, "pay", model.Derived, "service.own")
	is(t, "topic's team", at[*model.Topic](t, m, "topic.t").Team, "", model.Absent, "")
	is(t, "call's discovery", at[*model.Call](t, m, "service.plain.call.own").Discovery, "registry.r", model.Inherited, from)
	is(t, "caller's discovery", at[*model.Call](t, m, "service.own.call.plain").Discovery, "dns", model.Inherited, "service.own")
	is(t, "own discovery", at[*model.Call](t, m, "service.own.call.named").Discovery, "static", model.Stated, "")
	is(t, "system's replicas", m.System.Scale.V.Replicas, 3, model.Stated, "")
}
