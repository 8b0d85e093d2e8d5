// Package report holds the published result of a run: the struct that every renderer and the JSON output read. What a
// renderer needs goes in here first; a renderer computes nothing and calls nothing but this package.
//
// Rules of the package:
//   - Slices are never nil, so that JSON has no null but a finding's waiver.
//   - Positions are Unicode code points from 1, ends exclusive; byte offsets are the truth.
//   - Everything is sorted: equal input gives equal bytes.
package report

import (
	"fmt"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
)

// FormatVersion is the version of the JSON: a minor step adds, a major step breaks.
const FormatVersion = "1.0"

// Report is everything one run has to say.
type Report struct {
	FormatVersion string       `json:"format_version"`
	Version       string       `json:"version"`   // of archcheck
	System        string       `json:"system"`    // address, system.shop
	Files         []File       `json:"files"`     // what was read
	Inventory     []Count      `json:"inventory"` // what the model holds: service 5, gateway 1, …
	Summary       Summary      `json:"summary"`
	Findings      []Finding    `json:"findings"` // ranked; waived and known ones too
	Questions     []Question   `json:"questions"`
	Assumptions   []Assumption `json:"assumptions"`
	Scenarios     []Scenario   `json:"scenarios"`
	Coverage      Coverage     `json:"coverage"`
	Patterns      []Pattern    `json:"patterns"` // all of the catalog, in its order
	Journeys      []Journey    `json:"journeys"` // those that lose most of their error budget first
	Rules         []Rule       `json:"rules"`    // the cards of the rules that fired, sorted
	Waivers       []Waiver     `json:"waivers"`
	Baseline      *Baseline    `json:"baseline,omitempty"` // only where a baseline is in force
	Gate          *Gate        `json:"gate,omitempty"`     // only in `check`

	// Picture draws the findings with these ids and what they touch, as Mermaid, worst first and small enough for a
	// comment; empty where nothing can be drawn. It is nil in a report that nobody can draw.
	Picture func(findings []string) string `json:"-"`
}

// File is one file that was read, with the hash of its bytes.
type File struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// Count is how many declarations of one kind the model has.
type Count struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// Summary counts findings that are neither waived nor known, by severity and verdict, and the changes they propose.
type Summary struct {
	Severities
	Violations int `json:"violations"`
	Risks      int `json:"risks"`
	Waived     int `json:"waived"`
	Known      int `json:"known"`
	Questions  int `json:"questions"`
	Add        int `json:"add"`
	Change     int `json:"change"`
	Remove     int `json:"remove"`
	Hidden     int `json:"hidden"` // left out by --min-severity

	// Places are the same findings counted one by one: each member of a group is one. Gate, SARIF, JUnit, Code Quality
	// and annotations go by these.
	Places Severities `json:"places"`
}

// Severities counts findings by severity.
type Severities struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
	Info     int `json:"info"`
}

// Total is their number.
func (s Severities) Total() int { return s.Critical + s.High + s.Medium + s.Low + s.Info }

// Level is a severity, and how many findings have it.
type Level struct {
	Name string
	N    int
}

// Levels are the severities that occur, the worst first.
func (s Severities) Levels() []Level {
	var out []Level
	for _, l := range []Level{{"critical", s.Critical}, {"high", s.High}, {"medium", s.Medium}, {"low", s.Low}, {"info", s.Info}} {
		if l.N > 0 {
			out = append(out, l)
		}
	}
	return out
}

// Words are the severities that occur as a sentence has them: "6 critical, 18 high".
func (s Severities) Words() string {
	var out []string
	for _, l := range s.Levels() {
		out = append(out, fmt.Sprintf("%d %s", l.N, l.Name))
	}
	return strings.Join(out, ", ")
}

// count adds one finding.
func (s *Severities) count(severity string) {
	switch severity {
	case "critical":
		s.Critical++
	case "high":
		s.High++
	case "medium":
		s.Medium++
	case "low":
		s.Low++
	default:
		s.Info++
	}
}

// Findings is the number of findings that count.
func (s Summary) Findings() int { return s.Total() }

