package text

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/reporttest"
)

func render(t interface{ Fatal(...any) }, r *report.Report, o Options) string {
	var b bytes.Buffer
	if err := Render(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The gate counts findings one by one and shows one cause as one.
func TestGate(t *testing.T) {
	out := render(t, reporttest.Sample(), Options{})
	for _, want := range []string{
		"Failed: 4 findings at or above high that are neither waived nor known.\nShown as 2, since one change mends several.\n",
		"    Here: service.orders.call.a, service.orders.call.b, service.orders.call.c\n",
		"      archcheck waive RES-012@service.orders.call.charge \\\n",
		"Waived    RES-001@service.orders.call.mail high until 2027-01-31 (70 days),\n",
		"Known     1 in .archcheck/baseline.json, 6 new, 0 fixed since\n",
		"Gate: 4 block, 1 waived, 1 known, 2 below high. Exit 2.\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if n := strings.Count(out, "RES-040"); n != 1 {
		t.Errorf("one cause is shown %d times", n)
	}
}

// Where only a part of a group blocks, that part is shown.
func TestPartOfAGroup(t *testing.T) {
	r := reporttest.Sample()
	r.Decide(report.GateOptions{FailOn: analyzer.High, Base: "main", Old: map[string]bool{"RES-040@service.orders.call.a": true}})
	out := render(t, r, Options{})
	if strings.Contains(out, "Here:") || strings.Contains(out, "service.orders.call.a ") || !strings.Contains(out, "service.orders.call.c ") {
		t.Errorf("%s", out)
	}
	if !strings.HasSuffix(out, "Gate: 3 block, 1 waived, 1 known, 2 below high, 1 in main too. Exit 2.\n") {
		t.Errorf("%s", out)
	}
}

// Nothing that was accepted leaves no gap, and the next step names what the user named.
func TestGateOfManyFindings(t *testing.T) {
	r := reporttest.Many(30)
	r.Decide(report.GateOptions{FailOn: analyzer.Info})
	out := render(t, r, Options{Path: "services/shop"})
	if strings.Contains(out, "\n\n\n") {
		t.Errorf("a gap in\n%s", out)
	}
	for _, want := range []string{"… 20 more: --all shows them\n", " --reason \"...\" --in services/shop\n", "      archcheck baseline create services/shop\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// A group has no id that a waiver could name: its members are named.
func TestWaiverOfAGroup(t *testing.T) {
	r := reporttest.Sample()
	r.Findings = r.Findings[1:2]
	reporttest.Count(r)
	r.Decide(report.GateOptions{FailOn: analyzer.High})
	want := "      archcheck waive RES-040@service.orders.call.a \\\n        RES-040@service.orders.call.b \\\n        RES-040@service.orders.call.c \\\n        --owner TEAM"
	if out := render(t, r, Options{}); !strings.Contains(out, want) {
		t.Errorf("%s", out)
	}
}

func TestWaiverStates(t *testing.T) {
	r := reporttest.Clean()
	at := reporttest.Finding("", "", "", 24).Range
	r.Waivers = []report.Waiver{
		{Rule: "A-001", Subject: "service.a", State: "unmatched", Nearest: "service.b", Range: at},
		{Rule: "A-002", Subject: "service.a", State: "unmatched", Range: at},
		{Rule: "A-003", Subject: "service.*", State: "active", Max: 1, Matches: []string{"A-003@service.a", "A-003@service.b"}, Range: at},
		{Rule: "A-004", Subject: "service.a", State: "refused", Range: at},
		{Rule: "A-005", Subject: "service.a", State: "expiring", Days: 1, Expires: "2027-01-31", Range: at},
	}
	r.Decide(report.GateOptions{StrictWaivers: true})
	out := strings.Join(strings.Fields(render(t, r, Options{})), " ")
	for _, want := range []string{
		"Failed: 3 entries of waivers and baseline to tidy up.",
		"waiver A-001@service.a matches nothing; did you mean service.b? (system.hcl:24)",
		"waiver A-002@service.a matches nothing any more: the rule does not fire there (system.hcl:24)",
		"waiver A-003@service.* matches 2 findings and accepts 1: from A-003@service.b on they count (system.hcl:24)",
		"waiver A-004@service.a has no effect: A-004 cannot be waived (system.hcl:24)",
		"waiver A-005@service.a ends on 2027-01-31, in 1 day (system.hcl:24)",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// Nothing that people wrote acts on a terminal, and without colour there is no escape at all.
func TestNoNameActs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := reporttest.Hostile(t)
		for _, o := range []Options{{}, {All: true, Assumptions: true}, {Summary: true}, {Width: 40, ASCII: true}} {
			out := render(t, r, o)
			if strings.ContainsAny(out, "\x00\x1b\x07\r\u0085\u2028\u202e\ufeff") {
				t.Fatalf("%q acts", out)
			}
			if r.Gate != nil && !strings.Contains(out, fmt.Sprintf("Exit %d.\n", r.Gate.Exit)) {
				t.Fatal("the last line is missing")
			}
		}
	})
}

// A plan without findings does not praise what it could not judge: up to 5 % may be open.
func TestNothingFound(t *testing.T) {
	for _, c := range []struct {
		open int
		want string
	}{
		{20, "\nNo recommendations. Every pattern that this system owes is in place:\n"},
		{21, "\nNo recommendations so far: 21 of 400 checks wait for facts. In place:\n"},
	} {
		r := &report.Report{System: "system.s", Coverage: report.Coverage{Applicable: 400, Evaluated: 400 - c.open, NotEvaluable: c.open}}
		if out := render(t, r, Options{}); !strings.Contains(out, c.want) {
			t.Errorf("%d open:\n%s", c.open, out)
		}
	}
}
