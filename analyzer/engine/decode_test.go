package engine

import (
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/google/go-cmp/cmp"
)

// TestFactsFromHelpersKeepTheirPlace: two facts of equal value, put into the result by a helper, are told apart.
func TestFactsFromHelpersKeepTheirPlace(t *testing.T) {
	rules := card("ACME-001", "") + `r contains {"verdict": "risk", "facts": both("x")} if input.subject.rate_per_replica.value

both(_) := {"rate": input.subject.rate_per_replica, "window": input.subject.calls_per_window, "wait": s.rec.timeout, "n": 3}

s := input.subject
`
	d := call("service.a.call.b")
	subject(d).RatePerReplica, subject(d).CallsPerWindow, subject(d).Rec.Timeout = facts.Exact(7), facts.Exact(7), facts.Exact(7)
	raw := only(t, eval(t, with(t, own("p.rego", rules)), d).Raws)
	var got []string
	for _, f := range raw.Facts {
		got = append(got, f.Name+" "+f.Path+" "+f.Unit+" "+f.Text)
	}
	want := []string{"n   3", "rate subject.rate_per_replica rps 7/s", "wait subject.rec.timeout ms 7 ms", "window subject.calls_per_window count 7"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("facts (-want +got):\n%s", d)
	}
}

// TestFixesSpellValuesAsTheLanguageDoes: facts stand for their values, and a fix that rests on nothing is none.
func TestFixesSpellValuesAsTheLanguageDoes(t *testing.T) {
	rules := card("ACME-001", "") + `r contains {
	"verdict": "violation",
	"fix": [{"set": "timeout", "value": input.subject.rec.timeout}, {"add": "queue", "label": "dead", "value": {"max_age": "7d", "fifo": true}}],
	"alternatives": [
		[{"set": "deadline", "value": input.subject.rec.circuit_breaker}],
		[{"unset": "retry", "at": "service.z"}],
		[{"advise": "Publish instead"}],
		[{"set": "retry", "value": {"max_attempts": input.subject.calls_per_window, "max_backoff": input.subject.rec.timeout, "budget": input.subject.deadline}}],
	],
} if input.addr
`
	d := call("service.a.call.b")
	subject(d).Rec.Timeout, subject(d).CallsPerWindow = facts.Exact(90_000), facts.Exact(2)
	e := with(t, own("p.rego", rules))
	raw := only(t, eval(t, e, d).Raws)
	want := []analyzer.Fix{
		{Title: "Set timeout = 90s and 1 more change", Ops: []analyzer.Op{
			{Set: "timeout", Value: "90s"}, {Add: "queue", Label: "dead", Value: map[string]any{"max_age": "7d", "fifo": true}},
		}},
		{Title: "Remove retry on service.z", Ops: []analyzer.Op{{Unset: "retry", At: "service.z"}}},
		{Title: "Publish instead", Ops: []analyzer.Op{{Advise: "Publish instead"}}},
		{Title: "Set retry", Ops: []analyzer.Op{{Set: "retry", Value: map[string]any{"max_attempts": 2.0, "max_backoff": "90s"}}}},
	}
	if d := cmp.Diff(want, raw.Fixes); d != "" {
		t.Errorf("fixes (-want +got):\n%s", d)
	}
}

func TestSpelling(t *testing.T) {
	for _, c := range []struct {
		v    float64
		unit string
		want any
	}{
		{250, "ms", "250ms"}, {1600, "ms", "1.6s"}, {90_000, "ms", "90s"}, {120_000, "ms", "2m"}, {7 * 86400e3, "ms", "7d"},
		{43.2, "minutes", "2592s"}, {0.1, "ratio", "10%"}, {0.9995, "ratio", "99.95%"}, {14, "count", 14.0}, {64, "rps", 64.0},
	} {
		if got := spell(c.v, c.unit); got != c.want {
			t.Errorf("spell(%v, %q) = %v, want %v", c.v, c.unit, got, c.want)
		}
	}
}
