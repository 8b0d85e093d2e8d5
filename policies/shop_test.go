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

// The known answers of the worked example for circuit breakers and retries, computed by hand: severities are the cards',
// before modifiers and subsumption (stripe's finding takes in RES-016 and RES-018).
func TestShopBreakersAndRetries(t *testing.T) {
	eng, err := engine.New(engine.Options{Select: func(c *analyzer.Card) bool { return c.ID < "RES-020" && strings.HasPrefix(c.ID, "RES-") }})
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
		got = append(got, fmt.Sprintf("%s %s %s %s", r.Card.ID, r.Subject, r.Verdict, r.Severity))
	}
	want := []string{
		"RES-001 gateway.edge.call.browse question medium", // slots of the gateways are unknown
		"RES-001 gateway.edge.call.checkout question medium",
		"RES-001 gateway.mobile_bff.call.browse question medium",
		"RES-001 gateway.mobile_bff.call.checkout question medium",
		"RES-001 service.orders.call.charge violation medium",   // 20/s · 2.1 s = 42 of 64
		"RES-001 service.payments.call.stripe violation high",   // 26.7/s · 4.1 s = 109 on 32
		"RES-015 external.stripe violation critical",            // 36·60/80 + 18·20/80 = 31.5: 2520/s on 100/s
		"RES-015 service.inventory violation medium",            // 2·3·60/80 + 3·20/80 = 5.25
		"RES-016 service.payments.call.stripe violation medium", // 80·2 > 100
		"RES-018 service.orders.call.charge violation high",     // 3 · 3
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	says := func(id, subject, text string) {
		i := slices.IndexFunc(res.Raws, func(r analyzer.Raw) bool { return r.Card.ID == id && string(r.Subject) == subject })
		if i < 0 || !strings.Contains(res.Raws[i].Detail, text) {
			t.Errorf("%s on %s does not say %q", id, subject, text)
		}
	}
	says("RES-001", "service.orders.call.charge", "42 waiting requests (20/s for up to 2.1 s), 65.6 % of its 64 slots")
	says("RES-001", "service.payments.call.stripe", "109 waiting requests (26.7/s for up to 4.1 s) on 32 slots. They are gone after 1.2 s, for db too.")
	says("RES-015", "external.stripe", "80/s become 2,520/s, 31.5 times as many, and its contract allows 100/s. Who tries again: edge/checkout (2 tries), orders/charge (9 tries) and payments/stripe (2 tries). When it answers with HTTP 500, it gets 840/s.")
	says("RES-015", "service.inventory", "80/s become 420/s, 5.25 times as many.")
}
