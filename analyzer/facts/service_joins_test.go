package facts

import (
	"slices"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

// A list of 20 orders asks three services; what a cache answers, what writes and what stores hold is no join of services.
func TestJoins(t *testing.T) {
	f := load(t, `
system "s" {}
client "web" {
  kind = "web"
  rps  = 10
  call "list" {
    to = service.orders
    op = "list"
  }
  call "place" {
    to          = service.orders
    op          = "place"
    per_request = 0.5
  }
}
broker "k" { engine = "kafka" }
topic "t" { broker = broker.k }
service "orders" {
  consume "t" { from = topic.t }
  call "users" {
    to          = service.users
    on          = ["list"]
    access      = "read"
    per_request = 20
  }
  call "stock" {
    to          = service.stock
    on          = ["list"]
    access      = "read"
    per_request = 2
  }
  call "prices" {
    to     = service.prices
    on     = ["list", "t"]
    access = "read"
  }
  call "texts" {
    to          = service.texts
    on          = ["list"]
    access      = "read"
    per_request = 20
    cache_hit   = "90%"
  }
  call "book" {
    to     = service.stock
    on     = ["place"]
    access = "write"
  }
  call "ask" {
    to = service.users
    on = ["t"]
  }
  call "db" {
    to     = datastore.d
    access = "read"
  }
}
service "users" {}
service "stock" {}
service "prices" {}
service "texts" {}
datastore "d" {}
`)
	js := subject[*ServiceFacts](t, f, "service", "service.orders").Joins
	if len(js) != 2 {
		t.Fatalf("%d joins, want those of list and t: %+v", len(js), js)
	}
	list := js[slices.IndexFunc(js, func(j Join) bool { return j.Trigger == "list" })]
	certain(t, "services", list.Services, 3, 0)
	certain(t, "most", list.Most, 20, 0)
	certain(t, "total", list.Total, 23, 0)
	certain(t, "rate", list.Rate, 230, 1e-9) // ten lists a second
	if list.MostAt != "service.orders.call.users" || list.MostTo != "service.users" || !slices.Equal(list.To, []string{"service.prices", "service.stock", "service.users"}) {
		t.Errorf("%+v", list)
	}
	m := js[slices.IndexFunc(js, func(j Join) bool { return j.Trigger == "service.orders.consume.t" })]
	if m.Services.State != model.Unknown || m.Services.Lo != 1 || m.Services.Hi != 2 || !slices.Equal(m.Services.Needs(), []string{"service.orders.call.ask.access"}) {
		t.Errorf("of the message: %+v", m)
	}
	if n := len(subject[*ServiceFacts](t, f, "service", "service.users").Joins); n != 0 {
		t.Errorf("users reads from nobody: %d", n)
	}
}

func TestFlagsOfServicesAndClients(t *testing.T) {
	f := load(t, `
system "s" {}
client "web" {
  kind = "web"
  call "edge" { to = gateway.edge }
  call "direct" { to = service.b }
}
gateway "edge" {
  call "a" { to = service.a }
}
service "a" {
  call "c" { to = service.c }
}
service "b" {}
service "c" {}
flag "can" {
  kind = "permission"
  used = [client.web]
}
flag "old" {
  used    = [service.a]
  expires = "2026-01-31"
}
flag "new" {
  used    = [service.a, service.b]
  expires = "2099-01-31"
}
flag "ops" {
  kind = "ops"
  used = [service.a]
}
`)
	f.params.Today = "2026-06-01"
	x := subject[*FlagFacts](t, f, "flag", "flag.can")
	if !slices.Equal(x.First, []string{"service.a", "service.b"}) || x.Enforced.V {
		t.Errorf("%+v", x)
	}
	a := subject[*ServiceFacts](t, f, "service", "service.a")
	if !slices.Equal(a.Release, []string{"flag.new", "flag.old"}) || !slices.Equal(a.Expired, []string{"flag.old"}) {
		t.Errorf("%+v", a.ServiceFlags)
	}
}

func TestNewSideOfAMigration(t *testing.T) {
	f := load(t, `
system "s" {}
service "old" { legacy = true }
service "new" {
  call "old" { to = service.old }
}
service "other" {
  call "old" { to = service.old }
}
migration "m" {
  legacy = service.old
  route "stock" { to = service.new }
}
`)
	n, o := subject[*CallFacts](t, f, "call", "service.new.call.old"), subject[*CallFacts](t, f, "call", "service.other.call.old")
	if !n.NewSide.V || o.NewSide.V || n.Migration.V != "migration.m" || o.Migration.V != "migration.m" {
		t.Errorf("new %+v, other %+v", n.CallAround, o.CallAround)
	}
}
