package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// A shared change is one statement that serves all calls which need the same value: in the policy that they inherit it
// from, in the policy of their callers, in a new policy of their one caller, or in the system's. It may reach no other
// call: what else it would do there, nobody has judged.

// sharer finds such places for one model. What it learned of an attribute serves all groups of findings.
type sharer struct {
	scene
	calls map[string][]carriage // by attribute
	says  map[saying]bool       // whether a policy states an attribute
}

// carriage is how a call of a node comes to an attribute: it writes it, or a policy hands it down.
type carriage struct {
	node    model.Node
	call    *model.Call
	written bool
	from    model.Addr // that policy; empty for none
}

type saying struct {
	policy model.Addr
	name   string
}

func newSharer(m *model.Model) *sharer {
	return &sharer{scene: scene{m: m}, calls: map[string][]carriage{}, says: map[saying]bool{}}
}

// carriages are all calls of the model with how they come to an attribute.
func (s *sharer) carriages(name string) []carriage {
	if out, ok := s.calls[name]; ok {
		return out
	}
	var out []carriage
	for _, n := range s.m.Nodes() {
		for _, c := range n.Out().Calls {
			x := carriage{node: n, call: c, written: !attributeOf(c, name).IsZero()}
			if f := factOf(c, name); f != nil && f.Source() != nil {
				if p, ok := s.m.Lookup(model.Addr(f.Source().From)).(*model.Policy); ok {
					x.from = p.Addr
				}
			}
			out = append(out, x)
		}
	}
	s.calls[name] = out
	return out
}

// divide parts findings that ask for the same change by what one statement can serve: all of them, else those of callers
// with one policy, or of one caller without. What is left stays together.
func (s *sharer) divide(fs []*analyzer.Finding) [][]*analyzer.Finding {
	m := s.m
	if at, _ := s.shared(fs); at != "" {
		return [][]*analyzer.Finding{fs}
	}
	parts := map[model.Addr][]*analyzer.Finding{}
	var order []model.Addr
	for _, f := range fs {
		e := m.Lookup(f.Subject)
		if e == nil {
			return [][]*analyzer.Finding{fs}
		}
		from := e.Self().Parent
		if p := policyOf(m, from); p != "" {
			from = p
		}
		if parts[from] == nil {
			order = append(order, from)
		}
		parts[from] = append(parts[from], f)
	}
	var out [][]*analyzer.Finding
	var rest []*analyzer.Finding
	for _, from := range order {
		own := parts[from]
		if len(own) >= groupFrom {
			if at, _ := s.shared(own); at != "" {
				out = append(out, own)
				continue
			}
		}
		rest = append(rest, own...)
	}
	if len(rest) >= groupFrom {
		out = append(out, rest)
	}
	return out
}

// shared is the one place that can carry the change which all findings ask for, with the operations there; empty if
// there is none.
func (sh *sharer) shared(fs []*analyzer.Finding) (at model.Addr, ops []analyzer.Op) {
	m := sh.m
	op := fs[0].Fixes[0].Ops[0]
	name, _, _ := strings.Cut(op.Set, ".")
	members := map[model.Addr]bool{}
	var callers []model.Addr
	for _, f := range fs {
		c, ok := m.Lookup(f.Subject).(*model.Call)
		if !ok || !carried[name] || len(f.Fixes[0].Ops) != 1 || f.Fixes[0].Ops[0].At != "" && f.Fixes[0].Ops[0].At != c.Addr {
			return "", nil
		}
		members[c.Addr] = true
		if !slices.Contains(callers, c.Parent) && len(callers) < 2 { // one caller or more
			callers = append(callers, c.Parent)
		}
	}
	s := sharing{sharer: sh, name: name, members: members}
	if p := s.inherited(); p != "" {
		return p, []analyzer.Op{{At: p, Set: op.Set, Value: op.Value}}
	}
	policy := s.policy()
	own := func(c *model.Call) bool { return !s.stated(c.Policy) }
	switch {
	case policy != "" && s.onlyOf(policy) && s.serves(func(x *carriage) bool { return policyOfNode(x.node) == policy && own(x.call) }):
		return policy, []analyzer.Op{{At: policy, Set: op.Set, Value: op.Value}}
	case len(callers) == 1 && s.takesPolicy(callers[0]) &&
		s.serves(func(x *carriage) bool { return x.call.Parent == callers[0] && own(x.call) }):
		label := freshPolicy(m, m.Lookup(callers[0]).Self().Label)
		return callers[0], []analyzer.Op{
			{At: callers[0], Set: "policy", Value: "policy." + label},
			{Add: "policy", Label: label, Value: map[string]any{op.Set: op.Value}},
		}
	case len(callers) > 1 && s.serves(s.fromSystem):
		return m.System.Addr, carrier(m, op.Set, op.Value)
	}
	return "", nil
}

