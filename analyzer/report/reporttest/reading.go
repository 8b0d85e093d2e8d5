package reporttest

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// reading collects what a strict reader objects to.
type reading struct{ faults []error }

func (x *reading) fault(format string, args ...any) {
	x.faults = append(x.faults, fmt.Errorf(format, args...))
}

func (x *reading) must(ok bool, format string, args ...any) {
	if !ok {
		x.fault(format, args...)
	}
}

// err is what was found, the first dozen.
func (x *reading) err() error {
	if n := 12; len(x.faults) > n {
		return errors.Join(append(x.faults[:n:n], fmt.Errorf("and %d more", len(x.faults)-n))...)
	}
	return errors.Join(x.faults...)
}

// relative demands a path below the root of a repository.
func (x *reading) relative(what, p string) {
	x.must(p != "" && !strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "./") && path.Clean(p) == p && p != ".." && !strings.HasPrefix(p, "../"),
		"%s: %q is no path relative to the root", what, p)
}

// reference demands a relative URI that names a file.
func (x *reading) reference(what, uri string) {
	u, err := url.Parse(uri)
	if err != nil {
		x.fault("%s: %q: %v", what, uri, err)
		return
	}
	x.must(u.Scheme == "" && u.Host == "" && u.RawQuery == "" && u.Fragment == "", "%s: %q is more than a relative path", what, uri)
	x.relative(what, u.Path)
}

// totals are the numbers that every output has to agree with.
type totals struct{ counted, waived, known, blocking, hygiene int }

func totalsOf(r *report.Report) totals {
	t := totals{}
	for _, f := range r.Flat() {
		switch {
		case f.Waiver != nil:
			t.waived++
		case f.Known:
			t.known++
		default:
			t.counted++
		}
	}
	if r.Gate != nil {
		t.blocking, t.hygiene = len(r.Gate.Blocking), len(r.Gate.Hygiene)
	} else {
		t.blocking = t.counted
	}
	return t
}

// counted are the findings that nobody accepted, one by one, in rank order.
func counted(r *report.Report) []report.Finding {
	var out []report.Finding
	for _, f := range r.Flat() {
		if f.Counts() {
			out = append(out, f)
		}
	}
	return out
}
