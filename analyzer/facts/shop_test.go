package facts

import (
	"math"
	"testing"

	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

// load reads a description; it must be free of errors.
func load(t testing.TB, hcl string) *Facts {
	t.Helper()
	m, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: []byte(hcl)}})
	if diags.HasErrors() {
		t.Fatalf("%v", diags)
	}
	return Compute(m, DefaultParams())
}

func shop(t testing.TB) *Facts {
	t.Helper()
	m, diags := dsl.Load([]string{"../../examples/shop/system.hcl"}, dsl.Options{})
	if diags.HasErrors() {
		t.Fatalf("%v", diags)
	}
	return Compute(m, DefaultParams())
}

func (f *Facts) call(t testing.TB, addr string) *CallFacts {
	t.Helper()
	for i := range f.g.edges {
		if string(f.g.edges[i].addr) == addr {
			return f.callFacts(int32(i))
		}
	}
	t.Fatalf("no call %s", addr)
	return nil
}

// certain fails unless a fact is a point at want.
func certain(t *testing.T, what string, got Num, want, tolerance float64) {
	t.Helper()
	if !got.HasValue() || math.Abs(got.V-want) > tolerance || math.Abs(got.Lo-want) > tolerance || math.Abs(got.Hi-want) > tolerance {
		t.Errorf("%s = %v [%v, %v] (%v), want %v", what, got.V, got.Lo, got.Hi, got.State, want)
	}
}

// The known answers of rules.md §1.2.
func TestShopRates(t *testing.T) {
	f := shop(t)
	for addr, want := range map[model.Addr]float64{
		"service.orders": 80, "service.payments": 80, "external.stripe": 80, "service.inventory": 80, "service.catalog": 720,
		"datastore.catalog_db": 152, "topic.order_placed": 80, "queue.emails": 80, "gateway.edge": 300, "gateway.mobile_bff": 200,
	} {
		r := f.rate[f.g.ent(addr)]
		if math.Abs(r.v-want) > 1e-9 {
			t.Errorf("%s has %v rps, want %v", addr, r.v, want)
		}
		// Nobody says how often the nightly batch writes to the catalogue.
		if open := math.IsInf(r.hi, 1); open != (addr == "datastore.catalog_db") {
			t.Errorf("%s: upper bound %v", addr, r.hi)
		}
	}
	if r := f.rate[f.g.ent("service.erp")]; r.known() || r.lo != 0 || !math.IsInf(r.hi, 1) {
		t.Errorf("service.erp: nothing reaches it, yet its rate is %+v", r)
	}
}

func TestShopAmplification(t *testing.T) {
	f := shop(t)
	for _, c := range []struct {
		addr             model.Addr
		connect, http500 float64
		load, load500    float64
		layers           int
	}{
		{"external.stripe", 31.5, 10.5, 2520, 840, 4},
		{"service.inventory", 5.25, 1.75, 420, 140, 2},
		{"service.orders", 1.75, 1.75, 140, 140, 1},
		{"gateway.edge", 1, 1, 300, 300, 0},
	} {
		a := f.amp[f.g.ent(c.addr)]
		certain(t, string(c.addr)+" F(connect)", a.f[classConnect].num(), c.connect, 1e-9)
		certain(t, string(c.addr)+" F(5xx)", a.f[class5xx].num(), c.http500, 1e-9)
		certain(t, string(c.addr)+" L(connect)", a.load[classConnect].num(), c.load, 1e-9)
		certain(t, string(c.addr)+" L(5xx)", a.load[class5xx].num(), c.load500, 1e-9)
		if a.layers != c.layers {
			t.Errorf("%s: %d retrying layers on a path, want %d", c.addr, a.layers, c.layers)
		}
	}
	certain(t, "orders: offered in the metastability test", f.amp[f.g.ent("service.orders")].stable.num(), 140, 1e-9)
	if by := f.covered[f.g.ent("service.payments")]; by != f.g.ent("external.stripe") {
		t.Errorf("the retries in front of payments are not covered by those in front of stripe")
	}
	if by := f.covered[f.g.ent("service.inventory")]; by != -1 {
		t.Errorf("inventory has a retrying edge of its own, yet %s covers it", f.g.ents[by].addr)
	}
}

