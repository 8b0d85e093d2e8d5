package edit

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
)

const source = `system "shop" {}

service "orders" {
  scale = { replicas = 1, zones = 1 } # two in spring
  call "charge" {
    to      = service.payments
    timeout = "600ms" # measured
    retry   = { max_attempts = 3 }
  }
  publish "placed" { to = topic.order_placed }
}
`

// load makes the blocks of a source findable, as Load does.
func load(t *testing.T, src string) *Editor {
	t.Helper()
	f, diags := hclsyntax.ParseConfig([]byte(src), "system.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	m := &model.Model{Files: []model.File{{Name: "system.hcl", Bytes: []byte(src)}}}
	block := func(b *hclsyntax.Block, parent, addr string) model.Block {
		pos := func(p hcl.Pos) model.Pos {
			return model.Pos{Line: int32(p.Line), Column: int32(p.Column), Byte: int32(p.Byte)}
		}
		return model.Block{Addr: model.Addr(addr), Parent: model.Addr(parent), Kind: model.Kind(b.Type),
			Decl: model.Range{File: "system.hcl", Start: pos(b.TypeRange.Start), End: pos(b.LabelRanges[0].End)},
			Body: model.Range{File: "system.hcl", Start: pos(b.TypeRange.Start), End: pos(b.CloseBraceRange.End)}}
	}
	for _, b := range f.Body.(*hclsyntax.Body).Blocks {
		addr := b.Type + "." + b.Labels[0]
		if b.Type == "system" {
			m.System = &model.System{Block: block(b, "", addr)}
			continue
		}
		s := &model.Service{Block: block(b, "", addr)}
		for _, in := range b.Body.Blocks {
			s.Calls = append(s.Calls, &model.Call{Block: block(in, addr, addr+"."+in.Type+"."+in.Labels[0])})
		}
		m.Services = append(m.Services, s)
	}
	m.Index()
	return New(m)
}

func TestPlan(t *testing.T) {
	const charge, placed = "service.orders.call.charge", "service.orders.publish.placed"
	tests := []struct {
		name  string
		ops   []Op
		old   string // what of the source is replaced …
		new   string // … and by what: nothing else may change
		lines []string
	}{
		{"change a value and keep its comment", []Op{{At: charge, Set: "timeout", Value: "1.6s"}},
			`timeout = "600ms" # measured`, `timeout = "1.6s" # measured`, []string{`~ 7 timeout = "1.6s" (was "600ms")`}},
		{"change a key of an object", []Op{{At: charge, Set: "retry.max_attempts", Value: 1}},
			"max_attempts = 3", "max_attempts = 1", []string{"~ 8 retry   = { max_attempts = 1 } (was 3)"}},
		{"add a key to an object", []Op{{At: charge, Set: "retry.budget", Value: "10%"}},
			"max_attempts = 3", `max_attempts = 3, budget = "10%"`, []string{`~ 8 retry   = { max_attempts = 3, budget = "10%" }`}},
		{"several keys of one object are one change", []Op{{At: "service.orders", Set: "scale.replicas", Value: 2}, {At: "service.orders", Set: "scale.max", Value: 4}},
			"{ replicas = 1, zones = 1 }", "{ replicas = 2, zones = 1, max = 4 }", []string{"~ 4 scale = { replicas = 2, zones = 1, max = 4 } (was { replicas = 1, zones = 1 })"}},
		{"keys of an object that is not there make one", []Op{{At: charge, Set: "bulkhead.max_concurrent", Value: 14}},
			"    retry   = { max_attempts = 3 }\n", "    retry   = { max_attempts = 3 }\n    bulkhead = { max_concurrent = 14 }\n",
			[]string{"+ 8 bulkhead = { max_concurrent = 14 }"}},
		{"add an attribute behind the others", []Op{{At: charge, Set: "circuit_breaker", Value: map[string]any{"window": "10s", "min_calls": 100.0}}},
			"    retry   = { max_attempts = 3 }\n", "    retry   = { max_attempts = 3 }\n    circuit_breaker = { window = \"10s\", min_calls = 100 }\n",
			[]string{`+ 8 circuit_breaker = { window = "10s", min_calls = 100 }`}},
		{"open a one-line block", []Op{{At: placed, Set: "outbox", Value: map[string]any{"store": "datastore.orders_db", "relay": "cdc"}}},
			"publish \"placed\" { to = topic.order_placed }",
			"publish \"placed\" {\n    to     = topic.order_placed\n    outbox = { store = datastore.orders_db, relay = \"cdc\" }\n  }",
			[]string{`+ 10 publish "placed" {`, "+ 0   to     = topic.order_placed", `+ 0   outbox = { store = datastore.orders_db, relay = "cdc" }`, "+ 0 }"}},
		{"a keyword is no string", []Op{{At: charge, Set: "timeout", Value: "none"}}, `"600ms"`, "none", []string{`~ 7 timeout = none (was "600ms")`}},
		{"remove an attribute with its line", []Op{{At: charge, Unset: "timeout"}}, "    timeout = \"600ms\" # measured\n", "", []string{`- 7 timeout = "600ms"`}},
		{"add a block at the top level", []Op{{Add: "queue", Label: "dead", Value: map[string]any{"engine": "sqs"}}},
			"order_placed }\n}\n", "order_placed }\n}\n\nqueue \"dead\" { engine = \"sqs\" }\n", []string{`+ 12 queue "dead" { engine = "sqs" }`}},
		{"add a block with blocks inside, in their order", []Op{{Add: "transaction", Label: "sale", Value: map[string]any{"pattern": "saga", "step": []any{
			map[string]any{"label": "pay", "in": "service.payments", "compensate": "refund"}, map[string]any{"label": "book", "in": "service.orders"},
		}}}},
			"order_placed }\n}\n", "order_placed }\n}\n\ntransaction \"sale\" {\n  pattern = \"saga\"\n  step \"pay\" {\n    compensate = \"refund\"\n" +
				"    in         = service.payments\n  }\n  step \"book\" { in = service.orders }\n}\n",
			[]string{`+ 12 transaction "sale" {`, `+ 0   pattern = "saga"`, `+ 0   step "pay" {`, `+ 0     compensate = "refund"`,
				"+ 0     in         = service.payments", "+ 0   }", `+ 0   step "book" { in = service.orders }`, "+ 0 }"}},
		{"add a block inside", []Op{{At: "service.orders", Add: "api", Label: "rest", Value: map[string]any{"version": "v1", "lists": true}}},
			"order_placed }\n}", "order_placed }\n  api \"rest\" {\n    lists   = true\n    version = \"v1\"\n  }\n}",
			[]string{`+ 11 api "rest" {`, "+ 0   lists   = true", `+ 0   version = "v1"`, "+ 0 }"}},
		{"add a block with a block in it", []Op{{Add: "gateway", Label: "edge", Value: map[string]any{"auth": "oidc", "call orders": map[string]any{"to": "service.orders"}}}},
			"order_placed }\n}\n", "order_placed }\n}\n\ngateway \"edge\" {\n  auth = \"oidc\"\n  call \"orders\" { to = service.orders }\n}\n",
			[]string{`+ 12 gateway "edge" {`, `+ 0   auth = "oidc"`, `+ 0   call "orders" { to = service.orders }`, "+ 0 }"}},
		{"add a block inside an empty one", []Op{{At: "system.shop", Set: "platform", Value: "kubernetes"}},
			`system "shop" {}`, "system \"shop\" {\n  platform = \"kubernetes\"\n}", []string{`+ 1 system "shop" {`, `+ 0   platform = "kubernetes"`, "+ 0 }"}},
	}
	for _, crlf := range []bool{false, true} {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				src, old, new := source, tt.old, tt.new
				if crlf {
					nl := strings.NewReplacer("\n", "\r\n")
					src, old, new = nl.Replace(src), nl.Replace(old), nl.Replace(new)
				}
				e := load(t, src)
				r, err := e.Plan(tt.ops)
				if err != nil {
					t.Fatal(err)
				}
				if does := e.Does(tt.ops); does != r.Lines[0].Action {
					t.Errorf("does %c", does)
				}
				if want, got := strings.Replace(src, old, new, 1), string(Apply(e.m.Files, r.Edits)["system.hcl"]); got != want {
					t.Errorf("bytes:\n%s\nwant:\n%s", got, want)
				}
				var lines []string
				for _, l := range r.Lines {
					s := string(l.Action) + " " + itoa(l.Line) + " " + l.Text
					if l.Was != "" {
						s += " (was " + l.Was + ")"
					}
					lines = append(lines, s)
				}
				if got, want := strings.Join(lines, "\n"), strings.Join(tt.lines, "\n"); got != want {
					t.Errorf("lines:\n%s\nwant:\n%s", got, want)
				}
			})
		}
	}
}

