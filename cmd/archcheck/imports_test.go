package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/archcheck/archcheck/"

// law is one row of the architecture: what a package may import of ours. A trailing /... covers the folder below.
type law struct {
	pkg   string
	allow []string
}

// laws is the one direction of imports. A package that no row names may import nothing of ours.
var laws = []law{
	{"cmd/archcheck", []string{"cmd/internal/cli"}},
	{"cmd/internal/...", []string{"cmd/internal/...", "dsl/...", "analyzer/...", "patterns"}},
	{"dsl", []string{"dsl/model", "dsl/source", "dsl/suggest"}},
	{"dsl/model", nil},
	{"dsl/suggest", nil},
	{"dsl/source", []string{"dsl/model"}},
	{"dsl/edit", []string{"dsl/model"}},
	{"dsl/importer/...", []string{"dsl/model", "dsl/source", "dsl/suggest", "dsl/importer/..."}},
	{"patterns", []string{"dsl/suggest"}},
	{"policies", nil},
	{"analyzer", []string{"dsl/model"}},
	{"analyzer/facts", []string{"dsl/model"}},
	{"analyzer/engine", []string{"analyzer", "analyzer/facts", "dsl/model", "dsl/suggest", "policies"}},
	{"analyzer/check", []string{"analyzer", "dsl/model", "dsl/suggest", "patterns"}},
	{"analyzer/plan", []string{"analyzer", "dsl/edit", "dsl/model"}},
	{"analyzer/drift", []string{"analyzer", "dsl/model", "dsl/suggest"}},
	{"analyzer/report", []string{"analyzer/facts", "analyzer/plan", "dsl/edit"}}, // beside what the next row allows
	{"analyzer/report/...", []string{"analyzer", "analyzer/drift", "analyzer/report/...", "dsl/model", "dsl/source"}},
	{"analyzer/diagram/...", []string{"analyzer", "analyzer/facts", "analyzer/report", "analyzer/diagram/...", "dsl/model", "dsl/source", "dsl/suggest"}},
}

// owners are dependencies that one room alone may import.
var owners = map[string]string{
	"github.com/open-policy-agent/opa":     "analyzer/engine",
	"github.com/awalterschulze/gographviz": "analyzer/diagram",
	"github.com/tetratelabs/wazero":        "analyzer/diagram/render",
	"github.com/spf13/cobra":               "cmd/internal/cli",
}

func TestImportsGoOneWay(t *testing.T) {
	eachFile(t, func(dir, file string, imports []string) {
		for _, imp := range imports {
			if ours, ok := strings.CutPrefix(imp, module); ok && !allowed(dir, ours) {
				t.Errorf("%s imports %s: package %s may not (see laws)", file, ours, dir)
			}
			for lib, owner := range owners {
				if strings.HasPrefix(imp, lib) && dir != owner {
					t.Errorf("%s imports %s, which only %s may", file, imp, owner)
				}
			}
			if imp == "net/http" || imp == "net" {
				t.Errorf("%s imports %s: archcheck works offline", file, imp)
			}
		}
	})
}

// TestLawsAreNeeded: a permission that no package uses is a door left open.
func TestLawsAreNeeded(t *testing.T) {
	used := map[[2]string]bool{}
	eachFile(t, func(dir, _ string, imports []string) {
		for _, imp := range imports {
			ours, ok := strings.CutPrefix(imp, module)
			if !ok {
				continue
			}
			for _, l := range laws {
				for _, a := range l.allow {
					if match(l.pkg, dir) && match(a, ours) {
						used[[2]string{l.pkg, a}] = true
					}
				}
			}
		}
	})
	for _, l := range laws {
		for _, a := range l.allow {
			if !used[[2]string{l.pkg, a}] {
				t.Errorf("%s may import %s and does not: close it", l.pkg, a)
			}
		}
	}
}

func allowed(dir, imp string) bool {
	for _, l := range laws {
		if !match(l.pkg, dir) {
			continue
		}
		for _, a := range l.allow {
			if match(a, imp) {
				return true
			}
		}
	}
	return false
}

func match(pattern, dir string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return dir == base || strings.HasPrefix(dir, base+"/")
	}
	return pattern == dir
}

// eachFile visits every Go file of the module that is no test and no generator.
func eachFile(t *testing.T, visit func(dir, file string, imports []string)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if name := d.Name(); rel != "." && (strings.HasPrefix(name, ".") || name == "testdata" || rel == "examples/patterns") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if strings.Contains(string(src), "//go:build ignore") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, s := range f.Imports {
			v, _ := strconv.Unquote(s.Path.Value)
			imports = append(imports, v)
		}
		visit(path.Dir(rel), rel, imports)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFilesAreSmall keeps files to one responsibility: 400 lines of Go, 250 of Rego.
func TestFilesAreSmall(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n != ".." && strings.HasPrefix(n, ".") || n == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		limit := map[string]int{".go": 400, ".rego": 250}[filepath.Ext(p)]
		if limit == 0 {
			return nil
		}
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if n := strings.Count(string(src), "\n"); n > limit {
			t.Errorf("%s has %d lines, the limit is %d: split it by responsibility", p, n, limit)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
