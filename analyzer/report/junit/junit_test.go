package junit

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
	reporttest.Golden(t, "sample.xml", render(t, reporttest.Sample()))
}

// With a gate, what blocks has failed; without one, everything that counts.
func TestReports(t *testing.T) {
	open := reporttest.Sample()
	open.Gate = nil
	for name, r := range map[string]*report.Report{"clean": reporttest.Clean(), "gate": reporttest.Sample(), "no gate": open, "many": reporttest.Many(300)} {
		if err := reporttest.JUnit(render(t, r), r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if out := render(t, reporttest.Clean()); !strings.Contains(string(out), `name="9 checks evaluated, no findings"`) {
		t.Errorf("a clean run does not look as if it had run:\n%s", out)
	}
}

// A gate that fails on hygiene alone has a failure to show.
func TestHygieneFails(t *testing.T) {
	r := reporttest.Clean()
	r.Baseline = &report.Baseline{File: "b.json", Stale: []string{"RES-001@service.a"}}
	r.Decide(report.GateOptions{})
	out := render(t, r)
	if err := reporttest.JUnit(out, r); err != nil {
		t.Error(err)
	}
	if !strings.Contains(string(out), `failures="1"`) || !strings.Contains(string(out), "RES-001@service.a is fixed") {
		t.Errorf("%s", out)
	}
}

func TestNoNameBreaksAFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := reporttest.Hostile(t)
		if err := reporttest.JUnit(render(t, r), r); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTheReaderObjects(t *testing.T) {
	r := reporttest.Sample()
	reporttest.Objects(t, reporttest.JUnit, render(t, r), r, map[string][2]string{
		"totals of another tree":  {`tests="8"`, `tests="25"`},
		"warnings as failures":    {`failures="4"`, `failures="8"`},
		"a case without a name":   {`name="client.web"`, `name=""`},
		"two cases of one name":   {`name="service.orders.call.a"`, `name="service.orders.call.b"`},
		"an element of its own":   {`<skipped `, `<rerun `},
		"an attribute of its own": {`line="2"`, `column="2"`},
		"half a file":             {`</testsuites>`, ``},
	})
}
