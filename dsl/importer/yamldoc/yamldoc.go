// Package yamldoc reads YAML and JSON as trees whose every value knows its line, because each fact of an imported
// description names the place that shows it.
//
// Rules of the package:
//   - Reading never fails half-way: what is missing or of another type is the zero Node, whose methods answer "nothing".
//   - A hostile file costs bounded time and memory: alias chains, cycles and expansions are cut off.
//   - Values are read, never kept: what is secret stays in the file unless an importer copies it on purpose.
//
// Importers read through these trees instead of the products' own Go types. The types of compose-go, k8s.io/api and
// istio.io/api drop the positions, add 15 MB to the program and 13 ms to the start of every command (measured by their
// package initialisers), and would still need a second pass over the nodes for the lines.
package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// Limits on what one file may unfold into.
const (
	maxHops  = 64        // aliases in a row
	maxSteps = 8_000_000 // nodes visited, counted over all readers of the file
	perByte  = 64        // … and so many more per byte of the file, which large files need without any alias
)

// File is one parsed file.
type File struct {
	Name  string
	Docs  []Node // top-level values of its documents; empty documents are left out
	text  *source.File
	steps int
}

func (f *File) limit() int { return maxSteps + perByte*len(f.text.Bytes) }

// Node is one value of a file, or nothing.
type Node struct {
	n, key *yaml.Node
	f      *File
}

// Parse reads all documents of a file. A file that cannot be read is answered with one diagnostic and the documents
// before the mistake.
func Parse(name string, b []byte) (*File, source.Diagnostics) {
	f := &File{Name: name, text: source.New(name, b)}
	dec := yaml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
	for {
		var n yaml.Node
		err := decode(dec, &n)
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, source.Diagnostics{f.syntax(err)}
		}
		if n.Kind == yaml.DocumentNode && len(n.Content) > 0 && !isNull(n.Content[0]) {
			f.Docs = append(f.Docs, Node{n: n.Content[0], f: f})
			if at := cycle(n.Content[0], map[*yaml.Node]bool{}); at != nil {
				return f, source.Diagnostics{Node{n: at, f: f}.Problem("Anchor that contains itself",
					fmt.Sprintf("*%s stands inside the value that &%s names, so that the value has no end. Write out the part that is meant.", at.Value, at.Value))}
			}
		}
	}
}

// cycle is an alias that stands inside the value that it stands for; nil if there is none. An alias can only name an
// anchor before it, so that there is no other way round.
func cycle(n *yaml.Node, above map[*yaml.Node]bool) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		if above[n.Alias] {
			return n
		}
		return nil
	}
	if len(n.Content) == 0 {
		return nil
	}
	above[n] = true
	defer delete(above, n)
	for _, c := range n.Content {
		if at := cycle(c, above); at != nil {
			return at
		}
	}
	return nil
}

var errParser = errors.New("yaml: the parser gave up on this document")

// decode reads one document; the parser's panics on malformed input become errors.
func decode(dec *yaml.Decoder, n *yaml.Node) (err error) {
	defer func() {
		if recover() != nil {
			err = errParser
		}
	}()
	return dec.Decode(n)
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

var errorLine = regexp.MustCompile(`line (\d+): `)

// syntax turns a parser's message into a diagnostic with a place, and says which tool to run where the file is the
// template of another one.
func (f *File) syntax(err error) source.Diagnostic {
	if d, ok := f.Template(); ok {
		return d
	}
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if m := errorLine.FindStringSubmatch(msg); m != nil {
		line, _ = strconv.Atoi(m[1])
		msg = strings.Replace(msg, m[0], "", 1)
	}
	if n, ok := f.firstBad(); ok {
		line = n
	}
	return source.Diagnostic{Summary: "Unreadable YAML", Range: f.line(line),
		Detail: "This is no valid YAML: " + strings.TrimSuffix(msg, ".") + ". Nothing after this line was read."}
}

// maxSearched is the size of the largest file that is searched for its first bad line.
const maxSearched = 1 << 20

// firstBad is the line up to which the file cannot be read while up to the one before it can: the parser's own line is
// often that of the enclosing block.
func (f *File) firstBad() (int, bool) {
	if len(f.text.Bytes) > maxSearched {
		return 0, false
	}
	fails := func(lines int) bool {
		end := len(f.text.Bytes)
		if lines < f.text.Lines() {
			end = f.text.LineStart(lines + 1)
		}
		dec := yaml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(f.text.Bytes[:end], []byte("\ufeff"))))
		for {
			var n yaml.Node
			if err := decode(dec, &n); err != nil {
				return !errors.Is(err, io.EOF)
			}
		}
	}
	good, bad := 0, f.text.Lines()
	if !fails(bad) {
		return 0, false
	}
	for bad-good > 1 {
		if mid := (good + bad) / 2; fails(mid) {
			bad = mid
		} else {
			good = mid
		}
	}
	return bad, true
}

