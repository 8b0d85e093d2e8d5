package diagram_test

import (
	"fmt"
	"testing"

	"github.com/awalterschulze/gographviz"
	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

// load reads a model from HCL and fails the test on an error.
func load(tb testing.TB, paths ...string) *model.Model {
	tb.Helper()
	m, diags := dsl.Load(paths, dsl.Options{})
	if diags.HasErrors() {
		tb.Fatalf("%v: %v", paths, diags)
	}
	return m
}

func shop(tb testing.TB) *model.Model { return load(tb, "../../examples/shop/system.hcl") }

// hostile are names that some format would take for its own syntax.
var hostile = []string{
	`"];x[`, `<b>bold</b>`, `]]>`, "two\nlines", `back\slash\`, `\N`, `a&lt;b`, `--`, `%%{init}%%`, "`code`", `#quot;`, "end", "subgraph",
	"\u202egnihtyreve", "مرحبا", "😀 shop", "漢字", "a\x00b", "x\ufffey", `<script>alert(1)</script>`, "{}|[]()", "é̂", "", " ", "'", "javascript:x",
	"payment-reconciliation-and-settlement-service-for-europe-west-production-cluster-number-one-and-much-more-text-than-any-picture-can-hold" +
		"-because-somebody-generated-the-name-from-a-path-of-folders-and-never-looked-at-it-again-or-had-to-type-it-by-hand-even-once-in-all-the-years-since-then-ever",
}

// models draws any model: kinds, edges and names as they come, hostile ones included.
func models(t *rapid.T) *model.Model {
	m := &model.Model{System: &model.System{Block: model.Block{Addr: "system.s", Kind: model.KindSystem, Label: name(t, "system")}}}
	n := 0
	block := func(kind model.Kind) model.Block {
		n++
		label := name(t, string(kind))
		if rapid.IntRange(0, 2).Draw(t, "unique") > 0 {
			label = fmt.Sprintf("%s%d", label, n)
		}
		b := model.Block{Addr: model.Addr(string(kind) + "." + label), Kind: kind, Label: label}
		if rapid.Bool().Draw(t, "team") {
			b.Team = model.Of(name(t, "team"), model.Stated)
		}
		return b
	}
	count := func(what string, max int) int { return rapid.IntRange(0, max).Draw(t, what) }
	seen := map[model.Addr]bool{}
	fresh := func(kind model.Kind) (model.Block, bool) {
		b := block(kind)
		ok := !seen[b.Addr]
		seen[b.Addr] = true
		return b, ok
	}
	for range count("brokers", 2) {
		if b, ok := fresh(model.KindBroker); ok {
			m.Brokers = append(m.Brokers, &model.Broker{Block: b})
		}
	}
	for range count("topics", 2) {
		if b, ok := fresh(model.KindTopic); ok {
			x := &model.Topic{Block: b}
			if len(m.Brokers) > 0 {
				x.Broker = model.Of(m.Brokers[0].Addr, model.Stated)
			}
			m.Topics = append(m.Topics, x)
		}
	}
	for range count("queues", 2) {
		if b, ok := fresh(model.KindQueue); ok {
			m.Queues = append(m.Queues, &model.Queue{Block: b})
		}
	}
	for range count("stores", 3) {
		if b, ok := fresh(model.KindDatastore); ok {
			m.Datastores = append(m.Datastores, &model.Datastore{Block: b})
		}
	}
	for range count("externals", 2) {
		if b, ok := fresh(model.KindExternal); ok {
			m.Externals = append(m.Externals, &model.External{Block: b})
		}
	}
	for range count("registries", 1) {
		if b, ok := fresh(model.KindRegistry); ok {
			m.Registries = append(m.Registries, &model.Registry{Block: b})
		}
	}
	for range count("services", 5) {
		if b, ok := fresh(model.KindService); ok {
			m.Services = append(m.Services, &model.Service{Block: b})
		}
	}
	for range count("gateways", 2) {
		if b, ok := fresh(model.KindGateway); ok {
			m.Gateways = append(m.Gateways, &model.Gateway{Block: b})
		}
	}
	for range count("clients", 2) {
		if b, ok := fresh(model.KindClient); ok {
			m.Clients = append(m.Clients, &model.Client{Block: b, RPS: model.Of(10.0, model.Stated)})
		}
	}
	wire(t, m)
	m.Index()
	return m
}

// wire adds edges between what the model has.
func wire(t *rapid.T, m *model.Model) {
	var callees, channels []model.Addr
	for _, x := range m.Services {
		callees = append(callees, x.Addr)
	}
	for _, x := range m.Gateways {
		callees = append(callees, x.Addr)
	}
	for _, x := range m.Datastores {
		callees = append(callees, x.Addr)
	}
	for _, x := range m.Externals {
		callees = append(callees, x.Addr)
	}
	for _, x := range m.Topics {
		channels = append(channels, x.Addr)
	}
	for _, x := range m.Queues {
		channels = append(channels, x.Addr)
	}
	for _, node := range m.Nodes() {
		at, out := node.Self().Addr, node.Out()
		child := func(kind model.Kind, i int) model.Block {
			label := name(t, string(kind))
			return model.Block{Addr: model.Addr(fmt.Sprintf("%s.%s.%s%d", at, kind, label, i)), Kind: kind, Label: label, Parent: at}
		}
		if len(callees) > 0 {
			for i := range rapid.IntRange(0, 3).Draw(t, "calls") {
				to := rapid.SampledFrom(callees).Draw(t, "to")
				out.Calls = append(out.Calls, &model.Call{Block: child(model.KindCall, i), To: model.Of(to, model.Stated), PerRequest: model.Of(1.0, model.Default)})
			}
		}
		if len(channels) > 0 {
			for i := range rapid.IntRange(0, 1).Draw(t, "publishes") {
				to := rapid.SampledFrom(channels).Draw(t, "to")
				out.Publishes = append(out.Publishes, &model.Publish{Block: child(model.KindPublish, i), To: model.Of(to, model.Stated)})
			}
			for i := range rapid.IntRange(0, 1).Draw(t, "consumes") {
				from := rapid.SampledFrom(channels).Draw(t, "from")
				out.Consumes = append(out.Consumes, &model.Consume{Block: child(model.KindConsume, i), From: model.Of(from, model.Stated)})
			}
		}
	}
}

func name(t *rapid.T, what string) string {
	if rapid.IntRange(0, 2).Draw(t, "tame") > 0 {
		return rapid.SampledFrom([]string{"orders", "payments", "shop_db", "edge", "a", "order-placed"}).Draw(t, what)
	}
	return rapid.SampledFrom(hostile).Draw(t, what)
}

// parse reads DOT back with gographviz and returns the ids of the nodes and edges in it, invisible edges left out.
func parse(tb interface {
	Fatalf(string, ...any)
	Helper()
}, dot []byte) (nodes, edges map[string]int) {
	tb.Helper()
	tree, err := gographviz.ParseString(string(dot))
	if err != nil {
		tb.Fatalf("the DOT does not parse: %v", err)
	}
	g := gographviz.NewGraph()
	if err := gographviz.Analyse(tree, g); err != nil {
		tb.Fatalf("the DOT does not make a graph: %v", err)
	}
	nodes, edges = map[string]int{}, map[string]int{}
	for _, n := range g.Nodes.Nodes {
		nodes[unquote(n.Attrs["id"])]++
	}
	for _, e := range g.Edges.Edges {
		if e.Attrs["style"] != `"invis"` {
			edges[unquote(e.Attrs["id"])]++
		}
	}
	return nodes, edges
}

func unquote(s string) string {
	if len(s) < 2 {
		return s
	}
	return s[1 : len(s)-1]
}

// draw makes a picture and fails the test on an error.
func draw(tb testing.TB, m *model.Model, o diagram.Options) *diagram.Picture {
	tb.Helper()
	p, err := diagram.Draw(diagram.Input{Model: m}, o)
	if err != nil {
		tb.Fatalf("%+v: %v", o, err)
	}
	return p
}
