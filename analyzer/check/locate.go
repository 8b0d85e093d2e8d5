package check

import (
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// locate finds the smallest span that says what a finding is about: the attribute that its first fix changes, where it
// is written on the subject; else the subject's header; for a computed subject the first declared part.
func (s *scene) locate(f *analyzer.Finding) model.Range {
	if len(f.Fixes) > 0 {
		for _, op := range f.Fixes[0].Ops {
			if op.Set == "" || (op.At != "" && op.At != f.Subject) {
				continue
			}
			name, _, _ := strings.Cut(op.Set, ".")
			if r := s.attribute(f.Subject, name); !r.IsZero() {
				return r
			}
		}
	}
	return s.place(f.Subject)
}

// place is where a subject is declared; for a computed one, its first declared part.
func (s *scene) place(a model.Addr) model.Range {
	if e := s.m.Lookup(a); e != nil {
		return e.Self().Decl
	}
	if j, ok := strings.CutPrefix(string(a), "journey."); ok {
		return s.journeyPlace(j)
	}
	for _, p := range s.src.Parts(a) {
		if e := s.m.Lookup(p); e != nil {
			return e.Self().Decl
		}
	}
	// a trigger (service.orders.consume.paid) is declared; anything else computed carries a declared address
	for rest := string(a); strings.Contains(rest, "."); {
		rest = rest[:strings.LastIndex(rest, ".")]
		if e := s.m.Lookup(model.Addr(rest)); e != nil {
			return e.Self().Decl
		}
	}
	if s.m.System != nil {
		return s.m.System.Decl
	}
	return model.Range{}
}

// journeyPlace is the entry of a journey: web.api/checkout starts at client.web.call.api.
func (s *scene) journeyPlace(j string) model.Range {
	head, _, _ := strings.Cut(j, "/")
	owner, entry, _ := cutLast(head)
	for _, kind := range []string{"call", "publish"} {
		for _, prefix := range []string{"client.", ""} {
			if e := s.m.Lookup(model.Addr(prefix + owner + "." + kind + "." + entry)); e != nil {
				return e.Self().Decl
			}
		}
	}
	return model.Range{}
}

func cutLast(s string) (before, after string, ok bool) {
	if i := strings.LastIndexByte(s, '.'); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}
