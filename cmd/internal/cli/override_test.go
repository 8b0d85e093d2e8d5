package cli

import (
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/cmd/internal/config"
	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

// TestSeverityOverridesEveryRule sets one severity for all rules and evaluates, for every rule, a system on which it
// fires: each finding has the severity that was set, whatever letters and modifiers its card has.
func TestSeverityOverridesEveryRule(t *testing.T) {
	eng, err := engine.New(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	for _, c := range eng.Cards() {
		cfg.Rules = append(cfg.Rules, config.Rule{ID: c.ID, Enabled: true, Severity: "low"})
	}
	a := &app{Streams: Streams{Out: io.Discard, Err: io.Discard}}
	a.global.asOf = "2026-11-22"
	seen := map[string]bool{}
	for rule, src := range firing(t) {
		m, diags := dsl.Parse([]model.File{{Name: "system.hcl", Bytes: src}})
		if diags.HasErrors() {
			t.Errorf("%s: %v", rule, diags)
			continue
		}
		ev, err := a.evaluateModel(t.Context(), m, cfg, selection{}, analyzer.Info, nil)
		if err != nil {
			continue // a model in which nothing is to be judged
		}
		for _, f := range ev.result.Findings {
			seen[f.Rule] = true
			for _, id := range f.Subsumes {
				seen[id[:strings.IndexByte(id, '@')]] = true
			}
			if f.Severity != analyzer.Low {
				t.Errorf("%s is %s", f.ID(), f.Severity)
			}
		}
	}
	missed := 0
	for _, c := range eng.Cards() {
		if !seen[c.ID] {
			missed++
			t.Logf("%s fires nowhere here", c.ID)
		}
	}
	if all := len(eng.Cards()); missed > all/10 {
		t.Errorf("%d of %d rules fire on no system", missed, all)
	}
}

// firing is one section of each rule's fixtures in which it fires, by rule.
func firing(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "policies", "testdata", "*", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	out := map[string][]byte{}
	for _, file := range files {
		rule := strings.ToUpper(strings.TrimSuffix(filepath.Base(file), ".txtar"))
		fires := regexp.MustCompile(`#\s*want ` + rule + `\b`)
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var common []byte
		for _, s := range ar.Files {
			if s.Name == "common" {
				common = s.Data
			} else if out[rule] == nil && fires.Match(s.Data) {
				out[rule] = withSystem(append(append([]byte{}, s.Data...), common...))
			}
		}
	}
	return out
}
