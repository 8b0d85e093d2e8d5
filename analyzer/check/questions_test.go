package check

import (
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/model"
)

// TestOvertaken: one line that says whether anybody repeats calls decides what fifteen lines about each call would.
func TestOvertaken(t *testing.T) {
	claim := func(fact string, subjects []model.Addr, checks ...string) analyzer.Claim {
		return analyzer.Claim{Fact: fact, Subjects: subjects, Checks: checks}
	}
	one, three := []model.Addr{"policy.rpc"}, []model.Addr{"service.a.call.b", "service.a.call.c", "service.b.call.c"}
	each := claim("idempotent", three, "A@x", "A@y", "A@z")
	for _, c := range []struct {
		name  string
		other analyzer.Claim
		want  bool
	}{
		{"fewer lines, most checks", claim("retry", one, "A@x", "A@y", "B@x"), true},
		{"fewer lines, few checks", claim("retry", one, "A@x", "B@x", "B@y"), false},
		{"as many lines", claim("retry", three, "A@x", "A@y", "A@z"), false},
	} {
		if got := overtaken(each, []analyzer.Claim{each, c.other}); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestGroupOfWhatStandsAlone: findings without numbers of their own that get the same advice are one.
func TestGroupOfWhatStandsAlone(t *testing.T) {
	m := &model.Model{System: &model.System{}}
	m.System.Addr = "system.shop"
	var fs []*analyzer.Finding
	for _, a := range []model.Addr{"service.a", "service.b", "service.c"} {
		fs = append(fs, &analyzer.Finding{Rule: "INP-003", Kind: analyzer.Conflict, Subject: a, Detail: "Nothing leads to it.",
			Fixes: []analyzer.Fix{{Ops: []analyzer.Op{{Advise: "Say who calls it"}}}}})
	}
	if got := Group(m, fs); len(got) != 1 || len(got[0].Members) != 3 || got[0].Subject != "system.shop" {
		t.Errorf("grouped into %d", len(got))
	}
	fs[1].Facts = []analyzer.Fact{{Name: "load", Value: 1.0}}
	if got := Group(m, fs); len(got) != 3 {
		t.Errorf("a finding with numbers of its own was grouped: %d", len(got))
	}
}
