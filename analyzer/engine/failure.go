package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/archcheck/archcheck/dsl/model"
)

// failure is a problem that one document, and all that agree with it in what the rule looked at, show of a rule.
type failure struct {
	run     *run
	slot    int // of the run
	doc     int // the first document of the slot
	problem *Problem
	detail  string // the problem's, with %s for who shows it
}

func (b *batch) fail(f failure) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures = append(b.failures, f)
}

// failed turns an error of the evaluation into a failure at the place that OPA names.
func (x *run) failed(err error, slot, doc int) failure {
	loc, msg := x.loc, err.Error()
	if te, ok := err.(*topdown.Error); ok {
		msg = te.Message
		if te.Location != nil && te.Location.File == x.src.path {
			loc = te.Location
		}
	}
	p := x.src.at(loc, "rule "+x.card.Rule, "Rule cannot be evaluated", "")
	msg = strings.ReplaceAll(msg, "%", "%%")
	return failure{run: x, slot: slot, doc: doc, problem: p, detail: "On %s: " + msg + ". Guard the case, or compare through lib."}
}

// problems are the failures, each mistake of a rule once: with what the first subject shows, and how many show it.
func (b *batch) problems() Problems {
	type mistake struct {
		run     *run
		at      model.Pos
		summary string
	}
	slices.SortStableFunc(b.failures, func(x, y failure) int { // they came in as the documents were done
		return cmp.Or(cmp.Compare(x.doc, y.doc), strings.Compare(x.detail, y.detail))
	})
	first := map[mistake]int{}
	slots := map[mistake]map[int]bool{}
	for _, f := range b.failures {
		m := mistake{f.run, f.problem.Range.Start, f.problem.Summary}
		if slots[m] == nil {
			first[m], slots[m] = f.doc, map[int]bool{}
		}
		slots[m][f.slot] = true
	}
	var out Problems
	for _, f := range b.failures {
		m := mistake{f.run, f.problem.Range.Start, f.problem.Summary}
		if f.doc != first[m] {
			continue
		}
		n := 0
		for i := range b.docs {
			if slots[m][int(f.run.slot[i])] {
				n++
			}
		}
		who := string(b.docs[f.doc].Addr)
		if n > 1 {
			who = fmt.Sprintf("%s, the first of %d subjects", who, n)
		}
		f.problem.Detail = fmt.Sprintf(f.detail, who)
		out = append(out, f.problem)
	}
	return out
}
