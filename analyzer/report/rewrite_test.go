package report_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/reporttest"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain, naïve 日本語 😀\n\t": "plain, naïve 日本語 😀\n\t", "\x1b[31mred": `\u001b[31mred`, "a\r\nb": "a\\u000d\nb", "\u202eevil": `\u202eevil`,
		"\x00\x7f\u0085\u2028\ufeff\uffff": `\u0000\u007f\u0085\u2028\ufeff\uffff`, "\xff": "\ufffd", "\U0001fffe": `\U0001fffe`,
	} {
		if got := report.Printable(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	r := reporttest.Sample()
	if r.Printable() != r {
		t.Error("a harmless report is copied")
	}
	r.Findings[1].Members[2].Fixes[0].Lines[0].Text, r.Findings[1].Members[2].Fixes[0].Edits[0].Text = "\x1b", "\x1b"
	p := r.Printable()
	if got := p.Findings[1].Members[2].Fixes[0]; got.Lines[0].Text != `\u001b` || got.Edits[0].Text != "\x1b" {
		t.Errorf("%+v", got)
	}
	if r.Findings[1].Members[2].Fixes[0].Lines[0].Text != "\x1b" {
		t.Error("the report itself has changed")
	}
}

// Rewriting touches what it says and nothing else.
func TestWithFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := reporttest.Hostile(t)
		if d := cmp.Diff(r, r.WithFiles(func(s string) string { return s })); d != "" {
			t.Fatal(d)
		}
		back := r.WithFiles(func(s string) string { return "x/" + s }).WithFiles(func(s string) string { return strings.TrimPrefix(s, "x/") })
		if !reflect.DeepEqual(r, back) {
			t.Fatal(cmp.Diff(r, back))
		}
	})
	r := reporttest.Sample().WithFiles(func(s string) string { return "deep/" + s })
	for _, file := range []string{
		r.Files[0].Path, r.Findings[0].Range.File, r.Findings[0].Evidence[0].Range.File, r.Findings[1].Members[0].Range.File,
		r.Findings[0].Fixes[0].Edits[0].Range.File, r.Findings[0].Fixes[0].Lines[0].File, r.Waivers[0].Range.File, r.Findings[4].Waiver.Range.File,
	} {
		if file != "deep/system.hcl" {
			t.Errorf("%q", file)
		}
	}
}

func TestBelow(t *testing.T) {
	for in, want := range map[string]string{"a.hcl": "a.hcl", "./a/../b.hcl": "b.hcl", "../../b.hcl": "b.hcl", "/etc/b.hcl": "etc/b.hcl", "": "", "..": ""} {
		if got := report.Below(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
