package diagram_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/report"
)

func TestAround(t *testing.T) {
	in := withFacts(shop(t))
	in.Report = reportOf(finding("AAA-001", "critical", "service.orders.call.charge"), finding("AAA-002", "high", "service.catalog"), finding("AAA-003", "low", "policy.rpc"))
	p, err := diagram.Around(in, []string{"AAA-001@service.orders.call.charge", "AAA-003@policy.rpc"})
	if err != nil {
		t.Fatal(err)
	}
	nodes, edges := find(t, p)
	if len(nodes) != 2 || nodes["service.orders"] == nil || nodes["service.payments"] == nil || edges["service.orders.call.charge"] == nil {
		t.Errorf("%d nodes around one call", len(nodes))
	}
	if got := strings.Join(p.Subtitle, " "); !strings.Contains(got, "1 finding without a place") {
		t.Errorf("says %q", got)
	}
}

func TestAroundIsSmall(t *testing.T) {
	m := load(t, "../../examples/hotel-reservation/system.hcl")
	in := withFacts(m)
	in.Report = everywhere(m)
	var ids []string
	for _, f := range in.Report.Findings {
		ids = append(ids, f.ID)
	}
	p, err := diagram.Around(in, ids)
	if err != nil {
		t.Fatal(err)
	}
	nodes, edges := parse(t, p.DOT())
	if len(nodes) > 12 || len(edges) > 20 || len(nodes) < 6 {
		t.Errorf("%d nodes and %d lines in a comment", len(nodes), len(edges))
	}
	if out := mermaid(t, p); len(out) > 50000 {
		t.Errorf("%d characters", len(out))
	}
}

// A comment about nothing is a picture of nothing, not of everything.
func TestAroundNothing(t *testing.T) {
	in := withFacts(shop(t))
	in.Report = &report.Report{}
	p, err := diagram.Around(in, []string{})
	if err != nil || len(p.Nodes) != 0 {
		t.Errorf("%v, %s", err, fmt.Sprint(len(p.Nodes)))
	}
}
