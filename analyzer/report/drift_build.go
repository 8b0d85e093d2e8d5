package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/drift"
	"github.com/archcheck/archcheck/dsl/edit"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// DriftInput is what a drift report is made from.
type DriftInput struct {
	Model       *model.Model
	Result      *drift.Result // its items are those to show
	Ignored     int           // items that were left out
	Sources     []DriftSource
	SourceFiles []model.File
	Accepted    []string
	Version     string
}

// BuildDrift makes the report of a comparison.
func BuildDrift(in DriftInput) *Drift {
	b := &builder{files: map[string]*source.File{}}
	d := &Drift{FormatVersion: FormatVersion, Version: in.Version, Files: []File{}, Sources: in.Sources, Items: []DriftItem{}, Matched: []DriftMatch{},
		NoMatch: []DriftName{}, Accepted: orEmpty(in.Accepted)}
	if in.Model.System != nil {
		d.System = string(in.Model.System.Addr)
	}
	for _, f := range in.SourceFiles {
		b.files[f.Name] = source.New(f.Name, f.Bytes)
	}
	for _, f := range in.Model.Files {
		sum := sha256.Sum256(f.Bytes)
		d.Files = append(d.Files, File{Path: f.Name, SHA256: hex.EncodeToString(sum[:])})
		b.files[f.Name] = source.New(f.Name, f.Bytes)
	}
	res := in.Result
	d.Compared = DriftCompared{res.Components, res.ComponentsShown, res.Calls, res.CallsShown, len(in.SourceFiles)}
	ed := edit.New(in.Model)
	for _, i := range res.Items {
		d.Items = append(d.Items, b.driftItem(i, ed))
		d.Summary.count(i.Severity.String())
	}
	d.Summary.Ignored = in.Ignored
	for _, p := range res.Pairs {
		d.Matched = append(d.Matched, DriftMatch{string(p.Described), string(p.Source), p.By})
	}
	for _, u := range res.Unmatched {
		n := DriftName{Side: "description", Address: string(u.Address), Range: b.rng(u.Range), Nearest: addrs(u.Nearest), Reason: u.Reason}
		if u.Source {
			n.Side, n.Range = "sources", b.place(u.Place)
		}
		d.NoMatch = append(d.NoMatch, n)
	}
	return d
}

func (b *builder) driftItem(i *drift.Item, ed *edit.Editor) DriftItem {
	doc := drift.KindOf(i.Kind)
	out := DriftItem{
		ID: i.ID(), Kind: i.Kind, Title: doc.Title, Severity: i.Severity.String(), Confidence: i.Confidence.String(), Address: string(i.Address),
		Subjects: addrs(i.Subjects), Counterpart: string(i.Counterpart), Range: b.rng(i.Range),
		Description: DriftSide{Text: i.Says.Text, How: i.Says.How, Range: b.rng(i.Says.Range)},
		Source:      DriftSide{Text: i.Shows.Text, How: i.Shows.How, Kind: i.Shows.Kind, Range: b.place(i.Shows.Place)},
		Ratio:       i.Ratio, Detail: i.Detail, Help: doc.Help, Accept: string(i.Accept), Fixes: []DriftFix{},
		Fingerprint: (&analyzer.Finding{Rule: "drift/" + i.Kind, Subject: i.Address}).Fingerprint(),
	}
	if i.Fix != nil {
		if f, ok := b.driftFix(i.Fix, ed); ok {
			out.Fixes = append(out.Fixes, f)
		}
	}
	return out
}

// DriftOps are the operations of a fix as an editor takes them.
func DriftOps(f *drift.Fix) []edit.Op {
	var ops []edit.Op
	for _, op := range f.Ops {
		if op.Advise == "" {
			ops = append(ops, edit.Op{At: op.At, Set: op.Set, Value: op.Value, Add: op.Add, Label: op.Label, Drop: op.Drop})
		}
	}
	return ops
}

// driftFix is a fix with its byte edits; one that cannot be applied as it is to these files is left out.
func (b *builder) driftFix(f *drift.Fix, ed *edit.Editor) (DriftFix, bool) {
	out := DriftFix{Title: f.Title, Edits: []Edit{}, Lines: []Change{}}
	if ops := DriftOps(f); len(ops) > 0 {
		r, err := ed.Plan(ops)
		if err != nil {
			return out, false
		}
		out.HCL = r.HCL
		for _, e := range r.Edits {
			rng := model.Range{File: e.File}
			rng.Start.Byte, rng.End.Byte = int32(e.Start), int32(e.End)
			out.Edits = append(out.Edits, Edit{b.rng(rng), e.Text})
		}
		for _, l := range r.Lines {
			out.Lines = append(out.Lines, Change{analyzer.Action(l.Action).Name(), l.File, l.Line, l.Text, l.Was})
		}
	}
	for _, op := range f.Ops {
		if op.Advise != "" {
			out.Lines = append(out.Lines, Change{Action: "advise", Text: op.Advise})
		}
	}
	return out, true
}

// place is the whole text of the line that "file:line" names.
func (b *builder) place(at string) Range {
	k := strings.LastIndexByte(at, ':')
	if k < 0 {
		return Range{}
	}
	n, err := strconv.Atoi(at[k+1:])
	f := b.files[at[:k]]
	if err != nil || f == nil || n < 1 || n > f.Lines() {
		return Range{File: at[:k]}
	}
	start := f.LineStart(n)
	text := f.Line(n)
	lead := len(text) - len(strings.TrimLeft(string(text), " \t"))
	r := model.Range{File: f.Name}
	r.Start.Byte, r.End.Byte = int32(start+lead), int32(start+len(text))
	return b.rng(r)
}

// Decide is the gate of drift: it fails on items at or above a severity.
func (d *Drift) Decide(failOn analyzer.Severity) {
	g := &DriftGate{FailOn: failOn.String(), Blocking: []string{}, Passed: true}
	for _, i := range d.Items {
		if s, err := analyzer.ParseSeverity(i.Severity); err == nil && s >= failOn {
			g.Blocking = append(g.Blocking, i.ID)
		}
	}
	if len(g.Blocking) > 0 {
		g.Passed, g.Exit = false, gateFindings
	}
	d.Gate = g
}
