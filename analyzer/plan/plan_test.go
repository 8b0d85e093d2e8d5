package plan_test

import (
	"fmt"
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/plan"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

const system = `system "s" {}
service "a" {
  call "b" {
    to      = service.b
    timeout = "1s"
  }
}
service "b" {}
`

// TestWorkOut: a plan says of every finding what it changes, and works out the fixes that it is asked for.
func TestWorkOut(t *testing.T) {
	m, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: []byte(system)}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	const call = "service.a.call.b"
	finding := func(kind analyzer.Kind, at model.Addr, ops ...analyzer.Op) *analyzer.Finding {
		return &analyzer.Finding{Rule: "X-001", Kind: kind, Subject: at, Fixes: []analyzer.Fix{{Ops: ops}}}
	}
	group := finding(analyzer.Misconfigured, "service.b", analyzer.Op{Set: "auth", Value: "mtls"})
	group.Members = []*analyzer.Finding{finding(analyzer.Misconfigured, call, analyzer.Op{Set: "timeout", Value: "2s"})}
	p := plan.Make([]*analyzer.Finding{
		finding(analyzer.Misconfigured, call, analyzer.Op{Advise: "Measure it."}, analyzer.Op{Set: "timeout", Value: "2s"}),
		finding(analyzer.Misconfigured, call, analyzer.Op{Set: "retry.max_attempts", Value: 2.0}),
		finding(analyzer.Misuse, call, analyzer.Op{Unset: "timeout"}),
		finding(analyzer.Missing, call, analyzer.Op{Advise: "Talk to them."}),
		finding(analyzer.Misuse, "journey.a/b", analyzer.Op{Set: "timeout", Value: "2s"}),
		group,
	}, m)
	p.WorkOut(p.Changes[2:])
	var got string
	show := func(c *plan.Change) {
		got += fmt.Sprintf("%c %d", c.Action, len(c.Fixes))
		for _, f := range c.Fixes {
			got += fmt.Sprintf(" %q %s %v", f.Title, f.Safety, f.Advice)
			for _, l := range f.Lines {
				got += fmt.Sprintf(" %c%d %s", l.Action, l.Line, l.Text)
			}
		}
		got += "\n"
	}
	for _, c := range p.Changes {
		show(c)
		for _, m := range c.Members {
			show(m)
		}
	}
	want := `~ 0
+ 0
- 1 "Remove timeout from service.a.call.b" unsafe [] -5 timeout = "1s"
+ 1 "" manual [Talk to them.]
~ 1 "" manual [Set timeout = "2s" on journey.a/b]
+ 1 "Set auth = \"mtls\" on service.b" unsafe [] +8 service "b" { +0   auth = "mtls" +0 }
~ 1 "Set timeout = \"2s\" on service.a.call.b" unsafe [] ~5 timeout = "2s"
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
