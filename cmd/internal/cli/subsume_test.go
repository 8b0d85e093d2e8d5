package cli

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/report"
)

// What a finding takes the place of depends on the cards, the evidence and the places together, so it is tested with the
// rules as they are: one line a finding, with what it stands for behind "over".
func TestOneCauseOneFinding(t *testing.T) {
	for _, c := range []struct {
		name  string
		rules string
		file  string
		want  []string
	}{
		{
			// Retries multiply towards the bank: two layers of three tries each. What the shop sends to the mailer is tried
			// again as well, into a limit of its own, and is no part of that.
			name: "retries that multiply, and a call beside them", rules: "RES-015,RES-016",
			file: `
client "web" {
  kind = "web"
  rps  = 20
  call "shop" { to = service.shop }
}
service "shop" {
  call "pay" {
    to         = service.pay
    access     = "write"
    idempotent = true
    retry      = { max_attempts = 3 }
  }
  call "mail" {
    to         = external.mailer
    access     = "write"
    idempotent = true
    fallback   = "queue"
    retry      = { max_attempts = 3 }
  }
}
service "pay" {
  call "bank" {
    to         = external.bank
    access     = "write"
    idempotent = true
    retry      = { max_attempts = 3 }
  }
}
external "bank" { rps_limit = 50 }
external "mailer" { rps_limit = 50 }
`,
			want: []string{"RES-015@external.bank over RES-016@service.pay.call.bank", "RES-016@service.shop.call.mail"},
		},
		{
			// Both are BFFs of the only kind of client; making ordinary gateways of two that should be one is no advice.
			name: "two BFFs of one frontend", rules: "GWY-012,GWY-014",
			file: `
client "web" {
  kind = "web"
  call "a" { to = gateway.one }
}
client "admin" {
  kind = "web"
  call "a" { to = gateway.two }
}
gateway "one" {
  kind = "bff"
  call "x" { to = service.x }
}
gateway "two" {
  kind = "bff"
  call "x" { to = service.x }
}
service "x" {}
`,
			want: []string{"GWY-014@gateway.two over GWY-012@gateway.one GWY-012@gateway.two"},
		},
		{
			// The shop is what retries multiply at; what it calls itself has a cause of its own.
			name: "a call of the part that retries multiply at", rules: "RES-015,RES-016",
			file: `
client "web" {
  kind = "web"
  rps  = 20
  call "edge" {
    to    = gateway.edge
    retry = { max_attempts = 3 }
  }
}
gateway "edge" {
  call "shop" {
    to         = service.shop
    idempotent = true
    retry      = { max_attempts = 3 }
  }
}
service "shop" {
  call "mail" {
    to         = external.mailer
    access     = "write"
    idempotent = true
    fallback   = "queue"
    retry      = { max_attempts = 3 }
  }
}
external "mailer" { rps_limit = 50 }
`,
			want: []string{"RES-015@service.shop", "RES-016@service.shop.call.mail"},
		},
		{
			// The gateway's own limit cuts the report off; the lookup is cut off by a limit that somebody wrote on its call.
			name: "a gateway that hangs up, and a call with too short a limit", rules: "GWY-007,RES-041",
			file: `
client "web" {
  kind = "web"
  call "edge" { to = gateway.edge }
}
gateway "edge" {
  timeout = "2s"
  call "report" { to = service.report }
  call "lookup" {
    to      = service.lookup
    timeout = "100ms"
  }
}
service "report" { latency = { p50 = "1s", p99 = "5s" } }
service "lookup" { latency = { p50 = "50ms", p99 = "300ms" } }
`,
			want: []string{"GWY-007@gateway.edge over RES-041@gateway.edge.call.report", "RES-041@gateway.edge.call.lookup"},
		},
		{
			// The three services share one finding: one gateway before them. Joining what the app asks for there takes the app's many calls away. What one service asks another is
			// chatter of its own, which no gateway changes.
			name: "an app that calls everybody, and a service that chatters", rules: "GWY-001,GWY-020,COM-010,GWY-010,SYS-010",
			file: `
client "app" {
  kind = "mobile"
  rps  = 5
  call "items" {
    to          = service.items
    per_request = 6
  }
  call "cart" {
    to          = service.cart
    per_request = 1
  }
  call "user" {
    to          = service.user
    per_request = 1
  }
}
service "items" {
  api "rest" { version = "v1" }
  call "prices" {
    to          = service.prices
    per_request = 12
  }
}
service "cart" {
  api "rest" { version = "v1" }
}
service "user" {
  api "rest" { version = "v1" }
}
service "prices" {
  api "grpc" {}
}
`,
			want: []string{
				"GWY-001@service.items over COM-010@client.app GWY-020@client.app SYS-010@client.app.call.items",
				"SYS-010@service.items.call.prices",
			},
		},
		{
			// Nobody joins the answers of one service: the calls stay as many with a gateway between.
			name: "an app that asks one service six times", rules: "GWY-001,GWY-020,COM-010,GWY-010,SYS-010",
			file: `
client "app" {
  kind = "web"
  rps  = 5
  call "items" {
    to          = service.items
    per_request = 6
  }
}
service "items" {
  api "rest" { version = "v1" }
}
`,
			want: []string{"GWY-001@service.items", "SYS-010@client.app.call.items"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			in := strings.NewReader("system \"s\" {}\n" + c.file)
			if code := Main([]string{"plan", "-", "--no-config", "-o", "json", "--only", c.rules}, Streams{In: in, Out: &out, Err: &errs}); code != ExitOK {
				t.Fatalf("exit %d: %s", code, errs.String())
			}
			var r report.Report
			if err := json.Unmarshal(out.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range r.Findings {
				line := f.ID
				if len(f.Subsumes) > 0 {
					line += " over " + strings.Join(f.Subsumes, " ")
				}
				got = append(got, line)
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}
