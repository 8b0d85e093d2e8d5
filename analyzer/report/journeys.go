package report

import (
	"cmp"
	"slices"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
)

// Journey is one way of a request through the system: what it promises, what it keeps, and what would help.
type Journey struct {
	Address   string  `json:"address"` // journey.web.api/checkout
	Client    string  `json:"client"`
	EndsIn    string  `json:"ends_in"`
	Rate      Fact    `json:"rate"`
	Share     float64 `json:"share"` // of all journeys' traffic, 0..1
	Verdict   string  `json:"verdict"`
	Objective Fact    `json:"objective"` // availability
	Predicted Fact    `json:"predicted"`
	Lost      Fact    `json:"lost"`       // minutes in one window of the objective
	Budget    Fact    `json:"budget"`     // minutes that the objective allows
	Parts     int     `json:"parts"`      // that it certainly cannot do without
	PartsMost int     `json:"parts_most"` // the same with those of which nobody knows whether something answers for them
	Heaviest  []Share `json:"heaviest"`
	Gains     []Gain  `json:"gains"` // what to soften, in this order
	Meets     bool    `json:"meets"` // the objective, after the last gain
	Latency   Latency `json:"latency"`
}

// Latency is the time that a journey has, and what it takes.
type Latency struct {
	Objective Fact   `json:"objective"` // p99
	Healthy   Fact   `json:"healthy"`   // the least p99 that its parts allow
	Worst     Fact   `json:"worst"`     // until an answer has come or everybody has given up
	Deadline  Fact   `json:"deadline"`  // how long the client waits
	Slowest   string `json:"slowest"`   // the part with the largest stated p99
	Verdict   string `json:"verdict"`
}

// Share is one part's share of what a journey loses.
type Share struct {
	Address      string  `json:"address"`
	Availability Fact    `json:"availability"`
	Share        float64 `json:"share"` // 0..1
}

// Gain is one step of a ladder of fixes: what is done, where, and what is still lost after it.
type Gain struct {
	What string   `json:"what"`
	At   []string `json:"at"`
	Lost Fact     `json:"lost"` // minutes in one window, this step and those before it taken
}

// How a journey stands to an objective, over the range of the prediction.
const (
	meets        = "meets"
	mayMiss      = "may_miss"      // it meets at the likeliest value, not over the whole range
	likelyMisses = "likely_misses" // it misses at the likeliest value, not over the whole range
	misses       = "misses"
	undecided    = "undecided"    // a fact is missing
	noObjective  = "no_objective" // nobody stated one
)

// heaviest is how many parts of a journey are listed.
const heaviest = 6

// journeys are all journeys, those that lose most of their budget first.
func journeys(docs []facts.Document) []Journey {
	out := []Journey{}
	over := map[string]float64{}
	for _, d := range docs {
		j, ok := d.Subject.(*facts.JourneyFacts)
		if !ok {
			continue
		}
		x := Journey{
			Address: string(d.Addr), Client: j.Client, EndsIn: j.EndsIn, Rate: quantity(j.Rate, "rps"), Share: j.Share.V,
			Objective: quantity(j.Objective, "ratio"), Predicted: quantity(j.Availability, "ratio"),
			Lost: quantity(j.LossMinutes, "minutes"), Budget: quantity(j.BudgetMinutes, "minutes"),
			Verdict: verdict(j.LossMinutes, j.BudgetMinutes), Parts: int(j.Components.Lo), PartsMost: int(j.Components.Hi), Heaviest: []Share{}, Gains: []Gain{},
			Meets: j.Rec.Meets.V,
			Latency: Latency{
				Objective: quantity(j.LatencyObjective, "ms"), Healthy: quantity(j.HealthyP99, "ms"), Worst: quantity(j.WorstCase, "ms"),
				Deadline: quantity(j.ClientDeadline, "ms"), Slowest: j.SlowestAddr, Verdict: verdict(j.HealthyP99, j.LatencyObjective),
			},
		}
		for i, h := range j.Hard {
			if i < heaviest {
				x.Heaviest = append(x.Heaviest, Share{h.Addr, quantity(h.Availability, "ratio"), h.Share})
			}
		}
		for _, r := range j.Rec.Rungs {
			x.Gains = append(x.Gains, Gain{r.What, orEmpty(r.At), quantity(r.LossMinutes, "minutes")})
		}
		if over[x.Address] = j.LossOverBudget.V; !j.LossOverBudget.HasValue() {
			over[x.Address] = -1
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b Journey) int {
		return cmp.Or(cmp.Compare(over[b.Address], over[a.Address]), cmp.Compare(b.Share, a.Share), cmp.Compare(a.Address, b.Address))
	})
	return out
}

// verdict compares a quantity with its limit over their ranges.
func verdict(n, limit facts.Num) string {
	switch {
	case limit.State == model.Absent || limit.State == model.None:
		return noObjective
	case !n.HasRange() || !limit.HasValue():
		return undecided
	case n.Hi <= limit.Lo:
		return meets
	case n.Lo > limit.Hi:
		return misses
	case !n.HasValue():
		return undecided
	case n.V > limit.V:
		return likelyMisses
	}
	return mayMiss
}

// quantity is a number of the facts as reports show it.
func quantity(n facts.Num, unit string) Fact {
	f := analyzer.Fact{Unit: unit, State: n.State.String(), Text: n.Text(), From: n.From(), Assumes: n.Assumes.Keys(), Needs: n.Needs()}
	if n.HasValue() {
		if f.Value = finite(n.V); f.Value == nil && f.Text == "" {
			f.Text = "without end"
		}
	}
	if n.HasRange() {
		f.Lo, f.Hi = bound(&n.Lo), bound(&n.Hi)
	}
	return Fact{Value: f.Value, Lo: f.Lo, Hi: f.Hi, Unit: unit, State: f.State, Text: f.String(), From: f.From, Assumes: f.Assumes}
}
