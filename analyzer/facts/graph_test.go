package facts

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
	"pgregory.net/rapid"
)

// layered is a model of n services in layers that call downwards, fan calls each, each with a timeout and retries.
func layered(n, fan int) *model.Model {
	rnd := rand.New(rand.NewSource(1))
	m := &model.Model{}
	addr := func(i int) model.Addr { return model.Addr(fmt.Sprintf("service.s%05d", i)) }
	call := func(from, label string, to model.Addr) *model.Call {
		c := &model.Call{Block: model.Block{Addr: model.Addr(from + ".call." + label), Kind: model.KindCall, Label: label}}
		c.To = model.Of(to, model.Stated)
		c.Retry = model.Of(&model.Retry{MaxAttempts: model.Of(2, model.Stated)}, model.Stated)
		return c
	}
	c := &model.Client{Block: model.Block{Addr: "client.web", Kind: model.KindClient}, RPS: model.Of(1000.0, model.Stated)}
	for i := range 5 {
		c.Calls = append(c.Calls, call("client.web", fmt.Sprint(i), addr(i)))
	}
	m.Clients = []*model.Client{c}
	width := max(1, n/10)
	for i := range n {
		s := &model.Service{Block: model.Block{Addr: addr(i), Kind: model.KindService}}
		for j := range fan {
			if to := (i/width+1)*width + rnd.Intn(width); to < n {
				s.Calls = append(s.Calls, call(string(s.Addr), fmt.Sprint(j), addr(to)))
			}
		}
		m.Services = append(m.Services, s)
	}
	m.Index()
	return m
}

func BenchmarkCompute(b *testing.B) {
	for _, size := range []int{1000, 10_000} {
		m := layered(size, 5)
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for range b.N {
				Compute(m, DefaultParams())
			}
		})
		b.Run(fmt.Sprint(size, " documents"), func(b *testing.B) {
			f := Compute(m, DefaultParams())
			for range b.N {
				f.Documents("call")
			}
		})
	}
}

// The known answer of Q0: payments 1000, catalog 600, and no loop through paid.
func TestRatesFlow(t *testing.T) {
	f := load(t, `
system "s" {}
client "web" {
  rps = 1000
  call "api" { to = gateway.gw }
}
gateway "gw" {
  call "orders" { to = service.orders }
}
service "orders" {
  call "pay" { to = service.payments }
  call "look" {
    to          = service.catalog
    per_request = 3
    cache_hit   = "80%"
  }
  publish "placed" { to = topic.placed }
  consume "paid" { from = topic.paid }
}
service "payments" {
  publish "paid" { to = topic.paid }
}
service "catalog" {}
broker "b" {}
topic "placed" { broker = broker.b }
topic "paid" { broker = broker.b }
`)
	for addr, want := range map[model.Addr]float64{
		"service.payments": 1000, "service.catalog": 600, "topic.placed": 1000, "topic.paid": 1000, "service.orders": 2000,
	} {
		certain(t, string(addr), f.rate[f.g.ent(addr)].num(), want, 1e-6)
	}
}

// Operations: a call without op may be any of them, so its rate is an upper bound of each and certain in sum.
func TestRatesOfOperations(t *testing.T) {
	f := load(t, `
system "s" {}
client "a" {
  rps = 10
  call "x" {
    to = service.s
    op = "write"
  }
}
client "b" {
  rps = 5
  call "x" { to = service.s }
}
service "s" {
  call "db" {
    to = datastore.d
    on = ["write"]
  }
  call "log" { to = service.log }
}
service "log" {}
datastore "d" {}
`)
	db := f.call(t, "service.s.call.db").Rate
	if db.Lo != 10 || db.V != 15 || db.Hi != 15 {
		t.Errorf("db: %v [%v, %v], want 15 [10, 15]", db.V, db.Lo, db.Hi)
	}
	certain(t, "log", f.call(t, "service.s.call.log").Rate, 15, 0)
}

