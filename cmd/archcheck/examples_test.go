package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/archcheck/archcheck/cmd/internal/cli"
)

var update = flag.Bool("update", false, "write the recorded plans anew; read every line of the difference")

// TestExamplesPlan holds every example to its recorded plan: what the tool says of a system that people know.
func TestExamplesPlan(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	systems, err := filepath.Glob("examples/*/system.hcl")
	if err != nil || len(systems) < 4 {
		t.Fatalf("%d examples, %v", len(systems), err)
	}
	for _, system := range systems {
		dir := filepath.Dir(system)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			got := plan(t, "--all", system)
			if again := plan(t, "--all", system); again != got {
				t.Error("two runs differ")
			}
			recorded(t, filepath.Join(dir, "plan.txt"), got)
		})
	}
}

// TestExamplesSayWhy holds the page of an example to its plan: it explains every finding, and no other.
func TestExamplesSayWhy(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	pages, err := filepath.Glob("examples/*/plan.txt")
	if err != nil {
		t.Fatal(err)
	}
	explained := 0
	row := regexp.MustCompile(`(?m)^\| ([A-Z]+-[0-9]{3}) on .*\| \S`)
	headline := regexp.MustCompile(`(?m)^  (?:critical|high|medium|low|info) .* ([A-Z]+-[0-9]{3})$`)
	ids := func(form *regexp.Regexp, text string) []string {
		var out []string
		for _, m := range form.FindAllStringSubmatch(text, -1) {
			out = append(out, m[1])
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	for _, recorded := range pages {
		readme, err := os.ReadFile(filepath.Join(filepath.Dir(recorded), "README.md"))
		if err != nil {
			continue
		}
		explained++
		plan, err := os.ReadFile(recorded)
		if err != nil {
			t.Fatal(err)
		}
		said, _, _ := strings.Cut(string(readme), "| silent |")
		if d := cmp.Diff(ids(headline, string(plan)), ids(row, said)); d != "" {
			t.Errorf("%s explains other findings (-plan +page):\n%s", filepath.Dir(recorded), d)
		}
	}
	if explained < 6 {
		t.Errorf("%d examples explain their plan, at least 6 did", explained)
	}
}

// plan runs the command as a pipe would.
func plan(t *testing.T, args ...string) string {
	t.Helper()
	t.Setenv("LANG", "C.UTF-8")
	t.Setenv("LC_ALL", "")
	t.Setenv("FORCE_COLOR", "")
	var out, errs bytes.Buffer
	code := cli.Main(append([]string{"plan", "--as-of", "2026-11-22"}, args...), cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	if code != cli.ExitOK || errs.Len() > 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	for i, line := range strings.Split(out.String(), "\n") {
		if n := len([]rune(line)); n > 80 {
			t.Errorf("line %d has %d columns: %s", i+1, n, line)
		}
	}
	return out.String()
}

func recorded(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: go test ./cmd/archcheck -run Examples -update records it", err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s is not what plan says now (-recorded +now):\n%s", file, d)
	}
}

// TestREADMEPlan keeps the plan in the README to what the tool prints.
func TestREADMEPlan(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(readme), "$ archcheck plan examples/shop/system.hcl\n")
	if !ok {
		t.Fatal("the README shows no plan of examples/shop/system.hcl")
	}
	shown, _, _ := strings.Cut(rest, "\n```")
	got := plan(t, "examples/shop/system.hcl")
	for _, part := range strings.Split(shown, "\n[…]\n") {
		if !strings.Contains(got, strings.Trim(part, "\n")) {
			t.Errorf("plan does not print this part of the README:\n%s", part)
		}
	}
}
