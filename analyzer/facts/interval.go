package facts

import (
	"math"
	"slices"

	"github.com/archcheck/archcheck/dsl/model"
)

// interval is a number in the making: bounds, the value to compare at (NaN: none), the assumptions and the missing
// statements behind it. An absent number has NaN bounds, and so has everything computed from it. Quantities are not
// negative unless said.
type interval struct {
	lo, v, hi float64
	as        Assumptions
	needs     []string
}

var (
	inf     = math.Inf(1)
	nan     = math.NaN()
	zero    = interval{}
	missing = interval{lo: nan, v: nan, hi: nan}
)

func point(x float64) interval { return interval{lo: x, v: x, hi: x} }

// open is a number that nobody knows, with what to state so that it becomes known.
func open(needs ...string) interval { return interval{lo: 0, v: nan, hi: inf, needs: needs} }

func (n Num) interval(needs ...string) interval {
	switch {
	case !n.HasRange():
		return missing
	case n.State == model.Unknown && n.Needs() == nil:
		return interval{n.Lo, n.V, n.Hi, n.Assumes, needs}
	}
	return interval{n.Lo, n.V, n.Hi, n.Assumes, n.Needs()}
}

func (a interval) num() Num {
	switch {
	case math.IsNaN(a.lo):
		return Absent()
	case math.IsNaN(a.v):
		return Num{State: model.Unknown, Lo: a.lo, V: nan, Hi: a.hi, Assumes: a.as, notes: needing(a.needs...)}
	}
	return Num{State: model.Derived, Lo: a.lo, V: a.v, Hi: a.hi, Assumes: a.as, notes: needing(a.needs...)}
}

// millis is num with the value spelled as a duration, for messages.
func (a interval) millis() Num {
	n := a.num()
	n.Span = n.HasValue() && !math.IsInf(n.V, 1) && n.V >= 0
	return n
}

func (a interval) absent() bool { return math.IsNaN(a.lo) }
func (a interval) known() bool  { return !math.IsNaN(a.lo) && !math.IsNaN(a.v) }

func (a interval) with(b interval, lo, v, hi float64) interval {
	out := interval{lo, v, hi, a.as | b.as, a.needs}
	for _, n := range b.needs {
		if len(out.needs) < 4 && !slices.Contains(out.needs, n) {
			out.needs = append(slices.Clip(out.needs), n)
		}
	}
	return out
}

func (a interval) add(b interval) interval { return a.with(b, a.lo+b.lo, a.v+b.v, a.hi+b.hi) }

// sub may be negative.
func (a interval) sub(b interval) interval {
	return a.with(b, a.lo-b.hi, a.v-b.v, a.hi-b.lo)
}

func (a interval) mul(b interval) interval {
	return a.with(b, times(a.lo, b.lo), times(a.v, b.v), times(a.hi, b.hi))
}

func (a interval) div(b interval) interval {
	return a.with(b, over(a.lo, b.hi), over(a.v, b.v), over(a.hi, b.lo))
}

func (a interval) scale(k float64) interval {
	return interval{times(a.lo, k), times(a.v, k), times(a.hi, k), a.as, a.needs}
}

func (a interval) max(b interval) interval {
	return a.with(b, math.Max(a.lo, b.lo), math.Max(a.v, b.v), math.Max(a.hi, b.hi))
}

func (a interval) min(b interval) interval {
	return a.with(b, math.Min(a.lo, b.lo), math.Min(a.v, b.v), math.Min(a.hi, b.hi))
}

// apply maps a number through a function that never falls.
func (a interval) apply(f func(float64) float64) interval {
	out := a
	out.lo, out.hi = f(a.lo), f(a.hi)
	if out.v = nan; !math.IsNaN(a.v) {
		out.v = f(a.v)
	}
	return out
}

// times is a product in which nothing times endless is nothing.
func times(a, b float64) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return a * b
}

// over is a quotient in which nothing over nothing is nothing.
func over(a, b float64) float64 {
	switch {
	case a == 0:
		return 0
	case math.IsInf(b, 1) && !math.IsInf(a, 1) && !math.IsNaN(a):
		return 0
	case math.IsInf(b, 1):
		return nan
	}
	return a / b
}

// three rounds to three significant digits: what a decision needs.
func three(x float64) float64 {
	if x >= 0 && x < 1000 && x == math.Trunc(x) { // most durations are stated as such, and logarithms are slow
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-2)
	return math.Round(math.Round(x/unit)*unit*1000) / 1000
}

// complement is the chance of the opposite.
func complement(a interval) interval {
	a.lo, a.v, a.hi = 1-a.hi, 1-a.v, 1-a.lo
	return a
}
