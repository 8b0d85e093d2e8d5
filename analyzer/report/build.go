package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/analyzer/plan"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// Input is what a report is made from.
type Input struct {
	Model       *model.Model
	Facts       *facts.Facts // journeys are read from it; nil for none
	Result      *analyzer.Result
	Plan        *plan.Plan // of the findings to show; its changes are ranked
	Fixes       int        // how many findings get their fixes, the first of those that count; 0 for all findings
	Version     string     // of archcheck
	MinSeverity analyzer.Severity
}

// builder holds the line index of every file while a report is made.
type builder struct {
	in    Input
	files map[string]*source.File
}

// Build makes the report.
func Build(in Input) *Report {
	b := &builder{in: in, files: map[string]*source.File{}}
	r := &Report{
		FormatVersion: FormatVersion, Version: in.Version, Files: []File{}, Inventory: inventory(in.Model),
		Findings: []Finding{}, Questions: []Question{}, Assumptions: []Assumption{}, Scenarios: []Scenario{},
		Patterns: []Pattern{}, Waivers: []Waiver{}, Journeys: []Journey{}, Rules: []Rule{},
	}
	if in.Model.System != nil {
		r.System = string(in.Model.System.Addr)
	}
	for _, f := range in.Model.Files {
		sum := sha256.Sum256(f.Bytes)
		r.Files = append(r.Files, File{Path: f.Name, SHA256: hex.EncodeToString(sum[:])})
		b.files[f.Name] = source.New(f.Name, f.Bytes)
	}
	shown := slices.DeleteFunc(slices.Clone(in.Plan.Changes), func(c *plan.Change) bool { return c.Finding.Severity < in.MinSeverity })
	r.Summary.Hidden = len(in.Plan.Changes) - len(shown)
	in.Plan.WorkOut(first(shown, in.Fixes))
	r.Findings = make([]Finding, 0, len(shown))
	for _, c := range shown {
		r.Findings = append(r.Findings, b.finding(c))
	}
	r.count()
	b.rest(r)
	return r
}

// first are the first n changes of findings that count; all changes where n is 0.
func first(changes []*plan.Change, n int) []*plan.Change {
	if n == 0 {
		return changes
	}
	var out []*plan.Change
	for _, c := range changes {
		if c.Finding.Waiver == nil && !c.Finding.Known && len(out) < n {
			out = append(out, c)
		}
	}
	return out
}

func (b *builder) finding(c *plan.Change) Finding {
	f := c.Finding
	out := Finding{
		ID: f.ID(), Rule: f.Rule, Title: f.Title, Pattern: f.Pattern, Kind: f.Kind.String(), Verdict: f.Verdict.String(),
		Severity: f.Severity.String(), Action: c.Action.Name(), Subject: string(f.Subject), Subjects: addrs(f.Subjects),
		Subsumes: orEmpty(f.Subsumes), Summary: f.Summary, Detail: f.Detail, Range: b.rng(f.Range), Evidence: []Evidence{},
		Facts: map[string]Fact{}, Assumes: []string{}, Fixes: []Fix{}, Known: f.Known, Fingerprint: f.Fingerprint(),
		Share: f.Share, Sources: []string{}, Unwaivable: f.Unwaivable,
	}
	if card := b.in.Result.Cards[f.Rule]; card != nil {
		out.Help, out.Sources = strings.TrimSpace(card.Description), orEmpty(card.Related)
	}
	for _, e := range f.Evidence {
		out.Evidence = append(out.Evidence, Evidence{string(e.Addr), e.Message, b.rng(e.Range)})
	}
	for _, x := range f.Facts {
		fact := Fact{Value: finite(x.Value), Lo: bound(x.Lo), Hi: bound(x.Hi), Unit: x.Unit, State: x.State, Text: x.String(), From: x.From, Assumes: x.Assumes}
		if !x.Range.IsZero() {
			fact.Where = fmt.Sprintf("%s:%d", x.Range.File, x.Range.Start.Line)
		}
		out.Facts[x.Name] = fact
		out.FactOrder = append(out.FactOrder, x.Name)
		out.Assumes = append(out.Assumes, x.Assumes...)
	}
	slices.Sort(out.Assumes)
	out.Assumes = slices.Compact(out.Assumes)
	out.Members = slices.Grow(out.Members, len(c.Members))
	for _, m := range c.Members {
		out.Members = append(out.Members, b.finding(m))
	}
	for _, fix := range c.Fixes {
		out.Fixes = append(out.Fixes, b.fix(fix))
	}
	if f.Waiver != nil {
		w := b.waiver(b.state(f.Waiver))
		out.Waiver = &w
	}
	if f.Expired != nil {
		w := b.waiver(b.state(f.Expired))
		out.Expired = &w
	}
	return out
}

