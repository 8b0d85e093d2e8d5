package analyzer

import (
	"math"
	"testing"
)

func TestFormatQuantity(t *testing.T) {
	for _, c := range []struct {
		v    float64
		unit string
		want string
	}{
		{600, "ms", "600 ms"}, {2650, "ms", "2.65 s"}, {60_000, "ms", "1 min"}, {90_000, "ms", "1.5 min"}, {0.3, "ms", "0.3 ms"},
		{7 * 86400e3, "ms", "7 d"}, {36 * 3600e3, "ms", "36 h"}, {1_996, "ms", "2 s"},
		{43.2, "minutes", "43.2 min"}, {0.5, "minutes", "30 s"},
		{80, "rps", "80/s"}, {0.33, "rps", "0.33/s"}, {12_345.678, "rps", "12,346/s"}, {0, "rps", "0/s"},
		{0.01, "rps", "0.6/min"}, {1.0 / 3600, "rps", "1/h"},
		{0.5, "ratio", "50 %"}, {0.127, "ratio", "12.7 %"}, {0.99643, "ratio", "99.643 %"}, {0.999, "ratio", "99.9 %"},
		{0.9999, "ratio", "99.99 %"}, {0.999999, "ratio", "99.9999 %"}, {1, "ratio", "100 %"}, {1.17, "ratio", "117 %"},
		{0.003, "ratio", "0.3 %"}, {0.91, "ratio", "91 %"}, {0, "ratio", "0 %"},
		{31.5, "factor", "31.5 times"}, {1, "factor", "1 time"}, {0.25, "factor", "0.25 times"}, {1500, "factor", "1,500 times"},
		{math.MaxFloat64, "factor", "unlimited"},
		{109.33, "count", "109"}, {31.5, "count", "31.5"}, {26.6667, "count", "26.7"}, {1_234_567, "count", "1,234,567"},
		{0.004, "count", "0.004"}, {3, "", "3"}, {-2, "count", "-2"},
		{1500, "bytes", "1.5 kB"}, {512, "bytes", "512 B"}, {3e12, "bytes", "3 TB"},
		{math.MaxFloat64, "count", "unlimited"}, {math.NaN(), "ms", "unknown"},
	} {
		if got := FormatQuantity(c.v, c.unit); got != c.want {
			t.Errorf("FormatQuantity(%v, %q) = %q, want %q", c.v, c.unit, got, c.want)
		}
	}
}

func TestFactReadsInASentence(t *testing.T) {
	lo, hi, zero := 2.0, 500.0, 0.0
	for _, c := range []struct {
		fact Fact
		want string
	}{
		{Fact{Value: 2000.0, Unit: "ms", Text: "2s"}, "2s"},
		{Fact{Value: 2000.0, Unit: "ms"}, "2 s"},
		{Fact{Value: 100.0, Unit: "rps", Text: "100"}, "100/s"},
		{Fact{Value: 3.0, Unit: "count", Text: "3"}, "3"},
		{Fact{Value: true}, "yes"},
		{Fact{Value: []string{"a", "b", "c"}}, "a, b and c"},
		{Fact{State: "absent"}, "none"},
		{Fact{State: "unknown", Lo: &zero, Unit: "rps"}, "unknown"},
		{Fact{State: "unknown", Lo: &lo, Unit: "rps"}, "at least 2/s"},
		{Fact{State: "derived", Lo: &lo, Hi: &hi, Unit: "rps"}, "2/s to 500/s"},
		{Fact{State: "derived", Lo: &zero, Hi: &hi, Unit: "count"}, "at most 500"},
	} {
		if got := c.fact.String(); got != c.want {
			t.Errorf("%+v reads %q, want %q", c.fact, got, c.want)
		}
	}
}

func TestSpaced(t *testing.T) {
	for in, want := range map[string]string{
		"600ms": "600 ms", "2.65s": "2.65 s", "15m": "15 min", "1m30s": "1 min 30 s", "99.95%": "99.95 %", "64KiB": "64 KiB",
		"30d": "30 d", "80/s": "80/s", "600 ms": "600 ms", "v2": "v2", "3s_store": "3s_store", "2": "2", "": "", "orders": "orders",
		"It ends after 15s (2m in all), at 99.9%.": "It ends after 15 s (2 min in all), at 99.9 %.",
		`Write timeout = "5s" for 80/s.`:           `Write timeout = "5s" for 80/s.`,
	} {
		if got := Spaced(in); got != want {
			t.Errorf("Spaced(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	for want, got := range map[string]string{
		"1 call": Plural(1, "call"), "0 calls": Plural(0, "call"), "1,200 calls": Plural(1200, "call"), "2 registries": Plural(2, "registry"),
		"2 journeys": Plural(2, "journey"), "3 days": Plural(3, "day"), "2 meshes": Plural(2, "mesh"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
