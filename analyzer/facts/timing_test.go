package facts

import "testing"

// A p99.9 that somebody measured counts as it is; only else it follows from p50 and p99 (400·4^0.3284 = 631 ms).
func TestRecommendedTimeoutTakesTheStatedTail(t *testing.T) {
	f := load(t, `
system "s" {}
client "web" {
  rps = 1
  call "a" { to = service.a }
}
service "a" {
  call "measured" { to = service.measured }
  call "fitted" { to = service.fitted }
}
service "measured" { latency = { p50 = "100ms", p99 = "400ms", p999 = "450ms" } }
service "fitted" { latency = { p50 = "100ms", p99 = "400ms" } }
`)
	for addr, want := range map[string]float64{"service.a.call.measured": 450, "service.a.call.fitted": 640} {
		valued(t, addr, f.call(t, addr).Rec.Timeout, want, 0)
	}
}

// 2 tries of 600 ms with 100 ms between them take 1.3 s, 3 take 2.1 s (another 200 ms); 50 ms are the callee's own.
func TestFittingAttempts(t *testing.T) {
	for limit, want := range map[string]float64{"2149ms": 2, "1350ms": 2, "1349ms": 1} {
		f := load(t, `
system "s" {}
client "web" {
  rps = 1
  call "a" { to = service.a }
}
service "a" {
  call "b" {
    to      = service.b
    timeout = "`+limit+`"
  }
}
service "b" {
  own_latency = { p99 = "50ms" }
  call "c" {
    to      = service.c
    timeout = "600ms"
    retry   = { max_attempts = 3 }
  }
}
service "c" {}
`)
		inner := f.call(t, "service.a.call.b").Inner
		if len(inner) != 1 {
			t.Fatalf("%d inner calls, want 1", len(inner))
		}
		certain(t, limit, inner[0].Fitting, want, 0)
	}
}
