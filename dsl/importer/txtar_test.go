package importer

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

// TestImport imports the sources of every archive in testdata as its `args` say, and compares the description with
// `want.hcl`, what was left out with `left`, and the problems with `diags`. Every description is then read again: it
// must say the same.
func TestImport(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	update := os.Getenv("UPDATE_IMPORTS") != ""
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			home, err := filepath.Abs(name)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			want := map[string]string{}
			var kept []txtar.File
			for _, f := range a.Files {
				switch f.Name {
				case "args", "want.hcl", "left", "diags":
					want[f.Name] = string(f.Data)
					if f.Name == "args" {
						kept = append(kept, f)
					}
					continue
				}
				kept = append(kept, f)
				data := f.Data
				if strings.HasPrefix(filepath.Base(f.Name), "crlf") {
					data = []byte(strings.ReplaceAll(string(data), "\n", "\r\n"))
				}
				if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(f.Name)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, f.Name), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			t.Chdir(dir)
			r := Import(sourcesIn(want["args"]), Options{Name: "shop", Beside: os.ReadFile})
			got := map[string]string{"left": lines(r.Left)}
			var problems []string
			for _, d := range r.Diags {
				problems = append(problems, d.Severity.String()+": "+d.Error())
			}
			got["diags"] = lines(problems)
			if !r.Diags.HasErrors() {
				got["want.hcl"] = string(dsl.Print(r.Model))
				sameWhenRead(t, r.Model)
			}
			for _, part := range []string{"want.hcl", "left", "diags"} {
				if update {
					if got[part] != "" {
						kept = append(kept, txtar.File{Name: part, Data: []byte(got[part])})
					}
				} else if diff := cmp.Diff(want[part], got[part]); diff != "" {
					t.Errorf("%s (-want +got)\n%s", part, diff)
				}
			}
			if update {
				if err := os.WriteFile(home, txtar.Format(&txtar.Archive{Comment: a.Comment, Files: kept}), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func lines(l []string) string {
	if len(l) == 0 {
		return ""
	}
	return strings.Join(l, "\n") + "\n"
}

// sourcesIn splits arguments as the command line does.
func sourcesIn(args string) []Source {
	var out []Source
	for _, a := range strings.Fields(args) {
		if _, ok := Find(a); ok {
			out = append(out, Source{Kind: a})
		} else {
			out[len(out)-1].Paths = append(out[len(out)-1].Paths, a)
		}
	}
	return out
}

// sameWhenRead checks that the language reads back what was imported: no problem, and the same facts.
func sameWhenRead(t *testing.T, m *model.Model) {
	t.Helper()
	text := dsl.Print(m)
	again, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: text}})
	if len(diags) > 0 {
		t.Fatalf("%v\n%s", diags, text)
	}
	m.Each(func(e model.Entity) { forget(reflect.ValueOf(e).Elem()) })
	if diff := cmp.Diff(string(dsl.Print(m)), string(dsl.Print(again))); diff != "" {
		t.Errorf("imported and read again differ (-imported +read)\n%s", diff)
	}
}

// forget drops the comments, which are never read back.
func forget(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if o, ok := v.Interface().(*model.Origin); ok {
			if o != nil {
				o.Comment = ""
			}
		} else if !v.IsNil() {
			forget(v.Elem())
		}
	case reflect.Struct:
		if b, ok := v.Addr().Interface().(*model.Block); ok {
			b.Comment = ""
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				forget(v.Field(i))
			}
		}
	}
}
