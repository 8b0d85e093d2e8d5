package diagram

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/archcheck/archcheck/analyzer/diagram/theme"
)

// Limits of the programs that show Mermaid; beyond them the reader sees an error instead of a picture.
const (
	mermaidEdges = 500
	mermaidChars = 50_000
)

// Mermaid writes the picture for programs that render it in Markdown: a flowchart, or a sequence where the picture is a
// journey. It refuses what these programs refuse.
func (p *Picture) Mermaid() ([]byte, error) {
	m := &mermaid{p: p, ids: map[string]string{}, taken: map[string]bool{}}
	edges := 0
	for _, e := range p.Edges {
		if !e.Hidden {
			edges++
		}
	}
	const hint = "Draw less: --focus ADDRESS, --collapse team; or use -o svg."
	if edges > mermaidEdges {
		return nil, refuse(hint, "the picture has %d lines, Mermaid draws at most %d", edges, mermaidEdges)
	}
	var out string
	if p.View == "journey" {
		out = m.sequence()
	} else {
		out = m.flowchart()
	}
	if n := utf8.RuneCountInString(out); n >= mermaidChars {
		return nil, refuse(hint, "the picture has %d characters, Mermaid takes less than %d", n, mermaidChars)
	}
	return []byte(out), nil
}

type mermaid struct {
	p     *Picture
	b     strings.Builder
	ids   map[string]string
	taken map[string]bool
	links int
	loud  map[string][]int // link style to the numbers of its lines
}

// id is the address with every other character as _, made unique. The trailing letter keeps it from being a word of
// Mermaid's own.
func (m *mermaid) id(element string) string {
	if id, ok := m.ids[element]; ok {
		return id
	}
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, element)
	if !strings.Contains(id, "_") || id[0] < 'A' {
		id = "n_" + id
	}
	base := id
	for i := 2; m.taken[id]; i++ {
		id = fmt.Sprintf("%s_%d", base, i)
	}
	m.taken[id] = true
	m.ids[element] = id
	return id
}

// mermaidText makes any text a label: whatever Mermaid or HTML may read as its own becomes a character code.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range oneLine(s) {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("#quot;")
		case strings.ContainsRune("#;:%`\\{}[]()|@$*_~'", r) && r != '_':
			fmt.Fprintf(&b, "#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plainText is for title and description, where Mermaid knows no character codes: what it could read goes.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("#;%<>{}`\"\\", r) {
			return '_'
		}
		return r
	}, strings.NewReplacer("%", " per cent", ";", ",").Replace(oneLine(s)))
}

var mermaidClasses = []struct{ name, style string }{
	{"client", "fill:" + theme.Client + ",stroke:" + theme.Client + ",color:#ffffff"},
	{"gateway", "fill:" + theme.Gate + ",stroke:" + theme.GateLine + ",color:" + theme.Ink},
	{"service", "fill:#ffffff,stroke:" + theme.CardLine + ",color:" + theme.Ink},
	{"legacy", "fill:" + theme.Legacy + ",stroke:" + theme.LegacyLine + ",color:" + theme.Ink},
	{"store", "fill:" + theme.Store + ",stroke:" + theme.StoreLine + ",color:" + theme.Ink},
	{"msg", "fill:" + theme.Msg + ",stroke:" + theme.MsgLine + ",color:" + theme.Ink},
	{"ext", "fill:" + theme.Ext + ",stroke:" + theme.ExtLine + ",color:" + theme.Ink + ",stroke-width:3px"},
	{"group", "fill:" + theme.Neutral + ",stroke:" + theme.CardLine + ",color:" + theme.Ink + ",stroke-width:2px"},
	{"critical", "fill:#fbe9ee,stroke:" + theme.Crit + ",color:" + theme.Ink + ",stroke-width:3px"},
	{"high", "fill:#fdeee3,stroke:" + theme.High + ",color:" + theme.Ink + ",stroke-width:2.5px"},
	{"medium", "fill:" + theme.Med2 + ",stroke:" + theme.Med + ",color:" + theme.Ink + ",stroke-width:2px"},
	{"marked", "fill:" + theme.Add2 + ",stroke:" + theme.Add + ",color:" + theme.Ink + ",stroke-width:3px"},
}

