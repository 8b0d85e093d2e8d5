// Package reporttest has reports to render and, for every output, a strict reading of what its receiver demands. Tests of
// the renderers and of the command line share them; no program imports it.
package reporttest

import (
	"fmt"
	"reflect"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/model"
)

// Clean is a run that found nothing.
func Clean() *report.Report {
	r := &report.Report{
		FormatVersion: report.FormatVersion, Version: "v1.2.3", System: "system.shop",
		Files: []report.File{{Path: "system.hcl", SHA256: "00"}}, Inventory: []report.Count{{Kind: "service", Count: 2}},
		Coverage: report.Coverage{Applicable: 10, Evaluated: 9, NotEvaluable: 1},
	}
	for v, i := reflect.ValueOf(r).Elem(), 0; i < v.NumField(); i++ { // a report has no list that is not there
		if f := v.Field(i); f.Kind() == reflect.Slice && f.IsNil() {
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		}
	}
	return r
}

// Finding is one plain finding on a call, at a line of its own.
func Finding(rule, subject, severity string, line int) report.Finding {
	at := report.Range{File: "system.hcl", Start: report.Pos{Line: line, Column: 3, Byte: 20 * line}, End: report.Pos{Line: line, Column: 14, Byte: 20*line + 11}}
	return report.Finding{
		ID: rule + "@" + subject, Rule: rule, Title: "Call without a time limit", Pattern: "resilience/timeout", Kind: "missing", Verdict: "violation",
		Severity: severity, Action: "add", Subject: subject, Subjects: []string{}, Subsumes: []string{}, Summary: "orders waits for ever.",
		Detail: "orders waits for ever. The pool is full after 2 s.", Range: at, Evidence: []report.Evidence{}, Facts: map[string]report.Fact{},
		Assumes: []string{}, Fingerprint: Fingerprint(rule, subject), Help: "A caller that waits for ever hangs with its callee.",
		Sources: []string{"https://sre.google/sre-book/addressing-cascading-failures/"},
		Fixes: []report.Fix{{
			Title: "Set timeout = 1s", Safety: "unsafe", Ops: []report.Op{{Set: "timeout", Value: "1s"}}, HCL: `timeout = "1s"`,
			Edits: []report.Edit{{Range: report.Range{File: "system.hcl", Start: at.End, End: at.End}, Text: "\n  timeout = \"1s\""}},
			Lines: []report.Change{{Action: "add", File: "system.hcl", Line: line + 1, Text: `timeout = "1s"`}},
		}},
	}
}

// Fingerprint is a finding's, as package analyzer computes it.
func Fingerprint(rule, subject string) string {
	f := analyzer.Finding{Rule: rule, Subject: model.Addr(subject)}
	return f.Fingerprint()
}

// Sample is a run with one of everything: four severities, a risk, a group, evidence, alternatives, a waiver, a baseline
// and a gate that fails at high.
func Sample() *report.Report {
	r := Clean()
	critical := Finding("RES-012", "service.orders.call.charge", "critical", 4)
	critical.Action = "change"
	critical.Evidence = []report.Evidence{
		{Address: "service.payments", Message: "does not recognise a repeated request", Range: Finding("", "", "", 9).Range},
		{Address: "journey.web.api/checkout", Message: "passes here"},
	}
	critical.Fixes[0].Lines = []report.Change{{Action: "change", File: "system.hcl", Line: 5, Text: "retry = { max_attempts = 1 }", Was: "retry = { max_attempts = 2 }"}}
	critical.Fixes = append(critical.Fixes, report.Fix{Title: "Give every charge a key", Safety: "manual", Ops: []report.Op{}, Edits: []report.Edit{},
		Lines: []report.Change{{Action: "advise", Text: "Give every charge a key."}}})
	low := Finding("SYS-014", "client.web", "low", 2)
	low.Verdict, low.Pattern, low.Sources = "risk", "", []string{}
	medium := Finding("RES-001", "service.orders.call.ship", "medium", 6)
	waived := Finding("RES-001", "service.orders.call.mail", "high", 7)
	w := report.Waiver{Rule: waived.Rule, Subject: waived.Subject, Reason: "carrier SLA signed", Owner: "team-logistics", Ticket: "SHIP-88",
		Expires: "2027-01-31", Days: 70, State: "active", Matches: []string{waived.ID}, Range: Finding("", "", "", 30).Range}
	waived.Waiver = &w
	known := Finding("RES-001", "service.orders.call.log", "high", 8)
	known.Known = true
	group := Finding("RES-040", "system.shop", "high", 1)
	for i, name := range []string{"a", "b", "c"} {
		m := Finding("RES-040", "service.orders.call."+name, "high", 10+i)
		group.Members, group.Subjects = append(group.Members, m), append(group.Subjects, m.Subject)
	}
	r.Findings = []report.Finding{critical, group, medium, low, waived, known}
	r.Waivers = []report.Waiver{w}
	r.Baseline = &report.Baseline{File: ".archcheck/baseline.json", Known: 1, New: 6, Stale: []string{}}
	Count(r)
	r.Decide(report.GateOptions{FailOn: analyzer.High})
	return r
}

// Many is a run with n findings and nothing else.
func Many(n int) *report.Report {
	r := Clean()
	severities := analyzer.Severities()
	for i := range n {
		f := Finding(fmt.Sprintf("RES-%03d", i%40), fmt.Sprintf("service.s%d", i), severities[i*len(severities)/n], i+1)
		f.Detail += " Each request that waits holds a connection, a goroutine and its share of memory until the caller gives up."
		r.Findings = append(r.Findings, f)
	}
	Count(r)
	return r
}

// Count makes the summary true to the findings, as report.Build does.
func Count(r *report.Report) {
	s := report.Summary{}
	for _, f := range r.Findings {
		switch {
		case f.Waiver != nil:
			s.Waived++
			continue
		case f.Known:
			s.Known++
			continue
		}
		add(&s.Critical, &s.High, &s.Medium, &s.Low, &s.Info, f.Severity)
		if f.Verdict == "risk" {
			s.Risks++
		} else {
			s.Violations++
		}
		if f.Action == "add" {
			s.Add++
		} else {
			s.Change++
		}
	}
	for _, f := range r.Flat() {
		if f.Counts() {
			add(&s.Places.Critical, &s.Places.High, &s.Places.Medium, &s.Places.Low, &s.Places.Info, f.Severity)
		}
	}
	r.Summary = s
}

func add(critical, high, medium, low, info *int, severity string) {
	*map[string]*int{"critical": critical, "high": high, "medium": medium, "low": low, "info": info}[severity]++
}