// statement begins a statement of Jinja, which others than Helm write templates in.
var statement = regexp.MustCompile(`\{%-?\s*(for|if|set|include|block|macro|extends|raw)\b`)

var template = regexp.MustCompile(`\{\{-?\s*(\.Values|\.Release|\.Chart|\.Capabilities|\.Files|include|template|if|range|with|end|define|tpl|toYaml|\$)`)

// Template answers a file that is the source of a template instead of its result.
func (f *File) Template() (source.Diagnostic, bool) {
	at := template.FindIndex(f.text.Bytes)
	if at == nil {
		if at = statement.FindIndex(f.text.Bytes); at == nil {
			return source.Diagnostic{}, false
		}
		return source.Diagnostic{Summary: "Template that has not been rendered", Range: f.text.Range(at[0], at[1]),
			Detail: "This is a template of Jinja. What runs is its result: render it with the tool that it is written for and read that, for instance from standard input (-)."}, true
	}
	return source.Diagnostic{Summary: "Template that has not been rendered", Range: f.text.Range(at[0], at[1]),
		Detail: "What runs is the result of this template. Render the chart and read that: helm template CHART -f VALUES | archcheck import kubernetes -"}, true
}

// line is the range of a whole line's text.
func (f *File) line(n int) model.Range {
	n = max(1, min(n, f.text.Lines()))
	start := f.text.LineStart(n)
	text := f.text.Line(n)
	return f.text.Range(start+len(text)-len(bytes.TrimLeft(text, " \t")), start+len(text))
}

// Spent reports whether the file unfolded beyond the limit, so that some of it was not read.
func (f *File) Spent() (source.Diagnostic, bool) {
	if f.steps <= f.limit() {
		return source.Diagnostic{}, false
	}
	return source.Diagnostic{Summary: "Anchors unfold without end", Range: model.Range{File: f.Name},
		Detail: "The aliases of this file stand for many millions of values. Write the repeated parts once and refer to them fewer times."}, true
}

// IsZero reports whether there is no value.
func (n Node) IsZero() bool { return n.resolved() == nil }

// resolved is the node that an alias stands for; nil for nothing, null, a cycle, and once the budget is spent.
func (n Node) resolved() *yaml.Node {
	y := n.n
	for range maxHops {
		if y == nil || isNull(y) {
			return nil
		}
		if y.Kind != yaml.AliasNode {
			return y
		}
		y = y.Alias
	}
	return nil
}

// File is the file that the node stands in; nil for nothing.
func (n Node) File() *File { return n.f }

// Line is the line of the value, of its key where it has one; 0 for nothing.
func (n Node) Line() int {
	switch {
	case n.key != nil:
		return n.key.Line
	case n.n != nil:
		return n.n.Line
	}
	return 0
}

// Place is "file:line"; empty for nothing.
func (n Node) Place() string {
	if n.f == nil || n.Line() == 0 {
		return ""
	}
	return n.f.Name + ":" + strconv.Itoa(n.Line())
}

// Range is where the value is written, for diagnostics.
func (n Node) Range() model.Range {
	if n.f == nil {
		return model.Range{}
	}
	y := n.n
	if y != nil && y.Kind == yaml.ScalarNode && y.Line > 0 && !strings.ContainsAny(y.Value, "\n\r") {
		start := n.f.offset(y.Line, y.Column)
		end := min(start+len(y.Value), len(n.f.text.Bytes))
		if y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
			end = min(end+2, len(n.f.text.Bytes))
		}
		return n.f.text.Range(start, end)
	}
	if n.Line() == 0 {
		return model.Range{File: n.f.Name}
	}
	return n.f.line(n.Line())
}

// offset converts the parser's place, whose columns are characters.
func (f *File) offset(line, column int) int {
	line = max(1, min(line, f.text.Lines()))
	start := f.text.LineStart(line)
	i := 0
	for at := range string(f.text.Line(line)) {
		if i == column-1 {
			return start + at
		}
		i++
	}
	return start + len(f.text.Line(line))
}

// Problem is an error about this value.
func (n Node) Problem(summary, detail string) source.Diagnostic {
	return source.Diagnostic{Summary: summary, Detail: detail, Range: n.Range()}
}

// Warning is a warning about this value.
func (n Node) Warning(summary, detail string) source.Diagnostic {
	d := n.Problem(summary, detail)
	d.Severity = source.Warning
	return d
}