// Finding is one judgement.
type Finding struct {
	ID          string          `json:"id"` // RULE@address
	Rule        string          `json:"rule"`
	Title       string          `json:"title"`
	Pattern     string          `json:"pattern"` // resilience/timeout; empty for rules above the patterns
	Kind        string          `json:"kind"`    // missing, misconfigured, misuse, conflict
	Verdict     string          `json:"verdict"` // violation, risk
	Severity    string          `json:"severity"`
	Action      string          `json:"action"` // add, change, remove, advise: what the first fix does
	Subject     string          `json:"subject"`
	Subjects    []string        `json:"subjects"`          // members where several findings are shown as one
	Members     []Finding       `json:"members,omitempty"` // the same as findings of their own, which gate, SARIF and the like go by
	Subsumes    []string        `json:"subsumes"`          // RULE@address
	Summary     string          `json:"summary"`           // the first sentence of the detail
	Detail      string          `json:"detail"`
	Range       Range           `json:"range"`
	Evidence    []Evidence      `json:"evidence"`
	Facts       map[string]Fact `json:"facts"`
	FactOrder   []string        `json:"-"`
	Assumes     []string        `json:"assumes"` // keys of assumptions that it rests on
	Fixes       []Fix           `json:"fixes"`   // empty beyond those that Input.Fixes asked for
	Waiver      *Waiver         `json:"waiver"`
	Expired     *Waiver         `json:"expired_waiver,omitempty"` // ended, which is why the finding is back
	Known       bool            `json:"known"`                    // in the baseline
	Fingerprint string          `json:"fingerprint"`
	Share       float64         `json:"share"` // of user traffic, 0..1
	Help        string          `json:"help"`  // what goes wrong, from the rule's card
	Sources     []string        `json:"sources"`
	Unwaivable  bool            `json:"unwaivable,omitempty"`
}

// Counts reports whether nobody has accepted the finding: it is neither waived nor known.
func (f Finding) Counts() bool { return f.Waiver == nil && !f.Known }

// Range is a span of a file.
type Range struct {
	File  string `json:"file"` // slashes forward, as the user gave it
	Start Pos    `json:"start"`
	End   Pos    `json:"end"`
}

// Pos is a place in a file: line and column (code points) from 1, byte from 0.
type Pos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

// Evidence is another place that made a finding so.
type Evidence struct {
	Address string `json:"address"`
	Message string `json:"message"`
	Range   Range  `json:"range"`
}

// Fact is one fact that a finding rests on.
type Fact struct {
	Value   any      `json:"value,omitempty"`
	Lo      *float64 `json:"lo,omitempty"`
	Hi      *float64 `json:"hi,omitempty"`
	Unit    string   `json:"unit,omitempty"`
	State   string   `json:"state"`
	Text    string   `json:"text,omitempty"`
	From    string   `json:"from,omitempty"`
	Where   string   `json:"where,omitempty"` // file:line
	Assumes []string `json:"assumes,omitempty"`
}

// Fix is one alternative that mends a finding.
type Fix struct {
	Title  string   `json:"title"`
	Safety string   `json:"safety"` // manual, unsafe, safe
	Ops    []Op     `json:"ops"`
	HCL    string   `json:"hcl"`   // what to write, as a fragment
	Edits  []Edit   `json:"edits"` // the same as byte edits; empty where it is advice
	Lines  []Change `json:"lines"` // the same as printed lines
}

// Op is one operation of a fix.
type Op struct {
	At     string `json:"at,omitempty"`
	Set    string `json:"set,omitempty"`
	Value  any    `json:"value,omitempty"`
	Unset  string `json:"unset,omitempty"`
	Add    string `json:"add,omitempty"`
	Label  string `json:"label,omitempty"`
	Advise string `json:"advise,omitempty"`
}

// Edit replaces the bytes of a range.
type Edit struct {
	Range Range  `json:"range"`
	Text  string `json:"text"`
}

// Change is one line of a fix as a plan prints it.
type Change struct {
	Action string `json:"action"` // add, change, remove, advise
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"` // 0 for further lines of one block
	Text   string `json:"text"`
	Was    string `json:"was,omitempty"`
}

// Question is one fact worth stating: the answers to several checks at once.
type Question struct {
	Fact     string   `json:"fact"`     // attribute, idempotent
	Path     string   `json:"path"`     // where to state it first: service.orders.call.charge.idempotent
	Subjects []string `json:"subjects"` // whose fact it is
	Rules    []string `json:"rules"`
	Checks   []string `json:"checks"` // RULE@address
	Weight   int      `json:"weight"` // value of information
	Hint     string   `json:"hint"`
	Range    Range    `json:"range"`
}

