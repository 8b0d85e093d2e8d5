package markdown

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/reporttest"
)

func render(t interface{ Fatal(...any) }, r *report.Report) []byte {
	return reporttest.Rendered(t, Render, r)
}

func TestSample(t *testing.T) {
	r := reporttest.Sample()
	r.Picture = func(findings []string) string {
		return "flowchart LR\n  accDescr: " + strings.Join(findings, " ") + "\n"
	}
	got := render(t, r)
	reporttest.Golden(t, "sample.md", got)
}

func TestReports(t *testing.T) {
	open := reporttest.Sample()
	open.Gate = nil
	for name, r := range map[string]*report.Report{"clean": reporttest.Clean(), "gate": reporttest.Sample(), "no gate": open, "many": reporttest.Many(50)} {
		if err := reporttest.Markdown(render(t, r), r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A comment is cut before GitHub's limit, between two findings, and says how many are left out.
func TestCut(t *testing.T) {
	r := reporttest.Many(500)
	out := render(t, r)
	if err := reporttest.Markdown(out, r); err != nil {
		t.Error(err)
	}
	if n := len([]rune(string(out))); n < 50_000 {
		t.Errorf("cut at %d characters, far before the limit", n)
	}
	if !strings.Contains(string(out), "more findings do not fit into a comment") {
		t.Error("nothing says that findings are left out")
	}
	for i := range r.Findings { // waivers are many and long
		f := &r.Findings[i]
		f.Waiver = &report.Waiver{Rule: f.Rule, Subject: f.Subject, Owner: "team", Reason: strings.Repeat("reason ", 100), Expires: "2027-01-31"}
	}
	reporttest.Count(r)
	if err := reporttest.Markdown(render(t, r), r); err != nil {
		t.Error(err)
	}
}

func TestNoNameBreaksAComment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := reporttest.Hostile(t)
		if err := reporttest.Markdown(render(t, r), r); err != nil {
			t.Fatalf("%v\n%s", err, render(t, r))
		}
	})
}

// A name calls nobody: GitHub would notify a team at every push.
func TestNobodyIsCalled(t *testing.T) {
	r := reporttest.Sample()
	r.Findings[4].Waiver.Owner = "@acme/payments"
	if out := string(render(t, r)); strings.Contains(out, "@acme") || !strings.Contains(out, "@&#8203;acme/payments") {
		t.Error("the owner of a waiver is called")
	}
}

func TestTheReaderObjects(t *testing.T) {
	r := reporttest.Sample()
	reporttest.Objects(t, reporttest.Markdown, render(t, r), r, map[string][2]string{
		"an open fold":            {"</details>", ""},
		"an open fence":           {"\n```\n", "\n"},
		"a cell too many":         {"| low | ", "| low | | "},
		"an element of a name":    {"orders waits", "<img src=x> orders waits"},
		"a fold that is lost":     {"<details>", "<p>"},
		"a wrong number":          {"3 high", "1 high"},
		"no mark":                 {"<!-- archcheck", "<!-- x"},
		"a headline of a name":    {"orders waits", "\n### orders waits"},
		"more than there is room": {"orders waits", strings.Repeat("x", 60_000)},
	})
}

// TestPicture: a comment has a picture where somebody draws one that is small and cannot end its fence.
func TestPicture(t *testing.T) {
	for drawn, want := range map[string]bool{
		"flowchart LR\n  a": true, "": false, "flowchart LR\n```": false, "flowchart LR\n" + strings.Repeat("  a\n", 3000): false,
	} {
		r := reporttest.Sample()
		r.Picture = func([]string) string { return drawn }
		if got := strings.Contains(string(render(t, r)), "```mermaid\n"); got != want {
			t.Errorf("%.20q: picture %v, want %v", drawn, got, want)
		}
	}
	r := reporttest.Clean()
	r.Picture = func([]string) string { return "flowchart LR" }
	if strings.Contains(string(render(t, r)), "mermaid") {
		t.Error("a picture of nothing")
	}
}
