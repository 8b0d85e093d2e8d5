package patterns

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
)

func catalog(t *testing.T) *Catalog {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The 29 in the order of the pattern guide's tables.
var guide = []ID{
	"communication/rest", "communication/graphql", "communication/grpc", "communication/websockets",
	"gateway/api-gateway", "gateway/bff", "gateway/aggregator",
	"resilience/circuit-breaker", "resilience/retry", "resilience/bulkhead", "resilience/rate-limiting", "resilience/timeout",
	"data/cqrs", "data/event-sourcing", "data/saga", "data/outbox", "data/two-phase-commit",
	"messaging/pub-sub", "messaging/message-queue", "messaging/event-driven",
	"mesh/service-registry", "mesh/sidecar", "mesh/service-mesh",
	"deployment/blue-green", "deployment/canary", "deployment/rolling", "deployment/feature-flags", "deployment/strangler-fig", "deployment/database-per-service",
}

func TestAllPatternsInOrder(t *testing.T) {
	var got []ID
	for _, p := range All() {
		got = append(got, p.ID)
		if ByID(p.ID) != p {
			t.Errorf("ByID(%s) is not the pattern listed", p.ID)
		}
		if p.Name == "" || p.Focus == "" || p.BestFor == "" || p.TradeOff == "" || len(p.Sources) == 0 || len(p.Leaves) == 0 || len(p.Relations) == 0 {
			t.Errorf("%s: a text, source, leaf or relation is missing", p.ID)
		}
	}
	if d := cmp.Diff(guide, got); d != "" {
		t.Error(d)
	}
}

func TestLookup(t *testing.T) {
	c := catalog(t)
	for word, want := range map[string]ID{
		"resilience/circuit-breaker": "resilience/circuit-breaker", "circuit_breaker": "resilience/circuit-breaker", "CB": "resilience/circuit-breaker",
		"2pc": "data/two-phase-commit", "Two-Phase Commit": "data/two-phase-commit", "eda": "messaging/event-driven", "event_driven": "messaging/event-driven",
		"pubsub": "messaging/pub-sub", "Pub/Sub": "messaging/pub-sub", "BFF": "gateway/bff", "Backend for Frontend (BFF)": "gateway/bff", "Retry with Backoff": "resilience/retry",
	} {
		if p, ok := c.Lookup(word); !ok || p.ID != want {
			t.Errorf("Lookup(%q) = %v, want %s", word, p, want)
		}
	}
	for _, word := range []string{"", "-", "blockchain", "res"} {
		if p, ok := c.Lookup(word); ok {
			t.Errorf("Lookup(%q) found %s", word, p.ID)
		}
	}
	for word, want := range map[string]ID{"circut-breaker": "resilience/circuit-breaker", "grapql": "communication/graphql", "resilience/timeuot": "resilience/timeout"} {
		if p := c.Suggest(word); p == nil || p.ID != want {
			t.Errorf("Suggest(%q) = %v, want %s", word, p, want)
		}
	}
	if p := c.Suggest("blockchain"); p != nil {
		t.Errorf("Suggest(blockchain) = %s, want nothing", p.ID)
	}
}

func TestSeedEdges(t *testing.T) {
	c := catalog(t)
	var got []string
	for _, r := range c.Edges() {
		if r.Source == Seed {
			for _, to := range r.To {
				got = append(got, r.From.String()+" "+string(r.Kind)+" "+to.String())
			}
		}
	}
	var layers []string
	for _, cat := range c.Categories {
		for _, next := range cat.Precedes {
			layers = append(layers, cat.ID+"->"+next)
		}
	}
	if d := cmp.Diff([]string{
		"data/event-sourcing complements data/cqrs",
		"data/saga complements messaging/event-driven",
		"messaging/pub-sub complements messaging/event-driven",
	}, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"communication->gateway", "gateway->resilience", "resilience->data", "data->messaging"}, layers); d != "" {
		t.Error(d)
	}
}

func TestRelationsSeenFromBothEnds(t *testing.T) {
	c := catalog(t)
	find := func(id ID, kind Kind, other string) *Related {
		for _, r := range c.Relations(id) {
			if r.Kind == kind && r.Other.String() == other {
				return &r
			}
		}
		return nil
	}
	if r := find("resilience/circuit-breaker", Requires, "resilience/timeout"); r == nil || r.Inbound || !slices.Equal(r.Rules, []string{"RES-006"}) {
		t.Errorf("circuit breaker requires timeout by RES-006: got %+v", r)
	}
	if r := find("resilience/timeout", Requires, "resilience/circuit-breaker"); r == nil || !r.Inbound {
		t.Errorf("timeout is required by circuit breaker: got %+v", r)
	}
	if r := find("resilience/retry", Precedes, "idempotency*"); r == nil || !r.Inbound {
		t.Errorf("idempotency precedes retry: got %+v", r)
	}
	if r := find("data/cqrs", Requires, "cdc*"); r == nil || !r.AnyOf || len(r.To) != 3 {
		t.Errorf("cqrs requires one of outbox, cdc, event sourcing: got %+v", r)
	}
}

