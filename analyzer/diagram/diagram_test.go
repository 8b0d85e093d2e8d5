package diagram_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
	"github.com/archcheck/archcheck/dsl/model"
)

// TestEveryElementOnce: the default view of any model has every part and line once, and says what it left out.
func TestEveryElementOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := models(t)
		p, err := diagram.Draw(diagram.Input{Model: m}, diagram.Options{})
		if err != nil {
			t.Fatal(err)
		}
		nodes, edges := parse(t, p.DOT())
		left := strings.Join(p.Subtitle, " ")
		borders := map[string]bool{}
		for _, g := range p.Groups {
			borders[g.ID] = true
		}
		m.Each(func(e model.Entity) {
			b := e.Self()
			id := diagram.ElementID(b.Addr)
			switch b.Kind {
			case model.KindSystem:
			case model.KindCall, model.KindPublish, model.KindConsume:
				if edges[id] != 1 {
					t.Errorf("line %q is drawn %d times", b.Addr, edges[id])
				}
			case model.KindBroker:
				if nodes[id] != 1 && !borders[id] {
					t.Errorf("broker %q is not drawn", b.Addr)
				}
			case model.KindRegistry:
				if nodes[id] == 0 && !strings.Contains(left, "registry") {
					t.Errorf("registry %q is neither drawn nor left out in words: %s", b.Addr, left)
				}
			default:
				if nodes[id] != 1 {
					t.Errorf("part %q is drawn %d times", b.Addr, nodes[id])
				}
			}
		})
	})
}

// TestHostileNamesAreText lays out a picture of nothing but hostile names.
func TestHostileNamesAreText(t *testing.T) {
	m := &model.Model{System: &model.System{Block: model.Block{Addr: "system.s", Kind: model.KindSystem, Label: hostile[0]}}}
	for i, h := range hostile {
		at := model.Addr("service." + h)
		s := &model.Service{Block: model.Block{Addr: at, Kind: model.KindService, Label: h}}
		to := model.Addr("service." + hostile[(i+1)%len(hostile)])
		s.Calls = append(s.Calls, &model.Call{Block: model.Block{Addr: at + ".call." + model.Addr(h), Kind: model.KindCall, Label: h, Parent: at}, To: model.Of(to, model.Stated)})
		m.Services = append(m.Services, s)
	}
	m.Index()
	p := draw(t, m, diagram.Options{})
	nodes, edges := parse(t, p.DOT())
	if len(nodes) != len(hostile) || len(edges) != len(hostile) {
		t.Errorf("%d nodes and %d edges for %d names", len(nodes), len(edges), len(hostile))
	}
	svg := string(rendertest.SVG(t, p.DOT()))
	for _, bad := range []string{"<script", "<b>", "href="} {
		if strings.Contains(svg, bad) {
			t.Errorf("the SVG contains %q", bad)
		}
	}
	for _, want := range []string{"&quot;];x[", "&lt;b&gt;bold", "]]&gt;", "two lines", "😀 shop", "漢字", "(no name)", "reconci"} {
		if !strings.Contains(strings.ReplaceAll(svg, "\u00a0", " "), want) {
			t.Errorf("the SVG has no %q", want)
		}
	}
}

// TestShuffled: the order of blocks in a file changes nothing.
func TestShuffled(t *testing.T) {
	a, b := shop(t), shop(t)
	slices.Reverse(b.Services)
	slices.Reverse(b.Clients)
	slices.Reverse(b.Datastores)
	for _, s := range b.Services {
		slices.Reverse(s.Calls)
	}
	b.Index()
	if x, y := draw(t, a, diagram.Options{}).DOT(), draw(t, b, diagram.Options{}).DOT(); !bytes.Equal(x, y) {
		t.Errorf("the order of blocks shows in the DOT:\n%s\n%s", x, y)
	}
}

