package facts

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// subjects lists "address: value" of every document of a kind.
func subjects[T any](f *Facts, kind string, show func(T) string) string {
	var out []string
	for _, d := range f.Documents(kind) {
		out = append(out, string(d.Addr)+": "+show(d.Subject.(T)))
	}
	return strings.Join(out, "\n")
}

func TestCycles(t *testing.T) {
	for _, c := range []struct{ name, hcl, want string }{
		{"two services that call each other, tries included", `
service "orders" {
  call "stock" {
    to    = service.inventory
    retry = { max_attempts = 2 }
  }
}
service "inventory" {
  call "orders" {
    to          = service.orders
    per_request = 0.25
  }
}`, "cycle.service.inventory/service.orders: trigger 0.5 service.inventory.call.orders service.orders.call.stock"},
		{"a call to itself", `
service "a" {
  call "again" {
    to          = service.a
    per_request = 3
  }
}`, "cycle.service.a: trigger 3 service.a.call.again"},
		{"the services do, their operations do not", `
client "c" {
  kind = "web"
  call "x" {
    to = service.a
    op = "x"
  }
}
service "a" {
  call "b" {
    to = service.b
    on = ["x"]
  }
}
service "b" {
  call "a" {
    to = service.a
    op = "y"
  }
}`, "cycle.service.a/service.b: service - service.a.call.b service.b.call.a"},
		{"a plain request may be the operation that loops", `
client "c" {
  kind = "web"
  call "x" {
    to = service.a
    op = "x"
  }
}
service "a" {
  call "b" {
    to = service.b
    on = ["x"]
  }
}
service "b" {
  call "a" { to = service.a }
}`, "cycle.service.a/service.b: possible 1 service.a.call.b service.b.call.a"},
		{"an event loop", `
broker "k" {}
topic "t1" { broker = broker.k }
topic "t2" { broker = broker.k }
service "a" {
  consume "t2" { from = topic.t2 }
  publish "t1" {
    to          = topic.t1
    per_request = 2
  }
}
service "b" {
  consume "t1" { from = topic.t1 }
  publish "t2" { to = topic.t2 }
}`, "cycle.service.a/service.b/topic.t1/topic.t2: messages 2 service.a.consume.t2 service.a.publish.t1 service.b.consume.t1 service.b.publish.t2"},
		{"what a node takes from a topic does not cause its publishing there", `
broker "k" {}
topic "t1" { broker = broker.k }
service "a" {
  consume "t1" { from = topic.t1 }
  publish "t1" { to = topic.t1 }
}`, ""},
		{"one direction asynchronous", `
client "c" {
  kind = "web"
  call "a" { to = service.a }
}
broker "k" {}
topic "t" { broker = broker.k }
service "a" {
  call "b" { to = service.b }
  consume "t" { from = topic.t }
}
service "b" {
  publish "t" { to = topic.t }
}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := load(t, "system \"s\" {}\n"+c.hcl)
			got := subjects(f, "cycle", func(c *CycleFacts) string {
				level, gain := c.Level.V, "-"
				if !c.Waits.V {
					level = "messages"
				}
				if c.Gain.HasValue() {
					gain = number(c.Gain.V)
				}
				return level + " " + gain + " " + strings.Join(c.Edges, " ")
			})
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// A knot of two loops through one node: of gains 0.3 and 0.4 it decays, of 0.6 and 0.7 it feeds itself, because both go
// round at once.
func TestGainOfKnots(t *testing.T) {
	for _, c := range []struct {
		x, y string
		runs bool
	}{{"0.3", "0.4", false}, {"0.6", "0.7", true}, {"0.6", "0.4", true}, {"0.59", "0.4", false}} {
		f := load(t, `
system "s" {}
service "a" {
  call "b" {
    to          = service.b
    per_request = `+c.x+`
  }
  call "c" {
    to          = service.c
    per_request = `+c.y+`
  }
}
service "b" {
  call "a" { to = service.a }
}
service "c" {
  call "a" { to = service.a }
}`)
		g := f.cycleFacts(&f.paths.loops[0]).Gain.V
		if c.runs != (g >= 1-1e-6) {
			t.Errorf("loops of %s and %s: gain %v", c.x, c.y, g)
		}
		if c.x == "0.3" && math.Abs(g-0.7) > 1e-6 { // every second step the mass is multiplied by 0.3+0.4
			t.Errorf("gain %v, want 0.7", g)
		}
	}
}

// Two nodes are in one component exactly if each reaches the other.
func TestComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		next := make([][]int32, n)
		for i := range next {
			for range rapid.IntRange(0, 3).Draw(t, "out") {
				next[i] = append(next[i], int32(rapid.IntRange(0, n-1).Draw(t, "to")))
			}
		}
		reach := make([][]bool, n)
		for i := range reach {
			reach[i] = make([]bool, n)
			queue := []int32{int32(i)}
			reach[i][i] = true
			for len(queue) > 0 {
				p := queue[0]
				queue = queue[1:]
				for _, q := range next[p] {
					if !reach[i][q] {
						reach[i][q] = true
						queue = append(queue, q)
					}
				}
			}
		}
		comp := newComponents(n, func(v int32, visit func(int32)) {
			for _, w := range next[v] {
				visit(w)
			}
		})
		for i := range n {
			for j := range n {
				if (comp[i] == comp[j]) != (reach[i][j] && reach[j][i]) {
					t.Fatalf("%v: components %v", next, comp)
				}
			}
		}
	})
}

func TestFailureSets(t *testing.T) {
	f := load(t, `
system "s" { slo = { availability = "99.9%" } }
client "c" {
  kind = "web"
  rps  = 80
  call "a" { to = service.a }
}
client "d" {
  kind = "web"
  rps  = 20
  call "b" { to = service.b }
}
service "a" {
  scale = { replicas = 2, zones = 1 }
  call "db" { to = datastore.a }
}
service "b" {
  scale = { replicas = 2, zones = 2 }
  call "db" { to = datastore.b }
  publish "t" { to = topic.t }
}
service "e" {
  region = "eu west"
  scale  = { replicas = 1, zones = 1 }
}
service "f" {
  region = "eu west"
  scale  = { replicas = 1, zones = 1 }
}
datastore "a" {
  server = "big box"
  scale  = { replicas = 1, zones = 1 }
}
datastore "b" { server = "big box" }
broker "k" { availability = "99.9%" }
topic "t" { broker = broker.k }`)
	got := subjects(f, "failure_set", func(s *FailureSetFacts) string {
		var m []string
		for _, u := range s.Members {
			m = append(m, u.Addr)
		}
		return s.Of.V + " " + strings.Join(m, "+") + " " + FormatRatio(s.Blast.V) + " alone " + FormatRatio(s.WorstAlone.V) + " " + s.Together.State.String()
	})
	want := strings.Join([]string{
		"broker.k: broker broker.k+topic.t 20% alone 20% derived",
		"server.big-box: server datastore.a+datastore.b 100% alone 80% derived",
		"zone.any: zone datastore.a+service.a 80% alone 80% assumed",
		"zone.eu-west: zone service.e+service.f 0% alone 0% assumed",
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	server := f.Documents("failure_set")[1].Subject.(*FailureSetFacts)
	if !server.SinglePart.V || server.Redundant.V { // datastore.a alone takes 80 % with one replica
		t.Errorf("single part %v, redundant %v", server.SinglePart, server.Redundant)
	}
	if !slices.Equal(server.Journeys, []string{"journey.c.a", "journey.d.b"}) {
		t.Errorf("journeys %v", server.Journeys)
	}
}

func TestExposure(t *testing.T) {
	f := load(t, `
system "s" { slo = { availability = "99.9%" } }
client "c" {
  kind = "web"
  rps  = 100
  call "a" { to = service.a }
}
policy "used" { timeout = "1s" }
policy "unused" { timeout = "2s" }
service "a" {
  policy      = policy.used
  scale       = { replicas = 2, zones = 1, capacity = 200, concurrency = 10 }
  latency     = { p50 = "100ms", p99 = "200ms" }
  call "r" { to = datastore.redis }
  call "b" {
    to      = service.b
    timeout = "500ms"
  }
}
service "b" { latency = { p99 = "900ms" } }
service "alone" {}
datastore "redis" {
  kind  = "kv"
  scale = { replicas = 1 }
}`)
	x := f.exposure(f.g.ent("datastore.redis"))
	certain(t, "blast", x.Blast, 1, 0)
	certain(t, "hard callers", x.HardCallers, 1, 0)
	if !x.SingleCopy.V || x.OwnStated.V || !slices.Equal(x.Journeys, []string{"journey.c.a"}) {
		t.Errorf("redis: %+v", x)
	}
	a := f.exposure(f.g.ent("service.a"))
	if !a.SingleCopy.V { // one zone under 99.9 %
		t.Error("service.a stands in one zone")
	}
	var says []string
	for _, c := range a.Contradicts {
		says = append(says, c.What+": "+c.Says)
	}
	want := "latency: 200ms p99, though it waits for service.b 500ms\ncapacity: 200 rps at a median of 100ms keep 20 requests in flight"
	if got := strings.Join(says, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if b := f.exposure(f.g.ent("service.b")); b.SingleCopy.State.HasValue() || len(b.Contradicts) > 0 {
		t.Errorf("service.b: %+v", b)
	}
	if !f.connected("policy.used") || f.connected("policy.unused") || f.connected("service.alone") || !f.connected("service.b") {
		t.Error("connected")
	}
}