func itoa(n int) string { return value(n) }

func TestPlanRefuses(t *testing.T) {
	e := load(t, source)
	for _, op := range []Op{
		{At: "service.nobody", Set: "timeout", Value: "1s"},
		{At: "service.orders.call.charge", Unset: "deadline"},
		{At: "service.orders.call.charge", Set: "timeout.value", Value: "1s"},
		{At: "service.orders.call.charge"},
		{At: "service.orders.call.charge", Set: "timeout", Value: verbatim("\"1s\"\n }")},
		{At: "service.orders.call.charge", Set: "fallback", Value: verbatim("}")},
		{At: "service.orders.publish.placed", Set: "outbox", Value: verbatim("{")},
	} {
		if r, err := e.Plan([]Op{op}); err == nil {
			t.Errorf("%+v: planned %v", op, r)
		}
		if does := e.Does([]Op{op}); does != 0 {
			t.Errorf("%+v: does %c", op, does)
		}
	}
}

// A block is found without reading the blocks inside it, whatever they hold and however they are written.
func TestPlanPassesOverTheBlocksInside(t *testing.T) {
	for _, inside := range []string{
		`call "a" { to = service.b }`,
		"call \"a\" {\n    to = service.b\n    retry = { max_attempts = 2 } # } {\n  }",
		"call \"a\" {}",
		"call \"a\" /* { */ {\n    to = service.b /* } */\n  }",
		"call \"a\" {\n    to = service.b\n    team = \"} ü {\"\n    # \" {\n  } # call \"b\" {",
		"call \"a\" {\n    team = <<EOT\n  }\nEOT\n  }",
	} {
		src := "service \"s\" {\n  " + inside + "\n  team = \"x\" # ours\n  call \"z\" { to = service.b }\n}\n"
		e := load(t, src)
		r, err := e.Plan([]Op{{At: "service.s", Set: "team", Value: "y"}, {At: "service.s", Set: "region", Value: "eu"}})
		if err != nil {
			t.Errorf("%s: %v", inside, err)
			continue
		}
		want := strings.Replace(strings.Replace(src, `team = "x"`, `team = "y"`, 1), "service \"s\" {\n", "service \"s\" {\n  region = \"eu\"\n", 1)
		if got := string(Apply(e.m.Files, r.Edits)["system.hcl"]); got != want || r.Lines[0].Line != 3+strings.Count(inside, "\n") {
			t.Errorf("%s: line %d of\n%s\nwant\n%s", inside, r.Lines[0].Line, got, want)
		}
	}
}

// Two changes that open one block would overlap: no edit instead of a wrong one.
func TestPlanRefusesOverlaps(t *testing.T) {
	e := load(t, source)
	if r, err := e.Plan([]Op{{At: "system.shop", Set: "platform", Value: "vm"}, {At: "system.shop", Add: "x", Label: "y"}}); err == nil {
		t.Errorf("planned %v", r)
	}
}
