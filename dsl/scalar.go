package dsl

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/archcheck/archcheck/dsl/model"
)

// str reads a string, a word of an enumeration, a date, a CPU share, a size that stays text, or a word-or-reference.
func (d *decoder) str(at site, x hclsyntax.Expression) (string, bool) {
	a := at.attr
	s, isText := literalString(x)
	switch a.Type {
	case Ref: // with words
		return d.wordOrRef(at, x, s, isText)
	case Subject:
		return d.subject(at, x, s, isText)
	case CPU:
		if _, ok := literalNumber(x); ok {
			s, isText = d.slice(x.Range()), true
		}
	}
	if !isText {
		if d.notLiteral(at, x) {
			return "", false
		}
		d.notText(at, x)
		return "", false
	}
	if s == "none" && d.quotedNone(at, x) {
		return "", false
	}
	switch a.Type {
	case Enum:
		if slices.Contains(a.Values, s) {
			return s, true
		}
		if s == "unknown" && a.UnknOK {
			d.bad(at, x.Range(), "unknown is a keyword, not a string. Write %s = unknown without quotes.", a.Name)
			return "", false
		}
		d.bad(at, x.Range(), "%s has no value %q.%s", a.Name, s, didYouMean(s, a.Values, "Its values are", quoted))
		return "", false
	case Date:
		if p := parseDate(s); p != "" {
			d.bad(at, x.Range(), "%s", p)
			return "", false
		}
	case CPU:
		if p := parseCPU(s); p != "" {
			d.bad(at, x.Range(), "%s", p)
			return "", false
		}
	case Size:
		_, ok := d.size(at, x)
		return s, ok
	case String:
		if strings.TrimSpace(s) == "" && a.Required {
			d.bad(at, x.Range(), "%s is empty.", a.Name)
			return "", false
		}
	}
	return s, true
}

// quotedNone refuses "none" in quotes wherever the keyword would do.
func (d *decoder) quotedNone(at site, x hclsyntax.Expression) bool {
	switch {
	case at.attr.NoneOK:
		d.bad(at, x.Range(), "none is a keyword, not a string. Write %s = none without quotes.", at.attr.Name)
	case at.attr.Type == Enum:
		d.bad(at, x.Range(), "%s takes no none. Leave the argument out, or write one of %s.", at.attr.Name, oneOf(at.attr.Values))
	default:
		return false
	}
	return true
}

// notText explains a value that should have been quoted.
func (d *decoder) notText(at site, x hclsyntax.Expression) {
	src := d.slice(x.Range())
	a := at.attr
	_, isWord := bareWord(x)
	_, isNum := literalNumber(x)
	_, isBool := literalBool(x)
	switch {
	case (isWord || isNum || isBool) && (a.Type != Enum || slices.Contains(a.Values, src)) && a.Type != Date && a.Type != Size:
		d.bad(at, x.Range(), "%s takes a quoted text. Write %s.", a.Name, assign(a, quoted(src)))
	case a.Type == Enum:
		d.bad(at, x.Range(), "%s takes a quoted word.%s", a.Name, didYouMean(src, a.Values, "Its values are", quoted))
	case a.Type == Size:
		d.size(at, x)
	case a.Type == Date:
		d.bad(at, x.Range(), `%s takes a date: "2027-01-31".`, a.Name)
	default:
		d.bad(at, x.Range(), "%s takes a quoted text.", a.Name)
	}
}

// assign is the line, or the list element, to write.
func assign(a *Attr, value string) string {
	if a.List {
		return a.Name + " = [" + value + "]"
	}
	return a.Name + " = " + value
}

