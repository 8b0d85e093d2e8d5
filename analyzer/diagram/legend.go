package diagram

import (
	"fmt"
	"math"
	"strings"

	"github.com/archcheck/archcheck/analyzer/diagram/font"
	"github.com/archcheck/archcheck/analyzer/diagram/theme"
)

// entry is one symbol of the legend with its meaning.
type entry struct {
	symbol string // HTML of a cell's content
	width  float64
	text   string
}

// titleLabel is title, subtitle and the legend of the symbols that the picture uses: they travel with a copy of it.
func (p *Picture) titleLabel() string { return heading(p.Title, p.Subtitle, p.legend()) }

// heading is a title, lines below it, and a legend.
func heading(title string, subtitle []string, symbols []entry) string {
	widest := font.Width(title, huge, true)
	rows := []string{cell(left, title, huge, theme.Ink, true)}
	for _, s := range subtitle {
		for _, line := range lines(s, 130) {
			widest = math.Max(widest, font.Width(line, medium, false))
			rows = append(rows, cell(left, line, medium, theme.Muted, false))
		}
	}
	legend := strips(symbols)
	for _, strip := range legend {
		widest = math.Max(widest, widthOfStrip(strip))
	}
	for _, strip := range legend {
		rows = append(rows, "<TD"+left+` HEIGHT="30">`+stripHTML(strip, widest)+"</TD>") // as high with pills as without
	}
	rows = append(rows, `<TD HEIGHT="10"></TD>`)
	var b strings.Builder
	fmt.Fprintf(&b, table, 2)
	for _, r := range rows {
		b.WriteString(row(r))
	}
	b.WriteString("</TABLE>")
	return b.String()
}

// stripWidth is how wide one row of the legend may be.
const stripWidth = 860

// strips lays the entries out in rows.
func strips(entries []entry) [][]entry {
	var out [][]entry
	width := 0.0
	for _, e := range entries {
		w := e.width + font.Width(e.text, small, false) + 20
		if len(out) == 0 || width+w > stripWidth {
			out = append(out, nil)
			width = 0
		}
		width += w
		out[len(out)-1] = append(out[len(out)-1], e)
	}
	return out
}

func widthOfStrip(entries []entry) (width float64) {
	for _, e := range entries {
		width += e.width + font.Width(e.text, small, false) + 19
	}
	return width
}

func stripHTML(entries []entry, widest float64) string {
	var b strings.Builder
	b.WriteString(`<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="5" CELLPADDING="0"><TR>`)
	for i, e := range entries {
		if i > 0 {
			b.WriteString(`<TD WIDTH="4"></TD>`)
		}
		b.WriteString("<TD>" + e.symbol + "</TD>" + cell("", e.text, small, theme.Muted, false))
	}
	if rest := int(widest - widthOfStrip(entries)); rest > 0 {
		fmt.Fprintf(&b, `<TD WIDTH="%d"></TD>`, rest) // or Graphviz spreads the strip over the whole title
	}
	b.WriteString("</TR></TABLE>")
	return b.String()
}

// lineSample is a short line: a cell with its lower border over a filler of the same height.
func lineSample(color, style string, width int, text string) entry {
	if style != "" {
		style = fmt.Sprintf(` STYLE="%s"`, style)
	}
	html := fmt.Sprintf(table, 0) + row(fmt.Sprintf(`<TD WIDTH="26" HEIGHT="7" BORDER="%d" SIDES="B" COLOR="%s"%s></TD>`, width, color, style)) +
		row(`<TD HEIGHT="7"></TD>`) + "</TABLE>"
	return entry{html, 26, text}
}

func boxSample(fill, line, text string) entry {
	return entry{fmt.Sprintf(`<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" COLOR="%s" BGCOLOR="%s">`, line, fill) +
		row(`<TD WIDTH="18" HEIGHT="11"></TD>`) + "</TABLE>", 20, text}
}

func pillSample(b Badge, text string) entry {
	return entry{pillHTML(b), font.Width(" "+b.Text+" ", small, true) + 6, text}
}

// used is which symbols occur in a picture.
type used struct {
	kinds  map[LineKind]bool
	tones  map[Tone]bool // of lines
	looks  map[Badge]bool
	shapes map[Shape]bool
	heat   map[int]bool
	bold   bool
	counts bool
	zones  bool
	marked bool
}

func (p *Picture) used() used {
	u := used{map[LineKind]bool{}, map[Tone]bool{}, map[Badge]bool{}, map[Shape]bool{}, map[int]bool{}, false, false, false, false}
	badges := func(list []Badge) {
		for _, b := range list {
			k := Badge{Look: b.Look}
			if b.Look == LookFinding || b.Look == LookRisk {
				k = Badge{Look: LookFinding, Tone: b.Tone}
				if b.Look == LookRisk {
					u.looks[Badge{Look: LookRisk}] = true
				}
			}
			u.looks[k] = true
		}
	}
	for _, g := range p.Groups {
		badges(g.Badges)
		u.marked = u.marked || g.Marked
	}
	for _, n := range p.Nodes {
		u.shapes[n.Shape] = true
		u.heat[n.Heat] = true
		u.zones = u.zones || len(n.Zones) > 0
		u.marked = u.marked || n.Tone == Marked
		badges(n.Badges)
	}
	for _, e := range p.Edges {
		if e.Hidden {
			continue
		}
		u.kinds[e.Kind] = true
		u.tones[e.Tone] = true
		u.bold = u.bold || e.Bold
		u.counts = u.counts || e.Count > 1
		u.marked = u.marked || e.Tone == Marked
		badges(e.Badges)
	}
	return u
}

