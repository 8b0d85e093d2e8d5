package dsl

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReferenceIsFresh holds the published reference to the table.
func TestReferenceIsFresh(t *testing.T) {
	got, err := os.ReadFile("REFERENCE.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), string(ReferenceMarkdown())); diff != "" {
		t.Errorf("REFERENCE.md is stale: run go generate ./dsl\n%s", diff)
	}
}

func TestReferenceJSON(t *testing.T) {
	var doc struct {
		Blocks, Objects []struct {
			Name      string
			Arguments []struct{ Name, Type, Class string }
		}
	}
	if err := json.Unmarshal(ReferenceJSON(), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Blocks) != 24 || len(doc.Objects) != len(Schema().Objects) {
		t.Fatalf("%d blocks, %d objects", len(doc.Blocks), len(doc.Objects))
	}
	for _, b := range append(doc.Blocks, doc.Objects...) {
		for _, a := range b.Arguments {
			if a.Name == "" || a.Type == "" || a.Class == "" {
				t.Errorf("%s.%s is incomplete: %+v", b.Name, a.Name, a)
			}
		}
	}
}
