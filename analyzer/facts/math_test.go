package facts

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// near fails unless got rounds to want at the precision that want is given with.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tolerance)
	}
}

// The known answers of rules.md §3 that need no graph, and published numbers with their source.
func TestKnownAnswers(t *testing.T) {
	b := Backoff{Initial: 100, Multiplier: 2, Max: 1000}
	for _, c := range []struct {
		what                 string
		got, want, tolerance float64
	}{
		{"mean of 180/900 ms", MeanLatency(180, 900), 229, 0.5},
		{"stripe in flight at 26.7/s", InFlight(80.0/3, 229), 6.1, 0.05},
		{"slots for 6.1 in flight", BulkheadSlots(InFlight(80.0/3, MeanLatency(180, 900))), 14, 0},
		{"slots for 3 in flight", BulkheadSlots(InFlight(30, 100)), 9, 0},
		{"14 slots block", ErlangB(InFlight(80.0/3, MeanLatency(180, 900)), 14), 0.0025, 0.0001},
		{"12 slots block", ErlangB(InFlight(80.0/3, MeanLatency(180, 900)), 12), 0.0125, 0.0002},
		{"10 slots block", ErlangB(InFlight(80.0/3, MeanLatency(180, 900)), 10), 0.046, 0.0005},
		{"8 slots block", ErlangB(InFlight(80.0/3, MeanLatency(180, 900)), 8), 0.127, 0.0006},
		{"30/s at 200 ms (Little's law)", InFlight(30, 200), 6, 1e-9},
		{"200 threads at 50/s hang after s", 200.0 / 50, 4, 0},
		{"two consumers at 3 s", ConsumerRate(2, 1, 1, 3000), 0.67, 0.005},
		{"two consumers at 6 s", ConsumerRate(2, 1, 1, 6000), 0.33, 0.005},
		{"drain of 1 h at 200/s with 300/s, h", Drain(3600*200, 200, 300) / 3600, 2, 1e-9},
		{"orders over 2 zones", float64(LeastReplicas(80, 30, 2, 0.7, 0.8)), 8, 0},
		{"orders over 3 zones", float64(LeastReplicas(80, 30, 3, 0.7, 0.8)), 6, 0},
		{"catalog over 3 zones", float64(LeastReplicas(720, 200, 3, 0.7, 0.8)), 8, 0},

		{"100 calls, 1 % slow (Dean and Barroso 2013: 63 %)", FanOutSlow(0.01, 100), 0.634, 0.0005},
		{"10 calls, 1 % slow", FanOutSlow(0.01, 10), 0.096, 0.0005},
		{"leaf of 10 for p99", LeafQuantile(0.99, 10), 0.99900, 0.00001},
		{"p99 of 10 × 20/100 ms", FanOutQuantile(20, 100, 10, 0.99), 169, 0.5},
		{"median of 10 × 20/100 ms", FanOutQuantile(20, 100, 10, 0.5), 56, 0.5},
		{"p99.9 of 180/900", P999(180, 900), 1527, 0.5},
		{"p99.9 of 120/700", P999(120, 700), 1249, 0.5},
		{"union bound over 4", SerialQuantile(4), 0.9975, 1e-12},

		{"nice 1527", Nice(1527), 1600, 0}, {"nice 1249", Nice(1249), 1300, 0}, {"nice 108", Nice(108), 110, 0},
		{"nice 110", Nice(110), 110, 0}, {"nice 7", Nice(7), 7, 0}, {"nice 7.12", Nice(7.12), 7.2, 1e-12},
		{"backoff of 3", b.Sum(3), 300, 0}, {"backoff of 1", b.Sum(1), 0, 0},
		{"backoff of 6 meets its cap", b.Sum(6), 100 + 200 + 400 + 800 + 1000, 0},
		{"3 × 300 ms", WorstCase(300, math.Inf(1), 3, b), 1200, 0},
		{"3 × 600 ms", WorstCase(600, math.Inf(1), 3, b), 2100, 0},
		{"3 × 600 ms cut at 1 s", WorstCase(600, 1000, 3, b), 1000, 0},
		{"attempts of 300 ms in 750", float64(FittingAttempts(300, 750, b, 3)), 2, 0},

		{"two 99.99 % in series", Serial(0.9999, 0.9999), 0.9998, 2e-8},
		{"three 99.99 % in series (AWS Reliability Pillar: 99.97 %)", Serial(0.9999, 0.9999, 0.9999), 0.9997, 5e-6},
		{"own 99.95 % with three 99.9 %", Serial(0.9995, 0.999, 0.999, 0.999), 0.99650, 5e-6},
		{"its loss in 30 d, min", (1 - Serial(0.9995, 0.999, 0.999, 0.999)) * 43200, 151, 0.5},
		{"two 99 % in parallel", Parallel(0.99, 0.99), 0.9999, 1e-12},
		{"two 99.9 % in parallel (AWS: 99.9999 %)", Parallel(0.999, 0.999), 0.999999, 1e-10},
		{"2 of 3 at 99 %", KOfN(3, 2, 0.99), 0.999702, 1e-9},
		{"β model 3/2 at 99.5 %", Redundant(3, 2, 0.995, 0.02), 0.999827, 5e-7},
		{"β model of one", Redundant(1, 1, 0.995, 0.02), 0.995, 0},
		{"99.9 % with a 99 % fallback", 1 - (1-0.999)*(1-0.99), 0.99999, 1e-12},
		{"β caps any n", Redundant(50, 1, 0.995, 0.02), 0.9999, 1e-9},

		{"4 replicas, 25 % unavailable (Kubernetes: 3)", 4 - Removed(4, 0.25), 3, 0},
		{"4 replicas, 25 % surge (Kubernetes: 5)", 4 + Surge(4, 0.25), 5, 0},
	} {
		near(t, c.what, c.got, c.want, c.tolerance)
	}
	for _, c := range []struct {
		p0, p1 float64
		want   int
	}{{0.001, 0.01, 299}, {0.001, 0.005, 1102}, {0.01, 0.02, 905}, {0.001, 0.002, 9061}} {
		if n, _ := SampleSize(c.p0, c.p1, 0.05, 0.8); n != c.want {
			t.Errorf("samples for %v against %v = %d, want %d", c.p1, c.p0, n, c.want)
		}
	}
	for ms, want := range map[float64]string{110: "110ms", 1600: "1.6s", 900_000: "15m", 90_000: "90s", 604_800_000: "7d", 0.3: "0.3ms", 7_200_000: "2h",
		0: "0ms", 999: "999ms", 12.5: "12.5ms", 2000: "2s"} {
		if got := FormatMillis(ms); got != want {
			t.Errorf("FormatMillis(%v) = %q, want %q", ms, got, want)
		}
	}
	if got := FormatRatio(0.1); got != "10%" {
		t.Errorf("FormatRatio(0.1) = %q", got)
	}
}

