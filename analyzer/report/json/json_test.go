package json

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/reporttest"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	b, err := json.Marshal(report.Schema())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("plan.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("plan.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(s *jsonschema.Schema, r *report.Report) error {
	var b bytes.Buffer
	if err := Render(&b, r); err != nil {
		return err
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

func TestReportsFollowTheSchema(t *testing.T) {
	s := schema(t)
	for name, r := range map[string]*report.Report{"clean": reporttest.Clean(), "sample": reporttest.Sample()} {
		if err := valid(s, r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if err := valid(s, reporttest.Hostile(t)); err != nil {
			t.Fatal(err)
		}
	})
	for name, spoil := range map[string]func(*report.Report){
		"no list":            func(r *report.Report) { r.Findings = nil },
		"no such severity":   func(r *report.Report) { r.Findings[0].Severity = "fatal" },
		"no such verdict":    func(r *report.Report) { r.Findings[0].Verdict = "question" },
		"no such state":      func(r *report.Report) { r.Waivers[0].State = "gone" },
		"no list in a group": func(r *report.Report) { r.Findings[1].Members[0].Evidence = nil },
	} {
		r := reporttest.Sample()
		spoil(r)
		if valid(s, r) == nil {
			t.Errorf("the schema accepts %s", name)
		}
	}
}

// What the JSON says comes back as it was, names that look like markup too; HTML characters stand as they are.
func TestRoundTrip(t *testing.T) {
	r := reporttest.Sample()
	r.Findings[0].Detail = "a < b && c > d\x1b[0m"
	var b bytes.Buffer
	if err := Render(&b, r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "a < b && c > d") {
		t.Error("characters of HTML are escaped")
	}
	var back report.Report
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Findings[0].Detail != r.Findings[0].Detail || back.Summary != r.Summary || len(back.Flat()) != len(r.Flat()) {
		t.Error("the report does not come back as it was")
	}
}
