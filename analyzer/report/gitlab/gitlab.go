// Package gitlab writes GitLab's Code Quality report: an array with a unique fingerprint a finding, empty when clean.
package gitlab

import (
	"cmp"
	"encoding/json"
	"io"

	"github.com/archcheck/archcheck/analyzer/report"
)

type issue struct {
	Description string   `json:"description"`
	Check       string   `json:"check_name"`
	Fingerprint string   `json:"fingerprint"`
	Severity    string   `json:"severity"`
	Location    location `json:"location"`
}

type location struct {
	Path  string `json:"path"`
	Lines lines  `json:"lines"`
}

type lines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

// severities are GitLab's words for ours.
var severities = map[string]string{"critical": "blocker", "high": "critical", "medium": "major", "low": "minor", "info": "info"}

// Render writes the findings that count under their own ids.
func Render(w io.Writer, r *report.Report) error {
	r = r.Printable()
	out := []issue{}
	for _, f := range r.Flat() {
		if f.Waiver != nil || f.Known {
			continue
		}
		begin := max(1, f.Range.Start.Line)
		out = append(out, issue{
			Description: f.Title + ": " + f.Detail, Check: "archcheck/" + f.Rule, Fingerprint: f.Fingerprint,
			Severity: severities[f.Severity],
			Location: location{cmp.Or(report.Below(f.Range.File), "unknown"), lines{begin, max(begin, f.Range.End.Line)}},
		})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}
