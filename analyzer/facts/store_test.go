package facts

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) store(t testing.TB, addr model.Addr) *StoreFacts {
	t.Helper()
	for _, d := range f.Documents("store") {
		if d.Addr == addr {
			return d.Subject.(*StoreFacts)
		}
	}
	t.Fatalf("no store %s", addr)
	return nil
}

// The known answers of rules.md §1.2.
func TestShopStores(t *testing.T) {
	f := shop(t)
	c := f.store(t, "datastore.catalog_db")
	if got := strings.Join(c.KnownWriters, " ") + " / " + strings.Join(c.Readers, " "); got != "service.erp service.inventory / service.catalog" {
		t.Errorf("catalog_db: %s", got)
	}
	certain(t, "writers", c.Writers, 2, 0)
	valued(t, "rate", c.Rate, 152, 1e-9)
	valued(t, "rate without caches", c.RateUncached, 800, 1e-9)
	if c.Migration.V != "migration.erp" || !c.WriterWaits.V || c.UtilUncached.HasValue() || !slices.Contains(c.UtilUncached.Needs(), "datastore.catalog_db.capacity") {
		t.Errorf("catalog_db: %+v %+v", c.Migration, c.UtilUncached)
	}
	o := f.store(t, "datastore.orders_db")
	certain(t, "connections", o.Connections, 80, 0)
	certain(t, "connections at surge", o.AtSurge, 100, 0)
	certain(t, "usable", o.Usable, 90, 1e-9)
	certain(t, "pool", o.RecPool, 18, 0)
	if o.SurgeBy != "service.orders" || o.SurgeStrategy.V != "rolling" {
		t.Errorf("surge by %s, %v", o.SurgeBy, o.SurgeStrategy)
	}
}

func TestStores(t *testing.T) {
	f := load(t, `
system "s" {}
client "c" {
  kind = "web"
  rps  = 900
  call "r" {
    to     = service.reader
    access = "read"
  }
}
client "w" {
  kind = "web"
  rps  = 30
  call "w" { to = service.writer }
}
client "night" {
  kind = "scheduler"
  call "p" { to = service.purge }
}
service "reader" {
  team  = "a"
  scale = { replicas = 10 }
  call "db" {
    to     = datastore.d
    access = "read"
    pool   = 5
  }
}
service "writer" {
  team   = "a"
  scale  = { replicas = 4 }
  deploy = { strategy = "blue_green" }
  call "db" {
    to          = datastore.d
    access      = "write"
    write_ratio = "100%"
    pool        = 10
  }
}
service "purge" {
  team = "b"
  call "db" {
    to     = datastore.d
    access = "write"
  }
}
service "maybe" {
  call "db" { to = datastore.d }
}
service "cached" {
  call "redis" {
    to       = datastore.redis
    access   = "read"
    fallback = datastore.d
  }
}
client "x" {
  kind = "web"
  rps  = 400
  call "x" { to = service.cached }
}
datastore "redis" { kind = "cache" }
datastore "d" {
  kind            = "relational"
  capacity        = 1100
  max_connections = 200
  read_replicas   = 2
}`)
	d := f.store(t, "datastore.d")
	if d.Writers.Lo != 2 || d.Writers.V != 3 || d.Writers.Hi != 3 || !slices.Equal(d.Writers.Needs(), []string{"service.maybe.call.db.access"}) {
		t.Errorf("writers %+v", d.Writers)
	}
	if !d.TeamsDiffer.V || d.OneTeam.V || strings.Join(d.PossibleWriter, " ") != "service.maybe" {
		t.Errorf("%+v", d.StoreUsers)
	}
	for _, u := range d.Users {
		if u.Scheduled.V != (u.Addr == "service.purge") {
			t.Errorf("%s scheduled: %v", u.Addr, u.Scheduled.V)
		}
	}
	valued(t, "known rate", d.Rate, 930, 1e-9)
	valued(t, "rate without the cache", d.RateUncached, 1330, 1e-9)
	valued(t, "utilisation", d.Utilisation, 930.0/1100, 1e-9)
	// Pools: 10·5 + 4·10, and whatever the others open; blue-green doubles the writer.
	valued(t, "connections", d.Connections, 90, 0)
	valued(t, "at surge", d.AtSurge, 130, 0)
	if !math.IsInf(d.Connections.Hi, 1) || d.Connections.Lo != 90 {
		t.Errorf("connections %+v", d.Connections)
	}
	if c := d.CacheLosses; len(c) != 1 || c[0].Cache != "datastore.redis" || c[0].Limited.V {
		t.Errorf("caches %+v", c)
	}
}

