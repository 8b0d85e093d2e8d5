package check

import (
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// subsume hides findings whose cause another finding already names (rules.md §2.5): a card lists the rules that it
// takes the place of, and they give way where their subjects touch and the parent can mean them. It returns what stays
// visible; only findings subsume, and a hidden one is listed under every parent that stays, the parents of hidden parents
// included.
func (s *scene) subsume(all []*analyzer.Finding, cards map[string]*analyzer.Card) []*analyzer.Finding {
	index := s.indexByRule(all, cards)
	hiddenBy := map[*analyzer.Finding][]*analyzer.Finding{}
	for _, parent := range all {
		ids := cards[parent.Rule].Subsumes
		if len(ids) == 0 {
			continue
		}
		near := s.near(parent)
		for _, id := range ids {
			in := index[id]
			hide := func(children []*analyzer.Finding) {
				for _, c := range children {
					if c != parent && !slices.Contains(hiddenBy[c], parent) && s.means(parent, c) {
						hiddenBy[c] = append(hiddenBy[c], parent)
					}
				}
			}
			hide(in.around[parent.Subject])
			hide(in.cites[parent.Subject])
			for _, a := range near {
				hide(in.at[a])
			}
		}
	}
	for child := range hiddenBy {
		for _, root := range roots(child, hiddenBy, map[*analyzer.Finding]bool{}) {
			root.Subsumes = append(root.Subsumes, child.ID())
		}
	}
	visible := all[:0:0]
	for _, f := range all {
		if hiddenBy[f] == nil {
			slices.Sort(f.Subsumes)
			f.Subsumes = slices.Compact(f.Subsumes)
			visible = append(visible, f)
		}
	}
	return visible
}

// means reports whether a finding can be about what one that it touches is about. Two calls of one service share a place
// and no cause, so of edges of one kind only the same one gives way. And a finding that names edges as its evidence has
// said which: others beside them have a cause of their own.
func (s *scene) means(parent, child *analyzer.Finding) bool {
	kind := s.edge(child.Subject)
	if parent.Subject == child.Subject || kind == "" {
		return true
	}
	if s.edge(parent.Subject) == kind {
		return false
	}
	names := false
	for _, e := range parent.Evidence {
		if e.Addr == child.Subject {
			return true
		}
		names = names || s.edge(e.Addr) == kind
	}
	return !names
}

// edge is the kind of an edge: call, publish or consume; empty for what is none.
func (s *scene) edge(a model.Addr) model.Kind {
	switch e := s.m.Lookup(a).(type) {
	case *model.Call, *model.Publish, *model.Consume:
		return e.Self().Kind
	}
	return ""
}

// roots are the findings that stay visible above a hidden one.
func roots(f *analyzer.Finding, hiddenBy map[*analyzer.Finding][]*analyzer.Finding, seen map[*analyzer.Finding]bool) []*analyzer.Finding {
	if seen[f] {
		return nil
	}
	seen[f] = true
	var out []*analyzer.Finding
	for _, p := range hiddenBy[f] {
		if hiddenBy[p] == nil {
			out = append(out, p)
		} else {
			out = append(out, roots(p, hiddenBy, seen)...)
		}
	}
	return out
}

// places finds the findings of one rule by where they are. Two findings touch where they have the same subject, one lies
// inside the other, one is an edge that leads to the other, one is a part of the other (a journey's), or one names the
// other's subject as evidence.
type places struct {
	at     map[model.Addr][]*analyzer.Finding // by subject
	around map[model.Addr][]*analyzer.Finding // by what the subject lies in, leads to, or consists of; parents' subjects only
	cites  map[model.Addr][]*analyzer.Finding // by evidence
}

// indexByRule places the findings of the rules that others take the place of, by what those others lie on: a journey
// has thousands of parts, of which findings name a few.
func (s *scene) indexByRule(all []*analyzer.Finding, cards map[string]*analyzer.Card) map[string]*places {
	out := map[string]*places{}
	for _, parent := range all {
		for _, id := range cards[parent.Rule].Subsumes {
			in := out[id]
			if in == nil {
				in = &places{map[model.Addr][]*analyzer.Finding{}, map[model.Addr][]*analyzer.Finding{}, map[model.Addr][]*analyzer.Finding{}}
				out[id] = in
			}
			in.around[parent.Subject] = nil
		}
	}
	for _, f := range all {
		in := out[f.Rule]
		if in == nil {
			continue
		}
		in.at[f.Subject] = append(in.at[f.Subject], f)
		for _, a := range s.surroundings(f.Subject) {
			if list, ok := in.around[a]; ok {
				in.around[a] = append(list, f)
			}
		}
		for _, e := range f.Evidence {
			in.cites[e.Addr] = append(in.cites[e.Addr], f)
		}
	}
	return out
}

// near are the subjects that a finding takes the place of a rule on, beside what lies around them.
func (s *scene) near(f *analyzer.Finding) []model.Addr {
	out := append([]model.Addr{f.Subject}, s.surroundings(f.Subject)...)
	for _, e := range f.Evidence {
		out = append(out, e.Addr)
	}
	return out
}

// surroundings are the blocks that a subject lies in, the node that an edge leads to, and the parts of a computed one.
func (s *scene) surroundings(a model.Addr) []model.Addr {
	var out []model.Addr
	e := s.m.Lookup(a)
	switch x := e.(type) {
	case *model.Call:
		out = append(out, x.To.V)
	case *model.Publish:
		out = append(out, x.To.V)
	case *model.Consume:
		out = append(out, x.From.V)
	}
	if e == nil {
		out = append(out, s.src.Parts(a)...)
	}
	for rest := string(a); ; {
		i := strings.LastIndexByte(rest, '.')
		if i < 0 || strings.Contains(rest, "/") {
			return out
		}
		rest = rest[:i]
		if s.m.Lookup(model.Addr(rest)) != nil {
			out = append(out, model.Addr(rest))
		}
	}
}

// inside reports whether the block at a lies in the block at b.
func inside(a, b model.Addr) bool { return strings.HasPrefix(string(a), string(b)+".") }

// joins reports whether edge leads to node.
func (s *scene) joins(edge, node model.Addr) bool {
	switch e := s.m.Lookup(edge).(type) {
	case *model.Call:
		return e.To.V == node
	case *model.Publish:
		return e.To.V == node
	case *model.Consume:
		return e.From.V == node
	}
	return false
}

// has reports whether a computed subject (a journey, a cycle, a set) has a part.
func (s *scene) has(whole, part model.Addr) bool {
	_, ok := slices.BinarySearch(s.src.Parts(whole), part)
	return ok
}
