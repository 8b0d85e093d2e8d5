package html

import (
	"fmt"
	"html/template"
	"path"
	"regexp"
	"strings"
	"unicode"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
)

// words are the functions of the templates.
var words = template.FuncMap{
	"anchor":  anchor,
	"glued":   glued,
	"at":      at,
	"bars":    bars,
	"journey": journeyName,
	"letter":  letter,
	"mark":    mark,
	"needed":  needed,
	"percent": percent,
	"plural":  analyzer.Plural,
	"spaced":  spaced,
	"stand":   stand,
	"svg":     func(b []byte) template.HTML { return template.HTML(b) }, // #nosec: our own drawing, see View
	"short":   func(s string) bool { return len(s) < 60 },
	"host":    host,
	"slug":    path.Base,
	"sub":     func(a, b int) int { return a - b },
}

// needed counts the parts that a journey cannot do without.
func needed(j report.Journey) string {
	if j.PartsMost > j.Parts {
		return fmt.Sprintf("%d to %s", j.Parts, analyzer.Plural(j.PartsMost, "part"))
	}
	return analyzer.Plural(j.Parts, "part")
}

// units follow a number.
var units = regexp.MustCompile(`([0-9]) (ms|s|min|h|d|[kKMGT]?i?B)\b`)

// glued keeps numbers with their units where a browser breaks the lines.
func glued(text string) string {
	return units.ReplaceAllString(strings.ReplaceAll(text, " %", "\u00a0%"), "$1\u00a0$2")
}

// anchor is an id for anything that has a name: an id may not hold blanks, nor what would be read as an escape. It is
// the id that pictures give to the element at an address.
func anchor(name string) string {
	var b strings.Builder
	for _, r := range name {
		if strings.ContainsRune("\"\\<>&%'`{}|", r) || unicode.IsSpace(r) || !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// at is a place in a file.
func at(r report.Range) string {
	if r.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", r.File, r.Start.Line)
}

func journeyName(address string) string {
	return strings.Replace(strings.TrimPrefix(address, "journey."), ".", " ", 1)
}

// letter is a severity's letter, as the pictures have it.
func letter(severity string) string { return strings.ToUpper(severity[:min(1, len(severity))]) }

// mark is the printed symbol of an action.
func mark(action string) string {
	return map[string]string{"add": "+", "change": "~", "remove": "-", "advise": ">"}[action]
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", share*100) }

func spaced(s string) string { return strings.ReplaceAll(s, "_", " ") }

// host is where a link leads, for people; empty for what is no link.
func host(link string) string {
	rest, ok := strings.CutPrefix(link, "https://")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(name, "www.")
}

// stand is the verdict of a journey in words.
func stand(verdict string) string {
	return map[string]string{
		"meets": "meets the objective", "may_miss": "expected to meet it, not certain", "likely_misses": "expected to miss it",
		"misses": "misses the objective", "undecided": "a fact is missing", "no_objective": "no objective stated",
	}[verdict]
}
