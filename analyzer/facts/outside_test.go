package facts

import (
	"math"
	"slices"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

const behindProxy = `
system "s" {}
client "web" {
  kind = "web"
  call "home" { to = gateway.ingress }
}
client "cron" {
  kind = "scheduler"
  call "nightly" { to = service.shop }
}
client "visitor" {
  call "direct" { to = service.stock }
}
gateway "ingress" {
  kind = "proxy"
  call "shop" { to = service.shop }
}
service "shop" {
  api "rest" {}
  call "stock" { to = service.stock }
}
service "stock" {
  api "grpc" {}
  api "rest" {}
  call "db" { to = datastore.stock }
}
datastore "stock" { kind = "relational" }
`

// A proxy hands requests on: what stands behind it is what the web reaches first. A scheduler is nobody outside, and of a
// client without a kind nobody knows.
func TestOutsideIsSeenThroughProxies(t *testing.T) {
	f := load(t, behindProxy)
	shop := subject[*WorkloadFacts](t, f, "workload", "service.shop")
	if !shop.Outside.V || !slices.Equal(shop.OutsideCallers, []string{"client.web"}) || shop.Leaf != "rest" {
		t.Errorf("shop: %+v", shop.WorkloadOutside)
	}
	stock := subject[*WorkloadFacts](t, f, "workload", "service.stock")
	if stock.Outside.State != model.Unknown || !slices.Equal(stock.Outside.Needs(), []string{"client.visitor.kind"}) {
		t.Errorf("stock: outside %+v", stock.Outside)
	}
	if in := subject[*WorkloadFacts](t, f, "workload", "gateway.ingress"); in.Outside.V {
		t.Error("a proxy is no entry")
	}
	// Nobody authenticates web on the way from shop to the table that stock writes.
	if !shop.Exposes.V || shop.ExposedStore != "datastore.stock" || shop.ExposedHow != "write" || shop.ExposedVia != "service.stock.call.db" {
		t.Errorf("shop exposes %+v %s %s", shop.Exposes, shop.ExposedStore, shop.ExposedHow)
	}
	if c := subject[*CallFacts](t, f, "call", "gateway.ingress.call.shop"); !c.OutsideCaller.V || !c.OverREST.V {
		t.Errorf("the proxy's call: %+v", c.CallStyle)
	}
	c := subject[*CallFacts](t, f, "call", "service.shop.call.stock")
	if c.OverREST.State != model.Unknown || !slices.Equal(c.OverREST.Needs(), []string{"service.shop.call.stock.protocol"}) {
		t.Errorf("a call to a service with two apis speaks %+v", c.OverREST)
	}
	direct := subject[*NodeFacts](t, f, "node", "service.stock")
	if direct.Exposed.State != model.Unknown || direct.ExposedCount != 0 {
		t.Errorf("stock is exposed %+v, %v parts are", direct.Exposed, direct.ExposedCount)
	}
}

// Several calls of a client that do not say how often an action makes each may be alternatives: one to three trips.
func TestTripsOfAnAction(t *testing.T) {
	f := load(t, `
system "s" { slo = { latency_p99 = "800ms" } }
client "app" {
  kind = "mobile"
  call "a" { to = service.a }
  call "b" { to = service.b }
  call "c" { to = service.c }
}
client "desk" {
  kind = "desktop"
  call "a" {
    to          = service.a
    per_request = 2
    parallel    = "page"
  }
  call "b" {
    to       = service.b
    parallel = "page"
  }
}
service "a" {}
service "b" {}
service "c" {}
`)
	app := subject[*ClientFacts](t, f, "client", "client.app")
	if app.Trips.State != model.Unknown || app.Trips.Lo != 1 || app.Trips.Hi != 3 || len(app.Trips.Needs()) != 3 {
		t.Errorf("app: trips %+v", app.Trips)
	}
	desk := subject[*ClientFacts](t, f, "client", "client.desk")
	certain(t, "desk: trips", desk.Trips, 3, 0)
	certain(t, "desk: serial trips", desk.Turns, 2, 0)           // the longer branch of the page
	certain(t, "desk: network time", desk.NetworkTime, 60, 0)    // one more round trip of 60 ms
	certain(t, "desk: share", desk.NetworkShare, 60.0/800, 1e-9) // of the objective
}

// Two BFFs with the calls {a: 2, b: 1} and {a: 1, b: 1, c: 1}: the lesser sum to 2, the greater to 4.
func TestJaccard(t *testing.T) {
	a, b := map[string]float64{"a": 2, "b": 1}, map[string]float64{"a": 1, "b": 1, "c": 1}
	if got := jaccard(a, b); got != 0.5 {
		t.Errorf("index %v, want 0.5", got)
	}
	if jaccard(a, a) != 1 || jaccard(a, nil) != 0 || jaccard(nil, nil) != 0 {
		t.Error("equal bags have index 1, disjoint and empty ones 0")
	}
}

// Ten parallel calls of 20 ms and 100 ms take 169 ms at p99 (rules.md Q4), ten percent of requests less 0.4 see a slow one.
func TestSlowestOfParallelCalls(t *testing.T) {
	one := timesOf{p50: point(20), p99: point(100)}
	ten := make([]timesOf, 10)
	for i := range ten {
		ten[i] = one
	}
	if got := slowest(ten, 0.99); math.Abs(got.v-169) > 0.5 || got.lo != got.v {
		t.Errorf("p99 of ten is %v, want 169", got)
	}
	if got := slowest(ten[:1], 0.99); math.Abs(got.v-100) > 1e-6 {
		t.Errorf("p99 of one is %v, want its own", got.v)
	}
	// A slow one among fast ones decides: the others add little to its own p99.
	if got := slowest([]timesOf{one, one, {p50: point(200), p99: point(1000)}}, 0.99); got.v < 1000 || got.v > 1010 {
		t.Errorf("p99 with a slow one is %v", got.v)
	}
	// Ten calls of which only the p99 is stated: the assumed ratio of 2 to 10 makes the tail beyond it long or short.
	// p50 50 ms: 50·e^(3.0886·ln 2/2.3263) = 125.5; 10 ms: 10·e^(3.0886·ln 10/2.3263) = 212.7.
	guessed := timesOf{p50: interval{lo: 10, v: 25, hi: 50}, p99: point(100)}
	var many []timesOf
	for range 10 {
		many = append(many, guessed)
	}
	if got := slowest(many, 0.99); math.Abs(got.lo-125.5) > 0.5 || math.Abs(got.hi-212.7) > 0.5 || got.v <= got.lo || got.v >= got.hi {
		t.Errorf("slowest of ten with an assumed ratio: %v", got)
	}
	if got := slowest([]timesOf{one, {p50: open("x"), p99: open("x")}}, 0.99); got.known() || got.needs == nil {
		t.Errorf("with an unknown one: %+v", got)
	}
}
