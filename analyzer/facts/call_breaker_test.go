package facts

import "testing"

// The recommended breaker fits the call as it is: rules.md §4, rec.cb.
func TestRecommendedBreakerFitsTheLimitInForce(t *testing.T) {
	f := load(t, `
system "s" {}
client "web" {
  kind = "web"
  rps  = 40
  call "a" { to = service.a }
}
service "a" {
  scale = { replicas = 4 }
  call "short" {
    to      = service.b
    timeout = "600ms"
  }
  call "long" {
    to      = service.b
    timeout = "20s"
  }
}
service "b" {
  scale   = { replicas = 2, capacity = 20 }
  latency = { p50 = "200ms", p99 = "950ms" }
}
`)
	short, long := f.call(t, "service.a.call.short"), f.call(t, "service.a.call.long")
	for _, c := range []struct {
		what string
		got  Num
		want float64
	}{
		{"slow_call: 0.8 · 600 ms, not 0.8 · 1.6 s, which would never be reached", short.Rec.Breaker.SlowCall, 480},
		{"open_for: at least 5 s", short.Rec.Breaker.OpenFor, 5000},
		{"half_open: 40 rps serve 10 probes a second of 4 replicas", short.Rec.Breaker.HalfOpen, 2},
		{"slow_call: 0.8 · 1.6 s, rounded up", long.Rec.Breaker.SlowCall, 1300},
		{"open_for: twice 20 s, so that probes do not meet the same hang", long.Rec.Breaker.OpenFor, 40_000},
		{"twice the limit", long.TwiceLimit, 40_000},
		{"min_calls: 10 s at 10/s", short.Rec.Breaker.MinCalls, 100},
		{"window: twice min_calls at 10/s", short.Rec.Breaker.Window, 20_000},
	} {
		certain(t, c.what, c.got, c.want, 0)
	}
}
