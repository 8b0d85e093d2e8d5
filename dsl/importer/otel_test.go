package importer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/archcheck/archcheck/dsl/model"
)

// recording writes 120 requests in 60 seconds: web calls orders once each; orders reads its database twice, asks an
// outside system for every fourth, and publishes for every second; mailer consumes what was published.
func recording() string {
	var b strings.Builder
	line := func(service string, spans ...string) {
		fmt.Fprintf(&b, `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":%q}}]},"scopeSpans":[{"spans":[%s]}]}]}`+"\n", service, strings.Join(spans, ","))
	}
	span := func(trace, id, parent, kind int, at, took time.Duration, attrs string) string {
		up := ""
		if parent > 0 {
			up = fmt.Sprintf(`"parentSpanId":"%016x",`, parent)
		}
		start := time.Unix(1_800_000_000, 0).Add(at).UnixNano()
		return fmt.Sprintf(`{"traceId":"%032x","spanId":"%016x",%s"name":"x","kind":%d,"startTimeUnixNano":"%d","endTimeUnixNano":%d,"attributes":[%s]}`,
			trace, id, up, kind, start, start+int64(took), attrs)
	}
	attr := func(k, v string) string { return fmt.Sprintf(`{"key":%q,"value":{"stringValue":%q}}`, k, v) }
	for i := range 120 {
		at := time.Duration(i) * 500 * time.Millisecond
		id := func(n int) int { return i*10 + n }
		took := time.Duration(i+1) * time.Millisecond // 1 ms to 120 ms
		line("web", span(i+1, id(1), 0, 2, at, took+5*time.Millisecond, ""), span(i+1, id(2), id(1), 3, at, took, ""))
		spans := []string{span(i+1, id(3), id(2), 2, at, took, ""),
			span(i+1, id(4), id(3), 3, at, 1000, attr("db.system", "postgresql")+","+attr("server.address", "orders-db")),
			span(i+1, id(5), id(3), 3, at, 1000, attr("db.system.name", "postgresql")+","+attr("server.address", "orders-db"))}
		if i%4 == 0 {
			spans = append(spans, span(i+1, id(6), id(3), 3, at, 1000, attr("server.address", "api.psp.io")))
		}
		if i%2 == 0 {
			kafka := attr("messaging.system", "kafka") + "," + attr("messaging.destination.name", "placed")
			spans = append(spans, span(i+1, id(7), id(3), 4, at, 1000, kafka))
			line("mailer", span(i+1, id(8), id(7), 5, at, 1000, kafka))
		}
		line("orders", spans...)
	}
	line("idle", span(900, 9001, 0, 2, 60*time.Second, 0, ""))
	return b.String()
}

func TestTraces(t *testing.T) {
	file := filepath.Join(t.TempDir(), "traces.jsonl")
	if err := os.WriteFile(file, []byte(recording()), 0o644); err != nil {
		t.Fatal(err)
	}
	r := Import([]Source{{Kind: "otel", Paths: []string{file}}}, Options{Name: "shop"})
	if len(r.Diags) > 0 {
		t.Fatal(r.Diags)
	}
	m := r.Model
	orders, _ := m.Lookup("service.orders").(*model.Service)
	if orders == nil {
		t.Fatal("no orders")
	}
	// 120 replies of 1 ms to 120 ms: the 60th and the 119th by the nearest rank.
	if l := orders.Latency.V; l == nil || l.P50.V != 60*time.Millisecond || l.P99.V != 119*time.Millisecond {
		t.Errorf("latency of orders: %+v", orders.Latency.V)
	}
	want := map[string]float64{
		"service.web.call.orders": 1, "service.orders.call.orders-db": 2, "service.orders.call.api_psp_io": 0.25,
		"client.users.call.web": 0.992, "client.users.call.idle": 0.008,
	}
	got := map[string]float64{}
	m.Each(func(e model.Entity) {
		if c, ok := e.(*model.Call); ok {
			got[string(c.Addr)] = c.PerRequest.Or(1)
		}
	})
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("calls per request\n got %v\nwant %v", got, want)
	}
	// 121 requests from outside; the recording lasts from 0 s to 60 s.
	if rps := m.Clients[0].RPS.V; rps < 2.016 || rps > 2.018 {
		t.Errorf("rps %v, want 121/60", rps)
	}
	topic, _ := m.Lookup("topic.placed").(*model.Topic)
	if topic == nil || topic.Broker.V != "broker.kafka" || len(orders.Publishes) != 1 {
		t.Errorf("topic %+v, publishes %d", topic, len(orders.Publishes))
	}
	if mailer, _ := m.Lookup("service.mailer").(*model.Service); mailer == nil || len(mailer.Consumes) != 1 || mailer.Latency.Written {
		t.Errorf("mailer %+v", mailer)
	}
	if db, _ := m.Lookup("datastore.orders-db").(*model.Datastore); db == nil || db.Engine.V != "postgresql" || db.StoreKind.V != "relational" {
		t.Errorf("store %+v", db)
	}
	sameWhenRead(t, m)
}

func TestTracesThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		"{\"resourceSpans\":[]}": "No spans",
		"traces":                 "Unreadable traces",
		"{\"resourceSpans\":[]}\n{\"resourceSpans\":": "Unreadable traces",
		"": "No spans",
	} {
		file := filepath.Join(t.TempDir(), "traces.json")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		r := Import([]Source{{Kind: "otel", Paths: []string{file}}}, Options{})
		if !r.Diags.HasErrors() || !strings.Contains(r.Diags.Error(), want) {
			t.Errorf("%q: %v, want %s", text, r.Diags, want)
		}
	}
}
