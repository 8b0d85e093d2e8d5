package facts

import "github.com/archcheck/archcheck/dsl/model"

// SystemSubject is the system judged as a whole: counts over the model.
type SystemSubject struct {
	*model.System
	SystemCQRS
	SystemShape
	SystemSituation
	Services int `fact:"services" doc:"services declared"`
	Gateways int `fact:"gateways" doc:"gateways declared"`
}

func (f *Facts) systemDocuments() []Document {
	s := f.m.System
	if s == nil {
		return nil
	}
	return []Document{{Addr: s.Addr, Subject: &SystemSubject{System: s, SystemCQRS: f.systemCQRS(), SystemShape: f.systemShape(), SystemSituation: f.systemSituation(), Services: len(f.m.Services), Gateways: len(f.m.Gateways)}}}
}
