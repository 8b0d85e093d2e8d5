package report

import (
	"fmt"
	"math"
	"testing"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

// TestJourneysOfShop holds the published journeys to numbers worked by hand: 0.1 % of 30 days are 43.2 minutes; the
// checkout loses 154.0, 132.5 with an outbox, 63.5 with the charge after the reply, 36.5 with the reservation after it.
func TestJourneysOfShop(t *testing.T) {
	m, diags := dsl.Load([]string{"../../examples/shop/system.hcl"}, dsl.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	js := journeys(facts.Compute(m, facts.Params{}).Documents("journey"))
	var order []string
	var web Journey
	for _, j := range js {
		order = append(order, j.Address)
		if j.Address == "journey.web.api/checkout" {
			web = j
		}
	}
	if got := fmt.Sprint(order); got != "[journey.mobile.api/checkout journey.web.api/checkout journey.mobile.api/browse journey.web.api/browse]" {
		t.Errorf("order %s", got)
	}
	got := fmt.Sprint(web.Verdict, " ", web.Objective.Text, " ", web.Budget.Text, " ", web.Lost.Text)
	for _, g := range web.Gains {
		got += "; " + g.What + " " + g.Lost.Text
	}
	if want := "misses 99.9% 43.2 min 154 min; outbox 132.5 min; charge async 63.5 min; reserve async 36.5 min"; got != want || !web.Meets {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// 1.01 s of healthy p99 against 1 s; 2.65 s until everybody has given up; the heaviest part is stripe with 0.1 of 0.357 %.
	l := web.Latency
	if got := fmt.Sprint(l.Objective.Text, " ", l.Healthy.Text, " ", l.Worst.Text, " ", l.Deadline.Text, " ", l.Verdict); got != "1s 1.01s 2.65s 3s misses" {
		t.Errorf("latency %s", got)
	}
	if h := web.Heaviest[0]; h.Address != "external.stripe" || math.Abs(h.Share-0.28) > 0.001 || len(web.Heaviest) != heaviest {
		t.Errorf("heaviest %+v of %d", h, len(web.Heaviest))
	}
}

// A journey through a, which calls b; nobody knows what answers when b fails: it cannot do without a, perhaps not without
// b.
func TestJourneysOfUnknownFallbacks(t *testing.T) {
	m, diags := dsl.Parse([]model.File{{Name: "s.hcl", Bytes: []byte(`
system "s" {}
client "c" {
  call "a" { to = service.a }
}
service "a" {
  call "b" {
    to       = service.b
    fallback = unknown
  }
}
service "b" {}
`)}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, j := range journeys(facts.Compute(m, facts.DefaultParams()).Documents("journey")) {
		if j.Parts != 1 || j.PartsMost != 2 {
			t.Errorf("%s cannot do without %d to %d parts, want 1 to 2", j.Address, j.Parts, j.PartsMost)
		}
	}
}

// TestVerdict compares ranges: certain on both sides, likely where the value decides, undecided where nothing is known.
func TestVerdict(t *testing.T) {
	limit := facts.Exact(10)
	for _, c := range []struct {
		n, limit facts.Num
		want     string
	}{
		{facts.Exact(10), limit, meets},
		{facts.Exact(10.1), limit, misses},
		{facts.Between(5, 9, 12), limit, mayMiss},
		{facts.Between(5, 11, 12), limit, likelyMisses},
		{facts.Between(10.5, 11, 12), limit, misses},
		{facts.Unknown(0), limit, undecided},
		{facts.Unknown(11), limit, misses},
		{facts.Exact(5), facts.Absent(), noObjective},
		{facts.Exact(5), facts.Unknown(0), undecided},
		{facts.Num{State: model.Absent}, limit, undecided},
	} {
		if got := verdict(c.n, c.limit); got != c.want {
			t.Errorf("%+v against %+v: %s, want %s", c.n, c.limit, got, c.want)
		}
	}
}
