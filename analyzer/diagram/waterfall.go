package diagram

import (
	"fmt"
	"math"
	"strings"

	"github.com/archcheck/archcheck/analyzer/diagram/theme"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
)

// barWidth is the width of the widest bar in pixels, maxRows how many waits a table has.
const (
	barWidth = 750
	maxRows  = 24
)

// waterfall is the table of waits with all tries used.
func (d *drawing) waterfall(w *journeyWalk, j *facts.JourneyFacts) *Waterfall {
	out := &Waterfall{Heading: "Worst case, all tries used"}
	if j.LatencyObjective.HasValue() {
		out.Goal = j.LatencyObjective.V
		out.Max = out.Goal
	}
	for _, x := range w.order {
		if x.line.call == nil || x.facts == nil {
			continue
		}
		if len(out.Rows) == maxRows {
			out.Heading += fmt.Sprintf(" (the first %d waits)", maxRows)
			break
		}
		r := Wait{Depth: x.depth, Text: d.s.labelOf(x.line.from) + " waits for " + d.s.labelOf(x.line.to), Waits: "no limit"}
		f := x.facts
		if f.CallWaits.Limit.HasValue() {
			r.Waits = millis(f.CallWaits.Limit.V)
			tries := 1.0
			if f.AppAttempts.HasValue() && f.AppAttempts.V >= 1 {
				tries = math.Min(f.AppAttempts.V, 10)
			}
			if tries > 1 {
				r.Waits += " x " + number(tries)
			}
			r.Bars = bars(x.start, f.CallWaits.Limit.V, int(tries), x.line.call.Retry)
			out.Max = math.Max(out.Max, r.Bars[len(r.Bars)-1].To)
		}
		r.Verdict, r.Tone = "ok", OKTone
		switch short, ok := tooShort(f); {
		case !f.CallWaits.Limit.HasValue():
			r.Verdict, r.Tone = "no limit", d.toneAt(x.line.addr, MediumTone)
		case ok && short > 0:
			r.Verdict, r.Tone = "too short", d.toneAt(x.line.addr, MediumTone)
		}
		if f.CalleeWorst.HasValue() && f.CalleeWorst.V > 0 {
			r.Needs = millis(f.CalleeWorst.V)
		}
		out.Rows = append(out.Rows, r)
	}
	if len(out.Rows) == 0 || out.Max <= 0 {
		return nil
	}
	out.Scale = barWidth / out.Max
	return out
}

// bars are the tries of one wait: blocks as long as the limit with the backoff between them.
func bars(start, limit float64, tries int, retry model.Value[*model.Retry]) []Bar {
	pause, factor, most := 0.0, 1.0, math.Inf(1)
	if r := retry; r.Has() && r.V != nil {
		if r.V.InitialBackoff.Has() {
			pause = float64(r.V.InitialBackoff.V.Milliseconds())
		}
		if !r.V.Backoff.Has() || r.V.Backoff.V == "exponential" {
			factor = r.V.Multiplier.Or(2)
		}
		if r.V.MaxBackoff.Has() {
			most = float64(r.V.MaxBackoff.V.Milliseconds())
		}
	}
	var out []Bar
	for range tries {
		out = append(out, Bar{start, start + limit})
		start += limit + math.Min(pause, most)
		pause *= factor
	}
	return out
}

// waterfallLabel is the table as the label of the graph.
func (p *Picture) waterfallLabel() string {
	w := p.Waterfall
	var b strings.Builder
	b.WriteString(`<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="2">`)
	b.WriteString(row(cell(left, w.Heading, medium, theme.Ink, true) + cell(left, "caller waits", small, theme.Muted, false) +
		cell(left, "callee needs", small, theme.Muted, false) + "<TD></TD><TD" + left + ">" + w.axis() + "</TD>"))
	for _, r := range w.Rows {
		verdict := cell(left, r.Verdict, small, r.Tone.color(theme.Ink), true)
		if r.Tone != OKTone {
			verdict = "<TD" + left + ">" + pillHTML(Badge{LookFinding, r.Tone, r.Verdict}) + "</TD>"
		}
		b.WriteString(row(indented(r.Text, r.Depth) + cell(left, r.Waits, small, theme.Ink, true) +
			cell(left, r.Needs, small, theme.Muted, false) + verdict + "<TD" + left + ">" + w.bar(r) + "</TD>"))
	}
	b.WriteString("</TABLE>")
	return b.String()
}

// indented is the text of a wait below the ones that it is part of.
func indented(text string, depth int) string {
	text = strings.Repeat("&#160;", 4*min(depth, 8)) + escape(middle(text, 60))
	return fmt.Sprintf(`<TD%s><FONT POINT-SIZE="%d" COLOR="%s">%s</FONT></TD>`, left, small, theme.Ink, text)
}

// bar draws the tries of one row; a filler makes all rows equally wide.
func (w *Waterfall) bar(r Wait) string {
	color := theme.Line
	switch {
	case r.Tone.outlines():
		color = r.Tone.color(color)
	case r.Depth == 0:
		color = theme.CardLine
	}
	var b strings.Builder
	at := 0
	piece := func(to float64, color string) {
		end := int(math.Round(to * w.Scale))
		if end <= at {
			return
		}
		fill := ""
		if color != "" {
			fill = fmt.Sprintf(` BGCOLOR="%s"`, color)
		}
		fmt.Fprintf(&b, `<TD WIDTH="%d" HEIGHT="13" FIXEDSIZE="TRUE"%s></TD>`, end-at, fill)
		at = end
	}
	for _, x := range r.Bars {
		piece(x.From, "")
		piece(x.To, color)
	}
	piece(float64(barWidth)/w.Scale, "")
	return `<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"><TR>` + b.String() + "</TR></TABLE>"
}

// axis marks whole steps of time and the objective.
func (w *Waterfall) axis() string {
	step := 1000.0
	for _, s := range []float64{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000, 300000, 3600000} {
		if s*w.Scale >= 90 {
			step = s
			break
		}
	}
	var b strings.Builder
	for at := 0.0; at < w.Max; at += step {
		next := math.Min(at+step, w.Max)
		width := int(math.Round(next*w.Scale)) - int(math.Round(at*w.Scale))
		text, color, bold := millis(at), theme.Muted, false
		if w.Goal > 0 && w.Goal >= at && w.Goal < at+step {
			text, color, bold = millis(w.Goal)+" objective", theme.High, true
			if w.Goal != at {
				text = millis(at)
				color, bold = theme.Muted, false
			}
		}
		if width < 1 {
			continue
		}
		fmt.Fprintf(&b, `<TD WIDTH="%d" HEIGHT="16" BORDER="1" SIDES="L" COLOR="%s"%s>%s</TD>`, width, theme.Quiet, left, ink(text, small, color, bold))
	}
	return `<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1"><TR>` + b.String() + "</TR></TABLE>"
}
