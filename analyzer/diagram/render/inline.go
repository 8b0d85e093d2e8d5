package render

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// TextSize is the size in pixels of text that an inline picture gives no size.
const TextSize = 11

var coordinate = regexp.MustCompile(`-?[0-9]+\.[0-9]+`)

// LineWidth is the width in pixels of a line that an inline picture gives no width.
const LineWidth = "1.4"

// slim leaves out of an inline picture what the page says once, and digits below a tenth of a pixel.
func slim(n *node) { slimmer(n, false) }

func slimmer(n *node, line bool) {
	line = line || n.name == "g" && n.get("class") == "edge"
	if line && n.name == "path" && n.get("fill") == "none" {
		n.remove("fill")
	}
	if line && n.get("stroke-width") == LineWidth {
		n.remove("stroke-width")
	}
	if n.name == "text" && n.get("dy") != "" {
		lower(n)
	}
	for i, a := range n.attrs {
		switch a.name {
		case "d":
			n.attrs[i].value = relative(coordinate.ReplaceAllStringFunc(a.value, tenths))
		case "points":
			n.attrs[i].value = coordinate.ReplaceAllStringFunc(a.value, tenths)
			if first, rest, ok := strings.Cut(n.attrs[i].value, " "); ok && n.name == "polygon" {
				n.attrs[i].value = first + " " + strings.TrimSuffix(rest, " "+first) // a polygon closes by itself
			}
		case "x", "y", "cx", "cy", "rx", "ry", "width", "height":
			if n.name != "svg" {
				n.attrs[i].value = tenths(a.value)
			}
		}
	}
	if n.name == "text" {
		n.remove("lengthAdjust")
		if n.get("font-size") == strconv.Itoa(TextSize) {
			n.remove("font-size")
		}
	}
	for _, c := range n.children {
		slimmer(c, line)
	}
}

// lower writes the shift of a text into its place.
func lower(n *node) {
	y, err := strconv.ParseFloat(n.get("y"), 64)
	size, err2 := strconv.ParseFloat(n.get("font-size"), 64)
	shift, err3 := strconv.ParseFloat(strings.TrimSuffix(n.get("dy"), "em"), 64)
	if err == nil && err2 == nil && err3 == nil {
		n.set("y", decimal(y+shift*size))
		n.remove("dy")
	}
}

// curve is a path as Graphviz draws lines: a start, and one sequence of cubic curves.
var curve = regexp.MustCompile(`^M(\S+)C((?:\S+ ?)+)$`)

// relative writes the curves of a path from point to point instead of from the origin, which takes fewer digits. Each
// point is measured from where the last one was drawn, so that nothing adds up. Any other path stays.
func relative(d string) string {
	m := curve.FindStringSubmatch(d)
	if m == nil || strings.ContainsAny(m[2], "MCLZmclz") {
		return d
	}
	at, ok := point(m[1])
	points := strings.Fields(m[2])
	if !ok || len(points)%3 != 0 {
		return d
	}
	var b strings.Builder
	b.WriteString("M" + m[1] + "c")
	for i := 0; i < len(points); i += 3 {
		var end [2]float64
		for k := range 3 {
			p, ok := point(points[i+k])
			if !ok {
				return d
			}
			for axis := range 2 {
				s := tenths(strconv.FormatFloat(p[axis]-at[axis], 'f', 1, 64))
				if (i+k > 0 || axis > 0) && s[0] != '-' {
					b.WriteByte(' ')
				}
				b.WriteString(s)
			}
			end = p
		}
		at = end
	}
	return b.String()
}

// point reads "x,y".
func point(s string) (p [2]float64, ok bool) {
	x, y, ok := strings.Cut(s, ",")
	if !ok {
		return p, false
	}
	var errX, errY error
	p[0], errX = strconv.ParseFloat(x, 64)
	p[1], errY = strconv.ParseFloat(y, 64)
	return p, errX == nil && errY == nil
}

// tenths rounds a number to one decimal; anything else stays.
func tenths(s string) string {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	s = strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

// Size is the width and height in pixels of a picture that [Dress] has made.
func Size(svg []byte) (width, height int) {
	head, _, _ := strings.Cut(string(svg), ">")
	_, box, _ := strings.Cut(head, `viewBox="`)
	box, _, _ = strings.Cut(box, `"`)
	var left, top, w, h float64
	if _, err := fmt.Sscan(box, &left, &top, &w, &h); err != nil {
		return 0, 0
	}
	return int(w + 0.5), int(h + 0.5)
}
