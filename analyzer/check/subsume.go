package check

import (
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// subsume hides findings whose cause another finding already names (rules.md §2.5): a card lists the rules that it
// takes the place of, and they give way where their subjects touch. It returns what stays visible; only findings
// subsume, and a hidden one is listed under every parent that stays, the parents of hidden parents included.
func (s *scene) subsume(all []*analyzer.Finding, cards map[string]*analyzer.Card) []*analyzer.Finding {
	byRule := map[string][]*analyzer.Finding{}
	for _, f := range all {
		byRule[f.Rule] = append(byRule[f.Rule], f)
	}
	hiddenBy := map[*analyzer.Finding][]*analyzer.Finding{}
	for _, parent := range all {
		for _, id := range cards[parent.Rule].Subsumes {
			for _, child := range byRule[id] {
				if child != parent && s.touches(parent, child) {
					hiddenBy[child] = append(hiddenBy[child], parent)
				}
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

// touches reports whether two findings are about the same place: the same subject, one inside the other, an edge and
// one of its ends, a journey and its parts, or a place that the parent names as evidence.
func (s *scene) touches(parent, child *analyzer.Finding) bool {
	p, c := parent.Subject, child.Subject
	if p == c || inside(p, c) || inside(c, p) {
		return true
	}
	for _, e := range parent.Evidence {
		if e.Addr == c {
			return true
		}
	}
	if s.joins(c, p) || s.joins(p, c) {
		return true
	}
	return s.has(p, c) || s.has(c, p)
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
	_, ok := slices.BinarySearch(s.parts(whole), part)
	return ok
}
