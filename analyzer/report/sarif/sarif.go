// Package sarif writes SARIF 2.1.0 as GitHub's code scanning wants it: non-empty texts, four region numbers, relative
// URIs, a stable fingerprint, and results that are present when there are none.
package sarif

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// What GitHub accepts: characters of a description, results and rules of a run, related places of a result that are of
// any use to a reader.
const (
	maxText    = 1024
	maxResults = 25_000
	maxRules   = 25_000
	maxRelated = 100
)

// root is the base of every URI: the folder that files are named from.
const root = "%SRCROOT%"

// Options are how the log is written.
type Options struct {
	Suppressed bool // keep waived findings, as suppressions; GitHub ignores these and would show them as open
}

// Render writes the findings that count under their own ids. Their files are named from the root of the repository; that
// is for the caller to see to.
func Render(o Options) func(io.Writer, *report.Report) error {
	return func(w io.Writer, r *report.Report) error {
		r = r.Printable()
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(build(r, o))
	}
}

func build(r *report.Report, o Options) log {
	out := run{
		Tool:       tool{driver{Name: "archcheck", Version: semver(r.Version), URI: "https://github.com/archcheck/archcheck", Rules: []rule{}}},
		Automation: automation{"archcheck/" + orElse(strings.TrimPrefix(r.System, "system."), "system") + "/"},
		Bases:      map[string]base{root: {text{Text: "The root of the repository."}}},
		ColumnKind: "unicodeCodePoints", Results: []result{},
	}
	index := map[string]int{}
	left := 0
	for _, f := range r.Flat() { // the best ranks first: of too many, the last are left out
		if f.Known || f.Waiver != nil && !o.Suppressed {
			continue
		}
		i, ok := index[f.Rule]
		if len(out.Results) == maxResults || !ok && len(index) == maxRules {
			left++
			continue
		}
		if !ok {
			i = len(out.Tool.Driver.Rules)
			index[f.Rule] = i
			out.Tool.Driver.Rules = append(out.Tool.Driver.Rules, ruleOf(f))
		}
		out.Results = append(out.Results, resultOf(f, i))
	}
	done := invoked{Successful: true}
	if left > 0 {
		done.Notices = []notification{{"warning", text{Text: fmt.Sprintf("%d more findings do not fit into a log of %d results.", left, maxResults)}}}
	}
	out.Invocations = []invoked{done}
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
	help := orElse(orElse(orElse(f.Help, f.Detail), f.Title), f.Rule)
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
	for _, s := range f.Sources {
		if u, err := url.Parse(s); err == nil && u.Scheme == "https" && u.Host != "" {
			out.HelpURI = s
			break
		}
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
	out := result{
		RuleID: f.Rule, RuleIndex: i, Level: level(f.Severity), Message: text{Text: message(f)},
		Locations: []location{{Physical: physicalOf(f.Range), Logical: []logical{{orElse(f.Subject, f.ID)}}}},
		Fingerprints: map[string]string{
			"primaryLocationLineHash": f.Fingerprint + ":1", "archcheckFinding/v1": f.ID,
		},
		Properties: map[string]any{"subject": f.Subject, "severity": f.Severity, "verdict": f.Verdict},
	}
	for k, e := range f.Evidence {
		if e.Range.File == "" || len(out.Related) == maxRelated {
			continue
		}
		out.Related = append(out.Related, location{ID: k + 1, Physical: physicalOf(e.Range), Message: &text{Text: literal(orElse(strings.TrimSpace(e.Address+" "+e.Message), "Here too"))}})
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

// message is the title and what it says here; of its text nothing is a link.
func message(f report.Finding) string {
	parts := slices.DeleteFunc([]string{strings.TrimSpace(f.Title), strings.TrimSpace(f.Detail)}, func(s string) bool { return s == "" })
	return literal(orElse(strings.Join(parts, ": "), f.ID))
}

// literal keeps brackets from being read as a link, which SARIF has in plain messages too.
func literal(s string) string {
	if !strings.Contains(s, "](") {
		return s
	}
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(s)
}

func changes(edits []report.Edit) []change {
	var out []change
	for _, e := range edits {
		uri := uriOf(e.Range.File)
		if len(out) == 0 || out[len(out)-1].Artifact.URI != uri {
			out = append(out, change{Artifact: artifact{uri, root}})
		}
		last := &out[len(out)-1]
		last.Replacements = append(last.Replacements, replacement{regionOf(e.Range), text{Text: e.Text}})
	}
	return out
}

// physicalOf is where a result is shown; it has a width, since an alert without one is drawn nowhere.
func physicalOf(r report.Range) physical {
	at := regionOf(r)
	if at.EndLine == at.StartLine && at.EndColumn == at.StartColumn {
		at.EndColumn++
	}
	return physical{artifact{uriOf(r.File), root}, at}
}

// uriOf is a file as a relative reference, escaped.
func uriOf(file string) string {
	p := orElse(report.Below(file), "unknown")
	return strings.ReplaceAll((&url.URL{Path: p}).EscapedPath(), ":", "%3A") // a colon would make a scheme
}

// regionOf always has its four numbers; the end is exclusive and not before the start.
func regionOf(r report.Range) region {
	out := region{max(1, r.Start.Line), max(1, r.Start.Column), max(1, r.End.Line), max(1, r.End.Column)}
	if out.EndLine < out.StartLine || out.EndLine == out.StartLine && out.EndColumn < out.StartColumn {
		out.EndLine, out.EndColumn = out.StartLine, out.StartColumn
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
