package dsl

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
	"github.com/archcheck/archcheck/dsl/suggest"
)

func TestExamplesLoad(t *testing.T) {
	dirs, err := filepath.Glob("../examples/*/system.hcl")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range dirs {
		m, diags := Load([]string{filepath.Dir(file)}, Options{})
		if len(diags) > 0 {
			source.WriteDiagnostics(os.Stderr, diags, m.Files, source.Style{})
			t.Errorf("%s does not load cleanly", file)
		}
	}
}

// TestExample counts what the complete example declares; the numbers are read off the file.
func TestExample(t *testing.T) {
	m, _ := Load([]string{"../examples/shop"}, Options{})
	calls := 0
	m.Each(func(e model.Entity) {
		if e.Self().Kind == model.KindCall {
			calls++
		}
	})
	got := []int{len(m.Clients), len(m.Gateways), len(m.Services), len(m.Datastores), calls, len(m.Transactions[0].Steps), len(m.Meshes[0].Members.V)}
	if want := []int{2, 2, 6, 3, 14, 2, 4}; !reflect.DeepEqual(got, want) {
		t.Errorf("clients, gateways, services, datastores, calls, steps, members: got %v, want %v", got, want)
	}
	charge := m.Lookup("service.orders.call.charge").(*model.Call)
	if r := charge.Timeout.Range(); r.Start.Line != 72 || charge.Timeout.Text() != "600ms" || charge.Parent != "service.orders" {
		t.Errorf("charge.timeout is %q at line %d", charge.Timeout.Text(), r.Start.Line)
	}
}

func parseOne(src string) (*model.Model, source.Diagnostics) {
	return Parse([]model.File{{Name: "system.hcl", Bytes: []byte(src)}})
}

// TestEncodings: what editors write is read; what is no text is refused with the offending byte.
func TestEncodings(t *testing.T) {
	plain := "system \"s\" {\n  team = \"é漢\"\n  region = \"x\"\n}\n"
	for name, src := range map[string]string{"plain": plain, "BOM": "\ufeff" + plain, "CRLF": strings.ReplaceAll(plain, "\n", "\r\n")} {
		m, diags := parseOne(src)
		if len(diags) > 0 {
			t.Fatalf("%s: %v", name, diags)
		}
		f := source.New("system.hcl", []byte(src))
		if got := f.Text(m.System.Team.Range()); got != `"é漢"` {
			t.Errorf("%s: the range of team holds %q", name, got)
		}
		if r := m.System.Region.Range(); r.Start.Line != 3 || r.Start.Column != 12 {
			t.Errorf("%s: region is at %d:%d", name, r.Start.Line, r.Start.Column)
		}
	}
	for src, want := range map[string]string{
		"system \"\xff\" {}":                             "Byte 8 (0xff)",
		"\xff\xfes\x00y\x00":                             "is zero",
		"system \"s\" {\x00}":                            "Byte 12 is zero",
		"":                                               "holds no block",
		"# nothing but a comment\n":                      "holds no block",
		"service \"a\" {}":                               "Missing system block",
		strings.Repeat("a = [", 10000):                   "Nested too deeply",
		"a = " + strings.Repeat("-", 1e6) + "1":          "Nested too deeply",
		"a = " + strings.Repeat("!(", 10000):             "Nested too deeply",
		"a = \"" + strings.Repeat("${\"", 10000):         "Nested too deeply",
		"a = " + strings.Repeat("x ? y : ", 10000) + "z": "Nested too deeply",
		"a = <<E\n" + strings.Repeat("%{ if x }", 10000) + "\nE\n": "Nested too deeply",
		"# }}}}}}\n" + strings.Repeat("a {\n# }\n", 10000):         "Nested too deeply",
		"a = \"}}}\"\n/* }} */" + strings.Repeat("a {\n", 200):     "Nested too deeply",
		"a = \"" + strings.Repeat("\\\"{", 200) + "\"\n" + "b = 1": "outside a block",
	} {
		_, diags := parseOne(src)
		if !diags.HasErrors() || !strings.Contains(diags.Error(), want) {
			t.Errorf("%.40q: got %.200v, want %q", src, diags, want)
		}
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return p
	}
	a, b := write("m/a.hcl", `system "s" {}`), write("m/b.hcl", `service "b" {}`)
	write("m/x.pkr.hcl", "broken")
	write("m/y.nomad.hcl", "broken")
	write("m/sub/c.hcl", "broken")
	var skipped []string
	m, diags := Load([]string{filepath.Join(dir, "m")}, Options{Skipped: func(n string) { skipped = append(skipped, filepath.Base(n)) }})
	if len(diags) > 0 || len(m.Files) != 2 || fmt.Sprint(skipped) != "[x.pkr.hcl y.nomad.hcl]" {
		t.Errorf("directory: %v, %d files, skipped %v", diags, len(m.Files), skipped)
	}
	if m, diags := Load([]string{b, a, b, "-"}, Options{Stdin: strings.NewReader(`service "c" {}`)}); len(diags) > 0 || len(m.Services) != 2 || len(m.Files) != 3 {
		t.Errorf("several files, one twice, and standard input: %v, %d services", diags, len(m.Services))
	}
	if _, diags := Load([]string{a, filepath.Join(dir, "none.hcl")}, Options{}); !strings.Contains(diags.Error(), "File not found") {
		t.Errorf("missing file: %v", diags)
	}
	if _, diags := Load([]string{"-"}, Options{Stdin: &endless{}}); !strings.Contains(diags.Error(), "at most 32 MiB") {
		t.Errorf("endless input: %v", diags)
	}
	third := bytes.Repeat([]byte("#"), MaxModel/3+1)
	for i := range 3 {
		write(fmt.Sprintf("big/%d.hcl", i), string(third))
	}
	if _, diags := Load([]string{filepath.Join(dir, "big")}, Options{}); !strings.Contains(diags.Error(), "at most 64 MiB together") {
		t.Errorf("large model: %.200v", diags)
	}
}