// A loop that halves settles, one that doubles has no rate.
func TestLoops(t *testing.T) {
	loop := func(share string) *Facts {
		return load(t, `
system "s" {}
client "c" {
  rps = 100
  call "a" { to = service.a }
}
service "a" {
  call "b" { to = service.b }
}
service "b" {
  call "a" {
    to          = service.a
    per_request = `+share+`
  }
}
`)
	}
	f := loop("0.5")
	certain(t, "a", f.rate[f.g.ent("service.a")].num(), 200, 1e-9)
	certain(t, "b", f.rate[f.g.ent("service.b")].num(), 200, 1e-9)
	f = loop("1")
	if r := f.rate[f.g.ent("service.b")]; r.known() || !math.IsInf(r.hi, 1) {
		t.Errorf("a loop of gain 1 has a rate: %+v", r)
	}
}

// The published multiplications: 4·4·4 (SRE book), 3^5 (AWS), budgets, and two layers on one edge.
func TestAmplificationOfChains(t *testing.T) {
	chain := func(layers int, retry string) *Facts {
		s := "system \"s\" {}\nclient \"c\" {\n  rps = 10\n  call \"x\" { to = gateway.g }\n}\ngateway \"g\" {\n  call \"x\" {\n    to = service.s1\n    retry = " + retry + "\n  }\n}\n"
		for i := 1; i < layers; i++ {
			s += fmt.Sprintf("service \"s%d\" {\n  call \"x\" {\n    to = service.s%d\n    retry = %s\n  }\n}\n", i, i+1, retry)
		}
		return load(t, s+fmt.Sprintf("service \"s%d\" {}\n", layers))
	}
	last := func(f *Facts, n int) Num {
		w, _ := worst(f.amp[f.g.ent(model.Addr(fmt.Sprintf("service.s%d", n)))].f)
		return w.num()
	}
	certain(t, "3 layers of 4", last(chain(3, "{ max_attempts = 4 }"), 3), 64, 1e-9)
	certain(t, "5 layers of 3", last(chain(5, "{ max_attempts = 3 }"), 5), 243, 1e-9)
	certain(t, "3 layers with budget", last(chain(3, `{ max_attempts = 3, budget = "10%" }`), 3), 1.331, 1e-9)
	f := chain(3, `{ max_attempts = 3, on = ["connect"] }`)
	a := f.amp[f.g.ent("service.s3")]
	certain(t, "connect only, HTTP 500", a.f[class5xx].num(), 1, 0)
	certain(t, "connect only, connect", a.f[classConnect].num(), 27, 1e-9)
}

// A fallback stops what a failure does to callers further up, but not its own tries.
func TestSoftEdgesStopAmplification(t *testing.T) {
	f := load(t, `
system "s" {}
client "c" {
  rps = 10
  call "x" { to = gateway.g }
}
gateway "g" {
  call "x" {
    to    = service.a
    retry = { max_attempts = 3 }
  }
}
service "a" {
  call "b" {
    to       = service.b
    fallback = "cache"
    retry    = { max_attempts = 2 }
  }
}
service "b" {}
`)
	w, _ := worst(f.amp[f.g.ent("service.b")].f)
	certain(t, "b behind a fallback", w.num(), 2, 0)
}

// Where no rate is known, the amplification of a single way is still certain, that of several ways a range.
func TestAmplificationWithoutRates(t *testing.T) {
	f := load(t, `
system "s" {}
client "c" {
  call "x" { to = service.a }
}
client "d" {
  call "x" { to = service.b }
}
service "a" {
  call "b" {
    to    = service.b
    retry = { max_attempts = 4 }
  }
}
service "b" {
  call "z" {
    to    = service.z
    retry = { max_attempts = 2 }
  }
}
service "z" {}
`)
	certain(t, "a", f.amp[f.g.ent("service.a")].f[0].num(), 1, 0)
	z := f.amp[f.g.ent("service.z")].f[0]
	if z.lo != 2 || z.hi != 8 || z.v != 5 {
		t.Errorf("z: %v [%v, %v], want 5 [2, 8]", z.v, z.lo, z.hi)
	}
}