// TestSizes: nothing, one part, and parts without lines are pictures too.
func TestSizes(t *testing.T) {
	service := func(label string) *model.Service {
		return &model.Service{Block: model.Block{Addr: model.Addr("service." + label), Kind: model.KindService, Label: label}}
	}
	for _, n := range []int{0, 1, 3} {
		m := &model.Model{System: &model.System{Block: model.Block{Addr: "system.s", Kind: model.KindSystem, Label: "s"}}}
		for i := range n {
			m.Services = append(m.Services, service(string(rune('a'+i))))
		}
		m.Index()
		p := draw(t, m, diagram.Options{})
		if nodes, _ := parse(t, p.DOT()); len(nodes) != n {
			t.Errorf("%d services: %d nodes", n, len(nodes))
		}
		rendertest.SVG(t, p.DOT())
	}
}

// TestShopContainers holds the wording of the example to its model.
func TestShopContainers(t *testing.T) {
	p := draw(t, shop(t), diagram.Options{})
	edges := map[string]*diagram.Edge{}
	for _, e := range p.Edges {
		edges[e.ID] = e
	}
	for id, want := range map[string][2]string{
		"gateway.edge.call.browse":       {"browse 80 %", ""},
		"gateway.edge.call.checkout":     {"checkout 20 %", "800 ms, 2 tries"},
		"gateway.mobile_bff.call.browse": {"browse x2.4", ""},
		"service.orders.call.db":         {"write, pool 20", ""},
		"service.orders.call.charge":     {"charge", "600 ms, 3 tries"},
		"service.erp.call.db":            {"write", "no time limit"},
		"service.catalog.call.db":        {"read, 90 % cached", ""},
	} {
		e := edges[id]
		if e == nil {
			t.Fatalf("no edge %s", id)
		}
		fact := ""
		if len(e.Facts) > 0 {
			fact = e.Facts[0].Text
		}
		if e.Name.Text != want[0] || fact != want[1] {
			t.Errorf("%s says %q, %q; want %q, %q", id, e.Name.Text, fact, want[0], want[1])
		}
	}
	if want := "unstated calls inherit 300 ms"; !strings.Contains(p.Subtitle[0], want) {
		t.Errorf("subtitle %q does not say %q", p.Subtitle[0], want)
	}
	if want := "Not drawn: registry consul."; p.Subtitle[1] != want {
		t.Errorf("second subtitle is %q, want %q", p.Subtitle[1], want)
	}
}

// TestDirection: a chain of eight is too wide from left to right and goes from top to bottom, whatever is laid over it,
// unless a direction is asked for; a fan stays.
func TestDirection(t *testing.T) {
	chain := &model.Model{System: &model.System{Block: model.Block{Addr: "system.s", Kind: model.KindSystem, Label: "s"}}}
	fan := &model.Model{System: chain.System}
	for i := range 8 {
		at := model.Addr("service." + string(rune('a'+i)))
		c, f := &model.Service{Block: model.Block{Addr: at, Kind: model.KindService, Label: string(at[8:])}}, &model.Service{Block: model.Block{Addr: at, Kind: model.KindService, Label: string(at[8:])}}
		call := func(to rune) *model.Call {
			return &model.Call{Block: model.Block{Addr: at + ".call." + model.Addr(to), Kind: model.KindCall, Label: string(to), Parent: at}, To: model.Of(model.Addr("service."+string(to)), model.Stated)}
		}
		c.Calls = append(c.Calls, call(rune('a'+(i+1)%8))) // the last one closes the loop
		if i == 0 {
			for k := 1; k < 8; k++ {
				f.Calls = append(f.Calls, call(rune('a'+k)))
			}
		}
		chain.Services, fan.Services = append(chain.Services, c), append(fan.Services, f)
	}
	chain.Index()
	fan.Index()
	for _, c := range []struct {
		m         *model.Model
		asked, it string
	}{{chain, "", "TB"}, {chain, "LR", "LR"}, {fan, "", "LR"}, {fan, "TB", "TB"}} {
		if got := draw(t, c.m, diagram.Options{Direction: c.asked}).Direction; got != c.it {
			t.Errorf("asked for %q: %s, want %s", c.asked, got, c.it)
		}
	}
	if _, err := diagram.Draw(diagram.Input{Model: fan}, diagram.Options{Direction: "RL"}); err == nil {
		t.Error("a third direction is accepted")
	}
}
