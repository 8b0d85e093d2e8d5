package render_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/archcheck/archcheck/analyzer/diagram/render"
	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
)

const small = `digraph {
  "service.orders" [id="service.orders"];
  "service.orders" -> "service.payments" [id="service.orders.call.charge", label="charge"];
}`

// parse reads the SVG as strict XML and returns the text of every element by
// the id of the group around it.
func parse(t testing.TB, svg []byte) map[string][]string {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(svg))
	dec.Strict = true
	texts := map[string][]string{}
	var ids []string
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatalf("not well-formed XML: %v\n%s", err, svg)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			id := ""
			if len(ids) > 0 {
				id = ids[len(ids)-1]
			}
			for _, a := range tok.Attr {
				if a.Name.Local == "id" {
					id = a.Value
				}
			}
			ids = append(ids, id)
			if _, ok := texts[id]; !ok {
				texts[id] = nil
			}
		case xml.EndElement:
			ids = ids[:len(ids)-1]
		case xml.CharData:
			if s := strings.TrimSpace(string(tok)); s != "" {
				id := ids[len(ids)-1]
				texts[id] = append(texts[id], s)
			}
		}
	}
}

func TestSVGHoldsEveryElement(t *testing.T) {
	for _, engine := range []string{"", "dot", "neato", "fdp", "circo"} {
		svg, err := rendertest.Renderer(t).SVG(context.Background(), []byte(small), engine)
		if err != nil {
			t.Fatalf("engine %q: %v", engine, err)
		}
		texts := parse(t, svg)
		for id, want := range map[string]string{
			"service.orders":             "service.orders",
			"node2":                      "service.payments",
			"service.orders.call.charge": "charge",
		} {
			if !strings.Contains(strings.Join(texts[id], "\n"), want) {
				t.Errorf("engine %q: %s holds %q, want %q among them", engine, id, texts[id], want)
			}
		}
	}
}

func TestGraphvizErrors(t *testing.T) {
	for name, tc := range map[string]struct{ dot, want string }{
		"syntax":      {"digraph { a -> ", "syntax error in line 1"},
		"line":        {"digraph {\n a;\n b c ->;\n}", "syntax error in line 3"},
		"label":       {`digraph { a [label=<<b>>] }`, "in label of node a"},
		"empty label": {`digraph { a [label=<<FONT></FONT>>] }`, "syntax error"},
	} {
		t.Run(name, func(t *testing.T) {
			svg, err := rendertest.Renderer(t).SVG(context.Background(), []byte(tc.dot), "")
			var refused *render.Error
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want Graphviz's own with %q", err, tc.want)
			}
			if svg != nil {
				t.Errorf("an SVG came with the error:\n%s", svg)
			}
		})
	}
}

func TestRefusedInput(t *testing.T) {
	r := rendertest.Renderer(t)
	for name, tc := range map[string]struct{ dot, engine, want string }{
		"no graph": {"", "", "holds no graph"},
		"nul":      {"digraph { a }\x00", "", "NUL byte at offset 13"},
		"engine":   {small, "ortho", `unknown layout engine "ortho" (known: circo, dot,`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := r.SVG(context.Background(), []byte(tc.dot), tc.engine); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want %q", err, tc.want)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	_, warnings, err := rendertest.Renderer(t).Layout(context.Background(), []byte(`digraph { a [shape=nonesuch]; b [label="é"] }`), "")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(warnings, "\n")
	want := "using box for unknown shape nonesuch\n" +
		"no value for width of non-ASCII character 195. Falling back to width of space character"
	if got != want {
		t.Errorf("warnings:\n%s\nwant:\n%s", got, want)
	}
}

// A DOT that names files must learn nothing about the machine.
func TestNoFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret.svg")
	if err := os.WriteFile(file, []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`), 0o600); err != nil {
		t.Fatal(err)
	}
	svg, err := rendertest.Renderer(t).SVG(context.Background(), fmt.Appendf(nil, "digraph { a [shape=none, image=%q] }", file), "")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(svg, []byte("<image")) {
		t.Errorf("a file was read:\n%s", svg)
	}
}

func TestHostileText(t *testing.T) {
	for name, text := range map[string]string{
		"script":        `<script>alert(1)</script>`,
		"quote":         `a"b`,
		"cdata":         `x]]>y`,
		"newline":       "a\nb",
		"long":          strings.Repeat("n", 200),
		"right to left": "שלום‮abc",
		"emoji":         "🚀 e\u0301",
		"control":       "bell\x07esc\x1b",
		"not UTF-8":     "bad\xff\xfe",
		"reference":     "&#1;&#x1F;&bogus;&amp;",
		"noncharacter":  "\uFFFE\uFFFF",
		"comment":       "--> <!-- --",
	} {
		t.Run(name, func(t *testing.T) {
			quoted := `"` + strings.ReplaceAll(text, `"`, `\"`) + `"`
			dot := fmt.Sprintf("digraph { n [id=part, label=%s]; %s -> n [label=%s] }", quoted, quoted, quoted)
			svg, err := rendertest.Renderer(t).SVG(context.Background(), []byte(dot), "")
			if err != nil {
				t.Fatal(err)
			}
			parse(t, svg)
			if bytes.Contains(svg, []byte("<script")) {
				t.Error("text became an element")
			}
		})
	}
}

func TestSameBytes(t *testing.T) {
	want := rendertest.SVG(t, []byte(small))
	other, err := render.New(context.Background(), render.Options{CacheDir: rendertest.CacheDir(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for range 3 {
		got, err := other.SVG(context.Background(), []byte(small), "")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("another renderer drew\n%s\nfirst was\n%s", got, want)
		}
	}
}

func TestParallelLayouts(t *testing.T) {
	r := rendertest.Renderer(t)
	want := rendertest.SVG(t, []byte(small))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			dot := small
			if i%2 == 1 {
				dot = "digraph { broken -> "
			}
			got, err := r.SVG(context.Background(), []byte(dot), "")
			switch {
			case i%2 == 1 && err == nil:
				t.Error("the broken graph was drawn")
			case i%2 == 0 && (err != nil || !bytes.Equal(got, want)):
				t.Errorf("layout differs beside others: %v", err)
			}
		})
	}
	wg.Wait()
}

