package engine

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestThePageOnPolicies checks and tests the rule that docs/policies.md shows.
func TestThePageOnPolicies(t *testing.T) {
	page, err := os.ReadFile("../../docs/policies.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	blocks := regexp.MustCompile("(?s)```rego\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(blocks) != 2 {
		t.Fatalf("%d Rego blocks, want a rule and its test", len(blocks))
	}
	for i, name := range []string{"acme.rego", "acme_test.rego"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(blocks[i][1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Check([]string{dir}); err != nil {
		t.Error(err)
	}
	rep, err := Test(t.Context(), TestOptions{Policies: []string{dir}, Coverage: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range rep.Cases {
		if !c.Passed {
			t.Errorf("%s: %s", c.Name, c.Message)
		}
	}
	if d := rep.Shown["ACME-003"]; len(rep.Cases) != 3 || !d.Fires || !d.Silent || !d.Asks {
		t.Errorf("%d tests show %+v", len(rep.Cases), d)
	}
	for name := range libFuncs {
		if !strings.Contains(string(page), "`"+name) && !strings.Contains(string(page), " `"+name+"`") {
			t.Errorf("the page does not tell of lib.%s", name)
		}
	}
	for _, keys := range [][]string{resultKeys, cardKeys, opKeys} {
		for _, k := range keys {
			if !strings.Contains(string(page), k) {
				t.Errorf("the page does not tell of %q", k)
			}
		}
	}
}