// Assumption is one default that findings rest on.
type Assumption struct {
	Key      string   `json:"key"` // of system.assume
	Text     string   `json:"text"`
	Value    float64  `json:"value"`
	Lo       float64  `json:"lo"`
	Hi       float64  `json:"hi"`
	Unit     string   `json:"unit"`
	Findings []string `json:"findings"` // ids that rest on it
}

// Scenario is one of the catalog's scenarios that this system shows.
type Scenario struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Because  string   `json:"because"`
	Patterns []Demand `json:"patterns"`
}

// Words is the status as a reader knows it.
func (d Demand) Words() string {
	switch d.Status {
	case "in_place":
		if d.Reason != "" {
			return "in place, with faults"
		}
		return "in place"
	case "not_needed":
		return "not needed"
	}
	return d.Status
}

// Demand is what a scenario asks of one pattern, and how the system stands to it.
type Demand struct {
	Pattern string   `json:"pattern"`
	Name    string   `json:"name"`
	Status  string   `json:"status"` // in_place, recommended, not_needed, undecided
	At      []string `json:"at"`     // addresses or finding ids
	Reason  string   `json:"reason,omitempty"`
}

// Coverage counts checks: one rule with one subject of its kind.
type Coverage struct {
	Applicable          int `json:"applicable"`
	Evaluated           int `json:"evaluated"`
	ByAssumption        int `json:"by_assumption"`
	ClearedByAssumption int `json:"cleared_by_assumption"`
	NotEvaluable        int `json:"not_evaluable"`
}

// Open reports whether too many checks wait for facts to call a system well in which nothing was found.
func (c Coverage) Open() bool { return 20*c.NotEvaluable > c.Applicable }

// Clean is what there is to say where no finding is shown.
func (r *Report) Clean() string {
	switch c := r.Coverage; {
	case r.Summary.Hidden > 0:
		return fmt.Sprintf("No recommendations at this severity; %s below it.", analyzer.Plural(r.Summary.Hidden, "finding"))
	case c.Open():
		return fmt.Sprintf("No recommendations so far: %d of %d checks wait for facts.", c.NotEvaluable, c.Applicable)
	}
	return "No recommendations. Every pattern that this system owes is in place."
}

// Pattern is where one pattern of the catalog stands in this system.
type Pattern struct {
	ID        string   `json:"id"`
	Present   []string `json:"present"`
	Missing   []string `json:"missing"`
	Questions []string `json:"questions"`
}

// Rule is the card of a rule that fired: what it says of every system.
type Rule struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Pattern   string   `json:"pattern"` // empty for rules above the patterns
	Help      string   `json:"help"`    // what goes wrong
	TradeOffs string   `json:"trade_offs"`
	WaiveWhen string   `json:"waive_when"`
	Sources   []string `json:"sources"`
}

// Waiver is one accepted finding, and how it stands today.
type Waiver struct {
	Rule    string   `json:"rule"`
	Subject string   `json:"subject"`
	Reason  string   `json:"reason"`
	Owner   string   `json:"owner"`
	Ticket  string   `json:"ticket,omitempty"`
	Expires string   `json:"expires"`
	Days    int      `json:"days"`                  // until it ends; negative once it has
	State   string   `json:"state"`                 // active, expiring, expired, unmatched; refused: its rule cannot be waived
	Max     int      `json:"max_matches,omitempty"` // how many findings it accepts, the first by address; 0 for all
	Matches []string `json:"matches"`
	Nearest string   `json:"nearest,omitempty"` // an address it may have meant
	Range   Range    `json:"range"`
}

// Baseline is how the run stands to the accepted snapshot.
type Baseline struct {
	File  string   `json:"file"`
	Known int      `json:"known"`
	New   int      `json:"new"`
	Stale []string `json:"stale"` // entries that no finding matches any more
}

// Gate is the decision of `check`.
type Gate struct {
	FailOn   string   `json:"fail_on"`
	Blocking []string `json:"blocking"` // finding ids
	Hygiene  []string `json:"hygiene"`  // waiver and baseline faults
	Below    int      `json:"below"`    // findings under the threshold
	Old      int      `json:"old"`      // findings that the base has too
	Exit     int      `json:"exit"`
	Passed   bool     `json:"passed"`
	Base     string   `json:"base,omitempty"` // revision that new findings are measured against
}
