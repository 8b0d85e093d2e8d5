package facts

import "math"

// Serial is the availability of parts that are all needed.
func Serial(parts ...float64) float64 {
	a := 1.0
	for _, p := range parts {
		a *= p
	}
	return a
}

// Parallel is the availability of alternatives of which one suffices, failing independently.
func Parallel(parts ...float64) float64 {
	u := 1.0
	for _, p := range parts {
		u *= 1 - p
	}
	return 1 - u
}

// KOfN is the chance that at least k of n copies work when each does with chance a, independently.
func KOfN(n, k int, a float64) float64 {
	if k <= 0 {
		return 1
	}
	if k > n {
		return 0
	}
	return 1 - binomialBelow(n, k, a)
}

// Redundant is the availability of n copies of which k are needed, when the share beta of their failures hits all of
// them at once (beta-factor model): 1−[βu+(1−β)(1−KOfN)]. A single copy has no common cause: a.
func Redundant(n, k int, a, beta float64) float64 {
	if n <= 1 {
		return a
	}
	return 1 - (beta*(1-a) + (1-beta)*(1-KOfN(n, k, a)))
}

// SampleSize is the smallest number of requests with which an exact one-sided binomial test of level alpha tells the
// failure rate p1 from p0 < p1 with the given power. It also returns the count of failures that rejects p0. Zero, zero
// if no sample of a million million does.
//
// For a fixed critical count the power grows with n and so does the level; counts are tried upwards, each at the
// smallest n that reaches the power, and the first that keeps the level is the smallest of all.
func SampleSize(p0, p1, alpha, power float64) (n, count int) {
	if !(p0 > 0) || !(p1 > p0) || p1 >= 1 {
		return 0, 0
	}
	lo := 1
	for count = 1; count < 5000; count++ {
		hi := max(lo, count)
		for 1-binomialBelow(hi, count, p1) < power {
			if hi *= 2; hi > 1e12 {
				return 0, 0
			}
		}
		for lo = max(lo, count); lo < hi; { // smallest n with that power
			if mid := lo + (hi-lo)/2; 1-binomialBelow(mid, count, p1) >= power {
				hi = mid
			} else {
				lo = mid + 1
			}
		}
		if 1-binomialBelow(lo, count, p0) <= alpha {
			return lo, count
		}
	}
	return 0, 0
}

// binomialBelow is P(X < k) for n trials with chance p. Terms are built in logarithms: (1−p)^n may underflow.
func binomialBelow(n, k int, p float64) float64 {
	switch {
	case p <= 0:
		return 1
	case p >= 1:
		if k > n {
			return 1
		}
		return 0
	}
	odds := math.Log(p) - math.Log1p(-p)
	term, sum := float64(n)*math.Log1p(-p), 0.0
	for i := 0; i < k && i <= n; i++ {
		sum += math.Exp(term)
		term += math.Log(float64(n-i)) - math.Log(float64(i+1)) + odds
	}
	return math.Min(sum, 1)
}
