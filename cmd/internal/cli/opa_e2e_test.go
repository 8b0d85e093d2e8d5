//go:build e2e

package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/cmd/internal/config"
	"github.com/archcheck/archcheck/dsl"
)

// TestTheOPACommandDecidesTheSame runs `archcheck policy bundle` with a team's own rules, `archcheck facts` on every
// example, and the real opa on both: every finding, question and clearance of archcheck, and no other.
func TestTheOPACommandDecidesTheSame(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", ".."))
	bundle := filepath.Join(t.TempDir(), "bundle.tar.gz")
	quiet := Streams{In: strings.NewReader(""), Out: io.Discard, Err: os.Stderr}
	if code := Main([]string{"policy", "bundle", "-o", bundle, "examples/policies"}, quiet); code != 0 {
		t.Fatal("no bundle")
	}
	systems, err := filepath.Glob("examples/*/system.hcl")
	if err != nil || len(systems) == 0 {
		t.Fatal("no examples", err)
	}
	for _, system := range systems {
		var input bytes.Buffer
		if code := Main([]string{"facts", "-o", "json", system}, Streams{In: strings.NewReader(""), Out: &input, Err: os.Stderr}); code != 0 {
			t.Fatal("no facts")
		}
		cmd := exec.Command("opa", "eval", "-b", bundle, "-I", "--format", "raw", "data.archcheck.main.findings")
		cmd.Stdin = &input
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		var stock []struct {
			Rule, Addr string
			Result     any
		}
		if err := json.Unmarshal(out, &stock); err != nil {
			t.Fatal(err)
		}
		theirs := map[string]bool{}
		for _, f := range stock {
			theirs[f.Rule+"@"+f.Addr] = true
		}
		ours := decided(t, system)
		for id := range ours {
			if !theirs[id] {
				t.Errorf("%s: opa does not find %s", system, id)
			}
		}
		for id := range theirs {
			if !ours[id] {
				t.Errorf("%s: only opa finds %s", system, id)
			}
		}
		if len(ours) < 5 {
			t.Errorf("%s: %d results", system, len(ours))
		}
	}
}

// decided is what archcheck's own evaluation says of a system, before severities, subsumption and waivers.
func decided(t *testing.T, system string) map[string]bool {
	t.Helper()
	a := &app{Streams: Streams{Out: io.Discard, Err: io.Discard}}
	a.global.policies = []string{"examples/policies"}
	m, diags := dsl.Load([]string{system}, dsl.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	eng, err := a.engineFor(config.Default(), selection{})
	if err != nil {
		t.Fatal(err)
	}
	res, err := eng.Eval(t.Context(), facts.Compute(m, a.params(config.Default())).Documents)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, r := range slices.Concat(res.Raws, res.Cleared) {
		out[r.Card.ID+"@"+string(r.Subject)] = true
	}
	return out
}

// TestSamplesAreInputsOfOPA asks the real opa with a sample document on the policies as they lie in their folder, as the
// page on policies shows it.
func TestSamplesAreInputsOfOPA(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", ".."))
	page, err := os.ReadFile(filepath.Join("docs", "policies.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, line, ok := strings.Cut(string(page), "`opa eval -b policies ")
	if !ok {
		t.Fatal("docs/policies.md shows no command")
	}
	line, _, _ = strings.Cut(line, "`")
	args := append([]string{"eval", "-b", "policies", "--fail"}, strings.Fields(line)...)
	if out, err := exec.Command("opa", args...).CombinedOutput(); err != nil {
		t.Errorf("opa %v: %v: %s", args, err, out)
	}
}
