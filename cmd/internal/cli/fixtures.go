package cli

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// fixtureResult is one HCL fixture of a team's policies that was run.
type fixtureResult struct {
	file     string
	problems []string
}

// wanted is an expectation beside its cause: `# want ACME-001`, or `# want? ACME-001` for a question.
var wanted = regexp.MustCompile(`#\s*want(\??)\s+([A-Z][A-Z0-9]*-[0-9]{3})`)

// testFixtures runs every .hcl file below the policies' folders that holds an expectation: what is expected and missing
// fails, and so does a finding of a team's rule that nobody expected.
func (a *app) testFixtures(ctx context.Context, paths []string, run string) ([]fixtureResult, error) {
	files, err := fixtureFiles(paths)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	only := func(c *analyzer.Card) bool {
		return !strings.HasPrefix(c.Package, "archcheck.") && (run == "" || !ruleID.MatchString(run) || c.ID == run)
	}
	eng, err := engine.New(engine.Options{Policies: paths, Select: only})
	if err != nil {
		return nil, a.policyError(err)
	}
	if !slices.ContainsFunc(eng.Cards(), only) {
		return nil, nil // no rule to test: --run is misspelt
	}
	var out []fixtureResult
	for _, name := range files {
		m, diags := dsl.Load([]string{name}, dsl.Options{})
		if err := a.report(diags, m.Files, "The fixture was not run."); err != nil {
			return nil, err
		}
		res, err := eng.Eval(ctx, facts.Compute(m, facts.DefaultParams()).Documents)
		if err != nil {
			return nil, a.policyError(err)
		}
		out = append(out, fixtureResult{name, compare(m, res.Raws, run)})
	}
	return out, nil
}

func fixtureFiles(paths []string) ([]string, error) {
	var out []string
	for _, p := range paths {
		if st, err := os.Stat(p); err != nil || !st.IsDir() {
			continue
		}
		err := filepath.WalkDir(p, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".hcl") {
				return err
			}
			b, err := os.ReadFile(name)
			if err == nil && (wanted.Match(b) || strings.Contains(string(b), "# want none")) {
				out = append(out, filepath.ToSlash(name))
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p, source.Cause(err))
		}
	}
	slices.Sort(out)
	return out, nil
}

// compare holds what the rules said against the expectations in the files.
func compare(m *model.Model, raws []analyzer.Raw, run string) []string {
	type expectation struct {
		rule     string
		question bool
		addr     model.Addr
	}
	want := map[expectation]int{}
	for _, f := range m.Files {
		for i, line := range strings.Split(string(f.Bytes), "\n") {
			for _, w := range wanted.FindAllStringSubmatch(line, -1) {
				if run == "" || !ruleID.MatchString(run) || run == w[2] {
					want[expectation{w[2], w[1] == "?", blockAt(m, f.Name, i+1)}] = i + 1
				}
			}
		}
	}
	var problems []string
	for _, r := range raws {
		e := expectation{r.Card.ID, r.Verdict == analyzer.Question, r.Subject}
		if _, ok := want[e]; ok {
			delete(want, e)
			continue
		}
		problems = append(problems, fmt.Sprintf("unexpected %s: %s@%s: %s", r.Verdict, e.rule, e.addr, r.Detail))
	}
	for e, line := range want {
		what := "finding"
		if e.question {
			what = "question"
		}
		problems = append(problems, fmt.Sprintf("line %d: no %s %s@%s", line, what, e.rule, e.addr))
	}
	slices.Sort(problems)
	return problems
}

// blockAt is the innermost declared thing around a line.
func blockAt(m *model.Model, file string, line int) model.Addr {
	var best *model.Block
	m.Each(func(e model.Entity) {
		b := e.Self()
		if b.Body.File == file && int(b.Body.Start.Line) <= line && line <= int(b.Body.End.Line) && (best == nil || b.Body.Start.Byte >= best.Body.Start.Byte) {
			best = b
		}
	})
	if best == nil {
		return ""
	}
	return best.Addr
}
