package policies_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/patterns"
)

// The forces (leaves of the flowchart, scenarios) are shown by small systems in testdata/leaves.txtar and
// testdata/scenarios.txtar. A section is named after the force and the subjects on which it holds, or "nowhere"; its
// first line is the sentence that the force says on the first of them. Every leaf and every scenario of the catalog has
// a system in which it holds and one in which it does not.
func TestForces(t *testing.T) {
	eng, err := engine.NewPresence(engine.IsForce)
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := patterns.Load()
	if err != nil {
		t.Fatal(err)
	}
	holds, silent := map[string]bool{}, map[string]bool{}
	for _, file := range []string{"testdata/leaves.txtar", "testdata/scenarios.txtar"} {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range ar.Files {
			id, places, _ := strings.Cut(section.Name, " ")
			want := strings.Fields(places)
			if places == "nowhere" {
				silent[id], want = true, nil
			} else {
				holds[id] = true
			}
			t.Run(section.Name, func(t *testing.T) { runForce(t, eng, id, want, section) })
		}
	}
	var ids []string
	for _, l := range catalog.Leaves() {
		ids = append(ids, l.ID)
	}
	for _, s := range catalog.Scenarios {
		ids = append(ids, s.ID)
	}
	for _, id := range ids {
		if !holds[id] || !silent[id] {
			t.Errorf("%s needs a system in which it holds (%v) and one in which it does not (%v)", id, holds[id], silent[id])
		}
		delete(holds, id)
	}
	for id := range holds {
		t.Errorf("%s is neither a leaf nor a scenario of the catalog", id)
	}
}

func runForce(t *testing.T, eng *engine.Engine, id string, want []string, section txtar.File) {
	m, diags := dsl.Parse(modelOf(section, nil))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	res, err := eng.Eval(context.Background(), facts.Compute(m, facts.DefaultParams()).Documents)
	if err != nil {
		t.Fatal(err)
	}
	says := map[string]string{}
	var got []string
	for _, r := range res.Raws {
		if r.Card.ID == id && r.Verdict >= analyzer.Risk {
			got = append(got, string(r.Subject))
			says[string(r.Subject)] = r.Detail
		}
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("%s holds on %v, not on %v", id, got, want)
	}
	if len(want) == 0 {
		return
	}
	first, _, _ := strings.Cut(string(section.Data), "\n")
	place, _, _ := strings.Cut(strings.TrimPrefix(section.Name, id+" "), " ")
	if sentence := strings.TrimPrefix(first, "# "); says[place] != sentence {
		t.Errorf("%s says %q, not %q", id, says[place], sentence)
	}
}

// TestForcesJudgeTheirLeavesSubject: the flowchart says on which kind of subject each leaf is chosen, and Rego says it
// again by the package that the force lives in.
func TestForcesJudgeTheirLeavesSubject(t *testing.T) {
	eng, err := engine.NewPresence(engine.IsForce)
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := patterns.Load()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string][]string{}
	for _, c := range eng.Cards() {
		if engine.IsForce(c.ID) {
			kinds[c.ID] = append(kinds[c.ID], c.Subject)
		}
	}
	for _, l := range catalog.Leaves() {
		if !slices.Contains(kinds[l.ID], l.Subject) {
			t.Errorf("%s is chosen on a %s, and tested on %v", l.ID, l.Subject, kinds[l.ID])
		}
	}
}
