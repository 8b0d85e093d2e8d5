package diagram

import (
	"fmt"
	"slices"
	"strings"

	"github.com/awalterschulze/gographviz/ast"

	"github.com/archcheck/archcheck/analyzer/diagram/theme"
)

// Chart is a picture of the catalog rather than of a system: patterns and how they relate, or questions and where their
// answers lead.
type Chart struct {
	Name      string // of the graph
	Title     string
	Subtitle  []string
	Direction string // LR or TB
	Groups    []ChartGroup
	Links     []ChartLink
}

// ChartGroup is a border with its parts; one without a title has no border.
type ChartGroup struct {
	Title string
	Parts []ChartPart
}

// ChartPart is a box.
type ChartPart struct {
	ID, Name string
	Note     string // a quiet line below the name
	Kind     PartKind
}

// PartKind is what a box stands for.
type PartKind uint8

// The kinds of boxes.
const (
	PatternPart PartKind = iota
	QuestionPart
	StartPart
)

// ChartLink is a line between two parts.
type ChartLink struct {
	From, To string
	Kind     LinkKind
	Label    string
	More     []LinkKind // what else holds between the two, which the line says in words
}

// LinkKind is what a line of a chart means.
type LinkKind uint8

// The kinds of lines, loudest first: of several between the same two parts the first is drawn.
const (
	ConflictLink LinkKind = iota
	RequireLink
	PrecedeLink
	AlternativeLink
	ComplementLink
	AnswerLink
)

// linkLooks are line, arrow head and meaning of each kind.
var linkLooks = [...]struct {
	color, style, head string
	width              int
	word, meaning      string
}{
	ConflictLink:    {theme.Crit, "", "none", 3, "conflict", "conflict: not both on one subject"},
	RequireLink:     {theme.CardLine, "", "normal", 2, "requires", "requires"},
	PrecedeLink:     {theme.Add, "", "vee", 1, "comes first", "comes first in a plan"},
	AlternativeLink: {theme.MsgLine, "dashed", "none", 1, "alternative", "alternative: one is enough"},
	ComplementLink:  {theme.Quiet, "dotted", "none", 1, "complement", "complements"},
	AnswerLink:      {theme.Line, "", "normal", 1, "", ""},
}

// DOT writes the chart for Graphviz.
func (c *Chart) DOT() []byte {
	graph, node, edge := attrs{}, attrs{}, attrs{}
	for _, kv := range [][2]string{
		{"rankdir", c.Direction}, {"splines", "spline"}, {"nodesep", "0.25"}, {"ranksep", "0.5"}, {"bgcolor", theme.Canvas},
		{"pad", "0.25"}, {"fontname", "Helvetica"}, {"fontsize", "12"}, {"fontcolor", theme.Ink}, {"labelloc", "t"}, {"labeljust", "l"},
	} {
		graph.word(kv[0], kv[1])
	}
	graph.add("label", html(heading(c.Title, c.Subtitle, c.legend())))
	for _, kv := range [][2]string{{"fontname", "Helvetica"}, {"shape", "box"}, {"style", "rounded,filled"}, {"margin", "0.12,0.07"}, {"penwidth", "1.4"}} {
		node.word(kv[0], kv[1])
	}
	for _, kv := range [][2]string{{"fontname", "Helvetica"}, {"fontsize", "11"}, {"fontcolor", theme.Muted}, {"arrowsize", "0.7"}} {
		edge.word(kv[0], kv[1])
	}
	list := ast.StmtList{ast.GraphAttrs(graph.list()), ast.NodeAttrs(node.list()), ast.EdgeAttrs(edge.list())}
	for i, g := range c.Groups {
		var parts ast.StmtList
		for _, p := range g.Parts {
			parts = append(parts, p.statement())
		}
		if g.Title == "" {
			list = append(list, parts...)
			continue
		}
		a := attrs{}
		a.add("label", html(ink(g.Title, medium, theme.Muted, true)))
		for _, kv := range [][2]string{{"labeljust", "l"}, {"style", "rounded,filled"}, {"fillcolor", theme.Group}, {"color", theme.GroupLine}, {"margin", "12"}} {
			a.word(kv[0], kv[1])
		}
		list = append(list, &ast.SubGraph{ID: quote(fmt.Sprintf("cluster_%d", i)), StmtList: append(ast.StmtList{ast.GraphAttrs(a.list())}, parts...)})
	}
	for _, l := range c.Links {
		list = append(list, l.statement())
	}
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n", quote(c.Name))
	writeStatements(&b, list, "  ")
	b.WriteString("}\n")
	return []byte(b.String())
}

