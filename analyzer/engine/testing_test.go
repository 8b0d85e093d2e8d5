package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const testedRules = `package custom.acme

import data.archcheck.lib

# METADATA
# title: Slow
# custom: {id: ACME-001, severity: high, subject: call}
slow contains {"verdict": v} if {
	v := lib.above(input.subject.rate, 10)
	lib.fires(v)
}

# METADATA
# title: Never shown
# custom: {id: ACME-002, severity: high, subject: call}
never contains "x" if {
	input.subject.rate.value == 77
	input.subject.team.value
}
`

const theirTests = `package custom.acme_test

import data.archcheck.given
import data.custom.acme

got(f) := {r.verdict | some r in acme.slow with input as {"subject": {"rate": f}}}

test_slow_fires if got(given.stated(20)) == {"violation"}

test_slow_asks if got(given.unknown_number) == {"question"}

test_slow_is_silent if got(given.stated(5)) == set()

test_wrong if {
	print("saw", got(given.stated(5)))
	got(given.stated(5)) == {"violation"}
}
`

func testFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"acme.rego": testedRules, "acme_test.rego": theirTests} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTestsOfATeam(t *testing.T) {
	rep, err := Test(t.Context(), TestOptions{Policies: []string{testFolder(t)}, Coverage: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Cases) != 4 || rep.Failed != 1 {
		t.Errorf("%d tests, %d failed; want 4 and 1", len(rep.Cases), rep.Failed)
	}
	for _, c := range rep.Cases {
		if c.Name == "test_wrong" && (c.Passed || c.Message != "it is not true\nsaw set()" || c.Range.Start.Line != 14) {
			t.Errorf("%+v", c)
		}
	}
	if d := rep.Shown["ACME-001"]; !d.Fires || !d.Silent || !d.Asks {
		t.Errorf("shown of ACME-001: %+v, want all", d)
	}
	if d := rep.Shown["ACME-002"]; d.Fires || d.Silent || d.Asks {
		t.Errorf("shown of ACME-002: %+v, want nothing", d)
	}
	var lines []int32
	for _, u := range rep.Uncovered {
		if strings.HasSuffix(u.File, "acme.rego") {
			lines = append(lines, u.Start.Line)
		}
	}
	if len(lines) == 0 || lines[0] != 16 {
		t.Errorf("uncovered lines %v, want them from 16 on", lines)
	}
	if rep.Coverage >= 100 || rep.Coverage <= 0 {
		t.Errorf("coverage %.1f", rep.Coverage)
	}
}

func TestTestsAreChosen(t *testing.T) {
	dir := testFolder(t)
	for run, want := range map[string]int{"ACME-001": 4, "asks$": 1, "test_slow": 3} {
		rep, err := Test(t.Context(), TestOptions{Policies: []string{dir}, Run: run})
		if err != nil {
			t.Fatal(err)
		}
		if len(rep.Cases) != want {
			t.Errorf("--run %s runs %d tests, want %d", run, len(rep.Cases), want)
		}
	}
	_, err := Test(t.Context(), TestOptions{Policies: []string{dir}, Run: "("})
	wantProblem(t, err, "Filter is malformed", "--run (")
}

func TestProblemsOfTests(t *testing.T) {
	dir := testFolder(t)
	if err := os.WriteFile(filepath.Join(dir, "acme_test.rego"), []byte("package custom.acme_test\n\ntest_x if data.custom.acme.slow[_].verdict == nothing(1)\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Test(t.Context(), TestOptions{Policies: []string{dir}})
	wantProblem(t, err, "acme_test.rego:3:", "nothing")

	empty := t.TempDir()
	if err := os.WriteFile(filepath.Join(empty, "acme.rego"), []byte(testedRules), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Test(t.Context(), TestOptions{Policies: []string{empty}})
	wantProblem(t, err, "No tests")
}
