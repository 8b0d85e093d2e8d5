package policies_test

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/edit"
	"github.com/archcheck/archcheck/dsl/model"
)

// Fixtures are descriptions that run through the whole pipeline: load, facts, policies. testdata/<category>/<rule>.txtar
// belongs to one rule, named by the file (res-002.txtar); every section of it is a model of its own, and its name says
// what it shows. The section "common" is part of every model; `system "s" {}` is added where nothing states a system.
// Expectations stand beside their cause, on any line of the subject's block:
//
//	circuit_breaker = {}   # want RES-002              a finding, violation or risk
//	circuit_breaker = {}   # want RES-002 high risk    with the card's severity before modifiers, and the verdict
//	circuit_breaker = {}   # want? RES-002             a question
//	circuit_breaker = {}   # want? RES-002 needs service.a.scale.replicas    a question that says what to state
//	call "b" {}            # want SYS-001 on journey.web.api/checkout        a computed subject has no block
//	circuit_breaker = {}   # want RES-002 says "until 100 calls"             with this text in the message
//
// testdata/boundaries holds the values on both sides of what a rule compares with.
//
// A section is judged by the rule of its file and by all rules that its expectations name: what is expected and missing
// fails, and so does what comes unexpected. Every file has a section in which its rule fires and one in which it is
// silent; of a rule that can never be sure (the comment above the sections says "only asks"), one in which it asks. Beyond
// that, every finding's message must have values for what it prints, and its first fix, where it is more
// than advice, must clear the finding.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	eng, err := engine.New(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cards := map[string]*analyzer.Card{}
	for _, c := range eng.Cards() {
		cards[c.ID] = c
		if !c.Plain() && len(c.Cases) != len(c.Severities) {
			t.Errorf("%s lists several severities and does not say when each is right", c.ID)
		}
	}
	for _, file := range files {
		rule := strings.ToUpper(strings.TrimSuffix(filepath.Base(file), ".txtar"))
		t.Run(rule, func(t *testing.T) {
			if cards[rule] == nil {
				t.Fatalf("%s belongs to no rule", file)
			}
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fires, silent := false, false
			asks := strings.Contains(string(ar.Comment), "only asks")
			var common []byte
			for _, section := range ar.Files {
				if section.Name == "common" {
					common = section.Data
					continue
				}
				wants := parseWants(t, string(section.Data))
				expected := slices.ContainsFunc(wants, func(w *want) bool { return w.rule == rule })
				fires = fires || slices.ContainsFunc(wants, func(w *want) bool { return w.rule == rule && w.question == asks })
				silent = silent || !expected
				t.Run(section.Name, func(t *testing.T) { runFixture(t, eng, rule, modelOf(section, common), wants) })
			}
			if !fires || !silent {
				t.Errorf("%s needs a section in which %s fires (%v) and one in which it is silent (%v)", file, rule, fires, silent)
			}
		})
	}
}

// modelOf is the files of one section: its own first.
func modelOf(section txtar.File, common []byte) []model.File {
	files := []model.File{{Name: section.Name, Bytes: section.Data}}
	if len(common) > 0 {
		files = append(files, model.File{Name: "common", Bytes: common})
	}
	if !strings.Contains(string(section.Data)+string(common), "system \"") {
		files = append(files, model.File{Name: "system", Bytes: []byte("system \"s\" {}\n")})
	}
	return files
}

// want is one expectation.
type want struct {
	rule     string
	question bool
	line     int32
	words    []string // severity, verdict
	on       string
	needs    string
	says     string
	met      bool
}

var wantForm = regexp.MustCompile(`# want(\?)? ([A-Z]+-[0-9]{3})(.*)$`)

func parseWants(t *testing.T, src string) []*want {
	t.Helper()
	var out []*want
	for i, line := range strings.Split(src, "\n") {
		m := wantForm.FindStringSubmatch(line)
		if m == nil {
			if strings.Contains(line, "# want") {
				t.Fatalf("line %d: an expectation is \"# want RULE …\" or \"# want? RULE …\"", i+1)
			}
			continue
		}
		w := &want{rule: m[2], question: m[1] != "", line: int32(i + 1)}
		rest, says, _ := strings.Cut(m[3], " says ")
		w.says = strings.Trim(strings.TrimSpace(says), `"`)
		words := strings.Fields(rest)
		for k := 0; k < len(words); k++ {
			switch {
			case (words[k] == "on" || words[k] == "needs") && k+1 < len(words):
				if words[k] == "on" {
					w.on = words[k+1]
				} else {
					w.needs = words[k+1]
				}
				k++
			default:
				w.words = append(w.words, words[k])
			}
		}
		out = append(out, w)
	}
	return out
}

// evaluate judges the subjects of some kinds only: most rules are about others.
func evaluate(t *testing.T, eng *engine.Engine, files []model.File, kinds map[string]bool) (*model.Model, []analyzer.Raw) {
	t.Helper()
	m, diags := dsl.Parse(slices.Clone(files))
	if diags.HasErrors() {
		t.Fatalf("does not load: %v\n%s", diags, files[0].Bytes)
	}
	params := facts.DefaultParams()
	params.Today = "2027-01-01" // waivers and flags are judged by a date
	f := facts.Compute(m, params)
	res, err := eng.Eval(context.Background(), func(kind string) []facts.Document {
		if !kinds[kind] {
			return nil
		}
		return f.Documents(kind)
	})
	if err != nil {
		t.Fatal(err)
	}
	return m, res.Raws
}

