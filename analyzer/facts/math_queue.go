package facts

import "math"

// ErlangB is the share of arrivals that find all slots taken when load Erlang are offered to them and nobody waits
// (A. K. Erlang, 1917; recurrence B(0)=1, B(k)=aB(k-1)/(k+aB(k-1))). No slots block everything, no load nothing.
func ErlangB(load float64, slots int) float64 {
	switch {
	case !(load > 0):
		return 0
	case math.IsInf(load, 1):
		return 1
	}
	b := 1.0
	for k := 1; k <= slots; k++ {
		b = load * b / (float64(k) + load*b)
		if b < 1e-15 {
			return 0
		}
	}
	return b
}

// InFlight is Little's law: how many requests are under way at rate per second when each takes ms milliseconds.
func InFlight(rate, ms float64) float64 { return rate * ms / 1000 }

// BulkheadSlots are the slots that a mean of load requests in flight needs: load + 3·sqrt(load), at least 4.
func BulkheadSlots(load float64) float64 { return math.Max(4, math.Ceil(load+3*math.Sqrt(load)-1e-9)) }

// ConsumerRate is how many messages per second n copies handle in concurrency parallel lines of batch messages, a
// batch taking ms milliseconds.
func ConsumerRate(n, concurrency, batch, ms float64) float64 {
	return n * concurrency * batch * 1000 / ms
}

// Drain is the time in seconds in which a backlog is worked off at rate mu while lambda keep arriving; +Inf if never.
func Drain(backlog, lambda, mu float64) float64 {
	if mu <= lambda {
		return math.Inf(1)
	}
	return backlog / (mu - lambda)
}

// LeastReplicas is the smallest number of replicas, spread over zones zones, of which the load is at most aim with all of
// them and below aimZone after the fullest zone is lost; zones < 2 leaves the second condition out.
func LeastReplicas(rate, capacity float64, zones int, aim, aimZone float64) int {
	if !(capacity > 0) {
		return 0
	}
	for n := max(1, int(rate/aim/capacity)); n < 1_000_000; n++ {
		left := float64(n)
		if zones > 1 {
			left -= math.Ceil(float64(n) / float64(zones))
		}
		if rate <= aim*float64(n)*capacity*(1+1e-12) && (zones < 2 || rate < aimZone*left*capacity*(1-1e-12)) {
			return n
		}
	}
	return 0
}

// Surge is how many extra copies a rolling deploy starts: n·share rounded up (Kubernetes maxSurge).
func Surge(n, share float64) float64 { return math.Ceil(n*share - 1e-9) }

// Removed is how many copies a rolling deploy takes away: n·share rounded down (Kubernetes maxUnavailable).
func Removed(n, share float64) float64 { return math.Floor(n*share + 1e-9) }
