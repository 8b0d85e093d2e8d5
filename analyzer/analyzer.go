// Package analyzer holds the words of an analysis: findings, questions, verdicts, severities, fixes and their order.
// It computes nothing; facts derive, engine decides, check drives, plan and report present.
package analyzer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/archcheck/archcheck/dsl/model"
)

// Verdict is the value of a condition over ranges (rules.md §2.2), from harmless to certain.
type Verdict int8

// The five verdicts. Risk and Violation are findings, Question asks the owner, Unlikely is counted as cleared by assumption.
const (
	Pass Verdict = iota
	Unlikely
	Question
	Risk
	Violation
)

var verdictNames = [...]string{"pass", "unlikely", "question", "risk", "violation"}

func (v Verdict) String() string { return verdictNames[v] }

// ParseVerdict reads a verdict's name.
func ParseVerdict(s string) (Verdict, error) { return parse[Verdict](s, "verdict", verdictNames[:]) }

// Severity is how much a finding matters.
type Severity int8

// The severities, from least to most.
const (
	Info Severity = iota
	Low
	Medium
	High
	Critical
)

var severityNames = [...]string{"info", "low", "medium", "high", "critical"}

func (s Severity) String() string { return severityNames[s] }

// Severities lists the names from most to least severe, for help texts and errors.
func Severities() []string { return []string{"critical", "high", "medium", "low", "info"} }

// ParseSeverity reads a severity's name.
func ParseSeverity(s string) (Severity, error) {
	return parse[Severity](s, "severity", severityNames[:])
}

// Clamp keeps a modified severity within the scale.
func (s Severity) Clamp() Severity { return max(Info, min(s, Critical)) }

// Kind is what a finding says of its pattern.
type Kind int8

// The kinds of finding.
const (
	Missing       Kind = iota // the pattern is owed and not there
	Misconfigured             // there, with wrong parameters
	Misuse                    // there, where it does not fit
	Conflict                  // needs or contradicts another pattern
)

var kindNames = [...]string{"missing", "misconfigured", "misuse", "conflict"}

func (k Kind) String() string { return kindNames[k] }

// ParseKind reads a kind's name.
func ParseKind(s string) (Kind, error) { return parse[Kind](s, "kind", kindNames[:]) }

func parse[T ~int8](s, what string, names []string) (T, error) {
	for i, n := range names {
		if n == s {
			return T(i), nil
		}
	}
	return 0, fmt.Errorf("unknown %s %q: use one of %v", what, s, names)
}

// Action is what a plan does to the file; the value is the printed symbol.
type Action rune

// The actions of a plan.
const (
	Add    Action = '+'
	Change Action = '~'
	Remove Action = '-'
	Ask    Action = '?'
	Waived Action = '.'
)

// Name is the action's name in JSON.
func (a Action) Name() string {
	switch a {
	case Add:
		return "add"
	case Change:
		return "change"
	case Remove:
		return "remove"
	case Ask:
		return "ask"
	}
	return "waived"
}

// Fact is one fact that a finding rests on, as a policy named it.
type Fact struct {
	Name    string   // the policy's name for it
	Path    string   // where it stands in the document ("subject.timeout"), empty if the policy computed it
	Value   any      // string, float64, bool, []string or nil
	Lo, Hi  *float64 // range of a number; Hi nil where unbounded
	Unit    string   // ms, rps, ratio, minutes, bytes, count; empty for words
	State   string
	Text    string // the author's spelling, or the value in its unit
	From    string
	Assumes []string    // keys of the assumptions
	Needs   []string    // of an unknown one: what to state, "service.orders.scale.concurrency"
	Range   model.Range // where it was written, or where what it was inherited from stands; zero if computed
}

// Op is one operation of a fix. Exactly one of Set, Unset, Add and Advise is given.
type Op struct {
	At     model.Addr // whose attribute; empty means the finding's subject
	Set    string     // attribute path, "retry.max_attempts"
	Value  any        // for Set and Add: string, float64, bool, list or object as the language has them
	Unset  string     // attribute path to remove
	Add    string     // block type to add
	Label  string     // label of the block to add
	Advise string     // advice for a human, nothing to apply
}

// Fix is one alternative that mends a finding; at most one is applied.
type Fix struct {
	Title string
	Ops   []Op
}

// Related is another place that made a finding so.
type Related struct {
	Addr    model.Addr
	Message string
	Range   model.Range
}

// Finding is a judgement that the architecture lacks something. A question is a Finding with Verdict Question until
// package check turns it into an entry of the questions.
type Finding struct {
	Rule       string // "RES-043"
	Title      string
	Pattern    string // "resilience/timeout", empty for rules above the patterns
	Kind       Kind
	Verdict    Verdict
	Severity   Severity
	Subject    model.Addr
	Subjects   []model.Addr // members, when several findings are shown as one
	Members    []*Finding   // the same as findings of their own
	Summary    string
	Detail     string
	Range      model.Range
	Facts      []Fact
	Evidence   []Related
	Subsumes   []string // RULE@address of what this finding hides
	Fixes      []Fix
	Waiver     *model.Waiver // set: shown, not counted
	Expired    *model.Waiver // a waiver that ended, which is why the finding returned
	Known      bool          // in the baseline
	Share      float64       // share of user traffic at the subject, for the ranking
	Settles    int           // questions it would settle, for the ranking
	Unwaivable bool
}

// ID is RULE@address: the finding's identity in every format, in waivers and in the baseline.
func (f *Finding) ID() string { return f.Rule + "@" + string(f.Subject) }

// Fingerprint is a hash of the identity that survives line moves and reformatting.
func (f *Finding) Fingerprint() string {
	sum := sha256.Sum256([]byte("v1\x00" + f.Rule + "\x00" + string(f.Subject)))
	return hex.EncodeToString(sum[:8])
}
