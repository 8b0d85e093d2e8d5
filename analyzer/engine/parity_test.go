package engine_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl"
)

// TestAnyOPAFindsTheSameInTheExamples evaluates every example and public case the stock way, the bundle over the JSON of the documents,
// and compares rule, subject, verdict, severity and the number of fixes with what the engine says.
func TestAnyOPAFindsTheSameInTheExamples(t *testing.T) {
	eng, err := engine.New(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := eng.Bundle(&buf); err != nil {
		t.Fatal(err)
	}
	b, err := bundle.NewReader(&buf).Read()
	if err != nil {
		t.Fatal(err)
	}
	stock, err := rego.New(rego.ParsedBundle("archcheck", &b), rego.Query("data.archcheck.main.findings"), rego.StrictBuiltinErrors(true)).PrepareForEval(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, glob := range []string{"../../examples/*/system.hcl", "../../cmd/internal/cli/testdata/cases/*/system.hcl"} {
		found, err := filepath.Glob(glob)
		if err != nil || len(found) == 0 {
			t.Fatal(glob, err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			m, diags := dsl.Load([]string{file}, dsl.Options{})
			if m == nil {
				t.Fatal(diags)
			}
			f := facts.Compute(m, facts.DefaultParams())
			var subjects []any
			for _, k := range eng.Kinds() {
				for _, d := range f.Documents(k) {
					subjects = append(subjects, d.JSON())
				}
			}
			raw, err := json.Marshal(map[string]any{"subjects": subjects})
			if err != nil {
				t.Fatal(err)
			}
			var input any
			if err := json.Unmarshal(raw, &input); err != nil {
				t.Fatal(err)
			}
			rs, err := stock.Eval(t.Context(), rego.EvalInput(input))
			if err != nil {
				t.Fatal(err)
			}
			theirs := worst(rs[0].Expressions[0].Value.([]any))
			res, err := eng.Eval(t.Context(), f.Documents)
			if err != nil {
				t.Fatal(err)
			}
			var ours []string
			for _, r := range append(res.Raws, res.Cleared...) {
				ours = append(ours, r.Card.ID+"@"+string(r.Subject)+" "+r.Verdict.String())
			}
			slices.Sort(ours)
			if !slices.Equal(theirs, ours) {
				t.Errorf("any OPA finds\n%s\nthe engine finds\n%s", strings.Join(theirs, "\n"), strings.Join(ours, "\n"))
			}
			t.Logf("%d results", len(ours))
		})
	}
}

// worst reduces results to the worst verdict of each rule on each subject.
func worst(list []any) []string {
	verdicts := map[string]analyzer.Verdict{}
	for _, x := range list {
		m := x.(map[string]any)
		v := analyzer.Violation
		if obj, ok := m["result"].(map[string]any); ok {
			v, _ = analyzer.ParseVerdict(obj["verdict"].(string))
		}
		id := m["rule"].(string) + "@" + m["addr"].(string)
		verdicts[id] = max(verdicts[id], v)
	}
	var out []string
	for id, v := range verdicts {
		if v != analyzer.Pass {
			out = append(out, id+" "+v.String())
		}
	}
	slices.Sort(out)
	return out
}