func TestThreeDigits(t *testing.T) {
	for x, want := range map[float64]float64{0: 0, 1: 1, 7: 7, 10: 10, 999: 999, 999.6: 1000, 1234: 1230, 1235: 1240, 98_765: 98_800, 0.12345: 0.123, 12.34: 12.3} {
		if got := three(x); got != want {
			t.Errorf("three(%v) = %v, want %v", x, got, want)
		}
	}
}

func TestErlangBIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		load, k := rapid.Float64Range(0.01, 500).Draw(t, "load"), rapid.IntRange(0, 600).Draw(t, "slots")
		b := ErlangB(load, k)
		if b < 0 || b > 1 || ErlangB(load, k+1) > b+1e-12 || ErlangB(load*1.1, k) < b-1e-12 {
			t.Fatalf("ErlangB(%v, %d) = %v", load, k, b)
		}
	})
}

func TestBackoffBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Backoff{rapid.Float64Range(1, 1000).Draw(t, "initial"), rapid.Float64Range(1, 4).Draw(t, "mult"), 0}
		b.Max = b.Initial * rapid.Float64Range(1, 20).Draw(t, "max")
		m := float64(rapid.IntRange(1, 60).Draw(t, "m"))
		s := b.Sum(m)
		if s < (m-1)*b.Initial-1e-6 || s > (m-1)*b.Max+1e-6 || b.Sum(m+1) < s {
			t.Fatalf("%+v Sum(%v) = %v", b, m, s)
		}
		step, want := b.Initial, 0.0 // the definition, term by term
		for i := 1; i < int(m); i++ {
			want += math.Min(step, b.Max)
			step *= b.Multiplier
		}
		if math.Abs(want-s) > 1e-6*math.Max(1, want) {
			t.Fatalf("%+v Sum(%v) = %v, want %v", b, m, s, want)
		}
	})
}

func TestNiceNeverShrinks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(0.01, 1e7).Draw(t, "x")
		n := Nice(x)
		if n < x*(1-1e-9) || n > x*1.1000001 || math.Abs(Nice(n)-n) > 1e-9*n {
			t.Fatalf("Nice(%v) = %v", x, n)
		}
	})
}

