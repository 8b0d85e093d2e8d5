package facts

import (
	"slices"
	"testing"
)

// A call from outside a mesh has limits from the mesh's policy only on paper. A library's policy, and one that every call
// of the system has, are enforced without a proxy.
func TestLimitsClaimedFromAMesh(t *testing.T) {
	for _, c := range []struct {
		name, system, policy, own, mtls, members string
		want                                     []string
	}{
		{"a call names the mesh's policy", ``, ``, `policy = policy.p`, "permissive", "service.b", []string{"timeout", "circuit_breaker"}},
		{"its own timeout is its own", ``, ``, "policy = policy.p\n    timeout = \"1s\"", "permissive", "service.b", []string{"circuit_breaker"}},
		{"another product enforces it", ``, `engine = "resilience4j"`, `policy = policy.p`, "permissive", "service.b", nil},
		{"every call has it", `policy = policy.p`, ``, ``, "permissive", "service.b", nil},
		{"both are members", ``, ``, `policy = policy.p`, "permissive", "service.a, service.b", nil},
		{"no policy on the call", ``, ``, ``, "permissive", "service.b", nil},
	} {
		f := load(t, `
system "s" { `+c.system+` }
policy "p" {
  `+c.policy+`
  timeout         = "2s"
  circuit_breaker = {}
}
service "a" {
  call "b" {
    to = service.b
    `+c.own+`
  }
}
service "b" {}
service "c" {}
mesh "m" {
  members = [`+c.members+`, service.c]
  policy  = policy.p
}`)
		got := subject[*CallFacts](t, f, "call", "service.a.call.b")
		if !slices.Equal(got.MeshClaims, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got.MeshClaims, c.want)
		}
		if (got.MeshPolicy == "policy.p") != (len(c.want) > 0) {
			t.Errorf("%s: from policy %q", c.name, got.MeshPolicy)
		}
	}
}
