// Package sarif writes SARIF 2.1.0 as GitHub's code scanning wants it: non-empty texts, four region numbers, relative
// URIs, a stable fingerprint, and results that are present when there are none.
package sarif

import (
	"encoding/json"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// maxText is the longest description that GitHub accepts.
const maxText = 1024

// Options are how the log is written.
type Options struct {
	Suppressed bool // keep waived findings, as suppressions; GitHub ignores these and would show them as open
}

// Render writes the findings that count under their own ids.
func Render(o Options) func(io.Writer, *report.Report) error {
	return func(w io.Writer, r *report.Report) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(build(r, o))
	}
}

func build(r *report.Report, o Options) log {
	out := run{
		Tool:       tool{driver{Name: "archcheck", Version: semver(r.Version), URI: "https://github.com/archcheck/archcheck", Rules: []rule{}}},
		Automation: automation{"archcheck/" + strings.TrimPrefix(r.System, "system.") + "/"},
		ColumnKind: "unicodeCodePoints", Invocations: []invoked{{true}}, Results: []result{},
	}
	index := map[string]int{}
	for _, f := range r.Flat() {
		if f.Known || f.Waiver != nil && !o.Suppressed {
			continue
		}
		i, ok := index[f.Rule]
		if !ok {
			i = len(out.Tool.Driver.Rules)
			index[f.Rule] = i
			out.Tool.Driver.Rules = append(out.Tool.Driver.Rules, ruleOf(f))
		}
		out.Results = append(out.Results, resultOf(f, i))
	}
	return log{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []run{out}}
}

// semver is the version where it is one; a development build has none.
func semver(v string) string {
	if rest, ok := strings.CutPrefix(v, "v"); ok {
		return rest
	}
	return ""
}

func ruleOf(f report.Finding) rule {
	help := orElse(f.Help, f.Detail)
	md := help
	for _, s := range f.Sources {
		md += "\n\n- " + s
	}
	out := rule{
		ID: f.Rule, Name: name(f.Title), Short: text{Text: clip(orElse(f.Title, f.Rule))}, Full: text{Text: clip(help)},
		Help: text{Text: clip(help), Markdown: md}, Default: configuration{level(f.Severity)},
		Properties: map[string]any{
			"precision": precision(f.Verdict), "problem.severity": problem(f.Severity),
			"tags": slices.DeleteFunc([]string{"architecture", f.Pattern, f.Kind}, func(s string) bool { return s == "" }),
		},
	}
	if len(f.Sources) > 0 {
		out.HelpURI = f.Sources[0]
	}
	return out
}

// name is a title as SARIF wants a rule's name: one word.
func name(title string) string {
	var b strings.Builder
	for _, w := range strings.FieldsFunc(title, func(r rune) bool { return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9') }) {
		b.WriteString(strings.ToUpper(w[:1]) + w[1:])
	}
	return orElse(b.String(), "Finding")
}

func resultOf(f report.Finding, i int) result {
	msg := f.Title + ": " + f.Detail
	out := result{
		RuleID: f.Rule, RuleIndex: i, Level: level(f.Severity), Message: text{Text: orElse(strings.TrimSpace(msg), f.ID)},
		Locations: []location{{Physical: physicalOf(f.Range), Logical: []logical{{f.Subject}}}},
		Fingerprints: map[string]string{
			"primaryLocationLineHash": f.Fingerprint + ":1", "archcheckFinding/v1": f.ID,
		},
		Properties: map[string]any{"subject": f.Subject, "severity": f.Severity, "verdict": f.Verdict},
	}
	for k, e := range f.Evidence {
		if e.Range.File == "" {
			continue
		}
		out.Related = append(out.Related, location{ID: k + 1, Physical: physicalOf(e.Range), Message: &text{Text: orElse(e.Message, e.Address)}})
	}
	for _, x := range f.Fixes {
		if c := changes(x.Edits); c != nil {
			out.Fixes = append(out.Fixes, fix{text{Text: orElse(x.Title, "Apply the change")}, c})
		}
	}
	if w := f.Waiver; w != nil {
		out.Suppressions = []suppression{{"external", "accepted", w.Reason, map[string]any{"owner": w.Owner, "expires": w.Expires, "ticket": w.Ticket}}}
	}
	return out
}

func changes(edits []report.Edit) []change {
	var out []change
	for _, e := range edits {
		uri := uriOf(e.Range.File)
		if len(out) == 0 || out[len(out)-1].Artifact.URI != uri {
			out = append(out, change{Artifact: artifact{uri}})
		}
		last := &out[len(out)-1]
		last.Replacements = append(last.Replacements, replacement{regionOf(e.Range), text{Text: e.Text}})
	}
	return out
}

func physicalOf(r report.Range) physical { return physical{artifact{uriOf(r.File)}, regionOf(r)} }

// uriOf is a file as a relative reference: cleaned, slashes forward, escaped.
func uriOf(file string) string {
	p := strings.TrimPrefix(path.Clean(strings.ReplaceAll(file, "\\", "/")), "/")
	for strings.HasPrefix(p, "../") { // nothing outside the repository can be shown
		p = p[3:]
	}
	return (&url.URL{Path: p}).EscapedPath()
}

// regionOf always has its four numbers; the end column is exclusive and lies behind the start.
func regionOf(r report.Range) region {
	out := region{max(1, r.Start.Line), max(1, r.Start.Column), max(1, r.End.Line), max(1, r.End.Column)}
	if out.EndLine < out.StartLine {
		out.EndLine = out.StartLine
	}
	return out
}

func level(severity string) string {
	switch severity {
	case "critical", "high":
		return "error"
	case "medium":
		return "warning"
	}
	return "note"
}

func problem(severity string) string {
	return map[string]string{"error": "error", "warning": "warning", "note": "recommendation"}[level(severity)]
}

func precision(verdict string) string {
	if verdict == "risk" {
		return "medium"
	}
	return "very-high"
}

func clip(s string) string {
	if r := []rune(s); len(r) > maxText {
		return string(r[:maxText-1]) + "…"
	}
	return s
}

func orElse(s, other string) string {
	if strings.TrimSpace(s) == "" {
		return other
	}
	return s
}
