// Package theme holds the colours of diagrams: one light colour per role, and
// what it becomes in the dark.
//
// DOT and SVG attributes carry the light colours. Because each stands for one
// role only, a style sheet can find an attribute by its value and replace it:
// no classes, no second picture, and a program that ignores style sheets shows
// the light theme.
package theme

import (
	"fmt"
	"strings"
)

// The light colour of each role.
const (
	Canvas    = "#ffffff" // page
	Group     = "#f5f7fa" // fill of a cluster
	GroupLine = "#aab6c2" // border of a cluster, decoration only

	Ink    = "#1b2733" // names
	Muted  = "#4f5d6b" // kinds and facts
	OnDark = "#fffffe" // text on client, crit, high and heat4

	Line  = "#66758a" // healthy edge
	Quiet = "#7a8796" // unchanged part of a difference

	Card     = "#fefefe" // service
	CardLine = "#3f4e60" // its outline; every neutral outline in overlays
	Neutral  = "#f4f6f8" // fill of every other kind in overlays

	Client     = "#2b3a4d"
	Gate       = "#e7eefb" // gateway
	GateLine   = "#35589b"
	Store      = "#e4f3ef" // datastore
	StoreLine  = "#27695f"
	Msg        = "#f1eafa" // topic, queue, broker
	MsgLine    = "#66489a" // their outline, message edges
	Ext        = "#ebebec" // external, registry
	ExtLine    = "#5a5c60"
	Legacy     = "#f3ede2" // legacy service
	LegacyLine = "#75613b"
	Pill       = "#eef1f5" // pattern in place
	PillLine   = "#808d9d"

	Crit = "#9b1034" // severities: line, text, and the fill of the solid ones
	High = "#bb4400"
	Med  = "#7a5a00"
	Med2 = "#fbf3d6" // pale fill of a pill
	Low  = "#4a5a6c"
	Low2 = "#edf0f4"

	Add  = "#0a5fb4" // to add, added
	Add2 = "#e5f0fc"
	Rem  = "#b34000" // removed
	Rem2 = "#fcefe4"
	Chg  = "#6a2fb0" // changed
	Chg2 = "#f1e8fc"
	OK   = "#1f6b4a" // fixed, meets
	OK2  = "#e3f4ea"

	Heat1 = "#fdf0d5" // below 10 %
	Heat2 = "#f8cf9c" // 10 to 24 %
	Heat3 = "#ee9a62" // 25 to 49 %
	Heat4 = "#a82a1c" // 50 % and more
)

// Token is one role.
type Token struct {
	Role  string
	Light string
	// Dark replaces lines, text, and fills where DarkFill is empty.
	Dark string
	// DarkFill is set for solid accents: their text stays white, so the fill
	// must stay dark where line and text turn light.
	DarkFill string
}

// Tokens are all roles, in the order of their rules in a style sheet.
var Tokens = []Token{
	{"canvas", Canvas, "#0f161e", ""},
	{"group", Group, "#151e28", ""},
	{"groupline", GroupLine, "#4a5a6c", ""},
	{"ink", Ink, "#eef2f6", ""},
	{"muted", Muted, "#b3bfcc", ""},
	{"ondark", OnDark, "#fdfefe", ""},
	{"line", Line, "#8b9bb0", ""},
	{"quiet", Quiet, "#74859a", ""},
	{"card", Card, "#1b2733", ""},
	{"cardline", CardLine, "#9fb0c3", ""},
	{"neutral", Neutral, "#1f2a35", ""},
	{"client", Client, "#4a6380", "#43597a"},
	{"gate", Gate, "#1d2c47", ""},
	{"gateline", GateLine, "#8fb0ee", ""},
	{"store", Store, "#17322e", ""},
	{"storeline", StoreLine, "#79c4b6", ""},
	{"msg", Msg, "#2a2140", ""},
	{"msgline", MsgLine, "#b79ff0", ""},
	{"ext", Ext, "#2a2d31", ""},
	{"extline", ExtLine, "#a9adb3", ""},
	{"legacy", Legacy, "#332b1c", ""},
	{"legacyline", LegacyLine, "#cdb27a", ""},
	{"pill", Pill, "#2a3643", ""},
	{"pillline", PillLine, "#72839a", ""},
	{"crit", Crit, "#ff8fa3", "#b3183f"},
	{"high", High, "#ffa666", "#b24400"},
	{"med", Med, "#f0cf5e", ""},
	{"med2", Med2, "#3a2f0a", ""},
	{"low", Low, "#b4c2d1", ""},
	{"low2", Low2, "#263240", ""},
	{"add", Add, "#7dbcff", ""},
	{"add2", Add2, "#10294a", ""},
	{"rem", Rem, "#ffab6e", ""},
	{"rem2", Rem2, "#45230f", ""},
	{"chg", Chg, "#cfadff", ""},
	{"chg2", Chg2, "#2f1d4d", ""},
	{"ok", OK, "#7fd6a8", ""},
	{"ok2", OK2, "#12321f", ""},
	{"heat1", Heat1, "#3b2f14", ""},
	{"heat2", Heat2, "#5f3c12", ""},
	{"heat3", Heat3, "#8a4513", ""},
	{"heat4", Heat4, "#ffb4a8", "#b8321f"},
}

