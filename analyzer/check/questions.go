package check

import (
	"cmp"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// claims turns questions into facts worth stating: one entry per claim with all its subjects, ranked by what the answer
// decides (rules.md §2.3). `idempotent` goes first: it is the most valuable fact that nobody states; but not before the
// one line that decides most of the same checks.
func (s *scene) claims(questions []*analyzer.Finding) []analyzer.Claim {
	type entry struct {
		subjects map[model.Addr]bool
		rules    map[string]bool
		checks   map[string]int
		value    any
	}
	byFact := map[string]*entry{}
	for _, q := range questions {
		for _, need := range needs(q) {
			owner, attr := s.split(need)
			e := byFact[attr]
			if e == nil {
				e = &entry{map[model.Addr]bool{}, map[string]bool{}, map[string]int{}, nil}
				byFact[attr] = e
			}
			e.subjects[owner] = true
			e.rules[q.Rule] = true
			e.checks[q.ID()] = analyzer.SeverityWeight(q.Severity)
		}
	}
	var out []analyzer.Claim
	for fact, e := range byFact {
		c := analyzer.Claim{Fact: fact, Subjects: keys(e.subjects), Rules: keys(e.rules), Checks: keys(e.checks)}
		for _, w := range e.checks {
			c.Weight += w
		}
		c.Range = s.place(c.Subjects[0])
		c.Hint = hint(fact)
		out = append(out, c)
	}
	first := map[string]int{}
	for _, c := range out {
		if c.Fact == "idempotent" && !overtaken(c, out) {
			first[c.Fact] = -1
		}
	}
	slices.SortFunc(out, func(a, b analyzer.Claim) int {
		return cmp.Or(
			cmp.Compare(first[a.Fact], first[b.Fact]),
			cmp.Compare(b.Weight, a.Weight), cmp.Compare(len(b.Checks), len(a.Checks)), cmp.Compare(a.Fact, b.Fact),
		)
	})
	return out
}

// needs lists what a question waits for: the unknown facts among those it names, each as address and attribute.
func needs(q *analyzer.Finding) []string {
	var out []string
	for _, f := range q.Facts {
		if len(f.Needs) > 0 {
			out = append(out, f.Needs...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// split parts "service.orders.scale.concurrency" into the block and the attribute below it.
func (s *scene) split(need string) (model.Addr, string) {
	addr, attr := need, ""
	for {
		if s.m.Lookup(model.Addr(addr)) != nil {
			return model.Addr(addr), attr
		}
		i := strings.LastIndexByte(addr, '.')
		if i < 0 {
			return model.Addr(need), ""
		}
		if attr != "" {
			attr = "." + attr
		}
		addr, attr = addr[:i], addr[i+1:]+attr
	}
}

// hint is the line to write for a fact.
func hint(fact string) string {
	if head, rest, ok := strings.Cut(fact, "."); ok {
		return head + " = { " + rest + " = … }"
	}
	return fact + " = …"
}

// overtaken reports whether another claim decides most of a claim's checks by fewer lines: whether calls are repeated at
// all comes before whether each of them may be.
func overtaken(c analyzer.Claim, all []analyzer.Claim) bool {
	return slices.ContainsFunc(all, func(o analyzer.Claim) bool {
		shared := 0
		for _, id := range c.Checks {
			if _, ok := slices.BinarySearch(o.Checks, id); ok {
				shared++
			}
		}
		return len(o.Subjects) < len(c.Subjects) && 2*shared > len(c.Checks)
	})
}

func keys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
