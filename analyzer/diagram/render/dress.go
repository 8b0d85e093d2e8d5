package render

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/archcheck/archcheck/analyzer/diagram/font"
	"github.com/archcheck/archcheck/analyzer/diagram/theme"
)

// Caption is what a picture says beside its lines and boxes.
type Caption struct {
	// Title names the picture in a few words; Desc tells in one or two
	// sentences what it shows, worst things first.
	Title, Desc string
	// ID starts the ids of title and description; it has to differ between
	// pictures on one page. Empty means "diagram".
	ID string
	// Elements speak for nodes, edges and clusters, by the id attribute each
	// has in the DOT. An element without an entry keeps its DOT name; an entry
	// without an element is ignored, so one map may serve several views.
	Elements map[string]Element
	// Inline leaves out what a page says once for all its pictures: the style
	// sheet ([theme.Both]), the size of ordinary text ([TextSize]), the width of
	// ordinary lines ([LineWidth]), that a line is not filled, and how text is
	// fitted to its width (lengthAdjust="spacingAndGlyphs").
	Inline bool
	// Data turns the ids of elements into data-id attributes, for a page that
	// holds several pictures of the same parts.
	Data bool
}

// Element is the caption of one node, edge or cluster.
type Element struct {
	// Title is a sentence: the tooltip, and what a screen reader says.
	Title string
	// Href makes the element a link. Only a place on the same page is allowed:
	// "#" and an address.
	Href string
}

// Dress turns Graphviz's SVG into one that stands alone. It keeps geometry,
// ids and colours, and
//   - drops prolog, doctype, comments (which name versions) and every element,
//     attribute and link that is not part of a drawing;
//   - sizes it in pixels, one per unit, scalable by its viewBox;
//   - names the picture and its elements;
//   - writes rounded boxes as such, in a third of the bytes;
//   - states the width of every text, so that another font cannot leave its box;
//   - adds the style sheet for light and dark.
func Dress(svg []byte, c Caption) ([]byte, error) {
	for id, e := range c.Elements {
		if e.Href != "" && !localHref(e.Href) {
			return nil, fmt.Errorf("render: link %q of %s leaves the page; it must be # and an address", e.Href, id)
		}
	}
	root, err := readTree(svg)
	if err != nil {
		return nil, err
	}
	if err := size(root); err != nil {
		return nil, err
	}
	d := &dresser{elements: c.Elements, used: map[string]bool{}, data: c.Data}
	d.walk(root)
	entitle(root, c, d.linked)
	if c.Inline {
		slim(root)
	} else {
		root.insert(styleIndex(root), &node{name: "style", children: []*node{{text: d.style()}}})
	}
	var b strings.Builder
	root.write(&b)
	b.WriteByte('\n')
	return []byte(b.String()), nil
}

// localHref reports whether a link is an address on the page itself.
func localHref(h string) bool { return len(h) > 1 && h[0] == '#' }

// size replaces points by pixels: the viewBox then counts pixels.
func size(root *node) error {
	box := strings.Fields(root.get("viewBox"))
	if len(box) != 4 {
		return fmt.Errorf("render: the SVG has viewBox %q, want four numbers", root.get("viewBox"))
	}
	for i := range box {
		v, err := strconv.ParseFloat(box[i], 64)
		if err != nil {
			return fmt.Errorf("render: the SVG has viewBox %q, want four numbers", root.get("viewBox"))
		}
		box[i] = decimal(v)
	}
	root.set("viewBox", strings.Join(box, " "))
	root.set("width", box[2])
	root.set("height", box[3])
	return nil
}

// entitle gives the picture its role, title and description. A picture with
// links is a document to assistive technology, since nobody can reach a link
// inside an image.
func entitle(root *node, c Caption, linked bool) {
	id := c.ID
	if id == "" {
		id = "diagram"
	}
	role := "img"
	if linked {
		role = "graphics-document document"
	}
	head := []attr{{"role", role}}
	var first []*node
	var labels []string
	for _, part := range []struct{ name, text string }{{"title", c.Title}, {"desc", c.Desc}} {
		if part.text == "" {
			continue
		}
		label := id + "-" + part.name
		labels = append(labels, label)
		first = append(first, &node{name: part.name, attrs: []attr{{"id", label}}, children: []*node{{text: clean1(part.text)}}})
	}
	if len(labels) > 0 {
		head = append(head, attr{"aria-labelledby", strings.Join(labels, " ")})
	}
	head = append(head, attr{"font-family", font.Stack})
	root.attrs = append(head, root.attrs...)
	root.children = append(first, root.children...)
}

// styleIndex is the place of the style sheet: after title and description.
func styleIndex(root *node) int {
	i := 0
	for i < len(root.children) && (root.children[i].name == "title" || root.children[i].name == "desc") {
		i++
	}
	return i
}

