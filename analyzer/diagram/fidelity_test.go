package diagram_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/diagram/render"
	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
	"github.com/archcheck/archcheck/dsl/model"
)

// attributes are the values of one attribute in an SVG with how often each occurs.
func attributes(tb testing.TB, svg []byte, name string) map[string]int {
	tb.Helper()
	out := map[string]int{}
	d := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			tb.Fatalf("the SVG is not well-formed: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if a.Name.Local == name {
					out[a.Value]++
				}
			}
		}
	}
}

// TestSameInEveryFormat: whatever a view of any model includes is once in the DOT, once in the SVG, once as a link in the
// picture of a page, and once in Mermaid.
func TestSameInEveryFormat(t *testing.T) {
	drawn := 0
	rapid.Check(t, func(rt *rapid.T) {
		in := withFacts(models(rt))
		in.Report = everywhere(in.Model)
		view := rapid.SampledFrom([]string{"containers", "context", "findings", "data", "failure", "plan"}).Draw(rt, "view")
		p, err := diagram.Draw(in, diagram.Options{View: view, Collapse: rapid.SampledFrom([]string{"", "kind", "none"}).Draw(rt, "collapse")})
		var refused *diagram.Error
		if errors.As(err, &refused) {
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		want := map[string]int{}
		lines := 0
		for _, n := range p.Nodes {
			want[n.ID]++
		}
		for _, e := range p.Edges {
			if !e.Hidden {
				want[e.ID]++
				lines++
			}
		}
		for id, n := range want {
			if n != 1 {
				rt.Errorf("%s: %q is in the picture %d times", view, id, n)
			}
		}
		nodes, edges := parse(rt, p.DOT())
		maps.Copy(nodes, edges)
		if !maps.Equal(nodes, want) {
			rt.Errorf("%s: the DOT has %v, the picture %v", view, nodes, want)
		}
		out, err := p.Mermaid()
		if err != nil {
			rt.Fatal(err)
		}
		declared, linked := 0, 0
		for _, l := range strings.Split(string(out), "\n") {
			if nodeLine.MatchString(l) {
				declared++
			} else if edgeLine.MatchString(l) {
				linked++
			}
		}
		if declared != len(p.Nodes) || linked != lines {
			rt.Errorf("%s: Mermaid has %d nodes and %d lines, the picture %d and %d", view, declared, linked, len(p.Nodes), lines)
		}
		if rapid.IntRange(0, 3).Draw(rt, "svg") > 0 {
			return // a layout takes its time
		}
		drawn++
		raw := rendertest.SVG(t, p.DOT())
		alone, err := render.Dress(raw, p.Caption(nil))
		if err != nil {
			rt.Fatal(err)
		}
		inPage, err := render.Dress(raw, p.PageCaption("v"))
		if err != nil {
			rt.Fatal(err)
		}
		ids, data, links := attributes(t, alone, "id"), attributes(t, inPage, "data-id"), attributes(t, inPage, "href")
		for id := range want {
			if ids[id] != 1 || data[id] != 1 || links["#"+url.PathEscape(id)] != 1 {
				rt.Errorf("%s: %q is %d times in the SVG, %d times on the page with %d links", view, id, ids[id], data[id], links["#"+url.PathEscape(id)])
			}
		}
		for href := range links {
			id, err := url.PathUnescape(strings.TrimPrefix(href, "#"))
			border := slices.ContainsFunc(p.Groups, func(g *diagram.Group) bool { return g.ID == id })
			if err != nil || want[id] != 1 && !border {
				rt.Errorf("%s: link %q leads to nothing drawn", view, href)
			}
		}
	})
	if drawn == 0 {
		t.Error("no SVG was looked at")
	}
}

// TestFiveHundred: a system of 500 services is collapsed to what a picture holds, which says so, in every view that
// draws parts one by one; asked for everything it draws everything.
func TestFiveHundred(t *testing.T) {
	m := &model.Model{System: &model.System{Block: model.Block{Addr: "system.s", Kind: model.KindSystem, Label: "s"}}}
	label := func(i int) string { return fmt.Sprintf("s%03d", i) }
	for i := range 500 {
		at := model.Addr("service." + label(i))
		s := &model.Service{Block: model.Block{Addr: at, Kind: model.KindService, Label: label(i), Team: model.Of(fmt.Sprintf("team%d", i%12), model.Stated)}}
		if i > 0 {
			s.Calls = append(s.Calls, &model.Call{
				Block: model.Block{Addr: at + ".call.x", Kind: model.KindCall, Label: "x", Parent: at},
				To:    model.Of(model.Addr("service."+label(i/2)), model.Stated), PerRequest: model.Of(1.0, model.Default),
			})
		}
		m.Services = append(m.Services, s)
	}
	m.Clients = append(m.Clients, &model.Client{
		Block: model.Block{Addr: "client.web", Kind: model.KindClient, Label: "web"}, RPS: model.Of(10.0, model.Stated),
		Edges: model.Edges{Calls: []*model.Call{{
			Block: model.Block{Addr: "client.web.call.api", Kind: model.KindCall, Label: "api", Parent: "client.web"},
			To:    model.Of(model.Addr("service.s499"), model.Stated), PerRequest: model.Of(1.0, model.Default),
		}}},
	})
	m.Index()
	in := withFacts(m)
	in.Report = reportOf(finding("AAA-001", "critical", "service.s007"))
	said := regexp.MustCompile(`collapsed|not drawn|leaves alone|The 30 parts`)
	for _, view := range []string{"containers", "findings", "failure", "data", "plan"} {
		p, err := diagram.Draw(in, diagram.Options{View: view})
		if err != nil {
			t.Errorf("%s: %v", view, err)
			continue
		}
		if len(p.Nodes) > diagram.Hard {
			t.Errorf("%s: %d nodes", view, len(p.Nodes))
		}
		if words := strings.Join(p.Subtitle, " "); len(p.Nodes) < 500 && !said.MatchString(words) && view != "data" {
			t.Errorf("%s: %d nodes, and says only %q", view, len(p.Nodes), words)
		}
		rendertest.SVG(t, p.DOT())
		if _, err := p.Mermaid(); err != nil {
			t.Errorf("%s: %v", view, err)
		}
	}
	p := must(t, in, diagram.Options{Collapse: "none"})
	if nodes, edges := parse(t, p.DOT()); len(nodes) != 501 || len(edges) != 500 {
		t.Errorf("asked for everything: %d nodes and %d edges", len(nodes), len(edges))
	}
	var refused *diagram.Error
	if _, err := p.Mermaid(); err != nil && (!errors.As(err, &refused) || !strings.Contains(refused.Hint, "--focus")) {
		t.Errorf("Mermaid of everything: %v", err)
	}
}

// TestOnePart: a single service is a picture in every format, or the view says what it lacks.
func TestOnePart(t *testing.T) {
	m := &model.Model{
		System:   &model.System{Block: model.Block{Addr: "system.s", Kind: model.KindSystem, Label: "s"}},
		Services: []*model.Service{{Block: model.Block{Addr: "service.a", Kind: model.KindService, Label: "a"}}},
	}
	m.Index()
	in := withFacts(m)
	in.Report = reportOf(finding("AAA-001", "high", "service.a"))
	for _, v := range diagram.Views() {
		p, err := diagram.Draw(in, diagram.Options{View: v.Name, Name: map[string]string{"patterns": "timeout"}[v.Name]})
		var refused *diagram.Error
		if errors.As(err, &refused) {
			if refused.Hint == "" {
				t.Errorf("%s: %v, and no next step", v.Name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", v.Name, err)
			continue
		}
		rendertest.SVG(t, p.DOT())
		if out := mermaid(t, p); !strings.Contains(out, "accTitle") {
			t.Errorf("%s: Mermaid without a title", v.Name)
		}
		if len(p.Nodes) == 0 && len(strings.Join(p.Subtitle, "")) < 20 {
			t.Errorf("%s: nothing drawn and nothing said: %q", v.Name, p.Subtitle)
		}
	}
}
