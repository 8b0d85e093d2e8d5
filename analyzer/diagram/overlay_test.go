package diagram_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/model"
)

// finding is one finding of a made-up report.
func finding(rule, severity, subject string) report.Finding {
	return report.Finding{
		ID: rule + "@" + subject, Rule: rule, Severity: severity, Subject: subject, Subjects: []string{}, Verdict: "violation",
		Kind: "misconfigured", Title: "Something is wrong", Facts: map[string]report.Fact{},
	}
}

func reportOf(findings ...report.Finding) *report.Report {
	r := &report.Report{Findings: findings}
	for _, f := range findings {
		switch {
		case f.Waiver != nil || f.Known:
		case f.Severity == "critical":
			r.Summary.Critical++
		case f.Severity == "high":
			r.Summary.High++
		case f.Severity == "medium":
			r.Summary.Medium++
		default:
			r.Summary.Low++
		}
	}
	return r
}

func texts(badges []diagram.Badge) string {
	var out []string
	for _, b := range badges {
		out = append(out, b.Text)
	}
	return strings.Join(out, " | ")
}

func TestFindingsOnTheExample(t *testing.T) {
	in := withFacts(shop(t))
	limit := finding("AAA-001", "critical", "service.orders.call.charge")
	limit.Kind, limit.Pattern = "missing", "resilience/circuit-breaker"
	limit.Facts = map[string]report.Fact{"limit": {Value: 600.0, Text: "600ms", State: "stated"}, "p99": {Value: 950.0, Text: "950ms", State: "stated"}}
	risk := finding("AAA-003", "medium", "service.orders")
	risk.Verdict = "risk"
	waived := finding("AAA-004", "high", "queue.emails")
	waived.Waiver = &report.Waiver{Rule: "AAA-004"}
	known := finding("AAA-005", "high", "topic.order_placed")
	known.Known = true
	in.Report = reportOf(limit, finding("AAA-002", "high", "service.orders"), risk, finding("AAA-006", "low", "service.orders.api.grpc"),
		finding("AAA-007", "low", "service.orders"), waived, known, finding("AAA-008", "high", "journey.web.api/checkout"),
		finding("AAA-009", "low", "transaction.checkout.step.charge"), finding("AAA-010", "low", "policy.rpc"))
	p := must(t, in, diagram.Options{View: "findings"})
	nodes, edges := find(t, p)
	for id, want := range map[string]string{
		"service.orders":     "H AAA-002 | M? AAA-003 +2",
		"queue.emails":       "waived AAA-004",
		"topic.order_placed": "",
		"service.payments":   "L AAA-009",
	} {
		if got := texts(nodes[id].Badges); got != want {
			t.Errorf("%s has %q, want %q", id, got, want)
		}
	}
	charge := edges["service.orders.call.charge"]
	if got, want := texts(charge.Badges), "C AAA-001 | + circuit breaker"; got != want {
		t.Errorf("charge has %q, want %q", got, want)
	}
	if got, want := lines(charge), "charge | 600 ms < p99 950 ms"; got != want {
		t.Errorf("charge says %q, want %q", got, want)
	}
	if got := texts(edges["client.web.call.api"].Badges); got != "H AAA-008" {
		t.Errorf("the journey's finding is not at its entry, which has %q", got)
	}
	if got := texts(p.Groups[0].Badges); got != "L 1" {
		t.Errorf("the policy's finding is not at the system, which has %q", got)
	}
	if want := "service.orders calls service.payments, 1 finding, worst critical AAA-001"; charge.Title != want {
		t.Errorf("charge reads %q, want %q", charge.Title, want)
	}
	dot := string(p.DOT())
	if !regexp.MustCompile(`"service.orders"->"service.payments"\[ id="service.orders.call.charge", color="#9b1034", penwidth="3"`).MatchString(dot) {
		t.Error("a critical line is not drawn as one")
	}
	rendertest.SVG(t, p.DOT())
}

// A finding of several parts is at each of them, also where its own subject is the system.
func TestGroupedFindings(t *testing.T) {
	in := withFacts(shop(t))
	f := finding("AAA-001", "critical", "system.shop")
	f.Subjects = []string{"service.orders", "datastore.orders_db"}
	in.Report = reportOf(f)
	for _, view := range []string{"findings", "failure"} {
		nodes, _ := find(t, must(t, in, diagram.Options{View: view}))
		for id, want := range map[string]string{"service.orders": "C AAA-001", "datastore.orders_db": "C AAA-001", "service.catalog": ""} {
			if got := texts(nodes[id].Badges); got != want {
				t.Errorf("%s: %s has %q, want %q", view, id, got, want)
			}
		}
	}
}

// TestOverlaysKeepPlaces: nodes have equal ranks and equal order within their rank in every overlay of the containers.
func TestOverlaysKeepPlaces(t *testing.T) {
	in := withFacts(shop(t))
	in.Report = reportOf(finding("AAA-001", "critical", "service.orders.call.charge"), finding("AAA-002", "high", "datastore.catalog_db"))
	in.Report.Patterns = []report.Pattern{{ID: "resilience/retry", Present: []string{"gateway.edge.call.checkout"}}}
	var first string
	for _, o := range []diagram.Options{{View: "containers"}, {View: "findings"}, {View: "patterns", Name: "retry"}, {View: "containers", Highlight: "AAA-001"}} {
		got := places(t, rendertest.SVG(t, must(t, in, o).DOT()))
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("%+v puts parts elsewhere:\n%s\nnot\n%s", o, got, first)
		}
	}
}