// legend lists the symbols that occur, in a fixed order.
func (p *Picture) legend() []entry {
	u := p.used()
	var out []entry
	add := func(on bool, e entry) {
		if on {
			out = append(out, e)
		}
	}
	for _, step := range []struct {
		heat int
		text string
	}{{4, "50 % and more of " + p.lost + " lost"}, {3, "25 to 49 %"}, {2, "10 to 24 %"}, {1, "below 10 %"}, {0, "none"}} {
		c := heatPaint(step.heat)
		if step.heat == 0 {
			c = paint{fill: theme.Neutral, line: theme.CardLine}
		}
		if step.heat == 0 && p.open {
			step.text = "none for certain"
		}
		add(p.heat && u.heat[step.heat] && (step.heat > 0 || u.cold(p)), boxSample(c.fill, c.line, step.text))
	}
	if u.zones {
		out = append(out, entry{zonesHTML([]int{2, 2}, theme.CardLine), 70, "replicas in each zone"})
	}
	add(u.shapes[ShapeClient] && p.View == "context", boxSample(theme.Client, theme.Client, "client"))
	add(u.shapes[ShapeSystem], boxSample(theme.Gate, theme.GateLine, "this system"))
	call := "call: the caller waits"
	if u.counts {
		call += ", wider: more calls"
	}
	add(u.kinds[Call] || u.kinds[Write] && !u.bold, lineSample(theme.Line, "", 1, call))
	add(u.bold, lineSample(theme.CardLine, "", 2, "write (filled arrow)"))
	add(u.kinds[Read], lineSample(theme.Line, "", 1, "read of a store (hollow arrow)"))
	message := "message: nobody waits"
	if p.View == "journey" {
		message = "publish: waits for the broker alone"
	}
	add(u.kinds[Message], lineSample(theme.MsgLine, "DASHED", 1, message))
	for _, s := range []struct {
		tone Tone
		text string
		w    int
	}{{CriticalTone, "critical", 3}, {HighTone, "high", 2}, {MediumTone, "medium", 2}, {LowTone, "low", 1}} {
		k := Badge{Look: LookFinding, Tone: s.tone}
		letter := strings.ToUpper(s.text[:1])
		add(u.looks[k], pillSample(Badge{LookFinding, s.tone, letter + " RULE"}, s.text))
		add(!u.looks[k] && u.tones[s.tone] && s.tone != LowTone, lineSample(s.tone.color(theme.Line), "", s.w, s.text))
	}
	add(u.looks[Badge{Look: LookFinding}], pillSample(Badge{LookFinding, Plain, "I RULE"}, "info"))
	add(u.looks[Badge{Look: LookRisk}], pillSample(Badge{LookRisk, MediumTone, "M? RULE"}, "rests on an assumption"))
	add(u.looks[Badge{Look: LookAdd}], pillSample(Badge{LookAdd, Plain, "+ pattern"}, "to add"))
	add(u.looks[Badge{Look: LookChange}], pillSample(Badge{LookChange, Plain, "~ value"}, "to change"))
	add(u.looks[Badge{Look: LookWaived}], pillSample(Badge{LookWaived, Plain, "RULE"}, "waived"))
	add(u.looks[Badge{Look: LookQuestion}], pillSample(Badge{LookQuestion, Plain, "?"}, "open question"))
	add(u.looks[Badge{Look: LookPattern}], pillSample(Badge{LookPattern, Plain, "pattern"}, "in place"))
	add(u.looks[Badge{Look: LookData}], pillSample(Badge{LookData, Plain, "pii"}, "class of data"))
	if p.tint {
		add(u.shapes[ShapeExternal], boxSample(theme.Ext, theme.ExtLine, "external (double border)"))
		add(u.shapes[ShapeLegacy], boxSample(theme.Legacy, theme.LegacyLine, "legacy"))
	} else {
		add(u.shapes[ShapeExternal] && !p.heat, boxSample(theme.Neutral, theme.CardLine, "double border: external"))
	}
	add(u.shapes[ShapeGroup], boxSample(theme.Neutral, theme.CardLine, "collapsed (depth)"))
	add(u.marked, lineSample(theme.Add, "", 3, "highlighted"))
	return out
}

// cold reports whether a part other than a client has no heat.
func (u used) cold(p *Picture) bool {
	for _, n := range p.Nodes {
		if n.Heat == 0 && n.Shape != ShapeClient {
			return true
		}
	}
	return false
}