// Lines in middle tones: they reach 3:1 on white and on the dark page of the common hosts.
var mermaidLinks = map[Tone]string{
	CriticalTone: "stroke:#d6336c,stroke-width:3px", HighTone: "stroke:#d9630a,stroke-width:2.5px",
	MediumTone: "stroke:#a37a00,stroke-width:2px", Marked: "stroke:#2b7de0,stroke-width:3px",
}

const mermaidMessage = "stroke:#8f6fd0,stroke-width:1.5px"

func (m *mermaid) flowchart() string {
	p := m.p
	m.loud = map[string][]int{}
	fmt.Fprintf(&m.b, "flowchart %s\n  accTitle: %s\n  accDescr: %s\n", p.Direction, plainText(p.Title), plainText(p.Desc))
	classes := map[string]bool{}
	m.group("", "  ", classes)
	for _, e := range p.Edges {
		if !e.Hidden {
			m.edge(e)
		}
	}
	for _, c := range mermaidClasses {
		if classes[c.name] {
			fmt.Fprintf(&m.b, "  classDef %s %s\n", c.name, c.style)
		}
	}
	for _, g := range p.Groups {
		fmt.Fprintf(&m.b, "  style %s fill:transparent,stroke:#7a8796\n", m.id(g.ID))
	}
	if m.links > 0 {
		m.b.WriteString("  linkStyle default stroke:#7a8796,stroke-width:1.5px\n")
	}
	for _, style := range sortedKeys(m.loud) {
		var n []string
		for _, i := range m.loud[style] {
			n = append(n, fmt.Sprint(i))
		}
		fmt.Fprintf(&m.b, "  linkStyle %s %s\n", strings.Join(n, ","), style)
	}
	return m.b.String()
}

// group writes what stands directly in a group, and the groups inside it.
func (m *mermaid) group(id, indent string, classes map[string]bool) {
	placed := map[string]bool{}
	for _, n := range m.p.Nodes {
		if n.Group == id {
			class := classOf(n)
			classes[class] = true
			open, closing := bracketsOf(n.Shape)
			fmt.Fprintf(&m.b, "%s%s%s\"%s\"%s:::%s\n", indent, m.id(n.ID), open, m.nodeText(n), closing, class)
			continue
		}
		if g := m.p.groupUnder(id, n.Group); g != nil && !placed[g.ID] {
			placed[g.ID] = true
			fmt.Fprintf(&m.b, "%ssubgraph %s[\"%s\"]\n", indent, m.id(g.ID), mermaidText(middle(g.Label, 60))+badgeText(g.Badges))
			m.group(g.ID, indent+"  ", classes)
			m.b.WriteString(indent + "end\n")
		}
	}
}

func (m *mermaid) nodeText(n *Node) string {
	name := middle(n.Name, maxName)
	if name == "" {
		name = "(no name)"
	}
	out := "<b>" + mermaidText(name) + "</b><br/>" + mermaidText(n.Kind)
	facts := 0
	if m.p.heat {
		facts = 1
	}
	if slices.ContainsFunc(n.Badges, func(b Badge) bool { return b.Look <= LookQuestion }) {
		facts = 3 // what was found may take three lines
	}
	for _, f := range n.Facts[:min(facts, len(n.Facts))] {
		out += "<br/>" + mermaidText(cut(f.Text, maxFact+4))
	}
	return out + badgeText(n.Badges)
}

// badgeText is what badges say: what was found first, what is in place last.
func badgeText(badges []Badge) string {
	var words []string
	for _, b := range badges {
		words = append(words, mermaidText(cut(b.Text, b.limit())))
	}
	if len(words) == 0 {
		return ""
	}
	if len(words) > 4 {
		words = append(words[:3], fmt.Sprintf("+%d", len(words)-3))
	}
	return "<br/>" + strings.Join(words, ", ")
}

