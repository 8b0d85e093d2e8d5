package source

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// Severity says whether a diagnostic stops the run.
type Severity uint8

// The severities of a diagnostic.
const (
	Error Severity = iota
	Warning
)

// String is the severity as it is printed.
func (s Severity) String() string {
	if s == Warning {
		return "Warning"
	}
	return "Error"
}

// Diagnostic says that the input itself is broken. It is no finding: nobody can waive it.
type Diagnostic struct {
	Severity Severity
	Summary  string      // "Unsupported argument": capital, no final period
	Detail   string      // whole sentences: what is wrong, then what to write
	Context  string      // `service "orders", call "charge"`; empty at the top of a file
	Range    model.Range // zero where no place is to blame
}

// Error is the diagnostic in one line.
func (d Diagnostic) Error() string {
	s := d.Summary
	if !d.Range.IsZero() {
		s = fmt.Sprintf("%s:%d: %s", d.Range.File, d.Range.Start.Line, s)
	}
	if d.Detail != "" {
		s += ": " + strings.Join(strings.Fields(d.Detail), " ")
	}
	return s
}

// Diagnostics are all problems of one run.
type Diagnostics []Diagnostic

// HasErrors reports whether the run has to stop.
func (d Diagnostics) HasErrors() bool { return d.Errors() > 0 }

// Errors counts those that stop the run.
func (d Diagnostics) Errors() int {
	n := 0
	for _, x := range d {
		if x.Severity == Error {
			n++
		}
	}
	return n
}

// Error is all of them, one a line.
func (d Diagnostics) Error() string {
	lines := make([]string, len(d))
	for i, x := range d {
		lines[i] = x.Error()
	}
	return strings.Join(lines, "\n")
}

// Sort puts them in file order; those without a place come first. Equal ones are dropped.
func (d *Diagnostics) Sort() {
	slices.SortFunc(*d, func(a, b Diagnostic) int {
		return cmp.Or(a.Range.Compare(b.Range), cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Summary, b.Summary),
			cmp.Compare(a.Detail, b.Detail))
	})
	*d = slices.Compact(*d)
}
