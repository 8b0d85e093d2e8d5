package diagram

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
)

// Prediction is the system as it would be with the plan's changes made.
type Prediction struct {
	Model *model.Model
	Facts *facts.Facts
	Made  int // findings whose change is in it
}

// half is one side of a comparison: the system as it is, or as it would be.
type half struct {
	s     *scene
	f     *facts.Facts
	parts map[model.Addr]*part
	lines map[model.Addr]*line
	calls map[model.Addr]*facts.CallFacts
	nodes map[model.Addr]*facts.NodeFacts
	ways  map[model.Addr]*facts.JourneyFacts
}

func newHalf(m *model.Model, f *facts.Facts) *half {
	h := &half{
		s: newScene(m), f: f, parts: map[model.Addr]*part{}, lines: map[model.Addr]*line{}, calls: map[model.Addr]*facts.CallFacts{},
		nodes: map[model.Addr]*facts.NodeFacts{}, ways: map[model.Addr]*facts.JourneyFacts{},
	}
	for _, p := range h.s.parts {
		h.parts[p.addr] = p
	}
	for _, l := range h.s.lines {
		h.lines[l.addr] = l
	}
	for _, d := range f.Documents("call") {
		if x, ok := d.Subject.(*facts.CallFacts); ok {
			h.calls[d.Addr] = x
		}
	}
	for _, d := range f.Documents("node") {
		if x, ok := d.Subject.(*facts.NodeFacts); ok {
			h.nodes[d.Addr] = x
		}
	}
	for _, d := range f.Documents("journey") {
		if x, ok := d.Subject.(*facts.JourneyFacts); ok {
			h.ways[d.Addr] = x
		}
	}
	return h
}

// measured is a number of a half: what it is called, and how much; less is better.
type measured struct {
	words string
	v     float64
}

// partNumbers are what the plan is judged by at a part, by name; an unknown number is not among them.
func (h *half) partNumbers(a model.Addr) map[string]measured {
	out := map[string]measured{}
	if n := h.nodes[a]; n != nil && n.Amplified.HasValue() {
		out["peak"] = measured{"gets " + rate(n.Amplified.V) + " if down", n.Amplified.V}
	}
	if l := h.f.ZoneLossLoad(a); l.HasValue() && !math.IsInf(l.V, 1) {
		out["zone"] = measured{"zone loss: load " + share(l.V), l.V}
	}
	return out
}

// lineNumbers are the same at a line: the worst wait with all its tries, and for an entry the minutes that its worst
// journey loses.
func (h *half) lineNumbers(a model.Addr) map[string]measured {
	out := map[string]measured{}
	if c := h.calls[a]; c != nil && c.CallWaits.WorstCase.HasValue() && !math.IsInf(c.CallWaits.WorstCase.V, 1) {
		words, v := "waits <= "+millis(c.CallWaits.WorstCase.V), c.CallWaits.WorstCase.V
		if n := c.Attempts; n.HasValue() {
			words += ", " + triesWord(int(n.V))
			v *= math.Max(1, n.V)
		}
		out["wait"] = measured{words, v}
	}
	for _, at := range sortedAddrs(h.ways) {
		j := h.ways[at]
		if j.Entry != string(a) || !j.LossMinutes.HasValue() || !j.BudgetMinutes.HasValue() {
			continue
		}
		if was, ok := out["loss"]; !ok || j.LossMinutes.V > was.v {
			out["loss"] = measured{minutesOf(j), j.LossMinutes.V}
		}
	}
	return out
}

// minutesOf is "loses 154 of 43.2 min".
func minutesOf(j *facts.JourneyFacts) string {
	return fmt.Sprintf("loses %s of %s min", number(j.LossMinutes.V), number(j.BudgetMinutes.V))
}

// told are the numbers that differ between two halves, as this one has them, in the given order: the better one green.
func told(this, other map[string]measured, names ...string) []Text {
	var out []Text
	for _, name := range names {
		a, ok := this[name]
		b, too := other[name]
		if !ok || !too || a.words == b.words {
			continue
		}
		t := Text{Text: a.words}
		if a.v < b.v {
			t.Tone, t.Bold = OKTone, true
		}
		out = append(out, t)
	}
	return out
}

// worstJourney is the journey that loses most of its budget now, and what it promises, in a sentence for each half.
func worstJourney(before, after *half) (was, will string) {
	var worst model.Addr
	over := 0.0
	for _, a := range sortedAddrs(before.ways) {
		if l := before.ways[a].LossOverBudget; l.HasValue() && l.V > over {
			worst, over = a, l.V
		}
	}
	b, a := before.ways[worst], after.ways[worst]
	if b == nil || a == nil || !a.LossMinutes.HasValue() {
		return "", ""
	}
	say := func(j *facts.JourneyFacts) string {
		out := fmt.Sprintf("%s %s a window", string(worst)[len("journey."):], minutesOf(j))
		if j.WorstCase.HasValue() && !math.IsInf(j.WorstCase.V, 1) {
			out += ", at worst an answer takes " + millis(j.WorstCase.V)
		}
		return out
	}
	return "Today: " + say(b) + ".", "Predicted: " + say(a) + ". Green is better than today."
}

func sortedAddrs[V any](m map[model.Addr]V) []model.Addr { return slices.Sorted(maps.Keys(m)) }
