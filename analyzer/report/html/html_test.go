package html

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/report"
)

func render(t *testing.T, p Page) string {
	t.Helper()
	var b strings.Builder
	if err := Render(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// between is what stands between two strings, each of which has to occur.
func between(t *testing.T, s, open, shut string) string {
	t.Helper()
	_, rest, ok := strings.Cut(s, open)
	out, _, ok2 := strings.Cut(rest, shut)
	if !ok || !ok2 {
		t.Fatalf("no %s … %s", open, shut)
	}
	return out
}

// hostile are names that HTML, an attribute, a URL or a script would read as its own.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</script><b>`, `</style>`, `'-alert(1)-'`, `javascript:alert(1)`, "a\nb", "</pre>",
	`"];x[`, `<!--`, `]]>`, "{{.}}", "\u202emoc", "😀", strings.Repeat("n", 300), "\u2028", "& < >",
}

var (
	value   = regexp.MustCompile(`="[^"]*"`)
	handler = regexp.MustCompile(`<[^<>]*\son[a-z]+=[^<>]*>`)
)

// TestHostileNamesAreText puts hostile names into every field and finds no tag, attribute or script of theirs.
func TestHostileNamesAreText(t *testing.T) {
	for _, name := range hostile {
		f := report.Fact{Value: 3.0, Text: name, From: name, Where: name, State: "stated", Assumes: []string{name}}
		id := anchor("service." + name)
		r := &report.Report{
			System: "system." + name, Files: []report.File{{Path: name, SHA256: name}}, Summary: report.Summary{Severities: report.Severities{High: 1}, Add: 1},
			Findings: []report.Finding{{
				ID: "RES-001@service." + name, Rule: "RES-001", Title: name, Severity: "high", Verdict: "violation", Subject: "service." + name,
				Subjects: []string{name}, Subsumes: []string{name}, Detail: name, Summary: name, Pattern: "resilience/timeout",
				Range: report.Range{File: name}, Evidence: []report.Evidence{{Address: name, Message: name}}, Facts: map[string]report.Fact{name: f},
				FactOrder: []string{name}, Fixes: []report.Fix{{Lines: []report.Change{{Action: "add", Line: 3, Text: name, Was: name}}}},
			}},
			Questions:   []report.Question{{Path: name, Subjects: []string{name}, Rules: []string{name}, Hint: name}},
			Assumptions: []report.Assumption{{Text: name, Unit: name, Findings: []string{name}}},
			Waivers:     []report.Waiver{{Rule: name, Subject: name, Reason: name, Owner: name, Ticket: name, Expires: name, Nearest: name}},
			Patterns:    []report.Pattern{{ID: "resilience/timeout", Present: []string{name}, Missing: []string{name}}},
			Rules:       []report.Rule{{ID: name, Title: name, Pattern: "resilience/timeout", Help: name, TradeOffs: name, WaiveWhen: name, Sources: []string{name}}},
			Journeys: []report.Journey{{Address: "journey." + name, Verdict: "misses", Predicted: f, Objective: f, Lost: f, Budget: f, Rate: f,
				Heaviest: []report.Share{{Address: name}}, Gains: []report.Gain{{What: name, Lost: f}}}},
		}
		out := render(t, Page{
			Report: r, Views: []View{{ID: "findings", Name: name, Question: name, SVG: []byte(`<svg viewBox="0 0 1 1"></svg>`), Home: map[string]string{name: id}}},
			Parts: []Part{{ID: id, Name: name, Kind: name, Where: name, Members: []string{name}, Findings: []string{r.Findings[0].ID}, Facts: []Fact{{name, name, name, name}}}},
			Cards: []Card{{ID: "resilience/timeout", Name: name, BestFor: name, TradeOff: name, Overview: []string{name}}},
		})
		plain := render(t, Page{Report: &report.Report{System: "system.s"}, Views: []View{{SVG: []byte("<svg></svg>")}}})
		for _, tag := range []string{"<script", "</script", "<style", "<img", "<!--"} {
			if got, want := strings.Count(strings.ToLower(out), tag), strings.Count(strings.ToLower(plain), tag); got != want {
				t.Errorf("%q: %d times %s, want %d", name, got, tag, want)
			}
		}
		markup := value.ReplaceAllString(strings.Replace(out, between(t, out, "<script>", "</script>"), "", 1), "=")
		if m := handler.FindString(markup); m != "" {
			t.Errorf("%q: handler in %s", name, m)
		}
		for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(out, -1) {
			if !strings.HasPrefix(m[1], "#") {
				t.Errorf("%q: link to %s", name, m[1])
			}
		}
		var back data
		if err := json.Unmarshal([]byte(between(t, out, `id="data">`, "</script>")), &back); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if p, ok := back.Parts[id]; !ok || p.Name != name || p.Facts[0][1] != name || back.Findings[0].Title != name {
			t.Errorf("%q: the script is told %+v", name, back.Parts)
		}
	}
}

// TestPolicy: the policy lets in the page's own style sheet and script, by their hashes, and nothing else.
func TestPolicy(t *testing.T) {
	out := render(t, Page{Report: &report.Report{System: "system.s"}, Colors: ".view [fill=\"#fff\"]{fill:#000}\n"})
	policy := strings.ReplaceAll(between(t, out, `http-equiv="Content-Security-Policy" content="`, `"`), "&#39;", "'")
	policy = strings.ReplaceAll(policy, "&#43;", "+")
	want := "default-src 'none'"
	for _, part := range []struct{ name, text string }{{"style", between(t, out, "<style>", "</style>")}, {"script", between(t, out, "<script>", "</script>")}} {
		sum := sha256.Sum256([]byte(part.text))
		want += "; " + part.name + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	if want += "; img-src data:; base-uri 'none'; form-action 'none'"; policy != want {
		t.Errorf("policy %s\nwant   %s", policy, want)
	}
	for _, bad := range []string{" style=", "unsafe", "http:", "@import", "url("} {
		if strings.Contains(out, bad) {
			t.Errorf("the page contains %s", bad)
		}
	}
}

// TestCleanSystem says that nothing is to be done, and shows no empty section.
func TestCleanSystem(t *testing.T) {
	out := render(t, Page{Report: &report.Report{System: "system.s"}})
	if strings.Count(out, "No recommendations") != 2 { // verdict and section
		t.Error("a clean system is not said to be clean")
	}
	for _, section := range []string{"journeys", "questions", "waivers"} {
		if strings.Contains(out, `id="`+section+`"`) {
			t.Errorf("section %s has nothing to say", section)
		}
	}
}

// TestOpenSystem: where a check in twenty and more waits for facts, or findings are hidden, no page calls the system well.
func TestOpenSystem(t *testing.T) {
	r := &report.Report{System: "system.s", Coverage: report.Coverage{Applicable: 400, NotEvaluable: 21}}
	out := render(t, Page{Report: r})
	if !strings.Contains(out, `class="verdict open"`) || !strings.Contains(out, "No recommendations so far: 21 of 400 checks wait for facts.") {
		t.Error("the page does not say how much is open")
	}
	r.Summary.Hidden = 2
	hidden := render(t, Page{Report: r})
	if !strings.Contains(hidden, "No recommendations at this severity; 2 findings below it.") {
		t.Error("the page does not say what it hides")
	}
	if strings.Contains(out+hidden, "is in place") {
		t.Error("the page calls a system well of which it cannot know")
	}
}

// TestBars: the scale ends five percent beyond the largest; what is over the budget starts there; each step says what it
// saves against the one before.
func TestBars(t *testing.T) {
	at := func(v float64) report.Fact { return report.Fact{Value: v, Text: "x", Lo: &v, Hi: &v} }
	lo, hi := 50.0, 500.0
	lost := report.Fact{Value: 200.0, Text: "200 min", Lo: &lo, Hi: &hi}
	got := bars(report.Journey{Lost: lost, Budget: at(42), Gains: []report.Gain{{What: "outbox", Lost: at(126)}, {What: "async", Lost: at(21)}}})
	want := []Bar{ // by hand: 210 is 100 %
		{"today", "200 min", "95.24%", "20.00%", "75.24%", "20.00%", "23.81%", "76.19%", "base", ""},
		{"outbox", "x", "60.00%", "20.00%", "40.00%", "20.00%", "", "", "base", "74.0 min"},
		{"async", "x", "10.00%", "", "", "20.00%", "", "", "good", "105.0 min"},
	}
	if len(got) != len(want) {
		t.Fatalf("%d bars", len(got))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got  %+v\nwant %+v", got[i], want[i])
		}
	}
	if bars(report.Journey{}) != nil {
		t.Error("a journey of which nothing is known has bars")
	}
}

// Nobody takes no time: a latency of which nothing is stated has no bar. What may be needed is counted as a range.
func TestNothingStated(t *testing.T) {
	at := func(v float64) report.Fact { return report.Fact{Value: v, Text: "x", Lo: &v, Hi: &v} }
	got := lookup{}.Times(report.Journey{Latency: report.Latency{Healthy: at(0), Worst: at(0), Deadline: at(3000)}})
	if len(got) != 1 || got[0].Label != "the client waits" {
		t.Errorf("times %+v, want the client's patience alone", got)
	}
	if got := needed(report.Journey{Parts: 1, PartsMost: 3}) + "; " + needed(report.Journey{Parts: 1, PartsMost: 1}); got != "1 to 3 parts; 1 part" {
		t.Errorf("counted %q", got)
	}
}

func TestGlued(t *testing.T) {
	got := glued("It waits 2.65 s of 30 s (14 %), 12 services, 3 seconds, 43.2 min.")
	if want := "It waits 2.65\u00a0s of 30\u00a0s (14\u00a0%), 12 services, 3 seconds, 43.2\u00a0min."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
