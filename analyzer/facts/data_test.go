package facts

import (
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

// The known answers of rules.md §1.2: orders announces what it commits to orders_db, 80 times a second.
func TestShopPublishes(t *testing.T) {
	f := shop(t)
	docs := f.Documents("publish")
	if len(docs) != 2 || docs[1].Addr != "service.orders.publish.placed" {
		t.Fatalf("%v", docs)
	}
	p := docs[1].Subject.(*PublishFacts)
	certain(t, "rate", p.Rate, 80, 1e-9)
	certain(t, "lost in 30 s", p.LostPerOutage, 2400, 1e-6)
	w := docs[1].From.Writes
	if len(w) != 1 || w[0].Addr != "datastore.orders_db" || w[0].Via != "service.orders.call.db" || !w[0].Certain.V || w[0].FeedsByCDC.V {
		t.Errorf("writes %+v", w)
	}
	if len(p.Consumers) != 1 || p.Consumers[0].Node != "service.notifications" || p.Consumers[0].Idempotent.V || p.FeedsStep.V || !p.UserFacing.V {
		t.Errorf("%+v", p)
	}
	if len(f.end(f.g.ent("service.orders")).Writes) != 0 {
		t.Error("the stores of a publish leak into the end that all edges share")
	}
}

const relaying = `
system "s" {}
broker "k" { engine = "kafka" }
topic "placed" {
  broker     = broker.k
  partitions = 6
}
client "c" {
  rps = 150
  call "order" {
    to = service.orders
    op = "order"
  }
  call "look" {
    to = service.orders
    op = "look"
  }
}
service "orders" {
  call "db" {
    to     = datastore.db
    on     = ["order"]
    access = "write"
  }
  call "seen" {
    to = datastore.seen
    on = ["look"]
  }
  publish "placed" {
    to     = topic.placed
    on     = ["order"]
    outbox = { store = datastore.other, relay = "polling", poll = "1s", batch = 100 }
  }
}
service "ship" {
  consume "placed" {
    from = topic.placed
    dedup_window = "1d"
  }
  call "db" { to = datastore.ship }
}
datastore "db" {
  kind   = "relational"
  server = "one"
  publish "cdc" { to = topic.placed }
}
datastore "other" {
  kind   = "relational"
  server = "one"
}
datastore "seen" {}
datastore "ship" {}
transaction "t" {
  pattern = "saga"
  step "ship" { in = service.ship }
}
`

func TestRelay(t *testing.T) {
	f := load(t, relaying)
	var p *PublishFacts
	var writes []StoreUse
	for _, d := range f.Documents("publish") {
		if d.Addr == "service.orders.publish.placed" {
			p, writes = d.Subject.(*PublishFacts), d.From.Writes
		}
	}
	certain(t, "relay", p.RelayRate, 100, 1e-9)
	certain(t, "falls behind", p.RelayBehind, 50, 1e-9)
	certain(t, "batch for twice the rate", p.RecBatch, 300, 1e-9)
	certain(t, "rows a day", p.RowsPerDay, 150*86400, 1e-3)
	certain(t, "a week of kafka's retention", p.Consumers[0].Horizon, 7*day, 0)
	if len(writes) != 1 || writes[0].Addr != "datastore.db" || !writes[0].FeedsByCDC.V { // "seen" belongs to another operation
		t.Errorf("writes %+v", writes)
	}
	if o := p.OutboxStore; o.Addr != "datastore.other" || o.Committed.V || !o.SameServer.V || !o.Tx.V {
		t.Errorf("outbox store %+v", o)
	}
	if !p.FeedsStep.V || strings.Join(p.Consumers[0].Touches, " ") != "datastore.ship" {
		t.Errorf("%+v", p)
	}
}

const separated = `
system "s" {}
broker "k" { engine = "kafka" }
topic "changed" { broker = broker.k }
client "c" {
  kind                = "web"
  rps                 = 40
  tolerates_staleness = "5s"
  call "list" {
    to = service.items
    op = "list"
  }
  call "edit" {
    to          = service.items
    op          = "edit"
    per_request = 0.25
  }
}
service "items" {
  scale = { replicas = 2 }
  cqrs  = { write = datastore.items, read = datastore.view, sync = topic.changed, max_staleness = "2s" }
  call "items" {
    to     = datastore.items
    on     = ["edit"]
    access = "write"
  }
  call "view" {
    to     = datastore.view
    on     = ["list"]
    access = "read"
  }
  call "also" {
    to     = datastore.view
    on     = ["edit", "changed"]
    access = "write"
  }
  publish "changed" {
    to     = topic.changed
    on     = ["edit"]
    outbox = { store = datastore.items, relay = "polling", poll = "5s", batch = 10 }
  }
  consume "changed" {
    from    = topic.changed
    latency = { p50 = "100ms", p99 = "400ms" }
  }
}
datastore "items" { kind = "relational" }
datastore "view" { kind = "relational" }
transaction "t" {
  pattern     = "saga"
  consistency = "strong"
  step "edit" { in = service.items }
}
`

func TestSeparatedModels(t *testing.T) {
	f := load(t, separated)
	s := subject[*ServiceFacts](t, f, "service", "service.items")
	certain(t, "poll", s.Poll, 5000, 0)
	certain(t, "lag", s.Lag, 5400, 0)
	certain(t, "a quarter of 2 s", s.RecPoll, 500, 0)
	certain(t, "reads, the write of an edit to the view included", s.Reads, 50, 1e-9)
	certain(t, "reads per write", s.Ratio, 5, 1e-9)
	certain(t, "requests", s.ServiceCQRS.Traffic, 50, 1e-9)
	certain(t, "readers", s.Readers, 1, 0)
	certain(t, "tolerated", s.Tolerated, 5000, 0)
	// 10 changes a second; one takes exp(σ²/2)·100 ms with σ = ln 4/2.326 = 0.596, that is 119.4 ms; two copies do 16.75/s.
	valued(t, "utilisation of the projector", s.SyncUse, 0.597, 0.001)
	if !s.Separate.V || !s.TwoWrites.V || strings.Join(s.TwoCalls, " ") != "service.items.call.items service.items.call.also" {
		t.Errorf("%+v", s.ServiceCQRS)
	}
	if s.SyncType.V != "topic" || len(s.Strong.V) != 1 || s.ReadKind.V != "relational" || strings.Join(s.Applying, " ") != "service.items.consume.changed" {
		t.Errorf("%+v", s.ServiceCQRS)
	}
	sys := f.Documents("system")[0].Subject.(*SystemSubject)
	certain(t, "share", sys.Share, 1, 0)
	if strings.Join(sys.Separating, " ") != "service.items" || len(sys.Pointless) != 0 {
		t.Errorf("%+v", sys.SystemCQRS)
	}
}

func TestEventLog(t *testing.T) {
	f := load(t, `
system "s" {}
broker "k" { engine = "kafka" }
topic "log" { broker = broker.k }
client "c" {
  rps = 20
  call "g" { to = service.front }
}
service "front" {
  call "ledger" {
    to     = service.ledger
    access = "read"
  }
}
service "ledger" {
  team           = "money"
  scale          = { replicas = 1 }
  event_sourcing = { store = topic.log, publishes = topic.log, events_per_entity = 20000 }
  publish "log" { to = topic.log }
}
service "snap" {
  event_sourcing = { store = datastore.log, events_per_entity = 20000, snapshot_every = 500, projections = [datastore.view] }
}
service "reports" {
  team = "office"
  consume "log" { from = topic.log }
}
service "nobody" {
  consume "log" { from = topic.log }
}
datastore "log" { data = ["pii"] }
datastore "view" {}
datastore "plain" {}
`)
	s := subject[*ServiceFacts](t, f, "service", "service.ledger")
	certain(t, "20,000 events", s.Rebuild, 2000, 0)
	certain(t, "retention", s.Retention, 7*day, 0)
	certain(t, "events", s.WriteRate, 20, 1e-9)
	certain(t, "queries", s.Queries, 20, 1e-9)
	if s.StoreType.V != "topic" || !s.OneCopy.V || !s.Queried.V || strings.Join(s.Foreign, " ") != "service.reports" || !s.ForeignAny.V {
		t.Errorf("%+v", s.ServiceEvents)
	}
	certain(t, "with snapshots", subject[*ServiceFacts](t, f, "service", "service.snap").Rebuild, 50, 1e-9)
	if none := subject[*ServiceFacts](t, f, "service", "service.front"); none.Rebuild.State != model.Absent || none.Lag.State != model.Absent {
		t.Errorf("%+v", none)
	}
	for addr, want := range map[string]bool{"datastore.log": true, "datastore.view": true, "datastore.plain": false} {
		if d := subject[*DatastoreFacts](t, f, "datastore", addr); d.EventSourced.V != want {
			t.Errorf("%s: %+v", addr, d)
		}
	}
}

func TestTransactionData(t *testing.T) {
	f := load(t, `
system "s" {}
service "a" {
  region = "eu"
  call "cache" {
    to     = datastore.c
    access = "write"
  }
  call "db" { to = datastore.a }
}
service "b" {
  region = "us"
  call "db" { to = datastore.b }
}
datastore "a" { data = ["financial"] }
datastore "b" {}
datastore "c" { kind = "cache" }
transaction "far" {
  pattern      = "2pc"
  orchestrator = service.a
  timeout      = "6s"
  coordinator  = { replicas = 1 }
  step "a" {
    in     = service.a
    writes = datastore.a
  }
  step "b" { in = service.b }
}
transaction "near" {
  pattern     = "2pc"
  coordinator = { replicas = 3, durable_log = true }
  step "one" {
    in     = service.a
    writes = datastore.a
  }
  step "two" {
    in     = service.a
    writes = datastore.a
  }
}
transaction "open" {
  timeout     = none
  coordinator = { replicas = 3 }
}
`)
	far := subject[*TransactionFacts](t, f, "transaction", "transaction.far")
	near := subject[*TransactionFacts](t, f, "transaction", "transaction.near")
	none := subject[*TransactionFacts](t, f, "transaction", "transaction.open")
	certain(t, "two round trips over the ocean", far.LockTime, 120, 0)
	certain(t, "changes of one row", far.RowRate, 1000.0/120, 1e-9)
	certain(t, "timeout", far.LockLimit, 6000, 0)
	if far.OwnStore.V != "datastore.a" || far.OneStore.State != model.Absent || !far.Financial.V || far.Survives.V || far.Survives.State == model.Unknown {
		t.Errorf("%+v", far.TransactionData)
	}
	certain(t, "two round trips between zones", near.LockTime, 2, 0)
	if near.OneStore.V != "datastore.a" || !near.Survives.V || near.LockLimit.State != model.Unknown || near.FirstService != "service.a" {
		t.Errorf("%+v", near.TransactionData)
	}
	if none.Survives.State != model.Unknown || strings.Join(none.Survives.Needs(), " ") != "transaction.open.coordinator.durable_log" || !(none.LockLimit.V > 1e300) {
		t.Errorf("%+v", none.TransactionData)
	}
}

// Nothing says that one request makes both calls; it is likely only where they are meant to write.
func TestOneUnitOfWork(t *testing.T) {
	for _, c := range []struct {
		stock, pay string
		want       bool
	}{
		{"", "", false},
		{`access = "write"`, "", false},
		{`access = "write"`, `access = "write"`, true},
		{`op = "reserve"`, "idempotent = true", true},
	} {
		f := load(t, "system \"s\" {}\n"+twoStores+`
service "orders" {
  call "stock" {
    to = service.stock
    `+c.stock+`
  }
  call "pay" {
    to = service.pay
    `+c.pay+`
  }
}`)
		w := subject[*WriteSetFacts](t, f, "write_set", "service.orders")
		if w.OneUnit.State != model.Assumed || w.OneUnit.V != c.want {
			t.Errorf("%q and %q: %+v", c.stock, c.pay, w.OneUnit)
		}
	}
}
