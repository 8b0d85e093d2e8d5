// Package markdown writes one pull-request comment: verdict, top findings, the HCL of each in a fold, waivers, and the
// neighbourhood of what was found as a Mermaid diagram. It is cut on a finding's boundary before GitHub's limit, and
// says so.
package markdown

import (
	"fmt"
	"io"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// limit is where a comment is cut; GitHub refuses more than 65,536 characters.
const limit = 60_000

// Render writes the comment.
func Render(w io.Writer, r *report.Report) error {
	b := &writer{}
	system := strings.TrimPrefix(r.System, "system.")
	b.printf("<!-- archcheck:plan:%s -->\n", strings.ReplaceAll(system, "--", ""))
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
	if left > 0 {
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

func verdict(r *report.Report) string {
	s := r.Summary
	var parts []string
	for _, x := range []struct {
		n    int
		name string
	}{{s.Critical, "critical"}, {s.High, "high"}, {s.Medium, "medium"}, {s.Low, "low"}, {s.Info, "info"}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", x.n, x.name))
		}
	}
	found := "No findings"
	if len(parts) > 0 {
		found = strings.Join(parts, ", ")
	}
	if g := r.Gate; g != nil {
		if g.Passed {
			return fmt.Sprintf("**Passed** at `%s`. %s.", g.FailOn, found)
		}
		return fmt.Sprintf("**Failed** at `%s`: %d block. %s.", g.FailOn, len(g.Blocking), found)
	}
	return fmt.Sprintf("%s. %d of %d checks evaluated.", found, r.Coverage.Evaluated, r.Coverage.Applicable)
}

// rows is how many findings the table shows.
const rows = 20

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
			fix = f.Fixes[0].Title
			if h := f.Fixes[0].HCL; h != "" && len(h) < 80 && !strings.Contains(h, "\n") {
				fix = "`" + strings.ReplaceAll(h, "`", "'") + "`"
			} else {
				fix = escape(fix)
			}
		}
		b.printf("| %s | `%s` %s:%d | %s %s | %s |\n", f.Severity, code(f.Subject), cell(f.Range.File), f.Range.Start.Line, f.Rule, cell(f.Title), strings.ReplaceAll(fix, "|", "\\|"))
	}
}

func details(f report.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n<details><summary>%s <code>%s</code> %s</summary>\n\n%s\n", f.Rule, html(f.Subject), html(f.Title), escape(f.Detail))
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
					diff += "- " + l.Was + "\n"
				}
				diff += "+ " + l.Text + "\n"
			case "remove":
				diff += "- " + l.Text + "\n"
			default:
				diff += "+ " + l.Text + "\n"
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
		n++
		fmt.Fprintf(&b, "| `%s` | %s | %d | %s | %s |\n", code(f.ID), w.Expires, w.Days, cell(w.Owner), cell(w.Reason))
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

// escape writes text so that Markdown and HTML show it as it is.
func escape(s string) string {
	return strings.NewReplacer("\\", "\\\\", "<", "&lt;", ">", "&gt;", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "#", "\\#", "@", "&#64;").Replace(oneLine(s))
}

func cell(s string) string { return strings.ReplaceAll(escape(s), "|", "\\|") }
func html(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(oneLine(s))
}
func code(s string) string {
	return strings.NewReplacer("`", "'", "|", "\\|").Replace(oneLine(s))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
