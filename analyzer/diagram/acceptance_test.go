package diagram_test

import (
	"encoding/xml"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/diagram/render"
	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
	"github.com/archcheck/archcheck/analyzer/diagram/theme"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/model"
)

// examples are the systems whose pictures are held to the rules of the visual language.
var examples = []string{"shop", "minimal", "sock-shop", "hotel-reservation"}

// everywhere is a report with findings of all severities on all kinds of elements, a risk, a waiver and a question.
func everywhere(m *model.Model) *report.Report {
	severities := []string{"critical", "high", "medium", "low", "info"}
	var all []report.Finding
	m.Each(func(e model.Entity) {
		b := e.Self()
		f := finding("AAA-001", severities[len(all)%len(severities)], string(b.Addr))
		f.Fixes = []report.Fix{{Ops: []report.Op{{Set: "timeout", Value: "2s"}}}}
		f.Action = []string{"add", "change"}[len(all)%2]
		f.Pattern, f.Kind = "resilience/timeout", []string{"missing", "misuse"}[len(all)%2]
		switch len(all) % 7 {
		case 3:
			f.Verdict = "risk"
		case 5:
			f.Waiver = &report.Waiver{Rule: "AAA-001"}
		}
		all = append(all, f)
	})
	r := reportOf(all...)
	r.Patterns = []report.Pattern{{ID: "resilience/timeout", Present: []string{string(all[0].Subject)}, Missing: []string{string(all[1].Subject)}}}
	return r
}

// pictures draws every view of every example.
func pictures(t *testing.T, visit func(t *testing.T, p *diagram.Picture)) {
	for _, name := range examples {
		m := load(t, "../../examples/"+name+"/system.hcl")
		in := withFacts(m)
		in.Report = everywhere(m)
		for _, v := range diagram.Views() {
			o := diagram.Options{View: v.Name}
			switch v.Name {
			case "journey":
				for _, d := range in.Facts.Documents("journey") {
					o.Name = string(d.Addr)
				}
			case "patterns":
				o.Name = "timeout"
			}
			t.Run(name+"/"+v.Name, func(t *testing.T) { visit(t, must(t, in, o)) })
		}
	}
}

var (
	colour   = regexp.MustCompile(`(?:fill|stroke)="(#[0-9a-fA-F]+)"`)
	textTag  = regexp.MustCompile(`<text ([^>]*)>`)
	number   = regexp.MustCompile(`(x|y|font-size|textLength)="(-?[0-9.]+)"`)
	viewBox  = regexp.MustCompile(`viewBox="([0-9. ]+)"`)
	anchored = regexp.MustCompile(`text-anchor="(\w+)"`)
)

// TestVisualLanguage: every picture has token colours only, no type below 11 pixels, every text within the picture and
// with its width stated, no script and no link that leaves the page.
func TestVisualLanguage(t *testing.T) {
	tokens := map[string]bool{}
	for _, k := range theme.Tokens {
		tokens[k.Light] = true
	}
	pictures(t, func(t *testing.T, p *diagram.Picture) {
		dressed, err := render.Dress(rendertest.SVG(t, p.DOT()), p.Caption(diagram.Anchor))
		if err != nil {
			t.Fatal(err)
		}
		svg := string(dressed)
		if err := xml.Unmarshal(dressed, new(struct{})); err != nil {
			t.Errorf("not well-formed: %v", err)
		}
		for _, m := range colour.FindAllStringSubmatch(svg, -1) {
			if !tokens[m[1]] {
				t.Errorf("colour %s is no token", m[1])
			}
		}
		for _, bad := range []string{"<script", "foreignObject", "<image", "http-equiv", `href="h`} {
			if strings.Contains(svg, bad) {
				t.Errorf("contains %s", bad)
			}
		}
		box := strings.Fields(viewBox.FindStringSubmatch(svg)[1])
		width, _ := strconv.ParseFloat(box[2], 64)
		height, _ := strconv.ParseFloat(box[3], 64)
		if width > 1850 { // with a finding on every element
			t.Errorf("%v pixels wide", width)
		}
		for _, m := range textTag.FindAllStringSubmatch(svg, -1) {
			v := map[string]float64{}
			for _, n := range number.FindAllStringSubmatch(m[1], -1) {
				v[n[1]], _ = strconv.ParseFloat(n[2], 64)
			}
			left := v["x"]
			if a := anchored.FindStringSubmatch(m[1]); a != nil && a[1] == "middle" {
				left -= v["textLength"] / 2
			} else if a != nil && a[1] == "end" {
				left -= v["textLength"]
			}
			// The picture's origin is at the lower left of the drawing, so heights are negative there.
			if v["font-size"] < 11 || v["textLength"] <= 0 || left < -1 || left+v["textLength"] > width+1 || v["y"] > 0+1 || -v["y"] > height {
				t.Errorf("text %s lies outside the picture of %v x %v, or has no width or size", m[1], width, height)
				break
			}
		}
	})
}

// TestLegendIsWhatIsUsed: a symbol of the legend occurs in the picture and the reverse, by its words.
func TestLegendIsWhatIsUsed(t *testing.T) {
	pictures(t, func(t *testing.T, p *diagram.Picture) {
		dot := string(p.DOT())
		looks := map[diagram.Look]bool{}
		kinds := map[diagram.LineKind]bool{}
		for _, n := range p.Nodes {
			for _, b := range n.Badges {
				looks[b.Look] = true
			}
		}
		for _, g := range p.Groups {
			for _, b := range g.Badges {
				looks[b.Look] = true
			}
		}
		for _, e := range p.Edges {
			if e.Hidden {
				continue
			}
			kinds[e.Kind] = true
			for _, b := range e.Badges {
				looks[b.Look] = true
			}
		}
		for words, want := range map[string]bool{
			"rests on an assumption": looks[diagram.LookRisk], ">waived<": looks[diagram.LookWaived], ">to add<": looks[diagram.LookAdd],
			">to change<": looks[diagram.LookChange], ">in place<": looks[diagram.LookPattern], ">open question<": looks[diagram.LookQuestion],
			">class of data<": looks[diagram.LookData], "read of a store": kinds[diagram.Read],
		} {
			if got := strings.Contains(dot, words); got != want {
				t.Errorf("legend has %q: %v, but the picture uses it: %v", words, got, want)
			}
		}
	})
}

// TestRunTwice: two runs give the same bytes in every format.
func TestRunTwice(t *testing.T) {
	var first, second []string
	for _, out := range []*[]string{&first, &second} {
		pictures(t, func(t *testing.T, p *diagram.Picture) {
			*out = append(*out, string(p.DOT()), mermaid(t, p))
		})
	}
	if !slices.Equal(first, second) || len(first) < 50 {
		t.Error("a second run gives other bytes")
	}
}
