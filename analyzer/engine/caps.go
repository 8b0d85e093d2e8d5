package engine

import (
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// forbidden are the builtins that would make a rule depend on more than its input, with what each would reach for. A
// name that ends in a dot stands for its family.
var forbidden = []struct{ name, why string }{
	{"http.", "reaches the network"},
	{"net.lookup_ip_addr", "reaches the network"},
	{"opa.runtime", "reads the environment"},
	{"rand.", "is random"},
	{"uuid.rfc4122", "is random"},
	{"time.now_ns", "reads the clock"},
	{"io.jwt.", "depends on keys and on the clock"},
	{"crypto.x509.", "depends on keys and on the clock"},
	{"providers.", "signs requests to a cloud"},
	{"rego.metadata.", "reads cards, which archcheck itself does"},
	{"rego.parse_module", "compiles policies"},
	{"graph.reachable_paths", "is exponential in the size of the graph"},
	{"json.match_schema", "may fetch schemas"},
	{"json.verify_schema", "may fetch schemas"},
	{"graphql.", "reads no architecture"},
	{"trace", "has no reader"},
}

func whyForbidden(name string) string {
	for _, f := range forbidden {
		if f.name == name || strings.HasSuffix(f.name, ".") && strings.HasPrefix(name, f.name) {
			return f.why
		}
	}
	return ""
}

// capabilities are what policies may use: everything of this OPA that is a function of its arguments.
var capabilities = sync.OnceValue(func() *ast.Capabilities {
	caps := ast.CapabilitiesForThisVersion()
	var kept []*ast.Builtin
	for _, b := range caps.Builtins {
		if !b.Nondeterministic && whyForbidden(b.Name) == "" {
			kept = append(kept, b)
		}
	}
	caps.Builtins = kept
	caps.AllowNet = []string{}
	return caps
})
