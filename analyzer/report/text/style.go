package text

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// A small SGR helper, so that start-up pays for no terminal library; whoever calls decides whether colour is wanted.

func (p *printer) sgr(code, s string) string {
	if !p.Color || code == "" || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p *printer) bold(s string) string { return p.sgr("1", s) }
func (p *printer) dim(s string) string  { return p.sgr("2", s) }

func (p *printer) symbol(s string) string { return p.paint(s, s) }

// paint colours a changed line as terraform does.
func (p *printer) paint(symbol, s string) string {
	return p.sgr(map[string]string{"+": "32", "~": "33", "-": "31"}[symbol], s)
}

func (p *printer) severity(s string) string {
	return p.sgr(map[string]string{"critical": "1;31", "high": "31", "medium": "33", "low": "36", "info": "2"}[s], s)
}

var escape = regexp.MustCompile("\x1b\\[[0-9;]*m")

// width is how many columns a string takes, colours left out.
func width(s string) int { return utf8.RuneCountInString(escape.ReplaceAllString(s, "")) }

var plain = strings.NewReplacer("…", "...", "×", "x", "≥", ">=", "≤", "<=", "→", "->", "–", "-", "ρ", "rho", "λ", "lambda")

// ascii replaces what a terminal without UTF-8 cannot show.
func ascii(s string) string { return plain.Replace(s) }
