// Package markdown writes one pull-request comment: verdict, top findings, the HCL of each in a fold, waivers, and the
// neighbourhood of what was found as a Mermaid diagram. It is cut on a finding's boundary before GitHub's limit, and
// says so.
package markdown

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// limit is where a comment is cut; GitHub refuses more than 65,536 characters.
const limit = 60_000

// rows is how many findings, and how many waivers, a table shows.
const rows = 20

// Render writes the comment.
func Render(w io.Writer, r *report.Report) error {
	r = r.Printable()
	b := &writer{}
	system := strings.TrimPrefix(r.System, "system.")
	b.printf("<!-- archcheck:plan:%s -->\n", marker(system))
	b.printf("### archcheck: %s\n\n%s\n", escape(system), verdict(r))
	shown := r.Visible()
	table(b, shown)
	tail := foot(r)
	left := 0
	for i, f := range shown {
		fold := details(f)
		if b.n+count(fold)+count(tail)+200 > limit {
			left = len(shown) - i
			break
		}
		b.write(fold)
	}
	switch {
	case left == 1:
		b.write("\n_1 more finding does not fit into a comment; `archcheck plan --all` prints it._\n")
	case left > 1:
		b.printf("\n_%d more findings do not fit into a comment; `archcheck plan --all` prints them._\n", left)
	}
	b.write(tail)
	_, err := io.WriteString(w, b.String())
	return err
}

// writer counts characters as it goes.
type writer struct {
	strings.Builder
	n int
}

func (w *writer) write(s string) {
	w.WriteString(s)
	w.n += count(s)
}

func (w *writer) printf(format string, args ...any) { w.write(fmt.Sprintf(format, args...)) }

func count(s string) int { return len([]rune(s)) }

// verdict is the first line that people read. It counts places, as the gate does; where one change mends several, it
// says how many findings follow.
func verdict(r *report.Report) string {
	s := r.Summary
	found := "No findings"
	if parts := s.Places.Words(); parts != "" {
		found = parts
		if n := s.Findings(); n != s.Places.Total() {
			found += fmt.Sprintf(", shown as %d since one change mends several", n)
		}
	}
	for _, x := range []struct {
		n    int
		name string
	}{{s.Waived, "waived"}, {s.Known, "known"}} {
		if x.n > 0 {
			found += fmt.Sprintf("; %d %s", x.n, x.name)
		}
	}
	g := r.Gate
	switch {
	case g == nil:
		return fmt.Sprintf("%s. %d of %d checks evaluated.", found, r.Coverage.Evaluated, r.Coverage.Applicable)
	case g.Passed:
		return fmt.Sprintf("**Passed** at `%s`. %s.", g.FailOn, found)
	case len(g.Blocking) == 0:
		return fmt.Sprintf("**Failed** on waivers and baseline, %d to tidy up. %s.", len(g.Hygiene), found)
	case len(g.Blocking) == 1:
		return fmt.Sprintf("**Failed** at `%s`: 1 blocks. %s.", g.FailOn, found)
	}
	return fmt.Sprintf("**Failed** at `%s`: %d block. %s.", g.FailOn, len(g.Blocking), found)
}

func table(b *writer, fs []report.Finding) {
	if len(fs) == 0 {
		return
	}
	b.write("\n| Severity | Where | Finding | Fix |\n|---|---|---|---|\n")
	for i, f := range fs {
		if i == rows {
			b.printf("| | | %d more below | |\n", len(fs)-rows)
			break
		}
		fix := ""
		if len(f.Fixes) > 0 {
			fix = cell(f.Fixes[0].Title)
			if h := f.Fixes[0].HCL; h != "" && len(h) < 80 && !strings.Contains(h, "\n") {
				fix = "`" + code(h) + "`"
			}
		}
		b.printf("| %s | `%s` %s:%d | %s %s | %s |\n", f.Severity, code(f.Subject), cell(f.Range.File), f.Range.Start.Line, f.Rule, cell(f.Title), fix)
	}
}

