package drift_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/drift"
	"github.com/archcheck/archcheck/dsl/model"
)

// recording is a trace file: n requests to a, one every period, each taking so many milliseconds and calling b calls
// times; every request publishes to a topic.
func recording(n, milliseconds, calls int, period int) string {
	var lines []string
	span := func(trace int, id, parent, name, kind int, start, took int, attrs string) string {
		p := ""
		if parent > 0 {
			p = fmt.Sprintf(`"parentSpanId":"%016x",`, parent)
		}
		return fmt.Sprintf(`{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":%q}}]},"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x",%s"name":"x","kind":%d,"startTimeUnixNano":"%d000000","endTimeUnixNano":"%d000000","attributes":[%s]}]}]}]}`,
			string(rune('a'+name)), trace, id, p, kind, start, start+took, attrs)
	}
	id := 1
	for i := range n {
		root, start := id, 1_000_000+i*period
		lines = append(lines, span(i+1, root, 0, 0, 2, start, milliseconds, ""))
		id++
		for range calls {
			lines = append(lines, span(i+1, id, root, 1, 2, start, 1, ""))
			id++
		}
		lines = append(lines, span(i+1, id, root, 0, 4, start, 1, `{"key":"messaging.system","value":{"stringValue":"kafka"}},{"key":"messaging.destination.name","value":{"stringValue":"placed"}}`))
		id++
	}
	return "otel: " + strings.Join(lines, "\n")
}

const traced = head + `client "web" {
  kind = "web"
  call "a" {
    to = service.a
    op = "buy"
  }
}
service "a" {
  latency = { p50 = "100ms", p99 = "100ms" }
  call "b" {
    to          = service.b
    per_request = 2
  }
  publish "placed" { to = topic.placed }
}
service "b" {
  latency = { p50 = "1ms", p99 = "1ms" }
}
service "c" {}
broker "kafka" { engine = "kafka" }
topic "placed" { broker = broker.kafka }
`

func TestTraces(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		n, ms, calls   int
		want           string
	}{
		{name: "as described", n: 200, ms: 100, calls: 2},
		{name: "within the tolerance", n: 200, ms: 150, calls: 3},
		{name: "slower", n: 200, ms: 151, calls: 2, want: "medium latency@service.a.latency.p50, medium latency@service.a.latency.p99"},
		{name: "faster", n: 200, ms: 66, calls: 2, want: "info latency@service.a.latency.p50, info latency@service.a.latency.p99"},
		{name: "too few for a tail", n: 60, ms: 400, calls: 2, want: "medium latency@service.a.latency.p50"},
		{name: "more calls", n: 200, ms: 100, calls: 4, want: "medium rate@service.a.call.b"},
		{name: "a call on some requests only is not counted", old: "per_request = 2", new: "per_request = 9\n on = [\"buy\"]", n: 200, ms: 100, calls: 4},
		{name: "undeclared call", old: "to          = service.b\n    per_request = 2", new: "to = service.c", n: 200, ms: 100, calls: 2,
			want: "high undeclared-call@service.a.call.b_2"},
		{name: "call that nobody makes", old: "service \"b\" {", new: "service \"b\" {\n  call \"back\" { to = service.a }", n: 200, ms: 100, calls: 2,
			want: "medium vanished-call@service.b.call.back"},
		{name: "a rare call may have been missed", old: "service \"b\" {", new: "service \"b\" {\n  call \"back\" {\n    to = service.a\n    per_request = 0.01\n  }", n: 200, ms: 100, calls: 2,
			want: "info vanished-call@service.b.call.back"},
		{name: "undeclared message", old: "  publish \"placed\" { to = topic.placed }\n", n: 200, ms: 100, calls: 2, want: "high undeclared-message@service.a.publish.placed"},
		{name: "message that nobody consumes", old: "service \"b\" {", new: "service \"b\" {\n  consume \"placed\" { from = topic.placed }", n: 200, ms: 100, calls: 2,
			want: "info vanished-message@service.b.consume.placed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			described := traced
			if c.old != "" {
				described = strings.Replace(traced, c.old, c.new, 1)
			}
			// Nothing in the recordings is about c: it may have been idle.
			got := strings.TrimPrefix(strings.ReplaceAll(ids(compare(t, described, []string{recording(c.n, c.ms, c.calls, 10)}, nil)), "info vanished-component@service.c", ""), ", ")
			got = strings.ReplaceAll(strings.TrimSuffix(got, ", "), ", , ", ", ")
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestRateFromOutside: 200 requests in 2 s are 100 a second. Half of that at peak is too little, the same is not.
func TestRateFromOutside(t *testing.T) {
	for described, want := range map[float64]bool{50: true, 100: false, 70: false, 400: false} {
		r := compare(t, traced, []string{recording(200, 100, 2, 10)}, func(in *drift.Input) {
			in.Rate = func(a model.Addr) (float64, bool) { return described, a == "service.a" }
		})
		found := false
		for _, i := range r.Items {
			if i.Kind == drift.Rate {
				found = true
				if i.Ratio < 1.9 || i.Ratio > 2.1 {
					t.Errorf("ratio %g, want 2 (100/s over 50/s)", i.Ratio)
				}
			}
		}
		if found != want {
			t.Errorf("%g/s described: found %v", described, found)
		}
	}
}
