package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
	"github.com/archcheck/archcheck/cmd/internal/cli"
)

// pictures are what the README and the examples show of shop, each with the command that draws it; "-" is where the
// command is told to write.
var pictures = []struct{ file, command string }{
	{"docs/pictures/shop-findings.svg", "graph --view findings -o svg=- examples/shop/system.hcl"},
	{"docs/pictures/shop-journey.svg", "graph --view journey=web.api/checkout -o svg=- examples/shop/system.hcl"},
	{"docs/pictures/shop-failure.svg", "graph --view failure -o svg=- examples/shop/system.hcl"},
	{"examples/shop/report.html", "report --html - examples/shop/system.hcl"},
}

// TestExamplesPictures holds the pictures in the README and the report of shop to what is drawn now; -update, which
// `go generate ./cmd/archcheck` runs, draws them anew.
func TestExamplesPictures(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	t.Setenv("XDG_CACHE_HOME", rendertest.CacheHome(t))
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pictures {
		var out, errs bytes.Buffer
		args := append([]string{"-q", "--as-of", "2026-11-22"}, strings.Fields(p.command)...)
		if code := cli.Main(args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}); code != cli.ExitOK || errs.Len() > 0 {
			t.Fatalf("%s: exit %d: %s", p.command, code, errs.String())
		}
		if !bytes.Contains(readme, []byte("("+p.file+")")) {
			t.Errorf("the README does not show %s", p.file)
		}
		if *update {
			if err := os.MkdirAll(filepath.Dir(p.file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(p.file, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		recorded, err := os.ReadFile(p.file)
		if err != nil || !bytes.Equal(recorded, out.Bytes()) {
			t.Errorf("%s is not what is drawn now (%v): go generate ./cmd/archcheck draws it anew", p.file, err)
		}
	}
}
