package facts

import (
	"slices"
	"testing"
)

// Six calls over a cellular network cost five round trips of 120 ms after the first; four calls 360 ms.
func TestClientTrips(t *testing.T) {
	f := load(t, `
system "s" { slo = { availability = "99.9%", latency_p99 = "800ms" } }
client "app" {
  kind = "mobile"
  call "a" {
    to       = service.a
    parallel = "page"
  }
  call "b" {
    to          = service.b
    per_request = 3
    parallel    = "page"
    polling     = "4s"
  }
}
client "web" {
  kind = "web"
  call "list" {
    to = gateway.g
    op = "list"
  }
  call "rest" { to = gateway.g }
}
gateway "g" {
  api "graphql" {}
  call "a" {
    to = service.a
    on = ["list"]
  }
  call "b" {
    to = service.b
    on = ["list"]
  }
}
service "a" { latency = { p99 = "90ms" } }
service "b" {
  latency = { p99 = "120ms" }
  api "sse" {}
}
`)
	app, web := subject[*ClientFacts](t, f, "client", "client.app"), subject[*ClientFacts](t, f, "client", "client.web")
	certain(t, "trips", app.Trips, 4, 0)
	certain(t, "time of the trips after the first", app.TripsTime, 360, 0)
	certain(t, "backends", app.Backends, 2, 0)
	certain(t, "answer", app.AnswerTime, 120, 0)
	certain(t, "patience", app.Patience, 800, 0)
	certain(t, "polling", app.Polls, 4000, 0)
	if !app.Parallel.V || app.GraphQL.V || !app.SSE.V || app.BFF.V {
		t.Errorf("app: %+v", app)
	}
	certain(t, "web: services", web.Reached, 3, 0) // a and b by the operation, the gateway for the rest
	if web.Parallel.V || !web.GraphQL.V || !web.Objective.V || web.Polls.HasValue() {
		t.Errorf("web: %+v", web)
	}
}

func TestShopGateways(t *testing.T) {
	f := shop(t)
	edge, bff := subject[*GatewayFacts](t, f, "gateway", "gateway.edge"), subject[*GatewayFacts](t, f, "gateway", "gateway.mobile_bff")
	if !slices.Equal(bff.ClientKinds, []string{"mobile"}) || len(bff.NotServed) != 0 || !slices.Equal(edge.AllKinds, []string{"mobile", "web"}) {
		t.Errorf("bff: %v, not served %v; all %v", bff.ClientKinds, bff.NotServed, edge.AllKinds)
	}
	certain(t, "services behind edge", edge.Services, 2, 0)
	certain(t, "error budget", edge.ErrorBudget, 43.2*minute, 1e-3)
	certain(t, "slowest", edge.Slowest.P99, 950, 0)
	if edge.Slowest.Addr != "service.payments" || !edge.Facade.V || !edge.Offloads.V || !edge.HasPublic.V || len(edge.WritesApart) != 0 {
		t.Errorf("edge: %+v", edge)
	}
}

// A composing gateway that writes in two services, and one that a transaction covers.
func TestWritesApart(t *testing.T) {
	hcl := `
system "s" {}
client "web" {
  kind = "web"
  call "x" { to = gateway.g }
}
gateway "g" {
  kind   = "aggregator"
  serves = [client.other]
  call "a" {
    to     = service.a
    access = "write"
  }
  call "b" {
    to     = service.b
    access = "write"
  }
  call "c" {
    to     = service.b
    access = "read"
  }
  call "d" {
    to     = datastore.sessions
    access = "write"
  }
}
client "other" { kind = "web" }
service "a" {}
service "b" {}
datastore "sessions" { kind = "cache" }
`
	g := subject[*GatewayFacts](t, load(t, hcl), "gateway", "gateway.g")
	if want := []string{"gateway.g.call.a", "gateway.g.call.b", "gateway.g.call.d"}; !slices.Equal(g.WritesApart, want) {
		t.Errorf("writes apart %v, want %v", g.WritesApart, want)
	}
	if len(g.WritesTo) != 0 || !slices.Equal(g.NotServed, []string{"client.web"}) || !slices.Equal(g.NotCalling, []string{"client.other"}) {
		t.Errorf("writes to %v, not served %v, not calling %v", g.WritesTo, g.NotServed, g.NotCalling)
	}
	g = subject[*GatewayFacts](t, load(t, hcl+`
transaction "t" {
  pattern = "saga"
  step "a" { in = service.a }
  step "b" { in = service.b }
}
`), "gateway", "gateway.g")
	if len(g.WritesApart) != 0 {
		t.Errorf("a transaction covers %v", g.WritesApart)
	}
}
