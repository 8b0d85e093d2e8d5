package diagram_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/dsl/model"
)

func mermaid(tb testing.TB, p *diagram.Picture) string {
	tb.Helper()
	out, err := p.Mermaid()
	if err != nil {
		tb.Fatal(err)
	}
	return string(out)
}

func TestMermaidOfTheExample(t *testing.T) {
	in := withFacts(shop(t))
	in.Report = reportOf(finding("AAA-001", "critical", "service.orders.call.charge"), finding("AAA-002", "high", "service.orders"))
	got := mermaid(t, must(t, in, diagram.Options{View: "findings"}))
	for _, want := range []string{
		"flowchart LR\n  accTitle: shop: findings\n", `service_orders("<b>orders</b><br/>service<br/>something is wrong<br/>H AAA-002"):::high`,
		`service_orders ==>|"charge<br/>something is wrong<br/>C AAA-001"| service_payments`, `service_orders -.->|"placed"| topic_order_placed`,
		`datastore_orders_db[("<b>orders_db</b><br/>relational")]:::store`, "classDef high fill:#fdeee3,stroke:#bb4400,color:#1b2733",
		"style system_shop fill:transparent,stroke:#7a8796", "linkStyle default stroke:#7a8796", "stroke:#d6336c,stroke-width:3px",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	// The number in linkStyle is that of the line: charge is the one with ==>.
	number := -1
	for i, l := range links(got) {
		if strings.Contains(l, "==>") {
			number = i
		}
	}
	if want := fmt.Sprintf("linkStyle %d stroke:#d6336c", number); !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
}

func TestMermaidSequence(t *testing.T) {
	got := mermaid(t, must(t, withFacts(shop(t)), diagram.Options{View: "journey", Name: "web.api/checkout"}))
	for _, want := range []string{
		"sequenceDiagram\n", "  actor client_web as web, client\n", "  client_web->>gateway_edge: 1. waits 3 s, ok\n",
		"  service_orders->>service_payments: 5. waits 600 ms, 3 tries, too short by 3.8 s\n", "  service_orders-)broker_kafka: 9. publishes in line\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

var linkLine = regexp.MustCompile(`(?m)^  \w+ (?:-->|==>|-\.->).*$`)

func links(s string) []string { return linkLine.FindAllString(s, -1) }

var (
	nodeLine = regexp.MustCompile(`^ *\w+(?:\(\[|\[\[|\[\(|\[/|>|\(|\[)"[^"]*"(?:\]\)|\]\]|\)\]|/\]|\]|\)):::\w+$`)
	edgeLine = regexp.MustCompile(`^  \w+ (?:-->|==>|-\.->)(?:\|"[^"]*"\|)? \w+$`)
	restLine = regexp.MustCompile(`^(?:flowchart (?:LR|TB)|  acc(?:Title|Descr): .*| *subgraph \w+\["[^"]*"\]| *end|  (?:classDef|style|linkStyle) [^"%]*)$`)
)

// TestMermaidOfAnyModel: every line of a flowchart is one of the forms that we write, whatever the names are; ids are
// unique and every classDef sets fill, stroke and color.
func TestMermaidOfAnyModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, err := diagram.Draw(withFacts(models(t)), diagram.Options{View: rapid.SampledFrom([]string{"containers", "data", "context"}).Draw(t, "view")})
		if err != nil {
			t.Fatal(err)
		}
		out, err := p.Mermaid()
		if err != nil {
			t.Fatal(err)
		}
		nodes := map[string]bool{}
		for _, l := range strings.Split(strings.TrimSuffix(string(out), "\n"), "\n") {
			switch {
			case nodeLine.MatchString(l):
				id := strings.FieldsFunc(l, func(r rune) bool {
					return !strings.ContainsRune("_ ", r) && (r < '0' || r > 'z' || r > '9' && r < 'A' || r > 'Z' && r < 'a')
				})[0]
				if nodes[id] {
					t.Errorf("id %q twice", id)
				}
				nodes[id] = true
			case edgeLine.MatchString(l), restLine.MatchString(l):
			default:
				t.Errorf("line %q is none of ours", l)
			}
			if strings.Contains(l, "classDef") && (!strings.Contains(l, "fill:") || !strings.Contains(l, "stroke:") || !strings.Contains(l, ",color:")) {
				t.Errorf("%q leaves a colour to the host", l)
			}
			for _, bad := range []string{"%%", "<script", "<b>bold", "`"} {
				if strings.Contains(l, bad) {
					t.Errorf("line %q contains %q", l, bad)
				}
			}
		}
		if len(nodes) != len(p.Nodes) {
			t.Errorf("%d nodes for %d", len(nodes), len(p.Nodes))
		}
	})
}

func TestMermaidRefusesWhatItsHostsRefuse(t *testing.T) {
	m := &model.Model{System: &model.System{Block: model.Block{Addr: "system.s", Kind: model.KindSystem, Label: "s"}}}
	hub := &model.Service{Block: model.Block{Addr: "service.hub", Kind: model.KindService, Label: "hub"}}
	for i := range 600 {
		at := model.Addr(fmt.Sprintf("service.s%d", i))
		m.Services = append(m.Services, &model.Service{Block: model.Block{Addr: at, Kind: model.KindService, Label: string(at[8:])}})
		hub.Calls = append(hub.Calls, &model.Call{Block: model.Block{Addr: model.Addr(fmt.Sprintf("service.hub.call.c%d", i)), Parent: hub.Addr}, To: model.Of(at, model.Stated)})
	}
	m.Services = append(m.Services, hub)
	m.Index()
	_, err := draw(t, m, diagram.Options{Collapse: "none"}).Mermaid()
	var refused *diagram.Error
	if !errors.As(err, &refused) || !strings.Contains(refused.Problem, "600 lines") || !strings.Contains(refused.Hint, "--focus") {
		t.Errorf("600 lines give %v", err)
	}
	if _, err := draw(t, m, diagram.Options{}).Mermaid(); err != nil {
		t.Errorf("collapsed: %v", err)
	}
}

func TestPage(t *testing.T) {
	in := withFacts(shop(t))
	f := finding("AAA-001", "critical", "service.orders.call.charge")
	f.Summary = `<script>alert("x")</script>`
	in.Report = reportOf(f)
	p := must(t, in, diagram.Options{View: "findings"})
	out, err := p.Page([]byte("<svg></svg>"), in.Report)
	if err != nil {
		t.Fatal(err)
	}
	got := string(out)
	for _, want := range []string{"<svg></svg>", `<tr id="at-service.orders.call.charge">`, "default-src &#39;none&#39;", "&lt;script&gt;"} {
		if !strings.Contains(strings.ReplaceAll(got, "'none'", "&#39;none&#39;"), want) {
			t.Errorf("no %q in the page", want)
		}
	}
	if strings.Contains(got, "<script") {
		t.Error("the page runs a script")
	}
	if href := p.Caption(diagram.Anchor).Elements["service.orders.call.charge"].Href; href != "#at-service.orders.call.charge" {
		t.Errorf("the line links to %q", href)
	}
}
