package facts

import (
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

func TestMigrations(t *testing.T) {
	f := load(t, `
system "s" {}
client "web" {
  kind = "web"
  rps  = 40
  call "stock" {
    to          = gateway.edge
    op          = "stock"
    per_request = 0.75
  }
  call "price" {
    to          = gateway.edge
    op          = "price"
    per_request = 0.25
  }
}
client "night" {
  kind = "scheduler"
  call "old" { to = service.old }
}
gateway "edge" {
  call "old" {
    to = service.old
    op = "price"
    on = ["price"]
  }
  call "new" {
    to = service.new
    on = ["stock"]
  }
}
service "old" {
  legacy = true
  call "db" {
    to     = datastore.d
    access = "write"
  }
}
service "new" {
  call "db" {
    to     = datastore.d
    access = "write"
  }
  call "old" {
    to = service.old
    op = "stock"
  }
}
datastore "d" {}
migration "m" {
  legacy = service.old
  facade = gateway.edge
  finish = "2027-03-01"
  route "stock" {
    to     = service.new
    status = "migrated"
  }
  route "price" {
    to      = service.other
    status  = "canary"
    traffic = "25%"
  }
}
service "other" {}`)
	f.params.Today = "2027-02-01"
	m := subject[*MigrationFacts](t, f, "migration", "migration.m")
	certain(t, "progress", m.Progress, (30*1+10*0.25)/40, 1e-9)
	certain(t, "days left", m.DaysLeft, 28, 0)
	if strings.Join(m.FacadeMisses, " ") != "service.other" || len(m.Bypass) != 2 || m.Done.V || m.AllMigrated.V {
		t.Errorf("%+v", m)
	}
	for _, b := range m.Bypass {
		if b.Scheduled.V != (b.From == "client.night") || b.NewSide.V != (b.From == "service.new") {
			t.Errorf("%+v", b)
		}
	}
	r := subject[*RouteFacts](t, f, "route", "migration.m.route.stock")
	if strings.Join(r.LegacyCalls, " ") != "service.new.call.old" || strings.Join(r.SharedStores, " ") != "datastore.d" ||
		strings.Join(r.LegacyWrites, " ") != "datastore.d" || strings.Join(r.UnmarkedCalls, " ") != "client.night.call.old" || r.TwoStores.V {
		t.Errorf("%+v", r)
	}
	certain(t, "served", r.Served, 1, 0)
}

// Routes whose rates nobody knows weigh the same; a canary without a stated share may be anywhere.
func TestProgressWithoutRates(t *testing.T) {
	f := load(t, `
system "s" {}
service "old" { legacy = true }
service "a" {}
service "b" {}
migration "m" {
  legacy = service.old
  route "a" {
    to     = service.a
    status = "migrated"
  }
  route "b" {
    to     = service.b
    status = "canary"
  }
}`)
	p := subject[*MigrationFacts](t, f, "migration", "migration.m").Progress
	if p.HasValue() || p.Lo != 0.5 || p.Hi != 1 || len(p.Needs()) != 1 || p.Needs()[0] != "migration.m.route.b.traffic" {
		t.Errorf("%+v", p)
	}
}

// Eureka's defaults keep a dead instance listed for 210 s: 10 500 requests at 50 a second.
func TestRegistries(t *testing.T) {
	f := load(t, `
system "s" { discovery = registry.eureka }
client "web" {
  kind = "web"
  rps  = 100
  call "a" { to = service.a }
}
service "a" {
  scale = { replicas = 2 }
  call "b" { to = service.b }
}
service "b" {
  scale  = { replicas = 2 }
  region = "eu"
  deploy = { drain = "20s", readiness = true }
}
registry "eureka" {
  engine = "eureka"
  scale  = { replicas = 1 }
}`)
	r := subject[*RegistryFacts](t, f, "registry", "registry.eureka")
	certain(t, "stale", r.Stale, 210_000, 0)
	valued(t, "stale requests", r.StaleRequests, 10_500, 1e-6)
	certain(t, "copies", r.Replicas, 1, 0)
	if !r.UserFacing.V || r.OtherRegion.V || r.AllReady.V || r.Stated.V || r.LegacyUser.V {
		t.Errorf("%+v", r)
	}
	var users []string
	for _, u := range r.Users {
		users = append(users, u.Addr+" "+yes(u.LooksUp)+" "+yes(u.Listed))
	}
	if got := strings.Join(users, ", "); !strings.Contains(got, "service.a true") || !strings.Contains(got, "service.b false true") {
		t.Errorf("users: %s", got)
	}
}

func TestMeshes(t *testing.T) {
	f := load(t, `
system "s" {}
service "a" {
  team  = "one"
  scale = { replicas = 3 }
  call "b" { to = service.b }
  call "b2" {
    to      = service.b
    timeout = "1s"
  }
}
service "b" {
  team  = "two"
  scale = { replicas = 2 }
  call "d" { to = datastore.d }
}
service "c" {}
datastore "d" { data = ["pii"] }
mesh "m" {
  members       = [service.a, service.b]
  control_plane = { replicas = 1 }
}`)
	m := subject[*MeshFacts](t, f, "mesh", "mesh.m")
	certain(t, "proxies", m.Proxies, 5, 0)
	certain(t, "control plane", m.PlaneCopies, 1, 0)
	if strings.Join(m.Data, " ") != "pii" || strings.Join(m.DataMembers, " ") != "service.b" || strings.Join(m.NoLimit, " ") != "service.a.call.b" ||
		strings.Join(m.Teams, " ") != "one two" || m.PolicyLimit.State != model.Absent {
		t.Errorf("%+v", m)
	}
}
