package facts

import (
	"github.com/archcheck/archcheck/dsl/model"
)

// limitOf is the rate limit on what reaches a service or gateway, nil where there is none.
func limitOf(e model.Entity) *model.RateLimit {
	if w, ok := e.(model.Worker); ok {
		if v := w.Work().RateLimit; v.Has() {
			return v.V
		}
	}
	return nil
}

// admitted is what a limit lets into an entity from all callers together, NaN where there is none or where the number of
// keys decides.
func admitted(e model.Entity) float64 {
	l := limitOf(e)
	if l == nil || !l.RPS.Has() || l.Per.Or("global") != "global" {
		return nan
	}
	if l.Scope.Or("global") == "replica" {
		n := replicasOf(e)
		if !n.HasValue() {
			return nan
		}
		return l.RPS.V * n.V
	}
	return l.RPS.V
}
