package diagram

import (
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
)

// comparisons say how two facts of a finding read together, by the names that policies give facts; the first whose facts
// are known, and of which the comparison is true, is printed. They are words only: where none fits, the finding's title
// stands.
var comparisons = []struct {
	a, sign, b string
	format     string
}{
	{"availability", "<", "objective", "{a} < {b}"},
	{"limit", "<", "p99", "{a} < p99 {b}"},
	{"limit", "<", "inner", "{a} < {b}"},
	{"limit", "<", "worst", "{a} < {b}"},
	{"limit", "<", "needed", "{a} < {b}"},
	{"rate", "<", "load_when_failing", "{a} -> {b}"},
	{"load", ">", "capacity", "{a} > {b}"},
	{"retried", ">", "quota", "{a} > {b}"},
	{"hang", "", "slots", "hang: {a} of {b} slots"},
	{"waiting_requests", "", "slots", "hang: {a} of {b} slots"},
	{"surge", ">", "usable", "{a} of {b} connections"},
}

// maxTitle is the longest line of a title that takes three.
const maxTitle = 18

// comparison is what a finding compared, in at most three lines of a label.
func comparison(f *report.Finding) []string {
	for _, c := range comparisons {
		a, x, okA := compared(f, c.a)
		b, y, okB := compared(f, c.b)
		if !okA || !okB || c.sign == "<" && !(x < y) || c.sign == ">" && !(x > y) {
			continue
		}
		if s := strings.NewReplacer("{a}", a, "{b}", b).Replace(c.format); len(s) <= maxFact {
			return []string{s}
		}
	}
	title := lowerFirst(oneLine(f.Title))
	if two := lines(title, maxEdge); len(two) <= 2 {
		return two
	}
	out := lines(title, maxTitle) // narrow: columns of parts stand as far apart as the words on the lines between them
	if len(out) > 3 {
		out = []string{out[0], out[1], cut(strings.Join(out[2:], " "), maxTitle)}
	}
	return out
}

// compared is a numeric fact as text and number, if it has a value.
func compared(f *report.Finding, name string) (string, float64, bool) {
	x, ok := f.Facts[name]
	if !ok {
		return "", 0, false
	}
	v, ok := x.Value.(float64)
	if !ok || x.Text == "" {
		return "", 0, false
	}
	return analyzer.Spaced(oneLine(x.Text)), v, true
}

func lowerFirst(s string) string {
	if len(s) > 1 && (s[1] >= 'a' && s[1] <= 'z' || s[1] == ' ') {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// patternWord is a pattern's id as a badge has it: the last part of it in words.
func patternWord(id string) string {
	return strings.ReplaceAll(id[strings.LastIndexByte(id, '/')+1:], "-", " ")
}
