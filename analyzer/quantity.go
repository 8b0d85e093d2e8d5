package analyzer

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// FormatQuantity writes a number for people, in the unit of its fact: ms, minutes, bytes, rps, ratio (a share), factor (how
// many times as much) or count (also for words without a unit). Digits are as many as a decision needs: 600 ms, 2.65 s,
// 80/s, 99.643 %, 31.5 times, 12,345.
func FormatQuantity(v float64, unit string) string {
	switch {
	case math.IsNaN(v):
		return "unknown"
	case v >= math.MaxFloat64:
		return "unlimited"
	case v < 0:
		return "-" + FormatQuantity(-v, unit)
	}
	switch unit {
	case "ms":
		return formatMillis(v)
	case "minutes":
		return formatMillis(v * 60_000)
	case "bytes":
		return scaled(v, 1000, "B", "kB", "MB", "GB", "TB")
	case "rps":
		return formatRate(v)
	case "ratio":
		return formatRatio(v)
	case "factor":
		return formatFactor(v)
	}
	return formatCount(v)
}

// formatMillis picks the unit in which a time has one to three digits before the point.
func formatMillis(v float64) string {
	const second, minute, hour, day = 1e3, 60e3, 3600e3, 86400e3
	switch {
	case v < second:
		return formatCount(v) + " ms"
	case v < minute:
		return formatCount(v/second) + " s"
	case v < hour:
		return formatCount(v/minute) + " min"
	case v < 2*day:
		return formatCount(v/hour) + " h"
	}
	return formatCount(v/day) + " d"
}

// formatRate writes rates below one in 20 seconds per minute or per hour: 0.003/s says nothing.
func formatRate(v float64) string {
	switch {
	case v == 0 || v >= 0.05:
		return formatCount(v) + "/s"
	case v*60 >= 0.05:
		return formatCount(v*60) + "/min"
	}
	return formatCount(v*3600) + "/h"
}

// formatRatio writes a percentage. Close to 100 % the digits that matter are those of the rest: 99.99 % is not 100 %.
func formatRatio(v float64) string {
	p := v * 100
	rest := 100 - p
	if rest > 1e-9 && rest < 10 {
		return trim(p, 2-int(math.Floor(math.Log10(rest)))) + " %"
	}
	return trim(p, max(0, 2-digitsBefore(p))) + " %"
}

// formatFactor writes how many times as much something is: 31.5 times, never 3,150 %.
func formatFactor(v float64) string {
	s := formatCount(v)
	if s == "1" {
		return "1 time"
	}
	return s + " times"
}

// formatCount writes three digits, the whole part always in full, more only where a number would vanish, and separates
// thousands: 0.004, 2.65, 26.7, 109, 1,235.
func formatCount(v float64) string {
	if v > 0 && v < 0.01 {
		return strconv.FormatFloat(v, 'g', 2, 64)
	}
	s := trim(v, 2-digitsBefore(v))
	whole, frac, dotted := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		return whole + "." + frac
	}
	return whole
}

func scaled(v, base float64, units ...string) string {
	i := 0
	for v >= base && i < len(units)-1 {
		v /= base
		i++
	}
	return formatCount(v) + " " + units[i]
}

// trim rounds to so many decimals and drops the zeros at the end.
func trim(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', max(0, min(decimals, 9)), 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// digitsBefore counts the digits before the point beyond the first: 0 for 1 to 9.99, 1 for 10 to 99.9.
func digitsBefore(v float64) int {
	if v <= 0 {
		return 0
	}
	return int(math.Floor(math.Log10(v)))
}

// String is the fact as a sentence names it: the author's spelling, else the value in its unit, else what is known.
func (f *Fact) String() string {
	if _, err := strconv.ParseFloat(f.Text, 64); f.Text != "" && err != nil { // a bare number lacks its unit
		return f.Text
	}
	switch x := f.Value.(type) {
	case string:
		return x
	case bool:
		if x {
			return "yes"
		}
		return "no"
	case float64:
		return FormatQuantity(x, f.Unit)
	case []string:
		return enumerate(x)
	}
	if f.Text != "" {
		return f.Text
	}
	switch f.State {
	case "none", "absent":
		return "none"
	}
	switch {
	case f.Lo != nil && f.Hi != nil && *f.Lo == 0:
		return "at most " + FormatQuantity(*f.Hi, f.Unit)
	case f.Lo != nil && f.Hi != nil:
		return FormatQuantity(*f.Lo, f.Unit) + " to " + FormatQuantity(*f.Hi, f.Unit)
	case f.Lo != nil && *f.Lo > 0:
		return "at least " + FormatQuantity(*f.Lo, f.Unit)
	}
	return "unknown"
}

// Plural counts things: 1 service, 2 services, 1,200 calls, 2 registries, 2 journeys.
func Plural(n int, thing string) string {
	if n != 1 {
		switch stem, y := strings.CutSuffix(thing, "y"); {
		case y && stem != "" && !strings.ContainsRune("aeiou", rune(stem[len(stem)-1])):
			thing = stem + "ies"
		case strings.HasSuffix(thing, "sh"):
			thing += "es"
		default:
			thing += "s"
		}
	}
	return formatCount(float64(n)) + " " + thing
}

// literal is a time, a ratio or a size as the language writes it: 600ms, 1m30s, 99.9%, 64KiB.
var (
	literal = regexp.MustCompile(`^(?:[0-9][0-9.]*(?:ms|us|s|m|h|d|%|[KMGT]?i?B))+$`)
	amount  = regexp.MustCompile(`[0-9.]+[a-zA-Z%]+`)
)

// Spaced spells the language's values in a text as people write them, with a space between number and unit: 600 ms,
// 1 min 30 s, 99.9 %. What stands in quotes is to be written as it is and stays so.
func Spaced(text string) string {
	words := strings.Split(text, " ")
	for i, w := range words {
		bare := strings.TrimRight(strings.TrimLeft(w, "("), ").,:;")
		if bare == "" || bare[0] < '0' || bare[0] > '9' || !literal.MatchString(bare) {
			continue
		}
		said := strings.TrimLeft(amount.ReplaceAllStringFunc(bare, func(x string) string {
			number := strings.TrimRight(x, "abcdefghijklmnopqrstuvwxyzBKMGT%")
			unit := x[len(number):]
			if unit == "m" {
				unit = "min"
			}
			return " " + number + " " + unit
		}), " ")
		words[i] = strings.Replace(w, bare, said, 1)
	}
	return strings.Join(words, " ")
}

// enumerate joins words as a sentence does: a, b and c.
func enumerate(words []string) string {
	switch len(words) {
	case 0:
		return "none"
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