func details(f report.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n<details><summary>%s <code>%s</code> %s</summary>\n\n%s\n", html(f.Rule), html(f.Subject), html(f.Title), escape(f.Detail))
	if len(f.Subjects) > 0 {
		b.WriteString("\nHere:")
		for _, s := range f.Subjects[:min(rows, len(f.Subjects))] {
			fmt.Fprintf(&b, " `%s`", code(s))
		}
		if n := len(f.Subjects); n > rows {
			fmt.Fprintf(&b, " and %d more", n-rows)
		}
		b.WriteString("\n")
	}
	for i, x := range f.Fixes {
		if i > 0 {
			b.WriteString("\nor\n")
		}
		diff := ""
		for _, l := range x.Lines {
			switch l.Action {
			case "advise":
				b.WriteString("\n" + escape(l.Text) + "\n")
			case "change":
				if l.Was != "" {
					diff += lines("- ", l.Was)
				}
				diff += lines("+ ", l.Text)
			case "remove":
				diff += lines("- ", l.Text)
			default:
				diff += lines("+ ", l.Text)
			}
		}
		if diff != "" {
			fence := "```"
			for strings.Contains(diff, fence) {
				fence += "`"
			}
			fmt.Fprintf(&b, "\n%sdiff\n%s%s\n", fence, diff, fence)
		}
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

// lines marks every line of a text, so that none of it can end the fence that it stands in.
func lines(mark, s string) string {
	return mark + strings.ReplaceAll(s, "\n", "\n"+mark) + "\n"
}

func foot(r *report.Report) string {
	var b strings.Builder
	n := 0
	for _, f := range r.Flat() {
		w := f.Waiver
		if w == nil {
			continue
		}
		if n == 0 {
			b.WriteString("\n| Waived | Until | Days left | Owner | Reason |\n|---|---|---|---|---|\n")
		}
		if n++; n <= rows {
			fmt.Fprintf(&b, "| `%s` | %s | %d | %s | %s |\n", code(f.ID), cell(w.Expires), w.Days, short(w.Owner), short(w.Reason))
		}
	}
	if n > rows {
		fmt.Fprintf(&b, "| %d more | | | | |\n", n-rows)
	}
	b.WriteString(scenarios(r))
	b.WriteString(neighbourhood(r))
	return b.String()
}

// scenarios are folded: they are headings for who wants to know, not findings.
func scenarios(r *report.Report) string {
	if len(r.Scenarios) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n<details><summary>Scenarios</summary>\n\n| Scenario | Because | Calls for |\n|---|---|---|\n")
	for _, s := range r.Scenarios {
		var parts []string
		for _, d := range s.Patterns {
			parts = append(parts, cell(d.Name)+" "+d.Words())
		}
		fmt.Fprintf(&b, "| %s %s | %s | %s |\n", s.ID, cell(s.Name), cell(s.Because), strings.Join(parts, "<br>"))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

var escapes = strings.NewReplacer("\\", "\\\\", "&", "&amp;", "<", "&lt;", ">", "&gt;", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]",
	"#", "\\#", "~", "\\~", "@", "@&#8203;") // the space without width keeps a name from calling people

// begins matches what makes a list, a rule or a heading of a line that begins with it.
var begins = regexp.MustCompile(`^([-+=]|\d+[.)])`)

// escape writes text so that Markdown and HTML show it as it is, on one line.
func escape(s string) string {
	s = escapes.Replace(oneLine(s))
	if m := begins.FindString(s); m != "" {
		s = m[:len(m)-1] + "\\" + s[len(m)-1:]
	}
	return s
}

// cell is text in a table.
func cell(s string) string { return strings.ReplaceAll(escape(s), "|", "\\|") }

// short is a cell of bounded length: a comment has room for a sentence.
func short(s string) string {
	if r := []rune(oneLine(s)); len(r) > 200 {
		s = string(r[:199]) + "…"
	}
	return cell(s)
}

func html(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(oneLine(s))
}

// code is text inside backquotes; nothing there would be an empty pair, which is none.
func code(s string) string {
	if s = strings.NewReplacer("`", "'", "|", "\\|").Replace(oneLine(s)); s == "" {
		return "-"
	}
	return s
}

// marker is a name inside an HTML comment, which nothing in it may end.
func marker(s string) string {
	return strings.NewReplacer("-->", "", "--", "", "<", "", ">", "").Replace(oneLine(s))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
