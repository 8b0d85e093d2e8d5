// Package check drives an evaluation: facts, rules, positions, severities, subsumption, grouping, waivers, baseline,
// order. It knows no rule and no pattern by name; what it does to a finding stands in the rule's card.
//
// Order of the steps, and why: positions and severities need the model; subsumption must see every finding; waivers,
// baseline and gate see each one under its own id; grouping is presentation and comes last.
package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// Source is what the check needs to know of a system beyond its model: facts that Go derived.
type Source interface {
	// Standing is what a severity depends on.
	Standing(model.Addr) Standing
	// Parts are the declared parts of a computed subject (a journey's edges and nodes, a cycle's members), sorted; nil
	// for a declared one.
	Parts(model.Addr) []model.Addr
}

// Evaluation is what the rules said.
type Evaluation struct {
	Raws     []analyzer.Raw
	Cards    map[string]*analyzer.Card
	Coverage analyzer.Coverage
	Present  map[string][]model.Addr // by pattern
	Forces   []analyzer.Raw          // scenarios that show, by subject; the card's id is the scenario's
}

// Evaluator runs the rules; package engine provides it.
type Evaluator interface {
	Evaluate(ctx context.Context) (*Evaluation, error)
}

// Options choose what is looked at.
type Options struct {
	Only     []string                     // rules, categories or patterns; empty means all
	Skip     []string                     // likewise
	Targets  []model.Addr                 // only findings on these, or on what lies inside or leads to them
	Severity map[string]analyzer.Severity // by rule, from the configuration
	Today    string                       // date that waivers are judged by, 2027-01-31
	Baseline map[string]analyzer.Severity // accepted findings by id; nil where there is none
}

// scene is one run over one model.
type scene struct {
	m   *model.Model
	src Source
	opt Options
}

// Run evaluates the rules and turns what they say into a result.
func Run(ctx context.Context, m *model.Model, src Source, ev Evaluator, patterns []string, opt Options) (*analyzer.Result, error) {
	e, err := ev.Evaluate(ctx)
	if err != nil {
		return nil, err
	}
	s := &scene{m: m, src: src, opt: opt}
	findings, questions := s.judge(e)
	presence := s.presence(patterns, e, findings, questions)
	all := slices.Clone(findings)
	findings = s.subsume(findings, e.Cards)
	settle(findings, questions)
	res := &analyzer.Result{
		Claims: s.claims(questions), Coverage: e.Coverage, Presence: presence, Cards: e.Cards,
		Waivers: s.waive(findings, e.Cards), Scenarios: s.scenarios(e, all, findings, questions, presence),
	}
	findings = dropAnswered(findings, res.Waivers)
	s.known(findings)
	res.Stale = s.stale(findings, e.Cards)
	analyzer.Rank(findings)
	res.Findings = findings
	return res, nil
}

// judge gives every raw result its severity and its place, and parts findings from questions.
func (s *scene) judge(e *Evaluation) (findings, questions []*analyzer.Finding) {
	for i := range e.Raws {
		r := &e.Raws[i]
		if r.Verdict < analyzer.Question || !s.sees(r.Card, r.Subject) {
			continue
		}
		st := s.src.Standing(r.Subject)
		f := &analyzer.Finding{
			Rule: r.Card.ID, Title: r.Card.Title, Pattern: r.Card.Pattern, Kind: r.Card.Kind, Verdict: r.Verdict,
			Subject: r.Subject, Detail: r.Detail, Facts: slices.Clone(r.Facts), Fixes: r.Fixes, Share: st.Share,
			Severity: severity(r, st), Unwaivable: r.Card.Unwaivable,
		}
		if sev, ok := s.opt.Severity[f.Rule]; ok {
			f.Severity = sev
		}
		f.Summary = firstSentence(r.Detail)
		for k := range f.Facts {
			f.Facts[k].Range = s.factRange(f.Subject, &f.Facts[k])
		}
		f.Range = s.locate(f)
		for _, a := range r.Evidence {
			f.Evidence = append(f.Evidence, analyzer.Related{Addr: a, Range: s.place(a)})
		}
		if f.Verdict == analyzer.Question {
			s.complete(f)
			questions = append(questions, f)
		} else {
			findings = append(findings, f)
		}
	}
	return findings, questions
}

// sees applies --only, --skip and --target to a rule on a subject.
func (s *scene) sees(card *analyzer.Card, subject model.Addr) bool {
	names := func(list []string) bool {
		return slices.ContainsFunc(list, func(n string) bool { return Names(card, n) })
	}
	if len(s.opt.Only) > 0 && !names(s.opt.Only) || names(s.opt.Skip) {
		return false
	}
	if len(s.opt.Targets) == 0 {
		return true
	}
	return slices.ContainsFunc(s.opt.Targets, func(t model.Addr) bool {
		return subject == t || inside(subject, t) || s.joins(subject, t) || s.has(subject, t)
	})
}

// Names reports whether a name the user wrote means a rule: its id, its category (RES), or its pattern with or without
// the category.
func Names(c *analyzer.Card, name string) bool {
	if strings.EqualFold(c.ID, name) || c.Pattern == name {
		return true
	}
	category, _, _ := strings.Cut(c.ID, "-")
	_, slug, _ := strings.Cut(c.Pattern, "/")
	return strings.EqualFold(category, name) || strings.EqualFold(category+"-*", name) || (slug != "" && slug == name)
}

// complete makes a question say what it waits for: computed facts name it themselves, a declared one is its own path.
func (s *scene) complete(q *analyzer.Finding) {
	for i := range q.Facts {
		f := &q.Facts[i]
		if f.State != model.Unknown.String() || len(f.Needs) > 0 || f.Path == "" {
			continue
		}
		section, name, _ := strings.Cut(f.Path, ".")
		owner := s.section(q.Subject, section)
		if from := model.Addr(f.From); s.m.Lookup(from) != nil { // unknown where it is handed down: one answer for all
			owner = from
		}
		if owner == "" {
			continue
		}
		// What no attribute can state (the rate of what nobody calls) is no fact worth stating.
		if attr, ok := s.written(owner, name); ok {
			f.Needs = []string{string(owner) + "." + attr}
		}
	}
}

// section is the address that a part of a document stands for.
func (s *scene) section(subject model.Addr, section string) model.Addr {
	e := s.m.Lookup(subject)
	switch section {
	case "subject":
		return subject
	case "system":
		if s.m.System != nil {
			return s.m.System.Addr
		}
	case "from":
		if c, ok := e.(*model.Consume); ok {
			return c.From.V
		}
		if e != nil {
			return e.Self().Parent
		}
	case "to":
		switch x := e.(type) {
		case *model.Call:
			return x.To.V
		case *model.Publish:
			return x.To.V
		case *model.Consume:
			return x.Parent
		}
	}
	return ""
}

// settle counts for every finding the questions about its own subject.
func settle(findings, questions []*analyzer.Finding) {
	n := map[model.Addr]int{}
	for _, q := range questions {
		n[q.Subject]++
	}
	for _, f := range findings {
		f.Settles = n[f.Subject]
	}
}

func firstSentence(s string) string {
	if i := strings.Index(s, ". "); i >= 0 {
		return s[:i+1]
	}
	return s
}

// UnknownName is the error for a rule, category or pattern name that nothing answers to.
func UnknownName(name string, cards map[string]*analyzer.Card) error {
	for _, c := range cards {
		if Names(c, name) {
			return nil
		}
	}
	return fmt.Errorf("no rule, category or pattern is called %q", name)
}
