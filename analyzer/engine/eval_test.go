package engine

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/policies"
	"github.com/google/go-cmp/cmp"
)

func builtin(t testing.TB) *Engine {
	t.Helper()
	e, err := build(embedded(policies.Lib()), embedded(policies.Rules()), func(c *analyzer.Card) bool {
		return c.ID == "RES-040" || c.ID == "RES-002"
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestThinSlice(t *testing.T) {
	raw := only(t, eval(t, builtin(t), call("service.a.call.b")).Raws)
	if raw.Card.ID != "RES-040" || raw.Verdict != analyzer.Violation || raw.Severity != analyzer.Critical {
		t.Errorf("got %s %s %s", raw.Card.ID, raw.Verdict, raw.Severity)
	}
	want := "a can wait for b for ever. At 2/s per replica, all 100 slots are gone 50 s after it hangs."
	if raw.Detail != want {
		t.Errorf("detail %q\n  want %q", raw.Detail, want)
	}
	two, hundred, gone := 2.0, 100.0, 50_000.0
	wantFacts := []analyzer.Fact{
		{Name: "exhaustion", Path: "subject.exhaustion", Value: 50_000.0, Lo: &gone, Hi: &gone, Unit: "ms", State: "derived", Text: "50 s"},
		{Name: "rate", Path: "subject.rate_per_replica", Value: 2.0, Lo: &two, Hi: &two, Unit: "rps", State: "derived", Text: "2/s"},
		{Name: "slots", Path: "from.concurrency", Value: 100.0, Lo: &hundred, Hi: &hundred, Unit: "count", State: "derived", Text: "100"},
	}
	if d := cmp.Diff(wantFacts, raw.Facts); d != "" {
		t.Errorf("facts (-want +got):\n%s", d)
	}
	wantFix := []analyzer.Fix{{Title: "Set timeout = 1.6s", Ops: []analyzer.Op{{Set: "timeout", Value: "1.6s"}}}}
	if d := cmp.Diff(wantFix, raw.Fixes); d != "" {
		t.Errorf("fixes (-want +got):\n%s", d)
	}
}

func TestEqualShapesShareOneEvaluationAndGetTheirNamesBack(t *testing.T) {
	docs := []facts.Document{call("service.a.call.b"), call("service.a.call.c"), call("service.z.call.b")}
	docs[1].To = &facts.End{Addr: "service.c", Type: "service"}
	subject(docs[2]).Timeout = model.Of(300*time.Millisecond, model.Stated)
	e := builtin(t)
	res := eval(t, e, docs...)
	if len(res.Raws) != 2 {
		t.Fatalf("%d results, want 2", len(res.Raws))
	}
	if res.Raws[0].Subject != "service.a.call.b" || res.Raws[1].Subject != "service.a.call.c" {
		t.Errorf("subjects %s, %s", res.Raws[0].Subject, res.Raws[1].Subject)
	}
	if want := "a can wait for c for ever"; res.Raws[1].Detail[:len(want)] != want {
		t.Errorf("detail %q", res.Raws[1].Detail)
	}
	b := e.batch("call", docs)
	jobs := b.jobs()
	i := slices.IndexFunc(b.runs, func(x *run) bool { return x.card == res.Raws[0].Card })
	if slot := b.runs[i].slot; slot[0] != slot[1] || slot[0] == slot[2] {
		t.Errorf("outcomes %v: the first two documents are equal in what the rule reads, the third is not", slot)
	}
	if len(jobs) != 0 {
		t.Errorf("OPA is asked about %d documents; walking the rules is enough", len(jobs))
	}
}

func TestAddressCountsOnlyWhereARuleReadsIt(t *testing.T) {
	e := with(t, own("acme.rego", card("ACME-001", "")+`named contains "Not this one" if input.addr == "service.a.call.c"`))
	docs := []facts.Document{call("service.a.call.b"), call("service.a.call.c")}
	if raw := only(t, eval(t, e, docs...).Raws); raw.Subject != "service.a.call.c" || raw.Detail != "Not this one" {
		t.Errorf("got %s: %s", raw.Subject, raw.Detail)
	}
}

func TestCoverageCountsPairsAndAssumptions(t *testing.T) {
	rules := card("ACME-001", "") + `slow contains {"verdict": v, "facts": {"rate": input.subject.rate_per_replica}} if {
	v := lib.above(input.subject.rate_per_replica, 10)
	lib.fires(v)
}
`
	docs := []facts.Document{call("a"), call("b"), call("c"), call("d"), call("e")}
	for i, n := range []facts.Num{facts.Exact(2), facts.Exact(20), unknown(), assumed(1, 20, 30), assumed(1, 5, 30)} {
		subject(docs[i]).RatePerReplica = n
	}
	res := eval(t, with(t, own("acme.rego", rules)), docs...)
	want := analyzer.Coverage{Applicable: 5, ByAssumption: 2, Cleared: 1, NotEvaluable: 1}
	if res.Coverage != want {
		t.Errorf("coverage %+v, want %+v", res.Coverage, want)
	}
	if res.Coverage.Evaluated() != 4 {
		t.Errorf("evaluated %d, want 4", res.Coverage.Evaluated())
	}
	var got []string
	for _, r := range append(res.Raws, res.Cleared...) {
		got = append(got, string(r.Subject)+" "+r.Verdict.String())
	}
	if d := cmp.Diff([]string{"b violation", "c question", "d risk", "e unlikely"}, got); d != "" {
		t.Error(d)
	}
}

func TestRulesSeeOnlyTheirKind(t *testing.T) {
	e := with(t, own("acme.rego", card("ACME-001", "")+`always contains "x" if true`))
	d := call("service.a.call.b")
	d.Kind = "publish"
	if res := eval(t, e, d); len(res.Raws) != 0 || res.Coverage.Applicable != 0 {
		t.Errorf("a rule for calls judged a publish: %+v", res)
	}
}

func TestSeveralResultsMerge(t *testing.T) {
	rules := card("ACME-001", `, say: "Touches {store}."`) + `touches contains {
	"verdict": verdict(s),
	"severity": severity(s),
	"facts": {"store": s.addr, "kind": s.kind},
	"evidence": [s.via],
	"fix": [{"set": "outbox.store", "value": s.addr}],
} if {
	some s in input.subject.stores
}

verdict(s) := "question" if s.kind.state == "unknown"

verdict(s) := "violation" if s.kind.state != "unknown"

default severity(_) := "low"

severity(s) := "critical" if s.kind.value == "sql"
`
	d := call("service.a.call.b")
	subject(d).Stores = []facts.StoreUse{
		{Addr: "datastore.z", Via: "service.a.call.z", Kind: facts.Is("sql")},
		{Addr: "datastore.a", Via: "service.a.call.a", Kind: facts.Is("cache")},
		{Addr: "datastore.q", Via: "service.a.call.q", Kind: facts.Word{State: model.Unknown}},
	}
	raw := only(t, eval(t, with(t, own("acme.rego", rules)), d).Raws)
	if raw.Verdict != analyzer.Violation || raw.Severity != analyzer.Critical {
		t.Errorf("got %s %s, want the worst: violation critical", raw.Verdict, raw.Severity)
	}
	if want := "Touches a and z."; raw.Detail != want {
		t.Errorf("detail %q, want %q", raw.Detail, want)
	}
	if d := cmp.Diff([]model.Addr{"service.a.call.a", "service.a.call.z"}, raw.Evidence); d != "" {
		t.Errorf("evidence of findings only (-want +got):\n%s", d)
	}
	if len(raw.Fixes) != 2 || raw.Fixes[0].Ops[0].Value != "datastore.z" {
		t.Errorf("fixes %+v, want the worst result's first", raw.Fixes)
	}
}

func TestCancelledContextStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := builtin(t).Eval(ctx, func(string) []facts.Document { return []facts.Document{call("a")} })
	if err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

func TestUnknownFactsSayWhatToStateOnTheirOwnDocument(t *testing.T) {
	e := with(t, own("acme.rego", card("ACME-001", "")+`asks contains {
	"verdict": "question",
	"facts": {"rate": input.subject.rate_per_replica, "limit": input.subject.timeout},
} if input.subject.timeout
`))
	docs := []facts.Document{call("service.a.call.b"), call("service.a.call.c")}
	for i, need := range []string{"service.a.scale.replicas", "service.z.scale.replicas"} {
		subject(docs[i]).RatePerReplica = facts.Unknown(0, need)
		raw := eval(t, e, docs[:i+1]...).Raws[i]
		if got := raw.Facts[1].Needs; len(got) != 1 || got[0] != need {
			t.Errorf("%s asks for %v, want %s", raw.Subject, got, need)
		}
		if got := raw.Facts[0].Needs; got != nil {
			t.Errorf("a stated absence needs %v", got)
		}
	}
	b := e.batch("call", docs)
	b.jobs()
	if x := b.runs[0]; x.slot[0] != x.slot[1] {
		t.Errorf("outcomes %v of documents that differ in their needs only", x.slot)
	}
}
