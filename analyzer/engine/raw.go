package engine

import (
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
)

// report adds the batch's outcomes to the result, with the names put back.
func (b *batch) report(res *Result) {
	for _, x := range b.runs {
		if x.places() {
			b.reportPlaces(x, res)
			continue
		}
		res.Coverage.Applicable += len(b.docs)
		for i := range b.docs {
			o := x.outcomes[x.slot[i]]
			if o == nil {
				continue
			}
			if o.assumed && o.verdict != analyzer.Question {
				res.Coverage.ByAssumption++
			}
			switch o.verdict {
			case analyzer.Unlikely:
				res.Coverage.Cleared++
				res.Cleared = append(res.Cleared, x.raw(o, &b.docs[i]))
				continue
			case analyzer.Question:
				res.Coverage.NotEvaluable++
			}
			res.Raws = append(res.Raws, x.raw(o, &b.docs[i]))
		}
	}
}

func (b *batch) reportPlaces(x *run, res *Result) {
	for i := range b.docs {
		if o := x.outcomes[x.slot[i]]; o != nil && o.verdict != analyzer.Unlikely {
			res.Places = append(res.Places, x.raw(o, &b.docs[i]))
		}
	}
}

func (x *run) raw(o *outcome, d *facts.Document) analyzer.Raw {
	raw := analyzer.Raw{
		Card: x.card, Subject: d.Addr, Verdict: o.verdict, Severity: o.severity,
		Facts: needsOf(o.facts, d), Evidence: o.evidence, Fixes: o.fixes, Detail: o.detail,
	}
	if raw.Detail != "" {
		return raw
	}
	raw.Detail = x.card.Description
	if len(o.says) > 0 {
		var from, to model.Addr
		if d.From != nil {
			from = model.Addr(d.From.Addr)
		}
		if d.To != nil {
			to = model.Addr(d.To.Addr)
		}
		parts := make([]string, len(o.says))
		for i, text := range o.says {
			template, _ := parseSay(text) // refused when the result was decoded
			parts[i] = template.fill(o.facts, d.Addr, from, to)
		}
		raw.Detail = strings.Join(parts, " ")
	}
	return raw
}

// needsOf adds to unknown facts what to state so that they become known. Needs are addresses of the document's own: the
// evaluation, which documents that agree share, does not see them.
func needsOf(list []analyzer.Fact, d *facts.Document) []analyzer.Fact {
	unknown := func(f analyzer.Fact) bool { return f.State == model.Unknown.String() && f.Path != "" }
	if !slices.ContainsFunc(list, unknown) {
		return list
	}
	out := slices.Clone(list)
	for i := range out {
		if !unknown(out[i]) {
			continue
		}
		out[i].Needs = lookup{doc: d}.needs(out[i].Path)
	}
	return out
}
