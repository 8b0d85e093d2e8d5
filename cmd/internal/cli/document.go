package cli

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
	"github.com/archcheck/archcheck/dsl/source"
)

// document lays out what explain prints: a headline, sections with indented paragraphs, rows of names and values.
type document struct {
	bytes.Buffer
	st source.Style
}

func (a *app) document() *document { return &document{st: a.style(a.Out)} }

func (d *document) bold(s string) string {
	if !d.st.Color {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}

// head prints the headline with a remark at the right edge.
func (d *document) head(title, right string) {
	gap := max(2, d.st.Width-utf8.RuneCountInString(title)-utf8.RuneCountInString(right))
	d.WriteString(d.bold(title) + strings.Repeat(" ", gap) + right + "\n")
}

func (d *document) paragraph(s string) {
	for _, l := range source.Wrap(s, d.st.Width-2) {
		d.WriteString("  " + l + "\n")
	}
}

// section prints a heading with a paragraph, nothing where there is nothing to say.
func (d *document) section(name, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	d.WriteString("\n" + d.bold(name) + "\n")
	for _, part := range strings.Split(strings.TrimSpace(text), "\n\n") {
		d.paragraph(strings.Join(strings.Fields(part), " "))
	}
}

// row prints a name and a value that may take several lines.
func (d *document) row(name, value string) {
	for i, l := range source.Wrap(value, d.st.Width-10) {
		if i > 0 {
			name = ""
		}
		fmt.Fprintf(d, "%-9s %s\n", name, l)
	}
}

// finding prints why a finding fired: its facts with their origins.
func (d *document) finding(f report.Finding) {
	d.WriteString("\n")
	d.paragraph(f.Detail)
	d.WriteString("\n" + d.bold("Why here") + "\n")
	type line struct{ name, value, state, where string }
	var lines []line
	w1, w2 := 0, 0
	for _, name := range f.FactOrder {
		x := f.Facts[name]
		value := x.Text
		if value == "" && x.Value != nil {
			value = fmt.Sprint(x.Value)
		}
		if value == "" {
			value = "-"
		}
		where := x.Where
		if x.From != "" {
			where = strings.TrimSpace(x.From + " " + where)
		}
		if len(x.Assumes) > 0 {
			where = strings.TrimSpace(where + " assumes " + strings.ReplaceAll(strings.Join(x.Assumes, ", "), "_", " "))
		}
		l := line{strings.ReplaceAll(name, "_", " "), value, x.State, where}
		w1 = max(w1, utf8.RuneCountInString(l.name))
		if n := utf8.RuneCountInString(l.value); n <= 28 {
			w2 = max(w2, n)
		}
		lines = append(lines, l)
	}
	for _, l := range lines {
		lead := fmt.Sprintf("  %-*s = ", w1, l.name)
		if utf8.RuneCountInString(l.value) > w2 {
			d.wrapped(lead, l.value)
			lead, l.value = strings.Repeat(" ", utf8.RuneCountInString(lead)), ""
		}
		d.wrapped(fmt.Sprintf("%s%-*s  %-9s  ", lead, w2, l.value, l.state), l.where)
	}
	for _, e := range f.Evidence {
		d.WriteString(strings.TrimRight(fmt.Sprintf("  see %s  %s:%d  %s", e.Address, e.Range.File, e.Range.Start.Line, e.Message), " ") + "\n")
	}
}

// card prints what a rule's card says, and why the finding, if there is one, has its severity.
func (d *document) card(c *analyzer.Card, f *report.Finding) {
	d.section("What goes wrong", c.Description)
	d.section("It would not fire with any one of", c.Advice.ClearedBy)
	d.severity(c, f)
	d.section("Trade-offs", c.Advice.TradeOffs)
	d.section("Waive when", c.Advice.WaiveWhen)
	if c.Unwaivable {
		d.section("Waive when", "Never: this rule cannot be waived.")
	}
}

// severity prints the cases of a rule, or the letter of a plain one with what moves it.
func (d *document) severity(c *analyzer.Card, f *report.Finding) {
	if c.Plain() {
		d.section("Severity", plainSeverity(c, f))
		return
	}
	if len(c.Cases) == 0 {
		d.section("Severity", sentence(severityWords(c))+", by the case; one step lower where it is a risk.")
		return
	}
	d.WriteString("\n" + d.bold("Severity") + "\n")
	for i, s := range c.Severities {
		d.wrapped(fmt.Sprintf("  %-8s  ", s), c.Cases[i])
	}
	switch {
	case f == nil:
		d.paragraph("A risk is one step lower.")
	case f.Verdict == analyzer.Risk.String():
		d.paragraph(sentence(f.Severity) + " here: a risk is one step lower.")
	default:
		d.paragraph(sentence(f.Severity) + " here.")
	}
}

// plainSeverity says what moves the one letter of a card (rules.md §0), of a finding only what did.
func plainSeverity(c *analyzer.Card, f *report.Finding) string {
	word := c.Severities[0].String()
	if f == nil {
		s := word + "; one step lower where no user waits and no money moves, and where it is a risk."
		if c.Effect != "" {
			s += fmt.Sprintf(" One step higher where financial data is concerned: the effect is %s.", c.Effect)
		}
		return sentence(s)
	}
	sev, err := analyzer.ParseSeverity(f.Severity)
	if err != nil || f.Severity == word && f.Verdict != analyzer.Risk.String() {
		return sentence(f.Severity) + ", as the rule says."
	}
	steps := int(c.Severities[0] - sev)
	var why []string
	if f.Verdict == analyzer.Risk.String() {
		why, steps = append(why, "it is a risk"), steps-1
	}
	if steps > 0 {
		why = append(why, "no user waits for it and no money moves")
	} else if steps < 0 {
		why = append(why, fmt.Sprintf("financial data is concerned and the effect is %s", c.Effect))
	}
	return fmt.Sprintf("%s, from %s by the rule, because %s.", sentence(f.Severity), word, strings.Join(why, " and "))
}

// sentence begins with a capital letter.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// fixes prints the alternatives of a finding as lines of HCL.
func (d *document) fixes(f report.Finding) {
	for i, fix := range f.Fixes {
		if i == 0 {
			d.WriteString("\n" + d.bold("Fix") + "\n")
		} else {
			d.WriteString("  or\n")
		}
		for _, l := range fix.Lines {
			if l.Action == "advise" {
				d.paragraph(l.Text)
				continue
			}
			number := ""
			if l.Line > 0 {
				number = fmt.Sprint(l.Line)
			}
			fmt.Fprintf(d, "  %s %-4s %s\n", map[string]string{"add": "+", "change": "~", "remove": "-"}[l.Action], number, l.Text)
		}
	}
}

// foot prints where the rule belongs and what it rests on.
func (d *document) foot(c *analyzer.Card, sources bool) {
	d.WriteString("\n")
	if c.Pattern != "" {
		_, slug, _ := strings.Cut(c.Pattern, "/")
		d.row("Pattern", fmt.Sprintf("%s (archcheck explain %s)", c.Pattern, slug))
	}
	if len(c.Aliases) > 0 {
		d.row("Also", strings.Join(c.Aliases, ", "))
	}
	d.row("Judges", c.Subject)
	if sources {
		for _, s := range c.Related {
			d.row("Source", s)
		}
	} else if n := len(c.Related); n > 0 {
		d.row("Sources", fmt.Sprintf("%d, --sources prints the links", n))
	}
	d.row("Policy", c.Package+"."+c.Rule)
}

// wrapped prints text behind a lead; further lines stand below its first word.
func (d *document) wrapped(lead, text string) {
	for _, l := range source.Wrap(text, max(20, d.st.Width-utf8.RuneCountInString(lead))) {
		d.WriteString(strings.TrimRight(lead+l, " ") + "\n")
		lead = strings.Repeat(" ", utf8.RuneCountInString(lead))
	}
}
