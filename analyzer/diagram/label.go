package diagram

import (
	"fmt"
	"math"
	"strings"

	"github.com/archcheck/archcheck/analyzer/diagram/font"
	"github.com/archcheck/archcheck/analyzer/diagram/theme"
)

// Sizes of type in pixels; nothing is smaller than small.
const (
	small  = 11
	medium = 12
	large  = 14
	huge   = 18
)

// table opens an HTML-like table without lines.
const table = `<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="%d">`

// ink is one run of text in a label. An empty text gives nothing: Graphviz refuses an empty FONT.
func ink(text string, size int, color string, bold bool) string {
	text = oneLine(text)
	if text == "" {
		return ""
	}
	text = escape(text)
	if bold {
		text = "<B>" + text + "</B>"
	}
	return fmt.Sprintf(`<FONT POINT-SIZE="%d" COLOR="%s">%s</FONT>`, size, color, text)
}

// cell is a table cell with one run of text, at least as wide as the text: Graphviz knows no widths beyond ASCII.
func cell(attrs, text string, size int, color string, bold bool) string {
	return "<TD" + attrs + widthOf(oneLine(text), size, bold) + ">" + ink(text, size, color, bold) + "</TD>"
}

func widthOf(text string, size int, bold bool) string {
	for _, r := range text {
		if r < ' ' || r > '~' {
			return fmt.Sprintf(` WIDTH="%d"`, int(math.Ceil(font.Width(text, float64(size), bold)))+2)
		}
	}
	return ""
}

func row(cells string) string { return "<TR>" + cells + "</TR>" }

const left = ` ALIGN="LEFT"`

// pillHTML is a badge as a table of its own.
func pillHTML(b Badge) string {
	p := pillOf(b)
	return fmt.Sprintf(`<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2" STYLE="%s" COLOR="%s" BGCOLOR="%s">`, p.style, p.line, p.fill) +
		row(cellPadded(cut(b.Text, b.limit()), p.ink, p.bold)) + "</TABLE>"
}

// cellPadded is a cell with a blank at each side of its text.
func cellPadded(text, color string, bold bool) string {
	t := escape(text)
	if bold {
		t = "<B> " + t + " </B>"
	} else {
		t = " " + t + " "
	}
	return fmt.Sprintf(`<TD%s><FONT POINT-SIZE="%d" COLOR="%s">%s</FONT></TD>`, widthOf(" "+text+" ", small, bold), small, color, t)
}

// badgeRows lays badges out, two in a row where they are short; the number beyond four is said.
func badgeRows(badges []Badge) []string {
	shown := badges
	if len(badges) > 4 {
		shown = append(append([]Badge{}, badges[:3]...), Badge{Look: LookPattern, Text: fmt.Sprintf("+%d", len(badges)-3)})
	}
	var rows []string
	for i := 0; i < len(shown); {
		n := 1
		if i+1 < len(shown) && pairs(shown[i], shown[i+1]) {
			n = 2
		}
		var b strings.Builder
		b.WriteString(`<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="0"><TR>`)
		for _, x := range shown[i : i+n] {
			b.WriteString("<TD>" + pillHTML(x) + "</TD>")
		}
		b.WriteString("</TR></TABLE>")
		rows = append(rows, b.String())
		i += n
	}
	return rows
}

// nodeLabel is the label of a node: kind, name, facts, zones, badges, and the ornaments of its shape.
func (p *Picture) nodeLabel(n *Node) string {
	c := p.paintOf(n)
	var rows []string
	if n.Kind != "" {
		rows = append(rows, cell(left, n.Kind, small, c.muted, false))
	}
	name := middle(n.Name, maxName)
	if name == "" {
		name = "(no name)"
	}
	rows = append(rows, cell(left, name, large, c.ink, true))
	for _, f := range n.Facts {
		if text := cut(f.Text, maxFact+4); text != "" {
			color := f.Tone.color(c.muted)
			size := small
			if p.heat && f.Bold {
				size, color = medium, c.ink
			}
			rows = append(rows, cell(left, text, size, color, f.Bold))
		}
	}
	if len(n.Zones) > 0 {
		rows = append(rows, "<TD"+left+">"+zonesHTML(n.Zones, c.ink)+"</TD>")
	}
	for _, r := range badgeRows(n.Badges) {
		rows = append(rows, "<TD"+left+">"+r+"</TD>")
	}
	var b strings.Builder
	fmt.Fprintf(&b, table, 1)
	for _, r := range rows {
		b.WriteString(row(r))
	}
	b.WriteString(n.Reserve.filler(measure(n.Name, n.Facts, n.Badges, true)))
	b.WriteString("</TABLE>")
	return ornament(n.Shape, b.String(), c.line)
}

