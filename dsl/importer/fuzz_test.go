package importer

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/model"
)

// FuzzImport reads any file as every kind: no panic, and whatever comes out is a description that can be read again.
func FuzzImport(f *testing.F) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, x := range a.Files {
			f.Add(string(x.Data))
		}
	}
	f.Add("services: {a: {ports: [{target: x}], links: [a, b], environment: [A], deploy: {replicas: -1}, depends_on: {a: }}}")
	f.Fuzz(func(t *testing.T, text string) {
		for _, k := range Kinds() {
			d := draft.New()
			d.Files = []model.File{{Name: "in.yaml", Bytes: []byte(text)}}
			k.read(d, d.Files)
			m := d.Build()
			for _, x := range d.Diags {
				if r := x.Range; int(r.End.Byte) > len(text) || r.Start.Byte > r.End.Byte {
					t.Fatalf("%s: %v lies outside the file", k.Name, r)
				}
			}
			if d.Diags.HasErrors() || len(d.Components) == 0 {
				continue
			}
			out := dsl.Print(m)
			if _, diags := dsl.Parse([]model.File{{Name: "out.hcl", Bytes: out}}); diags.HasErrors() {
				t.Fatalf("%s: %v\n%s", k.Name, diags, out)
			}
		}
	})
}

// TestLargeInput reads 20 MB of manifests.
func TestLargeInput(t *testing.T) {
	if testing.Short() {
		return
	}
	const one = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: svc-%N%, namespace: shop}\nspec:\n  replicas: 2\n  template:\n    metadata: {labels: {app: svc-%N%}}\n    spec:\n      containers:\n        - name: svc\n          image: shop/svc:1\n          env: [{name: NEXT_URL, value: \"http://svc-%M%:80\"}]\n---\napiVersion: v1\nkind: Service\nmetadata: {name: svc-%N%, namespace: shop}\nspec: {selector: {app: svc-%N%}, ports: [{port: 80}]}\n"
	var b strings.Builder
	filler := "# " + strings.Repeat("x", 9<<10) + "\n---\n"
	n := 0
	for ; b.Len() < 20<<20; n++ {
		b.WriteString(strings.NewReplacer("%N%", strconv.Itoa(n), "%M%", strconv.Itoa(n/2)).Replace(one))
		b.WriteString(filler)
	}
	file := filepath.Join(t.TempDir(), "all.yaml")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	r := Import([]Source{{Kind: "kubernetes", Paths: []string{file}}}, Options{})
	if r.Diags.HasErrors() {
		t.Fatal(r.Diags)
	}
	if len(r.Model.Services) != n {
		t.Errorf("%d services of %d", len(r.Model.Services), n)
	}
	for i, s := range r.Model.Services {
		if len(s.Calls) != min(i, 1) || s.Scale.V == nil || s.Scale.V.Replicas.V != 2 {
			t.Fatalf("%s lost facts: %d calls, scale %v", s.Addr, len(s.Calls), s.Scale.V)
		}
	}
}
