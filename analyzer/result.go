package analyzer

import (
	"cmp"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// Claim is one fact worth stating: the answer that several checks wait for.
type Claim struct {
	Fact     string       // attribute path below its block, "scale.concurrency"
	Subjects []model.Addr // the blocks where nobody stated it
	Rules    []string     // that ask, sorted
	Checks   []string     // RULE@address, sorted
	Weight   int          // value of information: the sum of the weights of the severities it decides
	Hint     string       // the line to write
	Range    model.Range  // of the first subject
}

// Coverage counts checks; a check is one rule with one subject of its kind.
type Coverage struct {
	Applicable   int // rule and subject exist
	ByAssumption int // evaluated, with a verdict that rests on an assumption
	Cleared      int // verdict Unlikely: cleared by assumption
	NotEvaluable int // verdict Question
}

// Evaluated is the number of checks with a verdict other than question.
func (c Coverage) Evaluated() int { return c.Applicable - c.NotEvaluable }

// Presence is where one pattern of the catalog stands in a system.
type Presence struct {
	Pattern                     string
	Present, Missing, Questions []model.Addr
}

// Assumption is one default value that findings rest on.
type Assumption struct {
	Key           string // of the system's assume object
	Value, Lo, Hi float64
	Unit          string
	Findings      []string // ids
}

// WarnDays is how many days before its end a waiver is reported as expiring.
const WarnDays = 14

// WaiverState is how a waiver stands on the day of the run.
type WaiverState struct {
	Waiver  *model.Waiver
	State   string // active, expiring, expired, unmatched; refused: its rule cannot be waived
	Days    int    // until it ends; negative once it has
	Matches []string
	Nearest string // an address that it may have meant
}

// Scenario is one scenario of the catalog that a system shows.
type Scenario struct {
	ID, Name, Because string
	Demands           []Demand
}

// Demand is what a scenario asks of one pattern.
type Demand struct {
	Pattern string
	Name    string // of the pattern
	Status  string // in_place, recommended, not_needed, undecided
	At      []string
	Reason  string
}

// Result is everything an evaluation found.
type Result struct {
	Findings    []*Finding // ranked; waived and known ones included
	Claims      []Claim    // ranked
	Coverage    Coverage
	Presence    []Presence // in the catalog's order
	Assumptions []Assumption
	Scenarios   []Scenario
	Waivers     []WaiverState
	Stale       []string // baseline entries that nothing matches any more, sorted
	Cards       map[string]*Card
}

// SeverityWeight is what one check of a severity is worth when questions are ranked (rules.md §2.3).
func SeverityWeight(s Severity) int { return [...]int{0, 1, 3, 9, 27}[s] }

// Rank orders findings: severity, verdict, share of user traffic, questions settled; then identity, so that the order
// is total.
func Rank(fs []*Finding) {
	slices.SortFunc(fs, func(a, b *Finding) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(b.Verdict, a.Verdict),
			cmp.Compare(b.Share, a.Share),
			cmp.Compare(b.Settles, a.Settles),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Subject, b.Subject),
		)
	})
}
