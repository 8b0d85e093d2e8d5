package facts

import (
	"slices"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

const page = `
system "s" { slo = { availability = "99.9%", latency_p99 = "300ms" } }
client "web" {
  kind = "web"
  rps  = 10
  call "page" { to = gateway.page }
}
gateway "page" {
  kind  = "aggregator"
  scale = { replicas = 1 }
  call "a" {
    to     = service.a
    access = "read"
  }
  call "b" {
    to     = service.b
    access = "read"
  }
  call "c" {
    to     = service.c
    access = "read"
  }
  call "order" { to = service.orders }
  call "bill" { to = service.billing }
}
service "a" {
  availability = "99.9%"
  latency      = { p50 = "20ms", p99 = "120ms" }
}
service "b" {
  availability = "99.9%"
  latency      = { p50 = "20ms", p99 = "120ms" }
}
service "c" {
  availability = "99%"
  latency      = { p50 = "20ms", p99 = "140ms" }
}
service "orders" {
  availability = "100%"
  call "db" { to = datastore.orders }
}
service "billing" {
  availability = "100%"
  call "db" { to = datastore.bills }
}
datastore "orders" {
  kind         = "relational"
  availability = "100%"
}
datastore "bills" {
  kind         = "relational"
  availability = "100%"
}
`

func TestAggregatorFansOut(t *testing.T) {
	f := load(t, page)
	w := subject[*WorkloadFacts](t, f, "workload", "gateway.page")
	certain(t, "serial sum", w.SerialSum, 380, 0)
	certain(t, "longest", w.SerialMost, 140, 0)
	certain(t, "saved", w.SerialSaved, 240, 0)
	certain(t, "limit", w.SerialLimit, 300, 0)
	certain(t, "availability of the branches", w.BranchAvail, 0.999*0.999*0.99, 1e-12)
	if len(w.HardBranches) != 5 {
		t.Errorf("hard branches %v", w.HardBranches)
	}
	// Without the read of c the rest still has 99.8 %, without a or b as well it meets 99.9 %.
	if !slices.Equal(w.Soften, []string{"gateway.page.call.c", "gateway.page.call.a"}) {
		t.Errorf("soften %v", w.Soften)
	}
}

func TestGatewayWritesStoresOfTwoServices(t *testing.T) {
	f := load(t, page)
	g := subject[*GatewayFacts](t, f, "gateway", "gateway.page")
	if !g.BranchMaybe.V || g.Transacted.V ||
		!slices.Equal(g.Branches, []string{"gateway.page.call.bill", "gateway.page.call.order"}) ||
		!slices.Equal(g.BranchStores, []string{"datastore.bills", "datastore.orders"}) {
		t.Errorf("branches %v of %v", g.Branches, g.BranchStores)
	}
	certain(t, "loss allowed", g.BudgetLoss, 43.2, 1e-9) // 0.1 % of 30 days
	if g.SlowestTo != "service.c" || g.SlowestP99.V != 140 || !slices.Equal(g.ClientsFirst, []string{"client.web"}) {
		t.Errorf("slowest %s %v, clients %v", g.SlowestTo, g.SlowestP99.V, g.ClientsFirst)
	}
	// The same calls as alternatives of a router are requests of their own.
	f = load(t, `
system "s" {}
client "web" {
  call "x" { to = gateway.edge }
}
gateway "edge" {
  call "order" { to = service.orders }
  call "bill" { to = service.billing }
}
service "orders" {
  call "db" { to = datastore.orders }
}
service "billing" {
  call "db" { to = datastore.bills }
}
datastore "orders" { kind = "relational" }
datastore "bills" { kind = "relational" }
`)
	if g := subject[*GatewayFacts](t, f, "gateway", "gateway.edge"); g.BranchMaybe.V || len(g.Branches) > 0 {
		t.Errorf("a router writes %v in one request", g.Branches)
	}
}

// 50,000 sockets on three servers: the two that are left after a loss hold 25,000 each; with 20,000 per server four are
// needed. Two thirds of the clients are connected elsewhere. Of two gateways the one that hangs up first counts.
func TestSocketServers(t *testing.T) {
	f := load(t, `
system "s" {}
client "app" {
  kind        = "mobile"
  realtime    = "bidirectional"
  connections = 50000
  call "chat" { to = gateway.edge }
}
gateway "edge" {
  kind         = "proxy"
  idle_timeout = "60s"
  call "inner" { to = gateway.inner }
}
gateway "inner" {
  idle_timeout = "5m"
  call "chat" { to = service.chat }
}
service "chat" {
  scale  = { replicas = 3 }
  deploy = { strategy = "rolling" }
  api "websocket" { max_connections = 20000 }
}
`)
	a := subject[*APIFacts](t, f, "api", "service.chat.api.websocket")
	certain(t, "connections", a.Connections, 50_000, 0)
	certain(t, "after a loss", a.PerSurvivor, 25_000, 0)
	certain(t, "replicas", a.EnoughCopies, 4, 0)
	certain(t, "elsewhere", a.Elsewhere, 2.0/3, 1e-12)
	certain(t, "idle timeout", a.IdleTimeout, 60_000, 0)
	certain(t, "heartbeat", a.RecHeartbeat, 30_000, 0)
	certain(t, "reconnects", a.Reconnects, 50_000/30.0, 1e-9) // within the default grace of 30 s
	if a.IdleHop != "gateway.edge" || !a.NeedsPush.V || !a.Terminates.V || a.Drain.State != model.Absent {
		t.Errorf("%+v", a.APISocket)
	}
}
