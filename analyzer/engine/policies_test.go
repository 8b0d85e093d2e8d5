package engine

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/policies"
)

// unshown is how many rules no test shows firing and silent. It only ever falls.
const unshown = 0

// TestOurPolicies runs the Rego tests of archcheck's own policies, and asks of every rule that they, or a fixture of
// policies/testdata, show it firing and silent.
func TestOurPolicies(t *testing.T) {
	rep, err := Test(context.Background(), TestOptions{Coverage: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range rep.Cases {
		if !c.Passed {
			t.Errorf("%s:%d: %s.%s: %s", c.Range.File, c.Range.Start.Line, c.Package, c.Name, c.Message)
		}
	}
	var lacking []string
	for id, d := range rep.Shown {
		fixtures, err := filepath.Glob("../../policies/testdata/*/" + strings.ToLower(id) + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		if len(fixtures) == 0 && !(d.Fires && d.Silent) {
			lacking = append(lacking, id)
		}
	}
	slices.Sort(lacking)
	t.Logf("%d tests reach %.1f %% of the lines; not shown: %v", len(rep.Cases), rep.Coverage, lacking)
	if len(lacking) > unshown {
		t.Errorf("no test shows %d rules firing and silent, at most %d were: %v", len(lacking), unshown, lacking)
	}
}

// TestOurPoliciesFitTheFacts compiles everything with types, which a start of archcheck leaves out for its own policies.
func TestOurPoliciesFitTheFacts(t *testing.T) {
	lib, rules := embedded(policies.Lib()), embedded(slices.Concat(policies.Rules(), policies.Presence(), policies.Forces()))
	e, err := build(lib, rules, nil, facts.Schema)
	if err != nil {
		t.Fatal(err)
	}
	e.typed(every)
	u := &unit{srcs: rules}
	u.check(lib, e.schemaSet(every))
	for _, p := range u.probs {
		t.Error(p)
	}
}