func TestRedundancyHelps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, a := rapid.IntRange(2, 40).Draw(t, "n"), rapid.Float64Range(0.5, 0.9999).Draw(t, "a")
		k := rapid.IntRange(1, n).Draw(t, "k")
		x := Redundant(n, k, a, 0.02)
		if x < 0 || x > 1 || KOfN(n+1, k, a) < KOfN(n, k, a)-1e-12 || KOfN(n, k, a) > KOfN(n, k-1, a)+1e-12 {
			t.Fatalf("Redundant(%d, %d, %v) = %v", n, k, a, x)
		}
		if math.Abs(KOfN(n, n, a)-math.Pow(a, float64(n))) > 1e-9 {
			t.Fatalf("all of %d at %v: %v", n, a, KOfN(n, n, a))
		}
	})
}

// The smallest sample meets level and power, and no sample just below it does with any critical count.
func TestSampleSizeIsSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p0 := rapid.Float64Range(0.001, 0.05).Draw(t, "p0")
		p1 := p0 * rapid.Float64Range(2, 8).Draw(t, "ratio")
		n, c := SampleSize(p0, p1, 0.05, 0.8)
		if 1-binomialBelow(n, c, p0) > 0.05 || 1-binomialBelow(n, c, p1) < 0.8 {
			t.Fatalf("SampleSize(%v, %v) = %d, %d does not hold", p0, p1, n, c)
		}
		for k := 1; k <= c+1; k++ {
			if 1-binomialBelow(n-1, k, p0) <= 0.05 && 1-binomialBelow(n-1, k, p1) >= 0.8 {
				t.Fatalf("%d requests with %d failures would do for %v, %v; got %d", n-1, k, p0, p1, n)
			}
		}
	})
}

func TestQuantilesKeepTheirPercentiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p50 := rapid.Float64Range(0.1, 1000).Draw(t, "p50")
		p99 := p50 * rapid.Float64Range(1.01, 20).Draw(t, "ratio")
		m := MeanLatency(p50, p99)
		if m < p50 || P999(p50, p99) < p99 || math.Abs(Quantile(p50, p99, 0.99)-p99) > 1e-6*p99 {
			t.Fatalf("%v/%v: mean %v, p99.9 %v", p50, p99, m, P999(p50, p99))
		}
		if math.Abs(FanOutQuantile(p50, p99, 1, 0.99)-p99) > 1e-6*p99 {
			t.Fatalf("one call is not a fan-out")
		}
	})
}

// Ten equal calls are a fan-out: 20·e^(z(0.99^(1/10))·ln 5/2.3263) = 169 ms (rules.md Q4). What takes 500 ms exactly outlasts
// the p99 of them all; what nobody knows leaves the slowest unknown, and one without end takes for ever.
func TestSlowestQuantile(t *testing.T) {
	many := func(n int, x float64) (out []float64) {
		for range n {
			out = append(out, x)
		}
		return out
	}
	for _, c := range []struct {
		what     string
		p50, p99 []float64
		want     float64
	}{
		{"one call", []float64{20}, []float64{100}, 100},
		{"ten equal calls", many(10, 20), many(10, 100), FanOutQuantile(20, 100, 10, 0.99)},
		{"beside a fixed time", append(many(10, 20), 500), append(many(10, 100), 500), 500},
		{"only a fixed time", []float64{5}, []float64{5}, 5},
		{"one unknown", []float64{20, nan}, []float64{100, nan}, nan},
		{"one without end", []float64{nan, 20, 20}, []float64{nan, inf, 100}, inf},
	} {
		got := SlowestQuantile(c.p50, c.p99, 0.99)
		if got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) && !(math.Abs(got-c.want) <= 1e-6*c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		var p50, p99 []float64
		q, least := rapid.Float64Range(0.01, 0.9999).Draw(t, "q"), 0.0
		for range rapid.IntRange(1, 8).Draw(t, "calls") {
			a := rapid.Float64Range(0.1, 5000).Draw(t, "p50")
			b := a * rapid.Float64Range(1.001, 50).Draw(t, "ratio")
			p50, p99, least = append(p50, a), append(p99, b), math.Max(least, Quantile(a, b, q))
		}
		x, all := SlowestQuantile(p50, p99, q), 1.0
		for i := range p50 {
			all *= 0.5 * math.Erfc(-math.Log(x/p50[i])/sigma(p50[i], p99[i])/math.Sqrt2)
		}
		if math.Abs(all-q) > 1e-9 || x < least*(1-1e-9) {
			t.Fatalf("within %v ms all of %v/%v answer with chance %v, want %v", x, p50, p99, all, q)
		}
	})
}