func (d *decoder) boolean(at site, x hclsyntax.Expression) (bool, bool) {
	if b, ok := literalBool(x); ok {
		return b, true
	}
	if d.notLiteral(at, x) {
		return false, false
	}
	word, _ := bareWord(x)
	if s, ok := literalString(x); ok {
		word = s
	}
	if w := strings.ToLower(word); w == "true" || w == "yes" || w == "on" {
		d.bad(at, x.Range(), "%s is true or false. Write %s = true.", at.attr.Name, at.attr.Name)
	} else if w == "false" || w == "no" || w == "off" {
		d.bad(at, x.Range(), "%s is true or false. Write %s = false.", at.attr.Name, at.attr.Name)
	} else if w == "none" {
		d.quotedNone(at, x)
	} else {
		d.bad(at, x.Range(), "%s is true or false.", at.attr.Name)
	}
	return false, false
}

func (d *decoder) integer(at site, x hclsyntax.Expression) (int, bool) {
	a := at.attr
	if s, ok := literalString(x); ok {
		switch {
		case a.Type == Attempts && s == "unlimited":
			return model.Unlimited, true
		case s == "none" && a.NoneOK:
			d.quotedNone(at, x)
		case numberPrefix(s) == len(s) && s != "":
			d.bad(at, x.Range(), "%s is a whole number. Write %s without quotes.", a.Name, assign(a, s))
		default:
			d.bad(at, x.Range(), "%s is a whole number%s.", a.Name, unlimited(a))
		}
		return 0, false
	}
	n, ok := literalNumber(x)
	if !ok {
		if word, isWord := bareWord(x); isWord && a.Type == Attempts && word == "unlimited" {
			d.bad(at, x.Range(), `Write %s = "unlimited" in quotes.`, a.Name)
		} else if !d.notLiteral(at, x) {
			d.bad(at, x.Range(), "%s is a whole number%s.", a.Name, unlimited(a))
		}
		return 0, false
	}
	if n != math.Trunc(n) || n > math.MaxInt32 {
		d.bad(at, x.Range(), "%s is a whole number of at most %d%s.", a.Name, math.MaxInt32, unlimited(a))
		return 0, false
	}
	return int(n), d.inRange(at, x, n, strconv.FormatFloat(a.Min, 'f', -1, 64))
}

func unlimited(a *Attr) string {
	if a.Type == Attempts {
		return `, or "unlimited"`
	}
	return ""
}

// inRange checks the smallest legal value; least is that value as one would write it.
func (d *decoder) inRange(at site, x hclsyntax.Expression, n float64, least string) bool {
	a := at.attr
	switch {
	case n < a.Min:
		d.bad(at, x.Range(), "%s is at least %s.%s", a.Name, least, noneHint(a, n))
	case a.Above && n == a.Min:
		d.bad(at, x.Range(), "%s is more than %s.%s", a.Name, least, noneHint(a, n))
	default:
		return true
	}
	return false
}

// noneHint says what a zero probably meant.
func noneHint(a *Attr, n float64) string {
	if n == 0 && a.Class == Control {
		return " If there is none, write " + a.Name + " = none."
	}
	return ""
}

// number reads a number or a ratio.
func (d *decoder) number(at site, x hclsyntax.Expression) (float64, bool) {
	if at.attr.Type == Ratio {
		return d.ratio(at, x)
	}
	if s, ok := literalString(x); ok {
		fix := ""
		if n := numberPrefix(s); n > 0 {
			fix = " Write " + assign(at.attr, s[:n]) + " without quotes."
		}
		d.bad(at, x.Range(), "%s is a number.%s", at.attr.Name, fix)
		return 0, false
	}
	n, ok := literalNumber(x)
	if !ok {
		if !d.notLiteral(at, x) {
			d.bad(at, x.Range(), "%s is a number.", at.attr.Name)
		}
		return 0, false
	}
	if math.IsInf(n, 0) {
		d.bad(at, x.Range(), "%s is too large.", at.attr.Name)
		return 0, false
	}
	return n, d.inRange(at, x, n, strconv.FormatFloat(at.attr.Min, 'f', -1, 64))
}

