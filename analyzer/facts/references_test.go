package facts

import (
	"reflect"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

// factType is the interface of every attribute.
var factType = reflect.TypeFor[model.Fact]()

// everyRef reads every attribute of a block by reflection: slow, and sure to miss none.
func everyRef(v reflect.Value, add func(model.Addr)) {
	for i := range v.NumField() {
		field := v.Field(i)
		if field.Kind() != reflect.Struct || !v.Type().Field(i).IsExported() {
			continue
		}
		if !field.Addr().Type().Implements(factType) {
			everyRef(field, add)
			continue
		}
		fact := field.Addr().Interface().(model.Fact)
		if o := fact.Source(); o != nil && o.From != "" {
			add(model.Addr(o.From))
		}
		switch x := fact.Any().(type) {
		case model.Addr:
			add(x)
		case []model.Addr:
			for _, a := range x {
				add(a)
			}
		case string:
			if strings.Contains(x, ".") {
				add(model.Addr(x))
			}
		case nil:
		default:
			if p := reflect.ValueOf(x); p.Kind() == reflect.Pointer && p.Elem().Kind() == reflect.Struct {
				everyRef(p.Elem(), add)
			}
		}
	}
}

// Nothing that an attribute refers to is called unused: the short list of attributes agrees with all of them.
func TestReferencesAreComplete(t *testing.T) {
	const everything = `
system "s" {
  policy    = policy.p1
  discovery = registry.r1
}
policy "p1" { timeout = "1s" }
policy "p2" { retry = { max_attempts = 2 } }
policy "p3" { deadline = "1s" }
policy "p4" { timeout = "2s" }
policy "p5" { timeout = "3s" }
client "c" {
  kind   = "web"
  policy = policy.p3
  call "g" { to = gateway.g }
}
gateway "g" {
  serves  = [client.c]
  inbound = policy.p2
  call "a" { to = service.a }
}
service "a" {
  policy         = policy.p5
  cqrs           = { write = datastore.w, read = datastore.r, sync = topic.t1 }
  event_sourcing = { store = datastore.e, projections = [datastore.proj], publishes = topic.t2 }
  api "websocket" { backplane = topic.back }
  sidecar "x" { store = datastore.side }
  call "b" {
    to        = service.b
    policy    = policy.p4
    discovery = registry.r2
    fallback  = service.fb
  }
  publish "t" {
    to     = topic.t3
    outbox = { store = datastore.out }
  }
}
service "b" {}
service "fb" {}
service "d" {
  consume "t3" {
    from        = topic.t3
    dead_letter = queue.dead
  }
}
service "old" { legacy = true }
service "step" {}
datastore "w" { owner = service.owner }
service "owner" {}
datastore "r" {}
datastore "e" { kind = "event_store" }
datastore "proj" {}
datastore "side" {}
datastore "out" { kind = "relational" }
datastore "state" {}
datastore "written" {}
broker "k" {}
topic "t1" { broker = broker.k }
topic "t2" { broker = broker.k }
topic "t3" { broker = broker.k }
topic "back" { broker = broker.k }
topic "via" { broker = broker.k }
queue "dead" { engine = "sqs" }
queue "work" {
  broker      = broker.k2
  dead_letter = queue.dead2
}
broker "k2" {}
queue "dead2" { engine = "sqs" }
registry "r1" {}
registry "r2" {}
external "flags" {}
transaction "tx" {
  orchestrator = service.orch
  state        = datastore.state
  step "one" {
    in     = service.step
    writes = datastore.written
    via    = topic.via
  }
}
service "orch" {}
migration "m" {
  legacy          = service.old
  facade          = gateway.g
  anti_corruption = service.acl
  route "r" {
    to   = service.new
    flag = flag.f
  }
}
service "acl" {}
service "new" {}
flag "f" {
  used     = [service.a]
  provider = external.flags
}
mesh "m" {
  members = [service.a, service.b]
  policy  = policy.p6
}
policy "p6" { timeout = "4s" }
waiver "RES-001" {
  subject = service.waived
  reason  = "r"
  owner   = "o"
  expires = "2027-01-01"
}
service "waived" {}
`
	shopModel, _ := dsl.Load([]string{"../../examples/shop/system.hcl"}, dsl.Options{})
	for _, f := range []*Facts{load(t, everything), Compute(shopModel, DefaultParams())} {
		want := map[model.Addr]bool{}
		f.m.Each(func(e model.Entity) {
			everyRef(reflect.ValueOf(e).Elem(), func(a model.Addr) {
				if _, isWaiver := e.(*model.Waiver); a != e.Self().Addr && f.m.Lookup(a) != nil && !isWaiver {
					want[a] = true
				}
			})
		})
		got := f.refs()
		for a := range want {
			if _, edge := f.g.byAd[a]; !got[a] && !(edge && f.connected(a)) {
				t.Errorf("something refers to %s", a)
			}
		}
		for a := range got {
			if !want[a] && f.m.Lookup(a) != nil {
				t.Errorf("nothing refers to %s", a)
			}
		}
	}
	if f := load(t, everything); f.connected("service.waived") {
		t.Error("a waiver is no use of a service")
	}
}
