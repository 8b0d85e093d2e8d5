package diagram

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

var ruleForm = regexp.MustCompile(`^[A-Z][A-Z0-9]*-[0-9]+$`)

// highlight marks what --highlight names: the elements of a rule's findings, the single points of failure, or one
// address.
func (d *drawing) highlight() error {
	what := d.opt.Highlight
	if what == "" {
		return nil
	}
	ids := map[string]bool{}
	switch {
	case what == "spof":
		if d.in.Facts == nil {
			return refuse("Compute the facts of the model first.", "--highlight spof needs facts")
		}
		for _, p := range d.s.parts {
			if id, ok := d.pic.Drawn[p.addr]; ok && d.single(p.addr) {
				ids[id] = true
			}
		}
	case ruleForm.MatchString(what):
		if d.in.Report == nil {
			return refuse("Evaluate the model first.", "--highlight %s needs a report", what)
		}
		known := map[string]bool{}
		for i := range d.in.Report.Findings {
			f := &d.in.Report.Findings[i]
			known[f.Rule] = true
			if f.Rule != what {
				continue
			}
			for _, a := range append([]string{f.Subject}, f.Subjects...) {
				if id := d.elementOf(model.Addr(a)); id != "" {
					ids[id] = true
				}
			}
		}
		if !known[what] {
			rules := sortedKeys(known)
			hint := "This system has no findings at all."
			if len(rules) > 0 {
				hint = "Rules with findings here are " + list(rules, 20) + "."
			}
			return refuse(hint, "--highlight %s: no finding of this rule in this system", what)
		}
	default:
		a := model.Addr(what)
		if d.s.m.Lookup(a) == nil && d.s.at[a] == nil {
			return d.unknown("--highlight", what)
		}
		if id := d.elementOf(a); id != "" {
			ids[id] = true
		}
	}
	if len(ids) == 0 {
		d.notes = append(d.notes, fmt.Sprintf("Nothing in this picture to highlight for %s.", middle(what, 40)))
		return nil
	}
	for _, n := range d.pic.Nodes {
		if ids[n.ID] {
			n.Tone = Marked
		}
	}
	for _, e := range d.pic.Edges {
		if ids[e.ID] && !e.Hidden {
			e.Tone = Marked
		}
	}
	for _, g := range d.pic.Groups {
		g.Marked = ids[g.ID]
	}
	d.notes = append(d.notes, fmt.Sprintf("Highlighted: %s, at %s.", middle(what, 40), analyzer.Plural(len(ids), "element")))
	return nil
}

// single reports whether a part is a single point of failure as stated: one copy or one zone, with a quarter of all
// traffic behind it.
func (d *drawing) single(a model.Addr) bool {
	loss := d.in.Facts.Loss(a)
	end := d.in.Facts.End(a)
	if !(loss.Lo >= 0.25) || end == nil || !slices.Contains(singleKinds, d.s.at[a].kind) {
		return false
	}
	return end.Replicas.HasValue() && end.Replicas.V == 1 || end.Zones.HasValue() && end.Zones.V == 1
}

var singleKinds = []model.Kind{model.KindGateway, model.KindService, model.KindDatastore, model.KindBroker, model.KindRegistry}
