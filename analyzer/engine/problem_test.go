package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/policies"
)

// TestProblemsOfPolicies: each policy has one mistake; the message names the place, the mistake and the way out.
func TestProblemsOfPolicies(t *testing.T) {
	head := "package custom.acme\n\n"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"no parse":                     {head + "rule contains {", []string{"p.rego:3:", "does not parse"}},
		"empty":                        {"", []string{"p.rego:", "does not parse"}},
		"no card":                      {head + `rule contains "x" if true`, []string{"p.rego:3:1", "Rule has no card", "custom.id"}},
		"card on the package":          {"# METADATA\n# custom: {id: ACME-001}\n" + head + `rule contains "x" if true`, []string{"p.rego:1:1", "stands above no rule", "Rule has no card"}},
		"card on a value":              {head + card("ACME-001", "") + "rule := 1", []string{"p.rego:7:1", "without results", "contains"}},
		"no title":                     {head + "# METADATA\n# custom: {id: ACME-001, severity: high, subject: call}\n" + `rule contains "x" if true`, []string{"p.rego:3:3", "no title"}},
		"no id":                        {head + "# METADATA\n# title: T\n# custom: {severity: high, subject: call}\n" + `rule contains "x" if true`, []string{"p.rego:5:3", "no id", "ACME-001"}},
		"odd id":                       {head + card("acme1", "") + `rule contains "x" if true`, []string{"p.rego:6:", "malformed", "acme1"}},
		"unknown key":                  {head + card("ACME-001", ", sevrity: low") + `rule contains "x" if true`, []string{"p.rego:6:", "Unknown card key", `Did you mean "severity"?`}},
		"unknown top key":              {head + "# METADATA\n# titel: T\n# title: T\n# custom: {id: ACME-001, severity: high, subject: call}\n" + `rule contains "x" if true`, []string{"p.rego:4:3", "Unknown card key", `Did you mean "title"?`}},
		"unknown subject":              {head + strings.Replace(card("ACME-001", ""), "subject: call", "subject: cal", 1) + `rule contains "x" if true`, []string{"p.rego:6:", "Unknown subject", `Did you mean "call"?`}},
		"unknown severity":             {head + strings.Replace(card("ACME-001", ""), "high", "hihg", 1) + `rule contains "x" if true`, []string{"Unknown severity", `Did you mean "high"?`}},
		"two severities":               {head + card("ACME-001", ", severities: [low]") + `rule contains "x" if true`, []string{"two severities"}},
		"case without words":           {head + strings.Replace(card("ACME-001", ""), "severity: high", `severities: {high: "why", low: ""}`, 1) + `rule contains {"severity": "high"} if true`, []string{"Severity without a case", `"low"`}},
		"unknown kind":                 {head + card("ACME-001", ", kind: misconf") + `rule contains "x" if true`, []string{"Unknown kind", "misconfigured"}},
		"unknown effect":               {head + card("ACME-001", ", effect: los") + `rule contains "x" if true`, []string{"Unknown effect", `Did you mean "loss"?`}},
		"list wanted":                  {head + card("ACME-001", ", aliases: X") + `rule contains "x" if true`, []string{"wrong type", "list of texts"}},
		"open brace":                   {head + card("ACME-001", `, say: "Has {x."`) + `rule contains "x" if true`, []string{"Message is malformed", "never closed"}},
		"schema of another":            {head + "# METADATA\n# title: T\n# schemas: [{input: schema.publish}]\n# custom: {id: ACME-001, severity: high, subject: call}\n" + `rule contains "x" if true`, []string{"p.rego:5:3", "another kind", "schema.call"}},
		"two cards":                    {head + card("ACME-001", "") + "rule contains \"x\" if true\n\n" + card("ACME-002", "") + `rule contains "y" if true`, []string{"two cards"}},
		"reserved package":             {"package archcheck.rules.resilience.mine\n\n" + card("ACME-001", "") + `rule contains "x" if true`, []string{"p.rego:1:1", "reserved", "custom.<team>"}},
		"nested package":               {"package custom.acme.deep\n\n" + card("ACME-001", "") + `rule contains "x" if true`, []string{"p.rego:1:1", "misplaced", "custom.<team>"}},
		"network":                      {head + card("ACME-001", "") + `rule contains "x" if http.send({"url": "x", "method": "get"})`, []string{"p.rego:7:", "reaches the network", "must be a fact"}},
		"clock":                        {head + card("ACME-001", "") + `rule contains "x" if time.now_ns() > 1`, []string{"reads the clock"}},
		"random":                       {head + card("ACME-001", "") + `rule contains "x" if rand.intn("a", 3) > 1`, []string{"is random"}},
		"environment":                  {head + card("ACME-001", "") + `rule contains "x" if opa.runtime().env.HOME`, []string{"reads the environment"}},
		"misspelt fact":                {head + strings.Replace(card("ACME-001", ""), "call", "system", 1) + `rule contains "x" if input.subject.servicess > 1`, []string{"p.rego:7:", "does not fit the facts", `"servicess"`, `Did you mean "services"?`}},
		"misspelt in helper":           {head + strings.Replace(card("ACME-001", ""), "call", "system", 1) + "rule contains \"x\" if many\n\nmany if input.subject.servicess > 1", []string{"p.rego:9:", `Did you mean "services"?`}},
		"misspelt among several kinds": {head + strings.Replace(card("ACME-001", ""), "call", "system", 1) + "r contains \"x\" if many\n\n" + strings.Replace(card("ACME-002", ""), "call", "service", 1) + "s contains \"x\" if many\n\nmany if input.subject.servicess > 1", []string{"p.rego:15:", "does not fit the facts", `Did you mean "services"?`}},
		"misspelt in a function":       {head + strings.Replace(card("ACME-001", ""), "call", "system", 1) + "r contains \"x\" if many(1)\n\n" + strings.Replace(card("ACME-002", ""), "call", "service", 1) + "s contains \"x\" if other\n\nmany(n) if deep > n\n\ndeep := input.subject.servicess\n\nother if input.subject.team.value", []string{"p.rego:17:", `Did you mean "services"?`}},
		"a fact of another kind":       {head + strings.Replace(card("ACME-001", ""), "call", "system", 1) + "r contains \"x\" if other\n\n" + strings.Replace(card("ACME-002", ""), "call", "service", 1) + "s contains \"x\" if true\n\nother if input.subject.cqrs_lag.value", []string{"p.rego:15:", "does not fit the facts", `"cqrs_lag"`}},
		"unsafe":                       {head + card("ACME-001", "") + `rule contains x if true`, []string{"p.rego:7:", "does not compile", "unsafe"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := build(embedded(policies.Lib()), []*source{{path: "p.rego", own: true, text: c.text}}, nil, facts.Schema)
			wantProblem(t, err, c.want...)
		})
	}
}

