package theme

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
)

var hex = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func TestEachColourHasOneRole(t *testing.T) {
	seen, roles := map[string]string{}, map[string]bool{}
	for _, tok := range Tokens {
		if other, ok := seen[tok.Light]; ok {
			t.Errorf("%s and %s are both %s", other, tok.Role, tok.Light)
		}
		if roles[tok.Role] {
			t.Errorf("role %s twice", tok.Role)
		}
		seen[tok.Light], roles[tok.Role] = tok.Role, true
		for _, c := range []string{tok.Light, tok.Dark} {
			if !hex.MatchString(c) {
				t.Errorf("%s: %q is not six lower-case hex digits", tok.Role, c)
			}
		}
		if tok.DarkFill != "" && !hex.MatchString(tok.DarkFill) {
			t.Errorf("%s: %q is not six lower-case hex digits", tok.Role, tok.DarkFill)
		}
	}
}

// luminance and contrast are WCAG 2.2's definitions of relative luminance and
// contrast ratio.
func luminance(colour string) float64 {
	var sum float64
	var rgb [3]int
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		return math.NaN()
	}
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(rgb[i]) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

func contrast(a, b string) float64 {
	l, m := luminance(a), luminance(b)
	return (max(l, m) + 0.05) / (min(l, m) + 0.05)
}

func TestContrastDefinition(t *testing.T) {
	// Black on white is 21 by definition; #767676 is the known lightest grey
	// that reaches 4.5 on white.
	if got := contrast("#000000", "#ffffff"); math.Abs(got-21) > 1e-9 {
		t.Errorf("black on white %v", got)
	}
	if contrast("#767676", "#ffffff") < 4.5 || contrast("#777777", "#ffffff") >= 4.5 {
		t.Error("the lightest readable grey on white is not #767676")
	}
}

func TestContrast(t *testing.T) {
	token := map[string]Token{}
	for _, tok := range Tokens {
		token[tok.Role] = tok
	}
	line := func(role string) [2]string { return [2]string{token[role].Light, token[role].Dark} }
	fill := func(role string) [2]string {
		if token[role].DarkFill != "" {
			return [2]string{token[role].Light, token[role].DarkFill}
		}
		return line(role)
	}
	need := func(over, under string, ratio float64) {
		t.Helper()
		for i, theme := range []string{"light", "dark"} {
			if got := contrast(line(over)[i], fill(under)[i]); !(got >= ratio) {
				t.Errorf("%s: %s on %s has %.2f:1, needs %.1f:1", theme, over, under, got, ratio)
			}
		}
	}
	for _, under := range strings.Fields("canvas group card neutral gate store msg ext legacy pill add2") {
		need("ink", under, 4.5)
		need("muted", under, 4.5)
	}
	for _, under := range strings.Fields("heat1 heat2 heat3") {
		need("ink", under, 4.5)
	}
	for _, under := range strings.Fields("client crit high heat4") {
		need("ondark", under, 4.5)
	}
	for _, on := range strings.Fields("med low add rem chg ok") {
		need(on, on+"2", 4.5)
	}
	for _, text := range strings.Fields("crit high med low add rem chg ok") {
		need(text, "canvas", 4.5)
		need(text, "group", 4.5)
		need(text, "card", 4.5)
		need(text, "neutral", 4.5)
	}
	for _, over := range strings.Fields("line quiet cardline gateline storeline msgline extline legacyline pillline heat4") {
		need(over, "canvas", 3)
		need(over, "group", 3)
	}
}

func TestDark(t *testing.T) {
	got := Dark(".d ", func(c string) bool { return c == Ink || c == Crit })
	want := `.d [fill="#1b2733"]{fill:#eef2f6}.d [stroke="#1b2733"]{stroke:#eef2f6}
.d [fill="#9b1034"]{fill:#b3183f}.d text[fill="#9b1034"],.d .edge polygon[fill="#9b1034"]{fill:#ff8fa3}.d [stroke="#9b1034"]{stroke:#ff8fa3}
.d .edge text[fill="#1b2733"],.d .edge text[fill="#4f5d6b"]{stroke:#151e28}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, tok := range Tokens {
		if !strings.Contains(Dark("", nil), tok.Light) {
			t.Errorf("%s has no rule", tok.Role)
		}
	}
}

// TestBoth: a page gets one rule per role and property with both colours, so that its color-scheme decides.
func TestBoth(t *testing.T) {
	css := Both(".x ")
	for _, want := range []string{
		`.x [fill="#1b2733"]{fill:light-dark(#1b2733,#eef2f6)}`,
		`.x [fill="#9b1034"]{fill:light-dark(#9b1034,#b3183f)}`, // a solid fill stays dark under its white text
		`.x text[fill="#9b1034"],.x .edge polygon[fill="#9b1034"]{fill:light-dark(#9b1034,#ff8fa3)}`,
		`.x .edge text[fill="#1b2733"],.x .edge text[fill="#4f5d6b"]{stroke:light-dark(#f5f7fa,#151e28)}`,
	} {
		if !strings.Contains(css, want+"\n") {
			t.Errorf("no rule %s", want)
		}
	}
	if n := strings.Count(css, "{stroke:"); n != len(Tokens)+1 {
		t.Errorf("%d rules for strokes, want one a role and the halo", n)
	}
}
