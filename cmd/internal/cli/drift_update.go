package cli

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/archcheck/archcheck/analyzer/drift"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/edit"
	"github.com/archcheck/archcheck/dsl/model"
)

// drifter compares one description with its sources, and takes over what they show.
type drifter struct {
	*reality
	model  *model.Model // as it is, or as accepting has made it
	flags  *driftFlags
	sel    *driftSelection
	params facts.Params

	result   *drift.Result // with the items that count
	ignored  int
	before   []model.File // the files as they were read
	accepted []string
}

func (d *drifter) compare(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.result = drift.Compare(drift.Input{Model: d.model, Source: d.loaded, Raw: d.Model, Shown: d.Shown, Tolerance: d.flags.tolerance,
		Rate: facts.Compute(d.model, d.params).Rate})
	d.result.Items, d.ignored = d.sel.chosen(d.result.Items)
	return nil
}

// maxRounds bounds the rounds of accepting: a component comes first, then its calls, then what limits them.
const maxRounds = 8

// accept takes over what the sources show, in memory. Each round plans changes of blocks that have nothing to do with
// each other, applies them and reads the result again; what does not read is refused, and so is a change after which the
// difference is still there.
func (d *drifter) accept(ctx context.Context) error {
	d.before = d.model.Files
	done := map[string]bool{}
	for range maxRounds {
		round := d.round(done)
		if len(round) == 0 {
			return nil
		}
		if err := d.apply(round); err != nil {
			return err
		}
		if err := d.compare(ctx); err != nil {
			return err
		}
		for _, i := range round {
			done[i.ID()] = true
			d.accepted = append(d.accepted, i.ID())
			if k := slices.IndexFunc(d.result.Items, func(x *drift.Item) bool { return x.ID() == i.ID() && x.Shows == i.Shows }); k >= 0 {
				return withHint(fmt.Errorf("accepting %s changes nothing about it", i.ID()), "Nothing was written. Leave it out with --ignore %s and change the description by hand.", i.ID())
			}
		}
	}
	return nil
}

// wants reports whether --update takes an item over.
func (d *drifter) wants(i *drift.Item) bool {
	return i.Accept == drift.Update || i.Accept == drift.Prune && d.flags.prune
}

// round are the next items whose changes touch no block twice.
func (d *drifter) round(done map[string]bool) []*drift.Item {
	taken := map[model.Addr]bool{}
	var out []*drift.Item
	for _, i := range d.result.Items {
		if !d.wants(i) || done[i.ID()] {
			continue
		}
		var blocks []model.Addr
		for _, op := range report.DriftOps(i.Fix) {
			at := op.At
			if op.Add != "" && at == "" {
				continue // at the end of the file, where several may follow each other
			}
			blocks = append(blocks, at)
			if owner := strings.Join(strings.SplitN(string(at), ".", 3)[:2], "."); op.Drop {
				blocks = append(blocks, model.Addr(owner))
			}
		}
		if slices.ContainsFunc(blocks, func(a model.Addr) bool { return taken[a] }) {
			continue
		}
		for _, b := range blocks {
			taken[b] = true
		}
		out = append(out, i)
	}
	return out
}

func (d *drifter) apply(items []*drift.Item) error {
	ed := edit.New(d.model)
	var edits []edit.Edit
	for _, i := range items {
		r, err := ed.Plan(report.DriftOps(i.Fix))
		if err != nil {
			return withHint(fmt.Errorf("%s cannot be written: %w", i.ID(), err), "Nothing was written. Leave it out with --ignore %s and change the description by hand.", i.ID())
		}
		edits = append(edits, r.Edits...)
	}
	changed := edit.Apply(d.model.Files, edits)
	var files []model.File
	for _, f := range d.model.Files {
		if b, ok := changed[f.Name]; ok {
			f.Bytes = b
		}
		files = append(files, f)
	}
	m, diags := dsl.Parse(files)
	if diags.HasErrors() {
		var ids []string
		for _, i := range items {
			ids = append(ids, i.ID())
		}
		return withHint(fmt.Errorf("the description would not be valid any more: %s", diags[0].Error()),
			"Nothing was written. Accept less at once: --only names one of %s.", strings.Join(ids, ", "))
	}
	d.model = m
	return nil
}

// unified is what accepting changes, as a difference of the files.
func (d *drifter) unified() string {
	var b strings.Builder
	for i, f := range d.model.Files {
		if old := d.before[i]; !bytes.Equal(old.Bytes, f.Bytes) {
			b.WriteString(udiff.Unified("a/"+f.Name, "b/"+f.Name, string(old.Bytes), string(f.Bytes)))
		}
	}
	return b.String()
}

// changed are the files that accepting changes.
func (d *drifter) changed() []output {
	var out []output
	for i, f := range d.model.Files {
		if d.before != nil && !bytes.Equal(d.before[i].Bytes, f.Bytes) {
			out = append(out, output{label: f.Name, file: f.Name, bytes: f.Bytes})
		}
	}
	return out
}

func (d *drifter) report() *report.Drift {
	in := report.DriftInput{Model: d.model, Result: d.result, Ignored: d.ignored, Sources: []report.DriftSource{}, SourceFiles: d.Files,
		Accepted: d.accepted, Version: buildVersion()}
	for _, s := range d.sources {
		in.Sources = append(in.Sources, report.DriftSource{Kind: s.Kind, Paths: s.Paths})
	}
	return report.BuildDrift(in)
}