func TestCancelLayout(t *testing.T) {
	r := rendertest.Renderer(t)
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.SVG(done, []byte(small), ""); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that is done gives %v", err)
	}

	// Some 900 nodes keep dot busy for many seconds.
	ctx, stop := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer stop()
	begin := time.Now()
	_, err := r.SVG(ctx, mesh(900), "")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a long layout gives %v", err)
	}
	if d := time.Since(begin); d > 3*time.Second {
		t.Errorf("stopping took %v", d)
	}
	if _, err := r.SVG(context.Background(), []byte(small), ""); err != nil {
		t.Errorf("the renderer is of no use after a cancelled layout: %v", err)
	}
}

func TestClose(t *testing.T) {
	r, err := render.New(context.Background(), render.Options{CacheDir: rendertest.CacheDir(t)})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := r.SVG(context.Background(), []byte(small), ""); !errors.Is(err, render.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestInstalledDot(t *testing.T) {
	if _, err := render.New(context.Background(), render.Options{Dot: "no-such-dot"}); err == nil || !strings.Contains(err.Error(), `"no-such-dot"`) {
		t.Errorf("an unknown program gives %v", err)
	}
	if runtime.GOOS == "windows" {
		return // the stand-ins below are shell scripts
	}
	script := func(body string) string {
		path := filepath.Join(t.TempDir(), "dot")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, tc := range map[string]struct{ body, svg, err string }{
		"drawn":   {`echo "<svg>$1 $2 $(cat | wc -l)</svg>"`, "<svg>-Kneato -Tsvg 3</svg>\n", ""},
		"refused": {"echo 'Error: <stdin>: syntax error in line 1' >&2; exit 1", "", "Graphviz: <stdin>: syntax error in line 1"},
		"failed":  {"exit 3", "", "exit status 3"},
		"silent":  {"exit 0", "", "drew nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := render.New(context.Background(), render.Options{Dot: script(tc.body)})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			svg, err := r.SVG(context.Background(), []byte(small), "neato")
			if tc.err == "" && (err != nil || string(svg) != tc.svg) || tc.err != "" && (err == nil || !strings.Contains(err.Error(), tc.err)) {
				t.Errorf("got %q, %v", svg, err)
			}
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		r, err := render.New(context.Background(), render.Options{Dot: script("exec sleep 20")})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer stop()
		if _, err := r.SVG(ctx, []byte(small), ""); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

// mesh writes a graph of n labelled nodes in groups of ten, each calling two
// or three others.
func mesh(n int) []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, `digraph { graph [rankdir=LR, newrank=true, compound=true]; node [shape=box, fontname="Helvetica"]; edge [fontname="Helvetica", fontsize=11];`)
	for i := range n {
		if i%10 == 0 {
			fmt.Fprintf(&b, "subgraph cluster_%d { label=\"team %d\";\n", i/10, i/10)
		}
		fmt.Fprintf(&b, "n%d [id=\"service.n%d\", label=<<TABLE BORDER=\"0\"><TR><TD>service</TD></TR><TR><TD><B>n%d</B></TD></TR></TABLE>>];\n", i, i, i)
		if i%10 == 9 || i == n-1 {
			fmt.Fprintln(&b, "}")
		}
	}
	for i := range n {
		fmt.Fprintf(&b, "n%d -> n%d [label=\"call %d\"];\n", i, (i+1+i*i%7)%n, i)
		if i%2 == 0 {
			fmt.Fprintf(&b, "n%d -> n%d [label=\"read %d\"];\n", i, (i+3+i%5)%n, i)
		}
	}
	fmt.Fprintln(&b, "}")
	return b.Bytes()
}

func BenchmarkLayout(b *testing.B) {
	r := rendertest.Renderer(b)
	for _, n := range []int{12, 15, 60, 200} {
		dot := mesh(n)
		b.Run(fmt.Sprintf("nodes=%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := r.SVG(context.Background(), dot, ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNew measures the start of a run whose cache is filled.
func BenchmarkNew(b *testing.B) {
	rendertest.Renderer(b)
	for b.Loop() {
		r, err := render.New(context.Background(), render.Options{CacheDir: rendertest.CacheDir(b)})
		if err != nil {
			b.Fatal(err)
		}
		r.Close()
	}
}
