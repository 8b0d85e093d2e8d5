// Package junit writes JUnit XML as GitLab and Jenkins read it: one test case a finding, unique by class and name;
// totals are counted from what is written.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// The known library for JUnit XML has no line attribute, which GitLab and editors use to jump to the place.

type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Suites   []suite  `xml:"testsuite"`
}

type suite struct {
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Skipped  int        `xml:"skipped,attr"`
	Cases    []testcase `xml:"testcase"`
}

type testcase struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	File    string   `xml:"file,attr,omitempty"`
	Line    int      `xml:"line,attr,omitempty"`
	Failure *failure `xml:"failure"`
	Skipped *skipped `xml:"skipped"`
	Out     string   `xml:"system-out,omitempty"`
}

type failure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

type skipped struct {
	Message string `xml:"message,attr"`
}

// Render writes every finding under its own id. What a gate lets through is a passed case with its text; without a gate
// every finding that counts is a failure. What a gate wants tidied up fails too: it is why the job does. A clean run has
// one passed case, so that it is seen to have run.
func Render(w io.Writer, r *report.Report) error {
	r = r.Printable()
	s := suite{Name: r.System}
	blocking := map[string]bool{}
	if r.Gate != nil {
		for _, id := range r.Gate.Blocking {
			blocking[id] = true
		}
	}
	for _, f := range r.Flat() {
		c := testcase{Class: f.Rule + " " + f.Title, Name: f.Subject, File: f.Range.File, Line: f.Range.Start.Line}
		switch {
		case f.Waiver != nil:
			c.Skipped = &skipped{fmt.Sprintf("waived until %s: %s", f.Waiver.Expires, f.Waiver.Reason)}
			s.Skipped++
		case f.Known:
			c.Skipped = &skipped{"in the baseline"}
			s.Skipped++
		case r.Gate == nil || blocking[f.ID]:
			c.Failure = &failure{f.Title, f.Severity, body(f)}
			s.Failures++
		default:
			c.Out = f.Severity + ": " + body(f)
		}
		s.Cases = append(s.Cases, c)
	}
	if r.Gate != nil {
		for _, h := range r.Gate.Hygiene {
			s.Cases = append(s.Cases, testcase{Class: "Waivers and baseline", Name: h, Failure: &failure{"To tidy up", "hygiene", h}})
			s.Failures++
		}
	}
	if len(s.Cases) == 0 {
		s.Cases = []testcase{{Class: "archcheck", Name: fmt.Sprintf("%d checks evaluated, no findings", r.Coverage.Evaluated)}}
	}
	s.Tests = len(s.Cases)
	out := suites{Name: "archcheck", Tests: s.Tests, Failures: s.Failures, Skipped: s.Skipped, Suites: []suite{s}}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func body(f report.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s:%d\n", f.Detail, f.Range.File, f.Range.Start.Line)
	for i, x := range f.Fixes {
		if x.HCL == "" {
			continue
		}
		if i > 0 {
			b.WriteString("or\n")
		}
		b.WriteString(x.HCL + "\n")
	}
	return b.String()
}
