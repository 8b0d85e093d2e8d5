package gitlab

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/reporttest"
)

func render(t interface{ Fatal(...any) }, r *report.Report) []byte {
	return reporttest.Rendered(t, Render, r)
}

func TestSample(t *testing.T) {
	reporttest.Golden(t, "sample.json", render(t, reporttest.Sample()))
}

func TestReports(t *testing.T) {
	for name, r := range map[string]*report.Report{"clean": reporttest.Clean(), "sample": reporttest.Sample(), "many": reporttest.Many(300)} {
		if err := reporttest.GitLab(render(t, r), r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if out := string(render(t, reporttest.Clean())); out != "[]\n" {
		t.Errorf("a clean run writes %q", out)
	}
}

func TestNoNameBreaksAFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := reporttest.Hostile(t)
		if err := reporttest.GitLab(render(t, r), r); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTheReaderObjects(t *testing.T) {
	r := reporttest.Sample()
	reporttest.Objects(t, reporttest.GitLab, render(t, r), r, map[string][2]string{
		"a path that leads upward": {`"path": "system.hcl"`, `"path": "../system.hcl"`},
		"a path with a dot":        {`"path": "system.hcl"`, `"path": "./system.hcl"`},
		"a severity of ours":       {`"severity": "blocker"`, `"severity": "high"`},
		"a fingerprint twice":      {reporttest.Fingerprint("RES-001", "service.orders.call.ship"), reporttest.Fingerprint("SYS-014", "client.web")},
		"a field of its own":       {`"description"`, `"text"`},
		"a line zero":              {`"begin": 2`, `"begin": 0`},
	})
}
