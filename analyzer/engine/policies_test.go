package engine

import (
	"context"
	"testing"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/policies"
)

// TestOurPolicies runs the Rego tests of archcheck's own policies, and asks of every rule a test in which it fires and
// one in which it stays silent.
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
	for id, d := range rep.Shown {
		if !d.Fires {
			t.Errorf("no test shows %s firing", id)
		}
		if !d.Silent {
			t.Errorf("no test shows %s silent", id)
		}
	}
	t.Logf("%d tests, %.1f %% of lines", len(rep.Cases), rep.Coverage)
	if rep.Coverage < 95 {
		for _, u := range rep.Uncovered {
			t.Logf("%s:%d: no test reaches this", u.File, u.Start.Line)
		}
		t.Errorf("the tests reach %.1f %% of the lines, want 95", rep.Coverage)
	}
}

// TestOurPoliciesFitTheFacts compiles everything with types, which a start of archcheck leaves out for its own policies.
func TestOurPoliciesFitTheFacts(t *testing.T) {
	lib, rules := embedded(policies.Lib()), embedded(policies.Rules())
	e, err := build(lib, rules, nil, facts.Schema)
	if err != nil {
		t.Fatal(err)
	}
	typed(e.rules, every)
	u := &unit{srcs: rules}
	u.compile(lib, true, e.schemaSet(every))
	for _, p := range u.probs {
		t.Error(p)
	}
}
