package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/cmd/internal/cli"
)

// run runs the command and returns its standard output.
func run(t *testing.T, want int, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	if code := cli.Main(args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}); code != want {
		t.Fatalf("%v: exit %d, want %d: %s", args, code, want, errs.String())
	}
	return out.Bytes()
}

func compile(t *testing.T, doc []byte) *jsonschema.Schema {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", v); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func instance(t *testing.T, doc []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestPlanMatchesItsSchema validates the JSON of every example against the published schema.
func TestPlanMatchesItsSchema(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	schema := compile(t, run(t, 0, "schema", "plan"))
	systems, err := filepath.Glob("examples/*/system.hcl")
	if err != nil || len(systems) == 0 {
		t.Fatal("no examples", err)
	}
	for _, s := range systems {
		if err := schema.Validate(instance(t, run(t, 0, "plan", "-o", "json", s))); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	var broken map[string]any
	if err := json.Unmarshal(run(t, 0, "plan", "-o", "json", systems[0]), &broken); err != nil {
		t.Fatal(err)
	}
	broken["findings"] = nil
	b, err := json.Marshal(broken)
	if err != nil {
		t.Fatal(err)
	}
	if schema.Validate(instance(t, b)) == nil {
		t.Error("the schema accepts findings that are null")
	}
}

// TestFactsMatchTheirSchemas validates every document of every example, and keeps policies/schema to what the Go types
// say (-update writes it).
func TestFactsMatchTheirSchemas(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	schemas := map[string]*jsonschema.Schema{}
	for _, kind := range facts.Kinds() {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(facts.Schema(kind)); err != nil {
			t.Fatal(err)
		}
		schemas[kind] = compile(t, b.Bytes())
		recorded(t, filepath.Join("policies", "schema", kind+".json"), b.String())
	}
	systems, _ := filepath.Glob("examples/*/system.hcl")
	for _, s := range systems {
		var all struct {
			Subjects []json.RawMessage `json:"subjects"`
		}
		if err := json.Unmarshal(run(t, 0, "facts", "-o", "json", s), &all); err != nil {
			t.Fatal(err)
		}
		for _, doc := range all.Subjects {
			var head struct{ Kind, Addr string }
			if err := json.Unmarshal(doc, &head); err != nil {
				t.Fatal(err)
			}
			if err := schemas[head.Kind].Validate(instance(t, doc)); err != nil {
				t.Errorf("%s: %s %s: %v", s, head.Kind, head.Addr, err)
			}
		}
	}
	if files, _ := os.ReadDir(filepath.Join("policies", "schema")); len(files) != len(facts.Kinds()) {
		t.Errorf("policies/schema has %d files for %d kinds", len(files), len(facts.Kinds()))
	}
}
