package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func read(t *testing.T, text string) (*Config, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), Name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, _, diags := Read(name, Name)
	return c, diags.Error()
}

func TestRead(t *testing.T) {
	c, errs := read(t, `
fail_on  = "high"
policies = ["rules"]
params {
  amplification_warn = 4
}
rule "RES-011" { severity = "low" }
rule "RES-024" {
  enabled = false
  reason  = "one dependency each"
}
`)
	if errs != "" {
		t.Fatal(errs)
	}
	if c.FailOn != "high" || c.MaxWaiverDays != 180 || c.Params.AmplificationWarn != 4 || c.Params.AmplificationHigh != 10 {
		t.Errorf("%+v", c)
	}
	if len(c.Rules) != 2 || c.Rules[0].Severity != "low" || c.Rules[1].Enabled {
		t.Errorf("rules: %+v", c.Rules)
	}
	if !filepath.IsAbs(c.Policies[0]) || !c.Set["params.amplification_warn"] || c.Set["params.attempts"] {
		t.Errorf("%v %v", c.Policies, c.Set)
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`fail_no = "high"`:                                       `Did you mean "fail_on"?`,
		`fail_on = "hihg"`:                                       "critical, high, medium, low, info",
		"params {\n  amplification_wran = 3\n}":                  "amplification_wran",
		"params {\n  attempts = -1\n}":                           "positive number",
		"rule \"RES-011\" {\n  enabled = false\n}":               "Say why",
		"rule \"A-1\" {}\nrule \"A-1\" {}":                       "configured twice",
		`max_waiver_days = 0`:                                    "at least 1 day",
		`fail_on = `:                                             "Error",
		"rule \"RES-011\" {\n  severity = \"urgent\"\n}":         `"urgent" is no severity`,
		"rule \"RES-011\" {\n  severity = \"low\"\n  x = 1\n}\n": `"x"`,
	} {
		_, errs := read(t, text)
		if errs == "" || want != "Error" && !strings.Contains(errs, want) {
			t.Errorf("%q: got %q, want %q", text, errs, want)
		}
	}
}

func TestCheckSuggests(t *testing.T) {
	c, _ := read(t, `rule "RES-O11" { severity = "low" }`)
	if d := c.Check([]string{"RES-011", "RES-012"}); !strings.Contains(d.Error(), `Did you mean "RES-011"?`) {
		t.Error(d)
	}
}

func TestFindStopsAtTheRepository(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "repo", "a", "b")
	for _, d := range []string{deep, filepath.Join(root, "repo", ".git")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write := func(dir string) string {
		name := filepath.Join(dir, Name)
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	write(root) // outside the repository: never used
	if got, err := Find(deep); got != "" || err != nil {
		t.Errorf("found %q, %v", got, err)
	}
	want := write(filepath.Join(root, "repo"))
	if got, _ := Find(deep); got != want {
		t.Errorf("found %q, want %q", got, want)
	}
}