func TestAnIdIsTakenOnce(t *testing.T) {
	a := &source{path: "a.rego", own: true, text: "package custom.a\n\n" + card("ACME-001", "") + `rule contains "x" if true`}
	b := &source{path: "b.rego", own: true, text: "package custom.b\n\n" + card("ACME-001", "") + `rule contains "x" if true`}
	_, err := tryWith(a, b)
	wantProblem(t, err, "b.rego:6:", "Id is taken", "a.rego, line 7")
}

func TestProblemsShowTheLine(t *testing.T) {
	_, err := tryWith(&source{path: "p.rego", own: true, text: "package custom.acme\n\nrule contains \"x\" if true\n"})
	p := err.(Problems)[0]
	if p.Line != `rule contains "x" if true` || p.Range.Start.Byte != 21 || p.Range.End.Byte <= p.Range.Start.Byte {
		t.Errorf("line %q, range %+v", p.Line, p.Range)
	}
}

// TestProblemsOfResults: what a rule answers is held to the contract, with the subject that showed it.
func TestProblemsOfResults(t *testing.T) {
	for name, c := range map[string]struct {
		result, more string
		want         []string
	}{
		"number":             {`7`, "", []string{"wrong type", "(on service.a.call.b)"}},
		"unknown key":        {`{"verdict": "risk", "evidnce": []}`, "", []string{"Unknown key in a result", `Did you mean "evidence"?`}},
		"no verdict":         {`{"facts": {}}`, "", []string{"no verdict", "lib"}},
		"unknown verdict":    {`{"verdict": "bad"}`, "", []string{"Unknown verdict"}},
		"unknown severity":   {`{"verdict": "risk", "severity": "hi"}`, "", []string{"Unknown severity"}},
		"bare object fact":   {`{"verdict": "risk", "facts": {"x": {"a": 1}}}`, "", []string{"Fact has the wrong type", `"state"`}},
		"null fact":          {`{"verdict": "risk", "facts": {"x": null}}`, "", []string{"Fact has the wrong type"}},
		"evidence":           {`{"verdict": "risk", "evidence": [1]}`, "", []string{"Evidence is no address"}},
		"fix object":         {`{"verdict": "risk", "fix": {"set": "timeout", "value": "2s"}}`, "", []string{"A fix is a list"}},
		"fix key":            {`{"verdict": "risk", "fix": [{"sett": "timeout", "value": "2s"}]}`, "", []string{"Unknown key in a fix", `Did you mean "set"?`}},
		"fix verbs":          {`{"verdict": "risk", "fix": [{"set": "a", "unset": "b", "value": 1}]}`, "", []string{"no single verb"}},
		"fix without value":  {`{"verdict": "risk", "fix": [{"set": "a"}]}`, "", []string{"Fix sets nothing"}},
		"fix with value":     {`{"verdict": "risk", "fix": [{"unset": "a", "value": 1}]}`, "", []string{"value too many"}},
		"say lacks":          {`{"verdict": "risk"}`, `, say: "Has {x}."`, []string{"result lacks", "{x}"}},
		"severity off card":  {`{"verdict": "risk", "severity": "low"}`, `slash`, []string{"not on the card", "critical, high"}},
		"severity not given": {`{"verdict": "risk"}`, `slash`, []string{"chooses no severity"}},
	} {
		t.Run(name, func(t *testing.T) {
			meta := card("ACME-001", c.more)
			if c.more == "slash" {
				meta = strings.Replace(card("ACME-001", ""), "severity: high", "severities: [critical, high]", 1)
			}
			e := with(t, own("p.rego", meta+"rule contains "+c.result+" if input.addr\n"))
			_, err := e.Eval(t.Context(), func(string) []facts.Document { return []facts.Document{call("service.a.call.b")} })
			wantProblem(t, err, append([]string{"p.rego:7:1"}, c.want...)...)
		})
	}
}

