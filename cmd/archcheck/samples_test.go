package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/archcheck/archcheck/analyzer/facts"
)

// TestFactsMatchTheirSamples: policies/examples has one document of every kind to write rules against, as
// `opa eval -b policies -i policies/examples/call/data.json` takes it. Each follows its schema as it is now; -update
// takes them anew from the examples, and from fixtures what no example has.
func TestFactsMatchTheirSamples(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	if *update {
		writeSamples(t)
	}
	for _, kind := range facts.Kinds() {
		b, err := os.ReadFile(filepath.Join("policies", "examples", kind, "data.json"))
		if err != nil {
			t.Errorf("%v: go test ./cmd/archcheck -run FactsMatch -update writes it", err)
			continue
		}
		schema, err := json.Marshal(facts.Schema(kind))
		if err != nil {
			t.Fatal(err)
		}
		if err := compile(t, schema).Validate(instance(t, b)); err != nil {
			t.Errorf("the sample of %s: %v", kind, err)
		}
		var head struct{ Kind, Addr string }
		if err := json.Unmarshal(b, &head); err != nil || head.Kind != kind || head.Addr == "" {
			t.Errorf("the sample of %s is one of %s (%v)", kind, head.Kind, err)
		}
	}
	if dirs, _ := os.ReadDir(filepath.Join("policies", "examples")); len(dirs) != len(facts.Kinds()) {
		t.Errorf("policies/examples has %d folders for %d kinds", len(dirs), len(facts.Kinds()))
	}
}

func writeSamples(t *testing.T) {
	t.Helper()
	found := map[string]bool{}
	take := func(file string) {
		r := command(t, "facts", "--as-of", "2026-11-22", "-o", "json", file)
		var all struct{ Subjects []json.RawMessage }
		if r.code != 0 || json.Unmarshal([]byte(r.out), &all) != nil {
			return // a fixture without a system of its own
		}
		for _, doc := range all.Subjects {
			var head struct{ Kind string }
			if json.Unmarshal(doc, &head) != nil || found[head.Kind] {
				continue
			}
			found[head.Kind] = true
			var b bytes.Buffer
			if err := json.Indent(&b, doc, "", "  "); err != nil {
				t.Fatal(err)
			}
			b.WriteByte('\n')
			dir := filepath.Join("policies", "examples", head.Kind)
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "data.json"), b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	systems, _ := filepath.Glob("examples/*/system.hcl")
	take(filepath.Join("examples", "shop", "system.hcl")) // it has most
	for _, s := range systems {
		take(s)
	}
	fixtures, _ := filepath.Glob("policies/testdata/*/*.txtar")
	for _, f := range fixtures {
		if len(found) == len(facts.Kinds()) {
			return
		}
		ar, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var common []byte
		for _, s := range ar.Files {
			if s.Name == "common" {
				common = s.Data
			}
			src := slices.Concat(s.Data, common)
			if !bytes.Contains(src, []byte("system \"")) {
				src = append(src, "\nsystem \"s\" {}\n"...)
			}
			file := filepath.Join(t.TempDir(), "system.hcl")
			if err := os.WriteFile(file, src, 0o644); err != nil {
				t.Fatal(err)
			}
			take(file)
		}
	}
}
