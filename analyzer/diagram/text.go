package diagram

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/dsl/source"
)

// Longest texts in characters: a name is cut in the middle, everything else at its end.
const (
	maxName  = 24
	maxFact  = 26
	maxBadge = 18
	maxOp    = 24 // a badge that says what to write
	maxEdge  = 22
)

// oneLine makes a single line of printable characters of any text: controls and line breaks become spaces, and marks
// that would turn the direction of the text around them are dropped.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f', r == '\ufeff':
			return -1
		case r == 0xfffe || r == 0xffff: // no characters in XML
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// middle cuts a long name in its middle: both ends of a name tell names apart.
func middle(s string, limit int) string {
	s = oneLine(s)
	r := []rune(s)
	if len(r) <= limit {
		return s
	}
	tail := (limit - 3) / 3
	return string(r[:limit-3-tail]) + "..." + string(r[len(r)-tail:])
}

// cut shortens a text at its end.
func cut(s string, limit int) string {
	s = oneLine(s)
	r := []rune(s)
	if len(r) <= limit {
		return s
	}
	return strings.TrimRight(string(r[:limit-3]), " ,") + "..."
}

// lines breaks a sentence into lines of at most limit characters, none of them empty.
func lines(s string, limit int) []string {
	if s = oneLine(s); s == "" {
		return nil
	}
	return source.Wrap(s, limit)
}

// fits joins parts with commas as long as the limit allows.
func fits(limit int, parts ...string) string {
	out := ""
	for _, p := range parts {
		switch {
		case p == "":
		case out == "":
			out = p
		case utf8.RuneCountInString(out)+2+utf8.RuneCountInString(p) <= limit:
			out += ", " + p
		}
	}
	return cut(out, limit)
}

// escape makes text safe inside an HTML-like label. Everything beyond ASCII is a numeric entity: Graphviz reads it as
// the character, and gographviz knows no other way to write it there.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&' || r == '<' || r == '>' || r == '"' || r > '~':
			fmt.Fprintf(&b, "&#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// ElementID is the id of a part or line in every format. It is the address itself; characters that some format would
// read as its own are percent-encoded, so that different addresses keep different ids.
func ElementID(a model.Addr) string {
	if !strings.ContainsFunc(string(a), special) {
		return string(a)
	}
	var b strings.Builder
	for _, r := range string(a) {
		if !special(r) {
			b.WriteRune(r)
			continue
		}
		for _, c := range []byte(string(r)) {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func special(r rune) bool {
	return strings.ContainsRune("\"\\<>&%'`{}|", r) || unicode.IsSpace(r) || !unicode.IsPrint(r) || r == utf8.RuneError
}

// Numbers are spelled as every other output spells them: see [analyzer.FormatQuantity].
func millis(ms float64) string        { return analyzer.FormatQuantity(ms, "ms") }
func rate(v float64) string           { return analyzer.FormatQuantity(v, "rps") }
func percent(v float64) string        { return analyzer.FormatQuantity(v, "ratio") }
func number(v float64) string         { return analyzer.FormatQuantity(v, "count") }
func duration(d time.Duration) string { return millis(float64(d) / float64(time.Millisecond)) }

// share prints a ratio as whole per cent; what is not nothing never becomes 0 %, what is not all never 100 %.
func share(v float64) string {
	p := math.Round(v * 100)
	switch {
	case p == 0 && v > 0:
		return "<1 %"
	case p == 100 && v < 1:
		return ">99 %"
	}
	return strconv.Itoa(int(p)) + " %"
}

// list joins words: "a, b and c"; beyond max it says how many more there are.
func list(words []string, max int) string {
	if len(words) > max {
		return strings.Join(words[:max], ", ") + fmt.Sprintf(" and %d more", len(words)-max)
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
