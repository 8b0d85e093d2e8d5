package edit_test

import (
	"testing"

	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/edit"
	"github.com/archcheck/archcheck/dsl/model"
)

// An object of its own hides the one that a block inherits, so a change of one key writes them all.
func TestChangeOfAnInheritedObjectKeepsTheRest(t *testing.T) {
	m, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: []byte(`system "s" {
  deploy = { strategy = "rolling", drain = "5s" }
  policy = policy.p
}
policy "p" {
  retry = { max_attempts = 2, jitter = "equal" }
}
service "a" {
  call "b" { to = service.b }
}
service "b" {
  scale = { replicas = 2 }
}
`)}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	e := edit.New(m)
	for _, x := range []struct {
		op   edit.Op
		want string
	}{
		{edit.Op{At: "service.b", Set: "deploy.drain", Value: "30s"}, `deploy = { strategy = "rolling", drain = "30s" }`},
		{edit.Op{At: "service.a.call.b", Set: "retry.budget", Value: "10%"}, `retry = { max_attempts = 2, jitter = "equal", budget = "10%" }`},
		{edit.Op{At: "service.b", Set: "latency.p99", Value: "10ms"}, `latency = { p99 = "10ms" }`},
	} {
		r, err := e.Plan([]edit.Op{x.op})
		if err != nil {
			t.Fatal(err)
		}
		if r.HCL != x.want {
			t.Errorf("%s %s: %s, want %s", x.op.At, x.op.Set, r.HCL, x.want)
		}
	}
}
