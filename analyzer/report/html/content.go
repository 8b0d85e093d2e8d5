package html

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
)

// content is what the templates see.
type content struct {
	Page
	Style  template.CSS
	Script template.JS
	Policy string
	lookup
}

// lookup answers the questions of the templates and of the script.
type lookup struct {
	r       *report.Report
	parts   map[string]*Part    // by id
	place   map[string]string   // finding to the part where it is drawn
	views   map[string]string   // journey to its view
	present map[string][]string // part to the patterns in place there
	owed    map[string][]string
	asked   map[string][]int // part to questions
}

func newLookup(p Page) lookup {
	l := lookup{
		r: p.Report, parts: map[string]*Part{}, place: map[string]string{}, views: map[string]string{},
		present: map[string][]string{}, owed: map[string][]string{}, asked: map[string][]int{},
	}
	subject := map[string]string{}
	for _, f := range p.Report.Findings {
		subject[f.ID] = f.Subject
	}
	for i := range p.Parts {
		x := &p.Parts[i]
		l.parts[x.ID] = x
		for _, id := range x.Findings {
			if l.place[id] == "" || slices.Equal(x.Members, []string{subject[id]}) {
				l.place[id] = x.ID
			}
		}
	}
	for _, v := range p.Views {
		if v.Journey != "" {
			l.views[v.Journey] = v.ID
		}
	}
	at := map[string]string{} // address to part
	for _, x := range p.Parts {
		if len(x.Members) == 1 {
			at[x.Members[0]] = x.ID
		}
	}
	for _, pattern := range p.Report.Patterns {
		for _, a := range pattern.Present {
			l.present[at[a]] = append(l.present[at[a]], pattern.ID)
		}
		for _, a := range pattern.Missing {
			l.owed[at[a]] = append(l.owed[at[a]], pattern.ID)
		}
	}
	for i, q := range p.Report.Questions {
		for _, a := range q.Subjects {
			l.asked[at[a]] = append(l.asked[at[a]], i)
		}
	}
	return l
}

// System is the system's name.
func (c content) System() string {
	if s := strings.TrimPrefix(c.Report.System, "system."); s != "" {
		return s
	}
	return "the system"
}

// Verdict is the report in a line.
func (c content) Verdict() string {
	s := c.Report.Summary
	switch {
	case s.Findings() == 0 && c.Report.Coverage.Open():
		return "No recommendations so far"
	case s.Findings() == 0:
		return "No recommendations"
	}
	return fmt.Sprintf("%s: %d to add, %d to change%s", analyzer.Plural(s.Findings(), "finding"), s.Add, s.Change, removals(s.Remove))
}

func removals(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d to remove", n)
}

// Levels are the severities that occur, worst first.
func (c content) Levels() []report.Level { return c.Report.Summary.Levels() }

// Worst is the severity that colours the verdict.
func (c content) Worst() string {
	if l := c.Levels(); len(l) > 0 {
		return l[0].Name
	}
	if c.Report.Coverage.Open() {
		return "open"
	}
	return "ok"
}

// Promise says in a sentence how the journeys stand to their objectives.
func (c content) Promise() string {
	bad, known := 0, 0
	for _, j := range c.Report.Journeys {
		switch j.Verdict {
		case "misses", "likely_misses":
			bad++
			known++
		case "meets", "may_miss":
			known++
		}
	}
	if known == 0 {
		return ""
	}
	if bad == 0 {
		return fmt.Sprintf("No journey of %d is expected to miss its availability objective.", known)
	}
	j := c.Report.Journeys[0]
	return fmt.Sprintf("%d of %s miss their availability objective. The worst, %s, loses %s where %s are allowed.",
		bad, analyzer.Plural(known, "journey"), journeyName(j.Address), j.Lost.Text, j.Budget.Text)
}

// Shown are the findings that count, in rank order.
func (c content) Shown() []report.Finding { return c.Report.Visible() }

