package check

import "github.com/archcheck/archcheck/analyzer"

// Standing is what the severity of a finding depends on beside its rule (rules.md §0).
type Standing struct {
	UserFacing bool    // a user waits for the subject
	Financial  bool    // it is upstream of a financial write
	Carries    bool    // it carries financial data itself, or writes such a store
	Share      float64 // of user traffic
}

// severity applies the modifiers of rules.md §0 to a raw result: a plain letter loses one where nobody waits and no
// money moves, and gains one where money is lost or moved twice; a risk loses one, but not below low.
func severity(r *analyzer.Raw, s Standing) analyzer.Severity {
	sev := r.Severity
	if r.Card.Plain() {
		if !s.UserFacing && !s.Financial {
			sev--
		}
		if r.Card.Effect != "" && s.Carries {
			sev++
		}
	}
	sev = sev.Clamp()
	if r.Verdict == analyzer.Risk && sev > analyzer.Low {
		sev--
	}
	return sev
}
