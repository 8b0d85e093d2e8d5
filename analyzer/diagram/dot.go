package diagram

import (
	"fmt"
	"strings"

	"github.com/awalterschulze/gographviz/ast"

	"github.com/archcheck/archcheck/analyzer/diagram/theme"
)

// quote writes any text as a DOT string. Ids are free of backslashes and quotes by [ElementID]; this holds for the rest.
func quote(s string) ast.ID {
	return ast.ID(`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "\r", " ", "\x00", " ").Replace(s) + `"`)
}

// html marks a label as HTML-like.
func html(s string) ast.ID { return ast.ID("<" + s + ">") }

// attrs is a list of attributes in the order of writing; an empty value is left out.
type attrs []*ast.Attr

func (a *attrs) add(name string, value ast.ID) {
	if value != "" && value != "<>" {
		*a = append(*a, &ast.Attr{Field: ast.ID(name), Value: value})
	}
}

func (a *attrs) word(name, value string) {
	if value != "" {
		a.add(name, quote(value))
	}
}

func (a attrs) list() ast.AttrList { return ast.AttrList{ast.AList(a)} }

// DOT writes the picture for Graphviz. The bytes depend on the picture alone.
func (p *Picture) DOT() []byte {
	var b strings.Builder
	g := p.tree()
	fmt.Fprintf(&b, "%s %s {\n", g.Type, g.ID)
	writeStatements(&b, g.StmtList, "  ")
	b.WriteString("}\n")
	return []byte(b.String())
}

// writeStatements writes one statement after the other: the String of a whole tree is quadratic.
func writeStatements(b *strings.Builder, list ast.StmtList, indent string) {
	for _, s := range list {
		if sub, ok := s.(*ast.SubGraph); ok {
			fmt.Fprintf(b, "%ssubgraph %s {\n", indent, sub.ID)
			writeStatements(b, sub.StmtList, indent+"  ")
			b.WriteString(indent + "}\n")
			continue
		}
		b.WriteString(indent + strings.TrimSpace(s.String()) + ";\n")
	}
}

// tree is the picture as gographviz's syntax tree.
func (p *Picture) tree() *ast.Graph {
	title, footer := html(p.titleLabel()), ast.ID("")
	graph := attrs{}
	graph.word("rankdir", p.Direction)
	for _, kv := range [][2]string{
		{"splines", "spline"}, {"nodesep", "0.3"}, {"ranksep", "0.38"}, {"newrank", "true"}, {"compound", "true"}, {"outputorder", "edgesfirst"},
		{"bgcolor", theme.Canvas}, {"pad", "0.25"}, {"fontname", "Helvetica"}, {"fontsize", "12"}, {"fontcolor", theme.Ink}, {"labeljust", "l"},
	} {
		graph.word(kv[0], kv[1])
	}
	if p.Waterfall != nil {
		footer = html(p.waterfallLabel())
		graph.word("labelloc", "b")
		graph.add("label", footer)
	} else {
		graph.word("labelloc", "t")
		graph.add("label", title)
	}
	node, edge := attrs{}, attrs{}
	for _, kv := range [][2]string{{"fontname", "Helvetica"}, {"fontsize", "11"}, {"fontcolor", theme.Ink}, {"margin", "0.14,0.07"}, {"penwidth", "1.4"}} {
		node.word(kv[0], kv[1])
	}
	for _, kv := range [][2]string{
		{"fontname", "Helvetica"}, {"fontsize", "11"}, {"fontcolor", theme.Muted}, {"color", theme.Line}, {"penwidth", "1.4"}, {"arrowsize", "0.7"},
	} {
		edge.word(kv[0], kv[1])
	}
	out := &ast.Graph{Type: ast.DIGRAPH, ID: quote(p.View)}
	out.StmtList = append(out.StmtList, ast.GraphAttrs(graph.list()), ast.NodeAttrs(node.list()), ast.EdgeAttrs(edge.list()))
	body := p.children("")
	for _, e := range p.Edges {
		body = append(body, p.edge(e))
	}
	if p.Waterfall == nil {
		out.StmtList = append(out.StmtList, body...)
		return out
	}
	// The table is the label of the graph, so the title is that of an invisible border round everything.
	frame := attrs{}
	frame.add("label", title)
	for _, kv := range [][2]string{{"labelloc", "t"}, {"labeljust", "l"}, {"style", "invis"}, {"margin", "0"}} {
		frame.word(kv[0], kv[1])
	}
	out.StmtList = append(out.StmtList, &ast.SubGraph{ID: quote("cluster_title"), StmtList: append(ast.StmtList{ast.GraphAttrs(frame.list())}, body...)})
	return out
}

// children are the nodes and groups inside a group, nodes first come as the picture orders them.
func (p *Picture) children(group string) ast.StmtList {
	var out ast.StmtList
	placed := map[string]bool{}
	for _, n := range p.Nodes {
		if n.Group == group {
			out = append(out, p.nodeStatement(n))
			continue
		}
		// A group stands where its first node does.
		if g := p.groupUnder(group, n.Group); g != nil && !placed[g.ID] {
			placed[g.ID] = true
			out = append(out, p.groupStatement(g))
		}
	}
	return out
}

// groupUnder is the group directly inside outer that holds what is in the group with the given id.
func (p *Picture) groupUnder(outer, id string) *Group {
	for id != "" && id != outer {
		var g *Group
		for _, x := range p.Groups {
			if x.ID == id {
				g = x
			}
		}
		if g == nil {
			return nil
		}
		if g.Parent == outer {
			return g
		}
		id = g.Parent
	}
	return nil
}

func (p *Picture) groupStatement(g *Group) ast.Stmt {
	a := attrs{}
	a.word("id", g.ID)
	a.add("label", html(g.label()))
	a.word("labeljust", "l")
	loc := "t"
	if p.Direction == "TB" && !g.Broker {
		loc = "b"
	}
	a.word("labelloc", loc)
	a.word("style", "rounded,filled")
	fill := theme.Group
	if g.Broker {
		fill = theme.Canvas
	}
	a.word("fillcolor", fill)
	line, width := theme.GroupLine, "1"
	if g.Marked {
		line, width = theme.Add, Marked.width()
	}
	a.word("color", line)
	a.word("penwidth", width)
	a.word("margin", "14")
	return &ast.SubGraph{ID: quote("cluster_" + g.ID), StmtList: append(ast.StmtList{ast.GraphAttrs(a.list())}, p.children(g.ID)...)}
}

// label is the name of a border, and what was found of the whole.
func (g *Group) label() string {
	name := ink(middle(g.Label, 60), medium, theme.Muted, true)
	if len(g.Badges) == 0 {
		return name
	}
	cells := "<TD>" + name + "</TD>"
	for _, b := range g.Badges {
		cells += "<TD>" + pillHTML(b) + "</TD>"
	}
	return `<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="3" CELLPADDING="0">` + row(cells) + "</TABLE>"
}

func (p *Picture) nodeStatement(n *Node) ast.Stmt {
	c := p.paintOf(n)
	a := attrs{}
	a.word("id", n.ID)
	shape, style, margin := "box", "filled", ""
	switch n.Shape {
	case ShapeStore:
		shape, margin = "cylinder", "0.16,0.09"
	case ShapeGateway, ShapeTopic, ShapeQueue, ShapeBroker:
		margin = "0"
	case ShapeRegistry:
		shape = "tab"
	case ShapeGroup:
		shape = "box3d"
	case ShapeExternal:
	default:
		style = "rounded,filled"
	}
	a.word("shape", shape)
	a.word("style", style)
	a.word("fillcolor", c.fill)
	a.word("color", c.line)
	if n.Tone.outlines() {
		a.word("penwidth", n.Tone.width())
	}
	if n.Shape == ShapeExternal {
		a.word("peripheries", "2")
	}
	a.word("margin", margin)
	a.add("label", html(p.nodeLabel(n)))
	return &ast.NodeStmt{NodeID: ast.MakeNodeID(string(quote(n.ID)), ""), Attrs: a.list()}
}

func (p *Picture) edge(e *Edge) ast.Stmt {
	a := attrs{}
	if e.Hidden {
		a.word("style", "invis")
	} else {
		a.word("id", e.ID)
		color, style, head, width := theme.Line, "", "", ""
		switch e.Kind {
		case Read:
			head = "onormal"
		case Message:
			color, style, head = theme.MsgLine, "dashed", "vee"
		}
		if e.Bold {
			color, width = theme.CardLine, "1.8"
		}
		if e.Tone.outlines() {
			color, width = e.Tone.color(color), e.Tone.width()
		}
		if e.Count > 1 {
			width = countWidth(e.Count)
		}
		if color != theme.Line {
			a.word("color", color)
		}
		a.word("style", style)
		a.word("arrowhead", head)
		a.word("penwidth", width)
		a.add("label", html(edgeLabel(e)))
	}
	if e.Main {
		a.word("weight", "4")
	}
	return &ast.EdgeStmt{
		Source:  ast.MakeNodeID(string(quote(e.From)), ""),
		EdgeRHS: ast.EdgeRHS{{Op: ast.DIRECTED, Destination: ast.MakeNodeID(string(quote(e.To)), "")}},
		Attrs:   a.list(),
	}
}

// countWidth is the width of a line that stands for several.
func countWidth(n int) string {
	switch {
	case n <= 2:
		return "1.4"
	case n <= 5:
		return "2"
	case n <= 12:
		return "3"
	}
	return "4"
}