func (p ChartPart) statement() ast.Stmt {
	fill, line, text := theme.Card, theme.CardLine, theme.Ink
	switch p.Kind {
	case QuestionPart:
		fill, line = theme.Gate, theme.GateLine
	case StartPart:
		fill, line, text = theme.Client, theme.Client, theme.OnDark
	}
	name := strings.TrimSpace(oneLine(p.Name))
	if name == "" {
		name = "(no name)"
	}
	rows := ""
	for _, l := range lines(name, maxName) {
		rows += row(cell("", middle(l, maxName), large, text, true))
	}
	for _, l := range lines(p.Note, 30) {
		rows += row(cell("", middle(l, 30), small, theme.Muted, false))
	}
	a := attrs{}
	a.word("id", p.ID)
	a.word("fillcolor", fill)
	a.word("color", line)
	a.add("label", html(fmt.Sprintf(table, 1)+rows+"</TABLE>"))
	return &ast.NodeStmt{NodeID: ast.MakeNodeID(string(quote(p.ID)), ""), Attrs: a.list()}
}

func (l ChartLink) statement() ast.Stmt {
	look := linkLooks[l.Kind]
	words := []string{}
	if l.Label != "" {
		words = append(words, lines(l.Label, 20)...)
	}
	for _, m := range l.More {
		words = append(words, "+ "+linkLooks[m].word)
	}
	rows := ""
	for _, w := range words {
		rows += row(`<TD WIDTH="4"></TD>` + cell("", middle(w, maxEdge), small, theme.Muted, false) + `<TD WIDTH="4"></TD>`)
	}
	a := attrs{}
	a.word("id", l.From+"--"+l.To)
	a.word("color", look.color)
	a.word("style", look.style)
	a.word("arrowhead", look.head)
	a.word("penwidth", []string{"", "1.4", "1.8", "2.6"}[look.width])
	if rows != "" {
		a.add("label", html(fmt.Sprintf(table, 1)+rows+"</TABLE>"))
	}
	return &ast.EdgeStmt{
		Source:  ast.MakeNodeID(string(quote(l.From)), ""),
		EdgeRHS: ast.EdgeRHS{{Op: ast.DIRECTED, Destination: ast.MakeNodeID(string(quote(l.To)), "")}},
		Attrs:   a.list(),
	}
}

// legend lists the kinds of lines that occur.
func (c *Chart) legend() []entry {
	var out []entry
	for kind, look := range linkLooks {
		used := slices.ContainsFunc(c.Links, func(l ChartLink) bool { return l.Kind == LinkKind(kind) })
		if used && look.meaning != "" {
			out = append(out, lineSample(look.color, strings.ToUpper(look.style), look.width, look.meaning))
		}
	}
	return out
}

// Join makes one line of several between the same two parts: the loudest is drawn, the others are said on it. Lines of
// kinds that read the same from both ends join in either direction.
func Join(links []ChartLink) []ChartLink {
	symmetric := func(k LinkKind) bool { return k == ConflictLink || k == AlternativeLink || k == ComplementLink }
	sorted := slices.Clone(links)
	slices.SortStableFunc(sorted, func(a, b ChartLink) int { return int(a.Kind) - int(b.Kind) })
	var out []ChartLink
	for _, l := range sorted {
		i := slices.IndexFunc(out, func(o ChartLink) bool {
			return o.From == l.From && o.To == l.To || o.From == l.To && o.To == l.From && (symmetric(l.Kind) || symmetric(o.Kind))
		})
		switch {
		case i < 0:
			out = append(out, l)
		case out[i].Kind != l.Kind && !slices.Contains(out[i].More, l.Kind):
			out[i].More = append(out[i].More, l.Kind)
		}
	}
	slices.SortFunc(out, func(a, b ChartLink) int {
		return strings.Compare(a.From+"\x00"+a.To, b.From+"\x00"+b.To)
	})
	return out
}
