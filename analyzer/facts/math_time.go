package facts

import (
	"math"
	"strconv"
)

// Nice rounds a positive number up to two significant digits: 1527 becomes 1600, 108 becomes 110.
func Nice(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 1) {
		return x
	}
	e := math.Floor(math.Log10(x)) - 1
	if e >= 0 {
		unit := math.Pow(10, e)
		return math.Ceil(x/unit-1e-9) * unit
	}
	unit := math.Pow(10, -e)
	return math.Ceil(x*unit-1e-9) / unit
}

// Backoff is a back-off schedule in milliseconds, worst case: with full jitter the mean is half of it.
type Backoff struct{ Initial, Multiplier, Max float64 }

// Sum is the time that m attempts spend waiting between them: Σ_{i<m} min(initial·multiplier^(i−1), max).
func (b Backoff) Sum(m float64) float64 {
	if !(m > 1) || !(b.Initial > 0) {
		return 0
	}
	if math.IsInf(m, 1) {
		return math.Inf(1)
	}
	sum, step, left := 0.0, math.Min(b.Initial, b.Max), m-1
	for ; left >= 1; left-- {
		if step >= b.Max || b.Multiplier <= 1 { // constant from here on
			return sum + left*step
		}
		sum += step
		step = math.Min(step*b.Multiplier, b.Max)
	}
	return sum
}

// WorstCase is the time after which a call is over whatever happens: m attempts of timeout each with the waits between
// them, cut at deadline (+Inf: none).
func WorstCase(timeout, deadline, m float64, b Backoff) float64 {
	return math.Min(deadline, m*timeout+b.Sum(m))
}

// FittingAttempts is the largest number of attempts, at most most, that fit into budget; at least 1.
func FittingAttempts(timeout, budget float64, b Backoff, most int) int {
	for n := most; n > 1; n-- {
		if WorstCase(timeout, math.Inf(1), float64(n), b) <= budget {
			return n
		}
	}
	return 1
}

// FormatMillis spells a duration of ms milliseconds as the language does: 110ms, 1.6s, 15m, 2h, 7d.
func FormatMillis(ms float64) string {
	unit, v := "ms", math.Round(ms*1000)/1000
	switch {
	case ms >= 86_400_000 && math.Mod(ms, 86_400_000) == 0:
		unit, v = "d", ms/86_400_000
	case ms >= 3_600_000 && math.Mod(ms, 3_600_000) == 0:
		unit, v = "h", ms/3_600_000
	case ms >= 60_000 && math.Mod(ms, 60_000) == 0:
		unit, v = "m", ms/60_000
	case ms >= 1000:
		unit, v = "s", math.Round(ms)/1000
	}
	var buf [32]byte // one allocation: the documents of a large system spell a hundred thousand
	if v >= 0 && v < 1000 && v == math.Trunc(v) {
		return string(append(strconv.AppendInt(buf[:0], int64(v), 10), unit...))
	}
	return string(append(strconv.AppendFloat(buf[:0], v, 'f', -1, 64), unit...))
}

// FormatRatio spells a ratio as the language does: 0.1 is 10%.
func FormatRatio(r float64) string {
	return strconv.FormatFloat(math.Round(r*1e8)/1e6, 'f', -1, 64) + "%"
}
