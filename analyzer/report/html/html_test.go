package html

import (
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/report"
)

func TestHostileNamesAreText(t *testing.T) {
	r := &report.Report{System: `system.<script>alert(1)</script>`, Findings: []report.Finding{{
		ID: `RES-001@service."><img src=x>`, Rule: "RES-001", Title: "</h3><b>", Severity: "high", Verdict: "violation", Subject: `"><svg onload=x>`,
		Detail: "a & b < c", Fixes: []report.Fix{{Lines: []report.Change{{Action: "add", Line: 3, Text: "</pre><script>"}}}},
	}}, Summary: report.Summary{High: 1, Add: 1}}
	var b strings.Builder
	if err := Render(&b, r, Picture{SVG: []byte("<svg></svg>")}); err != nil {
		t.Fatal(err)
	}
	out := b.String()
	for _, bad := range []string{"<script>", "<img", "<svg onload", "</h3><b>"} {
		if strings.Contains(out, bad) {
			t.Errorf("the page contains %q", bad)
		}
	}
	for _, want := range []string{"a &amp; b &lt; c", "default-src 'none'", `<span class="add">`, "1 findings"} {
		if !strings.Contains(out, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestCleanSystem(t *testing.T) {
	var b strings.Builder
	if err := Render(&b, &report.Report{System: "system.s"}, Picture{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "No recommendations") {
		t.Error("a clean system is not said to be clean")
	}
}
