package reporttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// GitLab reads a file as GitLab's Code Quality widget does: an array, the fields that are documented and no others, a
// severity of its own five, a path below the root, a fingerprint of its own for every finding.
func GitLab(b []byte, r *report.Report) error {
	x := &reading{}
	var issues []struct {
		Description string `json:"description"`
		Check       string `json:"check_name"`
		Fingerprint string `json:"fingerprint"`
		Severity    string `json:"severity"`
		Location    struct {
			Path  string `json:"path"`
			Lines struct {
				Begin int `json:"begin"`
				End   int `json:"end"`
			} `json:"lines"`
		} `json:"location"`
	}
	if !bytes.HasPrefix(bytes.TrimSpace(b), []byte("[")) {
		return fmt.Errorf("no array")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&issues); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, f := range issues {
		what := fmt.Sprintf("issue %d (%s)", i, f.Check)
		x.must(strings.TrimSpace(f.Description) != "", "%s: no description", what)
		x.must(strings.HasPrefix(f.Check, "archcheck/") && len(f.Check) > len("archcheck/"), "%s: check %q", what, f.Check)
		x.must(f.Fingerprint != "" && !seen[f.Fingerprint], "%s: fingerprint %q twice or empty", what, f.Fingerprint)
		seen[f.Fingerprint] = true
		x.must(slices.Contains([]string{"info", "minor", "major", "critical", "blocker"}, f.Severity), "%s: severity %q", what, f.Severity)
		x.relative(what, f.Location.Path)
		x.must(f.Location.Lines.Begin >= 1 && f.Location.Lines.End >= f.Location.Lines.Begin, "%s: lines %+v", what, f.Location.Lines)
	}
	t := totalsOf(r)
	x.must(len(issues) == t.counted, "%d issues, the report has %d", len(issues), t.counted)
	return x.err()
}
