package font_test

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram/font"
	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
)

func TestWidth(t *testing.T) {
	for _, tc := range []struct {
		text string
		size float64
		bold bool
		want float64 // em widths added by hand
	}{
		{"", 11, false, 0},
		{"write", 11, false, 11 * (.722 + .333 + .222 + .278 + .556)},
		{"H RES-035", 11, true, 11 * (.722 + .278 + .722 + .667 + .667 + .333 + 3*.556)},
		{"a\u00a0b", 10, false, 10 * (.556 + .278 + .556)},
		{"日本", 14, false, 28},
		{"é", 10, false, 6},
		{"e\u0301", 10, false, 5.56},
		{"🚀", 10, true, 10},
	} {
		if got := font.Width(tc.text, tc.size, tc.bold); math.Abs(got-tc.want) > 1e-9 {
			t.Errorf("Width(%q, %v, %v) = %v, want %v", tc.text, tc.size, tc.bold, got, tc.want)
		}
	}
}

// Graphviz carries its own copy of the metrics. Both must agree, or text would
// be stretched or squeezed in the boxes laid out for it.
func TestWidthsAreGraphviz(t *testing.T) {
	var dot strings.Builder
	dot.WriteString(`digraph { node [shape=box, margin=0, width=0, height=0, fontname="Helvetica", fontsize=100, penwidth=0];` + "\n")
	id := func(c byte, bold bool) string { return fmt.Sprintf("c%d%v", c, bold) }
	for c := byte('!'); c <= '~'; c++ {
		for _, bold := range []bool{false, true} {
			text := fmt.Sprintf("&#%d;", c)
			if bold {
				text = "<B>" + text + "</B>"
			}
			fmt.Fprintf(&dot, "%s [id=%s, label=<%s>];\n", id(c, bold), id(c, bold), text)
		}
	}
	dot.WriteString("}")
	box := regexp.MustCompile(`id="(\w+)"[^\0]*?points="(-?[\d.]+),[^ ]* (-?[\d.]+),`)
	found := map[string]float64{}
	for _, group := range strings.Split(string(rendertest.SVG(t, []byte(dot.String()))), "<g ") {
		if m := box.FindStringSubmatch(group); m != nil {
			right, _ := strconv.ParseFloat(m[2], 64)
			left, _ := strconv.ParseFloat(m[3], 64)
			found[m[1]] = right - left
		}
	}
	for c := byte('!'); c <= '~'; c++ {
		for _, bold := range []bool{false, true} {
			want, got := font.Width(string(c), 100, bold), found[id(c, bold)]
			// Graphviz counts in 2048ths of an em and writes two decimals.
			if math.Abs(got-want) > 0.06 {
				t.Errorf("%q bold=%v: width %.2f, Graphviz's box %.2f", c, bold, want, got)
			}
		}
	}
}
