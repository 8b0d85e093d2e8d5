package importer

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Two files of one folder that show the same workload are two ways to run the system: the larger one is read. What shows
// none of them stays with it, and an Application of Argo CD is no rollout.
func TestDetectTellsVariantsApart(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, objects ...string) {
		t.Helper()
		var b strings.Builder
		for _, o := range objects {
			kind, of, _ := strings.Cut(o, " ")
			version := map[string]string{"Deployment": "apps/v1", "Service": "v1", "Application": "argoproj.io/v1alpha1"}[kind]
			fmt.Fprintf(&b, "---\napiVersion: %s\nkind: %s\nmetadata: {name: %s}\n", version, kind, of)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("all.yaml", "Deployment front", "Deployment orders", "Deployment admin", "Service front")
	write("quickstart.yaml", "Deployment front", "Deployment orders")
	write("tiny.yaml", "Deployment front")
	write("extra.yaml", "Deployment mail")
	write("services.yaml", "Service orders")
	write("argocd/app.yaml", "Application shop")
	f, err := Detect(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Sources) != 1 || f.Sources[0].Kind != "kubernetes" || !slices.Equal(f.Sources[0].Paths, []string{"all.yaml", "extra.yaml", "services.yaml"}) {
		t.Errorf("sources %v", f.Sources)
	}
	var others []string
	for _, o := range f.Others {
		others = append(others, strings.Join(o.Paths, " "))
	}
	if !slices.Equal(others, []string{"quickstart.yaml", "tiny.yaml"}) {
		t.Errorf("others %q", others)
	}
}