// Q2's known answer: W = 1200 ms, a parent with 800 ms and 50 ms of its own leaves room for two tries.
func TestTiming(t *testing.T) {
	f := load(t, `
system "s" {}
gateway "g" {
  call "x" {
    to      = service.a
    timeout = "800ms"
  }
}
service "a" {
  own_latency = { p99 = "50ms" }
  call "b" {
    to         = service.b
    timeout    = "300ms"
    idempotent = true
    retry      = { max_attempts = 3, initial_backoff = "100ms" }
  }
  call "p1" {
    to       = service.b
    timeout  = "100ms"
    parallel = "both"
    fallback = "default"
  }
  call "p2" {
    to       = service.b
    timeout  = "70ms"
    parallel = "both"
    fallback = "default"
  }
}
service "b" {}
`)
	b := f.call(t, "service.a.call.b")
	certain(t, "W", b.WorstCase, 1200, 0)
	certain(t, "budget", b.Budget, 750, 0)
	certain(t, "largest fitting m", b.Rec.Attempts, 2, 0)
	certain(t, "S", f.call(t, "gateway.g.call.x").CalleeWorst, 50+1200+100, 0)
}

// However the graph looks, rates are not negative, bounds hold, and what flows in flows on.
func TestRatesProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "services")
		m := &model.Model{}
		c := &model.Client{Block: model.Block{Addr: "client.c", Kind: model.KindClient}, RPS: model.Of(10.0, model.Stated)}
		c.Calls = []*model.Call{{Block: model.Block{Addr: "client.c.call.x"}, To: model.Of(model.Addr("service.00"), model.Stated)}}
		m.Clients = []*model.Client{c}
		for i := range n {
			s := &model.Service{Block: model.Block{Addr: model.Addr(fmt.Sprintf("service.%02d", i)), Kind: model.KindService}}
			for j := range rapid.IntRange(0, 3).Draw(t, "calls") {
				to := rapid.IntRange(0, n-1).Draw(t, "to")
				k := &model.Call{Block: model.Block{Addr: model.Addr(fmt.Sprintf("%s.call.%d", s.Addr, j))}}
				k.To = model.Of(model.Addr(fmt.Sprintf("service.%02d", to)), model.Stated)
				k.PerRequest = model.Of(rapid.Float64Range(0, 2).Draw(t, "n"), model.Stated)
				k.Retry = model.Of(&model.Retry{MaxAttempts: model.Of(rapid.IntRange(1, 4).Draw(t, "m"), model.Stated)}, model.Stated)
				s.Calls = append(s.Calls, k)
			}
			m.Services = append(m.Services, s)
		}
		m.Index()
		f := Compute(m, DefaultParams())
		for i := range f.g.ents {
			r := f.rate[i]
			if r.lo < 0 || r.lo > r.hi || r.known() && (r.v < r.lo-1e-9*r.lo || r.v > r.hi) {
				t.Fatalf("%s: %+v", f.g.ents[i].addr, r)
			}
			if a := f.amp[i]; a != nil {
				for k := range classes {
					if x := a.f[k]; x.lo < 1-1e-9 || x.lo > x.hi {
						t.Fatalf("%s: F %+v", f.g.ents[i].addr, x)
					}
				}
			}
		}
	})
}

// Capacity counts requests: messages that a node works off beside them, in a time of their own, are no part of it.
func TestMessagesBesideRequests(t *testing.T) {
	f := load(t, `
system "s" {}
client "c" {
  rps = 10
  call "a" { to = service.a }
}
client "sensors" {
  rps = 4000
  publish "p" { to = topic.t }
}
topic "t" {}
service "a" {
  scale = { replicas = 1, capacity = 40 }
  consume "t" {
    from          = topic.t
    batch         = 100
    batch_latency = { p50 = "20ms", p99 = "80ms" }
  }
}
service "b" {
  consume "t" {
    from    = topic.t
    latency = { p50 = "1ms", p99 = "4ms" }
  }
}
service "d" {
  consume "t" { from = topic.t }
}
client "e" {
  rps = 1
  call "d" { to = service.d }
}
`)
	certain(t, "answers requests, batch time stated", f.rate[f.g.ent("service.a")].num(), 10, 1e-9)
	certain(t, "only consumes", f.rate[f.g.ent("service.b")].num(), 4000, 1e-9)
	certain(t, "answers requests, no time stated", f.rate[f.g.ent("service.d")].num(), 4001, 1e-9)
}
