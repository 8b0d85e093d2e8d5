package facts

import (
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

// what a trigger of orders does in the cases below; the stores of stock and pay are their own.
const twoStores = `
service "stock" {
  call "db" { to = datastore.stock_db }
}
service "pay" {
  call "db" { to = datastore.pay_db }
}
datastore "stock_db" { kind = "relational" }
datastore "pay_db" { kind = "relational" }
client "c" {
  kind = "web"
  rps  = 10
  call "order" { to = service.orders }
}
`

func TestWriteSets(t *testing.T) {
	for _, c := range []struct{ name, hcl, want string }{
		{"two services that write for one request", twoStores + `
service "orders" {
  call "stock" { to = service.stock }
  call "pay" { to = service.pay }
}`, "service.orders: trigger datastore.stock_db datastore.pay_db independent 2 assumed named false user true"},
		{"a transaction names them", twoStores + `
service "orders" {
  call "stock" { to = service.stock }
  call "pay" { to = service.pay }
}
transaction "order" {
  pattern      = "saga"
  orchestrator = service.orders
  step "stock" { in = service.stock }
  step "pay" { in = service.pay }
}`, "service.orders: trigger datastore.stock_db datastore.pay_db independent 2 assumed named true user true\n" +
			"transaction.order: transaction datastore.stock_db datastore.pay_db independent 2 derived named true user true"},
		{"the caller's one call reaches both", twoStores + `
service "orders" {
  call "shop" { to = service.shop }
}
service "shop" {
  call "stock" { to = service.stock }
  call "pay" { to = service.pay }
}`, "service.shop: trigger datastore.stock_db datastore.pay_db independent 2 assumed named false user true"},
		{"one of them is read only", twoStores + `
service "orders" {
  call "stock" { to = service.stock }
  call "pay" {
    to     = service.pay
    access = "read"
  }
}`, ""},
		{"two operations are two units of work", strings.Replace(twoStores, `call "order" { to = service.orders }`, `call "order" {
    to = service.orders
    op = "order"
  }
  call "pay" {
    to = service.orders
    op = "pay"
  }`, 1) + `
service "orders" {
  call "stock" {
    to = service.stock
    on = ["order"]
  }
  call "pay" {
    to = service.pay
    on = ["pay"]
  }
}`, ""},
		{"calls that share an operation", strings.Replace(twoStores, `call "order" { to = service.orders }`, `call "order" {
    to = service.orders
    op = "order"
  }`, 1) + `
service "orders" {
  call "stock" {
    to = service.stock
    on = ["order"]
  }
  call "pay" {
    to = service.pay
    on = ["order"]
  }
}`, "service.orders: trigger datastore.stock_db datastore.pay_db independent 2 derived named false user true"},
		{"a cache is derived", `
service "orders" {
  call "db" { to = datastore.d }
  call "cache" {
    to     = datastore.c
    access = "write"
  }
}
datastore "d" { kind = "relational" }
datastore "c" { kind = "cache" }`, ""},
		{"the second write is caused by a message", twoStores + `
broker "k" {}
topic "t" { broker = broker.k }
service "orders" {
  call "stock" { to = service.stock }
  publish "t" { to = topic.t }
}
service "payer" {
  consume "t" { from = topic.t }
  call "pay" { to = service.pay }
}`, ""},
		{"on a message", twoStores + `
broker "k" {}
topic "t" { broker = broker.k }
service "orders" {
  publish "t" { to = topic.t }
}
service "worker" {
  consume "t" { from = topic.t }
  call "stock" { to = service.stock }
  call "pay" { to = service.pay }
}`, "service.worker.consume.t: trigger datastore.stock_db datastore.pay_db independent 2 assumed named false user true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := load(t, "system \"s\" {}\n"+c.hcl)
			got := subjects(f, "write_set", func(w *WriteSetFacts) string {
				var stores []string
				for _, s := range w.Stores {
					stores = append(stores, s.Addr)
				}
				return w.Of.V + " " + strings.Join(stores, " ") + " independent " + number(w.Independent.V) + " " + w.OneUnit.State.String() +
					" named " + yes(w.Named) + " user " + yes(w.UserFacing)
			})
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func yes(f Flag) string {
	if f.V {
		return "true"
	}
	return "false"
}

// The known answers of rules.md §1.2: 80 checkouts a second, 2.65 s each where no timeout is stated.
func TestShopTransaction(t *testing.T) {
	f := shop(t)
	x := f.Documents("transaction")[0].Subject.(*TransactionFacts)
	valued(t, "rate", x.Rate, 80, 1e-9)
	valued(t, "worst case", x.WorstCase, 2650, 1e-9)
	valued(t, "in flight", x.InFlight, 212, 1e-9)
	certain(t, "latency objective", x.LatencySLO, 1000, 0)
	if !x.Synchronous.V || x.EventLoop.V || strings.Join(x.Externals, " ") != "external.stripe" || len(x.StepsHeld) != 1 {
		t.Errorf("%+v", x)
	}
	valued(t, "broken per day", f.Documents("write_set")[0].Subject.(*WriteSetFacts).BrokenPerDay, 80*(1-0.999*0.999*0.999)*86400, 1e-6)
	var steps []string
	for _, d := range f.Documents("step") {
		s := d.Subject.(*StepFacts)
		steps = append(steps, string(d.Addr)+" before "+yes(s.BeforePivot)+" last "+yes(s.Last)+" reads "+yes(s.ReadOnly)+" "+strings.Join(s.Stores, " "))
	}
	want := "transaction.checkout.step.charge before false last true reads false datastore.payments_db\n" +
		"transaction.checkout.step.reserve before true last false reads false datastore.catalog_db"
	if got := strings.Join(steps, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTransactionOrder(t *testing.T) {
	f := load(t, `
system "s" {}
service "a" {
  call "x" { to = external.x }
  call "db" { to = datastore.a }
}
service "b" {
  call "db" { to = datastore.b }
}
external "x" { availability = "99%" }
datastore "a" {
  xa     = true
  server = "one"
}
datastore "b" {
  xa     = false
  server = "one"
}
transaction "t" {
  pattern = "2pc"
  step "ship" {
    in   = service.a
    type = "pivot"
  }
  step "charge" {
    in         = service.b
    type       = "compensatable"
    compensate = "refund"
  }
}
transaction "u" {
  pattern = "saga"
  step "b" { in = service.b }
}
waiver "RES-001" {
  subject = service.a
  reason  = "on purpose"
  owner   = "team"
  expires = "2026-01-31"
}
waiver "RES-002" {
  subject = "journey.gone/away"
  reason  = "on purpose"
  owner   = "team"
  expires = "2026-03-01"
}`)
	f.params.Today = "2026-02-01"
	x := f.Documents("transaction")[0].Subject.(*TransactionFacts)
	if strings.Join(x.Pivots, " ") != "transaction.t.step.ship" || strings.Join(x.Misordered, " ") != "transaction.t.step.charge" || !x.OneServer.V {
		t.Errorf("pivots %v, misordered %v", x.Pivots, x.Misordered)
	}
	var parts []string
	for _, p := range x.Participants {
		parts = append(parts, p.Addr+" "+p.XA.State.String()+" "+yes(p.XA))
	}
	if got := strings.Join(parts, ", "); got != "datastore.a stated true, datastore.b stated false, external.x derived false" {
		t.Errorf("participants: %s", got)
	}
	if len(x.Others) != 1 || x.Others[0].Addr != "transaction.u" || strings.Join(x.Others[0].Stores, " ") != "datastore.b" {
		t.Errorf("others: %+v", x.Others)
	}
	for _, d := range f.Documents("waiver") {
		w := d.Subject.(*WaiverFacts)
		switch w.Rule {
		case "RES-001":
			certain(t, "days left", w.DaysLeft, -1, 0)
			if !w.Expired.V || !w.Exists.V {
				t.Errorf("%+v", w)
			}
		case "RES-002":
			certain(t, "days left", w.DaysLeft, 28, 0)
			if w.Expired.V || w.Exists.V {
				t.Errorf("%+v", w)
			}
		}
	}
}

// No document holds a null, and every field of its schema is there.
func TestDocumentsAreTotal(t *testing.T) {
	f := shop(t)
	for _, kind := range Kinds() {
		for _, d := range f.Documents(kind) {
			total(t, kind, d.Addr, d.JSON())
		}
	}
}

func total(t *testing.T, path string, addr model.Addr, v any) {
	switch x := v.(type) {
	case nil:
		t.Errorf("%s of %s is null", path, addr)
	case map[string]any:
		for k, e := range x {
			total(t, path+"."+k, addr, e)
		}
	case []any:
		for _, e := range x {
			total(t, path+"[]", addr, e)
		}
	case []string:
		if x == nil {
			t.Errorf("%s of %s is null", path, addr)
		}
	}
}
