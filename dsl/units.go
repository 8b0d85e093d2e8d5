package dsl

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The readers below say what is wrong in one sentence and, where the intention is clear, what to write instead: fix is
// the corrected value as one would write it, or empty.

// durationUnits are the units of a duration, in the order in which messages list them.
var durationUnits = []struct {
	name string
	d    time.Duration
}{
	{"ns", time.Nanosecond}, {"us", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second}, {"m", time.Minute},
	{"h", time.Hour}, {"d", 24 * time.Hour}, {"w", 7 * 24 * time.Hour},
}

// spelledUnits are spellings of other languages, by the unit that they mean here.
var spelledUnits = map[string]string{
	"µs": "us", "μs": "us", "usec": "us", "microseconds": "us", "msec": "ms", "msecs": "ms", "millis": "ms", "millisecond": "ms",
	"milliseconds": "ms", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m",
	"minutes": "m", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "week": "w", "weeks": "w",
}

// parseDuration reads "250ms", "1.5s" or "1h30m".
func parseDuration(s string) (d time.Duration, problem, fix string) {
	const form = `A duration is a number and its unit: "250ms", "2s", "15m", "7d".`
	rest, ok := s, s != ""
	var canon strings.Builder
	var total float64
	changed := false
	for rest != "" && ok {
		n := numberPrefix(rest)
		if n == 0 {
			ok = false
			break
		}
		num := rest[:n]
		rest = rest[n:]
		trimmed := strings.TrimLeft(rest, " ")
		changed = changed || trimmed != rest
		u := strings.IndexFunc(trimmed, func(r rune) bool { return r >= '0' && r <= '9' || r == ' ' || r == '.' })
		if u < 0 {
			u = len(trimmed)
		}
		unit := trimmed[:u]
		rest = strings.TrimLeft(trimmed[u:], " ")
		changed = changed || len(rest) != len(trimmed[u:])
		name, size := durationUnit(unit)
		if size == 0 {
			return 0, form, ""
		}
		changed = changed || name != unit
		v, err := strconv.ParseFloat(num, 64)
		if err != nil {
			ok = false
			break
		}
		total += v * float64(size)
		canon.WriteString(num + name)
	}
	switch {
	case !ok || canon.Len() == 0:
		return 0, form, ""
	case changed:
		return 0, form, canon.String()
	case total >= math.MaxInt64:
		return 0, "A duration is at most 292 years.", ""
	}
	return time.Duration(math.Round(total)), "", ""
}

func durationUnit(unit string) (string, time.Duration) {
	if m, ok := spelledUnits[strings.ToLower(unit)]; ok {
		unit = m
	}
	for _, u := range durationUnits {
		if u.name == unit || u.name == strings.ToLower(unit) && unit != "M" {
			return u.name, u.d
		}
	}
	return "", 0
}

// numberPrefix is the length of the decimal number that s begins with.
func numberPrefix(s string) int {
	n, dots := 0, 0
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || s[n] == '.') {
		if s[n] == '.' {
			dots++
		}
		n++
	}
	if dots > 1 || n == dots {
		return 0
	}
	return n
}

// parseRatio reads "99.9%" as 0.999.
func parseRatio(s string) (v float64, problem, fix string) {
	const form = `A ratio is a quoted percentage, as in "99.9%".`
	num, percent := strings.CutSuffix(s, "%")
	trimmed := strings.TrimSpace(num)
	if numberPrefix(trimmed) != len(trimmed) || trimmed == "" {
		return 0, form, ""
	}
	f, err := strconv.ParseFloat(trimmed, 64)
	if err != nil {
		return 0, form, ""
	}
	if !percent {
		return 0, form, ratioOf(f)
	}
	if trimmed != num {
		return 0, form, trimmed + "%"
	}
	return percentOf(trimmed, f), "", ""
}

// percentOf divides by 100 in decimal, so that "99.9%" is 0.999 and not its neighbour.
func percentOf(text string, f float64) float64 {
	if v, err := strconv.ParseFloat(text+"e-2", 64); err == nil {
		return v
	}
	return f / 100
}

// ratioOf is the percentage that a bare number most probably means.
func ratioOf(f float64) string {
	if f < 0 || f > 100 {
		return ""
	}
	if f <= 1 {
		f = math.Round(f*1e12) / 1e10 // shift by two decimals without 99.94999999999999
	}
	return strconv.FormatFloat(f, 'f', -1, 64) + "%"
}

var sizeUnits = map[string]int64{
	"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
	"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
	"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40, // as Kubernetes writes them
}

// parseSize reads "64KiB" as bytes.
func parseSize(s string) (v int64, problem, fix string) {
	const form = `A size is a number and its unit: "512B", "64KiB", "4MiB", "2GB".`
	n := numberPrefix(s)
	if n == 0 {
		return 0, form, ""
	}
	f, err := strconv.ParseFloat(s[:n], 64)
	if err != nil {
		return 0, form, ""
	}
	unit := s[n:]
	scale, ok := sizeUnits[unit]
	if !ok {
		trimmed := strings.TrimSpace(unit)
		for _, u := range []string{"B", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"} {
			if strings.EqualFold(u, trimmed) || trimmed != "" && strings.EqualFold(strings.TrimSuffix(u, "B"), trimmed) {
				return 0, form, s[:n] + u
			}
		}
		return 0, form, ""
	}
	if f*float64(scale) >= math.MaxInt64 {
		return 0, "A size is at most 8 EiB.", ""
	}
	return int64(math.Round(f * float64(scale))), "", ""
}

// parseDate accepts a calendar date and nothing else.
func parseDate(s string) (problem string) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return `A date is year, month and day: "2027-01-31".`
	}
	return ""
}

var cpuForm = regexp.MustCompile(`^([0-9]+m|[0-9]+(\.[0-9]+)?)$`)

// parseCPU accepts "250m" or a number of cores.
func parseCPU(s string) (problem string) {
	if !cpuForm.MatchString(s) || strings.Trim(s, "0.m") == "" {
		return `CPU is a number of cores, or thousandths with an m: 2, "0.5", "250m".`
	}
	return ""
}
