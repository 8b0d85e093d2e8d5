package dsl

import (
	"fmt"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

const accessModel = `
client "web" {
  call "edge" { to = gateway.edge }
  call "sum" { to = gateway.sum }
}
gateway "edge" {
  call "browse" { to = service.catalog }
  call "order" { to = service.orders }
}
gateway "sum" {
  kind = "aggregator"
  call "browse" { to = service.catalog }
  call "order" { to = service.orders }
}
gateway "reads" {
  call "browse" { to = service.catalog }
}
service "catalog" {
  call "db" {
    to     = datastore.shared
    access = "read"
  }
  call "cache" { to = datastore.cache }
}
service "orders" {
  call "db" { to = datastore.orders }
  call "pay" { to = service.payments }
  call "look" {
    to = service.stock
    op = "look"
  }
  call "reserve" {
    to = service.stock
    op = "reserve"
  }
  call "stock" { to = service.stock }
  call "mail" { to = service.mailer }
  call "ping" { to = service.pinger }
  call "ring" { to = service.ring_a }
  call "loop" { to = service.loop_a }
  call "lamp" { to = service.lamp }
}
service "stock" {
  call "shared" {
    to     = datastore.shared
    on     = ["reserve"]
    access = "write"
  }
}
service "payments" {
  call "bank" { to = external.bank }
}
service "mailer" {
  publish "mail" { to = queue.mails }
}
service "pinger" {
  call "cache" { to = datastore.cache }
  publish "seen" {
    to   = queue.mails
    loss = "tolerable"
  }
}
service "ring_a" {
  call "b" { to = service.ring_b }
}
service "ring_b" {
  call "a" { to = service.ring_a }
  call "cache" { to = datastore.cache }
}
service "loop_a" {
  call "b" { to = service.loop_b }
}
service "loop_b" {
  call "a" { to = service.loop_a }
}
service "lamp" {}
service "guest" {
  call "db" { to = datastore.owned }
  call "reads" { to = gateway.reads }
}
service "host" {
  call "db" { to = datastore.owned }
}
datastore "shared" {}
datastore "cache" { kind = "cache" }
datastore "orders" {}
datastore "owned" { owner = service.host }
external "bank" {}
queue "mails" { engine = "sqs" }
`

func TestAccess(t *testing.T) {
	m := parsed(t, accessModel)
	for addr, want := range map[model.Addr]string{
		"service.catalog.call.cache":  "read",    // a cache
		"service.orders.call.db":      "write",   // its only user
		"service.host.call.db":        "write",   // its owner
		"service.guest.call.db":       "",        // a guest in somebody's store
		"service.orders.call.pay":     "",        // what the bank does is not in the model
		"service.orders.call.look":    "read",    // an operation without effect
		"service.orders.call.reserve": "write",   // the operation that the store is used by
		"service.orders.call.stock":   "",        // one of two operations writes
		"service.orders.call.mail":    "write",   // a message that must not get lost
		"service.orders.call.ping":    "read",    // one that may
		"service.orders.call.ring":    "read",    // a cycle in which nothing writes
		"service.orders.call.loop":    "",        // a cycle that leads to no store: what it keeps is not in the model
		"service.orders.call.lamp":    "",        // neither is what this one keeps
		"gateway.edge.call.browse":    "read",    //
		"gateway.edge.call.order":     "write",   // every request of orders writes its store
		"client.web.call.edge":        "",        // one of two routes
		"client.web.call.sum":         "write",   // an aggregator makes both calls
		"service.guest.call.reads":    "read",    // every route reads
		"service.payments.call.bank":  "",        //
		"service.catalog.call.db":     "stated!", //
	} {
		e := at[*model.Call](t, m, addr)
		switch {
		case want == "":
			is(t, string(addr), e.Access, "", model.Unknown, "")
		case want == "stated!":
			is(t, string(addr), e.Access, "read", model.Stated, "")
		default:
			is(t, string(addr), e.Access, want, model.Derived, "")
		}
	}
	is(t, "owner by use", at[*model.Datastore](t, m, "datastore.orders").Owner, "service.orders", model.Derived, "")
	is(t, "owner of a shared store", at[*model.Datastore](t, m, "datastore.shared").Owner, "", model.Absent, "")
}

func TestIdempotence(t *testing.T) {
	m := parsed(t, `
service "a" {
  call "reads" { to = service.reader }
  call "pay" { to = service.payer }
  call "audit" {
    to = service.payer
    op = "audit"
  }
  call "step" { to = service.stepper }
  call "other" { to = service.writer }
  call "stated" {
    to         = service.payer
    idempotent = true
  }
  call "refused" {
    to         = service.reader
    idempotent = false
  }
}
service "reader" {
  call "c" { to = datastore.cache }
}
service "payer" {
  call "ledger" {
    to = datastore.ledger
    on = ["charge"]
  }
  call "log" { to = datastore.log }
}
service "b" {
  call "charge" {
    to = service.payer
    op = "charge"
  }
}
service "stepper" {
  call "db" { to = datastore.steps }
}
service "writer" {
  call "db" { to = datastore.plain }
}
datastore "cache" { kind = "cache" }
datastore "ledger" { data = ["financial"] }
datastore "log" {}
datastore "steps" {}
datastore "plain" {}
transaction "t" {
  step "one" { in = service.stepper }
}
`)
	call := func(name string) model.Value[bool] {
		return at[*model.Call](t, m, model.Addr("service."+name)).Idempotent
	}
	is(t, "a read", call("a.call.reads"), true, model.Default, "")
	is(t, "a payment", call("a.call.pay"), false, model.Absent, "")
	is(t, "another operation of payments", call("a.call.audit"), false, model.Unknown, "")
	is(t, "the ledger", call("payer.call.ledger"), false, model.Absent, "")
	is(t, "a step", call("a.call.step"), false, model.Absent, "")
	is(t, "another write", call("a.call.other"), false, model.Unknown, "")
	is(t, "stated", call("a.call.stated"), true, model.Stated, "")
	is(t, "refused", call("a.call.refused"), false, model.Stated, "")
}

// bigModel is a raw chain of services with calls to the next ones and a store each, members of a mesh with a policy.
func bigModel(services, calls int) *model.Model {
	block := func(kind model.Kind, parent model.Addr, label string) model.Block {
		addr := model.Addr(string(kind) + "." + label)
		if parent != "" {
			addr = parent + "." + addr
		}
		return model.Block{Addr: addr, Kind: kind, Label: label, Parent: parent}
	}
	m := &model.Model{System: &model.System{Block: block(model.KindSystem, "", "big"), Platform: model.Of("kubernetes", model.Stated),
		Policy: model.Of(model.Addr("policy.rpc"), model.Stated)}}
	rpc := &model.Policy{Block: block(model.KindPolicy, "", "rpc")}
	rpc.Retry = model.Of(&model.Retry{}, model.Stated)
	rpc.CircuitBreaker = model.Of(&model.CircuitBreaker{}, model.Stated)
	m.Policies = append(m.Policies, rpc)
	mesh := &model.Mesh{Block: block(model.KindMesh, "", "m")}
	name := func(prefix string, i int) string { return fmt.Sprintf("%s%d", prefix, i) }
	for i := range services {
		s := &model.Service{Block: block(model.KindService, "", name("s", i))}
		d := &model.Datastore{Block: block(model.KindDatastore, "", name("d", i))}
		to := []model.Addr{d.Addr}
		for j := 1; j < calls && i+j < services; j++ {
			to = append(to, model.Addr(name("service.s", i+j)))
		}
		for j, a := range to {
			s.Calls = append(s.Calls, &model.Call{Block: block(model.KindCall, s.Addr, name("c", j)), To: model.Of(a, model.Stated)})
		}
		m.Services, m.Datastores = append(m.Services, s), append(m.Datastores, d)
		mesh.Members.V = append(mesh.Members.V, s.Addr)
	}
	mesh.Members.State = model.Stated
	m.Meshes = append(m.Meshes, mesh)
	m.Index()
	return m
}

// A chain however long and a full graph are completed once: every call to a service that writes its own store writes.
func TestAccessOfManyServices(t *testing.T) {
	m := bigModel(500, 5)
	inherit(m)
	is(t, "first", m.Services[0].Calls[1].Access, "write", model.Derived, "")
	is(t, "last", m.Services[498].Calls[1].Access, "write", model.Derived, "")
}

func BenchmarkInherit5000Calls(b *testing.B) {
	models := make([]*model.Model, b.N)
	for i := range models {
		models[i] = bigModel(1000, 5)
	}
	b.ResetTimer()
	for i := range models {
		inherit(models[i])
	}
}
