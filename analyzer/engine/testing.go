package engine

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/policies"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// TestOptions say which tests to run.
type TestOptions struct {
	Policies []string // files, directories and bundles with rules and tests; empty means archcheck's own
	Run      string   // regular expression over "package.test", or a rule's id; empty means all
	Coverage bool     // count covered lines and what the tests show of every rule
}

// TestCase is one Rego test that ran.
type TestCase struct {
	Package, Name string
	Range         model.Range
	Passed        bool
	Message       string // why it failed, and what it printed
}

// TestReport is the outcome of Test.
type TestReport struct {
	Cases     []TestCase // by package and name
	Failed    int
	Coverage  float64                  // percent of the lines of rules that the tests reach
	Uncovered []model.Range            // lines that no test reaches
	Shown     map[string]Demonstration // by rule id
}

// Demonstration is what the tests of a rule show of it; CanAsk says that it has a question to show.
type Demonstration struct{ Fires, Silent, Asks, CanAsk bool }

// Test runs Rego tests with the library and the facts of package given, as any OPA would.
func Test(ctx context.Context, opt TestOptions) (*TestReport, error) {
	rules, tests, err := testSources(opt.Policies)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(tests, func(s *source) bool { return strings.HasSuffix(s.path, "_test.rego") }) {
		return nil, Problems{{Summary: "No tests", Detail: "No file that ends in _test.rego is there. archcheck policy new writes a rule with its test."}}
	}
	all := slices.Concat(rules, tests)
	if probs := parse(all); len(probs) > 0 {
		return nil, probs.err()
	}
	var cards []*rule
	var probs Problems
	for _, s := range rules {
		if strings.HasPrefix(packageName(s.mod), libRef.String()[len("data."):]) {
			continue
		}
		got, ps := readCards(s)
		cards, probs = append(cards, got...), append(probs, ps...)
	}
	if probs = append(probs, checkIDs(cards)...); len(probs) > 0 {
		return nil, probs.err()
	}
	mods := map[string]*ast.Module{}
	files := map[string]*source{}
	for _, s := range all {
		mods[s.path], files[s.path] = s.mod, s
	}
	filter, err := testFilter(opt.Run, cards)
	if err != nil {
		return nil, err
	}
	c := ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true).WithEnablePrintStatements(true)
	run := tester.NewRunner().SetCompiler(c).SetModules(mods).CapturePrintOutput(true).RaiseBuiltinErrors(true).SetParallel(1).Filter(filter)
	seen := &witness{cover: cover.New(), rules: map[string]*rule{}, shown: map[string]Demonstration{}, silent: map[string]bool{}}
	for _, r := range cards {
		if r.single {
			continue // a force always has a value; what it is, its tests compare themselves
		}
		seen.rules[refOf(r.card).String()] = r
		seen.shown[r.card.ID] = Demonstration{CanAsk: canAsk(r)}
	}
	if opt.Coverage {
		run = run.SetCoverageQueryTracer(seen)
	}
	ch, err := run.RunTests(ctx, nil)
	if err != nil {
		return nil, problemsOf(err, func(p string) *source { return files[p] }).err()
	}
	rep := &TestReport{Shown: seen.shown}
	for r := range ch {
		rep.add(r, files)
	}
	slices.SortFunc(rep.Cases, func(a, b TestCase) int {
		return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.Name, b.Name))
	})
	if opt.Coverage {
		seen.finish()
		for _, r := range cards {
			if d := rep.Shown[r.card.ID]; d.Asks && onlyAsks(r) {
				d.Fires = true // a question is all that it can come to
				rep.Shown[r.card.ID] = d
			}
		}
		rep.cover(seen.cover, measured(rules, len(opt.Policies) > 0))
	}
	return rep, ctx.Err()
}

// testSources finds rules and tests, with the library and the facts for tests.
func testSources(paths []string) (rules, tests []*source, err error) {
	lib := embedded(policies.Lib())
	if len(paths) == 0 {
		return append(lib, embedded(slices.Concat(policies.Rules(), policies.Presence(), policies.Forces()))...), embedded(policies.Tests()), nil
	}
	rules, err = readOwn(paths)
	if err != nil {
		return nil, nil, err
	}
	tests, err = readTests(paths)
	for _, m := range embedded(policies.Tests()) {
		if strings.HasPrefix(m.path, "policies/given/") {
			tests = append(tests, m)
		}
	}
	return append(lib, rules...), tests, err
}

// testFilter makes the runner's filter of what the user gave: a rule's id stands for the tests of its package.
func testFilter(run string, cards []*rule) (string, error) {
	for _, r := range cards {
		if r.card.ID == run {
			return "^data\\." + regexp.QuoteMeta(r.card.Package) + "(_test)?\\.", nil
		}
	}
	if _, err := regexp.Compile(run); err != nil {
		return "", Problems{{Summary: "Filter is malformed", Detail: fmt.Sprintf("--run %s is neither a rule's id nor a regular expression: %v.", run, err)}}
	}
	return run, nil
}