type endless struct{}

func (*endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '#'
	}
	return len(p), nil
}

// TestNearest has the suggestions' distance rule: a third of the length, a swap of neighbours counting once.
func TestNearest(t *testing.T) {
	for _, c := range []struct{ word, want string }{
		{"tiemout", "timeout"}, {"timeuot", "timeout"}, {"deadlin", "deadline"}, {"xyz", ""}, {"too", "to"}, {"timeout", ""}, {"TIMEOUTS", "timeout"},
	} {
		if got := suggest.Nearest(c.word, []string{"deadline", "timeout", "to"}); got != c.want {
			t.Errorf("%s: got %q, want %q", c.word, got, c.want)
		}
	}
}

// FuzzLoad: no input panics, every range lies inside its file, and the same input gives the same diagnostics.
func FuzzLoad(f *testing.F) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range append(archives, "../examples/shop/system.hcl") {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("system \"s\" {}\nservice \"a\" { scale = { replicas : 1e999, \"zones\" = -0 } }\n"))
	f.Add([]byte("waiver \"x\" {\nsubject = a.b[0].*.c\n}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		files := []model.File{{Name: "a.hcl", Bytes: b}}
		m, diags := Parse(files)
		inside := func(r model.Range, what string) {
			if r.File != "" && (r.Start.Byte < 0 || r.End.Byte < r.Start.Byte || int(r.End.Byte) > len(b)) {
				t.Fatalf("%s: range %+v of a file of %d bytes", what, r, len(b))
			}
		}
		for _, d := range diags {
			inside(d.Range, d.Summary)
		}
		m.Each(func(e model.Entity) { inside(e.Self().Decl, "declaration"); inside(e.Self().Body, "block") })
		var out bytes.Buffer
		if err := source.WriteDiagnostics(&out, diags, m.Files, source.Style{}); err != nil {
			t.Fatal(err)
		}
		if _, again := Parse(files); again.Error() != diags.Error() {
			t.Fatalf("two runs differ:\n%v\n%v", diags, again)
		}
		if formatted, bad := Format("a.hcl", b); len(diags) == 0 && bad == nil {
			m2, diags2 := Parse([]model.File{{Name: "a.hcl", Bytes: formatted}})
			if len(diags2) > 0 || facts(m) != facts(m2) {
				t.Fatalf("formatting changed the model: %v", diags2)
			}
		}
	})
}

// large is a system of so many services with five calls each.
func large(services int) []byte {
	var b bytes.Buffer
	b.WriteString("system \"large\" {}\n")
	for i := range services {
		fmt.Fprintf(&b, "service \"s%d\" {\n  scale   = { replicas = 3, zones = 3, capacity = 200 }\n  latency = { p50 = \"15ms\", p99 = \"90ms\" }\n", i)
		for j := range 5 {
			fmt.Fprintf(&b, "  call \"c%d\" {\n    to      = service.s%d\n    timeout = \"250ms\"\n    retry   = { max_attempts = 2 }\n  }\n", j, (i+j+1)%services)
		}
		b.WriteString("}\n")
	}
	return b.Bytes()
}

// BenchmarkParseConfig is HCL's parser alone: the floor of BenchmarkParse.
func BenchmarkParseConfig(b *testing.B) {
	src := large(1000)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		hclsyntax.ParseConfig(src, "a.hcl", hcl.InitialPos)
	}
}

func BenchmarkParse(b *testing.B) {
	src := large(1000)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, diags := Parse([]model.File{{Name: "a.hcl", Bytes: src}}); len(diags) > 0 {
			b.Fatal(diags)
		}
	}
}
