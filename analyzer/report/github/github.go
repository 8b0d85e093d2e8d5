// Package github writes what GitHub Actions reads: workflow commands for annotations, a step summary, outputs.
package github

import (
	"fmt"
	"io"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// perStep is how many errors and how many warnings GitHub shows of one step.
const perStep = 10

// Annotations writes workflow commands, the best ranks first: as many as GitHub shows, then how many more there are.
func Annotations(w io.Writer, r *report.Report) error {
	shown := map[string]int{}
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
		fmt.Fprintf(&b, "::%s file=%s,line=%d,endLine=%d,col=%d,endColumn=%d,title=%s::%s\n", command, property(p.File),
			max(1, p.Start.Line), max(1, p.End.Line), max(1, p.Start.Column), max(1, p.End.Column), property(f.Rule+" "+f.Title), data(f.Detail))
	}
	if rest > 0 {
		fmt.Fprintf(&b, "::notice title=archcheck::%d more in the log\n", rest)
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

// Outputs writes the step's outputs, name=value a line.
func Outputs(w io.Writer, r *report.Report) error {
	s := r.Summary
	verdict, code := "passed", 0
	if r.Gate != nil {
		code = r.Gate.Exit
		if !r.Gate.Passed {
			verdict = "failed"
		}
	}
	_, err := fmt.Fprintf(w, "verdict=%s\nexit-code=%d\ncritical=%d\nhigh=%d\nmedium=%d\nlow=%d\nwaived=%d\n",
		verdict, code, s.Critical, s.High, s.Medium, s.Low, s.Waived)
	return err
}

var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func data(s string) string     { return dataEscapes.Replace(s) }
func property(s string) string { return propertyEscapes.Replace(s) }
