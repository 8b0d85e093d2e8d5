package facts

import "github.com/archcheck/archcheck/dsl/model"

// WaiverFacts is a waiver; whether it matches a finding only the run knows.
type WaiverFacts struct {
	*model.Waiver
	Rule     string `fact:"rule" doc:"id of the rule that it waives"`
	Expired  Flag   `fact:"expired" doc:"its end is past"`
	DaysLeft Num    `fact:"days_left" unit:"count" doc:"days until its end, negative after it"`
	Exists   Flag   `fact:"subject_exists" doc:"its subject is an address of this model; a pattern with * counts"`
}

func (f *Facts) waiverDocuments() []Document {
	var out []Document
	for _, w := range f.m.Waivers {
		left := f.daysUntil(w.Expires)
		out = append(out, Document{Addr: w.Addr, Subject: &WaiverFacts{
			Waiver: w, Rule: w.Label, Exists: Yes(f.exists(w.Subject.V)), DaysLeft: left, Expired: past(left),
		}})
	}
	return out
}

// exists reports whether a declared or computed subject has this address.
func (f *Facts) exists(subject string) bool {
	for i := range len(subject) {
		if subject[i] == '*' {
			return true
		}
	}
	a := model.Addr(subject)
	if f.m.Lookup(a) != nil {
		return true
	}
	if _, ok := f.paths.byAd[a]; ok {
		return true
	}
	_, ok := f.partsOfSet(a)
	return ok
}
