package facts

import (
	"math"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

func (f *Facts) journey(t testing.TB, addr model.Addr) *JourneyFacts {
	t.Helper()
	i, ok := f.paths.byAd[addr]
	if !ok {
		var have []string
		for _, j := range f.paths.js {
			have = append(have, string(j.addr))
		}
		t.Fatalf("no journey %s; there are %s", addr, strings.Join(have, ", "))
	}
	return f.journeyFacts(i)
}

func valued(t *testing.T, what string, got Num, want, tolerance float64) {
	t.Helper()
	if !got.HasValue() || math.Abs(got.V-want) > tolerance {
		t.Errorf("%s = %v (%v), want %v ± %v", what, got.V, got.State, want, tolerance)
	}
}

// The known answers of rules.md §1.2.
func TestShopJourneys(t *testing.T) {
	f := shop(t)
	if len(f.paths.js) != 4 {
		t.Fatalf("%d journeys, want 4", len(f.paths.js))
	}
	c := f.journey(t, "journey.web.api/checkout")
	certain(t, "rate", c.Rate, 60, 1e-9)
	certain(t, "share", c.Share, 0.12, 1e-9)
	certain(t, "objective", c.Objective, 0.999, 0)
	if c.Objective.State != model.Inherited || c.Objective.From() != "system.shop" || c.Objective.Text() != "99.9%" {
		t.Errorf("objective: %+v", c.Objective)
	}
	valued(t, "availability", c.Availability, 0.99643, 0.000005)
	valued(t, "loss", c.LossMinutes, 154.0, 0.05)
	valued(t, "budget", c.BudgetMinutes, 43.2, 1e-6)
	valued(t, "assumed share", c.AssumedShare, 0.16, 0.005)
	certain(t, "components", c.Components, 9, 0)
	if c.Hard[0].Addr != "external.stripe" || math.Abs(c.Hard[0].Share-0.28) > 0.005 || c.Hard[0].Availability.State != model.Stated {
		t.Errorf("hard[0] = %+v", c.Hard[0])
	}
	if len(c.Hard) != 9 || c.Availability.Text() != "99.643 %" || c.LossMinutes.Text() != "154 min" {
		t.Errorf("%d parts, %q, %q", len(c.Hard), c.Availability.Text(), c.LossMinutes.Text())
	}
	certain(t, "worst case", c.WorstCase, 2650, 1e-9)
	valued(t, "healthy p99", c.HealthyP99, 1010, 1e-9)
	certain(t, "latency objective", c.LatencyObjective, 1000, 0)
	certain(t, "slowest p99", c.SlowestP99, 950, 0)
	certain(t, "depth", c.Depth, 1, 0) // orders to payments
	if got := strings.Join(c.Path, " "); got != "client.web gateway.edge service.orders service.inventory" && got != "client.web gateway.edge service.orders service.payments" {
		t.Errorf("path: %s", got)
	}
	if got, want := c.Rec.Ladder.V, "outbox 132.5 min, charge async 63.5 min, reserve async 36.5 min"; got != want {
		t.Errorf("ladder %q, want %q", got, want)
	}
	if !c.Rec.Meets.V || len(c.Rec.Soften) != 3 || c.Rec.Soften[0].Value.Store != "datastore.orders_db" {
		t.Errorf("rec: %+v", c.Rec)
	}
	b := f.journey(t, "journey.web.api/browse")
	valued(t, "browse", b.Availability, 0.99930, 0.000005)
	valued(t, "browse loss", b.LossMinutes, 30.3, 0.05)
	if len(b.Rec.Rungs) != 0 || !b.Rec.Meets.V {
		t.Errorf("browse: %+v", b.Rec)
	}
	if b.Availability.Lo > 0.999 {
		t.Error("with β=20 % browse would miss")
	}
	valued(t, "mobile checkout", f.journey(t, "journey.mobile.api/checkout").Rate, 8, 1e-9)
	valued(t, "mobile checkout's share", f.journey(t, "journey.mobile.api/checkout").Share, 0.016, 1e-9)
}

func TestStanding(t *testing.T) {
	f := shop(t)
	for addr, want := range map[model.Addr]Standing{
		"client.web":                           {true, true, false, 0.6},
		"gateway.edge":                         {true, true, false, 0.6},
		"service.orders":                       {true, true, true, 0.136},
		"service.payments":                     {true, false, false, 0.136},
		"service.orders.call.db":               {true, true, true, 0.136},
		"service.orders.publish.placed":        {true, true, true, 0.136}, // the order that it announces is such data
		"gateway.edge.call.checkout":           {true, true, true, 0.12},
		"gateway.edge.call.browse":             {true, false, false, 0.48},
		"datastore.orders_db":                  {true, true, true, 0.136},
		"service.notifications":                {false, false, false, 0.136}, // it only consumes
		"service.notifications.consume.emails": {true, false, false, 0.136},
		"queue.emails":                         {true, false, false, 0.136},
		"topic.order_placed":                   {true, false, true, 0.136},
		"service.erp":                          {false, false, false, 0},
		"service.erp.call.db":                  {false, false, false, 0},
		"transaction.checkout":                 {true, true, true, 0.136},
		"transaction.checkout.step.reserve":    {true, false, false, 0.136},
		"flag.new_pricing":                     {true, true, true, 0.136},
		"mesh.istio":                           {true, true, true, 0.864},
		"journey.web.api/checkout":             {true, true, true, 0.12},
		"registry.consul":                      {},
	} {
		got := f.Standing(addr)
		got.Share = math.Round(got.Share*1e9) / 1e9
		if got != want {
			t.Errorf("%s: %+v, want %+v", addr, got, want)
		}
	}
	parts := f.Parts("journey.web.api/browse")
	want := "client.web client.web.call.api datastore.catalog_db gateway.edge gateway.edge.call.browse service.catalog service.catalog.call.db"
	if got := strings.Trim(strings.ReplaceAll(strings.Join(words(parts), " "), "  ", " "), " "); got != want {
		t.Errorf("parts: %s", got)
	}
	if f.Parts("service.orders") != nil {
		t.Error("a declared subject has no parts")
	}
}
