package diagram_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

func withFacts(m *model.Model) diagram.Input {
	return diagram.Input{Model: m, Facts: facts.Compute(m, facts.DefaultParams())}
}

func must(tb testing.TB, in diagram.Input, o diagram.Options) *diagram.Picture {
	tb.Helper()
	p, err := diagram.Draw(in, o)
	if err != nil {
		tb.Fatalf("%+v: %v", o, err)
	}
	return p
}

// lines are the words of an edge.
func lines(e *diagram.Edge) string {
	out := []string{e.Name.Text}
	for _, f := range e.Facts {
		out = append(out, f.Text)
	}
	return strings.Join(out, " | ")
}

func nodeLines(n *diagram.Node) string {
	out := []string{}
	for _, f := range n.Facts {
		out = append(out, f.Text)
	}
	return strings.Join(out, " | ")
}

func find(tb testing.TB, p *diagram.Picture) (nodes map[string]*diagram.Node, edges map[string]*diagram.Edge) {
	tb.Helper()
	nodes, edges = map[string]*diagram.Node{}, map[string]*diagram.Edge{}
	for _, n := range p.Nodes {
		nodes[n.ID] = n
	}
	for _, e := range p.Edges {
		edges[e.ID] = e
	}
	return nodes, edges
}

// The worked example of the deadline analysis: charge tries 3 times 0.6 s with 0.1 and 0.2 s between them, payments may
// need 2 · 2 s + 0.1 s for stripe and 0.3 s for its store.
func TestJourneyOfTheExample(t *testing.T) {
	p := must(t, withFacts(shop(t)), diagram.Options{View: "journey", Name: "web.api/checkout"})
	nodes, edges := find(t, p)
	for id, want := range map[string]string{
		"client.web.call.api":           "1. waits 3 s | ok",
		"gateway.edge.call.checkout":    "2. waits 800 ms, 2 tries | too short by 1.85 s",
		"service.orders.call.reserve":   "3. waits 250 ms | too short by 50 ms",
		"service.inventory.call.db":     "4. waits 300 ms",
		"service.orders.call.charge":    "5. waits 600 ms, 3 tries | too short by 3.8 s",
		"service.payments.call.stripe":  "6. waits 2 s, 2 tries",
		"service.payments.call.db":      "7. waits 300 ms",
		"service.orders.call.db":        "8. waits 300 ms",
		"service.orders.publish.placed": "9. publishes in line",
	} {
		if edges[id] == nil || lines(edges[id]) != want {
			t.Errorf("%s says %q, want %q", id, lines(edges[id]), want)
		}
	}
	if got := nodeLines(nodes["service.orders"]); got != "p99 700 ms, needs <= 2.65 s" {
		t.Errorf("orders says %q", got)
	}
	if nodes["service.catalog"] != nil || nodes["broker.kafka"] == nil {
		t.Error("the checkout passes kafka, not catalog")
	}
	for text, want := range map[string]string{
		"orders waits for payments":     "[{250 850} {950 1550} {1750 2350}]",
		"payments waits for stripe":     "[{250 2250} {2350 4350}]",
		"payments waits for payments_d": "[{4350 4650}]",
		"orders waits for orders_db":    "[{2350 2650}]",
	} {
		found := false
		for _, r := range p.Waterfall.Rows {
			if strings.HasPrefix(r.Text, text) {
				found = true
				if got := fmt.Sprint(r.Bars); got != want {
					t.Errorf("%s: %s, want %s", text, got, want)
				}
			}
		}
		if !found {
			t.Errorf("no row %q", text)
		}
	}
	rendertest.SVG(t, p.DOT())
}

func TestJourneyNames(t *testing.T) {
	in := withFacts(shop(t))
	for name, want := range map[string]string{
		"":                 "needs a name|Name one",
		"checkout":         "2 journeys end in|mobile.api/checkout and web.api/checkout",
		"web.api/checkoot": "there is no journey|Did you mean --view journey=web.api/checkout",
	} {
		_, err := diagram.Draw(in, diagram.Options{View: "journey", Name: name})
		var refused *diagram.Error
		if !errors.As(err, &refused) {
			t.Errorf("journey %q: %v", name, err)
			continue
		}
		problem, hint, _ := strings.Cut(want, "|")
		if !strings.Contains(refused.Problem, problem) || !strings.Contains(refused.Hint, hint) {
			t.Errorf("journey %q: %q, hint %q", name, refused.Problem, refused.Hint)
		}
	}
	if p := must(t, in, diagram.Options{View: "journey", Name: "journey.mobile.api/browse"}); !strings.Contains(p.Title, "mobile.api/browse") {
		t.Errorf("title %q", p.Title)
	}
}

