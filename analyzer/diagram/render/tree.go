package render

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// node is an SVG element, or text where it has no name.
type node struct {
	name     string
	attrs    []attr
	children []*node
	text     string
}

type attr struct{ name, value string }

// drawing names the elements Graphviz draws with, and for each the attributes
// that matter. All else is dropped: what is not here cannot run, load or link.
var drawing = map[string]string{
	"svg":      "viewBox",
	"g":        "id class transform",
	"title":    "",
	"a":        "href",
	"path":     "d fill stroke stroke-width stroke-dasharray fill-opacity stroke-opacity",
	"polygon":  "points fill stroke stroke-width stroke-dasharray fill-opacity stroke-opacity",
	"polyline": "points fill stroke stroke-width stroke-dasharray fill-opacity stroke-opacity",
	"ellipse":  "cx cy rx ry fill stroke stroke-width stroke-dasharray fill-opacity stroke-opacity",
	"text":     "x y text-anchor font-weight font-style text-decoration font-size fill fill-opacity",
}

const svgNamespace = "http://www.w3.org/2000/svg"

// readTree parses an SVG, keeping only what belongs to a drawing.
func readTree(svg []byte) (*node, error) {
	dec := xml.NewDecoder(bytes.NewReader(svg))
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var root *node
	var open []*node
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("render: reading the SVG of Graphviz: %w", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			allowed, ok := drawing[tok.Name.Local]
			if !ok || root == nil && tok.Name.Local != "svg" {
				if root == nil {
					return nil, fmt.Errorf("render: Graphviz wrote <%s>, want <svg>", tok.Name.Local)
				}
				if err := dec.Skip(); err != nil {
					return nil, fmt.Errorf("render: reading the SVG of Graphviz: %w", err)
				}
				continue
			}
			n := &node{name: tok.Name.Local}
			for _, a := range tok.Attr {
				if slices.Contains(strings.Fields(allowed), a.Name.Local) {
					n.attrs = append(n.attrs, attr{a.Name.Local, a.Value})
				}
			}
			if root == nil {
				root = n
				n.attrs = append(n.attrs, attr{"xmlns", svgNamespace})
			} else {
				parent := open[len(open)-1]
				parent.children = append(parent.children, n)
			}
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 && (open[len(open)-1].name == "text" || open[len(open)-1].name == "title") {
				parent := open[len(open)-1]
				parent.children = append(parent.children, &node{text: string(tok)})
			}
		}
	}
	if root == nil {
		return nil, errors.New("render: Graphviz wrote no SVG")
	}
	return root, nil
}

func (n *node) get(name string) string {
	for _, a := range n.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

func (n *node) set(name, value string) {
	for i := range n.attrs {
		if n.attrs[i].name == name {
			n.attrs[i].value = value
			return
		}
	}
	n.attrs = append(n.attrs, attr{name, value})
}

func (n *node) remove(name string) {
	n.attrs = slices.DeleteFunc(n.attrs, func(a attr) bool { return a.name == name })
}

func (n *node) insert(i int, c *node) { n.children = slices.Insert(n.children, i, c) }

func (n *node) removeTitle() {
	n.children = slices.DeleteFunc(n.children, func(c *node) bool { return c.name == "title" })
}

// trimText joins the pieces of a text element and turns line breaks, which
// Graphviz does not draw, into spaces. A text of spaces alone goes.
func (n *node) trimText() {
	var b strings.Builder
	for _, c := range n.children {
		b.WriteString(c.text)
	}
	text := strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(b.String())
	n.children = nil
	if strings.Trim(text, blank) != "" {
		n.children = []*node{{text: text}}
	}
}

// mergeOutlines joins a filled shape without outline and the same shape as an
// outline without filling, as Graphviz draws each rounded table, into one.
func mergeOutlines(nodes []*node) []*node {
	var out []*node
	for _, n := range nodes {
		if len(out) > 0 {
			last := out[len(out)-1]
			same := last.name == n.name && (n.name == "path" && last.get("d") == n.get("d") || n.name == "polygon" && last.get("points") == n.get("points"))
			if same && last.get("stroke") == "none" && n.get("fill") == "none" {
				n.set("fill", last.get("fill"))
				if o := last.get("fill-opacity"); o != "" {
					n.set("fill-opacity", o)
				}
				out[len(out)-1] = n
				continue
			}
		}
		out = append(out, n)
	}
	return out
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", "&#10;", "\r", "&#13;", "\t", "&#9;")

// write prints the tree: one element a line, everything escaped.
func (n *node) write(b *strings.Builder) {
	if n.name == "" {
		b.WriteString(escaper.Replace(n.text))
		return
	}
	b.WriteByte('<')
	b.WriteString(n.name)
	for _, a := range n.attrs {
		b.WriteString(" " + a.name + `="` + escaper.Replace(a.value) + `"`)
	}
	if len(n.children) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	for _, c := range n.children {
		if c.name == "" && n.name == "style" {
			// Our own rules, which hold no markup: quotes have to stay.
			b.WriteString(c.text)
			continue
		}
		if c.name != "" && n.name != "text" {
			b.WriteByte('\n')
		}
		c.write(b)
	}
	if last := n.children[len(n.children)-1]; last.name != "" {
		b.WriteByte('\n')
	}
	b.WriteString("</" + n.name + ">")
}
