package dsl

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

// TestLanguage runs every archive of testdata: its *.hcl files are one model; `want` holds the diagnostics, one a line,
// or, where there are none, every written fact with its value, state and range. `text` holds the diagnostics as users
// see them.
func TestLanguage(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(raw, []byte("\n")); n > 60 {
				t.Errorf("%d lines: split it", n)
			}
			ar := txtar.Parse(raw)
			var files []model.File
			want, text := -1, false
			for i, f := range ar.Files {
				if strings.HasSuffix(f.Name, ".hcl") {
					files = append(files, model.File{Name: f.Name, Bytes: f.Data})
				} else if f.Name == "want" || f.Name == "text" {
					want, text = i, f.Name == "text"
				}
			}
			if want < 0 {
				t.Fatal("no file want")
			}
			m, diags := Parse(files)
			var got bytes.Buffer
			if len(diags) > 0 && !text {
				for _, d := range diags {
					fmt.Fprintf(&got, "%s %s|%s: %s\n", place(d.Range), d.Context, d.Summary, d.Detail)
				}
			} else if len(diags) > 0 {
				if err := source.WriteDiagnostics(&got, diags, m.Files, source.Style{}); err != nil {
					t.Fatal(err)
				}
			} else {
				describe(&got, m)
			}
			if *update {
				ar.Files[want].Data = got.Bytes()
				if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(ar.Files[want].Data), got.String()); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// describe lists every declared thing and every fact that somebody wrote on it.
func describe(b *bytes.Buffer, m *model.Model) {
	m.Each(func(e model.Entity) {
		s := e.Self()
		fmt.Fprintf(b, "%s %s\n", s.Addr, place(s.Decl))
		written(b, "  ", plans().blocks[s.Kind], reflect.ValueOf(e).Elem())
	})
}

func place(r model.Range) string {
	return fmt.Sprintf("%s:%d:%d-%d:%d", r.File, r.Start.Line, r.Start.Column, r.End.Line, r.End.Column)
}

func written(b *bytes.Buffer, indent string, p *plan, v reflect.Value) {
	for i := range p.fields {
		f := &p.fields[i]
		fv := v.FieldByIndex(f.index)
		if !fv.Field(2).Bool() {
			continue
		}
		st, o := model.State(fv.Field(1).Uint()), fv.Field(3).Interface().(*model.Origin)
		fmt.Fprintf(b, "%s%s %s", indent, f.attr.Name, st)
		if f.elem != nil && st.HasValue() {
			fmt.Fprintf(b, " %s\n", place(o.Range))
			written(b, indent+"  ", f.elem, fv.Field(0).Elem())
			continue
		}
		if st.HasValue() {
			fmt.Fprintf(b, " %v", fv.Field(0).Interface())
		}
		fmt.Fprintf(b, " [%s] %s\n", strings.Join(strings.Fields(o.Text), " "), place(o.Range))
	}
}
