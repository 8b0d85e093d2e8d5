package render

import (
	"strings"
	"testing"
)

// TestRoundBox: the box of Graphviz's rounded tables becomes a rect of the same extent; what is no such box stays.
func TestRoundBox(t *testing.T) {
	// Worked by hand: sides at x 503.61 and 556.69, y -931.24 and -912.04; the straight part of a side ends 6.4 before the corner.
	const box = "M510.01,-912.04C510.01,-912.04 550.29,-912.04 550.29,-912.04 553.49,-912.04 556.69,-915.24 556.69,-918.44 " +
		"556.69,-918.44 556.69,-924.84 556.69,-924.84 556.69,-928.04 553.49,-931.24 550.29,-931.24 550.29,-931.24 510.01,-931.24 510.01,-931.24 " +
		"506.81,-931.24 503.61,-928.04 503.61,-924.84 503.61,-924.84 503.61,-918.44 503.61,-918.44 503.61,-915.24 506.81,-912.04 510.01,-912.04"
	n := &node{name: "path", attrs: []attr{{"fill", "#fff"}, {"d", box}}}
	roundBox(n)
	got := n.name
	for _, a := range []string{"x", "y", "width", "height", "rx", "fill", "d"} {
		got += " " + n.get(a)
	}
	if want := "rect 503.61 -931.24 53.08 19.2 6.4 #fff "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, d := range []string{
		"", "M1,2", "M10,0C10,0 20,0 20,0", // too few points
		"M105.5,-87.67C134.4,-87.67 158.8,-87.67 178.3,-87.67", // an edge
		box + " 1,1 2,2 3,3", box[:len(box)-len("510.01,-912.04")] + "510.01,-900.04", // longer, open
	} {
		n := &node{name: "path", attrs: []attr{{"d", d}}}
		if roundBox(n); n.name != "path" || n.get("d") != d {
			t.Errorf("%q became %s", d, n.name)
		}
	}
}

// TestData: on a page with several pictures of the same parts ids are data, and only those that the page names.
func TestData(t *testing.T) {
	out, err := Dress([]byte(`<svg viewBox="0 0 9 9"><g id="a" class="node"><title>a</title></g><g id="edge1" class="edge"><title>x</title></g></svg>`),
		Caption{Data: true, Inline: true, Elements: map[string]Element{"a": {Title: "service a", Href: "#a"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(out), `<svg role="graphics-document document" font-family="Helvetica, Arial, &quot;Liberation Sans&quot;, Arimo, &quot;Nimbus Sans&quot;, sans-serif" viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg" width="9" height="9">
<g class="node" data-id="a">
<title>service a</title>
<a href="#a"/>
</g>
<g class="edge">
<title>x</title>
</g>
</svg>
`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestInline: what the page says once is left out, digits below a tenth of a pixel go, size and title stay.
func TestInline(t *testing.T) {
	svg := `<svg viewBox="0 0 90.26 12.5"><text x="1.26" y="-2.04" font-size="11">ab</text><text x="1" y="2" font-size="14" font-weight="bold">ab</text>` +
		`<path fill="none" d="M105.55,-87.67C134.04,-0.04 158.8,1 178.31,2"/><path fill="none" d="M1,2L3,4"/>` +
		`<g class="edge"><path fill="none" stroke-width="1.4" d="M1,2C3,4 5,6 7.04,8 9,10 1,1 1.96,-2"/><path fill="none" stroke-width="3" d="M1,2L3,4"/>` +
		`<polygon stroke-width="1.4" points="1,2 3,4 5,6.04 1,2"/></g></svg>`
	out, err := Dress([]byte(svg), Caption{Inline: true})
	if err != nil {
		t.Fatal(err)
	}
	// Bold text is 0.15 of its size lower: 2 + 0.15 · 14 = 4.1. The second curve starts where the first one ends, at 7,8.
	// 556 + 556 thousandths of 11 pixels and 556 + 611 of 14: Helvetica's published widths of a and b, regular and bold.
	want := `viewBox="0 0 90.26 12.5" xmlns="http://www.w3.org/2000/svg" width="90.26" height="12.5">
<text x="1.3" y="-2" textLength="12.2">ab</text>
<text x="1" y="4.1" font-size="14" font-weight="bold" textLength="16.3">ab</text>
<path fill="none" d="M105.5,-87.7c28.5 87.7 53.3 88.7 72.8 89.7"/>
<path fill="none" d="M1,2L3,4"/>
<g class="edge">
<path d="M1,2c2 2 4 4 6 6 2 2-6-7-5-10"/>
<path stroke-width="3" d="M1,2L3,4"/>
<polygon points="1,2 3,4 5,6"/>
</g>
</svg>
`
	if _, got, _ := strings.Cut(string(out), `sans-serif" `); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if w, h := Size(out); w != 90 || h != 13 {
		t.Errorf("size %d x %d, want 90 x 13", w, h)
	}
	if w, h := Size([]byte("<svg>")); w != 0 || h != 0 {
		t.Errorf("a picture without viewBox has size %d x %d", w, h)
	}
}