// sharing looks for a place for one attribute of some calls.
type sharing struct {
	*sharer
	name    string
	members map[model.Addr]bool
}

// serves reports whether a statement that reaches the given calls, those aside that state the attribute themselves,
// reaches all members and nothing else.
func (s *sharing) serves(reaches func(*carriage) bool) bool {
	n := 0
	all := s.carriages(s.name)
	for i := range all {
		x := &all[i]
		if x.written || !reaches(x) {
			continue
		}
		if !s.members[x.call.Addr] {
			return false
		}
		n++
	}
	return n == len(s.members)
}

// inherited is the policy that hands the attribute to every member, and to nobody else.
func (s *sharing) inherited() model.Addr {
	policy, n := model.Addr(""), 0
	all := s.carriages(s.name)
	for i := range all {
		x := &all[i]
		if !s.members[x.call.Addr] {
			continue
		}
		if x.from == "" || policy != "" && x.from != policy {
			return ""
		}
		policy, n = x.from, n+1
	}
	if n == len(s.members) && s.serves(func(x *carriage) bool { return x.from == policy }) {
		return policy
	}
	return ""
}

// policy is the one that the callers of all members state; empty if they have none, or several.
func (s *sharing) policy() model.Addr {
	out, first := model.Addr(""), true
	for a := range s.members {
		p := policyOf(s.m, s.m.Lookup(a).Self().Parent)
		if !first && p != out {
			return ""
		}
		out, first = p, false
	}
	return out
}

func policyOf(m *model.Model, node model.Addr) model.Addr {
	n, _ := m.Lookup(node).(model.Node)
	return policyOfNode(n)
}

func policyOfNode(n model.Node) model.Addr {
	switch x := n.(type) {
	case model.Worker:
		return x.Work().Policy.Or("")
	case *model.Client:
		return x.Policy.Or("")
	}
	return ""
}

// takesPolicy reports whether a node has no policy and could have one.
func (s *sharing) takesPolicy(a model.Addr) bool {
	switch x := s.m.Lookup(a).(type) {
	case model.Worker:
		return !x.Work().Policy.Written
	case *model.Client:
		return !x.Policy.Written
	}
	return false
}

// onlyOf reports whether a policy serves callers only: not single calls, callees, a mesh or the system.
func (s *sharing) onlyOf(policy model.Addr) bool {
	if s.m.System.Policy.Or("") == policy {
		return false
	}
	for _, x := range s.m.Meshes {
		if x.Policy.Or("") == policy {
			return false
		}
	}
	for _, w := range s.m.Workers() {
		if w.Work().Inbound.Or("") == policy {
			return false
		}
	}
	for _, n := range s.m.Nodes() {
		if slices.ContainsFunc(n.Out().Calls, func(c *model.Call) bool { return c.Policy.Or("") == policy }) {
			return false
		}
	}
	return true
}

// fromSystem reports whether a call takes the attribute from the system's policy: nothing nearer states it.
func (s *sharing) fromSystem(x *carriage) bool {
	n, c := x.node, x.call
	if _, ok := n.(model.Worker); !ok || c.Stream.Or(false) || s.stated(c.Policy) || s.statedBy(policyOfNode(n)) {
		return false
	}
	if w, ok := s.m.Lookup(c.To.V).(model.Worker); ok && s.stated(w.Work().Inbound) {
		return false
	}
	return !slices.ContainsFunc(s.m.Meshes, func(x *model.Mesh) bool { return s.stated(x.Policy) })
}

// stated reports whether a policy is named that states the attribute.
func (s *sharing) stated(policy model.Value[model.Addr]) bool { return s.statedBy(policy.Or("")) }

func (s *sharing) statedBy(policy model.Addr) bool {
	if policy == "" {
		return false
	}
	key := saying{policy, s.name}
	says, ok := s.says[key]
	if !ok {
		says = !s.attribute(policy, s.name).IsZero()
		s.says[key] = says
	}
	return says
}

// freshPolicy is a label that no policy has: the wanted one, or with a number.
func freshPolicy(m *model.Model, want string) string {
	label := want
	for n := 2; m.Lookup(model.Addr("policy."+label)) != nil; n++ {
		label = fmt.Sprintf("%s_%d", want, n)
	}
	return label
}
