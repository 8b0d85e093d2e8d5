package analyzer

import "github.com/archcheck/archcheck/dsl/model"

// Card is what a rule says about itself: OPA's METADATA above the rule, read from the policy.
type Card struct {
	ID          string
	Title       string
	Description string     // why it hurts
	Kind        Kind       //
	Severities  []Severity // one letter is plain and gets all modifiers; several are final but for the risk step
	Cases       []string   // when each of several severities is right, in their order; empty where the card does not say
	Pattern     string     // resilience/timeout; empty for rules above the patterns
	Subject     string     // the kind of subject it judges
	Say         string     // message template
	Aliases     []string   // other names that explain finds it by
	Related     []string   // links to sources
	Unwaivable  bool
	Effect      string   // "duplication" or "loss" where that is what happens: one letter more on financial data
	Subsumes    []string // rules that the same cause fires too, hidden where their subjects touch this finding's
	Advice      Advice   // for explain
	Package     string   // Rego package
	Rule        string   // Rego rule name
	File        string   // where it stands
	Line        int
}

// Advice is the card's prose for explain; each field is one paragraph, empty where there is nothing to say.
type Advice struct {
	TradeOffs string // what the fix costs
	WaiveWhen string // when accepting the finding is right
	ClearedBy string // what would make it not fire
}

// Plain reports whether all severity modifiers apply (rules.md §0).
func (c *Card) Plain() bool { return len(c.Severities) == 1 }

// Raw is what the results of one rule say about one subject, before severity modifiers, positions and grouping.
type Raw struct {
	Card     *Card
	Subject  model.Addr
	Verdict  Verdict
	Severity Severity // the card's, or the case that the result chose
	Detail   string   // the filled template
	Facts    []Fact   // sorted by name
	Evidence []model.Addr
	Fixes    []Fix
}