// finite drops a value that is no number that JSON could hold: without end is said by leaving it out.
func finite(v any) any {
	if f, ok := v.(float64); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
		return nil
	}
	return v
}

func bound(v *float64) *float64 {
	if v == nil || finite(*v) == nil {
		return nil
	}
	return v
}

func (b *builder) fix(f plan.Fix) Fix {
	out := Fix{Title: f.Title, Safety: f.Safety, Ops: []Op{}, HCL: f.HCL, Edits: []Edit{}, Lines: []Change{}}
	for _, op := range f.Ops {
		out.Ops = append(out.Ops, Op{string(op.At), op.Set, finite(op.Value), op.Unset, op.Add, op.Label, op.Advise})
	}
	for _, e := range f.Edits {
		r := model.Range{File: e.File}
		r.Start.Byte, r.End.Byte = int32(e.Start), int32(e.End)
		out.Edits = append(out.Edits, Edit{b.rng(r), e.Text})
	}
	for _, l := range f.Lines {
		out.Lines = append(out.Lines, Change{analyzer.Action(l.Action).Name(), l.File, l.Line, l.Text, l.Was})
	}
	for _, a := range f.Advice {
		out.Lines = append(out.Lines, Change{Action: "advise", Text: a})
	}
	if out.Title == "" && len(f.Advice) > 0 {
		out.Title = f.Advice[0]
	}
	return out
}

// rng converts a range to code points; the byte offsets are what it goes by.
func (b *builder) rng(r model.Range) Range {
	f := b.files[r.File]
	if f == nil {
		return Range{File: r.File}
	}
	pos := func(offset int32) Pos {
		c := f.At(int(offset))
		return Pos{c.Line, c.Rune, int(offset)}
	}
	return Range{r.File, pos(r.Start.Byte), pos(r.End.Byte)}
}

func (b *builder) rest(r *Report) {
	res := b.in.Result
	for _, c := range res.Claims {
		q := Question{
			Fact: c.Fact, Subjects: addrs(c.Subjects), Rules: orEmpty(c.Rules), Checks: orEmpty(c.Checks), Weight: c.Weight,
			Hint: c.Hint, Range: b.rng(c.Range),
		}
		q.Path = q.Subjects[0] + "." + q.Fact
		r.Questions = append(r.Questions, q)
	}
	r.Summary.Questions = len(r.Questions)
	cov := res.Coverage
	r.Coverage = Coverage{cov.Applicable, cov.Evaluated(), cov.ByAssumption, cov.Cleared, cov.NotEvaluable}
	for _, p := range res.Presence {
		r.Patterns = append(r.Patterns, Pattern{p.Pattern, addrs(p.Present), addrs(p.Missing), addrs(p.Questions)})
	}
	for _, a := range res.Assumptions {
		r.Assumptions = append(r.Assumptions, Assumption{a.Key, strings.ReplaceAll(a.Key, "_", " "), a.Value, a.Lo, a.Hi, a.Unit, orEmpty(a.Findings)})
	}
	for _, s := range res.Scenarios {
		out := Scenario{s.ID, s.Name, s.Because, []Demand{}}
		for _, d := range s.Demands {
			out.Patterns = append(out.Patterns, Demand{d.Pattern, d.Name, d.Status, orEmpty(d.At), d.Reason})
		}
		r.Scenarios = append(r.Scenarios, out)
	}
	if b.in.Facts != nil {
		r.Journeys = journeys(b.in.Facts.Documents("journey"))
	}
	r.Rules = rules(r, res.Cards)
	for _, w := range res.Waivers {
		r.Waivers = append(r.Waivers, b.waiver(w))
	}
}

