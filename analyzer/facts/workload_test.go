package facts

import (
	"slices"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) workload(t testing.TB, addr model.Addr) *WorkloadFacts {
	t.Helper()
	return subjectOf[WorkloadFacts](t, f, "workload", addr)
}

func subjectOf[T any](t testing.TB, f *Facts, kind string, addr model.Addr) *T {
	t.Helper()
	for _, d := range f.Documents(kind) {
		if d.Addr == addr {
			return d.Subject.(*T)
		}
	}
	t.Fatalf("no %s %s", kind, addr)
	return nil
}

// The known answers of rules.md §1.2 and Q13: the edge admits 600, of which a fifth reaches orders beside the 20 of the
// mobile gateway; (120 − 20) / 0.2 = 500, 80 % of that 400.
func TestShopLimits(t *testing.T) {
	f := shop(t)
	edge, bff := f.workload(t, "gateway.edge"), f.workload(t, "gateway.mobile_bff")
	certain(t, "edge admits", edge.Admitted, 600, 0)
	certain(t, "orders behind the edge", edge.AtLoad, 140, 1e-9)
	certain(t, "orders' capacity", edge.AtCapacity, 120, 0)
	certain(t, "edge rec", edge.Rec.Keeps, 400, 0)
	if edge.At != "service.orders" || edge.Bottleneck.V != 500 || edge.Bottleneck.Lo != 0 || !edge.Rec.Fits.V {
		t.Errorf("edge: bottleneck %+v at %s", edge.Bottleneck, edge.At)
	}
	// mobile: catalog (1200 − 240) / 2.4 = 400 before orders (120 − 60) / 0.1 = 600.
	if bff.At != "service.catalog" || bff.Bottleneck.V != 400 || bff.Rec.Keeps.V != 320 {
		t.Errorf("mobile_bff: bottleneck %+v at %s, rec %v", bff.Bottleneck, bff.At, bff.Rec.Keeps.V)
	}
	if !bff.PublicEntry.V || !slices.Equal(bff.PublicCallers, []string{"client.mobile"}) || f.workload(t, "service.orders").PublicEntry.V {
		t.Errorf("entries: mobile_bff %+v %v", bff.PublicEntry, bff.PublicCallers)
	}
	if len(edge.RetryingCallers) != 0 || len(f.workload(t, "service.orders").RetryingCallers) != 1 {
		t.Errorf("retrying callers of edge: %v", edge.RetryingCallers)
	}
}

func TestShopHangs(t *testing.T) {
	pay := shop(t).workload(t, "service.payments")
	if len(pay.Calls) != 2 || pay.Calls[0].Addr != "service.payments.call.stripe" {
		t.Fatalf("calls %+v", pay.Calls)
	}
	certain(t, "H", pay.Calls[0].HangInFlight, 109.33, 0.01) // 80/3 per second for 4.1 s
	certain(t, "exhaustion", pay.Calls[0].Exhaustion, 1200, 1e-6)
	certain(t, "K", pay.Calls[0].RecBulkhead.MaxConcurrent, 14, 0)
	if !slices.Equal(pay.Calls[0].Others, []string{"datastore.payments_db"}) {
		t.Errorf("others %v", pay.Calls[0].Others)
	}
}

func TestShopQuotaAndPolicy(t *testing.T) {
	f := shop(t)
	s := subjectOf[ExternalFacts](t, f, "external", "external.stripe")
	certain(t, "base", s.Rate, 80, 0)
	certain(t, "with retries", s.RetriedRate, 160, 0)
	certain(t, "quota", s.Rec.Quota, 80, 0)
	if s.Admitted.State != model.Absent || len(s.Unlimited) != 1 || s.Callers[0].Rec.RPS.V != 80 {
		t.Errorf("stripe: %+v", s)
	}
	p := subjectOf[PolicyFacts](t, f, "policy", "policy.rpc")
	certain(t, "calls of the policy", p.Calls, 7, 0) // browse twice, checkout of the mobile gateway, four to stores
	certain(t, "their limit", p.Limit, 300, 0)
	certain(t, "stated p99s", p.StatedP99, 2, 0) // catalog 90 ms, orders 700 ms
	certain(t, "spread", p.Spread, 700.0/90, 1e-9)
	if !slices.Equal(p.TooShort, []string{"gateway.mobile_bff.call.checkout"}) || p.Idle.V != 6 {
		t.Errorf("policy: too short %v, others %v", p.TooShort, p.Idle.V)
	}
}

