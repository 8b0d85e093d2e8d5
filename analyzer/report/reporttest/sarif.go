package reporttest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

type sarifText struct{ Text, Markdown string }

type sarifRegion struct{ StartLine, StartColumn, EndLine, EndColumn int }

type sarifFile struct{ URI, URIBaseID string }

type sarifPlace struct {
	ID               int
	PhysicalLocation struct {
		ArtifactLocation sarifFile
		Region           sarifRegion
	}
	Message *sarifText
}

type sarifLog struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name  string
				Rules []struct {
					ID                                      string
					ShortDescription, FullDescription, Help sarifText
					HelpURI                                 *string
					Properties                              struct{ Tags []string }
				}
			}
		}
		AutomationDetails  struct{ ID string }
		OriginalURIBaseIDs map[string]struct{ URI *string }
		Invocations        []struct{ ToolExecutionNotifications []struct{ Message sarifText } }
		Results            *[]sarifResult
	}
}

type sarifResult struct {
	RuleID              string
	RuleIndex           int
	Level               string
	Message             sarifText
	Locations           []sarifPlace
	RelatedLocations    []sarifPlace
	PartialFingerprints map[string]string
	Fixes               []struct {
		Description     sarifText
		ArtifactChanges []struct {
			ArtifactLocation sarifFile
			Replacements     []struct {
				DeletedRegion   *sarifRegion
				InsertedContent *struct{ Text string }
			}
		}
	}
	Suppressions []struct{ Justification string }
}

var lineHash = regexp.MustCompile(`^[0-9a-f]{16}:[0-9]+$`)

// SARIF reads a log as GitHub's code scanning does, which demands more than the schema: texts that are not empty, four
// numbers of a region, relative URIs below a base, a fingerprint of its own for every result, its limits. The results are
// those of the report; suppressed says that waived ones are among them.
func SARIF(b []byte, r *report.Report, suppressed bool) error {
	x := &reading{}
	var log sarifLog
	if err := json.Unmarshal(b, &log); err != nil {
		return err
	}
	x.must(log.Version == "2.1.0" && log.Schema != "", "version %q, schema %q", log.Version, log.Schema)
	if len(log.Runs) != 1 {
		return fmt.Errorf("%d runs", len(log.Runs))
	}
	run := log.Runs[0]
	if run.Results == nil {
		return fmt.Errorf("no results, not even none")
	}
	x.must(run.Tool.Driver.Name != "", "the driver has no name")
	x.must(strings.HasSuffix(run.AutomationDetails.ID, "/") && len(run.AutomationDetails.ID) > 1, "category %q", run.AutomationDetails.ID)
	x.must(len(run.Tool.Driver.Rules) <= 25_000 && len(*run.Results) <= 25_000, "%d rules, %d results", len(run.Tool.Driver.Rules), len(*run.Results))
	seen := map[string]bool{}
	for _, rule := range run.Tool.Driver.Rules {
		x.must(rule.ID != "" && !seen[rule.ID], "rule %q twice or without a name", rule.ID)
		seen[rule.ID] = true
		for what, s := range map[string]string{"short": rule.ShortDescription.Text, "full": rule.FullDescription.Text, "help": rule.Help.Text, "markdown": rule.Help.Markdown} {
			x.must(strings.TrimSpace(s) != "", "rule %s: %s text is empty", rule.ID, what)
		}
		x.must(len([]rune(rule.ShortDescription.Text)) <= 1024 && len([]rune(rule.FullDescription.Text)) <= 1024, "rule %s: longer than 1,024 characters", rule.ID)
		x.must(len(rule.Properties.Tags) <= 20, "rule %s: %d tags", rule.ID, len(rule.Properties.Tags))
		x.must(rule.HelpURI == nil || strings.HasPrefix(*rule.HelpURI, "https://"), "rule %s: help at %v", rule.ID, rule.HelpURI)
	}
	bases := func(what string, f sarifFile) {
		x.reference(what, f.URI)
		_, ok := run.OriginalURIBaseIDs[f.URIBaseID]
		x.must(ok, "%s: nothing says what %q stands for", what, f.URIBaseID)
	}
	for id, base := range run.OriginalURIBaseIDs {
		x.must(base.URI == nil, "%s names a place on one machine", id)
	}
	levels := map[string]string{}
	for _, f := range r.Flat() {
		levels[f.Rule+"@"+f.Fingerprint] = map[string]string{"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}[f.Severity]
	}
	prints := map[string]bool{}
	for i, res := range *run.Results {
		what := fmt.Sprintf("result %d (%s)", i, res.RuleID)
		x.must(res.RuleIndex >= 0 && res.RuleIndex < len(run.Tool.Driver.Rules) && run.Tool.Driver.Rules[res.RuleIndex].ID == res.RuleID, "%s: rule index %d", what, res.RuleIndex)
		x.must(strings.TrimSpace(res.Message.Text) != "", "%s: no message", what)
		hash := res.PartialFingerprints["primaryLocationLineHash"]
		x.must(lineHash.MatchString(hash) && !prints[hash], "%s: fingerprint %q", what, hash)
		prints[hash] = true
		want := levels[res.RuleID+"@"+strings.TrimSuffix(hash, ":1")]
		x.must(res.Level == want, "%s: level %q, want %q", what, res.Level, want)
		x.must(len(res.Locations) == 1, "%s: %d locations", what, len(res.Locations))
		for _, p := range res.Locations {
			bases(what, p.PhysicalLocation.ArtifactLocation)
			x.must(p.PhysicalLocation.Region.shown(), "%s: region %+v", what, p.PhysicalLocation.Region)
		}
		ids := map[int]bool{}
		for _, p := range res.RelatedLocations {
			bases(what, p.PhysicalLocation.ArtifactLocation)
			x.must(p.ID > 0 && !ids[p.ID] && p.Message != nil && strings.TrimSpace(p.Message.Text) != "" && p.PhysicalLocation.Region.shown(), "%s: related place %d", what, p.ID)
			ids[p.ID] = true
		}
		for _, f := range res.Fixes {
			x.must(strings.TrimSpace(f.Description.Text) != "" && len(f.ArtifactChanges) > 0, "%s: a fix without words or changes", what)
			for _, c := range f.ArtifactChanges {
				bases(what, c.ArtifactLocation)
				x.must(len(c.Replacements) > 0, "%s: a change without replacements", what)
				for _, rep := range c.Replacements {
					x.must(rep.DeletedRegion != nil && rep.DeletedRegion.ordered() && rep.InsertedContent != nil, "%s: replacement %+v", what, rep)
				}
			}
		}
	}
	t := totalsOf(r)
	n := t.counted
	if suppressed {
		n += t.waived
	}
	x.must(len(*run.Results) == min(n, 25_000), "%d results, the report has %d", len(*run.Results), n)
	x.must(n <= 25_000 || len(run.Invocations) == 1 && len(run.Invocations[0].ToolExecutionNotifications) == 1, "results are left out and nothing says so")
	return x.err()
}

// ordered demands four numbers from 1, the end not before the start.
func (g sarifRegion) ordered() bool {
	return g.StartLine >= 1 && g.StartColumn >= 1 && g.EndLine >= g.StartLine && g.EndColumn >= 1 && (g.EndLine > g.StartLine || g.EndColumn >= g.StartColumn)
}

// shown demands a width too.
func (g sarifRegion) shown() bool {
	return g.ordered() && (g.EndLine > g.StartLine || g.EndColumn > g.StartColumn)
}
