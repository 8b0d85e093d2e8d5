package html

import (
	"strconv"

	"github.com/archcheck/archcheck/analyzer/report"
)

// Bar is a quantity against its limit on one scale, in percent of the bar's width.
type Bar struct {
	Label    string
	Text     string
	Width    string // of the bar
	Over     string // from here on it is over the limit; empty where it is not
	OverBy   string // width of what is over
	Limit    string // place of the limit; empty for none
	Lo, Span string // the range of the quantity; empty where it is a point
	Class    string // good within the limit, base where it goes over, calm for what is compared with none
	Saved    string // against the step before
}

// bars draws the loss of a journey as it is and after each step of the ladder of fixes, against its budget. The scale
// is the largest of them; ranges that go further are cut at the end.
func bars(j report.Journey) []Bar {
	lost, ok := number(j.Lost)
	if !ok {
		return nil
	}
	budget, bounded := number(j.Budget)
	scale := 1.05 * max(lost, budget, 1e-9)
	bar := func(label string, f report.Fact) Bar {
		v, _ := number(f)
		b := Bar{Label: label, Text: f.Text, Width: share(v, scale), Class: "calm"}
		if bounded {
			b.Limit, b.Class = share(budget, scale), "good"
			if v > budget {
				b.Class = "base"
				b.Over, b.OverBy = b.Limit, share(v-budget, scale)
			}
		}
		if f.Lo != nil && f.Hi != nil && *f.Lo < *f.Hi {
			hi := min(*f.Hi, scale)
			b.Lo, b.Span = share(min(*f.Lo, scale), scale), share(max(0, hi-*f.Lo), scale)
		}
		return b
	}
	out := []Bar{bar("today", j.Lost)}
	before := lost
	for _, g := range j.Gains {
		b := bar(g.What, g.Lost)
		if v, ok := number(g.Lost); ok {
			b.Saved = strconv.FormatFloat(before-v, 'f', 1, 64) + " min"
			before = v
		}
		out = append(out, b)
	}
	return out
}

// Times are the times of a journey against what it has, on one scale: what it takes when all is well, what it may take
// before everybody has given up, the objective and the client's patience.
func (lookup) Times(j report.Journey) []Bar {
	l := j.Latency
	objective, hasObjective := number(l.Objective)
	scale := objective
	for _, f := range []report.Fact{l.Healthy, l.Worst, l.Deadline} {
		if v, ok := number(f); ok {
			scale = max(scale, v)
		}
	}
	if scale <= 0 {
		return nil
	}
	scale *= 1.05
	var out []Bar
	for _, x := range []struct {
		label    string
		f        report.Fact
		patience bool // of the client: nothing that the objective limits
	}{{"when all is well (p99)", l.Healthy, false}, {"until all have given up", l.Worst, false}, {"the client waits", l.Deadline, true}} {
		v, ok := number(x.f)
		if !ok || v == 0 { // nothing takes no time: nobody stated any
			continue
		}
		b := Bar{Label: x.label, Text: x.f.Text, Width: share(v, scale), Class: "calm"}
		if hasObjective && !x.patience {
			b.Limit, b.Class = share(objective, scale), "good"
			if v > objective {
				b.Class, b.Over, b.OverBy = "base", b.Limit, share(v-objective, scale)
			}
		}
		out = append(out, b)
	}
	return out
}

func number(f report.Fact) (float64, bool) {
	v, ok := f.Value.(float64)
	return v, ok
}

// share is v of scale as a length.
func share(v, scale float64) string { return strconv.FormatFloat(100*v/scale, 'f', 2, 64) + "%" }