func (d *decoder) ratio(at site, x hclsyntax.Expression) (float64, bool) {
	a := at.attr
	if n, ok := literalNumber(x); ok {
		why := "A ratio is a quoted percentage"
		if n > 0 && n < 100 {
			src := d.slice(x.Range())
			other := strconv.FormatFloat(math.Round(n*1e14)/1e12, 'f', -1, 64)
			if n > 1 {
				other = strconv.FormatFloat(math.Round(n*1e12)/1e14, 'f', -1, 64)
			}
			why += ", because " + src + " and " + other + " are both in use"
		}
		fix := ""
		if f := ratioOf(n); f != "" {
			fix = " Write " + assign(a, quoted(f)) + "."
		}
		d.bad(at, x.Range(), "%s.%s", why, fix)
		return 0, false
	}
	s, ok := d.quantity(at, x, `A ratio is a quoted percentage, as in "99.9%".`)
	if !ok {
		return 0, false
	}
	v, problem, fix := parseRatio(s)
	if problem != "" {
		d.badQuantity(at, x, problem, fix)
		return 0, false
	}
	if v > 1 && !a.Over {
		d.bad(at, x.Range(), "%s is at most 100%%.", a.Name)
		return 0, false
	}
	return v, d.inRange(at, x, v, strconv.FormatFloat(a.Min*100, 'f', -1, 64)+"%")
}

func (d *decoder) duration(at site, x hclsyntax.Expression) (time.Duration, bool) {
	a := at.attr
	if n, ok := literalNumber(x); ok {
		src := d.slice(x.Range())
		if n < 0 {
			d.bad(at, x.Range(), "%s is a quoted duration of at least 0.", a.Name)
		} else if n == 0 && a.NoneOK {
			d.bad(at, x.Range(), "A duration is quoted and has a unit. If there is none, write %s = none.", a.Name)
		} else {
			d.bad(at, x.Range(), "A duration is quoted and has a unit: %s is %s, or %s.", src, quoted(src+"ms"), quoted(src+"s"))
		}
		return 0, false
	}
	s, ok := d.quantity(at, x, `A duration is a number and its unit in quotes: "250ms", "2s", "15m", "7d".`)
	if !ok {
		return 0, false
	}
	v, problem, fix := parseDuration(s)
	if problem != "" {
		d.badQuantity(at, x, problem, fix)
		return 0, false
	}
	return v, d.inRange(at, x, v.Seconds(), strconv.FormatFloat(a.Min, 'f', -1, 64)+"s")
}

// size reads a size in bytes.
func (d *decoder) size(at site, x hclsyntax.Expression) (int64, bool) {
	const form = `A size is a number and its unit in quotes: "512B", "64KiB", "4MiB", "2GB".`
	if _, ok := literalNumber(x); ok {
		src := d.slice(x.Range())
		d.bad(at, x.Range(), "%s For %s bytes write %s.", form, src, assign(at.attr, quoted(src+"B")))
		return 0, false
	}
	s, ok := d.quantity(at, x, form)
	if !ok {
		return 0, false
	}
	v, problem, fix := parseSize(s)
	if problem != "" {
		d.badQuantity(at, x, problem, fix)
		return 0, false
	}
	return v, d.inRange(at, x, float64(v), "0")
}

// quantity returns the string that holds a number with a unit, or says what belongs here.
func (d *decoder) quantity(at site, x hclsyntax.Expression, form string) (string, bool) {
	s, ok := literalString(x)
	switch {
	case !ok:
		if !d.notLiteral(at, x) {
			d.bad(at, x.Range(), "%s", form)
		}
	case s == "none" && d.quotedNone(at, x):
	case s == "unknown" && at.attr.UnknOK:
		d.bad(at, x.Range(), "unknown is a keyword, not a string. Write %s = unknown without quotes.", at.attr.Name)
	default:
		return s, true
	}
	return "", false
}

func (d *decoder) badQuantity(at site, x hclsyntax.Expression, problem, fix string) {
	if fix != "" {
		problem += " Write " + assign(at.attr, quoted(fix)) + "."
	}
	d.bad(at, x.Range(), "%s", problem)
}
