package diagram

import (
	"fmt"
	"strings"

	"github.com/archcheck/archcheck/analyzer/diagram/font"
)

// Reserve is the room that a label takes at least: pictures to compare put every part at the same place if both halves
// reserve the room of the larger one.
type Reserve struct {
	Width  float64 // of the widest line in pixels
	Height int     // of texts and badges below the name
}

// Heights of one line of text and of one row of badges within a label.
const (
	textHeight  = 15
	nodePills   = 26
	edgePills   = 21
	pillPadding = 14
)

// measure is the room of a label with this name, texts and badges.
func measure(name string, facts []Text, badges []Badge, node bool) Reserve {
	size, bold, limit := float64(small), false, maxFact+4
	if node {
		size, bold, limit = large, true, maxName
	}
	r := Reserve{Width: font.Width(middle(name, limit), size, bold)}
	for _, f := range facts {
		r.Width = max(r.Width, font.Width(cut(f.Text, maxFact+4), small, true))
		r.Height += textHeight
	}
	shown := badges
	if len(shown) > 4 {
		shown = shown[:4]
	}
	for i := 0; i < len(shown); {
		n := 1
		if node && i+1 < len(shown) && pairs(shown[i], shown[i+1]) {
			n = 2
		}
		w := 0.0
		for _, b := range shown[i : i+n] {
			w += font.Width(cut(b.Text, b.limit()), small, true) + pillPadding
		}
		r.Width = max(r.Width, w)
		if node {
			r.Height += nodePills
		} else {
			r.Height += edgePills
		}
		i += n
	}
	return r
}

// pairs reports whether two badges stand in one row of a node: what is longer makes its column wide.
func pairs(a, b Badge) bool { return len(a.Text)+len(b.Text) <= 17 }

func larger(a, b Reserve) Reserve {
	return Reserve{max(a.Width, b.Width), max(a.Height, b.Height)}
}

// filler is a row that widens and heightens a label from its own room to the reserved one; empty where nothing is
// reserved.
func (r Reserve) filler(own Reserve) string {
	if r == (Reserve{}) {
		return ""
	}
	return strings.TrimSuffix(row(fmt.Sprintf(`<TD WIDTH="%d" HEIGHT="%d" CELLPADDING="0"></TD>`, int(r.Width)+6, max(1, r.Height-own.Height+1))), "\n")
}
