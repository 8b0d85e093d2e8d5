// Package compact writes one line a finding, for editors, pipes and agents:
// file:line:col: severity RULE subject: message [fix].
package compact

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/archcheck/archcheck/analyzer/report"
)

// Render writes the findings that count, in rank order.
func Render(w io.Writer, r *report.Report) error {
	r = r.Printable()
	b := bufio.NewWriter(w)
	for _, f := range r.Visible() {
		p := f.Range.Start
		fmt.Fprintf(b, "%s:%d:%d: %s %s %s: %s", line(f.Range.File), p.Line, p.Column, f.Severity, f.Rule, line(f.Subject), line(f.Title+". "+f.Summary))
		if len(f.Fixes) > 0 && f.Fixes[0].Title != "" {
			fmt.Fprintf(b, " [%s]", line(f.Fixes[0].Title))
		}
		b.WriteByte('\n')
	}
	return b.Flush()
}

// line keeps a text on one line: control characters, line ends among them, become spaces.
func line(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}
