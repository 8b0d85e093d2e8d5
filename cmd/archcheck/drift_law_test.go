package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
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

// TestDriftOfMutants takes lines out of a description, repeats them and changes their numbers. Whatever still loads can be
// compared; accepting everything leaves nothing to accept, or refuses and changes nothing.
func TestDriftOfMutants(t *testing.T) {
	driftFolder(t, "shop.txtar")
	base, _, _ := quietly("-q", "import", "kubernetes", "k8s", "istio", "mesh")
	tried := 0
	for seed := range uint64(mutants) {
		r := rand.New(rand.NewPCG(seed, 1))
		lines := strings.Split(base, "\n")
		for range 1 + r.IntN(4) {
			i := 5 + r.IntN(len(lines)-5)
			switch r.IntN(4) {
			case 0:
				lines = slices.Delete(lines, i, i+1)
			case 1: // a whole block
				if end := slices.IndexFunc(lines[i:], func(l string) bool { return strings.TrimSpace(l) == "}" }); end > 0 {
					lines = slices.Delete(lines, i, i+end+1)
				}
			case 2:
				lines[i] = strings.NewReplacer("2", "7", "3", "1", "true", "false", "rolling", "recreate", "strict", "permissive").Replace(lines[i])
			case 3:
				lines[i] = strings.Replace(lines[i], "service.payments", "datastore.orders-db", 1)
			}
		}
		mutant := strings.Join(lines, "\n")
		put(t, "system.hcl", mutant)
		if _, _, code := quietly("validate", "system.hcl"); code != 0 {
			continue
		}
		tried++
		if out, errs, code := quietly(append([]string{"drift", "--all"}, shopSources...)...); code != 0 {
			t.Errorf("seed %d: exit %d\n%s%s", seed, code, out, errs)
		}
		_, errs, code := quietly(append([]string{"-q", "drift", "--update", "--prune"}, shopSources...)...)
		if code != 0 {
			if get(t, "system.hcl") != mutant || !strings.Contains(errs, "Nothing was written.") {
				t.Errorf("seed %d: exit %d, and the file is changed: %s", seed, code, errs)
			}
			continue
		}
		out, _, _ := quietly(append([]string{"drift", "-o", "json"}, shopSources...)...)
		if strings.Contains(out, `"accept": "update"`) || strings.Contains(out, `"accept": "prune"`) {
			t.Errorf("seed %d: something is left to accept\n%s", seed, out)
		}
	}
	if tried < mutants/4 {
		t.Errorf("only %d mutants load", tried)
	}
}

// mutants is how many descriptions are tried; more find nothing that these do not.
const mutants = 60