func TestShopCalls(t *testing.T) {
	f := shop(t)
	stripe, charge := f.call(t, "service.payments.call.stripe"), f.call(t, "service.orders.call.charge")
	checkout, bff := f.call(t, "gateway.edge.call.checkout"), f.call(t, "gateway.mobile_bff.call.checkout")
	reserve := f.call(t, "service.orders.call.reserve")
	for _, c := range []struct {
		what            string
		got             Num
		want, tolerance float64
	}{
		{"stripe: rate", stripe.Rate, 80, 0}, {"stripe: λi", stripe.RatePerReplica, 26.67, 0.01},
		{"stripe: W", stripe.WorstCase, 4100, 0}, {"stripe: H", stripe.HangInFlight, 109.3, 0.05},
		{"stripe: exhaustion", stripe.Exhaustion, 1200, 1e-6}, {"stripe: budget", stripe.Budget, 600, 0},
		{"stripe: retried rate", stripe.RetriedRate, 160, 0}, {"stripe: in flight", stripe.InFlightMean, 6.1, 0.05},
		{"stripe: rec.timeout", stripe.Rec.Timeout, 1600, 0}, {"stripe: rec.bulkhead", stripe.Rec.Bulkhead.MaxConcurrent, 14, 0},
		{"stripe: rec.cb min_calls", stripe.Rec.Breaker.MinCalls, 100, 0}, {"stripe: rec.cb window", stripe.Rec.Breaker.Window, 10_000, 0},
		{"stripe: rec.cb slow_call", stripe.Rec.Breaker.SlowCall, 1300, 0}, {"stripe: rec.cb open_for", stripe.Rec.Breaker.OpenFor, 8000, 0},
		{"stripe: rec.cb half_open", stripe.Rec.Breaker.HalfOpen, 10, 0}, {"stripe: amplification", stripe.Amplification, 31.5, 1e-9},
		{"charge: W", charge.WorstCase, 2100, 0}, {"charge: H", charge.HangInFlight, 42, 1e-9}, {"charge: H/C", charge.HangShare, 42.0 / 64, 1e-9},
		{"charge: tries", charge.Attempts, 9, 0}, {"charge: tries on HTTP 500", charge.ByClass.Server, 3, 0},
		{"charge: budget", charge.Budget, 300 - 110, 0}, {"charge: limit", charge.CallWaits.Limit, 600, 0},
		{"checkout: S(orders)", checkout.CalleeWorst, 2650, 0}, {"checkout: ℓ(orders)", checkout.CalleeHealthy, 1010, 0},
		{"checkout: rec.timeout", checkout.Rec.Timeout, 1300, 0}, {"checkout: limit", checkout.CallWaits.Limit, 800, 0},
		{"checkout: budget", checkout.Budget, 1000, 0}, {"bff checkout: limit", bff.CallWaits.Limit, 300, 0},
		{"reserve: rec.timeout", reserve.Rec.Timeout, 110, 0}, {"reserve: mesh tries", reserve.MeshAttempts, 3, 0},
	} {
		certain(t, c.what, c.got, c.want, c.tolerance)
	}
	if got := stripe.Rec.Timeout.Text() + " " + stripe.Rec.Breaker.SlowCall.Text() + " " + reserve.Rec.Timeout.Text(); got != "1.6s 1.3s 110ms" {
		t.Errorf("recommended times are spelled %q", got)
	}
	if stripe.Rec.TimeoutFits.V || !stripe.Hard.V || !stripe.UserFacing.V || stripe.AnyBreaker.State != model.Absent {
		t.Errorf("stripe: %+v %+v", stripe.CallPlace, stripe.AnyBreaker)
	}
	// The budget of the least patient caller, a call that a caller's failure would orphan, and the one that names it.
	var inner []string
	for _, i := range checkout.Inner {
		inner = append(inner, i.Addr)
	}
	if len(inner) != 3 || inner[0] != "service.orders.call.charge" || checkout.Inner[0].Limit.V != 600 {
		t.Errorf("inner calls of checkout: %v", inner)
	}
	// H cannot be computed without the gateway's concurrency: a question that names it.
	if n := checkout.HangShare; n.State != model.Unknown || len(n.Needs()) != 1 || n.Needs()[0] != "gateway.edge.scale.concurrency" {
		t.Errorf("checkout: hang share %+v", n)
	}
	if charge.Financial.V || !checkout.Financial.V || !f.call(t, "service.orders.call.db").Financial.V {
		t.Errorf("only orders_db holds financial data: charge %v, checkout %v", charge.Financial.V, checkout.Financial.V)
	}
}