func TestErrorsOfAnEvaluationNameTheirPlace(t *testing.T) {
	e := with(t, own("p.rego", card("ACME-001", "")+"rule contains \"x\" if {\n\tto_number(input.addr) > 1\n}\n"))
	_, err := e.Eval(t.Context(), func(string) []facts.Document { return []facts.Document{call("service.a.call.b")} })
	wantProblem(t, err, "p.rego:8:2", "cannot be evaluated", "On service.a.call.b")
}

// One mistake of a rule is one problem, however many subjects show it, and it names the first of them in the order of the
// model. Mistakes at other places, or of another kind, are problems of their own.
func TestAMistakeOfARuleIsReportedOnce(t *testing.T) {
	docs := func(string) []facts.Document {
		return []facts.Document{call("service.z.call.b"), call("service.a.call.b"), call("service.m.call.b")}
	}
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"evaluation": {"rule contains \"x\" if {\n\tto_number(input.addr) > 1\n}\n", []string{
			"On service.z.call.b, the first of 3 subjects: ",
		}},
		"one subject of three": {"rule contains \"x\" if {\n\tinput.addr == \"service.m.call.b\"\n\tto_number(input.addr) > 1\n}\n", []string{
			"On service.m.call.b: ",
		}},
		"result": {"rule contains {\"verdict\": \"risk\", \"facts\": {\"x\": {\"a\": input.addr}}} if true\n", []string{
			"It is {\"a\": \"service.z.call.b\"}. (on service.z.call.b, the first of 3 subjects)",
		}},
		"two mistakes of one subject": {"rule contains {\"verdict\": \"risk\", \"severity\": \"hi\", \"evidence\": [1], \"facts\": {\"x\": input.addr}} if true\n", []string{
			"(on service.z.call.b, the first of 3 subjects)", "(on service.z.call.b, the first of 3 subjects)",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := with(t, own("p.rego", card("ACME-001", "")+c.body)).Eval(t.Context(), docs)
			ps, _ := err.(Problems)
			if len(ps) != len(c.want) {
				t.Fatalf("%d problems: %v", len(ps), err)
			}
			for i, p := range ps {
				if !strings.Contains(p.Detail, c.want[i]) {
					t.Errorf("%q lacks %q", p.Detail, c.want[i])
				}
			}
		})
	}
}

func TestPoliciesOfAFolder(t *testing.T) {
	dir := t.TempDir()
	write := func(path, text string) {
		t.Helper()
		p := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("team/a.rego", "package custom.acme\n\n"+card("ACME-001", "")+`rule contains "x" if true`)
	write("team/a_test.rego", "package custom.acme_test\n\nbroken(")
	write(".hidden/b.rego", "nonsense")
	write("notes.txt", "nothing")
	e, err := New(Options{Policies: []string{dir, filepath.Join(dir, "team/a.rego")}})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range e.Cards() {
		if c.ID == "ACME-001" {
			n++
		}
	}
	if n != 1 || len(e.Cards()) <= 1 {
		t.Errorf("ACME-001 is there %d times among %d cards", n, len(e.Cards()))
	}

	empty := t.TempDir()
	for path, want := range map[string]string{
		filepath.Join(dir, "gone"):      "There is no",
		empty:                           "holds no policy",
		filepath.Join(dir, "notes.txt"): "neither a .rego file nor a bundle",
	} {
		_, err := New(Options{Policies: []string{path}})
		wantProblem(t, err, path, want)
	}
}
