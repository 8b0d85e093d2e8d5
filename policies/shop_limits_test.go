package policies_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl"
)

// The known answers of the worked example for bulkheads, rate limits and timeouts, computed by hand: severities are the
// cards', before modifiers and subsumption. Questions are left to the fixtures.
func TestShopLimitsAndTimeouts(t *testing.T) {
	eng, err := engine.New(engine.Options{Select: func(c *analyzer.Card) bool { return c.ID >= "RES-020" && strings.HasPrefix(c.ID, "RES-") }})
	if err != nil {
		t.Fatal(err)
	}
	m, diags := dsl.Load([]string{"../examples/shop/system.hcl"}, dsl.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	res, err := eng.Eval(context.Background(), facts.Compute(m, facts.DefaultParams()).Documents)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range res.Raws {
		if r.Verdict != analyzer.Question {
			got = append(got, fmt.Sprintf("%s %s %s %s", r.Card.ID, r.Subject, r.Verdict, r.Severity))
		}
	}
	want := []string{
		"RES-020 service.payments violation high",             // 80/3 per second for 2 · 2 s + 100 ms: 109 on 32 slots
		"RES-030 gateway.mobile_bff violation high",           // edge has a limit
		"RES-031 gateway.edge violation high",                 // 0.2 · 600 + 20 = 140 on 120
		"RES-035 external.stripe violation high",              // 2 · 80 > 0.8 · 100, and 80 < 100
		"RES-040 service.erp.call.db violation medium",        // stated none, and nobody waits
		"RES-041 gateway.edge.call.checkout violation medium", // 700 <= 800 < 1300 ms
		"RES-041 gateway.mobile_bff.call.checkout violation high",
		"RES-041 service.orders.call.charge violation high",         // 600 < 950 ms
		"RES-043 gateway.mobile_bff.call.checkout violation medium", // 300 < 600 ms, one try
		"RES-043 service.orders.call.charge violation high",         // 600 ms < 2 s
		"RES-043 service.orders.call.reserve violation high",        // 250 < 300 ms, three tries of the mesh
		"RES-044 gateway.edge.call.checkout violation medium",       // 800 ms < 250 + 2100 + 300
		"RES-046 journey.mobile.api/checkout risk high",             // 60 + 950 > 1000 ms
		"RES-046 journey.web.api/checkout risk high",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	fix := func(id, subject string) string {
		i := slices.IndexFunc(res.Raws, func(r analyzer.Raw) bool { return r.Card.ID == id && string(r.Subject) == subject })
		return fmt.Sprint(res.Raws[i].Fixes[0].Ops[0].Value)
	}
	for _, c := range [][3]string{
		{"RES-020", "service.payments", "map[max_concurrent:14]"},
		{"RES-030", "gateway.mobile_bff", "map[retry_after:true rps:320]"}, // 0.8 · (1200 − 240) / 2.4
		{"RES-031", "gateway.edge", "400"},                                 // 0.8 · (120 − 20) / 0.2
		{"RES-035", "external.stripe", "map[on_limit:queue rps:80 scope:global]"},
	} {
		if got := fix(c[0], c[1]); got != c[2] {
			t.Errorf("%s on %s sets %s, want %s", c[0], c[1], got, c[2])
		}
	}
}