// dresser changes the tree and notes what the style sheet has to cover.
type dresser struct {
	elements map[string]Element
	used     map[string]bool // colours
	halo     bool            // an edge has text
	linked   bool            // an element is a link
	data     bool            // ids become data-id
}

// walk handles the children of n, replacing each by none, itself or several.
func (d *dresser) walk(n *node) { d.children(n, "") }

// children dresses the children of n inside an element of the given class.
func (d *dresser) children(n *node, class string) {
	var kept []*node
	for _, c := range n.children {
		kept = append(kept, d.dress(c, class)...)
	}
	n.children = mergeOutlines(kept)
	for _, c := range n.children {
		if c.name == "path" {
			roundBox(c)
		}
	}
}

func (d *dresser) dress(n *node, class string) []*node {
	switch n.name {
	case "g":
		if c := n.get("class"); c != "" {
			class = c
		}
		d.children(n, class)
		d.caption(n)
	case "a":
		d.children(n, class)
		if !localHref(n.get("href")) {
			return n.children
		}
		d.linked = true
	case "text":
		n.trimText()
		if len(n.children) == 0 {
			return nil
		}
		d.halo = d.halo || class == "edge"
		fit(n)
	}
	for _, a := range n.attrs {
		if a.name == "fill" || a.name == "stroke" {
			d.used[a.value] = true
		}
	}
	return []*node{n}
}

// caption sets the title of a group and wraps what it draws in its link.
func (d *dresser) caption(n *node) {
	class, id := n.get("class"), n.get("id")
	if d.data && id != "" {
		n.remove("id")
		if _, ours := d.elements[id]; ours {
			n.set("data-id", id)
		}
	}
	if class == "graph" {
		n.removeTitle() // the root's title speaks; "G" would be a tooltip on all
		return
	}
	e := d.elements[id]
	switch {
	case e.Title != "":
		n.removeTitle()
		n.insert(0, &node{name: "title", children: []*node{{text: clean1(e.Title)}}})
	case class == "cluster":
		n.removeTitle() // "cluster_7" says nothing to a reader
	}
	if e.Href == "" {
		return
	}
	d.linked = true
	a := &node{name: "a", attrs: []attr{{"href", clean1(e.Href)}}}
	kept := n.children[:0:0]
	for _, c := range n.children {
		if c.name == "title" {
			kept = append(kept, c)
		} else {
			a.children = append(a.children, c)
		}
	}
	n.children = append(kept, a)
}

// blank are the spaces of labels: Graphviz makes every second one unbreakable.
const blank = " \u00a0"

// fit states the width of a text and lowers bold text a little: Graphviz sets
// bold two pixels high at this size.
func fit(n *node) {
	points, err := strconv.ParseFloat(n.get("font-size"), 64)
	if err != nil {
		points = 14 // Graphviz's default
	}
	bold := n.get("font-weight") == "bold"
	n.set("font-size", decimal(points))
	text := n.children[0].text
	if x, err := strconv.ParseFloat(n.get("x"), 64); err == nil {
		trimmed := strings.Trim(text, blank)
		lead := font.Width(text[:len(text)-len(strings.TrimLeft(text, blank))], points, bold)
		trail := font.Width(text[len(strings.TrimRight(text, blank)):], points, bold)
		// SVG drops spaces at the ends, so the text moves instead.
		switch n.get("text-anchor") {
		case "middle":
			x += (lead - trail) / 2
		case "end":
			x -= trail
		default:
			x += lead
		}
		n.set("x", decimal(x))
		n.children[0].text = trimmed
		text = trimmed
	}
	if bold {
		n.set("dy", "0.15em")
	}
	if n.get("text-anchor") == "start" {
		n.remove("text-anchor")
	}
	if w := font.Width(text, points, bold); w > 0 {
		n.set("textLength", strconv.FormatFloat(w, 'f', 1, 64))
		n.set("lengthAdjust", "spacingAndGlyphs")
	}
}

// style is the style sheet; the dark rules come last.
func (d *dresser) style() string {
	var b strings.Builder
	b.WriteString("text{font-family:" + strings.ReplaceAll(font.Stack, ", ", ",") + "}\n")
	if d.halo {
		b.WriteString(theme.Halo(""))
	}
	b.WriteString("@media (prefers-color-scheme:dark){\nsvg{background:" + theme.DarkCanvas() + "}\n")
	b.WriteString(theme.Dark("", func(c string) bool { return d.used[c] }))
	b.WriteString("}\n")
	return b.String()
}

// decimal writes a number with at most two decimals and no trailing zeros.
func decimal(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// clean1 is clean for one line of text.
func clean1(s string) string { return strings.Join(strings.Fields(string(clean([]byte(s)))), " ") }
