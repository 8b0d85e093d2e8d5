package dsl

import (
	"os"
	"testing"

	"github.com/archcheck/archcheck/dsl/source"
)

func TestExample(t *testing.T) {
	m, diags := Load([]string{"../examples/shop"}, Options{})
	if len(diags) > 0 {
		source.WriteDiagnostics(os.Stderr, diags, m.Files, source.Style{})
		t.Fatal("the example does not load")
	}
	if m.System.Addr != "system.shop" || len(m.Services) != 6 || len(m.Meshes[0].Members.V) != 4 {
		t.Errorf("got %s with %d services", m.System.Addr, len(m.Services))
	}
}