// What nobody limits beside a proxy, an unknown kind of client, limits per replica and per key.
func TestEntries(t *testing.T) {
	f := load(t, `
system "s" {}
client "web" {
  kind = "web"
  rps  = 100
  call "a" { to = gateway.cdn }
}
client "other" {
  call "a" { to = service.b }
}
client "job" {
  kind = "scheduler"
  call "a" { to = service.c }
}
gateway "cdn" {
  kind = "cdn"
  call "a" { to = gateway.api }
}
gateway "api" {
  kind       = "api"
  scale      = { replicas = 3, max = 6, concurrency = 10 }
  latency    = { p50 = "100ms", p99 = "100ms" }
  rate_limit = { rps = 50, per = "tenant", scope = "replica" }
  call "b" {
    to = service.b
    retry = { max_attempts = 2, on = ["503"] }
  }
}
service "b" {
  scale = { replicas = 2, max = 4, capacity = 100 }
  call "c" {
    to    = service.c
    retry = { max_attempts = 3, on = ["timeout"] }
  }
}
service "c" {}
`)
	api, b, c := f.workload(t, "gateway.api"), f.workload(t, "service.b"), f.workload(t, "service.c")
	if !api.PublicEntry.V || f.workload(t, "gateway.cdn").PublicEntry.V || c.PublicEntry.V || c.PublicEntry.State != model.Derived {
		t.Errorf("entry: api %+v, c %+v", api.PublicEntry, c.PublicEntry)
	}
	if b.PublicEntry.State != model.Unknown || !slices.Equal(b.PublicEntry.Needs(), []string{"client.other.kind"}) {
		t.Errorf("b: %+v", b.PublicEntry)
	}
	if api.Admitted.State != model.Unknown || api.Admitted.Lo != 150 {
		t.Errorf("a limit per tenant admits an unknown multiple: %+v", api.Admitted)
	}
	certain(t, "one tenant of six replicas", api.FleetLimit, 300, 0)
	certain(t, "spare slots of api", api.SpareSlots, 3*10-100*0.1, 1e-9)
	certain(t, "b scaled out", api.AtCapacity, 400, 0)
	if len(b.RetryingCallers) != 1 || len(c.RetryingCallers) != 0 {
		t.Errorf("503 repeats a refusal, a timeout does not: %v %v", b.RetryingCallers, c.RetryingCallers)
	}
	if sb := subjectOf[ServiceFacts](t, f, "service", "service.b"); sb.TenantLimited.V || !sb.UserFacing.V || !sb.FirstService.V {
		t.Errorf("b is reached past the gateway's limit: %+v", sb.ServiceTenants)
	}
}

// Two callers share a quota; a limiter per replica counts as often as there are replicas.
func TestQuota(t *testing.T) {
	f := load(t, `
system "s" {}
client "web" {
  kind = "web"
  rps  = 90
  call "a" { to = service.a }
  call "b" {
    to          = service.b
    per_request = 0.5
  }
}
service "a" {
  scale = { replicas = 3 }
  call "x" {
    to         = external.x
    rate_limit = { rps = 10, scope = "replica" }
  }
}
service "b" {
  call "x" {
    to         = external.x
    rate_limit = { rps = 30 }
    retry      = { max_attempts = 2 }
  }
}
external "x" { rps_limit = 100 }
`)
	x := subjectOf[ExternalFacts](t, f, "external", "external.x")
	certain(t, "base", x.Rate, 135, 0)
	certain(t, "with retries", x.RetriedRate, 90+2*45, 0)
	certain(t, "admitted", x.Admitted, 3*10+30, 0)
	certain(t, "share of a", x.Callers[0].Rec.RPS, 53, 0) // 0.8 · 100 · 90/135, two digits
	if len(x.Unlimited) != 0 {
		t.Errorf("unlimited %v", x.Unlimited)
	}
}
