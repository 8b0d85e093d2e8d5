package dsl

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/dsl/model"
)

const effectiveModel = `system "shop" { policy = policy.rpc }
policy "rpc" {
  timeout = "300ms"
  retry   = { max_attempts = 2 }
}
service "a" {
  team = "core"
  call "b" {
    to       = service.b
    deadline = unknown
    bulkhead = none
    retry    = { initial_backoff = "50ms" }
  }
  call "c" { to = service.b }
}
service "b" {
  call "cache" { to = datastore.cache }
}
datastore "cache" { kind = "cache" }
mesh "m" { members = "all" }
`

func TestPrintEffective(t *testing.T) {
	m := parsed(t, effectiveModel)
	got, err := PrintEffective(m, "service.a.call.b")
	if err != nil {
		t.Fatal(err)
	}
	want := `# system.hcl:8
call "b" {
  to          = service.b
  access      = "read"  # derived
  per_request = 1       # default
  timeout     = "300ms" # inherited from policy.rpc (system.hcl:3)
  deadline    = unknown
  retry = {
    max_attempts    = 3             # default
    backoff         = "exponential" # default
    initial_backoff = "50ms"
    multiplier      = 2                             # default
    max_backoff     = "500ms"                       # default
    jitter          = "full"                        # default
    on              = ["connect", "5xx", "timeout"] # default
    # absent: budget
  }
  bulkhead    = none
  fallback    = "fail" # default
  criticality = "hard" # default
  idempotent  = true   # default
  reply       = true   # default
  stream      = false  # default
  public      = false  # default
  # unknown: write_ratio, discovery, cache_hit, payload, pool, protocol
  # absent: connect_timeout, circuit_breaker, rate_limit, reconcile
  # mesh.m adds retry = { max_attempts = 3, backoff = "exponential", initial_backoff = "25ms", multiplier = 2, max_backoff = "250ms", jitter = "full", on = ["connect-failure", "refused-stream", "unavailable", "cancelled"] }: default of istio since 1.24
}
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	got, _ = PrintEffective(m, "service.a.call.c")
	if want := "  retry = {             # inherited from policy.rpc (system.hcl:4)\n    max_attempts    = 2\n"; !strings.Contains(string(got), want) {
		t.Errorf("an inherited object says once where it is from:\n%s", got)
	}
}

func TestPrintEffectiveNamesTheNearest(t *testing.T) {
	_, err := PrintEffective(parsed(t, effectiveModel), "service.a.call.bb")
	if err == nil || err.Error() != `service.a.call.bb is not declared. Did you mean service.a.call.b?` {
		t.Error(err)
	}
}

func TestPrintEffectiveJSON(t *testing.T) {
	m := parsed(t, effectiveModel)
	text, err := PrintEffectiveJSON(m, "service.a.call.b")
	if err != nil {
		t.Fatal(err)
	}
	var b EffectiveBlock
	if err := json.Unmarshal(text, &b); err != nil {
		t.Fatal(err)
	}
	facts := map[string]EffectiveFact{}
	for _, f := range b.Facts {
		facts[f.Name] = f
	}
	if len(facts) != len(Block(model.KindCall).Attrs) {
		t.Errorf("%d of %d facts", len(facts), len(Block(model.KindCall).Attrs))
	}
	want := map[string]EffectiveFact{
		"timeout":     {Name: "timeout", State: "inherited", Value: "300ms", From: "policy.rpc", File: "system.hcl", Line: 3},
		"per_request": {Name: "per_request", State: "default", Value: 1.0},
		"idempotent":  {Name: "idempotent", State: "default", Value: true},
		"to":          {Name: "to", State: "stated", Value: "service.b", File: "system.hcl", Line: 9},
		"bulkhead":    {Name: "bulkhead", State: "none", File: "system.hcl", Line: 11},
		"payload":     {Name: "payload", State: "unknown"},
	}
	for name, w := range want {
		if diff := cmp.Diff(w, facts[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if b.Mesh != "mesh.m" || len(b.Layer) != 1 || b.Layer[0].From != "istio" || len(facts["retry"].Facts) != 8 {
		t.Errorf("mesh %q, layer %v, retry %v", b.Mesh, b.Layer, facts["retry"].Facts)
	}
}

// Whatever the model, what is printed is HCL, and the JSON is JSON.
func TestPrintEffectiveParses(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := rawModel(rt)
		inherit(m)
		for range 3 {
			a := rapid.SampledFrom(m.Addrs()).Draw(rt, "address")
			text, err := PrintEffective(m, a)
			if err != nil {
				rt.Fatal(err)
			}
			if _, diags := hclsyntax.ParseConfig(text, "x.hcl", hcl.InitialPos); diags.HasErrors() {
				rt.Fatalf("%s\n%s", diags.Error(), text)
			}
			if text, err = PrintEffectiveJSON(m, a); err != nil || !json.Valid(text) {
				rt.Fatalf("%v\n%s", err, text)
			}
		}
	})
}