// Halo is the rule that lifts the labels of edges off the lines under them. It
// leaves pills alone, whose text has a fill of its own behind it. The scope,
// empty or a selector ending in a space, limits it to part of a page.
func Halo(scope string) string {
	return fmt.Sprintf(`%[1]s.edge text[fill="%[2]s"],%[1]s.edge text[fill="%[3]s"]{paint-order:stroke;stroke:%[4]s;stroke-width:3px;stroke-linejoin:round}`,
		scope, Ink, Muted, Group) + "\n"
}

// Dark returns the rules that turn the light theme into the dark one, for the
// roles whose light colour used accepts (nil: all), each rule behind scope. An
// embedded picture puts them into a media query; a page that lets its reader
// choose gives the selector of that choice, such as `[data-theme="dark"] `.
// They have to come after [Halo].
func Dark(scope string, used func(light string) bool) string {
	var b strings.Builder
	for _, t := range Tokens {
		if used != nil && !used(t.Light) {
			continue
		}
		fill := t.Dark
		if t.DarkFill != "" {
			fill = t.DarkFill
		}
		fmt.Fprintf(&b, "%s[fill=%q]{fill:%s}", scope, t.Light, fill)
		if t.DarkFill != "" {
			// Text and arrow heads go with the lines.
			fmt.Fprintf(&b, "%[1]stext[fill=%[2]q],%[1]s.edge polygon[fill=%[2]q]{fill:%[3]s}", scope, t.Light, t.Dark)
		}
		fmt.Fprintf(&b, "%s[stroke=%q]{stroke:%s}\n", scope, t.Light, t.Dark)
	}
	fmt.Fprintf(&b, `%[1]s.edge text[fill="%[2]s"],%[1]s.edge text[fill="%[3]s"]{stroke:%[4]s}`+"\n", scope, Ink, Muted, dark(Group))
	return b.String()
}

// Both returns the rules of both themes for pictures in a page behind scope, [Halo] included: each colour is light or
// dark as the page's color-scheme says, so the page's reader may choose.
func Both(scope string) string {
	var b strings.Builder
	rule := func(selector, property, light, dark string) {
		fmt.Fprintf(&b, "%s{%s:light-dark(%s,%s)}\n", selector, property, light, dark)
	}
	halo := fmt.Sprintf(`%[1]s.edge text[fill="%[2]s"],%[1]s.edge text[fill="%[3]s"]`, scope, Ink, Muted)
	b.WriteString(halo + "{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}\n")
	for _, t := range Tokens {
		fill := t.Dark
		if t.DarkFill != "" {
			fill = t.DarkFill
		}
		rule(fmt.Sprintf("%s[fill=%q]", scope, t.Light), "fill", t.Light, fill)
		if t.DarkFill != "" { // text and arrow heads go with the lines
			rule(fmt.Sprintf("%[1]stext[fill=%[2]q],%[1]s.edge polygon[fill=%[2]q]", scope, t.Light), "fill", t.Light, t.Dark)
		}
		rule(fmt.Sprintf("%s[stroke=%q]", scope, t.Light), "stroke", t.Light, t.Dark)
	}
	rule(halo, "stroke", Group, dark(Group))
	return b.String()
}

// DarkCanvas is the dark page colour, for the background around a picture.
func DarkCanvas() string { return dark(Canvas) }

func dark(light string) string {
	for _, t := range Tokens {
		if t.Light == light {
			return t.Dark
		}
	}
	return light
}
