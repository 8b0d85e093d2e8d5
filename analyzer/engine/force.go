package engine

import (
	"regexp"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/policies"
	"github.com/open-policy-agent/opa/v1/ast"
)

// A force is the machine test of a leaf of the decision flowchart (D05) or of a scenario (SCN-07). It is a rule with one
// value and no card, since no finding comes of it: its name is the id, and its package ends with the kind that it judges.
// Its value is a result like any other: verdict, facts, and the sentence that says what holds here.

// forcePackage is where forces live, the kind last.
var forcePackage = regexp.MustCompile(`^archcheck\.(?:flowchart|scenarios)\.([a-z_]+)$`)

// forceName is the name of a force; other rules of its package are its helpers.
var forceName = regexp.MustCompile(`^(?:d[0-9]{2}|scn_[0-9]{2})$`)

// NewPresence returns the engine that says where patterns are in place (every result of a card is one place of its
// pattern), and which of the wanted forces hold where. Ids are those of cards, or D05 and SCN-07.
func NewPresence(wanted func(id string) bool) (*Engine, error) {
	lib, srcs := embedded(policies.Lib()), placeSources()
	fromDigest(slices.Concat(lib, srcs)...)
	return build(lib, untyped(srcs), func(c *analyzer.Card) bool { return wanted(c.ID) }, facts.Schema)
}

// placeSources are the modules whose results are no findings.
func placeSources() []*source {
	return embedded(append(policies.Presence(), policies.Forces()...))
}

// IsForce reports whether an id is that of a leaf or a scenario.
func IsForce(id string) bool { return !strings.HasPrefix(id, "PRE-") }

// readForces makes a card for every force of a module, so that it runs like a rule.
func readForces(s *source, kind string) []*rule {
	var out []*rule
	seen := map[string]bool{}
	pkg := packageName(s.mod)
	for _, r := range s.mod.Rules {
		name := ruleName(r.Ref().GroundPrefix(), pkg)
		if seen[name] || !forceName.MatchString(name) || r.Head.RuleKind() != ast.SingleValue || len(r.Head.Args) > 0 {
			continue
		}
		seen[name] = true
		c := &analyzer.Card{
			ID: strings.ReplaceAll(strings.ToUpper(name), "_", "-"), Severities: []analyzer.Severity{analyzer.Info},
			Package: pkg, Rule: name, Subject: kind, File: s.path, Line: r.Location.Row,
		}
		out = append(out, &rule{card: c, src: s, loc: r.Location, meta: &ast.Annotations{}, single: true})
	}
	return out
}

// only computes the value of a rule that has one. Where it is not sure OPA has to tell.
func (p *prog) only(m *vm) (found []ast.Value, sure bool) {
	switch v := p.eval(m, nil); {
	case v == nil:
		return nil, true
	case isOpen(v):
		return nil, false
	default:
		return []ast.Value{v}, true
	}
}

// resultsOf are the members of what OPA answered for a rule.
func (x *run) resultsOf(answer ast.Value) ast.Set {
	if x.single {
		return ast.NewSet(ast.NewTerm(answer))
	}
	set, _ := answer.(ast.Set)
	return set
}
