package patterns

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Every page has these sections, in this order: the nine of the pattern guide and archcheck's own.
var sections = []string{
	"Overview", "Why Use It", "When to Use", "When NOT to Use", "How It Works", "Pros and Cons",
	"Implementation Example", "Real-World Examples", "Related Patterns", "In archcheck",
}

const exampleDir = "../examples/patterns"

func TestReadmes(t *testing.T) {
	for _, p := range catalog(t).Patterns() {
		text, err := p.README()
		if err != nil {
			t.Errorf("a pattern without its page: %v", err)
			continue
		}
		t.Run(string(p.ID), func(t *testing.T) {
			if strings.Contains(string(text), "\r") {
				t.Error("line endings must be LF")
			}
			title, body, _ := strings.Cut(string(text), "\n")
			if title != "# "+p.Name {
				t.Errorf("title is %q, want %q", title, "# "+p.Name)
			}
			doc := split(t, body)
			if !slices.Equal(doc.names, sections) {
				t.Fatalf("sections are %q, want %q", doc.names, sections)
			}
			for _, s := range sections {
				if strings.TrimSpace(doc.text[s]) == "" {
					t.Errorf("%s is empty", s)
				}
			}
			if len(doc.blocks("How It Works", "mermaid")) == 0 {
				t.Error("How It Works has no mermaid block")
			}
			checkSnippet(t, p.ID, doc.blocks("Implementation Example", "go"))
			if s := doc.text["Real-World Examples"]; !strings.Contains(s, "](https://") && !strings.Contains(s, "None cited.") {
				t.Error(`Real-World Examples has neither an https link nor "None cited."`)
			}
			for _, r := range p.Relations {
				for _, to := range r.To {
					if id := to.Pattern; id != "" && id != p.ID && !strings.Contains(doc.text["Related Patterns"], "/"+id.Slug()+"/README.md)") {
						t.Errorf("the manifest says %s %s, but Related Patterns does not link to it", r.Kind, id)
					}
				}
			}
			checkLinks(t, p.ID, body)
			checkArchcheck(t, doc)
		})
	}
}

type document struct {
	names []string
	text  map[string]string
}

// split cuts a page at its ## headings; headings inside fenced blocks are no headings.
func split(t *testing.T, body string) document {
	d := document{text: map[string]string{}}
	name, fenced := "", false
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if h, ok := strings.CutPrefix(line, "## "); ok && !fenced {
			name = strings.TrimSpace(h)
			d.names = append(d.names, name)
			continue
		}
		if strings.HasPrefix(line, "# ") && !fenced {
			t.Errorf("second title %q", strings.TrimSpace(line))
		}
		d.text[name] += line
	}
	if fenced {
		t.Error("a fenced block is not closed")
	}
	if s := strings.TrimSpace(d.text[""]); s != "" {
		t.Errorf("text before the first section: %q", s)
	}
	return d
}

// blocks returns the fenced blocks of a section whose info string begins with lang.
func (d document) blocks(section, lang string) []block {
	var out []block
	var cur *block
	for line := range strings.Lines(d.text[section]) {
		info, fence := strings.CutPrefix(line, "```")
		switch {
		case fence && cur == nil:
			cur = &block{info: strings.TrimSpace(info)}
		case fence:
			if l, _, _ := strings.Cut(cur.info, " "); l == lang {
				out = append(out, *cur)
			}
			cur = nil
		case cur != nil:
			cur.text += line
		}
	}
	return out
}

type block struct{ info, text string }

// checkSnippet: the page shows the marked region of the compiled and tested example, byte for byte.
func checkSnippet(t *testing.T, id ID, blocks []block) {
	t.Helper()
	file := filepath.Join(exampleDir, id.Slug(), strings.ReplaceAll(id.Slug(), "-", "_")+".go")
	src, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("no example: %v", err)
		return
	}
	_, rest, ok := strings.Cut(string(src), "// snippet:start\n")
	region, _, closed := strings.Cut(rest, "// snippet:end\n")
	if !ok || !closed {
		t.Errorf("%s has no region between // snippet:start and // snippet:end", file)
		return
	}
	if _, err := os.Stat(filepath.Join(exampleDir, id.Slug(), "example_test.go")); err != nil {
		t.Errorf("the example has no test: %v", err)
	}
	want := strings.Trim(region, "\n")
	if !slices.ContainsFunc(blocks, func(b block) bool { return strings.Trim(b.text, "\n") == want }) {
		t.Errorf("Implementation Example has no go block equal to the region of %s:\n%s", file, want)
	}
	if strings.HasPrefix(want, "\t") {
		t.Errorf("the region of %s starts inside a function: mark whole declarations", file)
	}
}

var (
	link   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	fences = regexp.MustCompile("(?ms)^```.*?^```$") // code may look like a link
)

// checkLinks: a relative link leads to a file that exists or to the page of a pattern of the catalog.
func checkLinks(t *testing.T, id ID, body string) {
	t.Helper()
	for _, m := range link.FindAllStringSubmatch(fences.ReplaceAllString(body, ""), -1) {
		to, _, _ := strings.Cut(m[1], "#")
		if to == "" || strings.HasPrefix(to, "https://") {
			continue
		}
		if strings.Contains(to, "://") {
			t.Errorf("link %s is not https", m[1])
			continue
		}
		at := path.Join(string(id), to)
		if ByID(ID(path.Dir(at))) != nil && path.Base(at) == "README.md" {
			continue
		}
		if _, err := os.Stat(filepath.FromSlash(at)); err != nil {
			t.Errorf("link %s leads nowhere", m[1])
		}
	}
}

// checkArchcheck: the section states the pattern in HCL that parses and names the rules that watch over it.
func checkArchcheck(t *testing.T, doc document) {
	t.Helper()
	blocks := doc.blocks("In archcheck", "hcl")
	if len(blocks) == 0 {
		t.Error("In archcheck has no hcl block")
	}
	for _, b := range blocks {
		f, diags := hclsyntax.ParseConfig([]byte(b.text), "README.md", hcl.InitialPos)
		if diags.HasErrors() {
			t.Errorf("hcl block does not parse: %s\n%s", diags.Error(), b.text)
			continue
		}
		whole := slices.ContainsFunc(f.Body.(*hclsyntax.Body).Blocks, func(b *hclsyntax.Block) bool { return b.Type == "system" })
		if whole == strings.Contains(b.info, "fragment") {
			t.Errorf("a whole model has a system block, anything else is marked ```hcl fragment:\n%s", b.text)
		}
	}
	ids := regexp.MustCompile(`\b[A-Z]{3}-[0-9]{3}\b`).FindAllString(doc.text["In archcheck"], -1)
	if len(ids) == 0 {
		t.Error("In archcheck names no rule")
	}
	for _, id := range ids {
		if !slices.ContainsFunc(ruleCodes(t), func(code string) bool { return strings.HasPrefix(id, code) }) {
			t.Errorf("%s has the code of no category", id)
		}
	}
}

func ruleCodes(t *testing.T) []string {
	codes := slices.Clone(commonCodes)
	for _, c := range catalog(t).Categories {
		codes = append(codes, c.Code)
	}
	return codes
}

// A README that belongs to no pattern is read by nobody.
func TestNoStrayReadme(t *testing.T) {
	files, err := fs.Glob(embedded, "*/*/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if ByID(ID(path.Dir(f))) == nil {
			t.Errorf("%s belongs to no pattern", f)
		}
	}
}
