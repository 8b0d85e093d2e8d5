// Package github writes what GitHub Actions reads: workflow commands for annotations, a step summary, outputs.
package github

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// perStep is how many errors, warnings and notices GitHub shows of one step.
const perStep = 10

// Annotations writes workflow commands, the best ranks first: as many as GitHub shows, then how many more there are.
func Annotations(w io.Writer, r *report.Report) error {
	r = r.Printable()
	shown := map[string]int{"notice": 1} // its place is kept for the line that says how many more there are
	rest := 0
	var b strings.Builder
	for _, f := range r.Flat() {
		if f.Waiver != nil || f.Known {
			continue
		}
		command := level(f.Severity)
		if shown[command] == perStep {
			rest++
			continue
		}
		shown[command]++
		p := f.Range
		fmt.Fprintf(&b, "::%s file=%s,line=%d,endLine=%d,col=%d,endColumn=%d,title=%s::%s\n", command, property(cmp.Or(report.Below(p.File), "unknown")),
			max(1, p.Start.Line), max(1, p.End.Line), max(1, p.Start.Column), max(1, p.End.Column), property(f.Rule+" "+f.Title), data(f.Detail))
	}
	if r.Gate != nil {
		for _, h := range r.Gate.Hygiene {
			if shown["error"] == perStep {
				rest++
				continue
			}
			shown["error"]++
			fmt.Fprintf(&b, "::error title=Waivers and baseline::%s\n", data(h))
		}
	}
	if rest > 0 {
		fmt.Fprintf(&b, "::notice title=archcheck::+%d more in the log\n", rest)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func level(severity string) string {
	switch severity {
	case "critical", "high":
		return "error"
	case "medium":
		return "warning"
	}
	return "notice"
}

// Text makes lines of a log that GitHub reads as text only: what begins like a workflow command is parted, here a name
// that was chosen to look like one.
func Text(s string) string {
	lines := strings.SplitAfter(s, "\n")
	for i, l := range lines {
		if strings.HasPrefix(strings.TrimSpace(l), "::") {
			l = strings.Replace(l, "::", ": :", 1)
		}
		lines[i] = strings.ReplaceAll(l, "##[", "## [")
	}
	return strings.Join(lines, "")
}

// Outputs writes the step's outputs, name=value a line. Findings are counted one by one, as the gate does.
func Outputs(w io.Writer, r *report.Report) error {
	s := r.Summary.Places
	verdict, code := "passed", 0
	if r.Gate != nil {
		code = r.Gate.Exit
		if !r.Gate.Passed {
			verdict = "failed"
		}
	}
	_, err := fmt.Fprintf(w, "verdict=%s\nexit-code=%d\ncritical=%d\nhigh=%d\nmedium=%d\nlow=%d\nwaived=%d\n",
		verdict, code, s.Critical, s.High, s.Medium, s.Low, r.Summary.Waived)
	return err
}

var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func data(s string) string     { return dataEscapes.Replace(s) }
func property(s string) string { return propertyEscapes.Replace(s) }