// rules are the cards of the rules that findings name.
func rules(r *Report, cards map[string]*analyzer.Card) []Rule {
	out := []Rule{}
	seen := map[string]bool{}
	for _, f := range r.Findings {
		c := cards[f.Rule]
		if c == nil || seen[f.Rule] {
			continue
		}
		seen[f.Rule] = true
		out = append(out, Rule{
			ID: c.ID, Title: c.Title, Pattern: c.Pattern, Help: strings.TrimSpace(c.Description), TradeOffs: strings.TrimSpace(c.Advice.TradeOffs),
			WaiveWhen: strings.TrimSpace(c.Advice.WaiveWhen), Sources: orEmpty(c.Related),
		})
	}
	slices.SortFunc(out, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// state is how one waiver stands in this run.
func (b *builder) state(w *model.Waiver) analyzer.WaiverState {
	for _, s := range b.in.Result.Waivers {
		if s.Waiver == w {
			return s
		}
	}
	return analyzer.WaiverState{Waiver: w}
}

func (b *builder) waiver(s analyzer.WaiverState) Waiver {
	w := s.Waiver
	return Waiver{
		Rule: w.Label, Subject: w.Subject.V, Reason: w.Reason.V, Owner: w.Owner.V, Ticket: w.Ticket.V, Expires: w.Expires.V,
		Days: s.Days, State: s.State, Max: w.MaxMatches.V, Matches: orEmpty(s.Matches), Nearest: s.Nearest, Range: b.rng(w.Decl),
	}
}

// inventory counts what a model holds, kinds in the order of the language; calls of any caller last.
func inventory(m *model.Model) []Count {
	n := map[model.Kind]int{}
	m.Each(func(e model.Entity) { n[e.Self().Kind]++ })
	out := []Count{}
	for _, k := range []model.Kind{
		model.KindClient, model.KindService, model.KindGateway, model.KindDatastore, model.KindBroker, model.KindTopic,
		model.KindQueue, model.KindExternal, model.KindRegistry, model.KindMesh, model.KindTransaction, model.KindMigration,
		model.KindFlag, model.KindCall, model.KindPublish, model.KindConsume,
	} {
		if n[k] > 0 {
			out = append(out, Count{string(k), n[k]})
		}
	}
	return out
}

func addrs(in []model.Addr) []string {
	out := make([]string, len(in))
	for i, a := range in {
		out[i] = string(a)
	}
	return out
}

func orEmpty(in []string) []string {
	if in == nil {
		return []string{}
	}
	return in
}

// Visible are the findings that count: neither waived nor known, in rank order.
func (r *Report) Visible() []Finding {
	return slices.DeleteFunc(slices.Clone(r.Findings), func(f Finding) bool { return !f.Counts() })
}

// Flat are all findings under their own ids: a group is replaced by its members. Gate, SARIF, JUnit and every format
// that remembers a finding from run to run go by these.
func (r *Report) Flat() []Finding {
	n := 0
	for i := range r.Findings {
		n += max(1, len(r.Findings[i].Members))
	}
	out := make([]Finding, 0, n)
	for i := range r.Findings {
		if f := &r.Findings[i]; len(f.Members) > 0 {
			out = append(out, f.Members...)
		} else {
			out = append(out, *f)
		}
	}
	return out
}