// The chains of the plan order, written as they are specified.
func TestRank(t *testing.T) {
	c := catalog(t)
	for _, chain := range []string{
		"timeout bulkhead circuit-breaker retry rate-limiting",
		"database-per-service outbox saga cqrs event-sourcing",
		"rolling canary", "rolling blue-green", "api-gateway strangler-fig",
	} {
		words := strings.Fields(chain)
		for i := 1; i < len(words); i++ {
			a, _ := c.Lookup(words[i-1])
			b, _ := c.Lookup(words[i])
			if c.Rank(a.ID) >= c.Rank(b.ID) {
				t.Errorf("%s (%d) must come before %s (%d)", a.ID, c.Rank(a.ID), b.ID, c.Rank(b.ID))
			}
		}
	}
	seen := map[int]ID{}
	for _, p := range All() {
		r := c.Rank(p.ID)
		if o, taken := seen[r]; taken || r < 0 || r >= len(guide) {
			t.Errorf("rank %d of %s is out of range or %s's", r, p.ID, o)
		}
		seen[r] = p.ID
	}
	if c.Rank("no/such") != len(guide) {
		t.Error("an unknown id must rank last")
	}
}

// Every way through the flowchart as the pattern guide draws it, and archcheck's own leaves behind them.
func TestFlowchartLeaves(t *testing.T) {
	c := catalog(t)
	var got []string
	var walk func(q *Question, path string)
	walk = func(q *Question, path string) {
		for _, a := range q.Answers {
			at := path + q.ID + "=" + a.ID
			if a.Leaf != nil {
				got = append(got, at+" "+a.Leaf.ID+" "+a.Leaf.Pattern.ID.Slug())
			} else {
				walk(a.Next, at+",")
			}
		}
	}
	walk(c.Flowchart.Questions[0], "")
	want := []string{
		"Q1=yes,Q2=public_web D01 rest",
		"Q1=yes,Q2=mobile_complex_queries D02 graphql",
		"Q1=yes,Q2=internal_microservices D03 grpc",
		"Q1=yes,Q2=realtime_bidirectional D04 websockets",
		"Q1=no,Q3=yes,Q4=cascading_failures D05 circuit-breaker",
		"Q1=no,Q3=yes,Q4=transient_errors D06 retry",
		"Q1=no,Q3=yes,Q4=resource_exhaustion D07 bulkhead",
		"Q1=no,Q3=yes,Q4=traffic_spikes D08 rate-limiting",
		"Q1=no,Q3=no,Q5=yes,Q6=fan_out_to_many D09 pub-sub",
		"Q1=no,Q3=no,Q5=yes,Q6=work_distribution D10 message-queue",
		"Q1=no,Q3=no,Q5=yes,Q6=reactive_system D11 event-driven",
		"Q1=no,Q3=no,Q5=no,Q7=yes_eventual_ok D12 saga",
		"Q1=no,Q3=no,Q5=no,Q7=yes_strong D13 two-phase-commit",
		"Q1=no,Q3=no,Q5=no,Q7=no_read_write_scaling D14 cqrs",
		"Q1=no,Q3=no,Q5=no,Q7=no_full_audit_trail D15 event-sourcing",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	var ext []string
	for i, l := range c.Leaves() {
		if want := "D" + string(rune('0'+(i+1)/10)) + string(rune('0'+(i+1)%10)); l.ID != want {
			t.Errorf("leaf %d is %s, want %s", i, l.ID, want)
		}
		if (l.Source == Seed) != (len(l.Path) > 0) {
			t.Errorf("%s: a leaf of the guide has a path, one of archcheck's has none", l.ID)
		}
		if l.Source == Ext {
			ext = append(ext, l.Pattern.ID.Slug())
		}
	}
	if d := cmp.Diff(strings.Fields("api-gateway bff aggregator timeout outbox service-registry sidecar service-mesh blue-green canary rolling feature-flags strangler-fig database-per-service"), ext); d != "" {
		t.Error(d)
	}
}

func TestScenarios(t *testing.T) {
	var got []string
	for _, s := range catalog(t).Scenarios {
		line := s.ID
		for _, p := range s.Demands {
			line += " " + p.ID.Slug()
		}
		for _, p := range s.Also {
			line += " +" + p.ID.Slug()
		}
		got = append(got, line)
	}
	if d := cmp.Diff([]string{
		"SCN-01 rest api-gateway rate-limiting",
		"SCN-02 graphql bff",
		"SCN-03 grpc service-mesh",
		"SCN-04 websockets pub-sub",
		"SCN-05 saga event-driven",
		"SCN-06 event-sourcing cqrs",
		"SCN-07 circuit-breaker retry bulkhead +timeout",
		"SCN-08 rate-limiting bulkhead",
		"SCN-09 blue-green canary",
		"SCN-10 strangler-fig feature-flags",
		"SCN-11 database-per-service outbox",
	}, got); d != "" {
		t.Error(d)
	}
}

func TestRuleIDs(t *testing.T) {
	ids := catalog(t).RuleIDs()
	if !slices.IsSorted(ids) || !slices.Contains(ids, "RES-001") || !slices.Contains(ids, "SYS-009") || !slices.Contains(ids, "DAT-028") {
		t.Errorf("leaves, relations and scenarios must all be in: %v", ids)
	}
}

// One wrong word in an otherwise good catalog is one diagnostic that names it.
func TestFaults(t *testing.T) {
	cb := "resilience/circuit-breaker/pattern.hcl"
	for _, tc := range []struct{ name, file, old, new, want string }{
		{"unknown attribute", cb, "best_for ", "best_four = \"x\"\n best_for ", `An argument named "best_four" is not expected here`},
		{"unknown slug", cb, `to     = ["timeout"]`, `to     = ["timeuot"]`, `There is no pattern "timeuot" (did you mean "timeout"?)`},
		{"rule id form", cb, `"RES-006"`, `"RES-6"`, `"RES-6" must be three digits`},
		{"rule id code", cb, `"RES-006"`, `"RSE-006"`, `"RSE-006" must be three digits`},
		{"scenario", cb, `"SCN-07"`, `"SCN-70"`, `scenarios.hcl has no "SCN-70"`},
		{"scenario one-sided", cb, `scenarios = ["SCN-07"]`, `scenarios = []`, `SCN-07 demands resilience/circuit-breaker`},
		{"question", cb, `"Q4=`, `"Q9=`, `asks "Q9"`},
		{"answer", cb, "Q4=cascading_failures", "Q4=cascading_failure", `did you mean "cascading_failures"?`},
		{"path", cb, `"Q3=yes", `, ``, "two different places"},
		{"relation kind", cb, `relation "alternative"`, `relation "alternatives"`, `did you mean "alternative"?`},
		{"source", cb, `source  = "seed"`, `source  = "sed"`, `"sed" is neither`},
		{"dead end", "flowchart.hcl", `answer "traffic_spikes"`, `answer "x" { text = "X" }
  answer "traffic_spikes"`, "Q4=x leads neither"},
		{"folder", cb, `pattern "circuit-breaker"`, `pattern "breaker"`, `its folder is "resilience/circuit-breaker"`},
		{"listing", "categories.hcl", `"circuit-breaker", `, ``, `Add "circuit-breaker" to its category`},
		{"demand", "scenarios.hcl", `["graphql", "bff"]`, `["graphql", "bbf"]`, `did you mean "bff"?`},
		{"alias", cb, `"cb"`, `"2pc"`, `"2pc" is empty or names another pattern`},
		{"loop", "resilience/retry/pattern.hcl", `to     = ["rate-limiting"]
    source`, `to     = ["timeout"]
    source`, "Plan order is a loop"},
		{"leaf twice", cb, `flowchart "D05"`, `flowchart "D06"`, "D06 is taken"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			if err := fs.WalkDir(embedded, ".", func(p string, d fs.DirEntry, err error) error {
				if err == nil && strings.HasSuffix(p, ".hcl") {
					data, _ := embedded.ReadFile(p)
					if p == tc.file {
						if !strings.Contains(string(data), tc.old) {
							t.Fatalf("%s does not contain %q", p, tc.old)
						}
						data = []byte(strings.Replace(string(data), tc.old, tc.new, 1))
					}
					fsys[p] = &fstest.MapFile{Data: data}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			_, err := LoadFS(fsys)
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(flat(err), tc.want) {
				t.Errorf("want %q in\n%s", tc.want, flat(err))
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := LoadFS(embedded); err != nil {
			b.Fatal(err)
		}
	}
}

func flat(err error) string {
	var out strings.Builder
	if ds, ok := err.(hcl.Diagnostics); ok {
		for _, d := range ds {
			out.WriteString(d.Error() + "\n")
		}
		return out.String()
	}
	return err.Error()
}
