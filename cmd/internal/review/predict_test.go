package review

import (
	"fmt"
	"testing"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/edit"
	"github.com/archcheck/archcheck/dsl/model"
)

// TestBeside: a change is made whole or not at all; what is made already is not made twice.
func TestBeside(t *testing.T) {
	at := func(file string, start, end int, text string) edit.Edit {
		return edit.Edit{File: file, Start: start, End: end, Text: text}
	}
	made := []edit.Edit{at("a", 10, 20, "x"), at("a", 30, 30, "y")}
	for _, c := range []struct {
		change []edit.Edit
		want   string
	}{
		{[]edit.Edit{at("a", 20, 25, "z")}, "1 true"},                          // behind
		{[]edit.Edit{at("b", 10, 20, "z")}, "1 true"},                          // another file
		{[]edit.Edit{at("a", 10, 20, "x"), at("a", 0, 5, "z")}, "1 true"},      // half of it is made
		{[]edit.Edit{at("a", 19, 21, "z")}, "0 false"},                         // overlaps
		{[]edit.Edit{at("a", 30, 30, "other")}, "0 false"},                     // at the same place
		{[]edit.Edit{at("a", 0, 5, "z"), at("a", 12, 13, "other")}, "0 false"}, // one of two
	} {
		out, ok := beside(made, c.change)
		if got := fmt.Sprint(len(out), " ", ok); got != c.want {
			t.Errorf("%v: %s, want %s", c.change, got, c.want)
		}
	}
}

// TestPredictLeavesOut: a change that does not read any more with those of higher rank is left out, the others are made.
func TestPredictLeavesOut(t *testing.T) {
	const src = "system \"s\" {}\nservice \"a\" {\n  scale = { replicas = 1 }\n}\n"
	m, diags := dsl.Parse([]model.File{{Name: "s.hcl", Bytes: []byte(src)}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	change := func(id string, start, end int, text string) report.Finding {
		e := report.Edit{Range: report.Range{File: "s.hcl"}, Text: text}
		e.Range.Start.Byte, e.Range.End.Byte = start, end
		return report.Finding{ID: id, Fixes: []report.Fix{{Edits: []report.Edit{e}}}}
	}
	one := len("system \"s\" {}\nservice \"a\" {\n  scale = { replicas = ")
	r := &report.Report{Findings: []report.Finding{
		change("first", one, one+1, "3"), change("broken", len("system \"s\" {"), len("system \"s\" {"), " nonsense"), change("again", one, one+1, "9"),
		{ID: "advice", Fixes: []report.Fix{{}}},
	}}
	p := Predict(m, r, facts.Params{})
	if p == nil || p.Made != 1 || p.Model.Services[0].Scale.V.Replicas.V != 3 {
		t.Fatalf("%+v", p)
	}
	if m.Services[0].Scale.V.Replicas.V != 1 {
		t.Error("the model itself was changed")
	}
	if p := Predict(m, &report.Report{Findings: r.Findings[3:]}, facts.Params{}); p != nil {
		t.Errorf("advice alone predicts %+v", p)
	}
}
