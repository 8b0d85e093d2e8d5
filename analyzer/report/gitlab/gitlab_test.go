package gitlab

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/reporttest"
)

func render(t interface{ Fatal(...any) }, r *report.Report) []byte {
	var b bytes.Buffer
	if err := Render(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSample(t *testing.T) {
	got := render(t, reporttest.Sample())
	want, err := os.ReadFile(filepath.Join("testdata", "sample.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("testdata/sample.json is not what is written now:\n%s", got)
	}
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
	good := string(render(t, r))
	for name, edit := range map[string][2]string{
		"a path that leads upward": {`"path": "system.hcl"`, `"path": "../system.hcl"`},
		"a path with a dot":        {`"path": "system.hcl"`, `"path": "./system.hcl"`},
		"a severity of ours":       {`"severity": "blocker"`, `"severity": "high"`},
		"a fingerprint twice":      {reporttest.Fingerprint("RES-001", "service.orders.call.ship"), reporttest.Fingerprint("SYS-014", "client.web")},
		"a field of its own":       {`"description"`, `"text"`},
		"a line zero":              {`"begin": 2`, `"begin": 0`},
	} {
		bad := strings.Replace(good, edit[0], edit[1], 1)
		if bad == good {
			t.Errorf("%s: the file has no %s", name, edit[0])
		} else if reporttest.GitLab([]byte(bad), r) == nil {
			t.Errorf("the reader accepts %s", name)
		}
	}
}
