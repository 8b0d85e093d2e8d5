package edit

import (
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

const before = `system "shop" {}

# Takes orders.
// Since 2019.
service "orders" {
  scale = { replicas = 1 }

  # costs money
  call "charge" {
    to = service.payments
  }
  call "ship" { to = service.shipping } # by hand

  publish "placed" { to = topic.order_placed }
}

service "payments" {}
`

func TestDrop(t *testing.T) {
	const charge, ship, placed = "service.orders.call.charge", "service.orders.call.ship", "service.orders.publish.placed"
	for _, x := range []struct{ at, gone, line string }{
		{charge, "  # costs money\n  call \"charge\" {\n    to = service.payments\n  }\n", `- 9 call "charge" { … }`},
		{ship, "  call \"ship\" { to = service.shipping } # by hand\n", `- 12 call "ship" { to = service.shipping }`},
		{placed, "\n  publish \"placed\" { to = topic.order_placed }\n", `- 14 publish "placed" { to = topic.order_placed }`},
		{"service.orders", before[strings.Index(before, "\n# Takes"):strings.Index(before, "\nservice \"payments\"")], `- 5 service "orders" { … }`},
		{"service.payments", "\nservice \"payments\" {}\n", `- 17 service "payments" {}`},
	} {
		for _, crlf := range []bool{false, true} {
			src, gone := before, x.gone
			if crlf {
				src, gone = strings.ReplaceAll(src, "\n", "\r\n"), strings.ReplaceAll(gone, "\n", "\r\n")
			}
			e := load(t, src)
			r, err := e.Plan([]Op{{At: model.Addr(x.at), Drop: true}, {At: model.Addr(x.at), Set: "team", Value: "x"}})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := string(Apply(e.m.Files, r.Edits)["system.hcl"]), strings.Replace(src, gone, "", 1); got != want || want == src {
				t.Errorf("%s, CRLF %v: left\n%s", x.at, crlf, got)
			}
			if l := r.Lines[0]; len(r.Lines) != 1 || "- "+itoa(l.Line)+" "+l.Text != x.line {
				t.Errorf("%s: lines %v", x.at, r.Lines)
			}
		}
	}
}
