package policies_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl"
)

// shopResults is what the rules of one category say of the worked example, and the same as lines to compare: rule,
// subject, verdict, and the card's severity before modifiers.
func shopResults(t *testing.T, category string) (raws []analyzer.Raw, lines []string) {
	t.Helper()
	eng, err := engine.New(engine.Options{Select: func(c *analyzer.Card) bool { return strings.HasPrefix(c.ID, category) }})
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
	for _, r := range res.Raws {
		lines = append(lines, fmt.Sprintf("%s %s %s %s", r.Card.ID, r.Subject, r.Verdict, r.Severity))
	}
	return res.Raws, lines
}
