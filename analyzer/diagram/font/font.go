// Package font knows how wide text is in Helvetica, the one face of all
// diagrams.
//
// Layout runs without fonts, and readers have Helvetica, Arial, Liberation
// Sans or Arimo, whose letters have the same widths, or something else. So the
// widths are fixed here, from Adobe's font metrics of Helvetica and
// Helvetica-Bold; a picture states the width of each text and a reader's other
// face is condensed to it.
package font

import (
	"unicode"

	"golang.org/x/text/width"
)

// Stack is the CSS list of faces with the widths of this package, widest
// spread first.
const Stack = `Helvetica, Arial, "Liberation Sans", Arimo, "Nimbus Sans", sans-serif`

// Widths in thousandths of the font size of the characters U+0020 to U+007E.
var (
	regular = [95]uint16{
		278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to slash
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
		1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
		667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
		333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
		556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
	}
	bold = [95]uint16{
		278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
		975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
		667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
		333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
		611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
	}
)

// Estimates for characters beyond ASCII, which differ from face to face: a
// full em for the wide ones of East Asia and emoji, nothing for marks that
// combine and for controls, a bit more than a letter for the rest.
const (
	wideEm  = 1000
	otherEm = 600
)

// Width returns the width of one line of text at the given font size, in the
// unit of size. It is exact for ASCII and an estimate for other characters.
func Width(text string, size float64, isBold bool) float64 {
	table := &regular
	if isBold {
		table = &bold
	}
	var sum int
	for _, c := range text {
		switch {
		case c >= ' ' && c <= '~':
			sum += int(table[c-' '])
		case c == '\u00a0': // no-break space
			sum += int(table[0])
		case unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf, unicode.Cc):
		default:
			if k := width.LookupRune(c).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
				sum += wideEm
			} else {
				sum += otherEm
			}
		}
	}
	return float64(sum) * size / 1000
}