// Where no call has a limit, nobody knows the worst case: it is no number.
func TestJourneyWithoutLimits(t *testing.T) {
	p := must(t, withFacts(load(t, "../../examples/minimal/system.hcl")), diagram.Options{View: "journey", Name: "web.shop"})
	if got := strings.Join(p.Subtitle, " "); strings.Contains(got, "Worst case") {
		t.Error(got)
	}
}

// Where nobody states rates or fallbacks the picture counts journeys, and what is certain apart from what may be.
func TestFailureOfWhatNobodyStates(t *testing.T) {
	m, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: []byte(`
system "s" {}
client "web" {
  call "a" { to = service.a }
  call "b" { to = service.b }
}
service "a" {
  call "c" {
    to       = service.c
    fallback = unknown
  }
}
service "b" {
  call "c" {
    to       = service.c
    fallback = "fail"
  }
}
service "c" {}
`)}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	p := must(t, withFacts(m), diagram.Options{View: "failure"})
	nodes, _ := find(t, p)
	for id, want := range map[string]string{"service.a": "50 % of journeys lost", "service.c": "50 % to 100 % of journeys lost"} {
		if got := nodeLines(nodes[id]); !strings.HasPrefix(got, want) {
			t.Errorf("%s says %q, want %q", id, got, want)
		}
	}
	if got := strings.Join(p.Subtitle, " "); !strings.Contains(got, "nobody states how many requests come in") {
		t.Error(got)
	}
}

func TestFailureOfTheExample(t *testing.T) {
	p := must(t, withFacts(shop(t)), diagram.Options{View: "failure"})
	nodes, edges := find(t, p)
	for id, want := range map[string]string{
		"gateway.edge":         "60 % of requests lost",
		"service.catalog":      "86 % of requests lost | zone loss: load 90 %",
		"service.orders":       "14 % of requests lost | zone loss: load 133 %",
		"datastore.catalog_db": "100 % of requests lost | zones not stated",
		"external.stripe":      "14 % of requests lost | contract 99.9 %, 100/s",
	} {
		if nodes[id] == nil || nodeLines(nodes[id]) != want {
			t.Errorf("%s says %q, want %q", id, nodeLines(nodes[id]), want)
		}
	}
	if got := fmt.Sprint(nodes["service.catalog"].Zones, nodes["service.orders"].Zones); got != "[2 2 2] [2 2]" {
		t.Errorf("replicas by zone: %s", got)
	}
	if got := lines(edges["service.catalog.call.db"]); got != "10 % of reads" {
		t.Errorf("behind the cache: %q", got)
	}
	if got := strings.Join(p.Subtitle, " "); !strings.Contains(got, "not drawn: erp, notifications, emails and consul") {
		t.Errorf("left out: %q", got)
	}
	rendertest.SVG(t, p.DOT())
}

func TestDataOfTheExample(t *testing.T) {
	p := must(t, withFacts(shop(t)), diagram.Options{View: "data"})
	nodes, edges := find(t, p)
	for id, want := range map[string]string{
		"service.orders.call.db":        "write 1 of 2",
		"service.orders.publish.placed": "publish 2 of 2",
		"service.erp.call.db":           "write",
		"service.catalog.call.db":       "read",
	} {
		if edges[id] == nil || lines(edges[id]) != want {
			t.Errorf("%s says %q, want %q", id, lines(edges[id]), want)
		}
	}
	if edges["service.orders.call.charge"] != nil {
		t.Error("a call between services is no data")
	}
	for id, want := range map[string]string{
		"datastore.catalog_db": "no owner stated | 2 writers, 1 reader",
		"service.inventory":    "saga checkout, step 1",
		"service.orders":       "runs saga checkout",
	} {
		if nodes[id] == nil || nodeLines(nodes[id]) != want {
			t.Errorf("%s says %q, want %q", id, nodeLines(nodes[id]), want)
		}
	}
	rendertest.SVG(t, p.DOT())
}

