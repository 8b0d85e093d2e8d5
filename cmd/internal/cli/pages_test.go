package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/patterns"
)

// The model on a pattern's page shows the pattern done right: archcheck finds it in place there, has nothing to say about
// it, and nothing worse than low about the rest of what a reader pastes.
func TestPagesShowTheirPatternDoneRight(t *testing.T) {
	catalog, err := patterns.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range catalog.Patterns() {
		t.Run(p.ID.Slug(), func(t *testing.T) {
			page, err := p.README()
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "system.hcl")
			_, rest, _ := strings.Cut(string(page), "\n```hcl\n")
			whole, _, _ := strings.Cut(rest, "\n```")
			if err := os.WriteFile(file, []byte(whole+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			if code := Main([]string{"plan", "-o", "json", file}, Streams{In: strings.NewReader(""), Out: &out, Err: &errs}); code != ExitOK {
				t.Fatalf("exit %d: %s", code, errs.String())
			}
			var r report.Report
			if err := json.Unmarshal(out.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Findings {
				if f.Pattern == string(p.ID) || f.Severity != "low" && f.Severity != "info" {
					t.Errorf("%s %s: %s", f.Severity, f.ID, f.Detail)
				}
			}
			for _, x := range r.Patterns {
				if x.ID == string(p.ID) && len(x.Present) == 0 {
					t.Errorf("the page's model does not have %s in place", p.Name)
				}
			}
		})
	}
}
