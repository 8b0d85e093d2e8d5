package diagram

import (
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
)

// decorate adds the findings of the report to the elements of a picture, at most spelled ones by name.
func (d *drawing) decorate(spelled int) {}

// rateOf is what a call sends to its callee, in requests per second.
func (d *drawing) rateOf(a model.Addr) (float64, bool) {
	c := d.calls()[a]
	if c == nil || !c.Rate.HasValue() {
		return 0, false
	}
	return c.Rate.V, true
}

// calls are the facts of every call.
func (d *drawing) calls() map[model.Addr]*facts.CallFacts {
	if d.callFacts == nil && d.in.Facts != nil {
		d.callFacts = map[model.Addr]*facts.CallFacts{}
		for _, doc := range d.in.Facts.Documents("call") {
			if c, ok := doc.Subject.(*facts.CallFacts); ok {
				d.callFacts[doc.Addr] = c
			}
		}
	}
	return d.callFacts
}

// toneAt is the tone of the worst finding at an address, or what to use where there is none.
func (d *drawing) toneAt(a model.Addr, none Tone) Tone { return none }
