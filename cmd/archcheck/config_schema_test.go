package main

import (
	"testing"
)

// TestConfigMatchesItsSchema holds the published schema of the configuration to what the reader takes and refuses.
func TestConfigMatchesItsSchema(t *testing.T) {
	schema := compile(t, run(t, 0, "schema", "config", "-o", "json"))
	t.Chdir(t.TempDir())
	put(t, "system.hcl", "system \"shop\" {}\n\nservice \"a\" {}\n")
	for _, c := range []struct {
		json, hcl string
		valid     bool
	}{
		{`{}`, ``, true},
		{`{"policies": [], "fail_on": "low", "max_waiver_days": 30, "count_risks": true, "strict_waivers": true}`,
			"policies = []\nfail_on = \"low\"\nmax_waiver_days = 30\ncount_risks = true\nstrict_waivers = true", true},
		{`{"params": {"chatty": 12, "spof_blast": 0.4}}`, "params {\n chatty = 12\n spof_blast = 0.4\n}", true},
		{`{"rule": {"RES-011": {"severity": "low"}, "RES-012": {"enabled": false, "reason": "x"}}}`, "rule \"RES-011\" { severity = \"low\" }\nrule \"RES-012\" {\n enabled = false\n reason = \"x\"\n}", true},
		{`{"fail_on": "grave"}`, `fail_on = "grave"`, false},
		{`{"max_waiver_days": 0}`, `max_waiver_days = 0`, false},
		{`{"params": {"chatty": -1}}`, "params { chatty = -1 }", false},
		{`{"params": {"chaty": 1}}`, "params { chaty = 1 }", false},
		{`{"fail_onn": "low"}`, `fail_onn = "low"`, false},
		{`{"rule": {"RES-011": {"severity": "grave"}}}`, `rule "RES-011" { severity = "grave" }`, false},
	} {
		if err := schema.Validate(instance(t, []byte(c.json))); (err == nil) != c.valid {
			t.Errorf("schema, %s: %v", c.json, err)
		}
		put(t, ".archcheck.hcl", c.hcl+"\n")
		if _, errs, code := quietly("config", "show", "system.hcl"); (code == 0) != c.valid {
			t.Errorf("config show, %s: exit %d %s", c.hcl, code, errs)
		}
	}
}
