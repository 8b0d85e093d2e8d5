package check

import (
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// The scenario of resilience calls for four patterns; here each of them stands differently.
func TestScenarios(t *testing.T) {
	m := &model.Model{System: &model.System{Block: model.Block{Addr: "system.s"}}}
	m.Index()
	force := func(id, detail string, v analyzer.Verdict) analyzer.Raw {
		return analyzer.Raw{Card: &analyzer.Card{ID: id}, Subject: "system.s", Verdict: v, Detail: detail}
	}
	missing := func(rule, pattern string) *analyzer.Finding {
		return &analyzer.Finding{Rule: rule, Pattern: pattern, Kind: analyzer.Missing, Subject: "service.a.call.b"}
	}
	breaker := missing("RES-001", "resilience/circuit-breaker")
	limit := missing("RES-040", "resilience/timeout")
	limit.Subsumes = []string{breaker.ID()} // one cause, one finding: it stands for both
	fault := missing("RES-020", "resilience/bulkhead")
	fault.Kind = analyzer.Misconfigured
	other := missing("RES-025", "resilience/bulkhead") // no rule of this scenario
	e := &Evaluation{Forces: []analyzer.Raw{
		force("SCN-07", "3 services call each other up to 2 deep.", analyzer.Violation),
		force("SCN-08", "tenants share the system.", analyzer.Question),
	}}
	presence := []analyzer.Presence{{Pattern: "resilience/bulkhead", Present: []model.Addr{"service.a.call.db"}}}
	questions := []*analyzer.Finding{missing("RES-011", "resilience/retry")}
	before, after := []*analyzer.Finding{breaker, limit, fault, other}, []*analyzer.Finding{limit, fault, other}

	got := (&scene{m: m}).scenarios(e, before, after, questions, presence)
	if len(got) != 1 || got[0].ID != "SCN-07" || got[0].Because != "3 services call each other up to 2 deep" {
		t.Fatalf("%+v", got)
	}
	want := map[string]string{
		"resilience/circuit-breaker": "recommended RES-040@service.a.call.b ",
		"resilience/retry":           "undecided RES-011@service.a.call.b ",
		"resilience/bulkhead":        "in_place service.a.call.db RES-020@service.a.call.b",
		"resilience/timeout":         "recommended RES-040@service.a.call.b ",
	}
	for _, d := range got[0].Demands {
		if s := d.Status + " " + strings.Join(d.At, ",") + " " + d.Reason; s != want[d.Pattern] {
			t.Errorf("%s: %q, want %q", d.Pattern, s, want[d.Pattern])
		}
	}
	got = (&scene{m: m}).scenarios(e, nil, nil, nil, nil)
	for _, d := range got[0].Demands {
		if d.Status != "not_needed" || !strings.HasPrefix(d.Reason, "Nothing here calls for it: ") {
			t.Errorf("%+v", d)
		}
	}
	m.System.Scenarios = model.Value[[]string]{V: []string{"SCN-06"}, State: model.Stated}
	if got = (&scene{m: m}).scenarios(e, nil, nil, nil, nil); len(got) != 2 || got[0].Because != "the system says so" {
		t.Errorf("%+v", got)
	}
	if got = (&scene{m: m, opt: Options{Only: []string{"RES"}}}).scenarios(e, nil, nil, nil, nil); got != nil {
		t.Errorf("under a selection: %+v", got)
	}
}