// SYS-017's worked example: a hit ratio of 95 % hides nineteen twentieths of the load.
func TestCacheLoss(t *testing.T) {
	const hcl = `
system "s" {}
client "c" {
  kind = "web"
  rps  = 1000
  call "a" { to = service.a }
}
service "a" {
  scale = { replicas = 2 }
  call "db" {
    to        = datastore.d
    access    = "read"
    cache_hit = "95%%"
    %s
  }
}
datastore "d" { capacity = 80 }`
	d := load(t, fmt.Sprintf(hcl, "")).store(t, "datastore.d")
	certain(t, "rate", d.Rate, 50, 1e-9)
	certain(t, "without the cache", d.RateUncached, 1000, 1e-9)
	certain(t, "utilisation then", d.UtilUncached, 12.5, 1e-9)
	d = load(t, fmt.Sprintf(hcl, "rate_limit = { rps = 70 }")).store(t, "datastore.d")
	certain(t, "limited", d.RateUncached, 70, 1e-9)
	if d.UncachedLimited.V {
		t.Error("how much passes is known: the number decides")
	}
	certain(t, "a limit that fits", d.CacheLosses[0].Room, 64, 0)          // 0.8 · 80
	d = load(t, fmt.Sprintf(hcl, "bulkhead = {}")).store(t, "datastore.d") // of a store whose speed nobody knows
	if !d.UncachedLimited.V {
		t.Error("a bulkhead of unknown size stands on the miss path")
	}
}

func TestReadModelWriters(t *testing.T) {
	f := load(t, `
system "s" {}
service "orders" {
  cqrs = { write = datastore.w, read = datastore.view, sync = topic.t }
  call "w" { to = datastore.w }
  publish "t" {
    to     = topic.t
    outbox = { store = datastore.w }
  }
}
service "projector" {
  consume "t" { from = topic.t }
  call "view" {
    to     = datastore.view
    access = "write"
  }
}
service "admin" {
  call "view" {
    to     = datastore.view
    access = "write"
  }
}
broker "k" {}
topic "t" { broker = broker.k }
datastore "w" { kind = "relational" }
datastore "view" {}`)
	v := f.store(t, "datastore.view")
	if !slices.Equal(v.Foreign, []string{"service.admin"}) || !slices.Equal(v.ReadModelOf, []string{"service.orders"}) {
		t.Errorf("foreign %v of %v", v.Foreign, v.ReadModelOf)
	}
	if f.store(t, "datastore.w").SeparatesReads.V != true {
		t.Error("orders separates reads")
	}
}

// Whatever the callers: a release never needs fewer connections, and the recommended pool fits in it.
func TestConnectionsProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var b strings.Builder
		max := rapid.IntRange(10, 500).Draw(rt, "max")
		fmt.Fprintf(&b, "system \"s\" {}\ndatastore \"d\" { max_connections = %d }\n", max)
		n := rapid.IntRange(1, 5).Draw(rt, "callers")
		copies := 0.0
		for i := range n {
			replicas := rapid.IntRange(1, 12).Draw(rt, "replicas")
			strategy := rapid.SampledFrom([]string{"rolling", "canary", "blue_green", "recreate"}).Draw(rt, "strategy")
			fmt.Fprintf(&b, "service \"s%d\" {\n  scale = { replicas = %d }\n  deploy = { strategy = %q }\n  call \"db\" {\n    to = datastore.d\n    pool = %d\n  }\n}\n",
				i, replicas, strategy, rapid.IntRange(1, 40).Draw(rt, "pool"))
			copies += float64(replicas) * map[string]float64{"rolling": 2, "canary": 2, "blue_green": 2, "recreate": 1}[strategy]
		}
		d := load(t, b.String()).store(t, "datastore.d")
		if d.AtSurge.V < d.Connections.V || d.AtSurge.V > 2*d.Connections.V {
			rt.Fatalf("%v, %v at surge", d.Connections.V, d.AtSurge.V)
		}
		if d.RecPool.V*copies > float64(max) && d.RecPool.V > math.Floor(0.9*float64(max)/float64(n)) {
			rt.Fatalf("pool of %v for %v copies and %d connections", d.RecPool.V, copies, max)
		}
	})
}
