package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/patterns"
)

// Statuses of a demand.
const (
	inPlace     = "in_place"    // At: where; Reason: the findings that find fault with it
	recommended = "recommended" // At: the findings that ask for it
	undecided   = "undecided"   // At: the questions that it waits for
	notNeeded   = "not_needed"  // Reason: the force that is not there
)

// scenarios lists the scenarios that a system shows, by id, with what stands of each. They are headings: nothing is
// counted, gated or waived by them. A selection of rules leaves them out, since most demands would look met.
func (s *scene) scenarios(e *Evaluation, before, after, questions []*analyzer.Finding, presence []analyzer.Presence) []analyzer.Scenario {
	if len(s.opt.Only)+len(s.opt.Skip)+len(s.opt.Targets) > 0 {
		return nil
	}
	d := demands{before: before, questions: questions, presence: map[patterns.ID]analyzer.Presence{}, shown: map[string]string{}}
	for _, p := range presence {
		d.presence[patterns.ID(p.Pattern)] = p
	}
	for _, f := range after {
		d.shown[f.ID()] = f.ID()
		for _, hidden := range f.Subsumes {
			d.shown[hidden] = f.ID()
		}
	}
	var out []analyzer.Scenario
	for _, sit := range patterns.Situations() {
		because := s.because(e, sit.ID)
		if because == "" {
			continue
		}
		sc := analyzer.Scenario{ID: sit.ID, Name: sit.Name, Because: because}
		for _, p := range sit.Demands {
			sc.Demands = append(sc.Demands, d.of(p, sit.CheckedBy))
		}
		out = append(out, sc)
	}
	return out
}

// because says where a scenario shows; empty if it does not.
func (s *scene) because(e *Evaluation, id string) string {
	var at []string
	for _, r := range e.Forces {
		if r.Card.ID == id && r.Verdict >= analyzer.Risk {
			at = append(at, strings.TrimSuffix(r.Detail, "."))
		}
	}
	slices.Sort(at)
	switch at = slices.Compact(at); {
	case len(at) == 1:
		return at[0]
	case len(at) > 1:
		return fmt.Sprintf("%s (+%d)", at[0], len(at)-1)
	case s.m.System != nil && slices.Contains(s.m.System.Scenarios.V, id):
		return "the system says so"
	}
	return ""
}

// demands answers how a system stands to what its scenarios ask for.
type demands struct {
	before, questions []*analyzer.Finding
	presence          map[patterns.ID]analyzer.Presence
	shown             map[string]string // by id of a finding: the id of the finding that stands for it
}

// of is the worst that holds: something asks for the pattern, else it is in place, else a question decides.
func (d *demands) of(p patterns.ID, checkedBy []string) analyzer.Demand {
	e, _ := patterns.Find(p)
	out := analyzer.Demand{Pattern: string(p), Name: e.Name}
	asks := func(f *analyzer.Finding) bool {
		return f.Kind == analyzer.Missing && f.Pattern == string(p) && slices.Contains(checkedBy, f.Rule)
	}
	for _, f := range d.before {
		if id := d.shown[f.ID()]; asks(f) && id != "" {
			out.At = append(out.At, id)
		}
	}
	if len(out.At) > 0 {
		out.Status, out.At = recommended, unique(out.At)
		return out
	}
	if at := d.presence[p].Present; len(at) > 0 {
		out.Status, out.At, out.Reason = inPlace, addrs(at), strings.Join(d.faults(p, checkedBy), ", ")
		return out
	}
	for _, q := range d.questions {
		if asks(q) {
			out.At = append(out.At, q.ID())
		}
	}
	if len(out.At) > 0 {
		out.Status, out.At = undecided, unique(out.At)
		return out
	}
	out.Status, out.Reason = notNeeded, "Nothing here calls for it: "+e.Need
	return out
}

// faults are the findings of a scenario's rules about a pattern that is there.
func (d *demands) faults(p patterns.ID, checkedBy []string) []string {
	var out []string
	for _, f := range d.before {
		if id := d.shown[f.ID()]; f.Pattern == string(p) && id != "" && slices.Contains(checkedBy, f.Rule) {
			out = append(out, id)
		}
	}
	return unique(out)
}

func unique(in []string) []string {
	slices.Sort(in)
	return slices.Compact(in)
}

func addrs(in []model.Addr) []string {
	out := make([]string, len(in))
	for i, a := range in {
		out[i] = string(a)
	}
	return out
}
