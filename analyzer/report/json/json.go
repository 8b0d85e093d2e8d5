// Package json writes the report as JSON, in the published form of package report.
package json

import (
	"encoding/json"
	"io"

	"github.com/archcheck/archcheck/analyzer/report"
)

// Render writes the report, indented, with HTML characters as they are.
func Render(w io.Writer, r *report.Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// Drift writes a comparison with sources.
func Drift(w io.Writer, d *report.Drift) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}
