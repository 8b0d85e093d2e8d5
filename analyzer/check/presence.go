package check

import (
	"slices"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// presence says for every pattern of the catalog where it is in place, where it is owed and where that is open. It is
// taken before subsumption: a subject whose missing pattern another finding stands for is still listed.
func (s *scene) presence(patterns []string, e *Evaluation, findings, questions []*analyzer.Finding) []analyzer.Presence {
	out := make([]analyzer.Presence, len(patterns))
	index := map[string]*analyzer.Presence{}
	for i, id := range patterns {
		out[i] = analyzer.Presence{Pattern: id, Present: sorted(s.owners(e.Present[id]))}
		index[id] = &out[i]
	}
	add := func(fs []*analyzer.Finding, list func(*analyzer.Presence) *[]model.Addr) {
		for _, f := range fs {
			if p := index[f.Pattern]; p != nil && f.Kind == analyzer.Missing {
				*list(p) = append(*list(p), f.Subject)
			}
		}
	}
	add(findings, func(p *analyzer.Presence) *[]model.Addr { return &p.Missing })
	add(questions, func(p *analyzer.Presence) *[]model.Addr { return &p.Questions })
	for i := range out {
		out[i].Missing = sorted(out[i].Missing)
		out[i].Questions = slices.DeleteFunc(sorted(out[i].Questions), func(a model.Addr) bool {
			_, missing := slices.BinarySearch(out[i].Missing, a)
			return missing
		})
	}
	return out
}

// owners puts the owner in the place of an api.
func (s *scene) owners(in []model.Addr) []model.Addr {
	out := slices.Clone(in)
	for i, a := range out {
		if api, ok := s.m.Lookup(a).(*model.API); ok {
			out[i] = api.Parent
		}
	}
	return out
}

func sorted(in []model.Addr) []model.Addr {
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}