func (rep *TestReport) add(r *tester.Result, files map[string]*source) {
	c := TestCase{Package: strings.TrimPrefix(r.Package, "data."), Name: r.Name, Passed: !r.Fail && r.Error == nil && !r.Skip}
	src := files[r.Location.File]
	if src == nil {
		src = &source{path: r.Location.File}
	}
	c.Range = src.at(r.Location, "", "", "").Range
	if !c.Passed {
		rep.Failed++
		switch {
		case r.Error != nil:
			c.Message = r.Error.Error()
		case r.Skip:
			c.Message = "its name starts with todo_"
		default:
			c.Message = "it is not true"
		}
		if out := strings.TrimSpace(string(r.Output)); out != "" {
			c.Message += "\n" + out
		}
	}
	rep.Cases = append(rep.Cases, c)
}

// measured are the files whose lines count: a team's own where it tests its own, else all of archcheck's.
func measured(rules []*source, own bool) []*source {
	if !own {
		return rules
	}
	return slices.DeleteFunc(slices.Clone(rules), func(s *source) bool { return !s.own })
}

func (rep *TestReport) cover(c *cover.Cover, rules []*source) {
	mods := map[string]*ast.Module{}
	for _, s := range rules {
		mods[s.path] = s.mod
	}
	got := c.Report(mods)
	covered, missed := 0, 0
	for _, s := range rules {
		f := got.Files[s.path]
		if f == nil {
			continue
		}
		covered += f.CoveredLines
		missed += f.NotCoveredLines
		for _, r := range f.NotCovered {
			u := model.Range{File: s.path}
			u.Start.Line, u.Start.Column, u.End.Line, u.End.Column = int32(r.Start.Row), 1, int32(r.End.Row), 1
			rep.Uncovered = append(rep.Uncovered, u)
		}
	}
	if covered+missed > 0 {
		rep.Coverage = 100 * float64(covered) / float64(covered+missed)
	}
}

// witness watches evaluations for what they show of the rules with cards. It sees the evaluations one after the other.
type witness struct {
	cover  *cover.Cover
	rules  map[string]*rule
	shown  map[string]Demonstration
	silent map[string]bool // looked up, and no result since
}

func (w *witness) Enabled() bool               { return true }
func (w *witness) Config() topdown.TraceConfig { return topdown.TraceConfig{PlugLocalVars: true} }

func (w *witness) TraceEvent(e topdown.Event) {
	w.cover.TraceEvent(e)
	switch e.Op {
	case topdown.IndexOp:
		if e.Ref == nil {
			return
		}
		path := e.Ref.String()
		if w.rules[path] == nil {
			return
		}
		w.note(path)
		w.silent[path] = true
	case topdown.ExitOp:
		r, ok := e.Node.(*ast.Rule)
		if !ok || r.Head.Key == nil {
			return
		}
		path := r.Path().String()
		if w.rules[path] == nil {
			return
		}
		delete(w.silent, path)
		d := w.shown[w.rules[path].card.ID]
		switch verdictOf(r.Head.Key, e.Locals) {
		case analyzer.Violation, analyzer.Risk:
			d.Fires = true
		case analyzer.Question:
			d.Asks = true
		}
		w.shown[w.rules[path].card.ID] = d
	}
}

// note records that the last lookup of a rule had no result.
func (w *witness) note(path string) {
	if w.silent[path] {
		id := w.rules[path].card.ID
		d := w.shown[id]
		d.Silent = true
		w.shown[id] = d
	}
}

func (w *witness) finish() {
	for path := range w.silent {
		w.note(path)
	}
}

// verdictOf is the verdict of a result, pass where it cannot be told.
func verdictOf(key *ast.Term, locals *ast.ValueMap) analyzer.Verdict {
	v := key.Value
	for range 8 { // names of names
		if _, ok := v.(ast.Var); !ok || locals == nil {
			break
		}
		next := locals.Get(v)
		if next == nil {
			break
		}
		v = next
	}
	switch x := v.(type) {
	case ast.String:
		return analyzer.Violation
	case ast.Object:
		t := get(x, "verdict")
		if t == nil {
			return analyzer.Pass
		}
		if name, ok := t.Value.(ast.Var); ok {
			t = ast.NewTerm(name)
			if bound := locals.Get(name); bound != nil {
				t = ast.NewTerm(bound)
			}
		}
		s, _ := t.Value.(ast.String)
		verdict, err := analyzer.ParseVerdict(string(s))
		if err != nil {
			return analyzer.Pass
		}
		return verdict
	}
	return analyzer.Pass
}