func runFixture(t *testing.T, eng *engine.Engine, rule string, files []model.File, wants []*want) {
	judged, kinds := map[string]bool{rule: true}, map[string]bool{}
	for _, w := range wants {
		judged[w.rule] = true
	}
	for _, c := range eng.Cards() {
		if judged[c.ID] {
			kinds[c.Subject] = true
		}
	}
	m, raws := evaluate(t, eng, files, kinds)
	for i := range raws {
		r := &raws[i]
		if !judged[r.Card.ID] || r.Verdict < analyzer.Question {
			continue
		}
		w := match(m, wants, r)
		if w == nil {
			t.Errorf("unexpected %s %s %s on %s: %s", r.Verdict, r.Severity, r.Card.ID, r.Subject, r.Detail)
			continue
		}
		w.met = true
		if w.says != "" && !strings.Contains(r.Detail, w.says) {
			t.Errorf("line %d: %s says %q, want %q in it", w.line, r.Card.ID, r.Detail, w.says)
		}
		if w.needs != "" && !asksFor(r, w.needs) {
			t.Errorf("line %d: %s asks without naming %s; unknown facts: %s", w.line, r.Card.ID, w.needs, unknowns(r))
		}
		if r.Verdict >= analyzer.Risk {
			checkMessage(t, r)
			checkFix(t, eng, m, r)
		} else if unknowns(r) == "" {
			t.Errorf("%s asks on %s, but none of its facts is unknown", r.Card.ID, r.Subject)
		}
	}
	for _, w := range wants {
		if !w.met {
			t.Errorf("line %d: %s does not answer as expected", w.line, w.rule)
		}
	}
}

// match finds the expectation that a result meets.
func match(m *model.Model, wants []*want, r *analyzer.Raw) *want {
	for _, w := range wants {
		if w.met || w.rule != r.Card.ID || w.question != (r.Verdict == analyzer.Question) {
			continue
		}
		if slices.ContainsFunc(w.words, func(x string) bool { return x != r.Severity.String() && x != r.Verdict.String() }) {
			continue
		}
		if w.on != "" {
			if w.on == string(r.Subject) {
				return w
			}
			continue
		}
		if e := m.Lookup(r.Subject); e != nil {
			if b := e.Self().Body; b.Start.Line <= w.line && w.line <= b.End.Line {
				return w
			}
		}
	}
	return nil
}

func asksFor(r *analyzer.Raw, need string) bool {
	return slices.ContainsFunc(r.Facts, func(f analyzer.Fact) bool {
		return f.State == model.Unknown.String() && (slices.Contains(f.Needs, need) || strings.HasSuffix("."+need, "."+f.Path) ||
			strings.HasSuffix(need, strings.TrimPrefix(strings.TrimPrefix(f.Path, "subject"), "from")))
	})
}

func unknowns(r *analyzer.Raw) string {
	var out []string
	for _, f := range r.Facts {
		if f.State == model.Unknown.String() {
			out = append(out, fmt.Sprintf("%s (%s, needs %v)", f.Name, f.Path, f.Needs))
		}
	}
	return strings.Join(out, ", ")
}

// checkMessage refuses a message that prints what nobody knows, or what a reader cannot read.
func checkMessage(t *testing.T, r *analyzer.Raw) {
	t.Helper()
	for _, bad := range []string{"unknown", "{", "}", "  ", "none requests", " ."} {
		if strings.Contains(r.Detail, bad) {
			t.Errorf("%s on %s: the message has %q: %s", r.Card.ID, r.Subject, bad, r.Detail)
		}
	}
	if !strings.HasSuffix(r.Detail, ".") {
		t.Errorf("%s on %s: the message is no whole sentence: %s", r.Card.ID, r.Subject, r.Detail)
	}
}

// checkFix applies the first fix and evaluates again: the finding must be gone.
func checkFix(t *testing.T, eng *engine.Engine, m *model.Model, r *analyzer.Raw) {
	t.Helper()
	if len(r.Fixes) == 0 {
		t.Errorf("%s on %s offers no fix", r.Card.ID, r.Subject)
		return
	}
	var ops []edit.Op
	for _, op := range r.Fixes[0].Ops {
		if op.Advise != "" {
			continue
		}
		at := op.At
		if at == "" && op.Add == "" {
			at = r.Subject
		}
		ops = append(ops, edit.Op{At: at, Set: op.Set, Unset: op.Unset, Add: op.Add, Label: op.Label, Value: op.Value})
	}
	if len(ops) == 0 {
		return
	}
	plan, err := edit.New(m).Plan(ops)
	if err != nil {
		t.Errorf("%s on %s: fix %q cannot be applied: %v", r.Card.ID, r.Subject, r.Fixes[0].Title, err)
		return
	}
	changed := edit.Apply(m.Files, plan.Edits)
	files := slices.Clone(m.Files)
	for i, f := range files {
		if src, ok := changed[f.Name]; ok {
			files[i].Bytes = src
		}
	}
	_, again := evaluate(t, eng, files, map[string]bool{r.Card.Subject: true})
	for _, x := range again {
		if x.Card.ID == r.Card.ID && x.Subject == r.Subject && x.Verdict >= analyzer.Risk {
			t.Errorf("%s on %s is still there after %q: %s\n%s", r.Card.ID, r.Subject, r.Fixes[0].Title, x.Detail, plan.HCL)
		}
	}
}
