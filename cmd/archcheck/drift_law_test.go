package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestAnImportDoesNotDrift imports everything that the importers are tested with, and the published systems where they
// are at hand: an import differs from its own sources in nothing.
func TestAnImportDoesNotDrift(t *testing.T) {
	fixtures, err := filepath.Glob("../../dsl/importer/testdata/*.txtar")
	if err != nil || len(fixtures) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, f := range fixtures {
		a, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) {
			t.Chdir(t.TempDir())
			args := ""
			for _, part := range a.Files {
				switch part.Name {
				case "args":
					args = strings.TrimSpace(string(part.Data))
				case "want.hcl", "left", "diags":
				default:
					put(t, part.Name, string(part.Data))
				}
			}
			noDrift(t, args)
		})
	}
	root, err := filepath.Abs("../../../shared/cases")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(root); err != nil {
		t.Logf("the published systems are not beside the repository: %v", err)
		return
	}
	for _, c := range []string{
		"mm-sock-shop kubernetes k8s netpol", "mm-sock-shop compose compose.yaml", "mm-sock-shop kubernetes k8s netpol microtosca microtosca.yml",
		"mm-nginx-ingress kubernetes k8s", "ref-dsb-hotel compose compose.yaml kubernetes k8s", "ref-dsb-social compose compose.yaml appconfig service-config.json",
		"mse-yidongnan compose compose.yaml", "damp-micro-company compose compose.yaml", "mf-helloworld microtosca microtosca.yml",
		"mf-sockshop-istio microtosca microtosca.yml istio istio.yaml", "mf-unit-nogateway microtosca microtosca.yml",
	} {
		name, args, _ := strings.Cut(c, " ")
		t.Run(c, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, name))); err != nil {
				t.Fatal(err)
			}
			t.Chdir(dir)
			noDrift(t, args)
		})
	}
}

// noDrift imports sources and compares the result with them.
func noDrift(t *testing.T, args string) {
	t.Helper()
	sources := strings.Fields(args)
	hcl, errs, code := quietly(append([]string{"-q", "import", "--name", "shop"}, sources...)...)
	if code != 0 {
		if !strings.Contains(errs, "Nothing was imported.") {
			t.Fatalf("exit %d: %s", code, errs)
		}
		return // bad input, refused
	}
	put(t, "described/system.hcl", hcl)
	out, errs, code := quietly(append([]string{"-q", "drift", "described/system.hcl", "--all", "--from"}, sources...)...)
	if code != 0 || !strings.Contains(out, "No drift.") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if _, errs, code := quietly(append([]string{"-q", "drift", "described/system.hcl", "--update", "--prune", "--from"}, sources...)...); code != 0 || get(t, "described/system.hcl") != hcl {
		t.Errorf("--update changes an import: exit %d %s", code, errs)
	}
}
