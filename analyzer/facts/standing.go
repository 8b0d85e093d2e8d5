package facts

import "github.com/archcheck/archcheck/dsl/model"

// Standing is what a severity depends on beside its rule (rules.md §0).
type Standing struct {
	UserFacing bool    // a user waits for the subject
	Financial  bool    // it is upstream of a financial write
	Carries    bool    // it carries financial data itself, or writes such a store
	Share      float64 // of user traffic
}

// Standing of an address.
func (f *Facts) Standing(a model.Addr) Standing { return Standing{UserFacing: true} }

// Parts are the declared parts of a computed subject, sorted.
func (f *Facts) Parts(a model.Addr) []model.Addr { return nil }
