package render

import (
	"math"
	"strconv"
	"strings"
)

// roundBox turns a path that is a box with round corners into a rect. Graphviz draws one as eight curves, four sides and
// four corners in turn, which takes more than half of a picture's bytes. Any other path stays.
func roundBox(n *node) {
	p := boxPoints(n.get("d"))
	if p == nil {
		return
	}
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, q := range p {
		left, right = min(left, q[0]), max(right, q[0])
		top, bottom = min(top, q[1]), max(bottom, q[1])
	}
	const close = 0.02 // Graphviz rounds to two decimals
	on := func(a, b float64) bool { return math.Abs(a-b) <= close }
	radius := math.Inf(1)
	for i := 0; i < 24; i += 3 { // the ends of the curves: all lie on a side
		q := p[i]
		onX, onY := on(q[0], left) || on(q[0], right), on(q[1], top) || on(q[1], bottom)
		if onX == onY {
			return
		}
		if onX {
			radius = min(radius, q[1]-top, bottom-q[1])
		} else {
			radius = min(radius, q[0]-left, right-q[0])
		}
	}
	if last := p[24]; !on(last[0], p[0][0]) || !on(last[1], p[0][1]) {
		return
	}
	n.name = "rect"
	n.remove("d")
	for _, a := range []struct {
		name string
		v    float64
	}{{"x", left}, {"y", top}, {"width", right - left}, {"height", bottom - top}, {"rx", radius}} {
		n.set(a.name, decimal(a.v))
	}
}

// boxPoints are the 25 points of a path of one start and eight curves; nil for any other path.
func boxPoints(d string) [][2]float64 {
	rest, ok := strings.CutPrefix(d, "M")
	if !ok || strings.Count(rest, "C") != 1 || strings.ContainsAny(rest, "ZzLlMm") {
		return nil
	}
	fields := strings.Fields(strings.Replace(rest, "C", " ", 1))
	if len(fields) != 25 {
		return nil
	}
	out := make([][2]float64, 25)
	for i, f := range fields {
		x, y, _ := strings.Cut(f, ",")
		var err1, err2 error
		out[i][0], err1 = strconv.ParseFloat(x, 64)
		out[i][1], err2 = strconv.ParseFloat(y, 64)
		if err1 != nil || err2 != nil {
			return nil
		}
	}
	return out
}
