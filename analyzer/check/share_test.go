package check

import (
	"slices"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/edit"
	"github.com/archcheck/archcheck/dsl/model"
)

func described(t *testing.T, hcl string) *model.Model {
	t.Helper()
	m, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: []byte(hcl)}})
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, hcl)
	}
	return m
}

const callees = `
service "x" {}
service "y" {}
service "z" {}
service "w" {}
`

func calls(names string, also ...string) string {
	var b strings.Builder
	for _, n := range strings.Fields(names) {
		b.WriteString("  call \"" + n + "\" {\n    to = service." + n + "\n  }\n")
	}
	return b.String() + strings.Join(also, "")
}

// TestOneStatementForAll: where several calls need the same value, one statement gives it to them and to no other call.
func TestOneStatementForAll(t *testing.T) {
	for name, c := range map[string]struct {
		hcl   string
		needs string   // calls that need it
		want  []string // subjects of what is shown
		also  string   // in the file after the first change
	}{
		"one caller": {
			"gateway \"g\" {\n  engine = \"nginx\"\n" + calls("x y z") + "}\n",
			"gateway.g.call.x gateway.g.call.y gateway.g.call.z", []string{"gateway.g"}, "policy = policy.g\n",
		},
		"its label is taken": {
			"policy \"g\" { timeout = \"1s\" }\ngateway \"g\" {\n" + calls("x y z") + "}\n",
			"gateway.g.call.x gateway.g.call.y gateway.g.call.z", []string{"gateway.g"}, "policy \"g_2\"",
		},
		"a call that needs nothing": {
			"gateway \"g\" {\n" + calls("x y z w") + "}\n",
			"gateway.g.call.x gateway.g.call.y gateway.g.call.z", []string{"system.s"}, "",
		},
		"a call that says it itself": {
			"gateway \"g\" {\n" + calls("x y z", "  call \"w\" {\n    to = service.w\n    connect_timeout = \"3s\"\n  }\n") + "}\n",
			"gateway.g.call.x gateway.g.call.y gateway.g.call.z", []string{"gateway.g"}, "policy = policy.g\n",
		},
		"a call whose own policy says it": {
			"policy \"slow\" { connect_timeout = \"3s\" }\ngateway \"g\" {\n" + calls("x y z", "  call \"w\" {\n    to = service.w\n    policy = policy.slow\n  }\n") + "}\n",
			"gateway.g.call.x gateway.g.call.y gateway.g.call.z", []string{"gateway.g"}, "policy = policy.g\n",
		},
		"the policy of the callers": {
			"policy \"rpc\" { timeout = \"1s\" }\nservice \"a\" {\n  policy = policy.rpc\n" + calls("x y") + "}\nservice \"b\" {\n  policy = policy.rpc\n" + calls("z") + "}\nservice \"c\" {\n" + calls("w") + "}\n",
			"service.a.call.x service.a.call.y service.b.call.z", []string{"policy.rpc"}, "connect_timeout = \"100ms\"",
		},
		"a policy that serves a callee too": {
			"policy \"rpc\" { timeout = \"1s\" }\nservice \"a\" {\n  policy = policy.rpc\n" + calls("x y z") + "}\nservice \"v\" { inbound = policy.rpc }\nservice \"c\" {\n" + "  call \"v\" { to = service.v }\n}\n",
			"service.a.call.x service.a.call.y service.a.call.z", []string{"system.s"}, "",
		},
		"a policy that hands it down": {
			"policy \"rpc\" { connect_timeout = \"5s\" }\nservice \"a\" {\n  policy = policy.rpc\n" + calls("x y z") + "}\nservice \"c\" {\n" + calls("w") + "}\n",
			"service.a.call.x service.a.call.y service.a.call.z", []string{"policy.rpc"}, "connect_timeout = \"100ms\"",
		},
		"every call of the system": {
			"service \"a\" {\n" + calls("x y") + "}\nservice \"b\" {\n" + calls("z") + "}\n",
			"service.a.call.x service.a.call.y service.b.call.z", []string{"system.s"}, "policy = policy.default",
		},
		"one caller wholly and one in part": {
			"gateway \"g\" {\n" + calls("x y z") + "}\nservice \"a\" {\n" + calls("x y z") + "}\n",
			"gateway.g.call.x gateway.g.call.y gateway.g.call.z service.a.call.x", []string{"gateway.g", "service.a.call.x"}, "policy = policy.g\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := described(t, "system \"s\" {}\n"+c.hcl+callees)
			var fs []*analyzer.Finding
			for _, a := range strings.Fields(c.needs) {
				fs = append(fs, &analyzer.Finding{Rule: "RES-045", Kind: analyzer.Misconfigured, Verdict: analyzer.Violation, Subject: model.Addr(a), Detail: "It hangs.",
					Fixes: []analyzer.Fix{{Ops: []analyzer.Op{{Set: "connect_timeout", Value: "100ms"}}}}})
			}
			shown := Group(m, fs)
			var subjects []string
			for _, f := range shown {
				subjects = append(subjects, string(f.Subject))
			}
			slices.Sort(subjects)
			if !slices.Equal(subjects, c.want) {
				t.Fatalf("shown on %v, want %v", subjects, c.want)
			}
			after := m
			for _, f := range shown {
				after = changed(t, after, f)
			}
			if c.also != "" && !strings.Contains(string(after.Files[0].Bytes), c.also) {
				t.Errorf("no %q in\n%s", c.also, after.Files[0].Bytes)
			}
			for _, n := range m.Nodes() {
				for _, e := range n.Out().Calls {
					want := e.ConnectTimeout.Text()
					if slices.Contains(strings.Fields(c.needs), string(e.Addr)) {
						want = "100ms"
					}
					if got := after.Lookup(e.Addr).(*model.Call).ConnectTimeout.Text(); got != want {
						t.Errorf("%s takes %q to connect, want %q in\n%s", e.Addr, got, want, after.Files[0].Bytes)
					}
				}
			}
		})
	}
}

// changed applies the first fix of a finding.
func changed(t *testing.T, m *model.Model, f *analyzer.Finding) *model.Model {
	t.Helper()
	var ops []edit.Op
	for _, op := range f.Fixes[0].Ops {
		at := op.At
		if at == "" && op.Add == "" {
			at = f.Subject
		}
		ops = append(ops, edit.Op{At: at, Set: op.Set, Add: op.Add, Label: op.Label, Value: op.Value})
	}
	p, err := edit.New(m).Plan(ops)
	if err != nil {
		t.Fatal(err)
	}
	return described(t, string(edit.Apply(m.Files, p.Edits)["system.hcl"]))
}
