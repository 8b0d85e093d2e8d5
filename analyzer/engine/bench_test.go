package engine

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/policies"
)

// A system of 1,000 services with 5,000 calls, judged by 60 rules for calls. Every call has rates of its own, so that
// the rules which read rates (one in three, as in the rule book) are evaluated for each call.
const benchServices, benchCalls, benchRules = 1000, 5000, 60

func benchDocs() []facts.Document {
	ends := make([]*facts.End, benchServices)
	for i := range ends {
		ends[i] = &facts.End{
			Addr: fmt.Sprintf("service.s%d", i), Type: "service", Concurrency: facts.Exact(float64(50 + i%7)),
			P99: facts.Exact(float64(20 + i%90)), Replicas: facts.Exact(float64(2 + i%4)), UserFacing: facts.Yes(i%3 == 0),
		}
	}
	system := &facts.SystemFacts{Addr: "system.shop"}
	docs := make([]facts.Document, benchCalls)
	for i := range docs {
		d := call(fmt.Sprintf("service.s%d.call.c%d", i%benchServices, i))
		d.From, d.To, d.System = ends[i%benchServices], ends[(i*7+1)%benchServices], system
		s := subject(d)
		s.RatePerReplica, s.CallsPerWindow = facts.Exact(float64(i)*0.37), facts.Exact(float64(i)*3.7)
		s.UserFacing = facts.Yes(i%3 == 0)
		if i%5 != 0 {
			s.Timeout = model.Of(time.Duration(100+i%50)*time.Millisecond, model.Stated)
		}
		if i%4 == 0 {
			s.CircuitBreaker = model.Of(&model.CircuitBreaker{
				Window: model.Of(model.Window{Time: 10 * time.Second}, model.Stated), MinCalls: model.Of(100, model.Default),
			}, model.Stated)
		}
		docs[i] = d
	}
	return docs
}

// benchSources are modules of five rules each: one in three compares rates, one latencies, one only words.
func benchSources() []*source {
	var out []*source
	for m := range benchRules / 5 {
		var b strings.Builder
		fmt.Fprintf(&b, "package archcheck.rules.bench.m%d\n\nimport data.archcheck.lib\n\n", m)
		for k := range 5 {
			n := 5*m + k
			fmt.Fprintf(&b, "# METADATA\n# title: Bench\n# description: Bench.\n# scope: document\n# schemas: [{input: schema.call}]\n# related_resources: [https://grpc.io/docs/guides/deadlines/]\n"+
				"# custom:\n#   id: BEN-%03d\n#   kind: missing\n#   severity: high\n#   pattern: resilience/timeout\n#   subject: call\n#   say: \"Has {x}.\"\n", n)
			switch n % 3 {
			case 0:
				fmt.Fprintf(&b, "r%d contains {\"verdict\": v, \"facts\": {\"x\": input.subject.rate_per_replica}} if {\n"+
					"\tinput.from.type in {\"service\", \"gateway\"}\n\tv := lib.all_of([\n\t\tlib.absent(input.subject.timeout),\n\t\tlib.absent(input.subject.deadline),\n"+
					"\t\tlib.above(input.subject.rate_per_replica, %d),\n\t\tlib.unless(lib.is(input.subject.idempotent, true)),\n\t])\n\tlib.fires(v)\n}\n\n", n, 1200+10*n)
			case 1:
				fmt.Fprintf(&b, "r%d contains {\"verdict\": v, \"facts\": {\"x\": input.subject.timeout}} if {\n"+
					"\tv := lib.all_of([\n\t\tlib.present(input.subject.timeout),\n\t\tlib.below(input.subject.timeout, input.to.p99),\n\t\tlib.unless(lib.is(input.subject.stream, true)),\n\t])\n\tlib.fires(v)\n}\n\n", n)
			case 2:
				fmt.Fprintf(&b, "r%d contains {\"verdict\": v, \"facts\": {\"x\": input.subject.retry}} if {\n"+
					"\tv := lib.all_of([\n\t\tlib.absent(input.subject.retry),\n\t\tlib.is(input.subject.user_facing, true),\n\t\tlib.is(input.subject.access, \"write\"),\n\t])\n\tlib.fires(v)\n}\n\n", n)
			}
		}
		out = append(out, &source{path: fmt.Sprintf("policies/bench/m%d.rego", m), text: b.String()})
	}
	return out
}

func BenchmarkEval(b *testing.B) {
	docs := benchDocs()
	e := with(b, benchSources()...)
	kind := func(k string) []facts.Document {
		if k == "call" {
			return docs
		}
		return nil
	}
	if _, err := e.Eval(context.Background(), kind); err != nil { // compiles
		b.Fatal(err)
	}
	batch := e.batch("call", docs)
	asked, outcomes := 0, 0
	for _, j := range batch.jobs() {
		asked += len(j.runs)
	}
	for _, x := range batch.runs {
		outcomes += len(x.outcomes)
	}
	before := cpuTime()
	for b.Loop() {
		if _, err := e.Eval(context.Background(), kind); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(outcomes), "outcomes")
	b.ReportMetric(float64(asked), "asked")
	b.ReportMetric(float64((cpuTime()-before).Milliseconds())/float64(b.N), "cpu-ms/op")
}

// cpuTime is what this process has used: on a shared machine the clock on the wall says little.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkStart parses and compiles 240 rules in 48 modules.
func BenchmarkStart(b *testing.B) {
	var texts []string
	for k := range 4 {
		for _, s := range benchSources() {
			t := strings.ReplaceAll(s.text, "BEN-", string(rune('A'+k))+"BN-")
			texts = append(texts, strings.Replace(t, "rules.bench.", fmt.Sprintf("rules.bench%d.", k), 1))
		}
	}
	before := cpuTime()
	for b.Loop() {
		srcs := make([]*source, len(texts))
		for i, t := range texts {
			srcs[i] = &source{path: fmt.Sprintf("policies/bench/%d.rego", i), text: t}
		}
		e, err := build(embedded(policies.Lib()), untyped(srcs), nil, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := e.compileFor([]string{"call"}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpuTime()-before).Milliseconds())/float64(b.N), "cpu-ms/op")
}