// zonesHTML draws one square for each replica, zone by zone; beyond four in a zone the number is written.
func zonesHTML(zones []int, color string) string {
	var b strings.Builder
	b.WriteString(`<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="1" CELLPADDING="0"><TR>`)
	for i, n := range zones {
		b.WriteString(cell("", fmt.Sprintf("z%d", i+1), small, color, false))
		if n > 4 || len(zones) > 4 {
			b.WriteString(cell("", fmt.Sprintf("x%d", n), small, color, true))
			continue
		}
		b.WriteString(`<TD><TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="0"><TR>`)
		for range n {
			fmt.Fprintf(&b, `<TD WIDTH="8" HEIGHT="8" FIXEDSIZE="TRUE" BGCOLOR="%s"></TD>`, color)
		}
		b.WriteString("</TR></TABLE></TD>")
	}
	b.WriteString("</TR></TABLE>")
	return b.String()
}

// ornament adds what tells a gateway, a topic and a queue from a box: posts, lanes and bars.
func ornament(s Shape, inner, line string) string {
	var b strings.Builder
	switch s {
	case ShapeGateway:
		fmt.Fprintf(&b, table, 0)
		post := fmt.Sprintf(`<TD WIDTH="6" BGCOLOR="%s"></TD>`, line)
		b.WriteString(row(post + `<TD CELLPADDING="7">` + inner + "</TD>" + post))
	case ShapeTopic, ShapeBroker:
		fmt.Fprintf(&b, table, 0)
		b.WriteString(row(`<TD CELLPADDING="7"` + left + `>` + inner + "</TD>"))
		lane := row(fmt.Sprintf(`<TD HEIGHT="3" BGCOLOR="%s"></TD>`, line))
		gap := row(`<TD HEIGHT="3"></TD>`)
		b.WriteString(lane + gap + lane + gap + lane)
	case ShapeQueue:
		fmt.Fprintf(&b, table, 0)
		bar := fmt.Sprintf(`<TD WIDTH="5" BGCOLOR="%s"></TD>`, line)
		gap := `<TD WIDTH="3"></TD>`
		b.WriteString(row(`<TD CELLPADDING="7">` + inner + "</TD>" + bar + gap + bar + gap + bar))
	default:
		return inner
	}
	b.WriteString("</TABLE>")
	return b.String()
}

// edgeLabel is the label of a line: name, facts, badges, with air at its sides; empty where there is nothing to say.
func edgeLabel(e *Edge) string {
	var rows []string
	if t := cut(e.Name.Text, maxFact+4); t != "" {
		rows = append(rows, cell("", t, small, e.Name.Tone.color(theme.Ink), e.Name.Bold))
	}
	for _, f := range e.Facts {
		if t := cut(f.Text, maxFact+4); t != "" {
			rows = append(rows, cell("", t, small, f.Tone.color(theme.Muted), f.Bold))
		}
	}
	shown := e.Badges
	if len(shown) > 3 {
		shown = append(append([]Badge{}, shown[:2]...), Badge{Look: LookPattern, Text: fmt.Sprintf("+%d", len(e.Badges)-2)})
	}
	for _, x := range shown {
		rows = append(rows, "<TD>"+pillHTML(x)+"</TD>")
	}
	if len(rows) == 0 && e.Reserve == (Reserve{}) {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, table, 1)
	for _, r := range rows {
		b.WriteString(row(`<TD WIDTH="4"></TD>` + r + `<TD WIDTH="4"></TD>`))
	}
	if f := e.Reserve.filler(measure(e.Name.Text, e.Facts, e.Badges, false)); f != "" {
		b.WriteString(strings.Replace(f, "<TR>", `<TR><TD WIDTH="4"></TD>`, 1))
	}
	b.WriteString(row(`<TD HEIGHT="3"></TD>`) + "</TABLE>")
	return b.String()
}
