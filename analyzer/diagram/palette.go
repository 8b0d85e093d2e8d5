package diagram

import "github.com/archcheck/archcheck/analyzer/diagram/theme"

// color is the ink of a tone, quiet for plain ones.
func (t Tone) color(quiet string) string {
	switch t {
	case LowTone:
		return theme.Low
	case MediumTone:
		return theme.Med
	case HighTone:
		return theme.High
	case CriticalTone:
		return theme.Crit
	case Marked:
		return theme.Add
	case OKTone:
		return theme.OK
	}
	return quiet
}

// width is the outline and line width of a tone: severity is never colour alone.
func (t Tone) width() string {
	switch t {
	case CriticalTone, Marked:
		return "3"
	case HighTone:
		return "2.4"
	case MediumTone:
		return "2"
	}
	return "1.4"
}

// outlines reports whether a tone shows in the outline; a low finding has its badge only.
func (t Tone) outlines() bool { return t != Plain && t != LowTone && t != OKTone }

// paint is how a node looks: fill, outline and the two inks of its text.
type paint struct{ fill, line, ink, muted string }

// paintOf gives a node its colours; overlays keep shapes and words and drop the tints of kinds.
func (p *Picture) paintOf(n *Node) paint {
	out := paint{theme.Card, theme.CardLine, theme.Ink, theme.Muted}
	switch n.Shape {
	case ShapeClient:
		out = paint{theme.Client, theme.Client, theme.OnDark, theme.OnDark}
	case ShapeService, ShapeGroup:
	default:
		out.fill = theme.Neutral
		if p.tint {
			out.fill, out.line = tintOf(n.Shape)
		}
	}
	if n.Shape == ShapeGroup {
		out.fill = theme.Neutral
	}
	switch {
	case p.heat && n.Heat > 0:
		out = heatPaint(n.Heat)
		if n.Tone == Marked {
			out.line = theme.Add
		}
	case n.Tone.outlines():
		out.line = n.Tone.color(out.line)
	}
	return out
}

func tintOf(s Shape) (fill, line string) {
	switch s {
	case ShapeLegacy:
		return theme.Legacy, theme.LegacyLine
	case ShapeGateway, ShapeSystem:
		return theme.Gate, theme.GateLine
	case ShapeStore:
		return theme.Store, theme.StoreLine
	case ShapeTopic, ShapeQueue, ShapeBroker:
		return theme.Msg, theme.MsgLine
	}
	return theme.Ext, theme.ExtLine
}

// heatOf is the step of a share of requests lost: 1 below 10 %, 2 to 24, 3 to 49, 4 from 50 % on.
func heatOf(share float64) int {
	switch {
	case share <= 0:
		return 0
	case share < 0.10:
		return 1
	case share < 0.25:
		return 2
	case share < 0.50:
		return 3
	}
	return 4
}

func heatPaint(step int) paint {
	switch step {
	case 1:
		return paint{theme.Heat1, theme.Med, theme.Ink, theme.Ink}
	case 2:
		return paint{theme.Heat2, theme.High, theme.Ink, theme.Ink}
	case 3:
		return paint{theme.Heat3, theme.High, theme.Ink, theme.Ink}
	}
	return paint{theme.Heat4, theme.Crit, theme.OnDark, theme.OnDark}
}

// pill is how a badge looks.
type pill struct {
	fill, line, ink, style string
	bold                   bool
}

func pillOf(b Badge) pill {
	switch b.Look {
	case LookFinding, LookRisk:
		switch b.Tone {
		case CriticalTone:
			return pill{theme.Crit, theme.Crit, theme.OnDark, "ROUNDED", true}
		case HighTone:
			return pill{theme.High, theme.High, theme.OnDark, "ROUNDED", true}
		case MediumTone:
			return pill{theme.Med2, theme.Med, theme.Med, "ROUNDED", false}
		}
		return pill{theme.Low2, theme.Low, theme.Low, "ROUNDED", false}
	case LookAdd:
		return pill{theme.Add2, theme.Add, theme.Add, "ROUNDED,DASHED", false}
	case LookChange:
		return pill{theme.Chg2, theme.Chg, theme.Chg, "ROUNDED", false}
	case LookWaived:
		return pill{theme.Low2, theme.Low, theme.Low, "ROUNDED,DOTTED", false}
	case LookQuestion:
		return pill{theme.Low2, theme.Low, theme.Low, "ROUNDED", false}
	case LookData:
		return pill{theme.Canvas, theme.Ink, theme.Ink, "ROUNDED", false}
	}
	return pill{theme.Pill, theme.PillLine, theme.Ink, "ROUNDED", false}
}
