package compact

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/reporttest"
)

func render(t interface{ Fatal(...any) }, r *report.Report) string {
	var b bytes.Buffer
	if err := Render(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSample(t *testing.T) {
	want := `system.hcl:4:3: critical RES-012 service.orders.call.charge: Call without a time limit. orders waits for ever. [Set timeout = 1s]
system.hcl:1:3: high RES-040 system.shop: Call without a time limit. orders waits for ever. [Set timeout = 1s]
system.hcl:6:3: medium RES-001 service.orders.call.ship: Call without a time limit. orders waits for ever. [Set timeout = 1s]
system.hcl:2:3: low SYS-014 client.web: Call without a time limit. orders waits for ever. [Set timeout = 1s]
`
	if got := render(t, reporttest.Sample()); got != want {
		t.Errorf("%s", got)
	}
	if got := render(t, reporttest.Clean()); got != "" {
		t.Errorf("a clean run writes %q", got)
	}
}

// A finding is one line whatever its names are, and nothing in it acts on a terminal.
func TestNoNameBreaksALine(t *testing.T) {
	head := regexp.MustCompile(`:[0-9]+:[0-9]+: (critical|high|medium|low|info) [A-Z]+-[0-9]+ `)
	rapid.Check(t, func(t *rapid.T) {
		r := reporttest.Hostile(t)
		out := render(t, r)
		lines := strings.SplitAfter(out, "\n")
		if n := len(lines) - 1; n != len(r.Visible()) || lines[n] != "" {
			t.Fatalf("%d lines for %d findings:\n%q", n, len(r.Visible()), out)
		}
		for _, l := range lines[:len(lines)-1] {
			if !head.MatchString(l) {
				t.Fatalf("%q", l)
			}
		}
		if strings.ContainsAny(out, "\x00\x1b\x07\r\t\u0085\u2028\u202e") {
			t.Fatalf("%q acts", out)
		}
	})
}
