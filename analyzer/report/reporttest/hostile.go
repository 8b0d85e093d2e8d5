package reporttest

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/report"
)

// Nasty are texts that break a writer which trusts its input: markup, ends of comments, fences, sections and links,
// control characters, colours, commands of a log, turned direction, what is no character at all.
var Nasty = []string{
	"", " ", "plain", "a b", "<script>alert(1)</script>", "</details></td>", "-->", "<!--", "]]>", "<![CDATA[x", "&lt;b&amp;", `"'`,
	"`", "```", "````\n```", "~~~", "|", `\|`, `\`, "a|b||c", "x\ny", "x\r\ny", "\r", "\t", "\x00", "\x07\x1b[31mred\x1b[0m", "\u0085", "\u2028",
	"\u202eevil\u202c", "\u2066x\u2069", "\ufeff", "\ufffe\uffff", "\xff\xfe", "::error::boom", "\n::set-output name=x::y", "##[error]boom",
	"a%0Ab", "a:b,c%d", "[x](https://example.com)", "![i](y)", "# h", "- item", "1. one", "===", "---", "* * *", "@everyone", "#1",
	"../../etc/passwd", "/etc/passwd", "C:\\x", "a:b", "file://x", "{0}", "${x}", "$(x)", "verdict=passed", "日本語", "e\u0301", "😀",
}

// Text draws one or several nasty texts behind each other.
func Text(t *rapid.T, label string) string {
	out := ""
	for _, s := range rapid.SliceOfN(rapid.SampledFrom(Nasty), 0, 3).Draw(t, label) {
		out += s
	}
	return out
}

// Hostile draws a report all of whose texts are nasty. Rules and subjects stay apart, so that ids are unique.
func Hostile(t *rapid.T) *report.Report {
	r := Clean()
	text := func(label string) string { return Text(t, label) }
	r.System, r.Version = "system."+text("system"), text("version")
	n := rapid.IntRange(0, 5).Draw(t, "findings")
	for i := range n {
		f := hostile(t, i)
		if rapid.Bool().Draw(t, "group") {
			for k := range 3 {
				m := hostile(t, 100*(i+1)+k)
				f.Members, f.Subjects = append(f.Members, m), append(f.Subjects, m.Subject)
			}
		} else if rapid.Bool().Draw(t, "waived") {
			f.Waiver = &report.Waiver{Rule: f.Rule, Subject: f.Subject, Reason: text("reason"), Owner: text("owner"), Ticket: text("ticket"),
				Expires: "2027-01-31", Days: 3, State: "expiring", Matches: []string{f.ID}, Range: f.Range}
			r.Waivers = append(r.Waivers, *f.Waiver)
		} else {
			f.Known = rapid.Bool().Draw(t, "known")
		}
		r.Findings = append(r.Findings, f)
	}
	r.Questions = append(r.Questions, report.Question{Fact: text("fact"), Path: text("path"), Subjects: []string{text("who")}, Rules: []string{"RES-001"},
		Checks: []string{"RES-001@x"}, Hint: text("hint")})
	Count(r)
	if rapid.Bool().Draw(t, "gate") {
		r.Baseline = &report.Baseline{File: text("file"), Stale: []string{}}
		if rapid.Bool().Draw(t, "stale") {
			r.Baseline.Stale = append(r.Baseline.Stale, "RES-001@"+text("stale entry"))
		}
		r.Decide(report.GateOptions{FailOn: analyzer.High, Base: text("base")})
	}
	return r
}

func hostile(t *rapid.T, i int) report.Finding {
	text := func(label string) string { return Text(t, label) }
	f := Finding(fmt.Sprintf("ACME-%03d", i), fmt.Sprintf("service.s%d%s", i, text("subject")), rapid.SampledFrom(analyzer.Severities()).Draw(t, "severity"),
		rapid.IntRange(0, 3).Draw(t, "line"))
	f.Title, f.Detail, f.Help, f.Pattern = text("title"), text("detail"), text("help"), text("pattern")
	f.Summary, f.Sources = text("summary"), []string{text("source")}
	f.Range.File = text("name of file")
	f.Range.End.Line = rapid.IntRange(0, 3).Draw(t, "end")
	f.Range.Start.Column, f.Range.End.Column = rapid.IntRange(0, 3).Draw(t, "column"), rapid.IntRange(0, 3).Draw(t, "end column")
	f.Evidence = []report.Evidence{{Address: text("evidence"), Message: text("message"), Range: f.Range}}
	f.Subsumes = []string{"ACME-999@" + text("subsumed")}
	x := &f.Fixes[0]
	x.Title, x.HCL, x.Edits[0].Text, x.Edits[0].Range.File = text("fix"), text("hcl"), text("edit"), f.Range.File
	x.Lines = []report.Change{{Action: "change", File: f.Range.File, Line: 1, Text: text("line"), Was: text("was")}, {Action: "advise", Text: text("advice")}}
	return f
}

// Path draws a path below a root with characters that a file name may have and a writer may stumble over.
func Path(t *rapid.T) string {
	return rapid.SampledFrom([]string{"system.hcl", "a/b.hcl", "a b.hcl", "a,b:c%d.hcl", "x]]>.hcl", "naïve.hcl", "a|b`.hcl"}).Draw(t, "path")
}