func subject[T any](t testing.TB, f *Facts, kind, addr string) T {
	t.Helper()
	for _, d := range f.Documents(kind) {
		if string(d.Addr) == addr {
			return d.Subject.(T)
		}
	}
	t.Fatalf("no %s %s", kind, addr)
	panic("unreachable")
}

func TestShopNodes(t *testing.T) {
	f := shop(t)
	orders, catalog := subject[*NodeFacts](t, f, "node", "service.orders"), subject[*NodeFacts](t, f, "node", "service.catalog")
	stripe, inventory := subject[*NodeFacts](t, f, "node", "external.stripe"), subject[*NodeFacts](t, f, "node", "service.inventory")
	for _, c := range []struct {
		what            string
		got             Num
		want, tolerance float64
	}{
		{"orders ρ", orders.Utilisation, 0.67, 0.005}, {"orders ρz", orders.ZoneLoss, 1.33, 0.005}, {"orders rec", orders.RecReplicas, 8, 0},
		{"catalog ρ", catalog.Utilisation, 0.60, 1e-9}, {"catalog ρz", catalog.ZoneLoss, 0.90, 1e-9}, {"catalog rec", catalog.RecReplicas, 8, 0},
		{"orders: offered by retries over capacity", orders.StableUse, 140.0 / 120, 1e-9},
		{"stripe F", stripe.Amplification, 31.5, 1e-9}, {"stripe L", stripe.Amplified, 2520, 1e-6}, {"stripe F on 500", stripe.ByClass.Server, 10.5, 1e-9},
		{"inventory F", inventory.Amplification, 5.25, 1e-9},
	} {
		certain(t, c.what, c.got, c.want, c.tolerance)
	}
	if len(stripe.RetryEdges) != 3 || stripe.RetryEdges[1].Addr != "service.orders.call.charge" || stripe.RetryEdges[1].Attempts != 9 {
		t.Errorf("retrying calls in front of stripe: %v", stripe.RetryEdges)
	}
	if len(stripe.Classes.V) != 1 || stripe.Classes.V[0] != model.FailConnect {
		t.Errorf("stripe: 31.5 in classes %v", stripe.Classes.V)
	}
	if len(inventory.RetryEdges) != 2 {
		t.Errorf("retrying calls in front of inventory: %v", inventory.RetryEdges)
	}
	payments := subject[*NodeFacts](t, f, "node", "service.payments")
	if payments.CoveredBy.V != "external.stripe" || len(payments.RetryEdges) != 0 || len(stripe.Covers) == 0 {
		t.Errorf("payments: %+v, stripe covers %v", payments.CoveredBy, stripe.Covers)
	}
	// The example contradicts itself nowhere: the p99 of payments exceeds what orders waits for, and is cut there.
	for _, d := range f.Documents("node") {
		if n := d.Subject.(*NodeFacts); len(n.Contradicts) > 0 || len(n.Unsupported) > 0 || n.Exposed.V {
			t.Errorf("%s: %v %v exposed %v", d.Addr, n.Contradicts, n.Unsupported, n.Exposed.V)
		}
	}
	if subject[*NodeFacts](t, f, "node", "policy.rpc").Connected.V != true {
		t.Errorf("policy.rpc counts as unused")
	}
}

func TestNodesInUse(t *testing.T) {
	f := load(t, `
system "s" {}
policy "idle" { timeout = "1s" }
client "web" {
  kind = "web"
  call "x" { to = service.a }
}
service "a" {
  engine  = "grpc"
  latency = { p50 = "50ms", p99 = "80ms" }
  scale   = { replicas = 2, capacity = 100, concurrency = 4 }
  call "b" {
    to      = service.b
    timeout = "1s"
    retry   = { max_attempts = 6 }
  }
}
service "b" { latency = { p50 = "50ms", p99 = "90ms" } }
service "alone" {}
`)
	a := subject[*NodeFacts](t, f, "node", "service.a")
	if !a.Exposed.V || a.ExposedCount != 1 {
		t.Errorf("exposed %v of %v", a.Exposed.V, a.ExposedCount)
	}
	for addr, want := range map[string]bool{"service.alone": false, "policy.idle": false, "service.b": true} {
		if got := subject[*NodeFacts](t, f, "node", addr).Connected.V; got != want {
			t.Errorf("%s connected: %v", addr, got)
		}
	}
}
