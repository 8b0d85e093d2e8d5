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

// slim leaves out of an inline picture what the page says once, and digits below a tenth of a pixel.
func slim(n *node) {
	for i, a := range n.attrs {
		switch a.name {
		case "d", "points":
			n.attrs[i].value = coordinate.ReplaceAllStringFunc(a.value, tenths)
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
		slim(c)
	}
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
