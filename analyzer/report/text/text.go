// Package text prints a report for a terminal, in the manner of terraform's plan: a legend of the symbols that occur,
// changes grouped by subject, one summary line last.
package text

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
)

// Options are how a report is printed.
type Options struct {
	Width       int    // columns; 80 where unknown
	Color       bool   // ANSI colours
	ASCII       bool   // no characters beyond ASCII
	All         bool   // every finding and question, not the first ten and five
	Summary     bool   // the tail only
	Assumptions bool   // list the assumptions
	Path        string // what the user named, for the next step
}

// The numbers of findings and questions that are shown without --all. A plan needs no more fixes than TopFindings; a gate
// may show others, those that block.
const (
	TopFindings  = 10
	topQuestions = 5
)

// printer writes one report.
type printer struct {
	*bufio.Writer
	Options
	r     *report.Report
	lines int // printed so far
}

// Render prints a report.
func Render(w io.Writer, r *report.Report, o Options) error {
	if o.Width == 0 {
		o.Width = 80
	}
	r = r.Printable()
	p := &printer{Writer: bufio.NewWriter(w), Options: o, r: r}
	if r.Gate != nil {
		p.gate()
		return p.Flush()
	}
	p.header()
	if !o.Summary {
		p.changes()
	}
	p.tail()
	return p.Flush()
}

func (p *printer) line(format string, args ...any) {
	s := strings.TrimRight(fmt.Sprintf(format, args...), " ")
	if p.ASCII {
		s = ascii(s)
	}
	p.WriteString(s + "\n")
	p.lines++
}

func (p *printer) header() {
	name := strings.TrimPrefix(p.r.System, "system.")
	var parts []string
	for _, c := range p.r.Inventory {
		switch c.Kind {
		case "service", "gateway", "datastore", "call":
			parts = append(parts, analyzer.Plural(c.Count, c.Kind))
		}
	}
	p.line("%s: %s in %s", name, strings.Join(parts, ", "), analyzer.Plural(len(p.r.Files), "file"))
}

// changes prints the findings of the ten best ranks, grouped by subject in the order of each subject's best.
func (p *printer) changes() {
	shown := p.r.Visible()
	if len(shown) == 0 {
		p.clean()
		return
	}
	rest := 0
	if n := TopFindings; !p.All && len(shown) > n {
		rest = len(shown) - n
		shown = shown[:n]
	}
	p.legend(shown)
	p.bySubject(shown)
	if rest > 0 {
		p.line("")
		p.line("%s", p.dim(fmt.Sprintf("… %d more of lower rank: --all shows them", rest)))
	}
}

// header is the first place among the findings of one subject.
func header(fs []report.Finding) report.Range {
	return slices.MinFunc(fs, func(a, b report.Finding) int { return a.Range.Start.Byte - b.Range.Start.Byte }).Range
}

// legend explains the signs in front of the lines that follow.
func (p *printer) legend(fs []report.Finding) {
	var parts []string
	used := map[string]bool{}
	for _, f := range fs {
		for _, fix := range f.Fixes {
			for _, l := range fix.Lines {
				used[l.Action] = true
			}
		}
	}
	for _, a := range []struct{ action, symbol, word string }{{"add", "+", "add"}, {"change", "~", "change"}, {"remove", "-", "remove"}, {"advise", ">", "advice"}} {
		if used[a.action] {
			parts = append(parts, p.symbol(a.symbol)+" "+a.word)
		}
	}
	if len(parts) > 0 {
		p.line("")
		p.line("  %s", strings.Join(parts, "   "))
	}
}

// clean says that nothing is recommended, and what is in place, so that an empty run looks empty.
func (p *printer) clean() {
	p.line("")
	if p.r.Summary.Hidden > 0 {
		p.line("%s", p.r.Clean())
		return
	}
	var have []string
	for _, pat := range p.r.Patterns {
		if n := len(pat.Present); n > 0 {
			_, slug, _ := strings.Cut(pat.ID, "/")
			have = append(have, fmt.Sprintf("%s %d", strings.ReplaceAll(slug, "-", " "), n))
		}
	}
	if p.r.Coverage.Open() {
		p.line("%s In place:", p.r.Clean())
	} else {
		p.line("%s:", strings.TrimSuffix(p.r.Clean(), "."))
	}
	p.line("")
	p.columns(have)
}

// columns prints short items side by side.
func (p *printer) columns(items []string) {
	width := 0
	for _, s := range items {
		width = max(width, utf8.RuneCountInString(s))
	}
	per := max(1, (p.Width-2)/(width+3))
	for len(items) > 0 {
		n := min(per, len(items))
		var b strings.Builder
		for _, s := range items[:n] {
			fmt.Fprintf(&b, "%-*s", width+3, s)
		}
		p.line("  %s", b.String())
		items = items[n:]
	}
}

// sides prints left and right at the two edges; a line too narrow for both keeps two spaces between them.
func (p *printer) sides(left, right, indent string) string {
	gap := p.Width - width(indent) - width(left) - width(right)
	return indent + left + strings.Repeat(" ", max(2, gap)) + p.dim(right)
}

func place(r report.Range) string {
	if r.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", r.File, r.Start.Line)
}
