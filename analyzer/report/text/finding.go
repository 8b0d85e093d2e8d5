package text

import (
	"fmt"
	"strings"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/source"
)

// finding prints one finding below its subject: severity, title and rule, the reason on this system's numbers, and the
// lines to write.
func (p *printer) finding(f report.Finding) {
	p.line("")
	sev := f.Severity
	left := p.severity(sev) + strings.Repeat(" ", max(1, 10-len(sev))) + p.bold(f.Title)
	if f.Verdict == "risk" {
		left += " " + p.dim("(risk)")
	}
	p.line("%s", p.sides(left, f.Rule, "  "))
	p.paragraph(f.Detail, 4)
	if len(f.Subjects) > 0 {
		p.paragraph("Here: "+list(f.Subjects, 6), 4)
	}
	if len(f.Subsumes) > 0 {
		p.paragraph("Includes "+list(f.Subsumes, 4)+".", 4)
	}
	if e := f.Expired; e != nil {
		p.paragraph(fmt.Sprintf("The waiver of %s (\"%s\"%s) expired on %s, %s ago (%s).", e.Owner, e.Reason, ticket(e.Ticket), e.Expires,
			analyzer.Plural(-e.Days, "day"), place(e.Range)), 4)
	}
	p.fixes(f)
}

func ticket(t string) string {
	if t == "" {
		return ""
	}
	return ", " + t
}

// fixes prints the alternatives, the second and later ones behind "or:".
func (p *printer) fixes(f report.Finding) {
	for i, fix := range f.Fixes {
		if len(fix.Lines) == 0 {
			continue
		}
		if i == 0 {
			p.line("")
		} else {
			p.line("        or:")
		}
		home := f.Range.File
		lines, rest := fix.Lines, 0
		if n := 12; len(lines) > n && !p.All {
			lines, rest = lines[:n-2], len(lines)-n+2
		}
		for _, l := range lines {
			if l.File != "" && l.File != home {
				p.line("        in %s:", l.File)
				home = l.File
			}
			p.change(l)
		}
		if rest > 0 {
			p.line("      %s", p.dim(fmt.Sprintf("… %d more lines: --all shows them", rest)))
		}
	}
}

// change prints one line of a fix: symbol, line number, text, and what it was.
func (p *printer) change(l report.Change) {
	if l.Action == "advise" {
		p.hanging("      > ", l.Text)
		return
	}
	symbol := map[string]string{"add": "+", "change": "~", "remove": "-"}[l.Action]
	number := ""
	if l.Line > 0 {
		number = fmt.Sprint(l.Line)
	}
	lead := fmt.Sprintf("      %s %-4s  ", symbol, number)
	was := ""
	if l.Was != "" && len(l.Was) <= 30 && !strings.Contains(l.Text, l.Was) {
		was = "# was " + l.Was
	}
	if was != "" && width(lead)+width(l.Text)+2+width(was) <= p.Width {
		p.line("%s", p.paint(symbol, lead+l.Text)+"  "+p.dim(was))
		return
	}
	for i, part := range splitHCL(l.Text, p.Width-width(lead)) {
		if i > 0 {
			lead = fmt.Sprintf("      %s %-4s  ", symbol, "")
		}
		p.line("%s", p.paint(symbol, lead+part))
	}
}

// splitHCL breaks a long object behind its commas; further lines stand below its first key.
func splitHCL(s string, room int) []string {
	i := strings.Index(s, "{ ")
	if width(s) <= room || i < 0 || i+2 > room/2 {
		return []string{s}
	}
	indent := strings.Repeat(" ", width(s[:i+2]))
	var out []string
	line := s[:i+2]
	for _, part := range strings.SplitAfter(s[i+2:], ", ") {
		if line != indent && line != s[:i+2] && width(line)+width(strings.TrimRight(part, " ")) > room {
			out = append(out, strings.TrimRight(line, " "))
			line = indent
		}
		line += part
	}
	return append(out, line)
}

// paragraph prints prose, wrapped and indented.
func (p *printer) paragraph(s string, indent int) {
	for _, l := range source.Wrap(s, min(p.Width, 100)-indent) {
		p.line("%s%s", strings.Repeat(" ", indent), l)
	}
}

// hanging prints prose behind a mark; further lines stand below its first word.
func (p *printer) hanging(mark, s string) {
	for i, l := range source.Wrap(s, min(p.Width, 100)-len(mark)) {
		if i > 0 {
			mark = strings.Repeat(" ", len(mark))
		}
		p.line("%s%s", mark, l)
	}
}

// list joins names, the first n of them.
func list(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}
