package engine

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/model"
	"github.com/archcheck/archcheck/policies"
)

// callFacts stand for the facts of a call: the attributes of the language and a few that Go derives.
type callFacts struct {
	*model.Call
	RatePerReplica facts.Num        `fact:"rate_per_replica" unit:"rps"`
	CallsPerWindow facts.Num        `fact:"calls_per_window" unit:"count"`
	UserFacing     facts.Flag       `fact:"user_facing"`
	Financial      facts.Flag       `fact:"financial"`
	HiddenLimit    facts.Flag       `fact:"hidden_limit"`
	MinuteShare    facts.Num        `fact:"minute_share" unit:"ratio"`
	Exhaustion     facts.Num        `fact:"exhaustion" unit:"ms"`
	Rec            recFacts         `fact:"rec"`
	Others         []string         `fact:"others"`
	Stores         []facts.StoreUse `fact:"stores"`
}

type recFacts struct {
	Timeout        facts.Num                          `fact:"timeout" unit:"ms"`
	CircuitBreaker model.Value[*model.CircuitBreaker] `fact:"circuit_breaker"`
}

// call is a document of a call from a service that nobody limits.
func call(name string) facts.Document {
	return facts.Document{
		Kind: "call", Addr: model.Addr(name),
		Subject: &callFacts{
			Call: &model.Call{}, RatePerReplica: facts.Exact(2), CallsPerWindow: facts.Exact(20),
			UserFacing: facts.Yes(true), Financial: facts.Yes(false), HiddenLimit: facts.Yes(false), MinuteShare: facts.Exact(1.2), Exhaustion: facts.Exact(50_000),
			Rec: recFacts{Timeout: facts.Exact(1600)},
		},
		From:   &facts.End{Addr: "service.a", Type: "service", Concurrency: facts.Exact(100)},
		To:     &facts.End{Addr: "service.b", Type: "service"},
		System: &facts.SystemFacts{Addr: "system.shop"},
	}
}

func subject(d facts.Document) *callFacts { return d.Subject.(*callFacts) }

func unknown() facts.Num { return facts.Unknown(0) }

func assumed(lo, v, hi float64) facts.Num {
	return facts.Num{State: model.Assumed, V: v, Lo: lo, Hi: hi, Assumes: facts.AssumeTailRatio}
}

// own makes a source of a team from rules without their package line.
func own(path, rules string) *source {
	return &source{path: path, own: true, text: "package custom.acme\n\n" + imports(rules) + rules}
}

func imports(rules string) string {
	if strings.Contains(rules, "lib.") {
		return "import data.archcheck.lib\n\n"
	}
	return ""
}

func card(id, more string) string {
	return fmt.Sprintf("# METADATA\n# title: A title\n# scope: document\n# custom: {id: %s, severity: high, subject: call%s}\n", id, more)
}

// with builds an engine of the library and these sources, without types: the facts of the tests have no schema.
func with(t testing.TB, srcs ...*source) *Engine {
	t.Helper()
	e, err := tryWith(srcs...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func tryWith(srcs ...*source) (*Engine, error) {
	return build(embedded(policies.Lib()), srcs, nil, func(string) map[string]any { return nil })
}

func eval(t testing.TB, e *Engine, docs ...facts.Document) *Result {
	t.Helper()
	res, err := e.Eval(context.Background(), func(kind string) []facts.Document {
		var out []facts.Document
		for _, d := range docs {
			if d.Kind == kind {
				out = append(out, d)
			}
		}
		return out
	})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func only(t testing.TB, raws []analyzer.Raw) analyzer.Raw {
	t.Helper()
	if len(raws) != 1 {
		t.Fatalf("%d results, want one: %v", len(raws), raws)
	}
	return raws[0]
}

// wantProblem fails unless err says want, in order of the parts.
func wantProblem(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %q", want)
	}
	rest := err.Error()
	for _, w := range want {
		_, after, ok := strings.Cut(rest, w)
		if !ok {
			t.Fatalf("error lacks %q:\n%s", w, err)
		}
		rest = after
	}
}
