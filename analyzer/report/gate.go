package report

import (
	"fmt"

	"github.com/archcheck/archcheck/analyzer"
)

// GateOptions say what fails a gate.
type GateOptions struct {
	FailOn        analyzer.Severity
	CountRisks    bool            // risks block too, not only violations
	StrictWaivers bool            // a waiver that matches nothing fails
	Old           map[string]bool // finding ids that are not new; nil where all count
	Base          string          // the revision that Old comes from
}

// The exit codes of a gate, as the command line has them.
const (
	gatePassed   = 0
	gateFindings = 2
	gateHygiene  = 3
)

// Decide is the gate: it fails on findings at or above the threshold that are neither waived nor known nor old, else on
// the hygiene of waivers and baseline. It sees every member of a group under its own id.
func (r *Report) Decide(o GateOptions) {
	g := &Gate{FailOn: o.FailOn.String(), Blocking: []string{}, Hygiene: []string{}, Base: o.Base}
	for _, f := range r.Flat() {
		if !f.Counts() {
			continue
		}
		if o.Old[f.ID] {
			g.Old++
			continue
		}
		sev, err := analyzer.ParseSeverity(f.Severity)
		if err != nil || sev < o.FailOn || f.Verdict == analyzer.Risk.String() && !o.CountRisks {
			g.Below++
			continue
		}
		g.Blocking = append(g.Blocking, f.ID)
	}
	if o.StrictWaivers {
		for _, w := range r.Waivers {
			switch w.State {
			case "unmatched":
				g.Hygiene = append(g.Hygiene, fmt.Sprintf("waiver %s@%s matches nothing", w.Rule, w.Subject))
			case "refused":
				g.Hygiene = append(g.Hygiene, fmt.Sprintf("waiver %s@%s has no effect: %s cannot be waived", w.Rule, w.Subject, w.Rule))
			}
		}
	}
	if r.Baseline != nil {
		for _, id := range r.Baseline.Stale {
			g.Hygiene = append(g.Hygiene, fmt.Sprintf("baseline entry %s is fixed: run archcheck baseline prune", id))
		}
	}
	switch {
	case len(g.Blocking) > 0:
		g.Exit = gateFindings
	case len(g.Hygiene) > 0:
		g.Exit = gateHygiene
	default:
		g.Exit = gatePassed
	}
	g.Passed = g.Exit == gatePassed
	r.Gate = g
}
