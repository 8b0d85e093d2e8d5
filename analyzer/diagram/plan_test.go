package diagram_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
	"github.com/archcheck/archcheck/analyzer/report"
)

// planned is a report with a fix by operations, one on another block, and one that only people can make.
func planned() *report.Report {
	breaker := finding("AAA-001", "critical", "service.payments.call.stripe")
	breaker.Action = "add"
	breaker.Fixes = []report.Fix{{Ops: []report.Op{{Set: "circuit_breaker", Value: map[string]any{"window": "10s"}}}}}
	limit := finding("AAA-002", "high", "service.orders")
	limit.Action = "change"
	limit.Fixes = []report.Fix{{Ops: []report.Op{{At: "gateway.edge", Set: "rate_limit.rps", Value: 400.0}, {At: "service.orders.call.charge", Unset: "retry"}}}}
	advice := finding("AAA-003", "medium", "service.orders.call.reserve")
	advice.Fixes = []report.Fix{{Ops: []report.Op{{Advise: "think"}}}}
	return reportOf(breaker, limit, advice)
}

func TestPlanOfTheExample(t *testing.T) {
	in := withFacts(shop(t))
	in.Report = planned()
	for half, want := range map[string]map[string]string{
		"before": {"service.payments.call.stripe": "C AAA-001", "service.orders": "H AAA-002", "gateway.edge": "", "service.orders.call.reserve": "M AAA-003"},
		"after": {
			"service.payments.call.stripe": "+ circuit breaker", "service.orders": "", "gateway.edge": "~ rate limit rps 400",
			"service.orders.call.charge": "- retry", "service.orders.call.reserve": "M AAA-003",
		},
	} {
		p := must(t, in, diagram.Options{View: "plan", Name: half})
		nodes, edges := find(t, p)
		for id, text := range want {
			got := ""
			if n := nodes[id]; n != nil {
				got = texts(n.Badges)
			} else if e := edges[id]; e != nil {
				got = texts(e.Badges)
			} else {
				t.Errorf("%s: %s is not drawn", half, id)
			}
			if got != text {
				t.Errorf("%s: %s has %q, want %q", half, id, got, text)
			}
		}
		if want := "The plan makes 3 changes and mends 2 findings; 1 more need a decision of people."; p.Subtitle[0] != want {
			t.Errorf("%s says %q, want %q", half, p.Subtitle[0], want)
		}
		if nodes["queue.emails"] != nil || !strings.Contains(strings.Join(p.Subtitle, " "), "leaves alone not drawn") {
			t.Errorf("%s draws what the plan leaves alone", half)
		}
	}
	if p := must(t, in, diagram.Options{View: "plan"}); !strings.Contains(p.Title, "after the plan") {
		t.Errorf("without a half: %q", p.Title)
	}
	if _, err := diagram.Draw(in, diagram.Options{View: "plan", Name: "later"}); err == nil {
		t.Error("a third half is accepted")
	}
}

// TestPlanKeepsPlaces: both halves have every node at the same place within 5 pixels.
func TestPlanKeepsPlaces(t *testing.T) {
	in := withFacts(shop(t))
	in.Report = planned()
	at := map[string][2]float64{}
	for _, half := range []string{"before", "after"} {
		svg := rendertest.SVG(t, must(t, in, diagram.Options{View: "plan", Name: half}).DOT())
		found := nodeAt.FindAllSubmatch(svg, -1)
		if len(found) < 10 {
			t.Fatalf("%s: only %d nodes in the SVG", half, len(found))
		}
		for _, m := range found {
			var x, y float64
			fmt.Sscan(string(m[2]), &x)
			fmt.Sscan(string(m[3]), &y)
			if was, ok := at[string(m[1])]; ok && (math.Abs(was[0]-x) > 5 || math.Abs(was[1]-y) > 5) {
				t.Errorf("%s is at %v,%v before and %v,%v after", m[1], was[0], was[1], x, y)
			}
			at[string(m[1])] = [2]float64{x, y}
		}
	}
}

func TestPlanWithoutFindings(t *testing.T) {
	in := withFacts(shop(t))
	in.Report = reportOf()
	p := must(t, in, diagram.Options{View: "plan"})
	if !strings.HasPrefix(p.Subtitle[0], "No changes.") || len(p.Nodes) < 15 {
		t.Errorf("%d nodes, %q", len(p.Nodes), p.Subtitle[0])
	}
}

// TestPlanWithoutEffect: changes that change no number show none, and both halves say the same.
func TestPlanWithoutEffect(t *testing.T) {
	in := withFacts(shop(t))
	in.Report = planned()
	in.After = &diagram.Prediction{Model: in.Model, Facts: in.Facts}
	halves := map[string]string{}
	for _, name := range []string{"before", "after"} {
		p := must(t, in, diagram.Options{View: "plan", Name: name})
		for _, n := range p.Nodes {
			halves[name] += fmt.Sprintln(n.ID, n.Facts)
			for _, f := range n.Facts {
				if f.Tone == diagram.OKTone || strings.Contains(f.Text, "if down") {
					t.Errorf("%s: %s says %q", name, n.ID, f.Text)
				}
			}
		}
	}
	if halves["before"] != halves["after"] {
		t.Errorf("before:\n%safter:\n%s", halves["before"], halves["after"])
	}
}