func TestContextOfTheExample(t *testing.T) {
	p := must(t, withFacts(shop(t)), diagram.Options{View: "context"})
	nodes, _ := find(t, p)
	if len(p.Nodes) != 4 || len(p.Edges) != 3 {
		t.Fatalf("%d nodes, %d edges; want web, mobile, shop, stripe and 3 lines", len(p.Nodes), len(p.Edges))
	}
	if got := nodeLines(nodes["system.shop"]); got != "6 services, 3 stores | objective 99.9 %, p99 1 s" {
		t.Errorf("the system says %q", got)
	}
	var all []string
	for _, e := range p.Edges {
		all = append(all, lines(e))
	}
	got := strings.Join(all, "\n")
	for _, want := range []string{"browse, checkout | REST v1, OIDC, via edge", "stripe | 80/s, from payments"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if p.Drawn["service.orders.call.charge"] != "system.shop" {
		t.Errorf("a call inside the system is at %q", p.Drawn["service.orders.call.charge"])
	}
	rendertest.SVG(t, p.DOT())
}

// TestEveryViewOfAnyModel: no view of any model panics, its DOT parses, ids are unique, and what it says it drew is there.
func TestEveryViewOfAnyModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := models(t)
		in := withFacts(m)
		for _, v := range diagram.Views() {
			p, err := diagram.Draw(in, diagram.Options{View: v.Name, Collapse: rapid.SampledFrom([]string{"", "kind", "none"}).Draw(t, "collapse")})
			var refused *diagram.Error
			if errors.As(err, &refused) && refused.Hint != "" {
				continue
			}
			if err != nil {
				t.Fatalf("%s: %v", v.Name, err)
			}
			nodes, edges := parse(t, p.DOT())
			ids := map[string]bool{}
			for _, set := range []map[string]int{nodes, edges} {
				for id, n := range set {
					if n != 1 || ids[id] {
						t.Errorf("%s: id %q is there more than once", v.Name, id)
					}
					ids[id] = true
				}
			}
			for _, g := range p.Groups {
				ids[g.ID] = true
			}
			for a, id := range p.Drawn {
				if !ids[id] {
					t.Errorf("%s: %q is said to be at %q, which is not drawn", v.Name, a, id)
				}
			}
		}
	})
}

// A system with more parts than one picture holds shows those that cost most: here the gateway before all others.
func TestFailureOfALargeSystem(t *testing.T) {
	m := &model.Model{System: &model.System{Block: model.Block{Addr: "system.s", Kind: model.KindSystem, Label: "s"}}}
	call := func(from, label, to string) *model.Call {
		return &model.Call{
			Block: model.Block{Addr: model.Addr(from + ".call." + label), Kind: model.KindCall, Label: label, Parent: model.Addr(from)},
			To:    model.Of(model.Addr(to), model.Stated), PerRequest: model.Of(1.0, model.Default),
		}
	}
	g := &model.Gateway{Block: model.Block{Addr: "gateway.edge", Kind: model.KindGateway, Label: "edge"}}
	for i := range 80 {
		label := fmt.Sprintf("s%02d", i)
		m.Services = append(m.Services, &model.Service{Block: model.Block{Addr: model.Addr("service." + label), Kind: model.KindService, Label: label}})
		c := call("gateway.edge", label, "service."+label)
		c.PerRequest = model.Of(float64(80-i)/3240, model.Stated) // 80 + 79 + … + 1 = 3240
		g.Calls = append(g.Calls, c)
	}
	m.Gateways = []*model.Gateway{g}
	web := &model.Client{Block: model.Block{Addr: "client.web", Kind: model.KindClient, Label: "web"}, RPS: model.Of(100.0, model.Stated)}
	web.Calls = []*model.Call{call("client.web", "api", "gateway.edge")}
	m.Clients = []*model.Client{web}
	m.Index()
	p := must(t, withFacts(m), diagram.Options{View: "failure"})
	nodes, _ := find(t, p)
	if len(nodes) != 31 || nodes["gateway.edge"] == nil || nodes["service.s28"] == nil || nodes["service.s29"] != nil {
		t.Errorf("%d nodes drawn; want web, edge and s00 to s28", len(nodes))
	}
	if got := strings.Join(p.Subtitle, " "); !strings.Contains(got, "The 30 parts that cost most; 51 parts more, each 2 % of requests or less") {
		t.Errorf("left out: %q", got)
	}
}
