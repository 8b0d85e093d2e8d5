package github

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/reporttest"
)

func annotations(t interface{ Fatal(...any) }, r *report.Report) []byte {
	var b bytes.Buffer
	if err := Annotations(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func outputs(t interface{ Fatal(...any) }, r *report.Report) []byte {
	var b bytes.Buffer
	if err := Outputs(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSample(t *testing.T) {
	lines := strings.Split(string(annotations(t, reporttest.Sample())), "\n")
	if want := "::error file=system.hcl,line=4,endLine=4,col=3,endColumn=14,title=RES-012 Call without a time limit::orders waits for ever. The pool is full after 2 s."; lines[0] != want {
		t.Errorf("%q, want %q", lines[0], want)
	}
	want := "verdict=failed\nexit-code=2\ncritical=1\nhigh=3\nmedium=1\nlow=1\nwaived=1\n"
	if got := string(outputs(t, reporttest.Sample())); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// GitHub shows ten of a kind a step: the best are shown, the rest is counted.
func TestReports(t *testing.T) {
	for name, r := range map[string]*report.Report{"clean": reporttest.Clean(), "sample": reporttest.Sample(), "many": reporttest.Many(300)} {
		if err := reporttest.Annotations(annotations(t, r), r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := reporttest.Outputs(outputs(t, r), r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := string(annotations(t, reporttest.Clean())); got != "" {
		t.Errorf("a clean run writes %q", got)
	}
	// 300 findings, 60 of each severity: 120 errors, 60 warnings, 120 notices; 10, 10 and, beside the count, 9 are shown.
	if got := string(annotations(t, reporttest.Many(300))); !strings.Contains(got, "::notice title=archcheck::+271 more in the log\n") {
		t.Errorf("the rest is not counted:\n%s", got)
	}
}

func TestHygieneIsAnError(t *testing.T) {
	r := reporttest.Clean()
	r.Baseline = &report.Baseline{File: "b.json", Stale: []string{"RES-001@service.a"}}
	r.Decide(report.GateOptions{})
	if got := string(annotations(t, r)); !strings.HasPrefix(got, "::error title=Waivers and baseline::baseline entry RES-001@service.a is fixed") {
		t.Errorf("%q", got)
	}
}

func TestNoNameBreaksACommand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := reporttest.Hostile(t).WithFiles(func(string) string { return reporttest.Path(t) })
		if err := reporttest.Annotations(annotations(t, r), r); err != nil {
			t.Fatal(err)
		}
		if err := reporttest.Outputs(outputs(t, r), r); err != nil {
			t.Fatal(err)
		}
	})
}

// What people wrote is no command, wherever a line of the log begins with it.
func TestTextHoldsNoCommand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := reporttest.Text(t, "a") + "\n  " + reporttest.Text(t, "b")
		if err := reporttest.Log([]byte(Text(s))); err != nil {
			t.Fatal(err)
		}
	})
	if got := Text("a\n  ::error::x\nb ##[group]y\nservice.a::b\n"); got != "a\n  : :error::x\nb ## [group]y\nservice.a::b\n" {
		t.Errorf("%q", got)
	}
}

func TestTheReaderObjects(t *testing.T) {
	r := reporttest.Sample()
	good := annotations(t, r)
	reporttest.Objects(t, reporttest.Annotations, good, r, map[string][2]string{
		"a comma in a title":     {"Call without", "Call, without"},
		"a line end in a text":   {"for ever. The", "for ever.\nThe"},
		"a place without a line": {"line=4,", ""},
		"a lost finding":         {string(good[:bytes.IndexByte(good, '\n')+1]), ""},
	})
	if reporttest.Outputs([]byte(strings.Replace(string(outputs(t, r)), "high=3", "high=1", 1)), r) == nil {
		t.Error("the reader accepts a wrong number")
	}
	if reporttest.Log([]byte("ok\n ::error::x\n")) == nil {
		t.Error("the reader accepts a command in the log")
	}
}
