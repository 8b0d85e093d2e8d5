package facts

import "math"

// z99 and z999 are quantiles of the standard normal distribution.
const (
	z99  = 2.3263478740408408
	z999 = 3.090232306167813
)

// sigma of the lognormal distribution through two percentiles; 0 where p99 does not exceed p50.
func sigma(p50, p99 float64) float64 {
	if !(p50 > 0) || !(p99 > p50) {
		return 0
	}
	return math.Log(p99/p50) / z99
}

// MeanLatency is the mean of the lognormal distribution through p50 and p99.
func MeanLatency(p50, p99 float64) float64 {
	s := sigma(p50, p99)
	return p50 * math.Exp(s*s/2)
}

// P999 extrapolates to the 99.9th percentile, lognormal through p50 and p99: p99·(p99/p50)^0.3284.
func P999(p50, p99 float64) float64 {
	if !(p50 > 0) || !(p99 > p50) {
		return p99
	}
	return p99 * math.Pow(p99/p50, z999/z99-1)
}

// Quantile is the q-quantile of the lognormal distribution through p50 and p99.
func Quantile(p50, p99, q float64) float64 { return p50 * math.Exp(sigma(p50, p99)*normalQuantile(q)) }

// FanOutQuantile is the q-quantile of the slowest of n parallel calls, each lognormal through p50 and p99.
func FanOutQuantile(p50, p99 float64, n int, q float64) float64 {
	return Quantile(p50, p99, LeafQuantile(q, n))
}

// SlowestQuantile is the q-quantile of the slowest of parallel calls, each lognormal through its own p50 and p99: the time
// at which the product of their distributions reaches q. The logarithm of a product of lognormal distributions is concave
// over the logarithm of time, so that Newton's steps from the left never pass the root. +Inf where a percentile is, else
// NaN where one is; what has p50 = p99 takes exactly that long.
func SlowestQuantile(p50, p99 []float64, q float64) float64 {
	type call struct{ mu, sigma float64 } // of the logarithm of its time
	var calls []call
	least := 0.0
	for i := range p50 {
		if math.IsNaN(p50[i]) || math.IsNaN(p99[i]) || math.IsInf(p99[i], 1) {
			least = math.Max(least, p50[i]+p99[i]) // of NaN and +Inf the latter, whatever comes first
			continue
		}
		if s := sigma(p50[i], p99[i]); s > 0 {
			calls = append(calls, call{math.Log(p50[i]), s})
			least = math.Max(least, Quantile(p50[i], p99[i], q)) // one of several is never slower than all of them
		} else {
			least = math.Max(least, p99[i])
		}
	}
	if len(calls) == 0 || math.IsNaN(least) || math.IsInf(least, 1) {
		return least
	}
	t := math.Log(least)
	for range 50 {
		f, slope := -math.Log(q), 0.0
		for _, c := range calls {
			z := (t - c.mu) / c.sigma
			below := 0.5 * math.Erfc(-z/math.Sqrt2)
			f += math.Log(below)
			slope += math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) / below / c.sigma
		}
		step := -f / slope
		if !(step > 1e-15*math.Max(1, math.Abs(t))) { // from the left, or already past it where a fixed time is longer
			break
		}
		t += step
	}
	return math.Max(least, math.Exp(t))
}

// FanOutSlow is the chance that at least one of n calls is slow when each is with chance p (Dean and Barroso 2013).
func FanOutSlow(p float64, n int) float64 { return -math.Expm1(float64(n) * math.Log1p(-p)) }

// LeafQuantile is the quantile that each of n parallel calls has to meet so that all of them together meet q.
func LeafQuantile(q float64, n int) float64 { return math.Pow(q, 1/float64(n)) }

// SerialQuantile is the quantile at which the times of k serial steps may be added up so that the sum holds for 99 % of
// requests, whatever their distributions (union bound).
func SerialQuantile(k int) float64 { return 1 - 0.01/float64(k) }

func normalQuantile(q float64) float64 { return math.Sqrt2 * math.Erfinv(2*q-1) }
