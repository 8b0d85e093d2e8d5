package engine

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/policies"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// TestNativeLibraryIsTheRegoLibrary compares every function over every pair of facts of every state and shape: the Rego
// text defines what a verdict is, also for any other OPA.
func TestNativeLibraryIsTheRegoLibrary(t *testing.T) {
	var facts []*ast.Term
	for _, s := range []string{
		`1`, `5`, `"pass"`, `"question"`, `"risk"`, `"other"`, `true`, `false`, `["a", "b"]`, `{"a"}`, `[]`, `{"x": "a"}`,
		`["pass", "risk"]`, `["unlikely", "violation"]`, `{"question", "violation"}`, `["violation"]`, `["nonsense"]`, `{}`,
		`{"state": "absent"}`, `{"state": "none"}`, `{"state": "unknown"}`, `{"state": "unknown", "lo": 0}`, `{"state": "unknown", "lo": 6}`,
		`{"state": "unknown", "lo": 1, "hi": 3}`, `{"state": "stated", "value": 5, "lo": 5, "hi": 5}`, `{"state": "stated", "value": "a"}`,
		`{"state": "stated", "value": true}`, `{"state": "stated", "value": false}`, `{"state": "stated", "value": ["a"]}`,
		`{"state": "assumed", "value": 3, "lo": 1, "hi": 9}`, `{"state": "assumed", "value": 7, "lo": 1, "hi": 9}`, `{"state": "assumed", "value": "a"}`,
		`{"state": "assumed", "value": 7, "lo": 1}`, `{"state": "derived", "lo": 2, "hi": 4}`, `{"state": "derived", "lo": 5}`, `{"state": "stated"}`,
		`{"value": 5}`, `{"lo": "word", "value": 2}`, `{"state": "default", "value": 4.5, "lo": 4.5, "hi": 4.5}`,
	} {
		facts = append(facts, ast.MustParseTerm(s))
	}
	var mods []func(*rego.Rego)
	for _, m := range policies.Lib() {
		mods = append(mods, rego.Module(m.Path, m.Source))
	}
	compared := 0
	for name, f := range libFuncs {
		call := "data.archcheck.lib." + name + "(" + strings.Join([]string{"input[0]", "input[1]", "input[2]"}[:f.arity], ", ") + ")"
		q, err := rego.New(append(mods, rego.Query("x := "+call))...).PrepareForEval(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		compare := func(args ...*ast.Term) {
			rs, err := q.Eval(context.Background(), rego.EvalParsedInput(ast.NewArray(args...)))
			if err != nil {
				t.Fatal(err)
			}
			want := "undefined"
			if len(rs) > 0 {
				want = fmt.Sprint(rs[0].Bindings["x"])
			}
			vals := make([]ast.Value, len(args))
			for i, a := range args {
				vals[i] = a.Value
			}
			got := "undefined"
			if v := f.call(vals); v != nil {
				got = fmt.Sprint(mustJSON(t, v))
			}
			if got != want {
				t.Errorf("%s(%s) is %s natively, %s in Rego", name, args, got, want)
			}
			compared++
		}
		for _, a := range facts {
			switch f.arity {
			case 1:
				compare(a)
			case 2:
				for _, b := range facts {
					compare(a, b)
				}
			case 3:
				for _, b := range facts {
					for _, c := range facts {
						compare(a, b, c)
					}
				}
			}
		}
	}
	if compared < 5000 {
		t.Errorf("only %d comparisons", compared)
	}
}

func mustJSON(t *testing.T, v ast.Value) any {
	t.Helper()
	x, err := ast.JSON(v)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestEveryVerdictFunctionIsNative: a function over verdicts added to the Rego library alone would be slow, one added here
// alone would not exist for any other OPA. What only words findings (lib/words.rego) runs once per finding, in Rego.
func TestEveryVerdictFunctionIsNative(t *testing.T) {
	lib := embedded(policies.Lib())
	if ps := parse(lib); len(ps) > 0 {
		t.Fatal(ps)
	}
	helpers := map[string]bool{"lo": true, "hi": true, "mid": true, "same": true, "ranged": true} // called by the others only
	seen := map[string]bool{}
	for _, s := range lib {
		if strings.HasSuffix(s.path, "lib/words.rego") {
			continue
		}
		for _, r := range s.mod.Rules {
			if len(r.Head.Args) == 0 {
				continue
			}
			name := r.Head.Name.String()
			seen[name] = true
			if f, ok := libFuncs[name]; !helpers[name] && (!ok || f.arity != len(r.Head.Args)) {
				t.Errorf("lib.%s/%d has no native twin", name, len(r.Head.Args))
			}
		}
	}
	for name := range libFuncs {
		if !seen[name] {
			t.Errorf("lib.%s is native only", name)
		}
	}
}