func (m *mermaid) edge(e *Edge) {
	arrow := "-->"
	switch {
	case e.Tone == CriticalTone && e.Kind != Message:
		arrow = "==>"
	case e.Kind == Message:
		arrow = "-.->"
	}
	words := []string{}
	if t := cut(e.Name.Text, maxFact+4); t != "" {
		words = append(words, mermaidText(t))
	}
	for _, f := range e.Facts {
		words = append(words, mermaidText(cut(f.Text, maxFact+4)))
	}
	label := ""
	if text := strings.TrimPrefix(strings.Join(words, "<br/>")+badgeText(e.Badges), "<br/>"); text != "" {
		label = `|"` + text + `"|`
	}
	fmt.Fprintf(&m.b, "  %s %s%s %s\n", m.id(e.From), arrow, label, m.id(e.To))
	if style, ok := mermaidLinks[e.Tone]; ok {
		m.loud[style] = append(m.loud[style], m.links)
	} else if e.Kind == Message {
		m.loud[mermaidMessage] = append(m.loud[mermaidMessage], m.links)
	}
	m.links++
}

func classOf(n *Node) string {
	switch n.Tone {
	case CriticalTone:
		return "critical"
	case HighTone:
		return "high"
	case MediumTone:
		return "medium"
	case Marked:
		return "marked"
	}
	switch n.Shape {
	case ShapeClient:
		return "client"
	case ShapeGateway, ShapeSystem:
		return "gateway"
	case ShapeLegacy:
		return "legacy"
	case ShapeStore:
		return "store"
	case ShapeTopic, ShapeQueue, ShapeBroker:
		return "msg"
	case ShapeExternal, ShapeRegistry:
		return "ext"
	case ShapeGroup:
		return "group"
	}
	return "service"
}

func bracketsOf(s Shape) (open, closing string) {
	switch s {
	case ShapeClient:
		return "([", "])"
	case ShapeGateway:
		return "[[", "]]"
	case ShapeStore:
		return "[(", ")]"
	case ShapeTopic, ShapeBroker:
		return "[/", "/]"
	case ShapeQueue:
		return ">", "]"
	case ShapeService, ShapeLegacy, ShapeSystem:
		return "(", ")"
	}
	return "[", "]"
}

// sequence writes a journey as messages in the order of its steps.
func (m *mermaid) sequence() string {
	p := m.p
	fmt.Fprintf(&m.b, "sequenceDiagram\n  accTitle: %s\n  accDescr: %s\n", plainText(p.Title), plainText(p.Desc))
	edges := slices.Clone(p.Edges)
	slices.SortStableFunc(edges, func(a, b *Edge) int { return a.Step - b.Step })
	seen := map[string]bool{}
	for _, e := range edges {
		for _, id := range []string{e.From, e.To} {
			if n := p.node(id); n != nil && !seen[id] && !e.Hidden {
				seen[id] = true
				word := "participant"
				if n.Shape == ShapeClient {
					word = "actor"
				}
				fmt.Fprintf(&m.b, "  %s %s as %s\n", word, m.id(id), mermaidText(middle(n.Name, maxName)+", "+n.Kind))
			}
		}
	}
	for _, e := range edges {
		if e.Hidden {
			continue
		}
		arrow := "->>"
		if e.Kind == Message {
			arrow = "-)"
		}
		var words []string
		for _, f := range e.Facts {
			words = append(words, cut(f.Text, maxFact+4))
		}
		for _, b := range e.Badges {
			words = append(words, cut(b.Text, b.limit()))
		}
		text := cut(e.Name.Text, maxFact+4)
		if len(words) > 0 {
			text += ", " + strings.Join(words, ", ")
		}
		fmt.Fprintf(&m.b, "  %s%s%s: %s\n", m.id(e.From), arrow, m.id(e.To), mermaidText(text))
	}
	return m.b.String()
}
