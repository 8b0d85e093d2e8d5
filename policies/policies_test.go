package policies_test

import (
	"strings"
	"testing"

	"github.com/archcheck/archcheck/policies"
)

const maxLines = 250 // house rule for a policy file

func TestModulesAreSortedApartAndSmall(t *testing.T) {
	seen := map[string]string{}
	for name, mods := range map[string][]policies.Module{
		"lib": policies.Lib(), "rules": policies.Rules(), "stock": policies.Stock(), "tests": policies.Tests(),
		"presence": policies.Presence(), "forces": policies.Forces(),
	} {
		if len(mods) == 0 {
			t.Errorf("no module in %s", name)
		}
		last := ""
		for _, m := range mods {
			if m.Path <= last {
				t.Errorf("%s: %s comes after %s", name, m.Path, last)
			}
			last = m.Path
			if other, twice := seen[m.Path]; twice {
				t.Errorf("%s is in %s and in %s", m.Path, other, name)
			}
			seen[m.Path] = name
			if n := strings.Count(m.Source, "\n"); n > maxLines {
				t.Errorf("%s has %d lines, more than %d: split it by pattern or move arithmetic into a fact", m.Path, n, maxLines)
			}
		}
	}
}

// A pattern with more rules than a file holds has several: circuit_breaker.rego and circuit_breaker_fit.rego are one package.
func TestRulesLiveInThePackageOfTheirPath(t *testing.T) {
	for _, m := range policies.Rules() {
		path := strings.TrimSuffix(m.Path, ".rego")
		want := "archcheck.rules." + strings.ReplaceAll(path, "/", ".")
		got := ""
		for _, line := range strings.Split(m.Source, "\n") {
			if p, ok := strings.CutPrefix(line, "package "); ok {
				got = p
				break
			}
		}
		if got != want && !strings.HasPrefix(want, got+"_") {
			t.Errorf("%s is package %s, want %s or the part of it before an underscore", m.Path, got, want)
		}
	}
}
