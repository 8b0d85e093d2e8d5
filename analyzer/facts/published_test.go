package facts

import (
	"fmt"
	"strings"
	"testing"
)

// Numbers that others published, each computed from a system that states what the publication does.
func TestPublishedNumbers(t *testing.T) {
	front := "system \"s\" {}\nclient \"c\" {\n  rps = 30\n  call \"a\" { to = service.a }\n}\n"
	journey := func(body string) *JourneyFacts {
		docs := load(t, front+body).Documents("journey")
		if len(docs) != 1 {
			t.Fatalf("%d journeys", len(docs))
		}
		return docs[0].Subject.(*JourneyFacts)
	}
	call := func(body, addr string) *CallFacts {
		for _, d := range load(t, front+body).Documents("call") {
			if string(d.Addr) == addr {
				return d.Subject.(*CallFacts)
			}
		}
		t.Fatalf("no %s", addr)
		return nil
	}
	workload := func(body, addr string) *WorkloadFacts {
		for _, d := range load(t, front+body).Documents("workload") {
			if string(d.Addr) == addr {
				return d.Subject.(*WorkloadFacts)
			}
		}
		t.Fatalf("no %s", addr)
		return nil
	}

	// Google SRE book, chapter 21: a retry budget of 10 % lets traffic grow to 1.1 times.
	f := load(t, front+"service \"a\" {\n  call \"b\" {\n    to    = service.b\n    retry = { max_attempts = 3, budget = \"10%\" }\n  }\n}\nservice \"b\" {}\n")
	w, _ := worst(f.amp[f.g.ent("service.b")].f)
	certain(t, "growth under a budget of 10 %", w.num(), 1.1, 1e-9)

	// AWS Reliability Pillar, availability with hard dependencies: three times 99.99 % is 99.97 %.
	nines := "  availability = \"99.99%\"\n"
	certain(t, "three times 99.99 % in series", journey("service \"a\" {\n"+nines+"  call \"b\" { to = external.b }\n  call \"c\" { to = external.c }\n}\nexternal \"b\" {\n"+nines+"}\nexternal \"c\" {\n"+nines+"}\n").Availability, 0.9997, 5e-6)

	// The same page, redundant components: two of 99.9 % of which one is enough are 99.9999 %.
	either := "    any_of = \"one\"\n  }\n"
	certain(t, "two times 99.9 % in parallel", journey("service \"a\" {\n  availability = \"100%\"\n  call \"b\" {\n    to = external.b\n"+either+"  call \"c\" {\n    to = external.c\n"+either+"}\nexternal \"b\" { availability = \"99.9%\" }\nexternal \"c\" { availability = \"99.9%\" }\n").Availability, 0.999999, 1e-10)

	// Hystrix wiki: thirty dependencies of 99.99 % each leave 99.7 %.
	many := "service \"a\" {\n  availability = \"100%\"\n"
	for i := range 30 {
		many += fmt.Sprintf("  call \"d%d\" { to = external.d%d }\n", i, i)
	}
	many += "}\n"
	for i := range 30 {
		many += fmt.Sprintf("external \"d%d\" { availability = \"99.99%%\" }\n", i)
	}
	certain(t, "30 dependencies of 99.99 %", journey(many).Availability, 0.997, 0.0001)

	// Azure architecture guide: 99.9 % is 8.76 hours a year.
	year := strings.Replace(front, "{}\nclient", "{ slo = { availability = \"99%\", window = \"365d\" } }\nclient", 1)
	j := load(t, year+"service \"a\" { availability = \"99.9%\" }\n").Documents("journey")[0].Subject.(*JourneyFacts)
	certain(t, "minutes of a year at 99.9 %", j.LossMinutes, 8.76*60, 0.3)

	// Little's law: 30 requests a second that take 200 ms each are 6 at once.
	c := call("service \"a\" {\n  scale = { replicas = 1 }\n  call \"b\" { to = service.b }\n}\nservice \"b\" { latency = { p50 = \"200ms\", p99 = \"200ms\" } }\n", "service.a.call.b")
	certain(t, "30/s of 200 ms", c.InFlightMean, 6, 1e-9)

	// Kubernetes, Deployments: 4 replicas at 25 % and 25 % are between 3 and 5.
	x := workload("service \"a\" {\n  scale  = { replicas = 4 }\n  deploy = { strategy = \"rolling\", start = \"10s\" }\n}\n", "service.a")
	certain(t, "copies that a rolling release takes away", x.Removed, 4-3, 0)
	certain(t, "a roll back, one copy more and one less at a time", x.RollbackTime, 4/((5-4)+(4-3))*10_000, 1e-9)

	// Polly, circuit breaker: at a ratio of 50 % and a throughput of 2, one failure of two opens it, one of three does not.
	breaker := func(window int) Num {
		return call(fmt.Sprintf("service \"a\" {\n  call \"b\" {\n    to              = service.b\n    circuit_breaker = { failure_rate = \"50%%\", min_calls = 2, window = %d }\n  }\n}\nservice \"b\" {}\n", window), "service.a.call.b").FailuresToOpen
	}
	certain(t, "failures of 2 calls that open it", breaker(2), 1, 0)
	certain(t, "failures of 3 calls that open it", breaker(3), 2, 0)
}
