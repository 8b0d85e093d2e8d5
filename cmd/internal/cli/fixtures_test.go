package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/analyzer/report/reporttest"
	"github.com/archcheck/archcheck/cmd/internal/config"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

// receivers are the strict readers of all outputs, and the schema of the JSON.
func receivers(t *testing.T) map[string]func([]byte, *report.Report) error {
	t.Helper()
	b, err := json.Marshal(report.Schema())
	if err != nil {
		t.Fatal(err)
	}
	plan := compileSchema(t, b)
	b, err = os.ReadFile(filepath.Join("..", "..", "..", "analyzer", "report", "sarif", "testdata", "third_party", "sarif-2.1.0", "sarif-schema-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	sarif := compileSchema(t, b)
	return map[string]func([]byte, *report.Report) error{
		"json":  func(b []byte, _ *report.Report) error { return plan.Validate(parseJSON(t, b)) },
		"junit": reporttest.JUnit, "gitlab": reporttest.GitLab, "markdown": reporttest.Markdown,
		"sarif": func(b []byte, r *report.Report) error {
			if err := sarif.Validate(parseJSON(t, b)); err != nil {
				return err
			}
			return reporttest.SARIF(b, r, false)
		},
		"github": func(b []byte, r *report.Report) error {
			i := bytes.Index(b, []byte("\n::"))
			if i < 0 {
				return reporttest.Log(b)
			}
			if err := reporttest.Log(b[:i+1]); err != nil {
				return err
			}
			return reporttest.Annotations(b[i+1:], r)
		},
		"compact": func(b []byte, r *report.Report) error {
			if n := bytes.Count(b, []byte("\n")); n != len(r.Visible()) {
				return fmt.Errorf("%d lines, the report has %d findings", n, len(r.Visible()))
			}
			return nil
		},
	}
}

func compileSchema(t *testing.T, b []byte) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", parseJSON(t, b)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parseJSON(t *testing.T, b []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestEveryReportOfEveryModel renders the gate on every example and every fixture of every rule in every
// format, and reads each as its receiver does.
func TestEveryReportOfEveryModel(t *testing.T) {
	t.Setenv("GITHUB_OUTPUT", "")
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	read := receivers(t)
	a := &app{Streams: Streams{Out: io.Discard, Err: io.Discard}}
	a.global.asOf = "2026-11-22"
	n := 0
	for name, src := range models(t) {
		m, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: src}})
		if diags.HasErrors() {
			t.Errorf("%s: %v", name, diags)
			continue
		}
		ev, err := a.evaluateModel(t.Context(), m, config.Default(), selection{}, analyzer.Info, nil)
		if err != nil {
			continue // a model in which nothing is to be judged
		}
		n++
		r := ev.report(0)
		for _, f := range reportFormats() {
			if f.fixes == 0 {
				continue
			}
			var some, all bytes.Buffer
			if err := errors.Join(f.render(a, &outputs{}, false)(&some, ev.report(f.fixes)), f.render(a, &outputs{}, false)(&all, r)); err != nil {
				t.Fatalf("%s: %s: %v", name, f.name, err)
			}
			if some.String() != all.String() {
				t.Errorf("%s: %s prints more than the fixes of %d findings:\n%s", name, f.name, f.fixes, &all)
			}
		}
		r.Decide(report.GateOptions{FailOn: analyzer.Medium})
		for _, f := range reportFormats() {
			if f.name == "html" {
				continue // drawn from the system, and tested in a browser
			}
			var b bytes.Buffer
			if err := f.render(a, &outputs{}, false)(&b, r); err != nil {
				t.Fatalf("%s: %s: %v", name, f.name, err)
			}
			if check := read[f.name]; check != nil {
				if err := check(b.Bytes(), r); err != nil {
					t.Errorf("%s: %s: %v", name, f.name, err)
				}
			}
		}
	}
	if n < 300 {
		t.Errorf("%d models", n)
	}
}

// models are the examples and the sections of all fixtures, by name.
func models(t *testing.T) map[string][]byte {
	t.Helper()
	root := filepath.Join("..", "..", "..")
	out := map[string][]byte{}
	systems, err := filepath.Glob(filepath.Join(root, "examples", "*", "system.hcl"))
	if err != nil || len(systems) == 0 {
		t.Fatal("no examples", err)
	}
	for _, s := range systems {
		b, err := os.ReadFile(s)
		if err != nil {
			t.Fatal(err)
		}
		out[s] = b
	}
	files, err := filepath.Glob(filepath.Join(root, "policies", "testdata", "*", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var common []byte
		for _, s := range ar.Files {
			if s.Name == "common" {
				common = s.Data
				continue
			}
			out[filepath.Base(file)+": "+s.Name] = withSystem(append(bytes.Clone(s.Data), common...))
		}
	}
	return out
}

// withSystem adds the block that a model needs where a fixture leaves it out.
func withSystem(src []byte) []byte {
	if bytes.Contains(src, []byte(`system "`)) {
		return src
	}
	return append(src, "\nsystem \"s\" {}\n"...)
}
