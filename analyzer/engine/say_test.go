package engine

import (
	"testing"

	"github.com/archcheck/archcheck/analyzer/facts"
)

func TestMessagesCallThingsByTheirLabels(t *testing.T) {
	rules := card("ACME-001", `, say: "{from} calls {to}; {others} and {word} too."`) + `calls contains {
	"verdict": "violation",
	"facts": {"others": ["service.b", "service.a.call.b"], "word": "a word. or two"},
} if input.subject.timeout
`
	e := with(t, own("acme.rego", rules))
	for to, want := range map[string]string{
		"external.psp": "a calls psp; b and service.a.call.b and a word. or two too.",
		"datastore.a":  "service a calls datastore a; b and service.a.call.b and a word. or two too.",
	} {
		d := call("service.a.call.b")
		d.To = &facts.End{Addr: to, Type: "external"}
		if raw := only(t, eval(t, e, d).Raws); raw.Detail != want {
			t.Errorf("detail %q\n  want %q", raw.Detail, want)
		}
	}
}

func TestResultsOfOneRuleHaveTheirOwnMessages(t *testing.T) {
	rules := card("ACME-001", `, say: "The card's own, {n}."`) + `says contains {
	"verdict": "violation",
	"facts": {"n": 1},
} if input.subject.timeout

says contains {
	"verdict": "risk",
	"say": "Another one, {m}.",
	"facts": {"m": 2},
} if input.subject.timeout

says contains {
	"verdict": "question",
	"say": "Questions stay apart.",
} if input.subject.timeout
`
	raw := only(t, eval(t, with(t, own("acme.rego", rules)), call("service.a.call.b")).Raws)
	if want := "The card's own, 1. Another one, 2."; raw.Detail != want {
		t.Errorf("detail %q, want %q", raw.Detail, want)
	}
}

func TestAResultsMessageNamesItsFacts(t *testing.T) {
	rules := card("ACME-001", "") + `says contains {"verdict": "violation", "say": "It is {gone}."} if input.subject.timeout
`
	e := with(t, own("acme.rego", rules))
	_, err := e.Eval(t.Context(), func(kind string) []facts.Document { return []facts.Document{call("service.a.call.b")} })
	wantProblem(t, err, "acme.rego", "Message names a fact that the result lacks", "{gone}")
}

func TestFilesOfOnePackageShareHelpers(t *testing.T) {
	one := &source{path: "resilience/retry.rego", text: "package archcheck.rules.resilience.retry\n\nhelper(x) := x\n"}
	two := &source{path: "resilience/retry_more.rego", text: "package archcheck.rules.resilience.retry\n\n# METADATA\n# title: A title\n" +
		"# description: Why.\n# custom: {id: RES-900, severity: high, subject: call}\n" +
		"found contains \"Found\" if helper(input.subject.timeout)\n"}
	if raw := only(t, eval(t, with(t, one, two), call("service.a.call.b")).Raws); raw.Detail != "Found" {
		t.Errorf("detail %q", raw.Detail)
	}
}

func TestAQuestionListsWhatItAsksFor(t *testing.T) {
	rules := card("ACME-001", `, say: "At {rate}."`) + `asks contains {
	"verdict": v,
	"facts": {"rate": input.subject.rate_per_replica, "limit": input.subject.timeout},
	"asks": ["rate"],
} if {
	v := lib.above(input.subject.rate_per_replica, 1)
	lib.fires(v)
}
`
	e := with(t, own("acme.rego", rules))
	if raw := only(t, eval(t, e, call("service.a.call.b")).Raws); raw.Detail != "At 2/s." || len(raw.Facts) != 2 {
		t.Errorf("%s with %d facts", raw.Detail, len(raw.Facts))
	}
	d := call("service.a.call.b")
	subject(d).RatePerReplica = unknown()
	if raw := only(t, eval(t, e, d).Raws); len(raw.Facts) != 1 || raw.Facts[0].Name != "rate" {
		t.Errorf("the question asks for %v", raw.Facts)
	}
	bad := with(t, own("acme.rego", card("ACME-001", "")+`asks contains {"verdict": "violation", "asks": ["gone"]} if input.subject.timeout
`))
	_, err := bad.Eval(t.Context(), func(string) []facts.Document { return []facts.Document{d} })
	wantProblem(t, err, "Question names a fact that the result lacks", `"gone"`)
}