var nodeAt = regexp.MustCompile(`(?s)<g id="([^"]*)" class="node">.*?<title>.*?</title>\s*<p[a-z]* [^>]*?(?:points="|d="M)(-?[0-9.]+),(-?[0-9.]+)`)

// places lists the nodes of an SVG column by column, top down.
func places(t *testing.T, svg []byte) string {
	type place struct {
		id   string
		x, y float64
	}
	var all []place
	for _, m := range nodeAt.FindAllSubmatch(svg, -1) {
		var p place
		p.id = string(m[1])
		fmt.Sscan(string(m[2]), &p.x)
		fmt.Sscan(string(m[3]), &p.y)
		all = append(all, p)
	}
	if len(all) < 15 {
		t.Fatalf("only %d nodes found in the SVG", len(all))
	}
	slices.SortFunc(all, func(a, b place) int { return int(a.y - b.y) })
	rank := map[string][]string{}
	for _, p := range all {
		kind, _, _ := strings.Cut(p.id, ".")
		rank[kind] = append(rank[kind], p.id)
	}
	return fmt.Sprint(rank)
}

func TestPatternOfTheExample(t *testing.T) {
	in := withFacts(shop(t))
	in.Report = reportOf()
	in.Report.Patterns = []report.Pattern{{
		ID: "resilience/circuit-breaker", Present: []string{"service.orders.call.reserve"},
		Missing: []string{"service.orders.call.charge"}, Questions: []string{"gateway.edge.call.browse"},
	}}
	for _, name := range []string{"circuit-breaker", "resilience/circuit-breaker"} {
		p := must(t, in, diagram.Options{View: "patterns", Name: name})
		_, edges := find(t, p)
		for id, want := range map[string]string{
			"service.orders.call.reserve": "circuit breaker", "service.orders.call.charge": "+ circuit breaker",
			"gateway.edge.call.browse": "? circuit breaker", "service.orders.call.db": "",
		} {
			if got := texts(edges[id].Badges); got != want {
				t.Errorf("%s has %q, want %q", id, got, want)
			}
		}
	}
	_, err := diagram.Draw(in, diagram.Options{View: "patterns", Name: "circuit-braker"})
	var refused *diagram.Error
	if !errors.As(err, &refused) || !strings.Contains(refused.Hint, "patterns=circuit-breaker") {
		t.Errorf("a misspelt pattern gives %v", err)
	}
}

func TestHighlight(t *testing.T) {
	in := withFacts(shop(t))
	in.Report = reportOf(finding("AAA-001", "high", "service.orders.call.charge"))
	for what, want := range map[string]string{
		"AAA-001": "service.orders.call.charge", "service.catalog": "service.catalog", "service.orders.api.grpc": "service.orders",
		"service.erp.call.db.timeout": "",
	} {
		p, err := diagram.Draw(in, diagram.Options{Highlight: what})
		if want == "" {
			if err == nil {
				t.Errorf("--highlight %s is accepted", what)
			}
			continue
		}
		if err != nil {
			t.Errorf("--highlight %s: %v", what, err)
			continue
		}
		var got []string
		for _, n := range p.Nodes {
			if n.Tone == diagram.Marked {
				got = append(got, n.ID)
			}
		}
		for _, e := range p.Edges {
			if e.Tone == diagram.Marked {
				got = append(got, e.ID)
			}
		}
		if fmt.Sprint(got) != "["+want+"]" {
			t.Errorf("--highlight %s marks %v", what, got)
		}
	}
	if _, err := diagram.Draw(in, diagram.Options{Highlight: "AAA-999"}); err == nil {
		t.Error("a rule without findings is accepted")
	}
	one := load(t, "testdata/single.hcl")
	p := must(t, withFacts(one), diagram.Options{Highlight: "spof"})
	for _, n := range p.Nodes {
		if (n.Tone == diagram.Marked) != (n.ID == "service.core") {
			t.Errorf("--highlight spof: %s marked is %v", n.ID, n.Tone == diagram.Marked)
		}
	}
}

// TestEveryFindingHasAPlace: in the findings view of any model every finding that counts is at an element that is drawn,
// and no element has one that the report does not.
func TestEveryFindingHasAPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := withFacts(models(t))
		var subjects []string
		in.Model.Each(func(e model.Entity) { subjects = append(subjects, string(e.Self().Addr)) })
		subjects = append(subjects, "journey.a.b", "cycle.x", "transaction.nowhere")
		var all []report.Finding
		for i := range rapid.IntRange(0, 12).Draw(t, "findings") {
			all = append(all, finding(fmt.Sprintf("AAA-%03d", i), rapid.SampledFrom([]string{"critical", "high", "medium", "low"}).Draw(t, "severity"),
				rapid.SampledFrom(subjects).Draw(t, "subject")))
		}
		in.Report = reportOf(all...)
		p, err := diagram.Draw(in, diagram.Options{View: "findings", Collapse: rapid.SampledFrom([]string{"", "kind"}).Draw(t, "collapse")})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Nodes) == 0 {
			return // nothing is described
		}
		nodes, edges := parse(t, p.DOT())
		placed := map[string]int{}
		for id, findings := range p.Findings {
			border := slices.ContainsFunc(p.Groups, func(g *diagram.Group) bool { return g.ID == id })
			if nodes[id]+edges[id] != 1 && !border {
				t.Errorf("%v are at %q, which is not drawn", findings, id)
			}
			for _, f := range findings {
				placed[f]++
			}
		}
		for _, f := range all {
			if placed[f.ID] != 1 {
				t.Errorf("%s is at %d elements", f.ID, placed[f.ID])
			}
		}
	})
}
