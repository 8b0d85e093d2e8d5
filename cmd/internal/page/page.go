// Package page prints the catalog's Markdown pages in a terminal: headings, paragraphs, lists, tables and code, wrapped
// at the terminal's width. The well-known renderer for this costs every command 10 to 20 ms of start-up for its syntax
// highlighters, whether it is used or not; our pages need none of them.
package page

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"github.com/archcheck/archcheck/dsl/source"
)

// Render writes a page as text.
func Render(src []byte, st source.Style) string {
	width := st.Width
	if width <= 0 {
		width = 80
	}
	p := &printer{src: src, width: width, color: st.Color}
	doc := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(src))
	p.blocks(doc, "", "")
	return strings.TrimLeft(p.out.String(), "\n")
}

type printer struct {
	src   []byte
	width int
	color bool
	out   bytes.Buffer
}

// blocks prints the children of a block; first stands before the first line, rest before all others.
func (p *printer) blocks(n ast.Node, first, rest string) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch b := c.(type) {
		case *ast.Heading:
			p.out.WriteString("\n" + p.bold(p.inline(b)) + "\n")
			if b.Level == 1 {
				p.out.WriteString(strings.Repeat("=", utf8.RuneCountInString(p.inline(b))) + "\n")
			}
		case *ast.List:
			p.list(b, rest)
		case *ast.FencedCodeBlock:
			p.code(b.Lines(), rest)
		case *ast.CodeBlock:
			p.code(b.Lines(), rest)
		case *east.Table:
			p.table(b)
		case *ast.Blockquote:
			p.blocks(b, first+"| ", rest+"| ")
		case *ast.ThematicBreak, *ast.HTMLBlock:
		default:
			p.paragraph(p.inline(c), first, rest, !p.tight(c))
		}
		first = rest
	}
}

// tight reports whether a paragraph stands in a list item, where no blank line precedes it.
func (p *printer) tight(n ast.Node) bool {
	_, ok := n.Parent().(*ast.ListItem)
	return ok
}

func (p *printer) paragraph(s, first, rest string, blank bool) {
	if blank {
		p.out.WriteString("\n")
	}
	for i, l := range source.Wrap(s, p.width-utf8.RuneCountInString(rest)) {
		if i == 0 {
			p.out.WriteString(first + l + "\n")
		} else {
			p.out.WriteString(rest + l + "\n")
		}
	}
}

func (p *printer) list(l *ast.List, indent string) {
	p.out.WriteString("\n")
	n := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if l.IsOrdered() {
			mark = fmt.Sprintf("%d. ", n)
			n++
		}
		p.blocks(item, indent+mark, indent+strings.Repeat(" ", len(mark)))
	}
}

func (p *printer) code(lines *text.Segments, indent string) {
	p.out.WriteString("\n")
	for i := range lines.Len() {
		seg := lines.At(i)
		p.out.WriteString(strings.TrimRight(indent+"    "+string(seg.Value(p.src)), "\n ") + "\n")
	}
}

// table prints columns as wide as their longest cell; a table wider than the terminal becomes one paragraph a row.
func (p *printer) table(t *east.Table) {
	var rows [][]string
	var widths []int
	for r := t.FirstChild(); r != nil; r = r.NextSibling() {
		var row []string
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			s := p.inline(c)
			if len(row) == len(widths) {
				widths = append(widths, 0)
			}
			widths[len(row)] = max(widths[len(row)], utf8.RuneCountInString(s))
			row = append(row, s)
		}
		rows = append(rows, row)
	}
	total := 2 * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	p.out.WriteString("\n")
	for i, row := range rows {
		if total > p.width {
			if i > 0 {
				p.paragraph(strings.Join(row, " | "), "- ", "  ", false)
			}
			continue
		}
		var line strings.Builder
		for k, s := range row {
			line.WriteString(s + strings.Repeat(" ", widths[k]-utf8.RuneCountInString(s)+2))
		}
		s := strings.TrimRight(line.String(), " ")
		if i == 0 {
			s = p.bold(s)
		}
		p.out.WriteString(s + "\n")
	}
}

// inline is the text of a block without its markup; a link's address follows in brackets where it leads out.
func (p *printer) inline(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch x := c.(type) {
		case *ast.Text:
			b.Write(x.Value(p.src))
			if x.SoftLineBreak() || x.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(x.Value)
		case *ast.AutoLink:
			b.Write(x.URL(p.src))
		case *ast.Link:
			b.WriteString(p.inline(x))
			if d := string(x.Destination); strings.HasPrefix(d, "http") {
				b.WriteString(" <" + d + ">")
			}
		default:
			b.WriteString(p.inline(c))
		}
	}
	return b.String()
}

func (p *printer) bold(s string) string {
	if !p.color {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}
