//go:build e2e

package render_test

import (
	"context"
	"os"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram/render"
)

// An installed Graphviz draws the same parts, and its SVG can be dressed.
func TestInstalledGraphviz(t *testing.T) {
	dot, err := os.ReadFile("testdata/parts.dot")
	if err != nil {
		t.Fatal(err)
	}
	r, err := render.New(context.Background(), render.Options{Dot: "dot"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	svg, err := r.SVG(context.Background(), dot, "")
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, e := range elements(t, dress(t, svg, render.Caption{Title: "parts"})) {
		ids[e.attr["id"]] = true
	}
	for _, id := range []string{"client.app", "system.parts", "service.one", "service.one.use.write", "broker.bus", "registry.names"} {
		if !ids[id] {
			t.Errorf("%s is not drawn", id)
		}
	}
	if _, err := r.SVG(context.Background(), []byte("digraph { a -> "), ""); err == nil {
		t.Error("a syntax error is drawn")
	} else {
		t.Log(err)
	}
}
