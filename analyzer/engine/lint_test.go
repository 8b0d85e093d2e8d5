package engine

import (
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/policies"
)

func lintOwn(text, kind string) error {
	text = "package custom.acme\n\n" + imports(text) + strings.ReplaceAll(text, "subject: call", "subject: "+kind)
	e, err := build(embedded(policies.Lib()), []*source{{path: "p.rego", own: true, text: text}}, nil, facts.Schema)
	if err != nil {
		return err
	}
	return e.lint()
}

// TestLints: each policy compiles and is wrong in one way.
func TestLints(t *testing.T) {
	one := card("ACME-001", "")
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"fact compared":         {one + `r contains "x" if input.system.slo.availability < 5`, []string{"p.rego:7:", "Whole fact is compared", "input.system.slo.availability.value", "lib.below"}},
		"fact by name":          {one + "r contains \"x\" if {\n\ta := input.system.slo.availability\n\ta >= 1\n}", []string{"p.rego:9:", "lib.at_least"}},
		"fact in a helper":      {one + "r contains \"x\" if low\n\nlow if input.system.slo.availability > 1", []string{"p.rego:9:", "lib.above"}},
		"not equal":             {one + `r contains "x" if not input.system.tenancy.value == "multi"`, []string{"p.rego:7:", "Not before a value", "lib.unless"}},
		"not greater":           {one + `r contains "x" if not input.system.slo.availability.value > 1`, []string{"Not before a value"}},
		"not in":                {one + `r contains "x" if not input.system.tenancy.value in {"a"}`, []string{"Not before a value"}},
		"not a call":            {one + `r contains "x" if not startswith(input.system.tenancy.value, "m")`, []string{"Not before a value"}},
		"not a helper":          {one + "r contains \"x\" if not multi(input.system.tenancy)\n\nmulti(f) if f.value == \"multi\"", []string{"p.rego:7:", "Not before a value"}},
		"not over a helper":     {one + "r contains \"x\" if not val(input.system.slo.availability) > 1\n\nval(f) := f.value", []string{"Not before a value"}},
		"result key":            {one + `r contains {"verdict": "risk", "evidnce": []} if input.addr`, []string{"Unknown key in a result", `"evidence"`}},
		"verdict word":          {one + `r contains {"verdict": "bad"} if input.addr`, []string{"Unknown verdict"}},
		"verdict computed":      {one + `r contains {"verdict": lower(input.addr)} if input.addr`, []string{"Verdict is not from lib", "lower"}},
		"no verdict":            {one + `r contains {"facts": {}} if input.addr`, []string{"no verdict"}},
		"severity off the card": {strings.Replace(one, "severity: high", "severities: [high, low]", 1) + `r contains {"verdict": "risk", "severity": "info"} if input.addr`, []string{"not on the card"}},
		"severity not chosen":   {strings.Replace(one, "severity: high", "severities: [high, low]", 1) + `r contains {"verdict": "risk"} if input.addr`, []string{"chooses no severity"}},
		"text of a slash card":  {strings.Replace(one, "severity: high", "severities: [high, low]", 1) + `r contains "x" if input.addr`, []string{"chooses no severity", "object"}},
		"say":                   {card("ACME-001", `, say: "Has {rat}."`) + `r contains {"verdict": "risk", "facts": {"rate": 1}} if input.addr`, []string{"result lacks", "{rat}", `"rate"`}},
		"say of a result":       {one + `r contains {"verdict": "risk", "say": "Has {x}."} if input.addr`, []string{"result lacks", "{x}"}},
		"fix key":               {one + `r contains {"verdict": "risk", "fix": [{"set": "team", "valeu": "a"}]} if input.addr`, []string{"Unknown key in a fix", `"value"`}},
		"fix attribute":         {one + `r contains {"verdict": "risk", "fix": [{"set": "tenency", "value": "multi"}]} if input.addr`, []string{"language lacks", `Did you mean "tenancy"?`}},
		"fix inside":            {one + `r contains {"verdict": "risk", "fix": [{"set": "slo.availabilty", "value": "99.9%"}]} if input.addr`, []string{"system.slo has no", `Did you mean "availability"?`}},
		"fix type":              {one + `r contains {"verdict": "risk", "fix": [{"set": "tenancy", "value": 1}]} if input.addr`, []string{"wrong type", "a word"}},
		"foreign data":          {one + `r contains "x" if data.params.attempts > 1`, []string{"outside the package", "input.system.params"}},
	} {
		t.Run(name, func(t *testing.T) { wantProblem(t, lintOwn(c.text, "system"), c.want...) })
	}
}

func TestLintsLeaveGoodRulesAlone(t *testing.T) {
	for name, text := range map[string]string{
		"nobody said":    `r contains "Say it" if not input.system.tenancy.value`,
		"values":         "r contains \"x\" if {\n\tinput.system.slo.availability.value < 0.5\n\tv := input.system.tenancy.value\n\tnot v == \"multi\"\n}",
		"library":        "r contains {\"verdict\": v} if {\n\tv := lib.unless(lib.is(input.system.tenancy, \"multi\"))\n\tlib.fires(v)\n\tnot lib.fires(lib.absent(input.system.platform))\n}",
		"plain values":   `r contains {"verdict": "risk", "fix": [{"set": "tenancy", "value": "multi"}]} if not input.addr == "system.x"`,
		"another place":  `r contains {"verdict": "risk", "fix": [{"set": "anything", "value": 1, "at": "service.a"}]} if input.addr`,
		"computed fixes": `r contains {"verdict": "risk", "fix": [{"set": "slo", "value": input.system.slo}]} if input.addr`,
	} {
		t.Run(name, func(t *testing.T) {
			if err := lintOwn(card("ACME-001", "")+text, "system"); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestOurPoliciesPassTheirLints is "archcheck policy check" over archcheck's own rules.
func TestOurPoliciesPassTheirLints(t *testing.T) {
	if _, err := Check(nil); err != nil {
		t.Error(err)
	}
}

// A helper of rules on several kinds is looked through as one of rules on one kind is.
func TestLintsOfSharedHelpers(t *testing.T) {
	two := card("ACME-001", "") + "r contains \"x\" if low\n\n" + strings.Replace(card("ACME-002", ""), "subject: call", "subject: service", 1) + "s contains \"x\" if low\n\n"
	wantProblem(t, lintOwn(two+"low if input.system.slo.availability > 1", "system"), "p.rego:15:", "Whole fact is compared", "lib.above")
	for name, helper := range map[string]string{
		"a fact of both kinds":   "low if input.system.slo.availability.value > 1",
		"a fact of one of them":  "low if input.subject.team.value",
		"and of the other":       "low if input.subject.platform.value",
		"a helper of the helper": "low if lower > 1\n\nlower := input.system.slo.availability.value",
	} {
		if err := lintOwn(two+helper, "system"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
