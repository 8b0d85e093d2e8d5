package facts

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func (f *Facts) listed() string {
	var out []string
	for i := range f.paths.js {
		j := &f.paths.js[i]
		out = append(out, fmt.Sprintf("%s %s", j.addr, number(100*j.weight)))
	}
	return strings.Join(out, "\n")
}

func TestJourneysAreListed(t *testing.T) {
	for _, c := range []struct{ name, hcl, want string }{
		{"gateways behind gateways, a webhook, a message and a night job", `
client "web" {
  kind = "web"
  rps  = 60
  call "go" { to = gateway.outer }
  publish "click" {
    to          = topic.clicks
    per_request = 0.5
  }
}
client "night" {
  kind = "scheduler"
  rps  = 5
  call "job" { to = service.a }
}
external "psp" {
  rps = 5
  call "hook" { to = gateway.inner }
}
gateway "outer" {
  call "inner" {
    to          = gateway.inner
    per_request = 3
  }
  call "b" { to = service.b }
}
gateway "inner" {
  call "a" { to = service.a }
  call "b" { to = service.b }
}
service "a" {}
service "b" {}
topic "clicks" { broker = broker.k }
broker "k" {}`, "journey.external.psp.hook/a 2.5\njourney.external.psp.hook/b 2.5\njourney.night.job 5\njourney.web.click 30\n" +
			"journey.web.go/b 15\njourney.web.go/inner/a 22.5\njourney.web.go/inner/b 22.5"},
		{"an aggregator's calls are parts", `
client "web" {
  kind = "web"
  call "go" { to = gateway.sum }
}
gateway "sum" {
  kind = "aggregator"
  call "a" { to = service.a }
  call "b" { to = service.b }
}
service "a" {}
service "b" {}`, "journey.web.go 100"},
		{"where nobody states a rate, all weigh the same", `
client "web" {
  kind = "web"
  call "x" { to = service.a }
  call "y" {
    to          = service.a
    per_request = 9
  }
}
service "a" {}`, "journey.web.x 50\njourney.web.y 50"},
		{"gateways that call each other", `
client "web" {
  kind = "web"
  call "go" { to = gateway.a }
}
gateway "a" {
  call "b" { to = gateway.b }
}
gateway "b" {
  call "a" { to = gateway.a }
}`, "journey.web.go/b/a 100"},
		{"operations choose what a gateway can do", `
client "web" {
  kind = "web"
  rps  = 10
  call "go" {
    to = gateway.g
    op = "read"
  }
}
gateway "g" {
  call "a" {
    to = service.a
    on = ["read"]
  }
  call "b" {
    to = service.a
    on = ["write"]
  }
}
service "other" {
  call "g" {
    to = gateway.g
    op = "write"
  }
}
service "a" {}`, "journey.web.go/a 100"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := load(t, "system \"s\" {}\n"+c.hcl).listed(); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// layers writes n gateways in a row with k ways each.
func layers(n, k int) string {
	var b strings.Builder
	b.WriteString("system \"s\" {}\nclient \"c\" {\n  kind = \"web\"\n  rps = 100\n  call \"go\" { to = gateway.g0 }\n}\n")
	for i := range n {
		fmt.Fprintf(&b, "gateway \"g%d\" {\n", i)
		for w := range k {
			to := fmt.Sprintf("gateway.g%d", i+1)
			if i == n-1 {
				to = "service.s"
			}
			fmt.Fprintf(&b, "  call \"w%d\" {\n    to = %s\n    per_request = %d\n  }\n", w, to, w+1)
		}
		b.WriteString("}\n")
	}
	b.WriteString("service \"s\" {}\n")
	return b.String()
}

// Beyond the limit the heaviest journeys are kept, and it is said how much of the traffic they carry.
func TestJourneysBeyondTheLimit(t *testing.T) {
	f := load(t, layers(4, 3))
	all, cov := f.g.listJourneys(f.requests, 1000)
	if len(all) != 81 || cov.Total != 81 || cov.Traffic != 1 {
		t.Fatalf("%d journeys, %+v", len(all), cov)
	}
	some, cov := f.g.listJourneys(f.requests, 17) // 3·3·3·3 of 6⁴ once, 3·3·3·2 four times, 3·3·2·2 six times, 3·3·3·1 four times …
	want := (81 + 4*54 + 6*36 + 4*27 + 2*24.0) / 1296
	if len(some) != 17 || cov.Listed != 17 || cov.Total != 81 || math.Abs(cov.Traffic-want) > 1e-9 {
		t.Errorf("%d journeys, %+v, want %v of the traffic", len(some), cov, want)
	}
	if f = load(t, layers(9, 3)); f.Journeys().Listed != maxJourneys || f.Journeys().Total != math.Pow(3, 9) {
		t.Errorf("%+v", f.Journeys())
	}
}

// Whatever the gateways: the journeys of a client carry exactly its rate, and every one is listed once.
func TestJourneysCarryAllTraffic(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := load(t, layers(rapid.IntRange(1, 4).Draw(rt, "gateways"), rapid.IntRange(1, 4).Draw(rt, "ways")))
		sum, seen := 0.0, map[string]bool{}
		for i := range f.paths.js {
			j := &f.paths.js[i]
			sum += j.rate.v
			if seen[string(j.addr)] {
				rt.Fatalf("%s twice", j.addr)
			}
			seen[string(j.addr)] = true
		}
		if math.Abs(sum-100) > 1e-9 || float64(len(seen)) != f.Journeys().Total {
			rt.Fatalf("%d journeys carry %v of 100, %+v", len(seen), sum, f.Journeys())
		}
		if s := f.Standing("service.s").Share; math.Abs(s-1) > 1e-9 {
			rt.Fatalf("service.s carries %v", s)
		}
	})
}

// Limits on the way of a journey, and who forgets the deadline.
func TestJourneyPropagation(t *testing.T) {
	f := load(t, `
system "s" { slo = { availability = "99.9%", latency_p99 = "1s" } }
client "c" {
  kind     = "web"
  rps      = 10
  deadline = "3s"
  call "go" { to = service.a }
}
service "a" {
  deadline_propagation = true
  call "b" {
    to      = service.b
    timeout = "2s"
  }
}
service "b" {
  call "d" {
    to      = service.d
    timeout = "1s"
    retry   = { max_attempts = 3, backoff = none }
  }
}
service "d" {
  latency = { p99 = "2500ms" }
  call "e" {
    to      = service.e
    timeout = "900ms"
  }
}
service "e" {}`)
	j := f.journey(t, "journey.c.go")
	certain(t, "depth", j.Depth, 3, 0)
	if got := strings.Join(j.Path, " "); got != "client.c service.a service.b service.d service.e" {
		t.Errorf("path %s", got)
	}
	p := j.Propagation
	if strings.Join(p.Silent, " ") != "service.b service.d" || strings.Join(p.Retried, " ") != "service.b.call.d" || p.Slack.V {
		t.Errorf("%+v", p)
	}
	if p.ExhaustedAt.V != "service.b.call.d" { // three tries of 1 s within 2 s
		t.Errorf("exhausted at %v", p.ExhaustedAt)
	}
	if j.SlowestAddr != "service.d" || j.SlowestP99.V != 2500 || j.EntryWorst.V != 3000 {
		t.Errorf("slowest %s %v, entry %v", j.SlowestAddr, j.SlowestP99.V, j.EntryWorst.V)
	}
}

// A request that waits for a message in the middle of a journey.
func TestJourneyReplies(t *testing.T) {
	f := load(t, `
system "s" {}
client "c" {
  kind = "web"
  call "price" {
    to     = service.a
    access = "read"
  }
}
service "a" {
  publish "ask" { to = topic.ask }
  consume "answer" {
    from         = queue.answer
    awaits_reply = true
  }
}
service "b" {
  consume "ask" { from = topic.ask }
  publish "answer" { to = queue.answer }
}
broker "k" {}
topic "ask" { broker = broker.k }
queue "answer" { engine = "sqs" }`)
	j := f.journey(t, "journey.c.price")
	if len(j.Replies) != 1 || j.Replies[0] != (ReplyWait{"service.a", "service.a.publish.ask", "topic.ask", "topic", "service.a.consume.answer", "queue.answer", "queue"}) {
		t.Errorf("%+v", j.Replies)
	}
	if j.EntryAccess.V != "read" || !j.EntryReply.V {
		t.Errorf("%+v", j.JourneyMessages)
	}
}
