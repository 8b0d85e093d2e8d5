package render_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram/font"
	"github.com/archcheck/archcheck/analyzer/diagram/render"
	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
	"github.com/archcheck/archcheck/analyzer/diagram/theme"
)

// element is an element of a parsed SVG with its attributes and own text.
type element struct {
	name string
	attr map[string]string
	text string
}

func elements(t testing.TB, svg []byte) []*element {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(svg))
	var all, open []*element
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("not well-formed XML: %v\n%s", err, svg)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			e := &element{name: tok.Name.Local, attr: map[string]string{}}
			for _, a := range tok.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			all, open = append(all, e), append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text += string(tok)
			}
		}
	}
}

func dress(t testing.TB, svg []byte, c render.Caption) []byte {
	t.Helper()
	out, err := render.Dress(svg, c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The picture of every shape: all ids of the DOT are there once, invisible
// parts are not, and the rules for type, colour, size and bounds hold.
func TestDressKeepsEveryPart(t *testing.T) {
	dot, err := os.ReadFile("testdata/parts.dot")
	if err != nil {
		t.Fatal(err)
	}
	out := dress(t, rendertest.SVG(t, dot), render.Caption{Title: "parts"})
	ids := map[string]int{}
	tokens := map[string]bool{"none": true}
	for _, tok := range theme.Tokens {
		tokens[tok.Light] = true
	}
	var box []string
	translate := regexp.MustCompile(`translate\(([\d.-]+) ([\d.-]+)\)`)
	var dx, dy float64
	texts := 0
	for _, e := range elements(t, out) {
		ids[e.attr["id"]]++
		for _, a := range []string{"fill", "stroke"} {
			if v, ok := e.attr[a]; ok && !tokens[v] {
				t.Errorf("<%s %s=%q>: not a colour of the theme", e.name, a, v)
			}
		}
		switch {
		case e.name == "svg":
			box = strings.Fields(e.attr["viewBox"])
			if e.attr["width"] != box[2] || e.attr["height"] != box[3] || e.attr["role"] != "img" {
				t.Errorf("root %v", e.attr)
			}
		case e.attr["class"] == "graph":
			m := translate.FindStringSubmatch(e.attr["transform"])
			dx, dy = number(t, m[1]), number(t, m[2])
		case e.name == "text":
			texts++
			size := number(t, e.attr["font-size"])
			if size < 11 {
				t.Errorf("%q has size %v", e.text, size)
			}
			wide := number(t, e.attr["textLength"])
			if want := font.Width(e.text, size, e.attr["font-weight"] == "bold"); wide < want-0.06 || wide > want+0.06 {
				t.Errorf("%q has textLength %v, want %.2f", e.text, wide, want)
			}
			left := number(t, e.attr["x"]) + dx
			if e.attr["text-anchor"] == "middle" {
				left -= wide / 2
			}
			if y := number(t, e.attr["y"]) + dy; left < 0 || left+wide > number(t, box[2]) || y < size || y > number(t, box[3]) {
				t.Errorf("%q at %v,%v leaves the picture of %v", e.text, left, y, box)
			}
			if strings.Trim(e.text, " \u00a0") != e.text || e.text == "" {
				t.Errorf("text %q has spaces at its ends", e.text)
			}
		}
	}
	if texts != 19 {
		t.Errorf("%d texts, the DOT has 19", texts)
	}
	declared := regexp.MustCompile(`\[id="([^"]+)"(, style=invis)?`).FindAllSubmatch(dot, -1)
	if len(declared) != 19 {
		t.Fatalf("%d ids in the DOT, want 19", len(declared))
	}
	for _, m := range declared {
		want := 1
		if len(m[2]) > 0 {
			want = 0
		}
		if got := ids[string(m[1])]; got != want {
			t.Errorf("id %s occurs %d times, want %d", m[1], got, want)
		}
	}
	if perPart := len(out) / 17; perPart > 6000 {
		t.Errorf("%d bytes a part, budget 6000", perPart)
	}
}

func TestDressCaptions(t *testing.T) {
	dot, err := os.ReadFile("testdata/parts.dot")
	if err != nil {
		t.Fatal(err)
	}
	raw := rendertest.SVG(t, dot)
	out := dress(t, raw, render.Caption{
		Title: "parts: findings", Desc: "Worst: one & <all>.", ID: "v2",
		Elements: map[string]render.Element{
			"service.one":          {Title: "service.one, 3 findings,\n worst critical RES-015", Href: "#service.one"},
			"service.one.call.pay": {Title: "service.one calls external.bank"},
			"system.parts":         {Title: "system parts"},
			"elsewhere":            {Title: "not in this view", Href: "#elsewhere"},
		},
	})
	text := string(out)
	for _, want := range []string{
		`<svg role="graphics-document document" aria-labelledby="v2-title v2-desc" font-family=`,
		`<title id="v2-title">parts: findings</title>`,
		`<desc id="v2-desc">Worst: one &amp; &lt;all&gt;.</desc>`,
		"<g id=\"service.one\" class=\"node\">\n<title>service.one, 3 findings, worst critical RES-015</title>\n<a href=\"#service.one\">\n<rect",
		"<g id=\"service.one.call.pay\" class=\"edge\">\n<title>service.one calls external.bank</title>\n<path",
		"<g id=\"system.parts\" class=\"cluster\">\n<title>system parts</title>\n<rect",
		"<g id=\"broker.bus\" class=\"cluster\">\n<rect",
		"<title>external.bank</title>",
		"paint-order:stroke", "@media (prefers-color-scheme:dark){\nsvg{background:#0f161e}",
		`[stroke="#9b1034"]{stroke:#ff8fa3}`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	for _, no := range []string{"<?xml", "<!DOCTYPE", "<!--", "16.1.0", "not in this view", "xlink", "xml:space", "<title>parts</title>", theme.Heat1} {
		if strings.Contains(text, no) {
			t.Errorf("the picture holds %q", no)
		}
	}
	if !bytes.Equal(out, dress(t, raw, render.Caption{
		Title: "parts: findings", Desc: "Worst: one & <all>.", ID: "v2",
		Elements: map[string]render.Element{
			"system.parts":         {Title: "system parts"},
			"service.one.call.pay": {Title: "service.one calls external.bank"},
			"service.one":          {Title: "service.one, 3 findings,\n worst critical RES-015", Href: "#service.one"},
		},
	})) {
		t.Error("the same captions give other bytes")
	}
	if inline := dress(t, raw, render.Caption{Inline: true}); bytes.Contains(inline, []byte("<style")) || bytes.Contains(inline, []byte("aria-labelledby")) {
		t.Error("an inline picture without title brings a style sheet or names a title")
	}
	// One shape per rounded table, not a filling and an outline.
	if n := strings.Count(text, `<rect fill="#e5f0fc" stroke="#0a5fb4" stroke-dasharray="5,2" x=`); n != 1 {
		t.Errorf("the dashed badge is %d shapes with filling and outline, want 1", n)
	}
}

// What is not part of a drawing does not come through, however it got in.
func TestDressDropsWhatIsNoDrawing(t *testing.T) {
	const open = `<svg width="10pt" height="10pt" viewBox="0.00 0.00 10.00 20.50" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="x()">`
	for in, want := range map[string]string{
		`<script>x()</script><path d="M0,0"/>`:                                                `<path d="M0,0"/>`,
		`<foreignObject><text>t</text></foreignObject>`:                                       ``,
		`<image xlink:href="https://example.com/x.png"/>`:                                     ``,
		`<style>@import "https://example.com"</style>`:                                        ``,
		`<g id="n" onclick="x()" style="x"><path d="M0,0" filter="url(#f)"/></g>`:             "<g id=\"n\">\n<path d=\"M0,0\"/>\n</g>",
		`<a xlink:href="https://example.com" xlink:title="t"><path d="M0,0"/></a>`:            `<path d="M0,0"/>`,
		`<a xlink:href="javascript:x()"><path d="M0,0"/></a>`:                                 `<path d="M0,0"/>`,
		`<a xlink:href="#service.one" target="_top"><path d="M0,0"/></a>`:                     "<a href=\"#service.one\">\n<path d=\"M0,0\"/>\n</a>",
		`<text xml:space="preserve" x="1" y="2" font-size="11.00">   </text>`:                 ``,
		`<text x="1" y="2" text-anchor="start" font-size="10.00"> ab </text>`:                 `<text x="3.8" y="2" font-size="10" textLength="11.1">ab</text>`,
		`<text x="20" y="2" text-anchor="middle" font-size="10.00">  ab </text>`:              `<text x="21.4" y="2" text-anchor="middle" font-size="10" textLength="11.1">ab</text>`,
		`<text x="20" y="2" text-anchor="end" font-size="10.00"> ab </text>`:                  `<text x="17.2" y="2" text-anchor="end" font-size="10" textLength="11.1">ab</text>`,
		`<text x="1" y="2" font-weight="bold" font-size="10.00">a&lt;<tspan>x</tspan></text>`: `<text x="1" y="3.5" font-weight="bold" font-size="10" textLength="11.4">a&lt;</text>`,
	} {
		out := string(dress(t, []byte(open+in+"</svg>"), render.Caption{Inline: true}))
		head := `viewBox="0 0 10 20.5" xmlns="http://www.w3.org/2000/svg" width="10" height="20.5"`
		_, body, ok := strings.Cut(out, head)
		if want != "" {
			want = ">\n" + want + "\n</svg>\n"
		} else {
			want = "/>\n"
		}
		if !ok || body != want {
			t.Errorf("%s\ngives %s\nwant  %s%s", in, out, head, want)
		}
	}
}

func TestDressRefuses(t *testing.T) {
	for _, href := range []string{"https://example.com", "javascript:x()", "#", "other.svg#a", "//x"} {
		_, err := render.Dress([]byte("<svg/>"), render.Caption{Elements: map[string]render.Element{"a.b": {Href: href}}})
		if err == nil || !strings.Contains(err.Error(), "link "+strconv.Quote(href)+" of a.b leaves the page") {
			t.Errorf("href %q gives %v", href, err)
		}
	}
	for _, svg := range []string{"", "text", "<html/>", "<svg>", "<svg/>", `<svg viewBox="0 0 1"/>`, `<svg viewBox="0 0 a 1"/>`, "<svg></g>"} {
		if out, err := render.Dress([]byte(svg), render.Caption{}); err == nil {
			t.Errorf("%q gives %s", svg, out)
		}
	}
}

func TestDressHostileText(t *testing.T) {
	for _, text := range []string{"<script>x</script>", `a"b'c`, "x]]>y", "a\nb\tc", strings.Repeat("n", 200), "שלום\u202eabc", "🚀 e\u0301", "\x07\x1b", "bad\xff", "&#1;&bogus;", "--> <!-- --"} {
		quoted := `"` + strings.ReplaceAll(text, `"`, `\"`) + `"`
		raw, err := rendertest.Renderer(t).SVG(context.Background(), fmt.Appendf(nil, "digraph { n [id=%[1]s, label=%[1]s]; %[1]s -> n [id=e, label=%[1]s] }", quoted), "")
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		out := dress(t, raw, render.Caption{Title: text, Desc: text, Elements: map[string]render.Element{"e": {Title: text, Href: "#" + text}}})
		names := map[string]bool{}
		for _, e := range elements(t, out) {
			names[e.name] = true
			if h, ok := e.attr["href"]; ok && !strings.HasPrefix(h, "#") {
				t.Errorf("%q: link %q", text, h)
			}
		}
		if names["script"] || names["foreignObject"] {
			t.Errorf("%q became an element", text)
		}
	}
}

// Rules of one picture cover the colours of that picture alone, in one order.
func TestDressStyleHoldsUsedColours(t *testing.T) {
	out := string(dress(t, []byte(`<svg viewBox="0 0 1 1"><path d="M0,0" fill="#fefefe" stroke="#9b1034"/></svg>`), render.Caption{}))
	var got []string
	for _, m := range regexp.MustCompile(`\n\[fill="(#\w+)"\]`).FindAllStringSubmatch(out, -1) {
		got = append(got, m[1])
	}
	if !slices.Equal(got, []string{theme.Card, theme.Crit}) || strings.Contains(out, "paint-order") {
		t.Errorf("rules for %q in\n%s", got, out)
	}
}

func BenchmarkDress(b *testing.B) {
	raw := rendertest.SVG(b, mesh(60))
	for b.Loop() {
		dress(b, raw, render.Caption{Title: "mesh"})
	}
}
