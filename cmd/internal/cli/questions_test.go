package cli

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/check"
	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

// A check that could not be decided is counted as not evaluable, so it has to say what would decide it: over all
// examples, cases and fixtures, every such rule on a subject is listed under a fact that can be stated.
func TestEveryOpenCheckNamesAFact(t *testing.T) {
	eng, err := engine.New(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	open := 0
	for name, sys := range everySystem(t) {
		open += openChecks(t, eng, name, sys)
	}
	if open < 500 {
		t.Errorf("only %d open checks were looked at", open)
	}
}

// So it is when somebody writes unknown: in one file after the other, everything that one name stands for.
func TestEveryUnknownNamesAFact(t *testing.T) {
	eng, err := engine.New(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile("../../../examples/shop/system.hcl")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, m := range regexp.MustCompile(`([a-z_0-9]+)\s*=`).FindAllStringSubmatch(string(src), -1) {
		names[m[1]] = true
	}
	loaded := 0
	for _, name := range slices.Sorted(maps.Keys(names)) {
		stated := regexp.MustCompile(`(?m)((?:^|[{,])[ \t]*` + name + `\s*=)\s*(?:"[^"]*"|\{[^{}]*\}|\[[^\]]*\]|[\w.]+)`)
		m, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: stated.ReplaceAll(src, []byte("$1 unknown"))}})
		if diags.HasErrors() { // an identity, or a choice that is always made
			continue
		}
		loaded++
		openChecks(t, eng, name+" = unknown", oneSystem{m: m})
	}
	if loaded < 20 {
		t.Errorf("only %d of %d names can be unknown", loaded, len(names))
	}
}

// openChecks evaluates a description and complains of every check that is left open without a fact to state; it returns how
// many were left open.
func openChecks(t *testing.T, eng *engine.Engine, name string, sys oneSystem) int {
	t.Helper()
	f := facts.Compute(sys.m, datedParams())
	seen := &witness{eng: eng, f: f, kinds: sys.kinds(eng)}
	res, err := check.Run(t.Context(), sys.m, standing{f}, seen, nil, check.Options{Today: "2027-01-01"})
	if err != nil {
		t.Fatal(name, err)
	}
	asked := map[string]bool{}
	for _, c := range res.Claims {
		for _, id := range c.Checks {
			asked[id] = true
		}
	}
	for _, id := range seen.open {
		if !asked[id] {
			t.Errorf("%s: %s is not evaluable, and no question says what would decide it", name, id)
		}
	}
	return len(seen.open)
}

// oneSystem is one description, and the rule that it is a fixture of.
type oneSystem struct {
	m    *model.Model
	rule string
}

// kinds are the kinds of subjects to judge: all of a whole system, of a rule's fixture those that the rule judges.
func (s oneSystem) kinds(eng *engine.Engine) func(kind string) bool {
	if s.rule == "" {
		return func(string) bool { return true }
	}
	for _, c := range eng.Cards() {
		if c.ID == s.rule {
			return func(kind string) bool { return kind == c.Subject }
		}
	}
	return func(string) bool { return false }
}

// witness evaluates some kinds of subjects and keeps the checks that were left open.
type witness struct {
	eng   *engine.Engine
	f     *facts.Facts
	kinds func(kind string) bool
	open  []string
}

func (w *witness) Evaluate(ctx context.Context) (*check.Evaluation, error) {
	res, err := w.eng.Eval(ctx, func(kind string) []facts.Document {
		if !w.kinds(kind) {
			return nil
		}
		return w.f.Documents(kind)
	})
	if err != nil {
		return nil, err
	}
	for _, r := range res.Raws {
		if r.Verdict == analyzer.Question {
			w.open = append(w.open, r.Card.ID+"@"+string(r.Subject))
		}
	}
	if len(w.open) != res.Coverage.NotEvaluable {
		return nil, fmt.Errorf("%d checks are counted as not evaluable, %d answers are questions", res.Coverage.NotEvaluable, len(w.open))
	}
	cards := map[string]*analyzer.Card{}
	for _, c := range w.eng.Cards() {
		cards[c.ID] = c
	}
	return &check.Evaluation{Raws: res.Raws, Cards: cards, Coverage: res.Coverage}, nil
}

func datedParams() facts.Params {
	p := facts.DefaultParams()
	p.Today = "2027-01-01"
	return p
}

// everySystem is every description of the repository that loads: the examples, the cases of others, the rules' fixtures.
func everySystem(t *testing.T) map[string]oneSystem {
	t.Helper()
	out := map[string]oneSystem{}
	for _, pattern := range []string{"../../../examples/*/system.hcl", "testdata/cases/*/system.hcl"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) < 10 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			m, diags := dsl.Load([]string{file}, dsl.Options{})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			out[file] = oneSystem{m: m}
		}
	}
	archives, err := filepath.Glob("../../../policies/testdata/*/*.txtar")
	if err != nil || len(archives) < 200 {
		t.Fatalf("%d fixtures, %v", len(archives), err)
	}
	for _, file := range archives {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ar, rule := txtar.Parse(b), strings.ToUpper(strings.TrimSuffix(filepath.Base(file), ".txtar"))
		var common []byte
		if i := slices.IndexFunc(ar.Files, func(f txtar.File) bool { return f.Name == "common" }); i >= 0 {
			common = ar.Files[i].Data
		}
		for _, s := range ar.Files {
			if s.Name == "common" {
				continue
			}
			src := string(s.Data) + "\n" + string(common)
			if !strings.Contains(src, "system \"") {
				src += "system \"s\" {}\n"
			}
			m, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: []byte(src)}})
			if diags.HasErrors() {
				t.Fatal(file, s.Name, diags)
			}
			out[filepath.Base(file)+"/"+s.Name] = oneSystem{m, rule}
		}
	}
	return out
}
