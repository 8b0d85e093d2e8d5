package engine

import (
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/open-policy-agent/opa/v1/ast"
)

// doubt is an outcome of which walking is not sure.
type doubt struct{ doc, slot int32 }

// nothing is the slot of all documents that a rule has no word on.
const nothing = 0

// walk computes the outcomes that are sure without OPA, and lists those that are not.
func (x *run) walk(b *batch) (open []doubt) {
	x.slot, x.outcomes = make([]int32, len(b.docs)), []*outcome{nothing: nil}
	m, t := newVM(b.cols), newTrail()
	members := x.prog.members
	if x.single {
		members = x.prog.only
	}
	for doc := range b.docs {
		at, known := t.follow(b.cols, doc)
		if s := t.stops[at]; s.kind == done {
			x.slot[doc] = s.at
			continue
		}
		m.at(doc)
		found, sure := members(m)
		slot := int32(nothing)
		if !sure || len(found) > 0 {
			slot = int32(len(x.outcomes))
			x.outcomes = append(x.outcomes, nil)
		}
		if len(found) > 0 && sure {
			if counted := x.counted(found); counted != nil {
				x.outcomes[slot] = merge(counted)
			} else {
				x.take(settled(found), b, int(slot), doc)
			}
		}
		if o := x.outcomes[slot]; !sure || o != nil && o.verdict > analyzer.Unlikely {
			for _, c := range x.cols {
				m.see(c) // OPA sees them all, and so does who looks for the place of a fact in a result
			}
		}
		if !sure {
			open = append(open, doubt{int32(doc), slot})
		}
		t.extend(at, b.cols, m.seen[known:], doc, slot)
		x.slot[doc] = slot
	}
	return open
}

// take decodes the results for a document and keeps them at a slot.
func (x *run) take(set ast.Set, b *batch, slot, doc int) {
	d := decoder{rule: x.rule, paths: x.paths, look: b.lookup(x, doc)}
	var found []*result
	set.Foreach(func(t *ast.Term) { found = append(found, d.decode(t)) })
	for _, p := range d.probs {
		b.fail(failure{run: x, slot: slot, doc: doc, problem: p, detail: strings.ReplaceAll(p.Detail, "%", "%%") + " (on %s)"})
	}
	x.outcomes[slot] = merge(found)
}

// counted are the results of a walk where none is more than counted; nil where one is, or where the decoder has to look.
// Most results are such, and making them whole to take them apart again would cost more than finding them. Results of a
// team's own rules stay whole: nobody but the decoder has checked them.
func (x *run) counted(found []ast.Value) []*result {
	if x.src.own {
		return nil
	}
	out := make([]*result, len(found))
	for i, v := range found {
		d, ok := v.(*draft)
		if !ok {
			return nil
		}
		verdict, _ := d.get(keyTerms["verdict"].Value).(ast.String)
		rank, ok := ranks[verdict]
		if !ok || rank > ranks["unlikely"] {
			return nil
		}
		r := &result{severity: slices.Max(x.card.Severities)}
		if r.verdict = analyzer.Pass; rank == ranks["unlikely"] {
			r.verdict = analyzer.Unlikely
		}
		switch sev := d.get(keyTerms["severity"].Value).(type) {
		case nil:
			if !x.card.Plain() {
				return nil
			}
		case ast.String:
			s, err := analyzer.ParseSeverity(string(sev))
			if err != nil || !x.card.Plain() && !slices.Contains(x.card.Severities, s) {
				return nil
			}
			r.severity = s
		default:
			return nil
		}
		out[i] = r
	}
	return out
}

// settled are the results of a walk as OPA would answer them.
func settled(found []ast.Value) ast.Set {
	terms := make([]*ast.Term, len(found))
	for i, v := range found {
		terms[i] = ast.NewTerm(whole(v))
	}
	return ast.NewSet(terms...)
}
