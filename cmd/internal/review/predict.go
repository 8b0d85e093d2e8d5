package review

import (
	"slices"

	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/edit"
	"github.com/archcheck/archcheck/dsl/model"
)

// Predict makes the changes of the plan in memory, the first fix of every finding that counts, and computes the facts of
// what comes out. A change that meets another one of higher rank at the same place, or that no longer reads with it, is
// left out. It is nil where nothing can be changed by an edit.
func Predict(m *model.Model, r *report.Report, p facts.Params) *diagram.Prediction {
	var changes [][]edit.Edit
	for _, f := range r.Visible() {
		if len(f.Fixes) > 0 && len(f.Fixes[0].Edits) > 0 {
			var edits []edit.Edit
			for _, e := range f.Fixes[0].Edits {
				edits = append(edits, edit.Edit{File: e.Range.File, Start: e.Range.Start.Byte, End: e.Range.End.Byte, Text: e.Text})
			}
			changes = append(changes, edits)
		}
	}
	made, after := 0, (*model.Model)(nil)
	var all []edit.Edit
	take := func(some [][]edit.Edit) bool {
		next, n := slices.Clone(all), 0
		for _, c := range some {
			if fresh, ok := beside(next, c); ok {
				next, n = append(next, fresh...), n+1
			}
		}
		if n == 0 {
			return true
		}
		x, ok := changed(m, next)
		if ok {
			all, after, made = next, x, made+n
		}
		return ok
	}
	if !take(changes) { // one of them does not read with the others: find it
		for _, c := range changes {
			take([][]edit.Edit{c})
		}
	}
	if after == nil {
		return nil
	}
	return &diagram.Prediction{Model: after, Facts: facts.Compute(after, p), Made: made}
}

// beside are the edits of a change that are not made yet, if none of them meets another at the same place.
func beside(made, change []edit.Edit) ([]edit.Edit, bool) {
	var out []edit.Edit
	for _, e := range change {
		if slices.Contains(made, e) {
			continue
		}
		for _, o := range made {
			if o.File == e.File && (e.Start == o.Start || e.Start < o.End && o.Start < e.End) {
				return nil, false
			}
		}
		out = append(out, e)
	}
	return out, true
}

// changed is the model with edits made, if it still reads.
func changed(m *model.Model, edits []edit.Edit) (*model.Model, bool) {
	now := edit.Apply(m.Files, edits)
	files := slices.Clone(m.Files)
	for i := range files {
		if b, ok := now[files[i].Name]; ok {
			files[i].Bytes = b
		}
	}
	out, diags := dsl.Parse(files)
	return out, !diags.HasErrors()
}