// Accepted are waivers, ended first, then those that end soonest.
func (c content) Accepted() []report.Waiver {
	out := slices.Clone(c.Report.Waivers)
	slices.SortStableFunc(out, func(a, b report.Waiver) int { return a.Days - b.Days })
	return out
}

// Place is the part where a finding is drawn; empty for one that is about no part.
func (l lookup) Place(finding string) string { return l.place[finding] }

// PartOf is where an address leads: its part, what it lies in, the card of a journey; empty for what the page does not show.
func (l lookup) PartOf(address string) string {
	if strings.HasPrefix(address, "journey.") && slices.ContainsFunc(l.r.Journeys, func(j report.Journey) bool { return j.Address == address }) {
		return anchor(address) // its card
	}
	for id := address; id != ""; id = id[:max(0, strings.LastIndexByte(id, '.'))] {
		if l.parts[anchor(id)] != nil {
			return anchor(id)
		}
	}
	return ""
}

// ViewOf is the view of a journey; empty where none was drawn.
func (l lookup) ViewOf(journey string) string { return l.views[journey] }

// FindingsAt are the findings of a part.
func (l lookup) FindingsAt(p Part) []report.Finding {
	var out []report.Finding
	for _, id := range p.Findings {
		if i := slices.IndexFunc(l.r.Findings, func(f report.Finding) bool { return f.ID == id }); i >= 0 {
			out = append(out, l.r.Findings[i])
		}
	}
	return out
}

// InPlace are the patterns in place at a part.
func (l lookup) InPlace(p Part) []string { return l.present[p.ID] }

// Standing is how a pattern stands in this system.
func (l lookup) Standing(pattern string) report.Pattern {
	for _, p := range l.r.Patterns {
		if p.ID == pattern {
			return p
		}
	}
	return report.Pattern{}
}

// RulesOf are the cards of the rules of a pattern that fired; those above the patterns for none.
func (l lookup) RulesOf(pattern string) []report.Rule {
	var out []report.Rule
	for _, r := range l.r.Rules {
		if r.Pattern == pattern {
			out = append(out, r)
		}
	}
	return out
}

// Fired are the findings of a rule.
func (l lookup) Fired(rule string) []report.Finding {
	var out []report.Finding
	for _, f := range l.r.Findings {
		if f.Rule == rule {
			out = append(out, f)
		}
	}
	return out
}

// Facts are a finding's facts in their order.
func (lookup) FactsOf(f report.Finding) []Fact {
	var out []Fact
	for _, name := range f.FactOrder {
		x := f.Facts[name]
		from := strings.TrimSpace(x.From + " " + x.Where)
		if len(x.Assumes) > 0 {
			from = strings.TrimSpace(from + " assumes " + spaced(strings.Join(x.Assumes, ", ")))
		}
		out = append(out, Fact{spaced(name), x.Text, x.State, from})
	}
	return out
}

// RuleCard is a rule with what it found here.
type RuleCard struct {
	Rule  report.Rule
	Fired []report.Finding
}

// RuleCards are the rules of a pattern that fired; those above the patterns for none.
func (l lookup) RuleCards(pattern string) []RuleCard {
	var out []RuleCard
	for _, r := range l.RulesOf(pattern) {
		out = append(out, RuleCard{r, l.Fired(r.ID)})
	}
	return out
}

// Location is an address with its part, which is empty where no picture shows it.
type Location struct{ Address, Part string }

// Places are addresses with their parts.
func (l lookup) Places(addresses []string) []Location {
	var out []Location
	for _, a := range addresses {
		out = append(out, Location{a, l.PartOf(a)})
	}
	return out
}

// Journeys are the views of journeys.
func (p Page) Journeys() []View {
	var out []View
	for _, v := range p.Views {
		if v.Journey != "" {
			out = append(out, v)
		}
	}
	return out
}

// Tall reports whether a picture is higher than wide.
func (v View) Tall() bool { return v.Height > v.Width }
