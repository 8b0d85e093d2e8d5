package engine

import (
	"cmp"
	"slices"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// outcome is what one rule says about all documents that agree in what it looked at; nil where it says nothing.
type outcome struct {
	result
	assumed bool // the verdict or a fact rests on an assumption
}

// merge makes one outcome of the results for one document: the worst verdict decides and keeps its severity and its fix
// first. Of the others only those of the same standing (findings with findings, questions with questions) add their
// evidence, facts and fixes: a question beside a violation would be noise.
func merge(rs []*result) *outcome {
	rs = slices.DeleteFunc(rs, func(r *result) bool { return r.verdict == analyzer.Pass })
	if len(rs) == 0 {
		return nil
	}
	slices.SortStableFunc(rs, func(a, b *result) int {
		return cmp.Or(cmp.Compare(b.verdict, a.verdict), cmp.Compare(b.severity, a.severity))
	})
	out := &outcome{result: *rs[0]}
	out.facts = slices.Clone(out.facts)
	out.evidence = slices.Clone(out.evidence)
	out.fixes, out.says = slices.Clone(out.fixes), slices.Clone(out.says)
	for _, r := range rs[1:] {
		if standing(r.verdict) != standing(out.verdict) {
			continue
		}
		out.evidence = append(out.evidence, r.evidence...)
		for i := range r.fixes {
			out.addFix(&r.fixes[i])
		}
		for _, f := range r.facts {
			out.addFact(f)
		}
		if r.detail != "" && r.detail != out.detail {
			out.detail += ". " + r.detail
		}
		for _, text := range r.says {
			if !slices.Contains(out.says, text) {
				out.says = append(out.says, text)
			}
		}
	}
	slices.SortFunc(out.evidence, func(a, b model.Addr) int { return cmp.Compare(a, b) })
	out.evidence = slices.Compact(out.evidence)
	out.assumed = out.verdict == analyzer.Risk || out.verdict == analyzer.Unlikely
	for _, f := range out.facts {
		out.assumed = out.assumed || f.State == model.Assumed.String() || len(f.Assumes) > 0
	}
	return out
}

func standing(v analyzer.Verdict) int {
	if v >= analyzer.Risk {
		return int(analyzer.Risk)
	}
	return int(v)
}

// addFact adds a fact of another result. Names that differ by result (the stores that one unit of work writes) become a
// list; of numbers the worst result's stays.
func (o *outcome) addFact(f analyzer.Fact) {
	i, there := slices.BinarySearchFunc(o.facts, f.Name, func(g analyzer.Fact, name string) int { return cmp.Compare(g.Name, name) })
	if !there {
		o.facts = slices.Insert(o.facts, i, f)
		return
	}
	old := &o.facts[i]
	word, ok := f.Value.(string)
	if !ok {
		return
	}
	var list []string
	switch x := old.Value.(type) {
	case string:
		list = []string{x}
	case []string:
		list = slices.Clone(x)
	}
	if list == nil || slices.Contains(list, word) {
		return
	}
	list = append(list, word)
	slices.Sort(list)
	old.Value, old.Text = list, ""
	old.Text = old.String()
}
